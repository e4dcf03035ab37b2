package otlp

import "tracefall/sources/decode"

// People cut OTLP JSON apart, and some exporters never put it together: what stands below "resourceSpans" is a
// document of its own then, alone, in an array, one a line or one after the other.

// isOTLPResource recognises elements of resourceSpans, such as Java's logging-otlp exporter prints one a line.
func isOTLPResource(o *decode.Outline) bool {
	return o.Is("scopeSpans", '[') || o.Is("scope_spans", '[') || o.Is("ScopeSpans", '[') ||
		o.Is("instrumentationLibrarySpans", '[') || o.Is("instrumentation_library_spans", '[')
}

// isOTLPScope recognises elements of scopeSpans.
func isOTLPScope(o *decode.Outline) bool {
	return o.Is("spans", '[') && (o.Is("scope", '{') || o.Is("instrumentationLibrary", '{') || o.Is("instrumentation_library", '{')) &&
		!o.Has("traceID") && !o.Has("traceId")
}

// isOTLPSpan recognises elements of spans.
func isOTLPSpan(o *decode.Outline) bool {
	return (o.Has("traceId", "spanId") && (o.Has("startTimeUnixNano") || o.Has("endTimeUnixNano"))) ||
		(o.Has("trace_id", "span_id") && (o.Has("start_time_unix_nano") || o.Has("end_time_unix_nano"))) ||
		o.Has("TraceId", "SpanId", "StartTimeUnixNano")
}

// otlpResources reads elements of resourceSpans.
func (r *Reader) otlpResources() {
	doc := otlpDocument{}
	r.EachObject(func() { r.resourceSpan(&doc) })
}

// otlpScopes reads elements of scopeSpans, whose resource is not there.
func (r *Reader) otlpScopes() {
	doc := otlpDocument{}
	r.Once(decode.NoticeFields, "spans without a resource, so without a service", r.ValueAt())
	r.EachObject(func() { r.scopeSpan(&doc, r.B.Resource(nil, 0)) })
}

// otlpSpans reads elements of spans. Their resource and scope are not there, unless someone put them into the spans.
func (r *Reader) otlpSpans() { r.EachObject(r.otlpSpan) }

func (r *Reader) otlpSpan() {
	off := r.ValueAt()
	r.Span.Reset()
	if !r.EnterObject("spans") {
		return
	}
	own, known := decode.Owner{Resource: r.B.Resource(nil, 0), Scope: r.B.Scope(0, 0, nil, 0)}, false
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(r.camel(key)) {
		case "resource":
			own.Resource, known = r.resource(), true
		case "scope", "instrumentationScope", "instrumentationLibrary":
			own.Scope = r.Scope()
		default:
			r.spanField(key)
		}
	}
	if r.Err != nil {
		return // a span that was cut short is not a span
	}
	r.needsIDs(off)
	if !known {
		r.Once(decode.NoticeFields, "spans without a resource, so without a service", off)
	}
	r.AddOwned(own)
}
