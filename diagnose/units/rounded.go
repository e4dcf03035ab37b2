package units

// Rounded returns the nanoseconds that Duration writes in a Column, so that sums are those that an eye makes.
func Rounded(ns int64) int64 { return signed(ns, columnStep) }

// RoundedAligned returns the nanoseconds that Aligned writes.
func RoundedAligned(ns int64, coarse bool) int64 {
	return signed(ns, func(n uint64) uint64 { return alignedStep(n, coarse) })
}

// signed rounds nanoseconds of either sign to a multiple of a step; halves away from zero.
func signed(ns int64, step func(uint64) uint64) int64 {
	if ns < 0 {
		n := -uint64(ns)
		return -int64(round(n, step(n)))
	}
	return int64(round(uint64(ns), step(uint64(ns))))
}

func round(n, step uint64) uint64 { return (n + step/2) / step * step }

// columnStep returns what the last digit of n stands for in a Column: that of three, or from a minute on the lower of two
// units.
func columnStep(n uint64) uint64 {
	switch {
	case n >= 100*Day:
		return Day
	case n >= Day:
		return Hour
	case n >= Hour:
		return Minute
	case n >= Minute:
		return Second
	}
	step := uint64(1)
	for n/step >= 1000 {
		step *= 10
	}
	return step
}

// alignedStep returns what the last digit of n stands for where Aligned writes it.
func alignedStep(n uint64, coarse bool) uint64 {
	switch {
	case n >= Minute:
		return columnStep(n)
	case n >= Second:
		return 10 * Millisecond
	case n >= leastMilliseconds(coarse):
		return Millisecond / 10
	case n >= Microsecond/10:
		return Microsecond / 10
	}
	return 1
}

// leastMilliseconds is from where on Aligned writes milliseconds.
func leastMilliseconds(coarse bool) uint64 {
	if coarse {
		return Millisecond / 10
	}
	return Millisecond
}
