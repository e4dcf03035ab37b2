package calltree

import (
	"slices"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

// Contexts is the calling-context tree of any number of traces, of one set or of two sides: one node for each path of
// operations. Unlike a Tree it keeps the client's and the server's span of a call apart, since each is the work of its
// own service.
//
//	gateway > cart > redis          node 0 > gateway > cart > redis
//	gateway > cart > redis, redis            2         2      3       spans
//
// Node 0 stands above all roots; parents come before their children.
type Contexts struct {
	Nodes  []Context
	Traces [2]int   // that were added, by side
	Took   [2]int64 // by side: sum of their durations; -1 where only some spans of one count
	keys   *Keys
	steps  map[Step]int32
	of     []int32 // scratch, by span of the trace being added: its node, -1 for none
	below  []int64 // scratch, likewise: ns of its children, as wide as they are drawn
	wanted []bool  // scratch, likewise: the span counts, or one below it does
	counts []bool  // scratch, likewise: the span itself counts
}

// Context is a node: all spans that were reached by one path of operations.
type Context struct {
	Key     int32 // of the operation, -1 for node 0
	Parent  int32
	Depth   int32 // of node 0 it is 0
	from    int32 // of its children
	fan     int32
	Sides   [2]Spent
	Longest *trace.Trace // where its longest span is, on the last side that has one; nil for node 0
	Span    int32        // the index of that span
}

// Spent is what the spans of a node took on one side: ns, but for the counts. Sums that 64 bits do not hold stay at
// the largest number.
type Spent struct {
	Total    int64 // sum of durations
	Apart    int64 // of it what the children's durations, added up, leave
	Self     int64 // of it what no child that was waited for covers
	Critical int64 // of the critical paths
	Async    int64 // of children that are not waited for, with all below them, as wide as they are drawn
	Count    int64
	Failed   int64
	Untimed  int64 // spans whose times are not known
	longest  int64
}

// NewContexts returns a tree without a trace. Keys may serve several trees.
func NewContexts(k *Keys) *Contexts {
	return &Contexts{keys: k, steps: map[Step]int32{}, Nodes: []Context{{Key: -1, Parent: -1}}}
}

// Op returns the operation of a node other than 0.
func (c *Contexts) Op(node int32) facts.Op { return c.keys.Ops[c.Nodes[node].Key] }

// Add adds the spans of a portion to a side, 0 or 1. Where a portion is some spans of its trace only these count, below
// the calls that led to them. It costs some tens of nanoseconds a span.
func (c *Contexts) Add(side int, p facts.Portion) {
	f := p.Facts
	t := f.Trace
	c.Traces[side]++
	if p.Spans != nil || c.Took[side] < 0 {
		c.Took[side] = -1
	} else {
		c.Took[side] = clocks.Add(c.Took[side], t.Duration())
	}
	c.choose(p)
	keyAt := c.keys.Reader(f)
	last, node := Step{Parent: -1, Key: -1}, int32(0)
	for i := range t.Len() {
		parent := int32(0)
		if i > 0 {
			parent = c.of[t.Parent(i)]
		}
		c.of[i] = parent
		if !c.wanted[i] || t.Span(i).Synthetic() {
			continue
		}
		s := Step{Parent: parent, Key: keyAt(i)}
		if s != last { // loops make one call again and again
			node = c.node(s)
			last = s
		}
		c.of[i] = node
	}
	c.spend(side, f)
}

// choose says which spans of a portion count, and which lead to some.
func (c *Contexts) choose(p facts.Portion) {
	t := p.Facts.Trace
	n := t.Len()
	if cap(c.of) < n {
		c.of, c.below, c.wanted, c.counts = make([]int32, n), make([]int64, n), make([]bool, n), make([]bool, n)
	}
	c.of, c.below, c.wanted, c.counts = c.of[:n], c.below[:n], c.wanted[:n], c.counts[:n]
	clear(c.below)
	for i := range n {
		c.counts[i] = p.Spans == nil
	}
	for _, i := range p.Spans {
		c.counts[i] = true
	}
	copy(c.wanted, c.counts)
	for i := n - 1; i > 0; i-- {
		if c.wanted[i] {
			c.wanted[t.Parent(i)] = true
		}
	}
}

// node returns the node that a step leads to.
func (c *Contexts) node(s Step) int32 {
	n, ok := c.steps[s]
	if !ok {
		n = int32(len(c.Nodes))
		c.steps[s] = n
		c.Nodes = append(c.Nodes, Context{Key: s.Key, Parent: s.Parent, Depth: c.Nodes[s.Parent].Depth + 1})
	}
	return n
}

// spend adds what each span took to its node, children first.
func (c *Contexts) spend(side int, f *facts.Facts) {
	t := f.Trace
	for i := t.Len() - 1; i >= 0; i-- {
		width := c.below[i]
		if s := t.Span(i); c.counts[i] && !s.Synthetic() {
			n := &c.Nodes[c.of[i]]
			spent, long := &n.Sides[side], s.Duration()
			apart := max(long-c.below[i], 0)
			width = clocks.Add(width, apart)
			spent.Total, spent.Apart = clocks.Add(spent.Total, long), clocks.Add(spent.Apart, apart)
			spent.Self, spent.Critical = clocks.Add(spent.Self, f.Self[i]), clocks.Add(spent.Critical, f.Path.Time(i))
			if spent.Count++; s.Error() {
				spent.Failed++
			}
			if s.Untimed() {
				spent.Untimed++
			}
			if long >= spent.longest || n.Sides[1-side].Count > 0 && spent.Count == 1 {
				spent.longest, n.Longest, n.Span = long, t, int32(i)
			}
		}
		if i > 0 {
			p := t.Parent(i)
			c.below[p] = clocks.Add(c.below[p], width)
			if c.counts[p] && f.Timing.Async(i) {
				spent := &c.Nodes[c.of[p]].Sides[side]
				spent.Async = clocks.Add(spent.Async, width)
			}
		}
	}
}

// Kids has the children of each node, in an order.
type Kids struct {
	of   *Contexts
	list []int32
}

// Of returns the children of a node.
func (k Kids) Of(node int32) []int32 {
	n := &k.of.Nodes[node]
	return k.list[n.from : n.from+n.fan : n.from+n.fan]
}

// Sorted returns the children of each node in another order, which compare decides. What is equal stays as it is.
func (k Kids) Sorted(compare func(a, b int32) int) Kids {
	sorted := Kids{k.of, slices.Clone(k.list)}
	for n := range k.of.Nodes {
		slices.SortStableFunc(sorted.Of(int32(n)), compare)
	}
	return sorted
}

// Below adds to what each node has of its own what all nodes below it have.
func (c *Contexts) Below(own []float64) []float64 {
	sums := slices.Clone(own)
	for n := len(sums) - 1; n > 0; n-- {
		sums[c.Nodes[n].Parent] += sums[n]
	}
	return sums
}

// Finish puts the children of each node together, in the order in which they were met: in one trace that of their first
// start. Nothing is added after it.
func (c *Contexts) Finish() Kids {
	kids := make([]int32, len(c.Nodes)-1)
	for n := 1; n < len(c.Nodes); n++ {
		c.Nodes[c.Nodes[n].Parent].fan++
	}
	at := int32(0)
	for n := range c.Nodes {
		c.Nodes[n].from = at
		at += c.Nodes[n].fan
		c.Nodes[n].fan = 0
	}
	for n := 1; n < len(c.Nodes); n++ {
		p := &c.Nodes[c.Nodes[n].Parent]
		kids[p.from+p.fan] = int32(n)
		p.fan++
	}
	c.steps, c.of, c.below, c.wanted, c.counts = nil, nil, nil, nil, nil
	return Kids{c, kids}
}
