package sources

import (
	"bytes"
	"math"
	"strconv"
	"unicode/utf8"

	"tracefall/sources/trace"
)

// The methods of this file read one value of which the type is known but not the spelling: numbers as numbers
// or strings, enumerations as numbers or names. What cannot be read is noted and left out. null stands for the
// zero value.

// stringOf reads a string; the bytes are valid until the next call. Numbers and booleans stand for their text.
func (r *valueReader) stringOf(field string) []byte {
	switch c := r.next(); c {
	case '"':
		return r.say(r.quoted())
	case '{', '[':
		r.misfit(field, "a string")
	case 'n':
		r.word()
	default:
		from := r.pos
		r.scalar(c)
		if r.err == nil {
			return r.data[from:r.pos]
		}
	}
	return nil
}

// say returns what a string token says: the raw bytes themselves where they are that, else unescaped bytes that
// are valid until the next call. Invalid UTF-8 is noted.
func (r *valueReader) say(t text) []byte {
	if t.plain || r.readable(t) {
		return t.raw
	}
	r.scratch = appendUnescaped(r.scratch[:0], t.raw)
	return r.scratch
}

// readable tells whether the raw bytes of a string are what it says: no escapes, valid UTF-8.
func (r *valueReader) readable(t text) bool {
	if t.plain {
		return true
	}
	if !utf8.Valid(t.raw) {
		r.note(NoticeUTF8, "text that is not UTF-8, its bytes are shown as U+FFFD", t.off)
		return false
	}
	return bytes.IndexByte(t.raw, '\\') < 0
}

// symbolOf reads a string and interns it.
func (r *reader) symbolOf(field string) trace.Symbol { return r.b.Symbol(r.stringOf(field)) }

// numeral reads the text of a number, which may stand in quotes; ok is false where it is something else, which
// is skipped. null and "" are "0".
func (r *valueReader) numeral() (digits []byte, ok bool) {
	switch c := r.next(); {
	case c == '"':
		text := r.trimmed(r.quoted())
		if len(text) == 0 {
			return []byte("0"), r.err == nil
		}
		return text, r.err == nil
	case c == '-' || isDigit(c) || c == 'N' || c == 'I':
		d := r.number()
		return d, r.err == nil
	case c == 'n':
		r.word()
		return []byte("0"), r.err == nil
	}
	r.skip()
	return nil, false
}

// trimmed returns what a string token says without white space around it; valid until the next call.
func (r *valueReader) trimmed(t text) []byte {
	if t.plain && len(t.raw) > 0 && t.raw[0] > ' ' && t.raw[len(t.raw)-1] > ' ' {
		return t.raw
	}
	return bytes.TrimSpace(r.say(t))
}

// int64Of reads an integer: one that has a fraction, or does not fit into 64 bits, is not readable as such.
func (r *valueReader) int64Of(field string) int64 {
	off := r.valueAt()
	if r.next() == '{' {
		n, _, ok := r.numberObject(field)
		if r.err == nil && !ok {
			r.bad(field, wholeNumber, off)
		}
		return n
	}
	return r.plainInt(field)
}

// plainInt reads an integer that is a number, which may stand in quotes.
func (r *valueReader) plainInt(field string) int64 {
	off := r.valueAt()
	digits, ok := r.numeral()
	n, readable := parseWhole(digits)
	if r.err == nil && !(ok && readable) {
		r.bad(field, wholeNumber, off)
		return 0
	}
	return n
}

const wholeNumber = "a whole number of 64 bits"

// countOf reads a count.
func (r *valueReader) countOf(field string) uint32 {
	off := r.valueAt()
	digits, ok := r.numeral()
	n, readable := parseInt(digits)
	if r.err == nil && !(ok && readable && n >= 0) {
		r.bad(field, "a count", off)
		return 0
	}
	return uint32(min(n, math.MaxUint32))
}

// floatOf reads a floating-point number.
func (r *valueReader) floatOf(field string) float64 {
	off := r.valueAt()
	digits, ok := r.numeral()
	f, readable := parseFloat(digits)
	if r.err == nil && !(ok && readable) {
		r.bad(field, "a number", off)
		return 0
	}
	return f
}

// boolOf reads true or false, as a word or in quotes.
func (r *valueReader) boolOf(field string) bool {
	off := r.valueAt()
	switch c := r.next(); c {
	case 't', 'f', 'n':
		return r.word() == 't'
	case '"':
		switch string(r.trimmed(r.quoted())) {
		case "true", "True", "TRUE", "1":
			return true
		case "false", "False", "FALSE", "0", "":
			return false
		}
	default:
		r.skip()
	}
	if r.err == nil {
		r.bad(field, "true or false", off)
	}
	return false
}

// kindOf reads a span kind as a number or a name.
func (r *valueReader) kindOf(field string) trace.Kind {
	n, name, off := r.enumOf()
	if name != nil {
		if k, ok := trace.ParseKind(string(name)); ok {
			return k
		}
	} else if n >= 0 && n <= int64(trace.KindConsumer) {
		return trace.Kind(n)
	}
	if r.err == nil {
		r.bad(field, "a span kind", off)
	}
	return trace.KindUnspecified
}

// statusOf reads a status code as a number or a name.
func (r *valueReader) statusOf(field string) trace.Status {
	n, name, off := r.enumOf()
	if name != nil {
		if s, ok := trace.ParseStatus(string(name)); ok {
			return s
		}
	} else if n >= 0 && n <= int64(trace.StatusError) {
		return trace.Status(n)
	}
	if r.err == nil {
		r.bad(field, "a status code", off)
	}
	return trace.StatusUnset
}

// enumOf reads a number, which may stand in quotes, or a name; -1 for anything else.
func (r *valueReader) enumOf() (n int64, name []byte, off int) {
	off = r.valueAt()
	if c := r.next(); isDigit(c) && off+1 < len(r.data) && (r.data[off+1] == ',' || r.data[off+1] == '}') {
		r.pos++
		return int64(c - '0'), nil, off
	}
	digits, ok := r.numeral()
	if !ok {
		return -1, nil, off
	}
	if n, ok = parseInt(digits); ok {
		return n, nil, off
	}
	return -1, digits, off
}

func parseFloat(digits []byte) (float64, bool) {
	switch string(digits) {
	case "NaN", "-NaN":
		return math.NaN(), true
	case "Infinity", "+Infinity":
		return math.Inf(1), true
	case "-Infinity":
		return math.Inf(-1), true
	}
	if len(digits) == 0 || !isDigit(digits[len(digits)-1]) {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(digits), 64)
	return f, err == nil || math.IsInf(f, 0)
}

// soleText is stringOf for a value that may stand alone in a list; the bytes are valid until the next call.
func (r *valueReader) soleText(field string) (text []byte) {
	if r.next() != '[' {
		return r.stringOf(field)
	}
	for i, off := range r.eachAt() {
		if i == 0 {
			r.readAt(off, func() { text = r.stringOf(field) })
		}
	}
	return text
}
