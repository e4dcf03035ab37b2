package decode

import (
	"bytes"
	"iter"
	"slices"

	"tracefall/sources/jsonscan"
)

// Format is one shape of trace export: how it is recognised and how it is read.
type Format struct {
	Name string // as messages say it

	// Document recognises a JSON document by its first keys; nil where the format is not JSON. It is asked again
	// after every key and at the end of the object, so it answers yes only when the keys leave no doubt.
	Document func(*Outline) bool
	// Binary recognises a whole input by its bytes; nil where the format is JSON.
	Binary func([]byte) bool

	// Sure reports whether a document that was recognised can be nothing but one of the format: objects with ids and times
	// may be others', too. nil where none is so.
	Sure func(*Outline) bool

	// Open returns what reads documents of the format.
	Open func(*Reader) Decoder

	// Cut finds, in a window of a document of the format, a place after off at which reading can begin in the
	// middle: the nearest, or the one with the most behind it. It returns nil where there is none; a format
	// without lists has none.
	Cut func(window []byte, off int, nearest bool) *Part

	// Starts yields where the parts of an input of a binary format begin, in order, each with how many come before
	// it: places at which reading can begin for certain. nil where there is only one part.
	Starts func(data []byte) iter.Seq2[int, int]
}

// Outline is what is known of a JSON document after its first keys.
type Outline struct {
	Array bool     // the document is an array, or an array of arrays; the keys are those of its first object
	Keys  []string // of the outermost object, in order, as far as they were read
	Kinds []byte   // the first byte of each key's value: { [ " t f n or a digit
	Ended bool     // these are all its keys
	At    []int    // where each key's value begins in data
	Data  []byte   // of the whole input
}

// Micros reports whether the key was met and its value is a time in microseconds since 1970 that traces can be from: one
// in seconds, milliseconds or nanoseconds, a date, and none are not.
func (o *Outline) Micros(key string) bool {
	i := slices.Index(o.Keys, key)
	if i < 0 {
		return false
	}
	digits := bytes.TrimPrefix(o.Data[o.At[i]:], []byte(`"`))
	n := 0
	for n < len(digits) && jsonscan.IsDigit(digits[n]) {
		n++
	}
	return n == len("1700000000000000") && digits[0] != '0'
}

// Objects reports whether the key was met and its value is a list that begins with an object.
func (o *Outline) Objects(key string) bool {
	i := slices.Index(o.Keys, key)
	if i < 0 || o.Kinds[i] != '[' {
		return false
	}
	s := jsonscan.Scanner{Data: o.Data, Pos: o.At[i] + 1}
	return s.Next() == '{'
}

// Has reports whether all the keys were met.
func (o *Outline) Has(keys ...string) bool {
	for _, key := range keys {
		if !slices.Contains(o.Keys, key) {
			return false
		}
	}
	return true
}

// Is reports whether the key was met and its value begins with that byte.
func (o *Outline) Is(key string, kind byte) bool {
	i := slices.Index(o.Keys, key)
	return i >= 0 && o.Kinds[i] == kind
}
