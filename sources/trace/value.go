package trace

import (
	"encoding/base64"
	"iter"
	"math"
	"strconv"
	"unsafe"
)

// Type is the type of an attribute's value.
type Type uint8

// The types. Arrays and maps are one type, JSON: their canonical JSON text.
const (
	TypeNone Type = iota // no value; what is missing
	TypeString
	TypeBool
	TypeInt
	TypeFloat
	TypeBytes
	TypeJSON
)

// Attr is a stored attribute: a key and a typed value in 16 bytes, without pointers. A Builder makes it and it
// means something only together with the builder or set it belongs to.
type Attr struct {
	key  Symbol
	meta uint32 // type in bits 0–3, attrRef in bit 4, the blob's number in bits 8–31
	bits uint64 // the number itself, a symbol, or offset and length within the blob
}

// A reference into a blob spends refLength bits on the length and the rest on the offset: values up to
// 256 MiB in blobs up to 64 GiB. Longer values are interned whole.
const (
	attrRef   = 1 << 4
	refLength = 28
	maxRefLen = 1<<refLength - 1
	maxRefOff = 1<<(64-refLength) - 1
	maxBlob   = 1<<24 - 1
)

// InternLimit is the length in bytes from which a string value is kept where it was read instead of interned.
// Shorter strings repeat often enough to be worth a symbol.
const InternLimit = 32

// Bool returns a boolean attribute.
func Bool(key Symbol, v bool) Attr {
	a := Attr{key: key, meta: uint32(TypeBool)}
	if v {
		a.bits = 1
	}
	return a
}

// Int returns an integer attribute.
func Int(key Symbol, v int64) Attr { return Attr{key: key, meta: uint32(TypeInt), bits: uint64(v)} }

// Float returns a floating-point attribute; NaN and infinities are values like any other.
func Float(key Symbol, v float64) Attr {
	return Attr{key: key, meta: uint32(TypeFloat), bits: math.Float64bits(v)}
}

// Key returns the attribute's key.
func (a Attr) Key() Symbol { return a.key }

// Type returns the type of the attribute's value.
func (a Attr) Type() Type { return Type(a.meta & 0xf) }

// Value is a typed value of a Set. The zero Value is no value.
type Value struct {
	set  *Set
	attr Attr
}

// Type returns the value's type, TypeNone for the zero Value.
func (v Value) Type() Type { return v.attr.Type() }

// Bool returns the value of a boolean.
func (v Value) Bool() bool { return v.attr.bits != 0 }

// Int returns the value of an integer.
func (v Value) Int() int64 { return int64(v.attr.bits) }

// Float returns the value of a floating-point number.
func (v Value) Float() float64 { return math.Float64frombits(v.attr.bits) }

// Number returns the value as a number, when it is an integer or a floating-point number.
func (v Value) Number() (float64, bool) {
	switch v.Type() {
	case TypeInt:
		return float64(v.Int()), true
	case TypeFloat:
		return v.Float(), true
	default:
	}
	return 0, false
}

// Symbol returns the symbol of a string, bytes or JSON value, when it is interned. Values of InternLimit bytes
// and more mostly are not; compare their Text.
func (v Value) Symbol() (Symbol, bool) {
	if t := v.Type(); t != TypeString && t != TypeBytes && t != TypeJSON || v.attr.meta&attrRef != 0 {
		return 0, false
	}
	return Symbol(v.attr.bits), true
}

// Text returns the bytes of a string, the raw bytes of a bytes value or the canonical text of a JSON value,
// without copying: it may point into a mapped file and is valid as long as the Set is open. It is as hostile
// as the export. For other types it returns "".
func (v Value) Text() string {
	switch v.Type() {
	case TypeString, TypeBytes, TypeJSON:
		if v.attr.meta&attrRef == 0 {
			return v.set.symbols.texts[v.attr.bits]
		}
		blob := v.set.blobs[v.attr.meta>>8]
		n := v.attr.bits & maxRefLen
		return unsafe.String(&blob[v.attr.bits>>refLength], n)
	default:
	}
	return ""
}

// String formats the value for people: strings as they are, bytes in base64, numbers in decimal.
func (v Value) String() string {
	switch v.Type() {
	case TypeBool:
		return strconv.FormatBool(v.Bool())
	case TypeInt:
		return strconv.FormatInt(v.Int(), 10)
	case TypeFloat:
		return strconv.FormatFloat(v.Float(), 'g', -1, 64)
	case TypeBytes:
		return base64.StdEncoding.EncodeToString([]byte(v.Text()))
	default:
	}
	return v.Text()
}

// Equal reports whether two values have the same type and content; they may belong to different sets.
func (v Value) Equal(w Value) bool {
	if v.Type() != w.Type() {
		return false
	}
	switch v.Type() {
	case TypeString, TypeBytes, TypeJSON:
		return v.Text() == w.Text()
	default:
	}
	return v.attr.bits == w.attr.bits
}

// Attrs is a list of attributes of a Set, in the order of the export. Keys may repeat.
type Attrs struct {
	set  *Set
	list []Attr
}

// Len returns the number of attributes.
func (a Attrs) Len() int { return len(a.list) }

// Key returns the key of attribute i.
func (a Attrs) Key(i int) string { return a.set.symbols.texts[a.list[i].key] }

// KeySymbol returns the key of attribute i as a symbol.
func (a Attrs) KeySymbol(i int) Symbol { return a.list[i].key }

// Value returns the value of attribute i.
func (a Attrs) Value(i int) Value { return Value{a.set, a.list[i]} }

// Find returns the first value with that key, or the zero Value.
func (a Attrs) Find(key Symbol) Value {
	for i := range a.list {
		if a.list[i].key == key {
			return Value{a.set, a.list[i]}
		}
	}
	return Value{}
}

// Get returns the first value with that key, or the zero Value. Where many spans are asked, look the key's
// symbol up once and use Find.
func (a Attrs) Get(key string) Value {
	if len(a.list) == 0 {
		return Value{}
	}
	symbol, ok := a.set.symbols.lookup(key)
	if !ok {
		return Value{}
	}
	return a.Find(symbol)
}

// All yields key and value of each attribute in order.
func (a Attrs) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for i := range a.list {
			if !yield(a.Key(i), a.Value(i)) {
				return
			}
		}
	}
}
