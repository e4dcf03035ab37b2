package console

import "tracefall/sources/trace"

// The SDKs print the parts of a span nearly alike. What differs is how its keys are spelled.

// spanContext is what identifies a span.
type spanContext struct {
	trace trace.TraceID
	span  trace.SpanID
	state trace.Symbol
	at    trace.ParentPlace // of a parent's context
}

func (r *reader) spanContext(field string) (c spanContext) {
	for key, ok := r.KeyIn(field); ok; key, ok = r.Key() {
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
		}
	}
	if c.span.IsZero() {
		c.at = trace.ParentAnywhere
	}
	return c
}

// status reads a status; code reads its code.
func (r *reader) status(code func(field string) trace.Status) {
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
			}
		}
	}
	if r.Span.Message == r.B.String(0, nil) {
		r.Span.Message = trace.Attr{}
	}
}

func (r *reader) events() {
	for range r.ObjectsOf("events") {
		e := r.AddEvent()
		for key, ok := r.Key(); ok; key, ok = r.Key() {
			switch string(key) {
			case "name", "Name":
				e.Name = r.SymbolOf("events.name")
			case "timestamp", "time", "Time":
				e.Time = r.ClockOf("events time")
			case "attributes", "Attributes":
				e.Attrs = r.attributes(e.Attrs)
			case "droppedAttributesCount", "dropped_attributes", "DroppedAttributeCount":
				e.Dropped = r.CountOf("events dropped attributes")
			}
		}
	}
}

func (r *reader) links() {
	for range r.ObjectsOf("links") {
		l := r.AddLink()
		for key, ok := r.Key(); ok; key, ok = r.Key() {
			switch string(key) {
			case "context", "SpanContext":
				c := r.spanContext("links context")
				l.Trace, l.Span, l.State = c.trace, c.span, c.state
			case "attributes", "Attributes":
				l.Attrs = r.attributes(l.Attrs)
			case "droppedAttributesCount", "dropped_attributes", "DroppedAttributeCount":
				l.Dropped = r.CountOf("links dropped attributes")
			}
		}
	}
}

// attributes reads Go's list of typed pairs, or the object of the other SDKs.
func (r *reader) attributes(dst []trace.Attr) []trace.Attr {
	if r.Next() == '[' {
		return r.goAttributes(dst)
	}
	return r.PlainAttributes(dst)
}

// goAttributes reads [{"Key":"…","Value":{"Type":"STRING","Value":"…"}}].
func (r *reader) goAttributes(dst []trace.Attr) []trace.Attr {
	for range r.ObjectsOf("Attributes") {
		var name trace.Symbol
		for key, ok := r.Key(); ok; key, ok = r.Key() {
			switch string(key) {
			case "Key":
				name = r.SymbolOf("Key")
			case "Value":
				dst = r.goValue(dst, name)
			}
		}
	}
	return dst
}

// goValue reads {"Type":"INT64","Value":5}. Slices are JSON arrays.
func (r *reader) goValue(dst []trace.Attr, name trace.Symbol) []trace.Attr {
	if !r.Object() {
		return append(dst, r.PlainValue(name))
	}
	float := false
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch {
		case string(key) == "Type":
			float = string(r.StringOf("Type")) == "FLOAT64"
		case string(key) == "Value" && float:
			dst = append(dst, trace.Float(name, r.FloatOf("Value")))
		case string(key) == "Value":
			dst = append(dst, r.PlainValue(name))
		}
	}
	return dst
}

// resource reads {"attributes":{…}}, or the attributes themselves, as Python wrote them up to 1.13. JavaScript's
// resources as JSON have them in private fields, once each: "_attributes" up to 1.30, "_rawAttributes" as pairs since.
func (r *reader) resource() uint32 {
	attrs, own := r.Shared[:0], false // what is private counts where there is nothing else
	for key, ok := r.KeyIn("resource"); ok; key, ok = r.Key() {
		if string(key) == "attributes" && r.Next() == '{' {
			attrs, own = r.PlainAttributes(attrs[:0]), true
			continue
		}
		attrs = r.LooseResource(attrs, key, own)
	}
	r.Shared = attrs
	return r.B.Resource(attrs, 0)
}
