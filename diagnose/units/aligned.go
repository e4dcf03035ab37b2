package units

import "strconv"

// Aligned writes nanoseconds for a column of durations that is aligned at its right end. Seconds have two decimals, shorter units
// one, so that the points are below each other: "5.02 s", "9.0 ms". Where the column is one of seconds, coarse, what
// is shorter is written in milliseconds as far as a decimal of them reaches: "0.7 ms".
func Aligned(ns int64, coarse bool) string {
	const tenth, half = 10, 20 // parts of a unit: the last decimal, and half of it
	var b [24]byte
	buf := b[:0]
	n := uint64(ns)
	if ns < 0 {
		buf, n = append(buf, '-'), -n
	}
	least := uint64(Millisecond) // from where on milliseconds are written
	if coarse {
		least = Millisecond / tenth
	}
	least -= Microsecond / half // and what would be written as so many microseconds
	switch {
	case n == 0:
		return "0 s"
	case n >= Minute-5*Millisecond:
		return Duration(ns, Column)
	case n >= Second-Millisecond/half:
		return string(append(AppendDecimal(buf, (n+5*Millisecond)/(10*Millisecond), 2, true), " s"...))
	case n >= least:
		return string(append(AppendDecimal(buf, (n+Millisecond/half)/(Millisecond/tenth), 1, true), " ms"...))
	case n >= Microsecond/tenth:
		return string(append(AppendDecimal(buf, (n+Microsecond/half)/(Microsecond/tenth), 1, true), " µs"...))
	}
	return string(append(strconv.AppendUint(buf, n, 10), " ns"...))
}
