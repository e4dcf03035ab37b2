package decode

import (
	"bytes"
	"math"
	"unicode/utf8"

	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// The methods of this file read one value of which the type is known but not the spelling: numbers as numbers
// or strings, enumerations as numbers or names. What cannot be read is noted and left out. null stands for the
// zero value.

// StringOf reads a string; the bytes are valid until the next call. Numbers and booleans stand for their text.
func (r *Values) StringOf(field string) []byte {
	switch c := r.Next(); c {
	case '"':
		return r.Say(r.Quoted())
	case '{', '[':
		r.Misfit(field, "a string")
	case 'n':
		r.Word()
	default:
		from := r.Pos
		r.Scalar(c)
		if r.Err == nil {
			return r.Data[from:r.Pos]
		}
	}
	return nil
}

// Say returns what a string token says: the raw bytes themselves where they are that, else unescaped bytes that
// are valid until the next call. Invalid UTF-8 is noted.
func (r *Values) Say(t jsonscan.Text) []byte {
	if t.Plain || r.readable(t) {
		return t.Raw
	}
	r.Scratch = jsonscan.AppendUnescaped(r.Scratch[:0], t.Raw)
	return r.Scratch
}

// readable reports whether the raw bytes of a string are what it says: no escapes, valid UTF-8.
func (r *Values) readable(t jsonscan.Text) bool {
	if t.Plain {
		return true
	}
	if !utf8.Valid(t.Raw) {
		r.Note(NoticeUTF8, "invalid UTF-8, shown as U+FFFD", t.Off)
		return false
	}
	return bytes.IndexByte(t.Raw, '\\') < 0
}

// SymbolOf reads a string and interns it.
func (r *Reader) SymbolOf(field string) trace.Symbol { return r.B.Symbol(r.StringOf(field)) }

// Numeral reads the text of a number, which may stand in quotes; ok is false where it is something else, which
// is skipped. null and "" are "0".
func (r *Values) Numeral() (digits []byte, ok bool) {
	switch c := r.Next(); {
	case c == '"':
		text := r.Trimmed(r.Quoted())
		if len(text) == 0 {
			return []byte("0"), r.Err == nil
		}
		return text, r.Err == nil
	case c == '-' || jsonscan.IsDigit(c) || c == 'N' || c == 'I':
		d := r.Number()
		return d, r.Err == nil
	case c == 'n':
		r.Word()
		return []byte("0"), r.Err == nil
	}
	r.Skip()
	return nil, false
}

// Trimmed returns what a string token says without white space around it; valid until the next call.
func (r *Values) Trimmed(t jsonscan.Text) []byte {
	if t.Plain && len(t.Raw) > 0 && t.Raw[0] > ' ' && t.Raw[len(t.Raw)-1] > ' ' {
		return t.Raw
	}
	return bytes.TrimSpace(r.Say(t))
}

// Int64Of reads an integer: one that has a fraction, or does not fit into 64 bits, is not readable as such.
func (r *Values) Int64Of(field string) int64 {
	off := r.ValueAt()
	if r.Next() == '{' {
		n, _, ok := r.numberObject(field)
		if r.Err == nil && !ok {
			r.Bad(field, WholeNumber, off)
		}
		return n
	}
	return r.plainInt(field)
}

// numberObject reads the objects that stand for a whole number: {"low":…,"high":…}, {"$numberLong":"…"}, or
// {"seconds":…,"nanos":…}, which is nanoseconds then.
func (r *Values) numberObject(field string) (n int64, timestamp, ok bool) {
	var low, high, seconds, nanos int64
	var halves, stamps int
	r.Object()
	for key, more := r.Key(); more; key, more = r.Key() {
		switch string(key) {
		case "low", "low_", "Low":
			low, halves = r.plainInt(field), halves+1
		case "high", "high_", "High":
			high, halves = r.plainInt(field), halves+1
		case "seconds", "Seconds", "epochSecond":
			seconds, stamps = r.plainInt(field), stamps+1
		case "nanos", "Nanos", "nano", "nanoseconds":
			nanos, stamps = r.plainInt(field), stamps+1
		case "$numberLong":
			n, ok = r.plainInt(field), true
		}
	}
	switch {
	case halves == 2:
		return int64(uint64(uint32(high))<<32 | uint64(uint32(low))), false, true
	case stamps > 0:
		return secondsAndNanos(seconds, nanos), true, true
	}
	return n, false, ok
}

func secondsAndNanos(seconds, nanos int64) int64 {
	const most = 1 << 33 // seconds: what nanoseconds in 63 bits can say
	return min(max(seconds, 0), most)*1e9 + min(max(nanos, 0), 1e9)
}

// plainInt reads an integer that is a number, which may stand in quotes.
func (r *Values) plainInt(field string) int64 { return number(r, field, WholeNumber, ParseWhole) }

// number reads a number as parse does; what that cannot read is no number.
func number[T int64 | float64](r *Values, field, expected string, parse func(digits []byte) (T, bool)) T {
	off := r.ValueAt()
	digits, ok := r.Numeral()
	n, readable := parse(digits)
	if r.Err == nil && !(ok && readable) {
		r.Bad(field, expected, off)
		return 0
	}
	return n
}

// WholeNumber is what an integer field must be.
const WholeNumber = "a whole number of 64 bits"

// CountOf reads a count.
func (r *Values) CountOf(field string) uint32 {
	n := number(r, field, "a count", func(digits []byte) (int64, bool) {
		n, ok := ParseInt(digits)
		return n, ok && n >= 0
	})
	return uint32(min(n, math.MaxUint32))
}

// FloatOf reads a floating-point number.
func (r *Values) FloatOf(field string) float64 { return number(r, field, "a number", ParseFloat) }

// BoolOf reads true or false, as a word or in quotes.
func (r *Values) BoolOf(field string) bool {
	off := r.ValueAt()
	switch c := r.Next(); c {
	case 't', 'f', 'n':
		return r.Word() == 't'
	case '"':
		switch string(r.Trimmed(r.Quoted())) {
		case "true", "True", "TRUE", "1":
			return true
		case "false", "False", "FALSE", "0", "":
			return false
		}
	default:
		r.Skip()
	}
	if r.Err == nil {
		r.Bad(field, "true or false", off)
	}
	return false
}

// KindOf reads a span kind as a number or a name.
func (r *Values) KindOf(field string) trace.Kind {
	return enum(r, field, "a span kind", trace.KindConsumer, trace.ParseKind)
}

// StatusOf reads a status code as a number or a name.
func (r *Values) StatusOf(field string) trace.Status {
	return enum(r, field, "a status code", trace.StatusError, trace.ParseStatus)
}

func enum[T trace.Kind | trace.Status](r *Values, field, expected string, last T, parse func(name string) (T, bool)) T {
	n, name, off := r.EnumOf()
	if name == nil && n >= 0 && n <= int64(last) {
		return T(n)
	}
	if v, ok := parse(string(name)); ok && name != nil {
		return v
	}
	if r.Err == nil {
		r.Bad(field, expected, off)
	}
	return 0
}

// EnumOf reads a number, which may stand in quotes, or a name; -1 for anything else.
func (r *Values) EnumOf() (n int64, name []byte, off int) {
	off = r.ValueAt()
	if c := r.Next(); jsonscan.IsDigit(c) && off+1 < len(r.Data) && (r.Data[off+1] == ',' || r.Data[off+1] == '}') {
		r.Pos++
		return int64(c - '0'), nil, off
	}
	digits, ok := r.Numeral()
	if !ok {
		return -1, nil, off
	}
	if n, ok = ParseInt(digits); ok {
		return n, nil, off
	}
	return -1, digits, off
}

// SoleText is stringOf for a value that may stand alone in a list; the bytes are valid until the next call.
func (r *Values) SoleText(field string) (text []byte) {
	if r.Next() != '[' {
		return r.StringOf(field)
	}
	for i, off := range r.EachAt() {
		if i == 0 {
			r.ReadAt(off, func() { text = r.StringOf(field) })
		}
	}
	return text
}
