package otlp

import (
	"tracefall/sources/decode"
	"tracefall/sources/trace"
)

func (r *Reader) spans(doc *otlpDocument, origin uint32) {
	if !r.EnterArray("spans") {
		return
	}
	for r.Element() {
		r.Tick()
		if r.span(); r.Err != nil {
			return // a span that was cut short is not a span
		}
		if r.Span.ID != (trace.SpanID{}) || r.Span.Name != 0 || r.Span.Start != 0 {
			r.Span.Origin = origin
			doc.seenTrace(r.Span.Trace)
			r.B.Add(&r.Span)
			r.Good = r.Pos
		}
	}
}

// span reads one OTLP span into raw.
func (r *Reader) span() {
	off := r.ValueAt()
	r.Span.Reset()
	if !r.quickSpan() && !r.EnterObject("spans") {
		return
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		r.spanField(key)
	}
	if r.Err == nil {
		r.needsIDs(off)
	}
}

// needsIDs notes what the span at off is not identified by.
func (r *Reader) needsIDs(off int) {
	if r.Span.Trace.IsZero() {
		r.Bad("traceId", "an id", off)
	}
	if r.Span.ID.IsZero() {
		r.Bad("spanId", "an id", off)
	}
}

func (r *Reader) spanField(key []byte) {
	raw := &r.Span
	switch string(key) {
	case "traceId":
		raw.Trace = r.TraceIDOf("traceId")
	case "spanId":
		raw.ID = r.SpanIDOf("spanId")
	case "parentSpanId":
		raw.Parent = r.SpanIDOf("parentSpanId")
	case "name":
		raw.Name = r.SymbolOf("name")
	case "kind":
		raw.Kind = r.KindOf("kind")
	case "startTimeUnixNano":
		raw.Start = r.NanosOf("startTimeUnixNano")
	case "endTimeUnixNano":
		raw.End = r.NanosOf("endTimeUnixNano")
	case "attributes":
		raw.Attrs = r.attributes(raw.Attrs)
	case "status":
		r.status()
	case "events":
		r.events()
	case "links":
		r.links()
	case "traceState":
		raw.State = r.SymbolOf("traceState")
	case "flags":
		raw.ParentAt = decode.ParentPlace(r.CountOf("flags"))
	case "droppedAttributesCount":
		raw.DroppedAttrs = r.CountOf("droppedAttributesCount")
	case "droppedEventsCount":
		raw.DroppedEvents = r.CountOf("droppedEventsCount")
	case "droppedLinksCount":
		raw.DroppedLinks = r.CountOf("droppedLinksCount")
	default:
		r.oddField(key, r.spanField)
	}
}

// oddField reads a field under its camel-case name where it has another spelling, and skips it where not.
func (r *Reader) oddField(key []byte, read func([]byte)) {
	camel := r.camel(key)
	if string(camel) == string(key) {
		r.Skip()
		return
	}
	read(camel)
}

func (r *Reader) status() {
	if !r.EnterObject("status") {
		return
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(r.camel(key)) {
		case "code":
			r.Span.Status = r.StatusOf("status.code")
		case "message":
			r.Span.Message = r.StringAttr(0, "status.message")
		default:
			r.Skip()
		}
	}
}

func (r *Reader) events() {
	if !r.EnterArray("events") {
		return
	}
	for r.Element() {
		if r.EnterObject("events") {
			e := r.AddEvent()
			for key, ok := r.Key(); ok; key, ok = r.Key() {
				r.eventField(e, key)
			}
		}
	}
}

func (r *Reader) eventField(e *trace.RawEvent, key []byte) {
	switch string(key) {
	case "timeUnixNano":
		e.Time = r.NanosOf("timeUnixNano")
	case "name":
		e.Name = r.SymbolOf("name")
	case "attributes":
		e.Attrs = r.attributes(e.Attrs)
	case "droppedAttributesCount":
		e.Dropped = r.CountOf("droppedAttributesCount")
	default:
		r.oddField(key, func(key []byte) { r.eventField(e, key) })
	}
}

func (r *Reader) links() {
	if !r.EnterArray("links") {
		return
	}
	for r.Element() {
		if r.EnterObject("links") {
			l := r.AddLink()
			for key, ok := r.Key(); ok; key, ok = r.Key() {
				r.linkField(l, key)
			}
			l.Kind, l.Attrs = r.LinkKind(l.Attrs)
		}
	}
}

func (r *Reader) linkField(l *trace.RawLink, key []byte) {
	switch string(key) {
	case "traceId":
		l.Trace = r.IDs.TraceID(r.IDTextOf("links.traceId"))
	case "spanId":
		l.Span = r.SpanIDOf("links.spanId")
	case "traceState":
		l.State = r.SymbolOf("links.traceState")
	case "attributes":
		l.Attrs = r.attributes(l.Attrs)
	case "droppedAttributesCount":
		l.Dropped = r.CountOf("droppedAttributesCount")
	case "flags":
		r.Skip()
	default:
		r.oddField(key, func(key []byte) { r.linkField(l, key) })
	}
}
