package otlp

import (
	"tracefall/sources/decode"
	"tracefall/sources/trace"
)

// attributes appends a list of OTLP key-value pairs to dst.
func (r *Reader) attributes(dst []trace.Attr) []trace.Attr {
	if r.Next() == '{' {
		return r.PlainAttributes(dst)
	}
	if !r.EnterArray("attributes") {
		return dst
	}
	r.pairs.Last = 0
	for r.Element() {
		if r.pairs.Read(r.Reader, &dst, nil) {
			continue
		}
		if r.EnterObject("attributes") {
			dst = r.attribute(dst)
		}
	}
	return dst
}

// attribute appends the pair whose object is open. A value before its key waits for it.
func (r *Reader) attribute(dst []trace.Attr) []trace.Attr {
	var name trace.Symbol
	named, read, waiting := false, false, 0
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch key = r.camel(key); {
		case string(key) == "key":
			name, named = r.SymbolOf("attributes.key"), true
		case string(key) != "value" || read:
		case named:
			dst, read = append(dst, r.AnyValue(name)), true
		default:
			waiting = r.Pos
		}
	}
	if waiting > 0 && !read {
		r.ReadAt(waiting, func() { dst = append(dst, r.AnyValue(name)) })
	}
	return dst
}

// AnyValue reads an OTLP AnyValue. An empty one is null; one of a kind that is not known stays JSON.
func (r *Reader) AnyValue(name trace.Symbol) trace.Attr {
	off := r.ValueAt()
	if !r.Object() {
		if r.Err == nil && r.Next() != 'n' {
			r.Once(decode.NoticeSpelling, "attribute values without type (not valid OTLP JSON), read anyway", r.Pos)
		}
		return r.PlainValue(name)
	}
	a, members := r.typedMembers(name, true)
	if a != (trace.Attr{}) || r.Err != nil {
		return a
	}
	if members == 0 {
		return r.B.JSON(name, []byte("null"))
	}
	r.Bad("the value of an attribute", "an OTLP value; kept as JSON", off)
	r.Pos = off
	return r.PlainValue(name)
}

// typedMembers reads the rest of an AnyValue whose object is open: the first member that is a value. It counts the
// members that are not null. Go, Rust and others print the value within another object:
//
//	{"Value":{"StringValue":"shop"}}   {"value":{"StringValue":"shop"}}   {"Type":"STRING","Value":"shop"}
func (r *Reader) typedMembers(name trace.Symbol, outer bool) (a trace.Attr, members int) {
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		null := r.Next() == 'n' // libraries print the kinds of value that it is not as null
		if !null {
			members++
		}
		switch key = r.camel(key); {
		case a != (trace.Attr{}) || null:
		case string(key) != "value":
			a = r.typedValue(name, key)
		case outer && r.Object():
			inner, n := r.typedMembers(name, false)
			a, members = inner, members+n
		case r.Next() != '{':
			a = r.PlainValue(name)
		}
	}
	return a, members
}

func (r *Reader) typedValue(name trace.Symbol, key []byte) trace.Attr {
	switch string(key) {
	case "stringValue":
		return r.StringAttr(name, "stringValue")
	case "intValue", "doubleValue", "boolValue", "bytesValue":
		return r.typedScalar(name, key)
	case "arrayValue", "kvlistValue":
		return r.B.JSON(name, r.nestedValue(key[0] == 'a'))
	}
	return trace.Attr{}
}

// typedScalar reads a number, a boolean or bytes. What is not readable as what it says it is stays what it looks
// like: no value is invented.
func (r *Reader) typedScalar(name trace.Symbol, key []byte) (a trace.Attr) {
	off, noted := r.ValueAt(), r.BadFields
	switch key[1] {
	case 'n':
		return r.IntAttr(name, "intValue")
	case 'o':
		if key[0] == 'd' {
			a = trace.Float(name, r.FloatOf("doubleValue"))
		} else {
			a = trace.Bool(name, r.BoolOf("boolValue"))
		}
	default:
		a = r.B.Bytes(name, r.BytesOf("bytesValue"))
	}
	if r.BadFields != noted && r.Err == nil {
		r.Pos = off
		return r.PlainValue(name)
	}
	return a
}

// nestedValue reads an arrayValue or a kvlistValue as canonical JSON: no white space, keys in their order. The
// result is valid until the next call.
func (r *Reader) nestedValue(array bool) []byte {
	n := nestedReader{Reader: r, nested: r.nested[:0]}
	n.value(array)
	r.nested = n.nested
	return r.JSON
}
