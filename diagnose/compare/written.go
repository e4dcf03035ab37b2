package compare

import "tracefall/diagnose/units"

// Written writes a duration, in ns, as the columns of the screens do, so that one number reads alike in the sentences
// about two traces and in the rows beneath.
func Written(ns int64) string { return units.Duration(ns, units.Column) }

// signedly is Written with a sign for what is more, too: "+2.80 s". For differences.
func signedly(ns int64) string {
	if ns > 0 {
		return "+" + Written(ns)
	}
	return Written(ns)
}

// shown rounds a duration, in ns, to what is left of it once it is written.
func shown(ns int64) int64 {
	if ns < 0 {
		return -shown(-max(ns, -int64(^uint64(0)>>1)))
	}
	step := int64(1)
	switch {
	case ns < units.Minute-50*units.Millisecond:
		for n := ns; n >= 1000; n /= 10 {
			step *= 10
		}
	case ns < units.Hour-units.Second/2:
		step = units.Second
	case ns < units.Day-units.Minute/2:
		step = units.Minute
	case ns < 100*units.Day-units.Hour/2:
		step = units.Hour
	default:
		step = units.Day
	}
	down := ns - ns%step
	if up := down + step; ns-down >= step-(ns-down) && up > 0 {
		return up
	}
	return down
}

// AddUp reports whether parts sum to the whole as they are written, with three digits each.
func AddUp(whole int64, parts ...int64) bool {
	var sum int64
	for _, part := range parts {
		sum += shown(part)
	}
	return shown(sum) == shown(whole)
}

// Abs returns the size of a difference.
func Abs(n int64) int64 { return max(n, -n) }
