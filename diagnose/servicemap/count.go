package servicemap

import (
	"iter"
	"slices"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/failure"
	"tracefall/diagnose/secrets"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/stats"
	"tracefall/sources/trace"
)

// Count counts the calls of portions of one set. It costs some hundred nanoseconds a span; run it as a job.
func Count(portions iter.Seq[facts.Portion]) *Graph {
	c := counting{nodeAt: map[string]int32{}, edgeAt: map[[2]int32]int32{}, services: map[string]int32{}, symbols: map[trace.Symbol]int32{}, blames: map[blame]*example{}, edges: facts.NewEdges()}
	for p := range portions {
		c.add(p)
	}
	return c.graph()
}

// counting is a graph while its calls are being counted.
type counting struct {
	g        Graph
	nodeAt   map[string]int32 // by name: a peer that is called what a service is called is that service
	edgeAt   map[[2]int32]int32
	services map[string]int32       // nodes of services by their names as recorded
	symbols  map[trace.Symbol]int32 // the same, for looking them up
	edges    *facts.Edges

	kindsOf     [][kinds]int // of the calls to each node of which only its callers tell
	nodeSamples stats.Groups
	edgeSamples stats.Groups

	counted []bool // of the portion: its spans

	canon  semconv.Canonical
	named  []blame // in the order in which they were met
	blames map[blame]*example
}

// example says how often a failure was met, and where its first span is.
type example struct {
	count int
	trace *trace.Trace
	span  int
	label string // what the span called
}

// blame is a failure of a service whose message names whom it is about: "connect ECONNREFUSED redis:6379". Such a call
// has no span of its own, which is why nothing else may tell of it.
type blame struct {
	service  int32
	peer     string // as the message names it
	ours     string // the service of ours that it may be, "" for none
	external bool
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
	sample := func(of *stats.Groups, at int32) {
		if !s.Untimed() {
			of.Add(at, duration)
		}
	}
	failed, cause := s.Error(), spread != nil && spread.Origin(i)
	blamed, through := own, -1 // the node where a failure of this span began, and the edge to it
	if edge, ok := c.edges.Of(f, i); ok {
		to := c.callee(f, i, edge)
		from := own
		if edge.Server == i {
			from = c.service(f.Trace.Span(p))
		}
		at := c.edge(from, to)
		through = int(at)
		c.g.Edges[at].add(f, i, duration, failed)
		sample(&c.edgeSamples, at)
		switch callee := &c.g.Nodes[to]; {
		case edge.Peer:
			callee.add(f, i, duration, failed)
			sample(&c.nodeSamples, to)
			blamed = to
		case edge.Server < 0:
			if failed {
				blamed = to
			}
		case edge.Server != i && failed && !f.Trace.Span(edge.Server).Error() && to != own:
			if c.has(edge.Server) {
				callee.Errors++ // its own span, counted by itself, does not say so
			}
			blamed = to
		}
	}
	if p < f.Trace.First() || f.Trace.Span(p).ServiceSymbol() != s.ServiceSymbol() {
		c.g.Nodes[own].add(f, i, duration, failed)
		sample(&c.nodeSamples, own)
	}
	if n := &c.g.Nodes[own]; n.Slowest == nil || duration > n.Slowest.Span(n.SlowestSpan).Duration() {
		n.Slowest, n.SlowestSpan = f.Trace, i
	}
	if !cause || blamed == own && c.blame(f, i, own) {
		return
	}
	c.g.Nodes[blamed].Causes++
	if through >= 0 && c.g.Edges[through].To == int(blamed) {
		c.g.Edges[through].Causes++
	}
}

// blame notes whom the message of a failure that began at span i names. It reports whether it names anybody.
func (c *counting) blame(f *facts.Facts, i int, own int32) bool {
	peer := failure.PeerOf(f, i, &c.canon)
	if peer == "" {
		return false
	}
	host, _, _ := strings.Cut(peer, ":")
	b := blame{own, peer, f.ServiceLabel(host), f.External(host)}
	if c.blames[b] == nil {
		c.named = append(c.named, b)
		c.blames[b] = &example{trace: f.Trace, span: i, label: f.Label(i)}
	}
	c.blames[b].count++
	return true
}

// settleBlames gives failures to those whom their messages name: the node of that name, the service of ours that has
// it, the only node that has it and a port, or a node that nothing else tells of.
func (c *counting) settleBlames() {
	hosts := map[string]int32{} // nodes by their names without ports, -1 for several
	host := func(name string, at int32) {
		if name, _, ok := strings.Cut(name, ":"); ok {
			if _, several := hosts[name]; several {
				at = -1
			}
			hosts[name] = at
		}
	}
	for at := range c.g.Nodes {
		host(c.g.Nodes[at].Name, int32(at))
	}
	hasPort := func(b blame) bool { return strings.Contains(b.peer, ":") }
	slices.SortStableFunc(c.named, func(a, b blame) int {
		switch {
		case hasPort(a) == hasPort(b):
			return strings.Compare(a.peer, b.peer)
		case hasPort(a):
			return -1
		}
		return 1
	})
	for _, b := range c.named {
		name := secrets.Masked(b.peer)
		at, known := c.nodeAt[name]
		if service, is := c.services[b.ours]; !known && b.ours != "" && is {
			at, known = service, true
		}
		if only, is := hosts[name]; !known && is && only >= 0 {
			at, known = only, true
		}
		if !known {
			kind := Host
			if b.external {
				kind = External
			}
			at = c.node(name)
			c.kindsOf[at][kind]++
			host(name, at)
		}
		c.g.Nodes[at].blame(c.blames[b])
		if at != b.service {
			c.g.Edges[c.edge(b.service, at)].blame(c.blames[b])
		}
	}
}

// blame counts failures that began here; where no call was recorded, one of them stands for the slowest call.
func (c *Calls) blame(e *example) {
	c.Causes += e.count
	if c.Trace == nil {
		c.Trace, c.Span, c.Label = e.trace, e.span, e.label
	}
}

// edge returns the edge between two nodes.
func (c *counting) edge(from, to int32) int32 {
	at, known := c.edgeAt[[2]int32{from, to}]
	if !known {
		at = int32(len(c.g.Edges))
		c.edgeAt[[2]int32{from, to}] = at
		c.g.Edges = append(c.g.Edges, Edge{From: int(from), To: int(to)})
	}
	return at
}

// service returns the node of a span's service.
func (c *counting) service(s trace.Span) int32 {
	at, known := c.symbols[s.ServiceSymbol()]
	if !known {
		at = c.node(secrets.ServiceName(s))
		c.symbols[s.ServiceSymbol()], c.services[s.Service()] = at, at
	}
	return at
}

// callee returns the node that a call reaches.
func (c *counting) callee(f *facts.Facts, i int, e facts.Edge) int32 {
	if e.Server >= 0 {
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
	c.settleBlames()
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
