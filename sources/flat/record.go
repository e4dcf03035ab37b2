package flat

import (
	"slices"
	"strings"
)

// Cell is one value of a record that was sampled.
type Cell struct {
	Path Path
	Kind byte   // the first byte of the value: " t f n [ {, or 0 for any number; { only where the object is empty
	Text string // of a string or number, TextMost bytes at most; of an array what it begins with
}

// TextMost is how many bytes of a value a sample keeps: enough for every id and time.
const TextMost = 256

// Record is an object of a file as a list of its values, in order; objects within it are taken apart.
type Record []Cell

// Path names a value by the keys that lead to it, joined by pathSep.
type Path string

const pathSep = "\x00"

// Child returns the path of a member.
func (p Path) Child(key string) Path {
	if p == "" {
		return Path(key)
	}
	return p + pathSep + Path(key)
}

// Keys returns the keys that lead to the value.
func (p Path) Keys() []string {
	if p == "" {
		return nil
	}
	return strings.Split(string(p), pathSep)
}

// String joins the keys by dots, as people write paths.
func (p Path) String() string { return strings.ReplaceAll(string(p), pathSep, ".") }

// Find returns the first value whose path is written so.
func (r Record) Find(dotted string) (Cell, bool) {
	if i := slices.IndexFunc(r, func(c Cell) bool { return c.Path.is(dotted) }); i >= 0 {
		return r[i], true
	}
	return Cell{}, false
}

// is reports whether the path is written so, without making the string.
func (p Path) is(dotted string) bool {
	if len(p) != len(dotted) {
		return false
	}
	for i := range len(p) {
		if c := p[i]; c != dotted[i] && (c != pathSep[0] || dotted[i] != '.') {
			return false
		}
	}
	return true
}

// has reports whether a value, or something within it, is at that path.
func (r Record) has(dotted string) bool {
	n := len(dotted)
	return slices.ContainsFunc(r, func(c Cell) bool {
		p := c.Path
		return len(p) >= n && p[:n].is(dotted) && (len(p) == n || p[n] == pathSep[0] || p[n] == '.')
	})
}

// AnyKey stands in the path of a list for the keys of an object that holds the records by their ids.
const AnyKey = "*"

// ByID reports whether the records of a list are in an object by their ids, not in an array.
func ByID(list Path) bool {
	return list == AnyKey || strings.HasSuffix(string(list), pathSep+AnyKey)
}

// List is a list of records in a file, all in the same place.
type List struct {
	Path    Path     // of the array within each document; "" where the documents, or their elements, are the records
	Records []Record // as many as were sampled
	Outer   []Record // the objects around the arrays, without what is in the arrays
}

// under returns the path beneath a prefix, with dots; for one that is elsewhere the whole path.
func (p Path) under(prefix Path) (name string, inside bool) {
	if prefix == "" {
		return p.String(), true
	}
	if rest, ok := strings.CutPrefix(string(p), string(prefix)+pathSep); ok {
		return Path(rest).String(), true
	}
	return p.String(), false
}

// empty reports whether a cell says nothing.
func (c Cell) empty() bool {
	return c.Kind == 'n' || c.Kind == '{' || c.Kind == '"' && NoID(c.Text)
}

// holds reports whether a value is text that begins like JSON of a kind.
func (c Cell) holds(bracket byte) bool { return c.Kind == '"' && c.Text != "" && c.Text[0] == bracket }

// NoID reports whether an id is one of the ways to write none.
func NoID(text string) bool {
	switch text {
	case "", "null", "None", "nil", "undefined", "-", "-1", "NULL", "<nil>", "N/A", "none":
		return true
	}
	return false
}
