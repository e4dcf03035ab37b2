package zipkin

import (
	"bytes"
	"encoding/json"
	"strconv"

	"tracefall/sources/decode"
	"tracefall/sources/jaeger"
	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// isZipkin recognises Zipkin's spans: an array of them, an array of traces that are arrays, or one a line. An id of a
// trace and one of its own are not yet a span: log lines and observations of other tools have them too. What only a
// span of Zipkin has is an endpoint or one of the lists of annotations, or else a time in microseconds beside what a
// span may have.
func isZipkin(o *decode.Outline) bool {
	if o.Has("trace_id", "id") && (o.Is("annotations", '[') || o.Is("binary_annotations", '[')) {
		return true // version 1, as it is written from its thrift structures
	}
	if !o.Has("traceId", "id") || o.Has("attributes") || o.Has("resource") || o.Has("instrumentationScope") || o.Has("spanId") {
		return false
	}
	return o.Is("localEndpoint", '{') || o.Is("remoteEndpoint", '{') || o.Objects("annotations") || o.Objects("binaryAnnotations") ||
		o.Ended && o.Micros("timestamp") && (o.Has("name") || o.Has("duration") || o.Has("kind")) && !o.Has("level") && !o.Has("message") && !o.Has("msg")
}

// document reads one document of Zipkin spans.
func (r *Reader) document() { r.EachObject(r.record) }

// record reads and adds one record: a span, or of version 1 the client and the server of a call in one. A client
// and its server may share an id; the builder tells them apart, and joins the parts of a span that was reported apart.
func (r *Reader) record() {
	start := r.ValueAt()
	if r.EnterObject("span") {
		r.Fields(start)
	}
}

// Fields reads and adds the record whose object, which begins at start, is open.
func (r *Reader) Fields(start int) {
	r.Span.Reset()
	r.old.reset()
	x := extra{}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		r.field(&x, key)
	}
	if r.Err != nil {
		return // a span that was cut short is not a span
	}
	raw := &r.Span
	if raw.Trace.Text == "" && x.high != 0 {
		raw.Trace.Hi = x.high
	}
	if raw.Start == 0 && len(raw.Events)+len(r.old.tags) == 0 && (raw.ID.IsZero() || x.service == (trace.Attr{}) && len(raw.Attrs) == 0) {
		r.Note(decode.NoticeSkipped, "object without timestamp or endpoint skipped", start)
		return
	}
	if r.isOldSpan() {
		r.addOld(&x, start)
		return
	}
	if x.shared && raw.Kind == trace.KindUnspecified {
		raw.Kind = trace.KindServer // only a server shares the id that it was handed
	}
	r.addSpan(&x, start)
}

func (r *Reader) field(x *extra, key []byte) {
	raw := &r.Span
	switch string(key) {
	case "traceId", "trace_id":
		if !r.numericID(&raw.Trace.Lo) {
			raw.Trace = r.TraceIDOf("traceId")
		}
	case "trace_id_high", "traceIdHigh":
		r.numericID(&x.high)
	case "id":
		if !r.numericID(&raw.ID.N) {
			raw.ID = r.SpanIDOf("id")
		}
	case "parentId", "parent_id":
		if !r.numericID(&raw.Parent.N) {
			raw.Parent = r.SpanIDOf("parentId")
		}
	case "name":
		raw.Name = r.SymbolOf("name")
	case "kind":
		raw.Kind = r.KindOf("kind")
	case "timestamp":
		raw.Start = r.FineMicros("timestamp")
	case "duration":
		if !r.Null() {
			raw.Duration = r.FineMicros("duration")
		}
	case "shared":
		x.shared = r.BoolOf("shared")
	case "localEndpoint":
		x.service = r.endpoint(localAddress, localPort, decode.ServiceKey)
	case "remoteEndpoint":
		if peer := r.endpoint(remoteAddress, remotePort, peerService); peer != (trace.Attr{}) {
			raw.Attrs = append(raw.Attrs, peer)
		}
	case "annotations":
		r.annotations()
	case "tags":
		r.tags(&x.Extra)
	case "binaryAnnotations", "binary_annotations":
		r.binaryAnnotations()
	}
}

// numericID reads an id that is a number, as version 1 has them in thrift: 64 bits with a sign. It reports whether it was
// one.
func (r *Reader) numericID(n *uint64) bool {
	if c := r.Next(); c != '-' && !jsonscan.IsDigit(c) {
		return false
	}
	digits := string(r.Number())
	if signed, err := strconv.ParseInt(digits, 10, 64); err == nil {
		*n = uint64(signed)
		return true
	}
	unsigned, err := strconv.ParseUint(digits, 10, 64)
	*n = unsigned
	return err == nil || r.Err != nil
}

// annotations reads moments of the span as events. Those of version 1 say where they happened.
func (r *Reader) annotations() {
	for range r.ObjectsOf("annotations") {
		e, at := r.AddEvent(), end{}
		for key, ok := r.Key(); ok; key, ok = r.Key() {
			switch string(key) {
			case "timestamp":
				e.Time = r.FineMicros("annotations.timestamp")
			case "value":
				r.annotation(e, r.StringOf("annotations.value"))
			case "endpoint", "host":
				at = r.end()
			}
		}
		r.old.ends = append(r.old.ends, at)
	}
}

// annotation takes an event from an annotation's text. OpenTelemetry's exporters write attributes after the name:
//
//	retry: {"attempt":2}          Go
//	"retry": {"attempt":2}        the specification
func (r *Reader) annotation(e *trace.RawEvent, text []byte) {
	name, attrs, ok := bytes.Cut(text, []byte(": {"))
	attrs = text[len(text)-len(attrs)-min(1, len(attrs)):]
	if !ok || !json.Valid(attrs) {
		e.Name = r.B.Symbol(text)
		return
	}
	if n := len(name); n > 1 && name[0] == '"' && name[n-1] == '"' {
		name = name[1 : n-1]
	}
	e.Name = r.B.Symbol(name)
	inner := decode.Reader{B: r.B}
	inner.Data = attrs
	inner.Object()
	for key, ok := inner.Key(); ok; key, ok = inner.Key() {
		name := r.B.Symbol(key)
		if inner.Next() == '"' { // not left where it is: text goes away
			e.Attrs = append(e.Attrs, r.B.String(name, inner.Say(inner.Quoted())))
			continue
		}
		e.Attrs = append(e.Attrs, inner.PlainValue(name))
	}
}

// tags reads tags. What OpenTelemetry's exporters write as tags is the same for Zipkin as for Jaeger.
func (r *Reader) tags(x *jaeger.Extra) {
	for key, ok := r.KeyIn("tags"); ok; key, ok = r.Key() {
		var t jaeger.Tag
		t.Call(r.Reader, key, x)
		r.spanTag(&t, x)
	}
}

func open(r *decode.Reader) decode.Decoder {
	return decode.Decoder{Document: (&Reader{Reader: jaeger.New(r)}).document}
}

// Formats is Zipkin's JSON.
func Formats() []decode.Format {
	return []decode.Format{{Name: "Zipkin JSON", Document: isZipkin, Open: open}}
}
