package units

import "strconv"

// Aligned writes nanoseconds for a column of durations that is aligned at its right end. Seconds have two decimals, shorter units
// one, so that the points are below each other: "5.02 s", "9.0 ms". Where the column is one of seconds, coarse, what
// is shorter is written in milliseconds as far as a decimal of them reaches: "0.7 ms".
func Aligned(ns int64, coarse bool) string {
	var b [24]byte
	buf := b[:0]
	n := uint64(RoundedAligned(ns, coarse))
	if ns < 0 {
		buf, n = append(buf, '-'), -n
	}
	switch {
	case n == 0:
		return "0 s"
	case n >= Minute:
		return Duration(ns, Column)
	case n >= Second:
		return string(append(AppendDecimal(buf, n/(10*Millisecond), 2, true), " s"...))
	case n >= leastMilliseconds(coarse):
		return string(append(AppendDecimal(buf, n/(Millisecond/10), 1, true), " ms"...))
	case n >= Microsecond/10:
		return string(append(AppendDecimal(buf, n/(Microsecond/10), 1, true), " µs"...))
	}
	return string(append(strconv.AppendUint(buf, n, 10), " ns"...))
}
