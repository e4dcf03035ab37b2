package sources

import "tracefall/sources/trace"

// isSpanStub recognises the objects that the Go SDK's stdouttrace exporter prints, which are JSON of its
// tracetest.SpanStub; buildx writes the same.
func isSpanStub(o *outline) bool {
	return o.is("SpanContext", '{') && (o.has("Name") || o.has("Parent"))
}

// spanStub reads one object, or an array of them.
func (r consoleReader) spanStub() { r.eachObject(r.stubSpan) }

func (r consoleReader) stubSpan() {
	r.raw.Reset()
	if !r.enterObject("span") {
		return
	}
	raw := &r.raw
	own := sdkSpan{resource: r.b.Resource(nil, 0), scope: r.b.Scope(0, 0, nil, 0)}
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(key) {
		case "Name":
			raw.Name = r.symbolOf("Name")
		case "SpanContext":
			c := r.spanContext("SpanContext")
			raw.Trace, raw.ID, raw.State = c.trace, c.span, c.state
		case "Parent":
			c := r.spanContext("Parent")
			raw.Parent, raw.ParentAt = c.span, c.at
		case "SpanKind":
			raw.Kind = r.kindOf("SpanKind")
		case "StartTime":
			raw.Start = r.clockOf("StartTime")
		case "EndTime":
			raw.End = r.clockOf("EndTime")
		case "Attributes":
			raw.Attrs = r.goAttributes(raw.Attrs)
		case "Events":
			r.sdkEvents()
		case "Links":
			r.sdkLinks()
		case "Status":
			r.sdkStatus(r.goStatusOf)
		case "DroppedAttributes":
			raw.DroppedAttrs = r.countOf("DroppedAttributes")
		case "DroppedEvents":
			raw.DroppedEvents = r.countOf("DroppedEvents")
		case "DroppedLinks":
			raw.DroppedLinks = r.countOf("DroppedLinks")
		case "Resource":
			r.shared = r.goAttributes(r.shared[:0])
			own.resource = r.b.Resource(r.shared, 0)
		case "InstrumentationScope", "InstrumentationLibrary":
			own.scope = r.goScope()
		default:
			r.skip()
		}
	}
	r.addSDKSpan(own)
}

// goStatusOf reads a status code, whose numbers in the Go API are not OTLP's: Error is 1, Ok is 2.
func (r consoleReader) goStatusOf(field string) trace.Status {
	off := r.valueAt()
	if isDigit(r.next()) {
		switch n := r.int64Of(field); n {
		case 0:
			return trace.StatusUnset
		case 1:
			return trace.StatusError
		case 2:
			return trace.StatusOK
		}
		if r.err == nil {
			r.bad(field, "a status code", off)
		}
		return trace.StatusUnset
	}
	return r.statusOf(field)
}

// goAttributes reads [{"Key":"…","Value":{"Type":"STRING","Value":"…"}}].
func (r consoleReader) goAttributes(dst []trace.Attr) []trace.Attr {
	if !r.enterArray("Attributes") {
		return dst
	}
	for r.element() {
		if !r.enterObject("Attributes") {
			continue
		}
		var name trace.Symbol
		for key, ok := r.key(); ok; key, ok = r.key() {
			switch string(key) {
			case "Key":
				name = r.symbolOf("Key")
			case "Value":
				dst = r.goValue(dst, name)
			default:
				r.skip()
			}
		}
	}
	return dst
}

// goValue reads {"Type":"INT64","Value":5}. Slices are JSON arrays.
func (r consoleReader) goValue(dst []trace.Attr, name trace.Symbol) []trace.Attr {
	if !r.object() {
		return append(dst, r.plainValue(name))
	}
	float := false
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch {
		case string(key) == "Type":
			float = string(r.stringOf("Type")) == "FLOAT64"
		case string(key) == "Value" && float:
			dst = append(dst, trace.Float(name, r.floatOf("Value")))
		case string(key) == "Value":
			dst = append(dst, r.plainValue(name))
		default:
			r.skip()
		}
	}
	return dst
}

func (r consoleReader) goScope() uint32 {
	var name, version trace.Symbol
	attrs := r.shared[:0]
	if !r.enterObject("InstrumentationScope") {
		return r.b.Scope(0, 0, nil, 0)
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(key) {
		case "Name":
			name = r.symbolOf("scope.Name")
		case "Version":
			version = r.symbolOf("scope.Version")
		case "Attributes":
			attrs = r.goAttributes(attrs)
		default:
			r.skip()
		}
	}
	r.shared = attrs
	return r.b.Scope(name, version, attrs, 0)
}
