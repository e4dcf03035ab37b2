package draw

import (
	"strconv"

	"tracefall/diagnose/units"
)

// Duration writes nanoseconds with three significant digits: "5.02 s",
// "12 ms", "350 µs", "90 ns", "2 m 05 s", "1 h 02 m", "3 d 4 h". It takes
// at most 9 cells, and one more for a sign.
func Duration(ns int64) string { return units.Duration(ns, units.Column) }

// DurationFixed is Duration with all three digits always written ("12.0 ms"),
// so that numbers that are compared or change do not lose and gain digits.
func DurationFixed(ns int64) string { return units.Duration(ns, units.Fixed) }

// DurationSigned is Duration with a sign for what is more, too: "+2.80 s". For
// differences.
func DurationSigned(ns int64) string {
	if ns > 0 {
		return "+" + Duration(ns)
	}
	return Duration(ns)
}

// Durations are those of a table, which its columns write at their right ends with the decimal points one above the other
// and in one precision: "5.02 s", "0.7 ms".
type Durations struct {
	Longest int64 // ns, without a sign: beside seconds nobody reads microseconds
}

// Text writes a duration in nanoseconds.
func (d Durations) Text(ns int64) string { return units.Aligned(ns, d.Longest >= units.Second) }

// Rounded returns the nanoseconds that Text writes.
func (d Durations) Rounded(ns int64) int64 {
	return units.RoundedAligned(ns, d.Longest >= units.Second)
}

// Change writes a difference of two, with a sign for what is more, too.
func (d Durations) Change(ns int64) string {
	if ns > 0 {
		return "+" + d.Text(ns)
	}
	return d.Text(ns)
}

// Offset writes how far a time is from another, always with a sign: "+12 ms", and "+0 s" for the same time.
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

// Count writes an integer with thousands separators: "1,204".
func Count(n int) string {
	if n < 0 {
		return "-" + units.Grouped(-uint64(n))
	}
	return units.Grouped(uint64(n))
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
	buf = units.AppendDigits(buf, u, unit, units.Fixed)
	return string(append(buf, byteUnits[name]...))
}

var byteUnits = [...]string{" kB", " MB", " GB", " TB", " PB", " EB"}

// Percent writes part of whole in percent, as sentences do.
func Percent(part, whole int64) string { return units.Percent(part, whole) }

// PercentOf writes a share, from 0 to 1, in percent.
func PercentOf(share float64) string { return units.PercentOf(share) }
