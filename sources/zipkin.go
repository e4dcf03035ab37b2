package sources

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"

	"tracefall/sources/trace"
)

// isZipkin recognises Zipkin's spans: an array of them, an array of traces that are arrays, or one a line. An id of a
// trace and one of its own are not yet a span: log lines and observations of other tools have them too. What only a
// span of Zipkin has is an endpoint or one of the lists of annotations, or else a time in microseconds beside what a
// span may have.
func isZipkin(o *outline) bool {
	if o.has("trace_id", "id") && (o.is("annotations", '[') || o.is("binary_annotations", '[')) {
		return true // version 1, as it is written from its thrift structures
	}
	if !o.has("traceId", "id") || o.has("attributes") || o.has("resource") || o.has("instrumentationScope") || o.has("spanId") {
		return false
	}
	return o.is("localEndpoint", '{') || o.is("remoteEndpoint", '{') || o.objects("annotations") || o.objects("binaryAnnotations") ||
		o.ended && o.micros("timestamp") && (o.has("name") || o.has("duration") || o.has("kind")) && !o.has("level") && !o.has("message") && !o.has("msg")
}

// zipkin reads one document of Zipkin spans.
func (r *zipkinReader) zipkin() { r.eachObject(r.zipkinSpan) }

// Attributes that Zipkin's endpoints become.
const (
	peerService   = "peer.service"
	localAddress  = "network.local.address"
	localPort     = "network.local.port"
	remoteAddress = "network.peer.address"
	remotePort    = "network.peer.port"
)

// zipkinSpan reads and adds one record: a span, or of version 1 the client and the server of a call in one. A client
// and its server may share an id; the builder tells them apart, and joins the parts of a span that was reported apart.
func (r *zipkinReader) zipkinSpan() {
	start := r.valueAt()
	if r.enterObject("span") {
		r.zipkinFields(start)
	}
}

// zipkinFields reads and adds the record whose object, which begins at start, is open.
func (r *zipkinReader) zipkinFields(start int) {
	r.raw.Reset()
	r.old.reset()
	x := zipkinExtra{}
	for key, ok := r.key(); ok; key, ok = r.key() {
		r.zipkinField(&x, key)
	}
	if r.err != nil {
		return // a span that was cut short is not a span
	}
	raw := &r.raw
	if raw.Trace.Text == "" && x.high != 0 {
		raw.Trace.Hi = x.high
	}
	if raw.Start == 0 && len(raw.Events)+len(r.old.tags) == 0 && (raw.ID.IsZero() || x.service == (trace.Attr{}) && len(raw.Attrs) == 0) {
		r.note(NoticeSkipped, "an object without a time or an endpoint among the spans was skipped", start)
		return
	}
	if r.isOldSpan() {
		r.addOldSpan(&x, start)
		return
	}
	if x.shared && raw.Kind == trace.KindUnspecified {
		raw.Kind = trace.KindServer // only a server shares the id that it was handed
	}
	r.addZipkinSpan(&x, start)
}

// addZipkinSpan adds raw as a span of the service that was read.
func (r *zipkinReader) addZipkinSpan(x *zipkinExtra, start int) {
	raw := &r.raw
	if r.shared = r.shared[:0]; x.service != (trace.Attr{}) {
		r.shared = append(r.shared, x.service)
		raw.Attrs = slices.DeleteFunc(raw.Attrs, func(a trace.Attr) bool { return a == x.service }) // Go's exporter says it twice
	}
	x.resource, x.placed, x.parts = r.b.Resource(r.shared, 0), true, true
	r.finish(nil, &x.jaegerExtra, start)
	r.b.Add(raw)
	r.good = r.pos
}

// zipkinExtra is what a record says beside its span.
type zipkinExtra struct {
	jaegerExtra
	service trace.Attr // of the local endpoint; the zero Attr for none
	shared  bool
	high    uint64 // the upper half of the trace's id, where it is written apart
}

func (r *zipkinReader) zipkinField(x *zipkinExtra, key []byte) {
	raw := &r.raw
	switch string(key) {
	case "traceId", "trace_id":
		if !r.numericID(&raw.Trace.Lo) {
			raw.Trace = r.traceIDOf("traceId")
		}
	case "trace_id_high", "traceIdHigh":
		r.numericID(&x.high)
	case "id":
		if !r.numericID(&raw.ID.N) {
			raw.ID = r.spanIDOf("id")
		}
	case "parentId", "parent_id":
		if !r.numericID(&raw.Parent.N) {
			raw.Parent = r.spanIDOf("parentId")
		}
	case "name":
		raw.Name = r.symbolOf("name")
	case "kind":
		raw.Kind = r.kindOf("kind")
	case "timestamp":
		raw.Start = r.fineMicros("timestamp")
	case "duration":
		if !r.null() {
			raw.Duration = r.fineMicros("duration")
		}
	case "shared":
		x.shared = r.boolOf("shared")
	case "localEndpoint":
		x.service = r.endpoint(localAddress, localPort, serviceKey)
	case "remoteEndpoint":
		if peer := r.endpoint(remoteAddress, remotePort, peerService); peer != (trace.Attr{}) {
			raw.Attrs = append(raw.Attrs, peer)
		}
	case "annotations":
		r.annotations()
	case "tags":
		r.zipkinTags(&x.jaegerExtra)
	case "binaryAnnotations", "binary_annotations":
		r.binaryAnnotations()
	default:
		r.skip()
	}
}

// numericID reads an id that is a number, as version 1 has them in thrift: 64 bits with a sign. It tells whether it was
// one.
func (r *zipkinReader) numericID(n *uint64) bool {
	if c := r.next(); c != '-' && !isDigit(c) {
		return false
	}
	digits := string(r.number())
	if signed, err := strconv.ParseInt(digits, 10, 64); err == nil {
		*n = uint64(signed)
		return true
	}
	unsigned, err := strconv.ParseUint(digits, 10, 64)
	*n = unsigned
	return err == nil || r.err != nil
}

// endpoint reads an endpoint: its address and port become attributes of the span, the service is returned.
func (r *zipkinReader) endpoint(address, port, service string) trace.Attr {
	var name trace.Attr
	if !r.enterObject("endpoint") {
		return name
	}
	attrs := &r.raw.Attrs
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(key) {
		case "serviceName":
			if text := r.stringOf("serviceName"); len(text) > 0 {
				name = r.b.String(r.b.Symbol([]byte(service)), text)
			}
		case "ipv4", "ipv6":
			*attrs = append(*attrs, r.stringAttr(r.b.Symbol([]byte(address)), "address"))
		case "port":
			*attrs = append(*attrs, trace.Int(r.b.Symbol([]byte(port)), r.int64Of("port")))
		default:
			r.skip()
		}
	}
	return name
}

// annotations reads moments of the span as events. Those of version 1 say where they happened.
func (r *zipkinReader) annotations() {
	if !r.enterArray("annotations") {
		return
	}
	for r.element() {
		if !r.enterObject("annotations") {
			continue
		}
		e, at := r.addEvent(), zipkinEnd{}
		for key, ok := r.key(); ok; key, ok = r.key() {
			switch string(key) {
			case "timestamp":
				e.Time = r.fineMicros("annotations.timestamp")
			case "value":
				r.annotation(e, r.stringOf("annotations.value"))
			case "endpoint", "host":
				at = r.zipkinEnd()
			default:
				r.skip()
			}
		}
		r.old.ends = append(r.old.ends, at)
	}
}

// annotation takes an event from an annotation's text. OpenTelemetry's exporters write attributes after the name:
//
//	retry: {"attempt":2}          Go
//	"retry": {"attempt":2}        the specification
func (r *zipkinReader) annotation(e *trace.RawEvent, text []byte) {
	name, attrs, ok := bytes.Cut(text, []byte(": {"))
	attrs = text[len(text)-len(attrs)-min(1, len(attrs)):]
	if !ok || !json.Valid(attrs) {
		e.Name = r.b.Symbol(text)
		return
	}
	if n := len(name); n > 1 && name[0] == '"' && name[n-1] == '"' {
		name = name[1 : n-1]
	}
	e.Name = r.b.Symbol(name)
	inner := reader{b: r.b}
	inner.data = attrs
	inner.object()
	for key, ok := inner.key(); ok; key, ok = inner.key() {
		name := r.b.Symbol(key)
		if inner.next() == '"' { // not left where it is: text goes away
			e.Attrs = append(e.Attrs, r.b.String(name, inner.say(inner.quoted())))
			continue
		}
		e.Attrs = append(e.Attrs, inner.plainValue(name))
	}
}

// zipkinTags reads tags. What OpenTelemetry's exporters write as tags is the same for Zipkin as for Jaeger.
func (r *zipkinReader) zipkinTags(x *jaegerExtra) {
	if !r.enterObject("tags") {
		return
	}
	raw := &r.raw
	for key, ok := r.key(); ok; key, ok = r.key() {
		t, meaning := tag{name: r.b.Symbol(key)}, meanings[string(key)]
		before := len(raw.Attrs)
		raw.Attrs = r.tagValue(raw.Attrs, &t, x, meaning)
		r.emptyError(meaning, before, x)
	}
}

// emptyError takes a tag "error" without a message for what it is in Zipkin: a failure of which nothing more is known.
func (r *zipkinReader) emptyError(m tagMeaning, before int, x *jaegerExtra) {
	if attrs := r.raw.Attrs; m == tagError && len(attrs) > before && attrs[before] == r.b.String(attrs[before].Key(), nil) {
		x.failed = true
	}
}

// zipkinReader reads Zipkin's JSON. Its tags are read as Jaeger's are.
type zipkinReader struct {
	*jaegerReader
	old zipkinOld // of the record of version 1 that is being read
}

func readZipkin(r *reader) decoder {
	return decoder{document: (&zipkinReader{jaegerReader: newJaegerReader(r)}).zipkin}
}

// zipkinFormats is Zipkin's JSON.
func zipkinFormats() []format {
	return []format{{name: "Zipkin JSON", document: isZipkin, open: readZipkin}}
}
