package otlpproto

import (
	"math"
	"strconv"
	"unicode/utf8"

	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// The fields of OTLP's values, as opentelemetry/proto/common/v1/common.proto numbers them.
const (
	pairKey   = 1<<3 | wireBytes
	pairValue = 2<<3 | wireBytes

	anyString = 1<<3 | wireBytes
	anyBool   = 2<<3 | wireVarint
	anyInt    = 3<<3 | wireVarint
	anyDouble = 4<<3 | wireFixed8
	anyArray  = 5<<3 | wireBytes
	anyMap    = 6<<3 | wireBytes
	anyBytes  = 7<<3 | wireBytes

	listElement = 1<<3 | wireBytes // of an array or a map
)

// keyValue reads one attribute. A pair without a value is null.
func (r *reader) keyValue(msg []byte, at int) trace.Attr {
	key, value, valueAt := r.pair(msg, at)
	v := r.anyValue(value, valueAt)
	name := r.symbol(key)
	switch v.tag {
	case anyString:
		return r.StringAttr(name, v.value, v.valueAt)
	case anyBool:
		return trace.Bool(name, v.number != 0)
	case anyInt:
		return trace.Int(name, int64(v.number))
	case anyDouble:
		return trace.Float(name, math.Float64frombits(v.number))
	case anyBytes:
		return r.B.Bytes(name, v.value)
	}
	r.json = r.appendValue(r.json[:0], v) // arrays, maps, and no value at all
	return r.B.JSON(name, r.json)
}

// pair returns the key and the value of a pair.
func (r *reader) pair(msg []byte, at int) (key, value []byte, valueAt int) {
	f := fieldsOf(msg, at)
	for f.Next() {
		switch f.tag {
		case pairKey:
			key = f.value
		case pairValue:
			value, valueAt = f.value, f.valueAt
		}
	}
	r.damaged = r.damaged || f.damaged
	return key, value, valueAt
}

// anyValue returns the field that says what the value is, the last one; its tag is 0 for no value.
func (r *reader) anyValue(msg []byte, at int) (last fields) {
	f := fieldsOf(msg, at)
	for f.Next() {
		switch f.tag {
		case anyString, anyBool, anyInt, anyDouble, anyArray, anyMap, anyBytes:
			last = f
		}
	}
	r.damaged = r.damaged || f.damaged
	return last
}

// StringAttr returns a string attribute whose text stays where it is, if that may be.
func (r *reader) StringAttr(key trace.Symbol, text []byte, at int) trace.Attr {
	if r.base < 0 || !utf8.Valid(text) {
		return r.B.String(key, r.text(text))
	}
	return r.B.StringAt(key, r.Blob, r.base+at, len(text))
}

func (r *reader) symbol(text []byte) trace.Symbol { return r.B.Symbol(r.text(text)) }

// text returns text as it is, or where it is no UTF-8, a copy with a question mark for each such byte; it is valid
// until the next call.
func (r *reader) text(text []byte) []byte {
	if utf8.Valid(text) {
		return text
	}
	r.mended = true
	r.bytes = r.bytes[:0]
	for len(text) > 0 {
		c, size := utf8.DecodeRune(text)
		if c == utf8.RuneError && size == 1 {
			r.bytes = append(r.bytes, '?')
		} else {
			r.bytes = append(r.bytes, text[:size]...)
		}
		text = text[size:]
	}
	return r.bytes
}

// nested is an array or a map that is being written.
type nested struct {
	elements fields
	begun    bool
	isMap    bool
}

// appendValue appends a value as canonical JSON, without recursion, because values nest as deep as the sender likes:
// no white space, bytes in base64, null for no value.
func (r *reader) appendValue(dst []byte, v fields) []byte {
	r.nested = r.nested[:0]
	dst = r.open(dst, v)
	for len(r.nested) > 0 {
		n := &r.nested[len(r.nested)-1]
		if !n.elements.Next() {
			r.damaged = r.damaged || n.elements.damaged
			end := byte(']')
			if n.isMap {
				end = '}'
			}
			dst = append(dst, end)
			r.nested = r.nested[:len(r.nested)-1]
			continue
		}
		if n.elements.tag != listElement {
			continue
		}
		if n.begun {
			dst = append(dst, ',')
		}
		n.begun = true
		value, at := n.elements.value, n.elements.valueAt
		if n.isMap {
			var key []byte
			key, value, at = r.pair(value, at)
			dst = append(jsonscan.AppendQuoted(dst, r.text(key)), ':')
		}
		dst = r.open(dst, r.anyValue(value, at))
	}
	return dst
}

// open appends a scalar, or the start of an array or map whose elements are in r.nested then.
func (r *reader) open(dst []byte, v fields) []byte {
	switch v.tag {
	case anyString:
		return jsonscan.AppendQuoted(dst, r.text(v.value))
	case anyBool:
		return strconv.AppendBool(dst, v.number != 0)
	case anyInt:
		return strconv.AppendInt(dst, int64(v.number), 10)
	case anyDouble:
		return jsonscan.AppendFloat(dst, math.Float64frombits(v.number))
	case anyBytes:
		return jsonscan.AppendBase64(dst, v.value)
	case anyArray:
		r.nested = append(r.nested, nested{elements: fieldsOf(v.value, v.valueAt)})
		return append(dst, '[')
	case anyMap:
		r.nested = append(r.nested, nested{elements: fieldsOf(v.value, v.valueAt), isMap: true})
		return append(dst, '{')
	}
	return append(dst, "null"...)
}
