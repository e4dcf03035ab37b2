package jaeger

import (
	"bytes"

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
		l.Span = r.IDs.SpanID(r.ColumnText(c, prefix+"spanID", row))
		r.dropNoReference(l)
	}
}

// dropNoReference takes back the last link where it leads nowhere: some clients write an all-zero parent for none.
func (r *Reader) dropNoReference(l *trace.RawLink) {
	if l.Span.IsZero() {
		r.Span.Links = r.Span.Links[:len(r.Span.Links)-1]
	}
}
