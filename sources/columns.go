package sources

import (
	"bytes"

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

// eachAt returns where the elements of the next value stand, or the value itself where it is no list, and skips it.
// null is nothing.
func (r *reader) eachAt() []int {
	if r.null() {
		return nil
	}
	if !r.array() {
		off := r.valueAt()
		r.skip()
		return []int{off}
	}
	var at []int
	for r.element() {
		r.tick()
		at = append(at, r.valueAt())
		r.skip()
	}
	return at
}

// readAt reads with the position at off and comes back.
func (r *reader) readAt(off int, read func()) {
	if r.err != nil {
		return
	}
	end := r.pos
	r.pos, r.fresh = off, false
	read()
	if r.err == nil {
		r.pos, r.fresh = end, false
	}
}

// soleText is stringOf for a value that may stand alone in a list; the bytes are valid until the next call.
func (r *reader) soleText(field string) (text []byte) {
	if r.next() != '[' {
		return r.stringOf(field)
	}
	for i, off := range r.eachAt() {
		if i == 0 {
			r.readAt(off, func() { text = r.stringOf(field) })
		}
	}
	return text
}

// columnsOf takes the object that is open apart.
func (r *reader) columnsOf() columns {
	c := columns{}
	for key, ok := r.key(); ok; key, ok = r.key() {
		name := string(key)
		c[name] = append(c[name], r.eachAt()...)
	}
	return c
}

// text returns the string of a column's row; nil where there is none.
func (r *reader) columnText(c columns, key string, row int) (text []byte) {
	if row < len(c[key]) {
		r.readAt(c[key][row], func() { text = bytes.Clone(r.stringOf(key)) })
	}
	return text
}

// inColumns tells whether the object that follows is a list turned inside out: of the key, a list, a value.
func (r *reader) inColumns(key string) bool {
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
func (r *reader) referenceColumns(c columns, prefix string) {
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
func (r *reader) tagColumns(dst []trace.Attr, c columns, prefix string, x *jaegerExtra) []trace.Attr {
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

// rowLists appends what each object in a list of a document in columns holds: its own values may be lists of one.
func (r *reader) rowLists(at []int, read func(c columns)) {
	for _, off := range at {
		r.readAt(off, func() {
			if r.object() {
				read(r.columnsOf())
			} else {
				r.skip()
			}
		})
	}
}

// elasticRow reads and adds the span of a document in columns, whose object is open.
func (r *reader) elasticRow(start int) {
	c := r.columnsOf()
	if r.err != nil {
		return
	}
	r.raw.Reset()
	x := jaegerExtra{}
	for _, key := range [...]string{"traceID", "spanID", "parentSpanID", "operationName", "startTimeMillis", "startTime", "duration"} {
		if at := c[key]; len(at) > 0 {
			r.readAt(at[0], func() { r.jaegerField(&x, []byte(key)) })
		}
	}
	if r.raw.Trace.IsZero() || r.raw.ID.IsZero() || r.raw.Name == 0 || r.raw.Start == 0 {
		r.note(NoticeSkipped, "a row of fields without traceID, spanID, operationName and startTime was skipped: export the documents with their _source", start)
		return
	}
	r.referenceColumns(c, "references.")
	r.rowLists(c["references"], func(c columns) { r.referenceColumns(c, "") })
	attrs := r.tagColumns(r.raw.Attrs, c, "tags.", &x)
	r.rowLists(c["tags"], func(c columns) { attrs = r.tagColumns(attrs, c, "", &x) })
	r.raw.Attrs = r.dottedTags(attrs, c, "tag.", &x)
	r.rowLists(c["logs"], r.rowLog)
	r.rowProcess(c, &x)
	r.addJaegerSpan(nil, &x, start)
}

// rowLog appends a log in columns as an event.
func (r *reader) rowLog(c columns) {
	e := r.addEvent()
	if at := c["timestamp"]; len(at) > 0 {
		r.readAt(at[0], func() { e.Time = r.microsOf("logs.timestamp") })
	}
	attrs := r.tagColumns(e.Attrs, c, "fields.", nil)
	r.rowLists(c["fields"], func(c columns) { attrs = r.tagColumns(attrs, c, "", nil) })
	e.Attrs = attrs
	r.nameEvent(e)
}

// rowProcess makes the process of a document in columns.
func (r *reader) rowProcess(c columns, x *jaegerExtra) {
	for _, off := range c["process"] {
		r.readAt(off, func() { r.jaegerField(x, []byte("process")) })
	}
	if x.placed {
		return
	}
	var attrs []trace.Attr
	if name := r.columnText(c, "process.serviceName", 0); name != nil {
		attrs = append(attrs, r.b.String(r.names.service, name))
	}
	attrs = r.tagColumns(attrs, c, "process.tags.", nil)
	r.rowLists(c["process.tags"], func(c columns) { attrs = r.tagColumns(attrs, c, "", nil) })
	attrs = r.dottedTags(attrs, c, "process.tag.", nil)
	if len(attrs) > 0 {
		x.resource, x.placed = r.b.Resource(attrs, 0), true
	}
}
