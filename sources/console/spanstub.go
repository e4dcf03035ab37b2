package console

import (
	"tracefall/sources/decode"
	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// isSpanStub recognises the objects that the Go SDK's stdouttrace exporter prints, which are JSON of its
// tracetest.SpanStub; buildx writes the same.
func isSpanStub(o *decode.Outline) bool {
	return o.Is("SpanContext", '{') && (o.Has("Name") || o.Has("Parent"))
}

// spanStub reads one object, or an array of them.
func (r consoleReader) spanStub() { r.EachObject(r.stubSpan) }

func (r consoleReader) stubSpan() {
	raw, own, ok := r.enterSpan()
	if !ok {
		return
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
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
			r.sdkEvents()
		case "Links":
			r.sdkLinks()
		case "Status":
			r.sdkStatus(r.goStatusOf)
		case "DroppedAttributes":
			raw.DroppedAttrs = r.CountOf("DroppedAttributes")
		case "DroppedEvents":
			raw.DroppedEvents = r.CountOf("DroppedEvents")
		case "DroppedLinks":
			raw.DroppedLinks = r.CountOf("DroppedLinks")
		case "Resource":
			r.Shared = r.goAttributes(r.Shared[:0])
			own.Resource = r.B.Resource(r.Shared, 0)
		case "InstrumentationScope", "InstrumentationLibrary":
			own.Scope = r.goScope()
		default:
			r.Skip()
		}
	}
	r.AddOwned(own)
}

// goStatusOf reads a status code, whose numbers in the Go API are not OTLP's: Error is 1, Ok is 2.
func (r consoleReader) goStatusOf(field string) trace.Status {
	off := r.ValueAt()
	if jsonscan.IsDigit(r.Next()) {
		switch n := r.Int64Of(field); n {
		case 0:
			return trace.StatusUnset
		case 1:
			return trace.StatusError
		case 2:
			return trace.StatusOK
		}
		if r.Err == nil {
			r.Bad(field, "a status code", off)
		}
		return trace.StatusUnset
	}
	return r.StatusOf(field)
}

// goAttributes reads [{"Key":"…","Value":{"Type":"STRING","Value":"…"}}].
func (r consoleReader) goAttributes(dst []trace.Attr) []trace.Attr {
	if !r.EnterArray("Attributes") {
		return dst
	}
	for r.Element() {
		if !r.EnterObject("Attributes") {
			continue
		}
		var name trace.Symbol
		for key, ok := r.Key(); ok; key, ok = r.Key() {
			switch string(key) {
			case "Key":
				name = r.SymbolOf("Key")
			case "Value":
				dst = r.goValue(dst, name)
			default:
				r.Skip()
			}
		}
	}
	return dst
}

// goValue reads {"Type":"INT64","Value":5}. Slices are JSON arrays.
func (r consoleReader) goValue(dst []trace.Attr, name trace.Symbol) []trace.Attr {
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
		default:
			r.Skip()
		}
	}
	return dst
}

func (r consoleReader) goScope() uint32 {
	var name, version trace.Symbol
	attrs := r.Shared[:0]
	if !r.EnterObject("InstrumentationScope") {
		return r.B.Scope(0, 0, nil, 0)
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(key) {
		case "Name":
			name = r.SymbolOf("scope.Name")
		case "Version":
			version = r.SymbolOf("scope.Version")
		case "Attributes":
			attrs = r.goAttributes(attrs)
		default:
			r.Skip()
		}
	}
	r.Shared = attrs
	return r.B.Scope(name, version, attrs, 0)
}
