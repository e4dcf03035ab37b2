package decode

import (
	"bytes"
	"math"
	"strings"
	"time"
)

// Exporters write one moment in many ways. The functions of this file read all that say for certain which moment
// they mean, to the nanosecond: a time that goes through a floating-point number is off by up to 128 ns.
//
//	1767225600010000000, "1767225600010000000", "1767225600010000000.0", 1.76722560001e18
//	{"low":-302383104,"high":411464273}          64 bits in two halves, as JavaScript's Long has them
//	{"seconds":1767225600,"nanos":10000000}      protobuf's Timestamp
//	[1767225600,10000000]                        JavaScript's pair of seconds and nanoseconds
//	"2026-01-01T00:00:00.01Z"                    RFC 3339

// NanosOf reads a time in nanoseconds since the epoch.
func (r *Values) NanosOf(field string) int64 {
	off := r.ValueAt()
	switch r.Next() {
	case '{':
		return r.timeObject(field)
	case '[':
		return r.hrTime(field)
	}
	digits, ok := r.Numeral()
	n, readable := r.momentIn(field, digits, off)
	if r.Err == nil && !(ok && readable) {
		r.Bad(field, "nanoseconds since 1970", off)
		return 0
	}
	return n
}

// The years in which a time that is not in nanoseconds is plausible, in seconds: 2010 to 2040.
const (
	plausibleFrom = 1262304000
	plausibleTo   = 2208988800
)

// OtherUnit reports whether a whole number of nanoseconds could be a time of our years in another unit.
func OtherUnit(n int64) bool { return uint64(n-plausibleFrom*1e3) < plausibleTo*1e6-plausibleFrom*1e3 }

// momentIn reads a time from its text. A number is nanoseconds, unless it is a time of our years in another unit and, as
// nanoseconds, one of the first weeks of 1970. A whole number of seconds could be a few seconds of 1970, so
// only one with a fraction is read as seconds.
func (r *Values) momentIn(field string, text []byte, off int) (int64, bool) {
	n, ok := ParseInt(bytes.TrimSuffix(text, []byte("n"))) // as JavaScript prints a BigInt
	if !ok {
		return r.dateIn(text, off)
	}
	var unit string
	var shift int
	switch {
	case n < plausibleFrom || n >= plausibleTo*1e6:
		return n, n >= 0
	case n >= plausibleFrom*1e6:
		unit, shift = "microseconds", 3
	case n >= plausibleFrom*1e3 && n < plausibleTo*1e3:
		unit, shift = "milliseconds", 6
	case n < plausibleTo:
		if _, cut, _ := parseDecimal(text, 0); !cut {
			return n, true
		}
		unit, shift = "seconds", 9
	default:
		return n, true
	}
	n, _, _ = parseDecimal(text, shift)
	r.Once(NoticeSpelling, field+" is in "+unit+" instead of nanoseconds, read as "+unit, off)
	return n, true
}

// dateIn reads a date and time. Without a zone it is taken for UTC, which is said.
func (r *Values) dateIn(text []byte, off int) (int64, bool) {
	n, zone, ok := parseDate(string(text))
	if ok && !zone {
		r.Once(NoticeSpelling, "timestamps without time zone, read as UTC", off)
	}
	return n, ok
}

// dateLayouts are the ways in which dates with a time are written: RFC 3339, with a space as databases write it, and
// Go's own.
var dateLayouts = [...]struct {
	layout string
	zone   bool
}{
	{"2006-01-02T15:04:05.999999999Z07:00", true},
	{"2006-01-02T15:04:05.999999999Z0700", true},
	{"2006-01-02 15:04:05.999999999Z07:00", true},
	{"2006-01-02 15:04:05.999999999 -0700 MST", true},
	{"2006-01-02 15:04:05.999999999 MST", true},
	{"2006-01-02T15:04:05.999999999", false},
	{"2006-01-02 15:04:05.999999999", false},
}

// parseDate reads a date and time as nanoseconds since the epoch, and reports whether it names its zone. What
// nanoseconds cannot say, such as Go's zero time of the year 1, is 0: not known.
func parseDate(text string) (nanos int64, zone, ok bool) {
	text = strings.ToUpper(text) // RFC 3339 allows t and z
	if len(text) < len("2006-01-02T15:04:05") || len(text) > 64 || text[4] != '-' {
		return 0, false, false
	}
	for _, l := range dateLayouts {
		t, err := time.Parse(l.layout, text)
		if err != nil {
			continue
		}
		if t.Year() < 1678 || t.Year() > 2261 {
			return 0, true, true
		}
		return t.UnixNano(), l.zone, true
	}
	return 0, false, false
}

// ClockOf reads a moment as SDKs print it: mostly a date and time, or a number of nanoseconds since the epoch. Null and
// Go's zero time are 0.
func (r *Values) ClockOf(field string) int64 {
	off := r.ValueAt()
	if r.Next() != '"' {
		return r.NanosOf(field)
	}
	n, ok := r.momentIn(field, r.Trimmed(r.Quoted()), off)
	if r.Err == nil && !ok {
		r.Bad(field, "a date and time", off)
		return 0
	}
	return n
}

// hrTime reads [seconds, nanoseconds].
func (r *Values) hrTime(field string) int64 {
	var parts [2]int64
	r.Array()
	for i := 0; r.Element(); i++ {
		if i < len(parts) {
			parts[i] = r.Int64Of(field)
		}
	}
	return secondsAndNanos(parts[0], parts[1])
}

// timeObject reads a time that is an object: a 64-bit number in two halves, or seconds and nanoseconds.
func (r *Values) timeObject(field string) int64 {
	off := r.ValueAt()
	n, seconds, ok := r.numberObject(field)
	if r.Err == nil && (!ok || n < 0 && !seconds) {
		r.Bad(field, "nanoseconds since 1970", off)
		return 0
	}
	return n
}

// FineMicros reads a time or duration in microseconds that may have a fraction, as nanoseconds. It may also be what
// other times may be: a date, or JavaScript's pair.
func (r *Values) FineMicros(field string) int64 {
	off := r.ValueAt()
	switch r.Next() {
	case '[':
		return r.hrTime(field)
	case '{':
		n, timestamp, ok := r.numberObject(field)
		if r.Err == nil && !ok {
			r.Bad(field, "microseconds", off)
		}
		if timestamp {
			return n
		}
		return Micros(n)
	}
	digits, ok := r.Numeral()
	n, readable := parseFineMicros(digits)
	if !readable {
		n, readable = r.dateIn(digits, off)
	}
	if r.Err == nil && !(ok && readable) {
		r.Bad(field, "microseconds", off)
		return 0
	}
	return n
}

// parseFineMicros reads microseconds as nanoseconds, cutting what is finer: what overflows saturates.
func parseFineMicros(digits []byte) (int64, bool) {
	if n, ok := ParseInt(digits); ok && len(digits) <= 16 && !bytes.ContainsAny(digits, ".eE") {
		return Micros(n), true // what nearly every time is
	}
	n, _, ok := parseDecimal(digits, 3)
	return n, ok
}

// Micros turns microseconds into nanoseconds; what lies beyond 64 bits saturates.
func Micros(n int64) int64 {
	switch {
	case n > math.MaxInt64/1000:
		return math.MaxInt64
	case n < math.MinInt64/1000:
		return math.MinInt64 + 1 // the lowest of all means "not known"
	}
	return n * 1000
}
