package sources

// People cut OTLP JSON apart, and some exporters never put it together: what stands below "resourceSpans" is a
// document of its own then, alone, in an array, one a line or one after the other.

// isOTLPResource recognises elements of resourceSpans, such as Java's logging-otlp exporter prints one a line.
func isOTLPResource(o *outline) bool {
	return o.is("scopeSpans", '[') || o.is("scope_spans", '[') || o.is("ScopeSpans", '[') ||
		o.is("instrumentationLibrarySpans", '[') || o.is("instrumentation_library_spans", '[')
}

// isOTLPScope recognises elements of scopeSpans.
func isOTLPScope(o *outline) bool {
	return o.is("spans", '[') && (o.is("scope", '{') || o.is("instrumentationLibrary", '{') || o.is("instrumentation_library", '{')) &&
		!o.has("traceID") && !o.has("traceId")
}

// isOTLPSpan recognises elements of spans.
func isOTLPSpan(o *outline) bool {
	return (o.has("traceId", "spanId") && (o.has("startTimeUnixNano") || o.has("endTimeUnixNano"))) ||
		(o.has("trace_id", "span_id") && (o.has("start_time_unix_nano") || o.has("end_time_unix_nano"))) ||
		o.has("TraceId", "SpanId", "StartTimeUnixNano")
}

// otlpResources reads elements of resourceSpans.
func (r *otlpReader) otlpResources() {
	doc := otlpDocument{}
	r.eachObject(func() { r.resourceSpan(&doc) })
}

// otlpScopes reads elements of scopeSpans, whose resource is not there.
func (r *otlpReader) otlpScopes() {
	doc := otlpDocument{}
	r.once(NoticeFields, "spans without a resource, so without a service", r.valueAt())
	r.eachObject(func() { r.scopeSpan(&doc, r.b.Resource(nil, 0)) })
}

// otlpSpans reads elements of spans. Their resource and scope are not there, unless someone put them into the spans.
func (r *otlpReader) otlpSpans() { r.eachObject(r.otlpSpan) }

func (r *otlpReader) otlpSpan() {
	off := r.valueAt()
	r.raw.Reset()
	if !r.enterObject("spans") {
		return
	}
	own, known := sdkSpan{resource: r.b.Resource(nil, 0), scope: r.b.Scope(0, 0, nil, 0)}, false
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(r.camel(key)) {
		case "resource":
			own.resource, known = r.resource(), true
		case "scope", "instrumentationScope", "instrumentationLibrary":
			own.scope = r.scope()
		default:
			r.spanField(key)
		}
	}
	if r.err != nil {
		return // a span that was cut short is not a span
	}
	r.needsIDs(off)
	if !known {
		r.once(NoticeFields, "spans without a resource, so without a service", off)
	}
	r.addSDKSpan(own)
}
