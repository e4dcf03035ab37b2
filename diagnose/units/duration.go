// Package units writes durations and shares. Sentences, columns and exports write one thing in one way: what differs is the
// precision, which the caller states.
package units

import (
	"bytes"
	"strconv"
)

// Precision is how many digits a duration is written with.
type Precision uint8

// The precisions: three significant digits, of which zeros behind the point are written or not.
const (
	Sentence Precision = iota // none: "4.1 s", "12 ms"; from two minutes on two units
	Column                    // in seconds, as numbers below each other: "4.10 s", "12 ms"; from one minute on two units
	Fixed                     // always, so that numbers that change keep their digits: "4.10 s", "12.0 ms"
)

// Units of time, in nanoseconds.
const (
	Microsecond = 1000
	Millisecond = 1000 * Microsecond
	Second      = 1000 * Millisecond
	Minute      = 60 * Second
	Hour        = 60 * Minute
	Day         = 24 * Hour
)

// Lasted writes a duration in nanoseconds as every sentence about a trace says it.
func Lasted(ns int64) string { return Duration(ns, Sentence) }

// Duration writes nanoseconds: "0 s", "90 ns", "350 µs", "12 ms", "5.02 s", "2 m 05 s", "1 h 02 m", "3 d 4 h". As a column it
// takes at most 9 cells, and one more for a sign.
func Duration(ns int64, how Precision) string {
	var b [24]byte
	buf := b[:0]
	n := uint64(ns)
	if ns < 0 {
		buf = append(buf, '-')
		n = -n
	}
	seconds, most := uint64(Minute), uint64(100*Day)
	if how == Sentence {
		seconds, most = 2*Minute-Second/2, 1<<64-1
	}
	switch {
	case how != Sentence:
		n = round(n, columnStep(n))
	case n >= seconds:
		n = round(n, Second)
	}
	// Each limit is where rounding would write a sentence's next unit's 1. No time at all has no unit of its own.
	switch {
	case n == 0:
		return "0 s"
	case n < Microsecond:
		buf = append(strconv.AppendUint(buf, n, 10), " ns"...)
	case n < Millisecond-Microsecond/2:
		buf = append(AppendDigits(buf, n, Microsecond, how), " µs"...)
	case n < Second-Millisecond/2:
		buf = append(AppendDigits(buf, n, Millisecond, how), " ms"...)
	case n < seconds:
		if how == Column {
			how = Fixed
		}
		buf = append(AppendDigits(buf, n, Second, how), " s"...)
	case n < Hour-Second/2:
		buf = appendPair(buf, (n+Second/2)/Second, 60, " m ", " s", true)
	case n < Day-Minute/2:
		buf = appendPair(buf, (n+Minute/2)/Minute, 60, " h ", " m", true)
	case n < most:
		buf = appendPair(buf, (n+Hour/2)/Hour, 24, " d ", " h", false)
	default:
		buf = append(strconv.AppendUint(buf, (n+Day/2)/Day, 10), " d"...)
	}
	return string(buf)
}

// AppendDigits appends n/unit, which is at most 999.5, rounded to three digits. In sentences the quotient is rounded as a
// float64 is, halves mostly to even; in columns halves are rounded up.
func AppendDigits(buf []byte, n, unit uint64, how Precision) []byte {
	if how == Sentence {
		decimals := 2
		if n >= 100*unit {
			decimals = 0
		} else if n >= 10*unit {
			decimals = 1
		}
		buf = strconv.AppendFloat(buf, float64(n)/float64(unit), 'f', decimals, 64)
		if decimals > 0 {
			buf = bytes.TrimRight(bytes.TrimRight(buf, "0"), ".")
		}
		return buf
	}
	decimals, step := 2, unit/100
	if (n+step/2)/unit >= 10 {
		decimals, step = 1, unit/10
	}
	if (n+step/2)/unit >= 100 {
		decimals, step = 0, unit
	}
	n = (n + step/2) / step
	return AppendDecimal(buf, n, decimals, how == Fixed)
}

// AppendDecimal appends n with its last decimals digits behind a point; a fraction of zero only where fixed.
func AppendDecimal(buf []byte, n uint64, decimals int, fixed bool) []byte {
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
	buf = append(strconv.AppendUint(buf, n/per, 10), upper...)
	if pad && n%per < 10 {
		buf = append(buf, '0')
	}
	return append(strconv.AppendUint(buf, n%per, 10), lower...)
}
