package sources

import (
	"bytes"
	"encoding/base64"
	"strconv"

	"tracefall/sources/trace"
)

// plainAttributes appends attributes that are written as a JSON object of plain values: {"http.method":"GET"}.
func (r *reader) plainAttributes(dst []trace.Attr) []trace.Attr {
	if !r.enterObject("attributes") {
		return dst
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		dst = append(dst, r.plainValue(r.b.Symbol(key)))
	}
	return dst
}

// plainValue reads any JSON value as an attribute: numbers without fraction are integers, arrays and objects
// stay JSON.
func (r *reader) plainValue(name trace.Symbol) trace.Attr {
	switch c := r.next(); {
	case c == '"':
		return r.stringAttr(name, "attribute")
	case c == 't' || c == 'f':
		return trace.Bool(name, r.word() == 't')
	case c == '-' || isDigit(c) || c == 'N' || c == 'I':
		return r.numberAttr(name, r.number())
	default:
		r.json = r.appendCompact(r.json[:0])
		return r.b.JSON(name, r.json)
	}
}

// numberAttr makes an integer of digits that are one, else a floating-point number. An integer that does not fit into
// 64 bits is kept as text, digit by digit.
func (r *reader) numberAttr(name trace.Symbol, digits []byte) trace.Attr {
	if !bytes.ContainsAny(digits, ".eENI") {
		n, err := strconv.ParseInt(string(digits), 10, 64)
		if err == nil {
			return trace.Int(name, n)
		}
		r.note(NoticeFields, hugeInteger, r.pos-len(digits))
		return r.b.String(name, digits)
	}
	f, _ := parseFloat(digits)
	return trace.Float(name, f)
}

// appendCompact appends the next value of any depth as canonical JSON.
func (r *reader) appendCompact(dst []byte) []byte {
	r.fresh = false
	if c := r.next(); c != '{' && c != '[' {
		return r.appendScalar(dst, c)
	}
	depth, object := 0, false
	for {
		switch c := r.next(); c {
		case '{', '[':
			r.pos++
			r.fresh = true
			r.push(depth, object)
			depth++
			object = c == '{'
			dst = append(dst, c)
		default:
			dst = r.appendScalar(dst, c)
		}
		for {
			if fresh := r.fresh; r.stepCompact(&dst, object, fresh) {
				break
			}
			if r.err != nil {
				return dst
			}
			dst = append(dst, r.data[r.pos-1])
			if depth--; depth == 0 {
				return dst
			}
			object = r.nesting[depth>>6]>>(depth&63)&1 != 0
		}
	}
}

// stepCompact goes to the next value of the container that is open, writing comma and key.
func (r *reader) stepCompact(dst *[]byte, object, fresh bool) bool {
	if !object {
		if !r.element() {
			return false
		}
		if !fresh {
			*dst = append(*dst, ',')
		}
		return true
	}
	key, ok := r.key()
	if !ok {
		return false
	}
	if !fresh {
		*dst = append(*dst, ',')
	}
	*dst = append(appendQuoted(*dst, key), ':')
	return true
}

func (r *reader) appendScalar(dst []byte, c byte) []byte {
	if c == '"' {
		return appendQuoted(dst, r.stringOf("value"))
	}
	from := r.pos
	r.scalar(c)
	if c == 'N' || c == 'I' || c == '-' && !isDigit(r.data[r.pos-1]) {
		return appendQuoted(dst, r.data[from:r.pos])
	}
	return append(dst, r.data[from:r.pos]...)
}

func appendInt(dst []byte, n int64) []byte { return strconv.AppendInt(dst, n, 10) }

func appendBool(dst []byte, v bool) []byte { return strconv.AppendBool(dst, v) }

// stringAttr reads a string attribute. Long ones stay where they are.
func (r *reader) stringAttr(name trace.Symbol, field string) trace.Attr {
	if r.next() != '"' {
		return r.b.String(name, r.stringOf(field))
	}
	t := r.quoted()
	if r.readable(t) {
		if r.inner {
			return r.b.String(name, t.raw)
		}
		return r.b.StringAt(name, r.blob, t.off, len(t.raw))
	}
	r.scratch = appendUnescaped(r.scratch[:0], t.raw)
	return r.b.String(name, r.scratch)
}

// intAttr reads an integer attribute. One that does not fit into 64 bits, or is no whole number, is kept as written.
func (r *reader) intAttr(name trace.Symbol, field string) trace.Attr {
	off := r.valueAt()
	if r.next() == '{' {
		return trace.Int(name, r.int64Of(field))
	}
	digits, ok := r.numeral()
	if n, whole := parseWhole(digits); ok && whole {
		return trace.Int(name, n)
	}
	if r.err != nil {
		return trace.Attr{}
	}
	huge := ok && isWhole(digits)
	if !huge {
		r.note(NoticeFields, field+" is not a whole number, kept as written", off)
	}
	if r.pos = off; huge && r.next() == '"' { // of a number without quotes, plainValue says it
		r.note(NoticeFields, hugeInteger, off)
	}
	return r.plainValue(name)
}

// bytesOf reads bytes: base64, or the list of numbers that a library makes of them.
func (r *reader) bytesOf(field string) []byte {
	if r.next() != '[' {
		return r.base64Of(field)
	}
	r.array()
	for r.json = r.json[:0]; r.element(); {
		n := r.plainInt(field)
		if n < -128 || n > 255 {
			r.bad(field, "bytes", r.pos)
		}
		r.json = append(r.json, byte(n))
	}
	return r.json
}

// base64Of reads bytes in any of the base64 alphabets, with or without padding.
func (r *reader) base64Of(field string) []byte {
	off := r.valueAt()
	text := bytes.TrimRight(r.stringOf(field), "=")
	encoding := base64.RawStdEncoding
	if bytes.ContainsAny(text, "-_") {
		encoding = base64.RawURLEncoding
	}
	raw, err := encoding.AppendDecode(r.json[:0], text)
	r.json = raw
	if err != nil && r.err == nil {
		r.bad(field, "base64", off)
		return nil
	}
	return raw
}

// hugeInteger is said of an integer that no attribute can hold as a number.
const hugeInteger = "integer beyond 64 bits, kept as written"

// isWhole tells whether a number is written as an integer.
func isWhole(text []byte) bool {
	if len(text) > 0 && text[0] == '-' {
		text = text[1:]
	}
	return len(text) > 0 && digits(text, 0) == len(text)
}

// looseResource reads a member of a resource that is not its attributes, with own where those were met: an SDK's private
// field that holds attributes, or an attribute that stands in the resource itself.
func (r *reader) looseResource(attrs []trace.Attr, key []byte, own bool) []trace.Attr {
	switch c := r.next(); string(key) {
	case "_attributes", "_syncAttributes", "_memoizedAttributes":
		if own || c != '{' {
			break
		}
		if found := r.plainAttributes(attrs[len(attrs):]); len(found) > 0 {
			attrs = append(attrs[:0], found...)
		}
		return attrs
	case "_rawAttributes":
		if own || c != '[' {
			break
		}
		return r.pairAttributes(attrs[:0])
	case "asyncAttributesPending", "schema_url", "schemaUrl":
	default:
		if len(key) > 0 && key[0] == '_' || c == '{' || c == '[' {
			break
		}
		return append(attrs, r.plainValue(r.b.Symbol(key)))
	}
	r.skip()
	return attrs
}

// pairAttributes appends attributes that are a list of pairs: [["service.name","shop"],…].
func (r *reader) pairAttributes(dst []trace.Attr) []trace.Attr {
	if !r.enterArray("attributes") {
		return dst
	}
	for r.element() {
		if !r.enterArray("attributes") {
			continue
		}
		var name trace.Symbol
		for i := 0; r.element(); i++ {
			switch i {
			case 0:
				name = r.symbolOf("attributes")
			case 1:
				dst = append(dst, r.plainValue(name))
			default:
				r.skip()
			}
		}
	}
	return dst
}
