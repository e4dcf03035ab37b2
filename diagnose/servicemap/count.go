package servicemap

import (
	"tracefall/diagnose/facts"
	"tracefall/diagnose/failure"
	"tracefall/diagnose/secrets"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/stats"
	"tracefall/sources/trace"
)

// counting is a graph while its calls are being counted.
type counting struct {
	g        Graph
	nodeAt   map[string]int32 // by name: a peer that is called what a service is called is that service
	edgeAt   map[[2]int32]int32
	services map[string]int32 // nodes of services by their names as recorded
	edges    *facts.Edges

	kindsOf     [][kinds]int // of the calls to each node of which only its callers tell
	nodeSamples stats.Groups
	edgeSamples stats.Groups

	counted []bool // of the portion: its spans
}

// add counts the spans of a portion.
func (c *counting) add(p facts.Portion) {
	f := p.Facts
	c.g.Traces++
	if start := f.Trace.Start(); !f.Trace.Untimed() {
		c.g.starts = append(c.g.starts, start)
		c.g.end = max(c.g.end, f.Trace.Finish())
	}
	spread := failure.NewSpread(f)
	c.counted = nil
	if p.Spans == nil {
		for i := f.Trace.First(); i < f.Trace.Len(); i++ {
			c.span(f, i, spread)
		}
		return
	}
	c.counted = make([]bool, f.Trace.Len())
	for _, i := range p.Spans {
		c.counted[i] = true
	}
	for _, i := range p.Spans {
		c.span(f, int(i), spread)
	}
}

// has reports whether span i is counted.
func (c *counting) has(i int) bool { return c.counted == nil || c.counted[i] }

// span counts span i: as a call where it is one, as a request of its service where it entered that from outside, and
// as the place where a failure began.
func (c *counting) span(f *facts.Facts, i int, spread *failure.Spread) {
	c.g.Spans++
	s, p := f.Trace.Span(i), f.Trace.Parent(i)
	own := c.service(s)
	c.g.Nodes[own].Spans++
	duration := s.Duration()
	failed, cause := f.Failed(i), spread != nil && spread.Origin(i)
	blamed := own // the node where the failure of this span began
	if edge, ok := c.edges.Of(f, i); ok {
		to := c.callee(f, i, edge)
		from := own
		if edge.Server == i {
			from = c.service(f.Trace.Span(p))
		}
		at, known := c.edgeAt[[2]int32{from, to}]
		if !known {
			at = int32(len(c.g.Edges))
			c.edgeAt[[2]int32{from, to}] = at
			c.g.Edges = append(c.g.Edges, Edge{From: int(from), To: int(to)})
		}
		c.g.Edges[at].add(f.Trace, i, duration, failed, cause)
		c.edgeSamples.Add(at, duration)
		switch callee := &c.g.Nodes[to]; {
		case edge.Peer:
			callee.add(f.Trace, i, duration, failed, false)
			c.nodeSamples.Add(to, duration)
			blamed = to
		case edge.Server != i && failed && !f.Failed(edge.Server) && to != own:
			if c.has(edge.Server) {
				callee.Errors++ // its own span, counted by itself, does not say so
			}
			blamed = to
		}
	}
	if p < f.Trace.First() || f.Trace.Span(p).ServiceSymbol() != s.ServiceSymbol() {
		c.g.Nodes[own].add(f.Trace, i, duration, failed, false)
		c.nodeSamples.Add(own, duration)
	}
	if n := &c.g.Nodes[own]; n.Slowest == nil || duration > n.Slowest.Span(n.SlowestSpan).Duration() {
		n.Slowest, n.SlowestSpan = f.Trace, i
	}
	if cause {
		c.g.Nodes[blamed].Causes++
	}
}

// service returns the node of a span's service.
func (c *counting) service(s trace.Span) int32 {
	at, known := c.services[s.Service()]
	if !known {
		at = c.node(secrets.ServiceName(s))
		c.services[s.Service()] = at
	}
	return at
}

// callee returns the node that a call reaches.
func (c *counting) callee(f *facts.Facts, i int, e facts.Edge) int32 {
	if !e.Peer {
		return c.service(f.Trace.Span(e.Server))
	}
	at := c.node(e.To)
	c.kindsOf[at][kindOf(f, i, e.To)]++
	return at
}

// kindOf tells what the callee of a call is of which only the caller tells.
func kindOf(f *facts.Facts, i int, name string) Kind {
	switch f.Class(i) {
	case semconv.ClassSQL, semconv.ClassNoSQL, semconv.ClassTx:
		return Database
	case semconv.ClassCache:
		return Cache
	case semconv.ClassMessage:
		return Queue
	}
	if f.External(semconv.BareHost(name)) {
		return External
	}
	return Host
}

func (c *counting) node(name string) int32 {
	at, known := c.nodeAt[name]
	if !known {
		at = int32(len(c.g.Nodes))
		c.nodeAt[name] = at
		c.g.Nodes = append(c.g.Nodes, Node{Name: name})
		c.kindsOf = append(c.kindsOf, [kinds]int{})
	}
	return at
}

// graph returns what was counted.
func (c *counting) graph() *Graph {
	g := &c.g
	c.nodeSamples.Sorted(len(g.Nodes), func(at int, sorted []int64) { g.Nodes[at].percentiles(sorted) })
	c.edgeSamples.Sorted(len(g.Edges), func(at int, sorted []int64) { g.Edges[at].percentiles(sorted) })
	for at := range g.Nodes {
		n := &g.Nodes[at]
		if n.Spans > 0 {
			continue // a service
		}
		n.Kind = Host
		for kind, calls := range c.kindsOf[at][:Host] { // connecting is done to anything, so it says nothing
			if calls > 0 && (n.Kind == Host || calls > c.kindsOf[at][n.Kind]) {
				n.Kind = Kind(kind)
			}
		}
	}
	g.order()
	return g
}
