package sources

import (
	"bytes"
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
