package sources

import (
	"bytes"
	"iter"
	"slices"
)

// format is one shape of trace export: how it is recognised and how it is read.
type format struct {
	name string // as messages say it

	// document recognises a JSON document by its first keys; nil where the format is not JSON. It is asked again
	// after every key and at the end of the object, so it answers yes only when the keys leave no doubt.
	document func(*outline) bool
	// binary recognises a whole input by its bytes; nil where the format is JSON.
	binary func([]byte) bool

	// sure tells whether a document that was recognised can be nothing but one of the format: objects with ids and times
	// may be others', too. nil where none is so.
	sure func(*outline) bool

	// open returns what reads documents of the format.
	open func(*reader) decoder

	// cut finds, in a window of a document of the format, a place after off at which reading can begin in the
	// middle: the nearest, or the one with the most behind it. It returns nil where there is none; a format
	// without lists has none.
	cut func(window []byte, off int, nearest bool) *part

	// starts yields where the parts of an input of a binary format begin, in order, each with how many come before
	// it: places at which reading can begin for certain. nil where there is only one part.
	starts func(data []byte) iter.Seq2[int, int]
}

// outline is what is known of a JSON document after its first keys.
type outline struct {
	array bool     // the document is an array, or an array of arrays; the keys are those of its first object
	keys  []string // of the outermost object, in order, as far as they were read
	kinds []byte   // the first byte of each key's value: { [ " t f n or a digit
	ended bool     // these are all its keys
	at    []int    // where each key's value begins in data
	data  []byte   // of the whole input
}

// micros tells whether the key was met and its value is a time in microseconds since 1970 that traces can be from: one
// in seconds, milliseconds or nanoseconds, a date, and none are not.
func (o *outline) micros(key string) bool {
	i := slices.Index(o.keys, key)
	if i < 0 {
		return false
	}
	digits := bytes.TrimPrefix(o.data[o.at[i]:], []byte(`"`))
	n := 0
	for n < len(digits) && isDigit(digits[n]) {
		n++
	}
	return n == len("1700000000000000") && digits[0] != '0'
}

// objects tells whether the key was met and its value is a list that begins with an object.
func (o *outline) objects(key string) bool {
	i := slices.Index(o.keys, key)
	if i < 0 || o.kinds[i] != '[' {
		return false
	}
	s := scanner{data: o.data, pos: o.at[i] + 1}
	return s.next() == '{'
}

// has tells whether all the keys were met.
func (o *outline) has(keys ...string) bool {
	for _, key := range keys {
		if !slices.Contains(o.keys, key) {
			return false
		}
	}
	return true
}

// is tells whether the key was met and its value begins with that byte.
func (o *outline) is(key string, kind byte) bool {
	i := slices.Index(o.keys, key)
	return i >= 0 && o.kinds[i] == kind
}
