package otlp

import (
	"encoding/json"
	"tracefall/sources/decode"
	"tracefall/sources/jsonscan"
)

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

// nestedReader turns a nested value into plain JSON, without recursion.
type nestedReader struct {
	*Reader
	nested []frame // how deep it is
}

func (r *nestedReader) value(array bool) {
	r.JSON, r.nested = r.JSON[:0], append(r.nested[:0], frame{kind: inValue, full: true})
	r.openNested(array)
	for len(r.nested) > 1 && r.Err == nil {
		r.nestedStep(&r.nested[len(r.nested)-1])
	}
}

func (r *nestedReader) openNested(array bool) {
	kind, open := inMap, byte('{')
	if array {
		kind, open = inArray, '['
	}
	r.JSON = append(r.JSON, open)
	if r.Object() {
		r.nested = append(r.nested, frame{kind: kind})
		return
	}
	r.JSON = append(r.JSON, open+2) // ] and } stand two after [ and {
}

func (r *nestedReader) nestedStep(f *frame) {
	switch f.kind {
	case inValue:
		r.nestedTyped(f)
	case inArray, inMap:
		key, ok := r.Key()
		switch {
		case !ok:
			r.JSON = append(r.JSON, map[frameKind]byte{inArray: ']', inMap: '}'}[f.kind])
			r.leave()
		case string(r.camel(key)) == "values" && !f.full && r.Array():
			f.full = true
			r.nested = append(r.nested, frame{kind: f.kind + inItems - inArray})
		}
	case inItems, inPairs:
		switch {
		case !r.Element():
			r.leave()
		case f.kind == inItems:
			r.comma(f)
			r.nestedAny()
		case r.Object():
			r.comma(f)
			r.JSON = append(jsonscan.AppendQuoted(r.JSON, r.pairKey()), ':')
			r.nested = append(r.nested, frame{kind: inPair})
		}
	case inPair:
		key, ok := r.Key()
		switch {
		case !ok:
			r.leaveValue(f)
		case string(r.camel(key)) == "value" && !f.full:
			f.full = true
			r.nestedAny()
		}
	}
}

func (r *nestedReader) leave() { r.nested = r.nested[:len(r.nested)-1] }

// leaveValue leaves what holds one value, which is null where it was not there.
func (r *nestedReader) leaveValue(f *frame) {
	if !f.full {
		r.JSON = append(r.JSON, "null"...)
	}
	r.leave()
}

func (r *nestedReader) comma(f *frame) {
	if f.full {
		r.JSON = append(r.JSON, ',')
	}
	f.full = true
}

// nestedAny begins an AnyValue within a nested one.
func (r *nestedReader) nestedAny() {
	if r.Object() {
		r.nested = append(r.nested, frame{kind: inValue})
		return
	}
	r.JSON = r.AppendCompact(r.JSON)
}

// nestedTyped reads the next member of an AnyValue within a nested one.
func (r *nestedReader) nestedTyped(f *frame) {
	key, ok := r.Key()
	if !ok {
		r.leaveValue(f)
		return
	}
	name := string(r.camel(key))
	if f.full || r.Next() == 'n' {
		return
	}
	f.full = true
	switch name {
	case "stringValue", "bytesValue":
		r.JSON = jsonscan.AppendQuoted(r.JSON, r.StringOf(name))
	case "intValue":
		r.nestedInt(name)
	case "doubleValue":
		r.JSON = jsonscan.AppendFloat(r.JSON, r.FloatOf(name))
	case "boolValue":
		r.JSON = decode.AppendBool(r.JSON, r.BoolOf(name))
	case "arrayValue", "kvlistValue":
		r.openNested(name[0] == 'a')
	case "value": // as in typedMembers
		r.nestedAny()
	default:
		f.full = false
	}
}

// nestedInt appends an integer. JSON has no limit for it: one that does not fit into 64 bits stays as it is written.
func (r *nestedReader) nestedInt(field string) {
	off := r.ValueAt()
	if r.Next() == '{' {
		r.JSON = decode.AppendInt(r.JSON, r.Int64Of(field))
		return
	}
	digits, ok := r.Numeral()
	n, whole := decode.ParseWhole(digits)
	switch {
	case ok && whole:
		r.JSON = decode.AppendInt(r.JSON, n)
	case ok && json.Valid(digits):
		r.JSON = append(r.JSON, digits...)
	default:
		r.JSON = append(r.JSON, "null"...)
		if r.Err == nil {
			r.Bad(field, decode.WholeNumber, off)
		}
	}
}

// pairDepth is how deep a map's key is looked for behind its value. Looking ahead at each level would take time
// that grows with the square of the depth.
const pairDepth = 100

// pairKey looks for the key of the pair whose object was just opened and stays where it is.
func (r *nestedReader) pairKey() []byte {
	start := r.Pos
	defer func() { r.Pos, r.Fresh = start, true }()
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		if string(r.camel(key)) == "key" {
			return r.StringOf("kvlistValue.key")
		}
		if len(r.nested) > pairDepth {
			return nil
		}
	}
	return nil
}
