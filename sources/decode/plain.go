package decode

import (
	"bytes"
	"strconv"

	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// PlainAttributes appends attributes that are written as a JSON object of plain values: {"http.method":"GET"}.
func (r *Reader) PlainAttributes(dst []trace.Attr) []trace.Attr {
	for key, ok := r.KeyIn("attributes"); ok; key, ok = r.Key() {
		dst = append(dst, r.PlainValue(r.B.Symbol(key)))
	}
	return dst
}

// PlainValue reads any JSON value as an attribute: numbers without fraction are integers, arrays and objects
// stay JSON.
func (r *Reader) PlainValue(name trace.Symbol) trace.Attr {
	switch c := r.Next(); {
	case c == '"':
		return r.StringAttr(name, "attribute")
	case c == 't' || c == 'f':
		return trace.Bool(name, r.Word() == 't')
	case c == '-' || jsonscan.IsDigit(c) || c == 'N' || c == 'I':
		return r.numberAttr(name, r.Number())
	default:
		r.JSON = r.AppendCompact(r.JSON[:0])
		return r.B.JSON(name, r.JSON)
	}
}

// numberAttr makes an integer of digits that are one, else a floating-point number. An integer that does not fit into
// 64 bits is kept as text, digit by digit.
func (r *Reader) numberAttr(name trace.Symbol, digits []byte) trace.Attr {
	if !bytes.ContainsAny(digits, ".eENI") {
		n, err := strconv.ParseInt(string(digits), 10, 64)
		if err == nil {
			return trace.Int(name, n)
		}
		r.Note(NoticeFields, hugeInteger, r.Pos-len(digits))
		return r.B.String(name, digits)
	}
	f, _ := ParseFloat(digits)
	return trace.Float(name, f)
}

// AppendCompact appends the next value of any depth as canonical JSON.
func (r *Reader) AppendCompact(dst []byte) []byte {
	r.Fresh = false
	if c := r.Next(); c != '{' && c != '[' {
		return r.appendScalar(dst, c)
	}
	depth, object := 0, false
	for {
		switch c := r.Next(); c {
		case '{', '[':
			r.Pos++
			r.Fresh = true
			r.Push(depth, object)
			depth++
			object = c == '{'
			dst = append(dst, c)
		default:
			dst = r.appendScalar(dst, c)
		}
		for {
			if fresh := r.Fresh; r.stepCompact(&dst, object, fresh) {
				break
			}
			if r.Err != nil {
				return dst
			}
			dst = append(dst, r.Data[r.Pos-1])
			if depth--; depth == 0 {
				return dst
			}
			object = r.Nesting[depth>>6]>>(depth&63)&1 != 0
		}
	}
}

// stepCompact goes to the next value of the container that is open, writing comma and key.
func (r *Reader) stepCompact(dst *[]byte, object, fresh bool) bool {
	var key []byte
	var more bool
	if object {
		key, more = r.Key()
	} else {
		more = r.Element()
	}
	if more && !fresh {
		*dst = append(*dst, ',')
	}
	if more && object {
		*dst = append(jsonscan.AppendQuoted(*dst, key), ':')
	}
	return more
}

func (r *Reader) appendScalar(dst []byte, c byte) []byte {
	if c == '"' {
		return jsonscan.AppendQuoted(dst, r.StringOf("value"))
	}
	from := r.Pos
	r.Scalar(c)
	if c == 'N' || c == 'I' || c == '-' && !jsonscan.IsDigit(r.Data[r.Pos-1]) {
		return jsonscan.AppendQuoted(dst, r.Data[from:r.Pos])
	}
	return append(dst, r.Data[from:r.Pos]...)
}

// AppendInt appends an integer as JSON.
func AppendInt(dst []byte, n int64) []byte { return strconv.AppendInt(dst, n, 10) }

// AppendBool appends true or false.
func AppendBool(dst []byte, v bool) []byte { return strconv.AppendBool(dst, v) }

// StringAttr reads a string attribute. Long ones stay where they are.
func (r *Reader) StringAttr(name trace.Symbol, field string) trace.Attr {
	if r.Next() != '"' {
		return r.B.String(name, r.StringOf(field))
	}
	t := r.Quoted()
	if r.readable(t) {
		if r.Inner {
			return r.B.String(name, t.Raw)
		}
		return r.B.StringAt(name, r.Blob, t.Off, len(t.Raw))
	}
	r.Scratch = jsonscan.AppendUnescaped(r.Scratch[:0], t.Raw)
	return r.B.String(name, r.Scratch)
}

// IntAttr reads an integer attribute. One that does not fit into 64 bits, or is no whole number, is kept as written.
func (r *Reader) IntAttr(name trace.Symbol, field string) trace.Attr {
	off := r.ValueAt()
	if r.Next() == '{' {
		return trace.Int(name, r.Int64Of(field))
	}
	digits, ok := r.Numeral()
	if n, whole := ParseWhole(digits); ok && whole {
		return trace.Int(name, n)
	}
	if r.Err != nil {
		return trace.Attr{}
	}
	huge := ok && isWhole(digits)
	if !huge {
		r.Note(NoticeFields, field+" is not an integer, kept as text", off)
	}
	if r.Pos = off; huge && r.Next() == '"' { // of a number without quotes, plainValue says it
		r.Note(NoticeFields, hugeInteger, off)
	}
	return r.PlainValue(name)
}

// BytesOf reads bytes: base64, or the list of numbers that a library makes of them.
func (r *Reader) BytesOf(field string) []byte {
	if r.Next() != '[' {
		return r.Base64Of(field)
	}
	r.Array()
	for r.JSON = r.JSON[:0]; r.Element(); {
		n := r.plainInt(field)
		if n < -128 || n > 255 {
			r.Bad(field, "bytes", r.Pos)
		}
		r.JSON = append(r.JSON, byte(n))
	}
	return r.JSON
}

// Base64Of reads bytes in any of the base64 alphabets, with or without padding.
func (r *Reader) Base64Of(field string) []byte {
	off := r.ValueAt()
	text := bytes.TrimRight(r.StringOf(field), "=")
	raw, err := alphabetOf(text).AppendDecode(r.JSON[:0], text)
	r.JSON = raw
	if err != nil && r.Err == nil {
		r.Bad(field, "base64", off)
		return nil
	}
	return raw
}

// hugeInteger is said of an integer that no attribute can hold as a number.
const hugeInteger = "integer over 64 bits, kept as text"

// isWhole reports whether a number is written as an integer.
func isWhole(text []byte) bool {
	if len(text) > 0 && text[0] == '-' {
		text = text[1:]
	}
	return len(text) > 0 && jsonscan.Digits(text, 0) == len(text)
}

// LooseResource reads a member of a resource that is not its attributes, with own where those were met: an SDK's private
// field that holds attributes, or an attribute that stands in the resource itself.
func (r *Reader) LooseResource(attrs []trace.Attr, key []byte, own bool) []trace.Attr {
	switch c := r.Next(); string(key) {
	case "_attributes", "_syncAttributes", "_memoizedAttributes":
		if own || c != '{' {
			break
		}
		if found := r.PlainAttributes(attrs[len(attrs):]); len(found) > 0 {
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
		return append(attrs, r.PlainValue(r.B.Symbol(key)))
	}
	return attrs
}

// pairAttributes appends attributes that are a list of pairs: [["service.name","shop"],…].
func (r *Reader) pairAttributes(dst []trace.Attr) []trace.Attr {
	for range r.ItemsOf("attributes") {
		var name trace.Symbol
		i := 0
		for range r.ItemsOf("attributes") {
			switch i++; i {
			case 1:
				name = r.SymbolOf("attributes")
			case 2:
				dst = append(dst, r.PlainValue(name))
			}
		}
	}
	return dst
}
