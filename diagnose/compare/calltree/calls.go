package calltree

import (
	"slices"

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
	asked := make([]bool, t.Len())
	served := slices.Repeat([]int32{-1}, t.Len())
	for c := t.First(); c < t.Len(); c++ {
		p := t.Parent(c)
		if p < t.First() || asked[p] {
			continue
		}
		asked[p] = true
		if server := f.Server(p); server >= 0 {
			if t.Parent(server) == p {
				served[p] = int32(server)
			}
			continue
		}
		if onlyCalls(f, p) && waitedFor(f, p, c) {
			served[p] = int32(c)
		}
	}
	return served
}

// waitedFor reports whether a span that only calls waited for what it called: their times overlap, or, where a clock may
// be off, the one is long enough for the other.
func waitedFor(f *facts.Facts, p, c int) bool {
	call, served := f.Trace.Span(p), f.Trace.Span(c)
	return !served.FollowsFrom() && served.Kind() != trace.KindConsumer && (!f.Timing.Async(c) || served.Duration() <= call.Duration())
}

// onlyCalls reports whether a span whose kind says nothing does nothing but call one service: it is no entry of its
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

// entered reports whether a span is where its service is entered: a root, or asked for by another service.
func entered(f *facts.Facts, i int) bool {
	p := f.Trace.Parent(i)
	return p < f.Trace.First() || f.Trace.Span(p).ServiceSymbol() != f.Trace.Span(i).ServiceSymbol()
}

// Callees tells the calls of one operation apart by the service that they reach, where they reach several: "HTTP GET"
// of a client library that records no address.
type Callees struct {
	keys  *Keys
	of    []reaches // by key of the calling operation
	known map[*facts.Facts][]int32
}

// reaches is whom the calls of an operation reach.
type reaches struct {
	service string // "" for several
	met     bool
}

// NewCallees knows of no calls yet.
func NewCallees(k *Keys) *Callees { return &Callees{keys: k, known: map[*facts.Facts][]int32{}} }

// Servers is what the function of that name returns, worked out once a trace.
func (c *Callees) Servers(f *facts.Facts) []int32 {
	list, ok := c.known[f]
	if !ok {
		list = servers(f)
		c.known[f] = list
	}
	return list
}

// Learn notes whom the calls of a trace reach.
func (c *Callees) Learn(f *facts.Facts) {
	keyAt := c.keys.Reader(f)
	for i, server := range c.Servers(f) {
		if server < 0 {
			continue
		}
		key, to := keyAt(i), f.Trace.Span(int(server)).Service()
		if n := len(c.keys.Ops); len(c.of) < n {
			c.of = append(c.of, make([]reaches, n-len(c.of))...)
		}
		if known := &c.of[key]; !known.met {
			*known = reaches{to, true}
		} else if known.service != to {
			known.service = ""
		}
	}
}

// Only returns the service that all calls of an operation reach that reach one; "" where they reach several, or none.
func (c *Callees) Only(key int32) string {
	if int(key) >= len(c.of) {
		return ""
	}
	return c.of[key].service
}

// Several reports whether calls of an operation reach several services.
func (c *Callees) Several(key int32) bool {
	return int(key) < len(c.of) && c.of[key].met && c.of[key].service == ""
}

// split returns which spans of a trace serve the call of their parent, and the keys of its spans.
func (c *Callees) split(f *facts.Facts, keyAt func(i int) int32) ([]bool, func(i int) int32) {
	served, list, root := make([]bool, f.Trace.Len()), c.Servers(f), f.Trace.Root().Index()
	for _, server := range list {
		if server >= 0 {
			served[server] = true
		}
	}
	return served, func(i int) int32 {
		key := keyAt(i)
		if list[i] < 0 || i == root || !c.Several(key) { // the first span's operation is what traces are told apart by
			return key
		}
		op := c.keys.Ops[key]
		op.Peer = f.Trace.Span(int(list[i])).Service()
		return c.keys.number(op)
	}
}
