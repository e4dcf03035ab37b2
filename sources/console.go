package sources

import "tracefall/sources/trace"

// isPythonConsole recognises the objects that the Python SDK's ConsoleSpanExporter prints.
func isPythonConsole(o *outline) bool {
	return o.is("context", '{') && o.has("name", "kind") && (o.has("start_time") || o.has("parent_id"))
}

// isJSConsole recognises the objects of the JavaScript SDK's ConsoleSpanExporter.
func isJSConsole(o *outline) bool {
	return o.has("traceId", "id") && (o.is("attributes", '{') || o.is("resource", '{')) &&
		(o.has("timestamp") || o.has("duration") || o.has("kind"))
}

// isJSSpan recognises the JavaScript SDK's spans themselves as JSON, which carry what is private to them.
func isJSSpan(o *outline) bool {
	return o.is("_spanContext", '{') && o.has("name") && (o.has("startTime") || o.has("_performanceStartTime"))
}

// pythonConsole reads one object of the Python SDK, or an array of them.
func (r consoleReader) pythonConsole() { r.eachObject(r.pythonSpan) }

// jsConsole reads one object of the JavaScript SDK, or an array of them.
func (r consoleReader) jsConsole() { r.eachObject(r.jsSpan) }

func (r consoleReader) pythonSpan() {
	r.raw.Reset()
	if !r.enterObject("span") {
		return
	}
	raw := &r.raw
	own := sdkSpan{resource: r.b.Resource(nil, 0), scope: r.b.Scope(0, 0, nil, 0)}
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(key) {
		case "name":
			raw.Name = r.symbolOf("name")
		case "context":
			c := r.spanContext("context")
			raw.Trace, raw.ID, raw.State = c.trace, c.span, c.state
		case "kind":
			raw.Kind = r.kindOf("kind")
		case "parent_id":
			raw.Parent = r.spanIDOf("parent_id")
		case "start_time":
			raw.Start = r.clockOf("start_time")
		case "end_time":
			raw.End = r.clockOf("end_time")
		case "status":
			r.sdkStatus(r.statusOf)
		case "attributes":
			raw.Attrs = r.plainAttributes(raw.Attrs)
		case "events":
			r.sdkEvents()
		case "links":
			r.sdkLinks()
		case "resource":
			own.resource = r.sdkResource()
		case "instrumentation_scope", "instrumentation_info":
			own.scope = r.scope()
		default:
			r.skip()
		}
	}
	r.addSDKSpan(own)
}

func (r consoleReader) jsSpan() {
	r.raw.Reset()
	if !r.enterObject("span") {
		return
	}
	raw := &r.raw
	own := sdkSpan{resource: r.b.Resource(nil, 0), scope: r.b.Scope(0, 0, nil, 0)}
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(key) {
		case "traceId":
			raw.Trace = r.traceIDOf("traceId")
		case "id":
			raw.ID = r.spanIDOf("id")
		case "parentId", "parentSpanId":
			raw.Parent = r.spanIDOf("parentId")
		case "_spanContext", "spanContext":
			c := r.spanContext("_spanContext")
			raw.Trace, raw.ID, raw.State = c.trace, c.span, c.state
		case "parentSpanContext":
			c := r.spanContext("parentSpanContext")
			raw.Parent, raw.ParentAt = c.span, c.at
		case "traceState":
			raw.State = r.symbolOf("traceState")
		case "name":
			raw.Name = r.symbolOf("name")
		case "kind":
			raw.Kind = r.jsKindOf("kind")
		case "timestamp":
			raw.Start = r.fineMicros("timestamp")
		case "duration":
			raw.Duration = r.fineMicros("duration")
		case "startTime":
			raw.Start = r.clockOf("startTime")
		case "endTime":
			raw.End = r.clockOf("endTime")
		case "_droppedAttributesCount":
			raw.DroppedAttrs = r.countOf("_droppedAttributesCount")
		case "_droppedEventsCount":
			raw.DroppedEvents = r.countOf("_droppedEventsCount")
		case "_droppedLinksCount":
			raw.DroppedLinks = r.countOf("_droppedLinksCount")
		case "attributes":
			raw.Attrs = r.plainAttributes(raw.Attrs)
		case "status":
			r.sdkStatus(r.statusOf)
		case "events":
			r.sdkEvents()
		case "links":
			r.sdkLinks()
		case "resource":
			own.resource = r.sdkResource()
		case "instrumentationScope", "instrumentationLibrary":
			own.scope = r.scope()
		default:
			r.skip()
		}
	}
	r.addSDKSpan(own)
}

// jsKindOf reads a kind as the JavaScript API numbers it: from INTERNAL, which is 0. Names are as elsewhere.
func (r consoleReader) jsKindOf(field string) trace.Kind {
	n, name, off := r.enumOf()
	if name != nil {
		if kind, ok := trace.ParseKind(string(name)); ok {
			return kind
		}
	} else if n >= 0 && n < int64(trace.KindConsumer) {
		return trace.Kind(n + 1)
	}
	if r.err == nil {
		r.bad(field, "a span kind", off)
	}
	return trace.KindUnspecified
}

// sdkContext is a span context: what identifies a span.
type sdkContext struct {
	trace trace.TraceID
	span  trace.SpanID
	state trace.Symbol
	at    trace.ParentPlace // of a parent's context
}

// spanContext reads a span context in the spelling of any SDK.
func (r consoleReader) spanContext(field string) (c sdkContext) {
	if !r.enterObject(field) {
		return c
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(key) {
		case "trace_id", "traceId", "TraceID":
			c.trace = r.traceIDOf("trace id")
		case "span_id", "spanId", "SpanID":
			c.span = r.spanIDOf("span id")
		case "trace_state", "traceState", "TraceState":
			if c.state = r.symbolOf("trace state"); r.b.Text(c.state) == "[]" { // Python's for none
				c.state = 0
			}
		case "isRemote", "Remote":
			if c.at = trace.ParentLocal; r.boolOf("remote") {
				c.at = trace.ParentRemote
			}
		default:
			r.skip()
		}
	}
	if c.span.IsZero() {
		c.at = trace.ParentAnywhere
	}
	return c
}

// sdkStatus reads a status in the spelling of any SDK; code reads its code.
func (r consoleReader) sdkStatus(code func(field string) trace.Status) {
	if r.next() == '"' {
		r.raw.Status = code("status")
		return
	}
	if !r.enterObject("status") {
		return
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(key) {
		case "status_code", "code", "Code":
			r.raw.Status = code("status code")
		case "description", "message", "Description":
			if r.next() == '"' {
				r.raw.Message = r.stringAttr(0, "status message")
				continue
			}
			r.skip()
		default:
			r.skip()
		}
	}
	if r.raw.Message == r.b.String(0, nil) {
		r.raw.Message = trace.Attr{}
	}
}

// sdkEvents reads events in the spelling of any SDK.
func (r consoleReader) sdkEvents() {
	if !r.enterArray("events") {
		return
	}
	for r.element() {
		if !r.enterObject("events") {
			continue
		}
		e := r.addEvent()
		for key, ok := r.key(); ok; key, ok = r.key() {
			switch string(key) {
			case "name", "Name":
				e.Name = r.symbolOf("events.name")
			case "timestamp", "time", "Time":
				e.Time = r.clockOf("events time")
			case "attributes", "Attributes":
				e.Attrs = r.sdkAttributes(e.Attrs)
			case "droppedAttributesCount", "dropped_attributes", "DroppedAttributeCount":
				e.Dropped = r.countOf("events dropped attributes")
			default:
				r.skip()
			}
		}
	}
}

// sdkLinks reads links in the spelling of any SDK.
func (r consoleReader) sdkLinks() {
	if !r.enterArray("links") {
		return
	}
	for r.element() {
		if !r.enterObject("links") {
			continue
		}
		l := r.addLink()
		for key, ok := r.key(); ok; key, ok = r.key() {
			switch string(key) {
			case "context", "SpanContext":
				c := r.spanContext("links context")
				l.Trace, l.Span, l.State = c.trace, c.span, c.state
			case "attributes", "Attributes":
				l.Attrs = r.sdkAttributes(l.Attrs)
			case "droppedAttributesCount", "dropped_attributes", "DroppedAttributeCount":
				l.Dropped = r.countOf("links dropped attributes")
			default:
				r.skip()
			}
		}
	}
}

// sdkAttributes reads attributes: Go's list of typed pairs, or the object of the other SDKs.
func (r consoleReader) sdkAttributes(dst []trace.Attr) []trace.Attr {
	if r.next() == '[' {
		return r.goAttributes(dst)
	}
	return r.plainAttributes(dst)
}

// sdkResource reads {"attributes":{…}}, or the attributes themselves, as Python wrote them up to 1.13. JavaScript's
// resources as JSON have them in private fields, once each: "_attributes" up to 1.30, "_rawAttributes" as pairs since.
func (r consoleReader) sdkResource() uint32 {
	attrs := r.shared[:0]
	if !r.enterObject("resource") {
		return r.b.Resource(nil, 0)
	}
	own := false // what is private counts where there is nothing else
	for key, ok := r.key(); ok; key, ok = r.key() {
		if string(key) == "attributes" && r.next() == '{' {
			attrs, own = r.plainAttributes(attrs[:0]), true
			continue
		}
		attrs = r.looseResource(attrs, key, own)
	}
	r.shared = attrs
	return r.b.Resource(attrs, 0)
}

// consoleReader reads what SDKs print. They print a scope as OTLP has it.
type consoleReader struct{ *otlpReader }

func readPythonConsole(r *reader) decoder {
	return decoder{document: consoleReader{newOTLPReader(r)}.pythonConsole}
}
func readJSConsole(r *reader) decoder {
	return decoder{document: consoleReader{newOTLPReader(r)}.jsConsole}
}
func readSpanStub(r *reader) decoder {
	return decoder{document: consoleReader{newOTLPReader(r)}.spanStub}
}

// consoleFormats are what the console exporters of SDKs print.
func consoleFormats() []format {
	list := []format{
		{document: isPythonConsole, open: readPythonConsole},
		{document: isJSConsole, open: readJSConsole},
		{document: isJSSpan, open: readJSConsole},
		{binary: isInspect, open: readInspected},
		{document: isSpanStub, open: readSpanStub},
	}
	for i := range list {
		list[i].name, list[i].sure = "SDK console output", func(o *outline) bool { return !o.has("traceId", "id") }
	}
	return list
}
