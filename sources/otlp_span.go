package sources

import (
	"tracefall/sources/trace"
)

func (r *otlpReader) spans(doc *otlpDocument, origin uint32) {
	if !r.enterArray("spans") {
		return
	}
	for r.element() {
		r.tick()
		if r.span(); r.err != nil {
			return // a span that was cut short is not a span
		}
		if r.raw.ID != (trace.SpanID{}) || r.raw.Name != 0 || r.raw.Start != 0 {
			r.raw.Origin = origin
			doc.seenTrace(r.raw.Trace)
			r.b.Add(&r.raw)
			r.good = r.pos
		}
	}
}

// span reads one OTLP span into raw.
func (r *otlpReader) span() {
	off := r.valueAt()
	r.raw.Reset()
	if !r.quickSpan() && !r.enterObject("spans") {
		return
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		r.spanField(key)
	}
	if r.err == nil {
		r.needsIDs(off)
	}
}

// needsIDs notes what the span at off is not identified by.
func (r *otlpReader) needsIDs(off int) {
	if r.raw.Trace.IsZero() {
		r.bad("traceId", "an id", off)
	}
	if r.raw.ID.IsZero() {
		r.bad("spanId", "an id", off)
	}
}

func (r *otlpReader) spanField(key []byte) {
	raw := &r.raw
	switch string(key) {
	case "traceId":
		raw.Trace = r.traceIDOf("traceId")
	case "spanId":
		raw.ID = r.spanIDOf("spanId")
	case "parentSpanId":
		raw.Parent = r.spanIDOf("parentSpanId")
	case "name":
		raw.Name = r.symbolOf("name")
	case "kind":
		raw.Kind = r.kindOf("kind")
	case "startTimeUnixNano":
		raw.Start = r.nanosOf("startTimeUnixNano")
	case "endTimeUnixNano":
		raw.End = r.nanosOf("endTimeUnixNano")
	case "attributes":
		raw.Attrs = r.attributes(raw.Attrs)
	case "status":
		r.status()
	case "events":
		r.events()
	case "links":
		r.links()
	case "traceState":
		raw.State = r.symbolOf("traceState")
	case "flags":
		raw.ParentAt = parentPlace(r.countOf("flags"))
	case "droppedAttributesCount":
		raw.DroppedAttrs = r.countOf("droppedAttributesCount")
	case "droppedEventsCount":
		raw.DroppedEvents = r.countOf("droppedEventsCount")
	case "droppedLinksCount":
		raw.DroppedLinks = r.countOf("droppedLinksCount")
	default:
		r.oddField(key, r.spanField)
	}
}

// oddField reads a field under its camel-case name where it has another spelling, and skips it where not.
func (r *otlpReader) oddField(key []byte, read func([]byte)) {
	camel := r.camel(key)
	if string(camel) == string(key) {
		r.skip()
		return
	}
	read(camel)
}

func (r *otlpReader) status() {
	if !r.enterObject("status") {
		return
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(r.camel(key)) {
		case "code":
			r.raw.Status = r.statusOf("status.code")
		case "message":
			r.raw.Message = r.stringAttr(0, "status.message")
		default:
			r.skip()
		}
	}
}

func (r *otlpReader) events() {
	if !r.enterArray("events") {
		return
	}
	for r.element() {
		if r.enterObject("events") {
			e := r.addEvent()
			for key, ok := r.key(); ok; key, ok = r.key() {
				r.eventField(e, key)
			}
		}
	}
}

func (r *otlpReader) eventField(e *trace.RawEvent, key []byte) {
	switch string(key) {
	case "timeUnixNano":
		e.Time = r.nanosOf("timeUnixNano")
	case "name":
		e.Name = r.symbolOf("name")
	case "attributes":
		e.Attrs = r.attributes(e.Attrs)
	case "droppedAttributesCount":
		e.Dropped = r.countOf("droppedAttributesCount")
	default:
		r.oddField(key, func(key []byte) { r.eventField(e, key) })
	}
}

func (r *otlpReader) links() {
	if !r.enterArray("links") {
		return
	}
	for r.element() {
		if r.enterObject("links") {
			l := r.addLink()
			for key, ok := r.key(); ok; key, ok = r.key() {
				r.linkField(l, key)
			}
			l.Kind, l.Attrs = r.linkKind(l.Attrs)
		}
	}
}

func (r *otlpReader) linkField(l *trace.RawLink, key []byte) {
	switch string(key) {
	case "traceId":
		l.Trace = r.ids.traceID(r.idTextOf("links.traceId"))
	case "spanId":
		l.Span = r.spanIDOf("links.spanId")
	case "traceState":
		l.State = r.symbolOf("links.traceState")
	case "attributes":
		l.Attrs = r.attributes(l.Attrs)
	case "droppedAttributesCount":
		l.Dropped = r.countOf("droppedAttributesCount")
	case "flags":
		r.skip()
	default:
		r.oddField(key, func(key []byte) { r.linkField(l, key) })
	}
}
