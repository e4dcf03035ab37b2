package console

import (
	"tracefall/sources/decode"
	"tracefall/sources/otlp"
	"tracefall/sources/trace"
)

// isPythonConsole recognises the objects that the Python SDK's ConsoleSpanExporter prints.
func isPythonConsole(o *decode.Outline) bool {
	return o.Is("context", '{') && o.Has("name", "kind") && (o.Has("start_time") || o.Has("parent_id"))
}

// isJSConsole recognises the objects of the JavaScript SDK's ConsoleSpanExporter.
func isJSConsole(o *decode.Outline) bool {
	return o.Has("traceId", "id") && (o.Is("attributes", '{') || o.Is("resource", '{')) &&
		(o.Has("timestamp") || o.Has("duration") || o.Has("kind"))
}

// isJSSpan recognises the JavaScript SDK's spans themselves as JSON, which carry what is private to them.
func isJSSpan(o *decode.Outline) bool {
	return o.Is("_spanContext", '{') && o.Has("name") && (o.Has("startTime") || o.Has("_performanceStartTime"))
}

// pythonConsole reads one object of the Python SDK, or an array of them.
func (r consoleReader) pythonConsole() { r.EachObject(r.pythonSpan) }

// jsConsole reads one object of the JavaScript SDK, or an array of them.
func (r consoleReader) jsConsole() { r.EachObject(r.jsSpan) }

// enterSpan enters the object of a span, and returns the span to fill and who recorded it until something says more.
func (r consoleReader) enterSpan() (*trace.RawSpan, decode.Owner, bool) {
	r.Span.Reset()
	own := decode.Owner{Resource: r.B.Resource(nil, 0), Scope: r.B.Scope(0, 0, nil, 0)}
	return &r.Span, own, r.EnterObject("span")
}

func (r consoleReader) pythonSpan() {
	raw, own, ok := r.enterSpan()
	if !ok {
		return
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(key) {
		case "name":
			raw.Name = r.SymbolOf("name")
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
		case "status":
			r.sdkStatus(r.StatusOf)
		case "attributes":
			raw.Attrs = r.PlainAttributes(raw.Attrs)
		case "events":
			r.sdkEvents()
		case "links":
			r.sdkLinks()
		case "resource":
			own.Resource = r.sdkResource()
		case "instrumentation_scope", "instrumentation_info":
			own.Scope = r.Scope()
		default:
			r.Skip()
		}
	}
	r.AddOwned(own)
}

func (r consoleReader) jsSpan() {
	raw, own, ok := r.enterSpan()
	if !ok {
		return
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
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
		case "name":
			raw.Name = r.SymbolOf("name")
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
		case "attributes":
			raw.Attrs = r.PlainAttributes(raw.Attrs)
		case "status":
			r.sdkStatus(r.StatusOf)
		case "events":
			r.sdkEvents()
		case "links":
			r.sdkLinks()
		case "resource":
			own.Resource = r.sdkResource()
		case "instrumentationScope", "instrumentationLibrary":
			own.Scope = r.Scope()
		default:
			r.Skip()
		}
	}
	r.AddOwned(own)
}

// jsKindOf reads a kind as the JavaScript API numbers it: from INTERNAL, which is 0. Names are as elsewhere.
func (r consoleReader) jsKindOf(field string) trace.Kind {
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

// sdkContext is a span context: what identifies a span.
type sdkContext struct {
	trace trace.TraceID
	span  trace.SpanID
	state trace.Symbol
	at    trace.ParentPlace // of a parent's context
}

// spanContext reads a span context in the spelling of any SDK.
func (r consoleReader) spanContext(field string) (c sdkContext) {
	if !r.EnterObject(field) {
		return c
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(key) {
		case "trace_id", "traceId", "TraceID":
			c.trace = r.TraceIDOf("trace id")
		case "span_id", "spanId", "SpanID":
			c.span = r.SpanIDOf("span id")
		case "trace_state", "traceState", "TraceState":
			if c.state = r.SymbolOf("trace state"); r.B.Text(c.state) == "[]" { // Python's for none
				c.state = 0
			}
		case "isRemote", "Remote":
			if c.at = trace.ParentLocal; r.BoolOf("remote") {
				c.at = trace.ParentRemote
			}
		default:
			r.Skip()
		}
	}
	if c.span.IsZero() {
		c.at = trace.ParentAnywhere
	}
	return c
}

// sdkStatus reads a status in the spelling of any SDK; code reads its code.
func (r consoleReader) sdkStatus(code func(field string) trace.Status) {
	if r.Next() == '"' {
		r.Span.Status = code("status")
		return
	}
	if !r.EnterObject("status") {
		return
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(key) {
		case "status_code", "code", "Code":
			r.Span.Status = code("status code")
		case "description", "message", "Description":
			if r.Next() == '"' {
				r.Span.Message = r.StringAttr(0, "status message")
				continue
			}
			r.Skip()
		default:
			r.Skip()
		}
	}
	if r.Span.Message == r.B.String(0, nil) {
		r.Span.Message = trace.Attr{}
	}
}

// sdkEvents reads events in the spelling of any SDK.
func (r consoleReader) sdkEvents() {
	if !r.EnterArray("events") {
		return
	}
	for r.Element() {
		if !r.EnterObject("events") {
			continue
		}
		e := r.AddEvent()
		for key, ok := r.Key(); ok; key, ok = r.Key() {
			switch string(key) {
			case "name", "Name":
				e.Name = r.SymbolOf("events.name")
			case "timestamp", "time", "Time":
				e.Time = r.ClockOf("events time")
			case "attributes", "Attributes":
				e.Attrs = r.sdkAttributes(e.Attrs)
			case "droppedAttributesCount", "dropped_attributes", "DroppedAttributeCount":
				e.Dropped = r.CountOf("events dropped attributes")
			default:
				r.Skip()
			}
		}
	}
}

// sdkLinks reads links in the spelling of any SDK.
func (r consoleReader) sdkLinks() {
	if !r.EnterArray("links") {
		return
	}
	for r.Element() {
		if !r.EnterObject("links") {
			continue
		}
		l := r.AddLink()
		for key, ok := r.Key(); ok; key, ok = r.Key() {
			switch string(key) {
			case "context", "SpanContext":
				c := r.spanContext("links context")
				l.Trace, l.Span, l.State = c.trace, c.span, c.state
			case "attributes", "Attributes":
				l.Attrs = r.sdkAttributes(l.Attrs)
			case "droppedAttributesCount", "dropped_attributes", "DroppedAttributeCount":
				l.Dropped = r.CountOf("links dropped attributes")
			default:
				r.Skip()
			}
		}
	}
}

// sdkAttributes reads attributes: Go's list of typed pairs, or the object of the other SDKs.
func (r consoleReader) sdkAttributes(dst []trace.Attr) []trace.Attr {
	if r.Next() == '[' {
		return r.goAttributes(dst)
	}
	return r.PlainAttributes(dst)
}

// sdkResource reads {"attributes":{…}}, or the attributes themselves, as Python wrote them up to 1.13. JavaScript's
// resources as JSON have them in private fields, once each: "_attributes" up to 1.30, "_rawAttributes" as pairs since.
func (r consoleReader) sdkResource() uint32 {
	attrs := r.Shared[:0]
	if !r.EnterObject("resource") {
		return r.B.Resource(nil, 0)
	}
	own := false // what is private counts where there is nothing else
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		if string(key) == "attributes" && r.Next() == '{' {
			attrs, own = r.PlainAttributes(attrs[:0]), true
			continue
		}
		attrs = r.LooseResource(attrs, key, own)
	}
	r.Shared = attrs
	return r.B.Resource(attrs, 0)
}

// consoleReader reads what SDKs print. They print a scope as OTLP has it.
type consoleReader struct{ *otlp.Reader }

func readPythonConsole(r *decode.Reader) decode.Decoder {
	return decode.Decoder{Document: consoleReader{otlp.New(r)}.pythonConsole}
}
func readJSConsole(r *decode.Reader) decode.Decoder {
	return decode.Decoder{Document: consoleReader{otlp.New(r)}.jsConsole}
}
func readSpanStub(r *decode.Reader) decode.Decoder {
	return decode.Decoder{Document: consoleReader{otlp.New(r)}.spanStub}
}

// Formats are what the console exporters of SDKs print.
func Formats() []decode.Format {
	list := []decode.Format{
		{Document: isPythonConsole, Open: readPythonConsole},
		{Document: isJSConsole, Open: readJSConsole},
		{Document: isJSSpan, Open: readJSConsole},
		{Binary: IsInspect, Open: ReadInspected},
		{Document: isSpanStub, Open: readSpanStub},
	}
	for i := range list {
		list[i].Name, list[i].Sure = "SDK console output", func(o *decode.Outline) bool { return !o.Has("traceId", "id") }
	}
	return list
}
