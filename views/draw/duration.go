package draw

import (
	"math/bits"
	"strconv"
)

const (
	microsecond = 1000
	millisecond = 1000 * microsecond
	second      = 1000 * millisecond
	minute      = 60 * second
	hour        = 60 * minute
	day         = 24 * hour
)

// Duration writes nanoseconds with three significant digits: "5.02 s",
// "12 ms", "350 µs", "90 ns", "2 m 05 s", "1 h 02 m", "3 d 4 h". It takes
// at most 9 cells, and one more for a sign.
func Duration(ns int64) string { return duration(ns, false) }

// DurationFixed is Duration with all three digits always written ("12.0 ms"),
// so that numbers that are compared or change do not lose and gain digits.
func DurationFixed(ns int64) string { return duration(ns, true) }

// DurationSigned is Duration with a sign for what is more, too: "+2.80 s". For
// differences.
func DurationSigned(ns int64) string {
	if ns > 0 {
		return "+" + duration(ns, false)
	}
	return duration(ns, false)
}

// Offset writes how far a time is from another, always with a sign: "+0 ns".
func Offset(ns int64) string {
	if ns < 0 {
		return Duration(ns)
	}
	return "+" + Duration(ns)
}

// Magnitude returns |ns|, of the smallest number the largest.
func Magnitude(ns int64) uint64 {
	if ns < 0 {
		return -uint64(ns)
	}
	return uint64(ns)
}

func duration(ns int64, fixed bool) string {
	var b [24]byte
	buf := b[:0]
	n := uint64(ns)
	if ns < 0 {
		buf = append(buf, '-')
		n = -n
	}
	// Each limit is where rounding would write the next unit's 1.
	switch {
	case n < microsecond:
		buf = strconv.AppendUint(buf, n, 10)
		buf = append(buf, " ns"...)
	case n < millisecond-microsecond/2:
		buf = appendDigits(buf, n, microsecond, fixed)
		buf = append(buf, " µs"...)
	case n < second-millisecond/2:
		buf = appendDigits(buf, n, millisecond, fixed)
		buf = append(buf, " ms"...)
	case n < minute-50*millisecond:
		buf = appendDigits(buf, n, second, true)
		buf = append(buf, " s"...)
	case n < hour-second/2:
		buf = appendPair(buf, (n+second/2)/second, 60, " m ", " s", true)
	case n < day-minute/2:
		buf = appendPair(buf, (n+minute/2)/minute, 60, " h ", " m", true)
	case n < 100*day-hour/2:
		buf = appendPair(buf, (n+hour/2)/hour, 24, " d ", " h", false)
	default:
		buf = strconv.AppendUint(buf, (n+day/2)/day, 10)
		buf = append(buf, " d"...)
	}
	return string(buf)
}

// appendDigits appends n/unit, which is below 1000, rounded to three digits.
func appendDigits(buf []byte, n, unit uint64, fixed bool) []byte {
	decimals, step := 2, unit/100
	if (n+step/2)/unit >= 10 {
		decimals, step = 1, unit/10
	}
	if (n+step/2)/unit >= 100 {
		decimals, step = 0, unit
	}
	n = (n + step/2) / step
	return appendDecimal(buf, n, decimals, fixed)
}

// appendDecimal appends n with its last decimals digits behind a point;
// a fraction of zero only where fixed.
func appendDecimal(buf []byte, n uint64, decimals int, fixed bool) []byte {
	scale := uint64(1)
	for range decimals {
		scale *= 10
	}
	buf = strconv.AppendUint(buf, n/scale, 10)
	if decimals == 0 || n%scale == 0 && !fixed {
		return buf
	}
	buf = append(buf, '.')
	for scale /= 10; scale > 0; scale /= 10 {
		buf = append(buf, byte('0'+n/scale%10))
	}
	return buf
}

// appendPair appends n as two units, per of the lower in the upper.
func appendPair(buf []byte, n, per uint64, upper, lower string, pad bool) []byte {
	buf = strconv.AppendUint(buf, n/per, 10)
	buf = append(buf, upper...)
	if pad && n%per < 10 {
		buf = append(buf, '0')
	}
	buf = strconv.AppendUint(buf, n%per, 10)
	return append(buf, lower...)
}

// Count writes an integer with thousands separators: "1,204".
func Count(n int) string {
	if n < 0 {
		return "-" + group(-uint64(n))
	}
	return group(uint64(n))
}

func group(n uint64) string {
	digits := strconv.FormatUint(n, 10)
	if len(digits) <= 3 {
		return digits
	}
	buf := make([]byte, 0, len(digits)+len(digits)/3)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			buf = append(buf, ',')
		}
		buf = append(buf, digits[i])
	}
	return string(buf)
}

// Bytes writes a size with three significant digits in powers of 1000:
// "512 B", "1.20 kB", "88.4 MB".
func Bytes(n int64) string {
	var b [16]byte
	buf := b[:0]
	u := uint64(n)
	if n < 0 {
		buf = append(buf, '-')
		u = -u
	}
	unit, name := uint64(1000), 0
	for name < len(byteUnits)-1 && u >= unit*1000-unit/2 {
		unit *= 1000
		name++
	}
	if u < 1000 {
		buf = strconv.AppendUint(buf, u, 10)
		return string(append(buf, " B"...))
	}
	buf = appendDigits(buf, u, unit, true)
	return string(append(buf, byteUnits[name]...))
}

var byteUnits = [...]string{" kB", " MB", " GB", " TB", " PB", " EB"}

// Percent writes part of whole in percent, "96 %". What is little but not
// nothing is "<1 %", what is almost all is ">99 %": 0 and 100 are exact. A
// whole of 0 or less gives "–".
func Percent(part, whole int64) string {
	if whole <= 0 {
		return "–"
	}
	if part < 0 {
		return "-" + percent(-uint64(part), uint64(whole))
	}
	return percent(uint64(part), uint64(whole))
}

func percent(part, whole uint64) string {
	hi, lo := bits.Mul64(part, 100)
	lo, carry := bits.Add64(lo, whole/2, 0)
	n, _ := bits.Div64((hi+carry)%whole, lo, whole)
	if hi+carry >= whole {
		return ">999 %" // beyond 2^64 percent
	}
	switch {
	case n == 0 && part > 0:
		return "<1 %"
	case n == 100 && part < whole:
		return ">99 %"
	}
	return group(n) + " %"
}
