package sources

import (
	"bytes"
	"maps"
	"slices"
	"strings"

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

// columns is where the values of each key stand.
type columns map[string][]int

// columnsOf takes the object that is open apart.
func (r *jaegerReader) columnsOf() columns {
	c := columns{}
	for key, ok := r.key(); ok; key, ok = r.key() {
		name := string(key)
		c[name] = append(c[name], r.eachAt()...)
	}
	return c
}

// text returns the string of a column's row; nil where there is none.
func (r *jaegerReader) columnText(c columns, key string, row int) (text []byte) {
	if row < len(c[key]) {
		r.readAt(c[key][row], func() { text = bytes.Clone(r.stringOf(key)) })
	}
	return text
}

// inColumns tells whether the object that follows is a list turned inside out: of the key, a list, a value.
func (r *jaegerReader) inColumns(key string) bool {
	start := r.pos
	found := false
	if r.object() {
		for name, ok := r.key(); ok && !found; name, ok = r.key() {
			found = string(name) == key && r.next() == '['
			r.skip()
		}
	}
	if r.err == nil {
		r.pos, r.fresh = start, false
	}
	return found
}

// referenceColumns appends references in columns, whose keys begin with a prefix.
func (r *jaegerReader) referenceColumns(c columns, prefix string) {
	for row := range c[prefix+"spanID"] {
		l := r.addLink()
		l.Trace, l.Kind = r.raw.Trace, refKind(r.columnText(c, prefix+"refType", row))
		if text := r.columnText(c, prefix+"traceID", row); len(text) > 0 {
			l.Trace = r.ids.traceID(text)
		}
		if l.Span = r.ids.spanID(r.columnText(c, prefix+"spanID", row)); l.Span.IsZero() {
			r.raw.Links = r.raw.Links[:len(r.raw.Links)-1]
		}
	}
}

// tagColumns appends tags in columns, whose keys begin with a prefix.
func (r *jaegerReader) tagColumns(dst []trace.Attr, c columns, prefix string, x *jaegerExtra) []trace.Attr {
	for row := range c[prefix+"key"] {
		name := r.columnText(c, prefix+"key", row)
		if row >= len(c[prefix+"value"]) {
			break
		}
		t, meaning := tag{name: r.b.Symbol(name)}, tagPlain
		if kind := r.columnText(c, prefix+"type", row); len(kind) > 0 {
			t.kind = kind[0] | 0x20
		}
		if x != nil {
			meaning = meanings[string(name)]
		}
		r.readAt(c[prefix+"value"][row], func() { dst = r.tagValue(dst, &t, x, meaning) })
	}
	return dst
}

// dottedTags appends the tags that are keys of the whole document, with a prefix.
func (r *jaegerReader) dottedTags(dst []trace.Attr, c columns, prefix string, x *jaegerExtra) []trace.Attr {
	for _, key := range slices.Sorted(maps.Keys(c)) {
		name, ok := strings.CutPrefix(key, prefix)
		if !ok || len(c[key]) == 0 {
			continue
		}
		name = strings.ReplaceAll(name, "@", ".")
		t, meaning := tag{name: r.b.Symbol([]byte(name))}, tagPlain
		if x != nil {
			meaning = meanings[name]
		}
		r.readAt(c[key][0], func() { dst = r.tagValue(dst, &t, x, meaning) })
	}
	return dst
}

// flatTags reads the object "tag", in which Jaeger's Elasticsearch storage keeps the tags that are to be
// searched: a key's dots are written as @.
func (r *jaegerReader) flatTags(dst []trace.Attr, x *jaegerExtra) []trace.Attr {
	if !r.enterObject("tag") {
		return dst
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		key = bytes.ReplaceAll(key, []byte("@"), []byte("."))
		t, meaning := tag{name: r.b.Symbol(key)}, tagPlain
		if x != nil {
			meaning = meanings[string(key)]
		}
		dst = r.tagValue(dst, &t, x, meaning)
	}
	return dst
}
