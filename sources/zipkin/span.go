package zipkin

import (
	"slices"

	"tracefall/sources/jaeger"
	"tracefall/sources/trace"
)

// Reader reads Zipkin's JSON. Its tags are read as Jaeger's are.
type Reader struct {
	*jaeger.Reader
	old old // of the record of version 1 that is being read
}

// Attributes that Zipkin's endpoints become.
const (
	peerService   = "peer.service"
	localAddress  = "network.local.address"
	localPort     = "network.local.port"
	remoteAddress = "network.peer.address"
	remotePort    = "network.peer.port"
)

// addSpan adds raw as a span of the service that was read.
func (r *Reader) addSpan(x *extra, start int) {
	raw := &r.Span
	if r.Shared = r.Shared[:0]; x.service != (trace.Attr{}) {
		r.Shared = append(r.Shared, x.service)
		raw.Attrs = slices.DeleteFunc(raw.Attrs, func(a trace.Attr) bool { return a == x.service }) // Go's exporter says it twice
	}
	x.Resource, x.Placed, x.Parts = r.B.Resource(r.Shared, 0), true, true
	r.Finish(nil, &x.Extra, start)
	r.B.Add(raw)
	r.Good = r.Pos
}

// extra is what a record says beside its span.
type extra struct {
	jaeger.Extra
	service trace.Attr // of the local endpoint; the zero Attr for none
	shared  bool
	high    uint64 // the upper half of the trace's id, where it is written apart
}

// key returns the symbol of an attribute's name.
func (r *Reader) key(name string) trace.Symbol { return r.B.Symbol([]byte(name)) }

// endpoint reads an endpoint: its address and port become attributes of the span, the service is returned.
func (r *Reader) endpoint(address, port, service string) trace.Attr {
	var name trace.Attr
	attrs := &r.Span.Attrs
	for key, ok := r.KeyIn("endpoint"); ok; key, ok = r.Key() {
		switch string(key) {
		case "serviceName":
			if text := r.StringOf("serviceName"); len(text) > 0 {
				name = r.B.String(r.key(service), text)
			}
		case "ipv4", "ipv6":
			*attrs = append(*attrs, r.StringAttr(r.key(address), "address"))
		case "port":
			*attrs = append(*attrs, trace.Int(r.key(port), r.Int64Of("port")))
		}
	}
	return name
}

// spanTag reads the value of a tag of the span. A tag "error" without a message is what it is in Zipkin: a failure of which
// nothing more is known.
func (r *Reader) spanTag(t *jaeger.Tag, x *jaeger.Extra) {
	before := len(r.Span.Attrs)
	r.Span.Attrs = r.TagValue(r.Span.Attrs, t, x)
	if attrs := r.Span.Attrs; t.Meaning == jaeger.TagError && len(attrs) > before && attrs[before] == r.B.String(attrs[before].Key(), nil) {
		x.Failed = true
	}
}
