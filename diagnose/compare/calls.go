package compare

import (
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

// servers returns for each span of a trace the span that served the call that it stands for, one of its children; -1
// where it is no such call. A parent in one service with its child in another is a call whatever the kinds say:
//
//	gateway HTTP GET --> cart /cart      HTTP GET only waits for cart: a call
//	gateway GET / --> cart /cart         GET / was asked for itself, or does other things: no call, cart is part of its work
func servers(f *facts.Facts) []int32 {
	t := f.Trace
	served := make([]int32, t.Len())
	for i := range served {
		served[i] = -1
	}
	for c := t.First(); c < t.Len(); c++ {
		p := t.Parent(c)
		if p < t.First() || served[p] >= 0 || !elsewhere(f, p, c) {
			continue
		}
		if f.Server(p) == c || onlyCalls(f, p) && !f.Timing.Async(c) {
			served[p] = int32(c)
		}
	}
	return served
}

// elsewhere tells whether child c of span p runs in another process: another service, or another instance that serves.
func elsewhere(f *facts.Facts, p, c int) bool {
	return f.Trace.Span(p).ServiceSymbol() != f.Trace.Span(c).ServiceSymbol() || f.Server(p) == c
}

// onlyCalls tells whether a span whose kind says nothing does nothing but call one service: it is no entry of its
// service, and all its children run in that other one.
func onlyCalls(f *facts.Facts, p int) bool {
	t := f.Trace
	s := t.Span(p)
	switch s.Kind() {
	case trace.KindServer, trace.KindConsumer, trace.KindProducer:
		return false
	default:
	}
	if f.Kind(p) != trace.KindClient && entered(f, p) {
		return false
	}
	to := t.Span(p + 1).ServiceSymbol()
	for c := p + 1; c < s.End(); c = t.End(c) {
		if of := t.Span(c).ServiceSymbol(); of == s.ServiceSymbol() || of != to {
			return false
		}
	}
	return true
}

// entered tells whether a span is where its service is entered: a root, or asked for by another service.
func entered(f *facts.Facts, i int) bool {
	p := f.Trace.Parent(i)
	return p < f.Trace.First() || f.Trace.Span(p).ServiceSymbol() != f.Trace.Span(i).ServiceSymbol()
}

// gapOf returns the nanoseconds of call i that its server does not account for, network and queues. Each duration is
// on one clock, so offsets between clocks do not matter; a server that outlasts its call gives a negative gap.
func gapOf(f *facts.Facts, i, server int) int64 {
	return f.Trace.Span(i).Duration() - f.Trace.Span(server).Duration()
}

// callees tells the calls of one operation apart by the service that they reach, where they reach several: "HTTP GET"
// of a client library that records no address.
type callees struct {
	keys    *keys
	service map[int32]string // by key of the calling operation: the only service that serves it, "" for several
}

// learn notes whom the calls of a trace reach.
func (c *callees) learn(f *facts.Facts) {
	keyAt := c.keys.reader(f)
	for i, server := range servers(f) {
		if server < 0 {
			continue
		}
		key, to := keyAt(i), f.Trace.Span(int(server)).Service()
		if known, met := c.service[key]; !met {
			c.service[key] = to
		} else if known != to {
			c.service[key] = ""
		}
	}
}

// several tells whether calls of an operation reach several services.
func (c *callees) several(key int32) bool {
	to, known := c.service[key]
	return known && to == ""
}

// of returns which spans of a trace serve the call of their parent, and the keys of its spans.
func (c *callees) of(f *facts.Facts, keyAt func(i int) int32) ([]bool, func(i int) int32) {
	served, list := make([]bool, f.Trace.Len()), servers(f)
	for _, server := range list {
		if server >= 0 {
			served[server] = true
		}
	}
	return served, func(i int) int32 {
		key := keyAt(i)
		if list[i] < 0 || !c.several(key) {
			return key
		}
		op := c.keys.ops[key]
		op.Peer = f.Trace.Span(int(list[i])).Service()
		return c.keys.number(op)
	}
}
