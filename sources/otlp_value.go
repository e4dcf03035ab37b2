package sources

import (
	"encoding/json"

	"tracefall/sources/trace"
)

// attributes appends a list of OTLP key-value pairs to dst.
func (r *otlpReader) attributes(dst []trace.Attr) []trace.Attr {
	if r.next() == '{' {
		return r.plainAttributes(dst)
	}
	if !r.enterArray("attributes") {
		return dst
	}
	r.lastKey = 0
	for r.element() {
		if r.quickAttributes(&dst) {
			continue
		}
		if r.enterObject("attributes") {
			dst = r.attribute(dst)
		}
	}
	return dst
}

// attribute appends the pair whose object is open. A value before its key waits for it.
func (r *otlpReader) attribute(dst []trace.Attr) []trace.Attr {
	var name trace.Symbol
	named, valueAt := false, -1
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch key = r.camel(key); {
		case string(key) == "key":
			name, named = r.symbolOf("attributes.key"), true
		case string(key) == "value" && named && valueAt < 0:
			dst = append(dst, r.anyValue(name))
			valueAt = r.pos
		case string(key) == "value" && valueAt < 0:
			valueAt = -2 - r.valueAt()
			r.skip()
		default:
			r.skip()
		}
	}
	if valueAt < -1 && r.err == nil {
		end := r.pos
		r.pos = -2 - valueAt
		dst = append(dst, r.anyValue(name))
		r.pos = end
	}
	return dst
}

// anyValue reads an OTLP AnyValue. An empty one is null; one of a kind that is not known stays JSON.
func (r *otlpReader) anyValue(name trace.Symbol) trace.Attr {
	off := r.valueAt()
	if !r.object() {
		if r.err == nil && r.next() != 'n' {
			r.once(NoticeSpelling, "attribute values that are not wrapped in their type are not OTLP JSON; read all the same", r.pos)
		}
		return r.plainValue(name)
	}
	a, members := r.typedMembers(name)
	if a != (trace.Attr{}) || r.err != nil {
		return a
	}
	if members == 0 {
		return r.b.JSON(name, []byte("null"))
	}
	r.bad("the value of an attribute", "an OTLP value; it is kept as JSON", off)
	r.pos = off
	return r.plainValue(name)
}

// typedMembers reads the rest of an AnyValue whose object is open: the first member that is a value. It counts the
// members that are not null. Go, Rust and others print the value within another object:
//
//	{"Value":{"StringValue":"shop"}}   {"value":{"StringValue":"shop"}}   {"Type":"STRING","Value":"shop"}
func (r *otlpReader) typedMembers(name trace.Symbol) (a trace.Attr, members int) {
	open := 1
	for {
		key, ok := r.key()
		if !ok {
			if open--; open == 0 || r.err != nil {
				return a, members
			}
			continue
		}
		null := r.next() == 'n' // libraries print the kinds of value that it is not as null
		if !null {
			members++
		}
		key = r.camel(key)
		switch {
		case a != (trace.Attr{}) || null:
			r.skip()
		case string(key) != "value":
			a = r.typedValue(name, key)
		case open == 1 && r.object():
			open++
		case r.next() != '{':
			a = r.plainValue(name)
		default:
			r.skip()
		}
	}
}

func (r *otlpReader) typedValue(name trace.Symbol, key []byte) trace.Attr {
	switch string(key) {
	case "stringValue":
		return r.stringAttr(name, "stringValue")
	case "intValue", "doubleValue", "boolValue", "bytesValue":
		return r.typedScalar(name, key)
	case "arrayValue", "kvlistValue":
		return r.b.JSON(name, r.nestedValue(key[0] == 'a'))
	}
	r.skip()
	return trace.Attr{}
}

// typedScalar reads a number, a boolean or bytes. What is not readable as what it says it is stays what it looks
// like: no value is invented.
func (r *otlpReader) typedScalar(name trace.Symbol, key []byte) (a trace.Attr) {
	off, noted := r.valueAt(), r.badFields
	switch key[1] {
	case 'n':
		return r.intAttr(name, "intValue")
	case 'o':
		if key[0] == 'd' {
			a = trace.Float(name, r.floatOf("doubleValue"))
		} else {
			a = trace.Bool(name, r.boolOf("boolValue"))
		}
	default:
		a = r.b.Bytes(name, r.bytesOf("bytesValue"))
	}
	if r.badFields != noted && r.err == nil {
		r.pos = off
		return r.plainValue(name)
	}
	return a
}

// frame is one level of a nested value that is being turned into plain JSON.
type frame struct {
	kind frameKind
	full bool // a value was written, or the list opened
}

type frameKind uint8

const (
	inValue frameKind = iota // {"stringValue":…}
	inArray                  // {"values":[…]} of an array
	inMap                    // {"values":[…]} of a map
	inItems                  // the array's items
	inPairs                  // the map's pairs
	inPair                   // {"key":…,"value":…}
)

// nestedValue reads an arrayValue or a kvlistValue as canonical JSON: no white space, keys in their order. The
// result is valid until the next call.
func (r *otlpReader) nestedValue(array bool) []byte {
	r.json, r.nested = r.json[:0], append(r.nested[:0], frame{kind: inValue, full: true})
	r.openNested(array)
	for len(r.nested) > 1 && r.err == nil {
		r.nestedStep(&r.nested[len(r.nested)-1])
	}
	return r.json
}

func (r *otlpReader) openNested(array bool) {
	kind, open := inMap, byte('{')
	if array {
		kind, open = inArray, '['
	}
	r.json = append(r.json, open)
	if r.object() {
		r.nested = append(r.nested, frame{kind: kind})
		return
	}
	r.skip()
	r.json = append(r.json, open+2) // ] and } stand two after [ and {
}

func (r *otlpReader) nestedStep(f *frame) {
	switch f.kind {
	case inValue:
		r.nestedTyped(f)
	case inArray, inMap:
		key, ok := r.key()
		switch {
		case !ok:
			r.json = append(r.json, map[frameKind]byte{inArray: ']', inMap: '}'}[f.kind])
			r.leave()
		case string(r.camel(key)) == "values" && !f.full && r.array():
			f.full = true
			r.nested = append(r.nested, frame{kind: f.kind + inItems - inArray})
		default:
			r.skip()
		}
	case inItems:
		if !r.element() {
			r.leave()
			return
		}
		r.comma(f)
		r.nestedAny()
	case inPairs:
		if !r.element() {
			r.leave()
			return
		}
		if r.object() {
			r.comma(f)
			r.json = append(appendQuoted(r.json, r.pairKey()), ':')
			r.nested = append(r.nested, frame{kind: inPair})
		} else {
			r.skip()
		}
	case inPair:
		key, ok := r.key()
		switch {
		case !ok && !f.full:
			r.json = append(r.json, "null"...)
			r.leave()
		case !ok:
			r.leave()
		case string(r.camel(key)) == "value" && !f.full:
			f.full = true
			r.nestedAny()
		default:
			r.skip()
		}
	}
}

func (r *otlpReader) leave() { r.nested = r.nested[:len(r.nested)-1] }

func (r *otlpReader) comma(f *frame) {
	if f.full {
		r.json = append(r.json, ',')
	}
	f.full = true
}

// nestedAny begins an AnyValue within a nested one.
func (r *otlpReader) nestedAny() {
	if r.object() {
		r.nested = append(r.nested, frame{kind: inValue})
		return
	}
	r.json = r.appendCompact(r.json)
}

// nestedTyped reads the next member of an AnyValue within a nested one.
func (r *otlpReader) nestedTyped(f *frame) {
	key, ok := r.key()
	if !ok {
		if !f.full {
			r.json = append(r.json, "null"...)
		}
		r.leave()
		return
	}
	name := string(r.camel(key))
	if f.full || r.next() == 'n' {
		r.skip()
		return
	}
	f.full = true
	switch name {
	case "stringValue":
		r.json = appendQuoted(r.json, r.stringOf(name))
	case "intValue":
		r.nestedInt(name)
	case "doubleValue":
		r.json = appendFloat(r.json, r.floatOf(name))
	case "boolValue":
		r.json = appendBool(r.json, r.boolOf(name))
	case "bytesValue":
		r.json = appendQuoted(r.json, r.stringOf(name))
	case "arrayValue", "kvlistValue":
		r.openNested(name[0] == 'a')
	case "value": // as in typedMembers
		r.nestedAny()
	default:
		f.full = false
		r.skip()
	}
}

// nestedInt appends an integer. JSON has no limit for it: one that does not fit into 64 bits stays as it is written.
func (r *otlpReader) nestedInt(field string) {
	off := r.valueAt()
	if r.next() == '{' {
		r.json = appendInt(r.json, r.int64Of(field))
		return
	}
	digits, ok := r.numeral()
	n, whole := parseWhole(digits)
	switch {
	case ok && whole:
		r.json = appendInt(r.json, n)
	case ok && json.Valid(digits):
		r.json = append(r.json, digits...)
	default:
		r.json = append(r.json, "null"...)
		if r.err == nil {
			r.bad(field, wholeNumber, off)
		}
	}
}

// pairDepth is how deep a map's key is looked for behind its value. Looking ahead at each level would take time
// that grows with the square of the depth.
const pairDepth = 100

// pairKey looks for the key of the pair whose object was just opened and stays where it is.
func (r *otlpReader) pairKey() []byte {
	start := r.pos
	defer func() { r.pos, r.fresh = start, true }()
	for key, ok := r.key(); ok; key, ok = r.key() {
		if string(r.camel(key)) == "key" {
			return r.stringOf("kvlistValue.key")
		}
		if len(r.nested) > pairDepth {
			return nil
		}
		r.skip()
	}
	return nil
}
