package console

import (
	"tracefall/sources/decode"
	"tracefall/sources/otlp"
)

// isPython recognises the objects that the Python SDK's ConsoleSpanExporter prints.
func isPython(o *decode.Outline) bool {
	return o.Is("context", '{') && o.Has("name", "kind") && (o.Has("start_time") || o.Has("parent_id"))
}

// isJS recognises the objects of the JavaScript SDK's ConsoleSpanExporter.
func isJS(o *decode.Outline) bool {
	return o.Has("traceId", "id") && (o.Is("attributes", '{') || o.Is("resource", '{')) &&
		(o.Has("timestamp") || o.Has("duration") || o.Has("kind"))
}

// isJSSpan recognises the JavaScript SDK's spans themselves as JSON, which carry what is private to them.
func isJSSpan(o *decode.Outline) bool {
	return o.Is("_spanContext", '{') && o.Has("name") && (o.Has("startTime") || o.Has("_performanceStartTime"))
}

// isGo recognises the objects that the Go SDK's stdouttrace exporter prints, which are JSON of its
// tracetest.SpanStub; buildx writes the same.
func isGo(o *decode.Outline) bool {
	return o.Is("SpanContext", '{') && (o.Has("Name") || o.Has("Parent"))
}

// Formats are what the console exporters of SDKs print.
func Formats() []decode.Format {
	list := []decode.Format{
		{Document: isPython, Open: open((*reader).pythonField)},
		{Document: isJS, Open: open((*reader).jsField)},
		{Document: isJSSpan, Open: open((*reader).jsField)},
		{Binary: IsInspect, Open: ReadInspected},
		{Document: isGo, Open: open((*reader).goField)},
	}
	for i := range list {
		list[i].Name, list[i].Sure = "SDK console output", func(o *decode.Outline) bool { return !o.Has("traceId", "id") }
	}
	return list
}

// open returns what makes a decoder of objects that an SDK prints, one or an array of them, with what reads a field of one.
func open(field func(r *reader, key []byte)) func(*decode.Reader) decode.Decoder {
	return func(in *decode.Reader) decode.Decoder {
		r := &reader{Reader: otlp.New(in)}
		return decode.Decoder{Document: func() { r.EachObject(func() { r.span(field) }) }}
	}
}
