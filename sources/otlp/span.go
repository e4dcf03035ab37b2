package otlp

import (
	"tracefall/sources/decode"
	"tracefall/sources/trace"
)

// resource reads a resource. The same bytes as one of the last few are the same resource.
func (r *Reader) resource() uint32 {
	return r.resources.Number(r.Reader, func() uint32 {
		attrs, dropped, own := r.Shared[:0], uint32(0), false
		for key, ok := r.KeyIn("resource"); ok; key, ok = r.Key() {
			switch key = r.camel(key); string(key) {
			case "attributes":
				attrs, own = r.attributes(attrs), true
			case "droppedAttributesCount":
				dropped = r.CountOf("droppedAttributesCount")
			default:
				attrs = r.LooseResource(attrs, key, own)
			}
		}
		r.Shared = attrs
		return r.B.Resource(attrs, dropped)
	})
}

// Scope reads an instrumentation scope.
func (r *Reader) Scope() uint32 {
	return r.scopes.Number(r.Reader, func() uint32 {
		attrs, dropped := r.Shared[:0], uint32(0)
		var name, version trace.Symbol
		for key, ok := r.KeyIn("scope"); ok; key, ok = r.Key() {
			switch string(r.camel(key)) {
			case "name":
				name = r.SymbolOf("scope.name")
			case "version":
				version = r.SymbolOf("scope.version")
			case "attributes":
				attrs = r.attributes(attrs)
			case "droppedAttributesCount":
				dropped = r.CountOf("droppedAttributesCount")
			}
		}
		r.Shared = attrs
		return r.B.Scope(name, version, attrs, dropped)
	})
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
		if name := r.camel(key); string(name) != string(key) {
			r.spanField(name)
		}
	}
}

func (r *Reader) status() {
	for key, ok := r.KeyIn("status"); ok; key, ok = r.Key() {
		switch string(r.camel(key)) {
		case "code":
			r.Span.Status = r.StatusOf("status.code")
		case "message":
			r.Span.Message = r.StringAttr(0, "status.message")
		}
	}
}

func (r *Reader) events() {
	for range r.ObjectsOf("events") {
		e := r.AddEvent()
		for key, ok := r.Key(); ok; key, ok = r.Key() {
			switch string(r.camel(key)) {
			case "timeUnixNano":
				e.Time = r.NanosOf("timeUnixNano")
			case "name":
				e.Name = r.SymbolOf("name")
			case "attributes":
				e.Attrs = r.attributes(e.Attrs)
			case "droppedAttributesCount":
				e.Dropped = r.CountOf("droppedAttributesCount")
			}
		}
	}
}

func (r *Reader) links() {
	for range r.ObjectsOf("links") {
		l := r.AddLink()
		for key, ok := r.Key(); ok; key, ok = r.Key() {
			switch string(r.camel(key)) {
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
			}
		}
		l.Kind, l.Attrs = r.LinkKind(l.Attrs)
	}
}
