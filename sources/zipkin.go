package sources

import (
	"bytes"
	"encoding/json"
	"slices"

	"tracefall/sources/trace"
)

// isZipkin recognises Zipkin's spans: an array of them, an array of traces that are arrays, or one a line. Spans
// of version 1 have binaryAnnotations; they are recognised to be named.
func isZipkin(o *outline) bool {
	if !o.has("traceId", "id") || o.has("attributes") || o.has("resource") || o.has("instrumentationScope") {
		return false
	}
	return o.is("localEndpoint", '{') || o.is("remoteEndpoint", '{') || o.is("tags", '{') || o.is("kind", '"') ||
		o.has("binaryAnnotations") || o.ended
}

// zipkin reads one document of Zipkin spans.
func (r *reader) zipkin() { r.eachObject(r.zipkinSpan) }

// eachObject reads a document that is an object, an array of objects, or an array of arrays of them.
func (r *reader) eachObject(read func()) {
	if !r.array() {
		read()
		return
	}
	for r.element() {
		r.tick()
		if !r.array() {
			read()
			continue
		}
		for r.element() {
			r.tick()
			read()
		}
	}
}

// Attributes that Zipkin's endpoints become.
const (
	peerService   = "peer.service"
	localAddress  = "network.local.address"
	localPort     = "network.local.port"
	remoteAddress = "network.peer.address"
	remotePort    = "network.peer.port"
)

// zipkinSpan reads and adds one span. A client and its server may share an id; the builder tells them apart.
func (r *reader) zipkinSpan() {
	start := r.valueAt()
	r.raw.Reset()
	if !r.enterObject("span") {
		return
	}
	raw := &r.raw
	var service trace.Attr
	x, old := jaegerExtra{}, false
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(key) {
		case "traceId":
			raw.Trace = r.traceIDOf("traceId")
		case "id":
			raw.ID = r.spanIDOf("id")
		case "parentId":
			raw.Parent = r.spanIDOf("parentId")
		case "name":
			raw.Name = r.symbolOf("name")
		case "kind":
			raw.Kind = r.kindOf("kind")
		case "timestamp":
			raw.Start = r.fineMicros("timestamp")
		case "duration":
			raw.Duration = r.fineMicros("duration")
		case "localEndpoint":
			service = r.endpoint(localAddress, localPort, serviceKey)
		case "remoteEndpoint":
			if peer := r.endpoint(remoteAddress, remotePort, peerService); peer != (trace.Attr{}) {
				raw.Attrs = append(raw.Attrs, peer)
			}
		case "annotations":
			r.annotations()
		case "tags":
			r.zipkinTags(&x)
		case "binaryAnnotations":
			old = true
			r.skip()
		default:
			r.skip()
		}
	}
	if r.err != nil {
		return // a span that was cut short is not a span
	}
	if old {
		r.note(NoticeSkipped, "a span of Zipkin's version 1 was skipped; its server gives version 2 under /api/v2", start)
		return
	}
	if r.shared = r.shared[:0]; service != (trace.Attr{}) {
		r.shared = append(r.shared, service)
		raw.Attrs = slices.DeleteFunc(raw.Attrs, func(a trace.Attr) bool { return a == service }) // Go's exporter says it twice
	}
	x.resource, x.placed = r.b.Resource(r.shared, 0), true
	r.finish(nil, &x, start)
	r.b.Add(raw)
	r.good = r.pos
}

// endpoint reads an endpoint: its address and port become attributes of the span, the service is returned.
func (r *reader) endpoint(address, port, service string) trace.Attr {
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

// annotations reads moments of the span as events.
func (r *reader) annotations() {
	if !r.enterArray("annotations") {
		return
	}
	for r.element() {
		if !r.enterObject("annotations") {
			continue
		}
		e := r.addEvent()
		for key, ok := r.key(); ok; key, ok = r.key() {
			switch string(key) {
			case "timestamp":
				e.Time = r.fineMicros("annotations.timestamp")
			case "value":
				r.annotation(e, r.stringOf("annotations.value"))
			default:
				r.skip()
			}
		}
	}
}

// annotation takes an event from an annotation's text. OpenTelemetry's exporters write attributes after the name:
//
//	retry: {"attempt":2}          Go
//	"retry": {"attempt":2}        the specification
func (r *reader) annotation(e *trace.RawEvent, text []byte) {
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
	inner := reader{scanner: scanner{data: attrs}, b: r.b}
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

// zipkinTags reads tags. A tag "error" says by its presence that the span failed; what OpenTelemetry's exporters
// write as tags is the same for Zipkin as for Jaeger.
func (r *reader) zipkinTags(x *jaegerExtra) {
	if !r.enterObject("tags") {
		return
	}
	raw := &r.raw
	for key, ok := r.key(); ok; key, ok = r.key() {
		t, meaning := tag{name: r.b.Symbol(key)}, meanings[string(key)]
		raw.Attrs = r.tagValue(raw.Attrs, &t, x, meaning)
		if meaning == tagError && len(raw.Attrs) > 0 && raw.Attrs[len(raw.Attrs)-1] == r.b.String(t.name, nil) {
			x.failed = true
		}
	}
}

// fineMicros reads a time or duration in microseconds that may have a fraction, as nanoseconds. It may also be what
// other times may be: a date, or JavaScript's pair.
func (r *reader) fineMicros(field string) int64 {
	off := r.valueAt()
	switch r.next() {
	case '[':
		return r.hrTime(field)
	case '{':
		n, timestamp, ok := r.numberObject(field)
		if r.err == nil && !ok {
			r.bad(field, "microseconds", off)
		}
		if timestamp {
			return n
		}
		return micros(n)
	}
	digits, ok := r.numeral()
	n, readable := parseFineMicros(digits)
	if !readable {
		n, readable = r.dateIn(digits, off)
	}
	if r.err == nil && !(ok && readable) {
		r.bad(field, "microseconds", off)
		return 0
	}
	return n
}

// parseFineMicros reads microseconds as nanoseconds, cutting what is finer: what overflows saturates.
func parseFineMicros(digits []byte) (int64, bool) {
	if n, ok := parseInt(digits); ok && len(digits) <= 16 && !bytes.ContainsAny(digits, ".eE") {
		return micros(n), true // what nearly every time is
	}
	n, _, ok := parseDecimal(digits, 3)
	return n, ok
}
