package servicemap

import (
	"cmp"
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/stats"
	"tracefall/sources/trace"
)

// Kind is what a node is.
type Kind uint8

// The kinds of nodes. All but services are known from their callers only.
const (
	Service Kind = iota
	Database
	Cache
	Queue
	External // a host outside of what the traced services belong to
	Host     // a host or service that recorded nothing
	kinds
)

// String returns the kind as the screens and JSON spell it.
func (k Kind) String() string {
	return [...]string{"service", "database", "cache", "queue", "external", "uninstrumented"}[k]
}

// Calls are the numbers of calls. Times are nanoseconds.
type Calls struct {
	Count   int
	Errors  int // that were recorded as errors
	Untimed int // whose times are not known: no number of ns counts them
	Causes  int // failures that began here: the call or span failed, and nothing that it waited for did
	P50     int64
	P95     int64
	P99     int64
	Max     int64
	Trace   *trace.Trace // where the longest call is, or without calls a failure that began here; nil for neither
	Span    int          // its index
	Label   string       // what it called
}

// Node is a service, or what services call. The calls of a service are the requests that entered it from outside, by
// its own spans; a request also failed where only its caller says so, such as one that timed out. Those of any other
// node are the calls to it, by the spans of its callers.
type Node struct {
	Name string // as it may be shown, "" for spans that name no service
	Kind Kind
	Calls
	Spans int // of the service itself
	// Its slowest span where nothing entered it, as with a service that only calls others.
	Slowest     *trace.Trace
	SlowestSpan int
}

// Edge is the calls from one node to another, or to itself: the same spans and numbers as those of the group of
// statistics by edge. One without calls is known from messages of errors only, which name whom they are about.
type Edge struct {
	From, To int // nodes
	Calls
}

// Graph is who calls whom. Nodes are sorted by kind and name, edges by their nodes.
type Graph struct {
	Nodes  []Node
	Edges  []Edge
	Traces int
	Spans  int
	starts []int64 // ns, of the traces
	end    int64   // ns, of the last of them
}

// order sorts nodes and edges, so that the graph does not depend on the order of traces.
func (g *Graph) order() {
	nodes := slices.Clone(g.Nodes)
	place := places(nodes, func(n *Node) *Node { return n })
	for i, at := range place {
		g.Nodes[at] = nodes[i]
	}
	for i := range g.Edges {
		e := &g.Edges[i]
		e.From, e.To = place[e.From], place[e.To]
	}
	slices.SortFunc(g.Edges, func(a, b Edge) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
}

// places returns where each of the nodes belongs, by kind and name.
func places[N any](nodes []N, of func(*N) *Node) []int {
	sorted := make([]int, len(nodes))
	for i := range sorted {
		sorted[i] = i
	}
	slices.SortFunc(sorted, func(a, b int) int {
		x, y := of(&nodes[a]), of(&nodes[b])
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Name, y.Name))
	})
	place := make([]int, len(nodes))
	for to, from := range sorted {
		place[from] = to
	}
	return place
}

// Failures returns how many calls failed; where no call was recorded, how many failures began here all the same.
func (c *Calls) Failures() int {
	if c.Count == 0 {
		return c.Causes
	}
	return c.Errors
}

// Least returns how many calls there were at least: those that were recorded, or where none was as many as failures tell of.
func (c *Calls) Least() int { return max(c.Count, c.Failures()) }

// percentiles reads the percentiles of sorted durations.
func (c *Calls) percentiles(sorted []int64) {
	c.P50, c.P95, c.P99 = stats.Percentile(sorted, 50), stats.Percentile(sorted, 95), stats.Percentile(sorted, 99)
}

// add counts a call.
func (c *Calls) add(f *facts.Facts, span int, duration int64, failed bool) {
	if c.Trace == nil || duration > c.Max {
		c.Max, c.Trace, c.Span, c.Label = duration, f.Trace, span, f.Label(span)
	}
	c.Count++
	if failed {
		c.Errors++
	}
	if f.Trace.Span(span).Untimed() {
		c.Untimed++
	}
}

// Timed reports whether the times of some of the calls are known.
func (c *Calls) Timed() bool { return c.Untimed < c.Count }
