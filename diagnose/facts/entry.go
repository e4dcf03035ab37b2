package facts

import (
	"cmp"
	"strings"

	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// Entry reports whether work of another service, or of nobody in the trace, entered a process with span i: a request
// or a message that it served.
func (f *Facts) Entry(i int) bool {
	switch f.Kind(i) {
	case trace.KindServer, trace.KindConsumer:
		return true
	case trace.KindClient, trace.KindProducer:
		return false
	default: // internal work, or a span that does not say
		p := f.Trace.Parent(i)
		return p < f.Trace.First() || f.Trace.Span(p).ServiceSymbol() != f.Trace.Span(i).ServiceSymbol()
	}
}

// Surmised reports whether nothing but its neighbours says that span i is a call: it carries no kind and no attributes of
// one, though its service records the kinds of other spans. It may be a function around a call that has no span.
func (f *Facts) Surmised(i int) bool {
	s := f.Trace.Span(i)
	return f.Class(i) == semconv.ClassCall && s.Kind() != trace.KindClient && f.Ops.kinded[s.ServiceSymbol()]
}

// Peer returns whom span i called, as its attributes name it: "redis:6379", "redis" without a port, a database's system
// and namespace, or the host of a URL; "" where they name nobody, and for spans that call nobody.
func (f *Facts) Peer(i int, c *semconv.Canonical) string {
	if k := f.Kind(i); k != trace.KindClient && k != trace.KindProducer && !f.Class(i).Remote() || k == trace.KindServer {
		return ""
	}
	f.Canonical(i, c)
	host := strings.ToLower(c.Text(semconv.PeerHost))
	switch {
	case host == "":
		if name := semconv.DatabasePeer(c); name != "" {
			return name
		}
		return cmp.Or(semconv.PeerAddress(c), semconv.PeerServiceName(c))
	case c.Has(semconv.PeerPort) && !strings.Contains(host, ":"):
		return host + ":" + c.Text(semconv.PeerPort)
	}
	return host
}
