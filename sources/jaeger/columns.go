package jaeger

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"tracefall/sources/decode"
	"tracefall/sources/trace"
)

// Pipelines between Jaeger and a file like to turn lists of objects inside out. What Jaeger writes as
//
//	"references":[{"refType":"CHILD_OF","spanID":"1"},{"refType":"FOLLOWS_FROM","spanID":"2"}]
//
// comes as columns, one list for each key, or under dotted keys of the whole document:
//
//	"references":{"refType":["CHILD_OF","FOLLOWS_FROM"],"spanID":["1","2"]}
//	"references.refType":["CHILD_OF","FOLLOWS_FROM"],"references.spanID":["1","2"]
//
// Kibana gives such documents as "fields", in which every value is a list.

// Columns is where the values of each key stand.
type Columns map[string][]int

// ColumnsOf takes the object that is open apart.
func (r *Reader) ColumnsOf() Columns {
	c := Columns{}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		name := string(key)
		c[name] = append(c[name], r.EachAt()...)
	}
	return c
}

// ColumnText returns the string of a column's row; nil where there is none.
func (r *Reader) ColumnText(c Columns, key string, row int) (text []byte) {
	if row < len(c[key]) {
		r.ReadAt(c[key][row], func() { text = bytes.Clone(r.StringOf(key)) })
	}
	return text
}

// inColumns reports whether the object that follows is a list turned inside out: of the key, a list, a value.
func inColumns(r *decode.Reader, key string) bool {
	start := r.Pos
	found := false
	if r.Object() {
		for name, ok := r.Key(); ok && !found; name, ok = r.Key() {
			found = string(name) == key && r.Next() == '['
			r.Skip()
		}
	}
	if r.Err == nil {
		r.Pos, r.Fresh = start, false
	}
	return found
}

// ReferenceColumns appends references in columns, whose keys begin with a prefix.
func (r *Reader) ReferenceColumns(c Columns, prefix string) {
	for row := range c[prefix+"spanID"] {
		l := r.AddLink()
		l.Trace, l.Kind = r.Span.Trace, decode.RefKind(r.ColumnText(c, prefix+"refType", row))
		if text := r.ColumnText(c, prefix+"traceID", row); len(text) > 0 {
			l.Trace = r.IDs.TraceID(text)
		}
		if l.Span = r.IDs.SpanID(r.ColumnText(c, prefix+"spanID", row)); l.Span.IsZero() {
			r.Span.Links = r.Span.Links[:len(r.Span.Links)-1]
		}
	}
}

// TagColumns appends tags in columns, whose keys begin with a prefix.
func (r *Reader) TagColumns(dst []trace.Attr, c Columns, prefix string, x *Extra) []trace.Attr {
	for row := range c[prefix+"key"] {
		name := r.ColumnText(c, prefix+"key", row)
		if row >= len(c[prefix+"value"]) {
			break
		}
		t, meaning := Tag{Name: r.B.Symbol(name)}, tagPlain
		if kind := r.ColumnText(c, prefix+"type", row); len(kind) > 0 {
			t.Kind = kind[0] | 0x20
		}
		if x != nil {
			meaning = Meanings[string(name)]
		}
		r.ReadAt(c[prefix+"value"][row], func() { dst = r.TagValue(dst, &t, x, meaning) })
	}
	return dst
}

// DottedTags appends the tags that are keys of the whole document, with a prefix.
func (r *Reader) DottedTags(dst []trace.Attr, c Columns, prefix string, x *Extra) []trace.Attr {
	for _, key := range slices.Sorted(maps.Keys(c)) {
		name, ok := strings.CutPrefix(key, prefix)
		if !ok || len(c[key]) == 0 {
			continue
		}
		name = strings.ReplaceAll(name, "@", ".")
		t, meaning := Tag{Name: r.B.Symbol([]byte(name))}, tagPlain
		if x != nil {
			meaning = Meanings[name]
		}
		r.ReadAt(c[key][0], func() { dst = r.TagValue(dst, &t, x, meaning) })
	}
	return dst
}

// flatTags reads the object "tag", in which Jaeger's Elasticsearch storage keeps the tags that are to be
// searched: a key's dots are written as @.
func (r *Reader) flatTags(dst []trace.Attr, x *Extra) []trace.Attr {
	if !r.EnterObject("tag") {
		return dst
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		key = bytes.ReplaceAll(key, []byte("@"), []byte("."))
		t, meaning := Tag{Name: r.B.Symbol(key)}, tagPlain
		if x != nil {
			meaning = Meanings[string(key)]
		}
		dst = r.TagValue(dst, &t, x, meaning)
	}
	return dst
}
