package elastic

import (
	"tracefall/sources/decode"
	"tracefall/sources/jaeger"
	"tracefall/sources/trace"
)

// rowLists appends what each object in a list of a document in columns holds: its own values may be lists of one.
func (r *reader) rowLists(at []int, read func(c jaeger.Columns)) {
	for _, off := range at {
		r.ReadAt(off, func() {
			if r.Object() {
				read(r.ColumnsOf())
			}
		})
	}
}

// rowTags appends tags that stand in columns of the document, or of the objects in a list.
func (r *reader) rowTags(dst []trace.Attr, c jaeger.Columns, key string, x *jaeger.Extra) []trace.Attr {
	dst = r.TagColumns(dst, c, key+".", x)
	r.rowLists(c[key], func(c jaeger.Columns) { dst = r.TagColumns(dst, c, "", x) })
	return dst
}

// row reads and adds the span of a document in columns, whose object is open.
func (r *reader) row(start int) {
	c := r.ColumnsOf()
	if r.Err != nil {
		return
	}
	r.Span.Reset()
	x := jaeger.Extra{}
	for _, key := range [...]string{"traceID", "spanID", "parentSpanID", "operationName", "startTimeMillis", "startTime", "duration"} {
		if at := c[key]; len(at) > 0 {
			r.ReadAt(at[0], func() { r.SpanField(&x, []byte(key)) })
		}
	}
	if r.Span.Trace.IsZero() || r.Span.ID.IsZero() || r.Span.Name == 0 || r.Span.Start == 0 {
		r.Note(decode.NoticeSkipped, "row without traceID, spanID, operationName and startTime skipped: export the documents with _source", start)
		return
	}
	r.ReferenceColumns(c, "references.")
	r.rowLists(c["references"], func(c jaeger.Columns) { r.ReferenceColumns(c, "") })
	r.Span.Attrs = r.DottedTags(r.rowTags(r.Span.Attrs, c, "tags", &x), c, "tag.", &x)
	r.rowLists(c["logs"], r.rowLog)
	r.rowProcess(c, &x)
	r.AddSpan(nil, &x, start)
}

// rowLog appends a log in columns as an event.
func (r *reader) rowLog(c jaeger.Columns) {
	e := r.AddEvent()
	if at := c["timestamp"]; len(at) > 0 {
		r.ReadAt(at[0], func() { e.Time = r.FineMicros("logs.timestamp") })
	}
	e.Attrs = r.rowTags(e.Attrs, c, "fields", nil)
	r.NameEvent(e)
}

// rowProcess makes the process of a document in columns.
func (r *reader) rowProcess(c jaeger.Columns, x *jaeger.Extra) {
	for _, off := range c["process"] {
		r.ReadAt(off, func() { r.SpanField(x, []byte("process")) })
	}
	if x.Placed {
		return
	}
	var attrs []trace.Attr
	if name := r.ColumnText(c, "process.serviceName", 0); name != nil {
		attrs = append(attrs, r.B.String(r.Names.Service, name))
	}
	attrs = r.DottedTags(r.rowTags(attrs, c, "process.tags", nil), c, "process.tag.", nil)
	if len(attrs) > 0 {
		x.Resource, x.Placed = r.B.Resource(attrs, 0), true
	}
}
