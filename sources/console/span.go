package console

import (
	"tracefall/sources/decode"
	"tracefall/sources/jsonscan"
	"tracefall/sources/otlp"
	"tracefall/sources/trace"
)

// reader reads what SDKs print. They print a scope as OTLP has it.
type reader struct {
	*otlp.Reader
	own decode.Owner // of the span that is being read
}

// span reads and adds one span, of which field reads each field.
func (r *reader) span(field func(r *reader, key []byte)) {
	r.Span.Reset()
	r.own = decode.Owner{}
	if !r.EnterObject("span") {
		return
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		field(r, key)
	}
	r.AddOwned(r.own)
}

// field reads a field that the SDKs of Python and JavaScript have.
func (r *reader) field(key []byte) {
	switch string(key) {
	case "name":
		r.Span.Name = r.SymbolOf("name")
	case "attributes":
		r.Span.Attrs = r.PlainAttributes(r.Span.Attrs)
	case "status":
		r.status(r.StatusOf)
	case "events":
		r.events()
	case "links":
		r.links()
	case "resource":
		r.own.Resource = r.resource()
	case "instrumentation_scope", "instrumentation_info", "instrumentationScope", "instrumentationLibrary":
		r.own.Scope = r.Scope()
	}
}

func (r *reader) pythonField(key []byte) {
	raw := &r.Span
	switch string(key) {
	case "context":
		c := r.spanContext("context")
		raw.Trace, raw.ID, raw.State = c.trace, c.span, c.state
	case "kind":
		raw.Kind = r.KindOf("kind")
	case "parent_id":
		raw.Parent = r.SpanIDOf("parent_id")
	case "start_time":
		raw.Start = r.ClockOf("start_time")
	case "end_time":
		raw.End = r.ClockOf("end_time")
	default:
		r.field(key)
	}
}

func (r *reader) jsField(key []byte) {
	raw := &r.Span
	switch string(key) {
	case "traceId":
		raw.Trace = r.TraceIDOf("traceId")
	case "id":
		raw.ID = r.SpanIDOf("id")
	case "parentId", "parentSpanId":
		raw.Parent = r.SpanIDOf("parentId")
	case "_spanContext", "spanContext":
		c := r.spanContext("_spanContext")
		raw.Trace, raw.ID, raw.State = c.trace, c.span, c.state
	case "parentSpanContext":
		c := r.spanContext("parentSpanContext")
		raw.Parent, raw.ParentAt = c.span, c.at
	case "traceState":
		raw.State = r.SymbolOf("traceState")
	case "kind":
		raw.Kind = r.jsKindOf("kind")
	case "timestamp":
		raw.Start = r.FineMicros("timestamp")
	case "duration":
		raw.Duration = r.FineMicros("duration")
	case "startTime":
		raw.Start = r.ClockOf("startTime")
	case "endTime":
		raw.End = r.ClockOf("endTime")
	case "_droppedAttributesCount":
		raw.DroppedAttrs = r.CountOf("_droppedAttributesCount")
	case "_droppedEventsCount":
		raw.DroppedEvents = r.CountOf("_droppedEventsCount")
	case "_droppedLinksCount":
		raw.DroppedLinks = r.CountOf("_droppedLinksCount")
	default:
		r.field(key)
	}
}

func (r *reader) goField(key []byte) {
	raw := &r.Span
	switch string(key) {
	case "Name":
		raw.Name = r.SymbolOf("Name")
	case "SpanContext":
		c := r.spanContext("SpanContext")
		raw.Trace, raw.ID, raw.State = c.trace, c.span, c.state
	case "Parent":
		c := r.spanContext("Parent")
		raw.Parent, raw.ParentAt = c.span, c.at
	case "SpanKind":
		raw.Kind = r.KindOf("SpanKind")
	case "StartTime":
		raw.Start = r.ClockOf("StartTime")
	case "EndTime":
		raw.End = r.ClockOf("EndTime")
	case "Attributes":
		raw.Attrs = r.goAttributes(raw.Attrs)
	case "Events":
		r.events()
	case "Links":
		r.links()
	case "Status":
		r.status(r.goStatusOf)
	case "DroppedAttributes":
		raw.DroppedAttrs = r.CountOf("DroppedAttributes")
	case "DroppedEvents":
		raw.DroppedEvents = r.CountOf("DroppedEvents")
	case "DroppedLinks":
		raw.DroppedLinks = r.CountOf("DroppedLinks")
	case "Resource":
		r.Shared = r.goAttributes(r.Shared[:0])
		r.own.Resource = r.B.Resource(r.Shared, 0)
	case "InstrumentationScope", "InstrumentationLibrary":
		r.own.Scope = r.goScope()
	}
}

// jsKindOf reads a kind as the JavaScript API numbers it: from INTERNAL, which is 0. Names are as elsewhere.
func (r *reader) jsKindOf(field string) trace.Kind {
	n, name, off := r.EnumOf()
	if name != nil {
		if kind, ok := trace.ParseKind(string(name)); ok {
			return kind
		}
	} else if n >= 0 && n < int64(trace.KindConsumer) {
		return trace.Kind(n + 1)
	}
	if r.Err == nil {
		r.Bad(field, "a span kind", off)
	}
	return trace.KindUnspecified
}

// goStatusOf reads a status code, whose numbers in the Go API are not OTLP's: Error is 1, Ok is 2.
func (r *reader) goStatusOf(field string) trace.Status {
	if off := r.ValueAt(); jsonscan.IsDigit(r.Next()) {
		codes := [...]trace.Status{trace.StatusUnset, trace.StatusError, trace.StatusOK}
		if n := r.Int64Of(field); n >= 0 && n < int64(len(codes)) {
			return codes[n]
		}
		if r.Err == nil {
			r.Bad(field, "a status code", off)
		}
		return trace.StatusUnset
	}
	return r.StatusOf(field)
}

func (r *reader) goScope() uint32 {
	var name, version trace.Symbol
	attrs := r.Shared[:0]
	for key, ok := r.KeyIn("InstrumentationScope"); ok; key, ok = r.Key() {
		switch string(key) {
		case "Name":
			name = r.SymbolOf("scope.Name")
		case "Version":
			version = r.SymbolOf("scope.Version")
		case "Attributes":
			attrs = r.goAttributes(attrs)
		}
	}
	r.Shared = attrs
	return r.B.Scope(name, version, attrs, 0)
}
