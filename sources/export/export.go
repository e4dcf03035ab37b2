package export

import (
	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// Options are what the exports have in common.
type Options struct {
	// Redact is asked about every attribute of spans, events, links, resources and scopes, and returns the
	// string to write in its place and true, or false to write the value as it is. Nil writes all as it is.
	Redact func(key string, value trace.Value) (string, bool)
	// RedactText is given every name, status message and tracestate of spans, events and links, names and versions of
	// scopes, and keys of attributes, and returns what to write in its place. Nil writes all as it is.
	RedactText func(text string) string
}

// Text returns what to write for a name or a message.
func (w Options) Text(s string) string {
	if w.RedactText == nil {
		return s
	}
	return w.RedactText(s)
}

// redacted returns the replacement of a value, if there is one.
func (w Options) redacted(key string, value trace.Value) (string, bool) {
	if w.Redact == nil {
		return "", false
	}
	return w.Redact(key, value)
}

// writer is what both formats are written with.
type writer struct {
	jsonscan.Writer
	opt Options
}

// within opens the object or the list that a key has.
func (w *writer) within(key string, bracket byte) {
	w.Key(key)
	w.Open(bracket)
}
