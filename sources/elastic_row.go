package sources

import "tracefall/sources/trace"

// rowLists appends what each object in a list of a document in columns holds: its own values may be lists of one.
func (r *elasticReader) rowLists(at []int, read func(c columns)) {
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
func (r *elasticReader) elasticRow(start int) {
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
func (r *elasticReader) rowLog(c columns) {
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
func (r *elasticReader) rowProcess(c columns, x *jaegerExtra) {
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
