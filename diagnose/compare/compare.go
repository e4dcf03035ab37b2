package compare

import (
	"strings"

	"tracefall/diagnose/compare/calltree"
	"tracefall/diagnose/facts"
)

// Comparison is a good and a bad trace, aligned. It does not change once made.
type Comparison struct {
	Good, Bad     *facts.Facts
	Nodes         []Node // the aligned tree in pre-order
	Delta         int64  // ns by which the bad trace took longer
	Contributions []Contribution
	Causes        []Cause // by call, what made the most first
	Slower        int64   // ns, of the causes that made the bad trace slower; with Faster it is Delta
	Faster        int64   // ns, of those that made it faster, 0 or less
	Changes       []Change
	Divergence    *Divergence // nil when nothing differs in kind
	Headline      string
	Brief         string // the headline without the parts that the causes list again
	Trust         Trust

	a      *aligner
	places [2][]int32 // of good and bad, by node of the call tree: index in Nodes
	deltas []int64    // by node, with everything below

	highest, lowest int64 // ns, of these and of the causes
}

// Trust says how far the comparison can be relied on.
type Trust struct {
	MatchedShare float64 // of the spans of both traces, those that have a counterpart
	Ambiguous    int     // pairs for which another was as good
	Unrelated    bool    // the traces are different operations
	Incomplete   [2]bool // good and bad: spans are missing from the export itself, so "missing" may be its fault
}

// Pair compares two traces. Their facts need not stand on one set.
func Pair(good, bad *facts.Facts) *Comparison {
	k := calltree.NewKeys()
	a := align(calltree.New(good, k), calltree.New(bad, k))
	c := &Comparison{Good: good, Bad: bad, Nodes: a.nodes, a: a}
	c.Delta = c.Length(true) - c.Length(false)
	c.index()
	c.Trust = c.trust()
	c.markNotReached()
	c.Contributions = c.contributions()
	c.causes()
	c.Changes = (&changes{messages: messages{c}, seen: map[[2]int]bool{}}).all()
	c.Divergence = c.divergence()
	h := headline{c}
	if c.Divergence != nil {
		c.Divergence.Leads = h.leads()
	}
	c.Headline, c.Brief = h.text(true), h.text(false)
	return c
}

// unrelatedBelow is the likeness of the roots under which the traces are said to be different operations.
const unrelatedBelow = 0.4

func (c *Comparison) trust() Trust {
	t := Trust{Ambiguous: c.a.ambiguous}
	matched := 0
	for i := range c.Nodes {
		if n := &c.Nodes[i]; n.Presence == Matched && (i > 0 || !c.inPieces()) {
			matched += 2 * min(len(n.Good), len(n.Bad))
			matched += 2 * min(len(c.a.good.Calls[n.good].Servers), len(c.a.bad.Calls[n.bad].Servers))
		}
	}
	t.MatchedShare = float64(matched) / float64(c.Good.Trace.SpanCount()+c.Bad.Trace.SpanCount())
	t.Unrelated = c.unrelated()
	t.Incomplete = [2]bool{facts.Incomplete(c.Good.Trace), facts.Incomplete(c.Bad.Trace)}
	return t
}

// unrelated reports whether the calls at the top have nothing in common, not even what they call.
func (c *Comparison) unrelated() bool {
	for i := range c.Nodes {
		if n := &c.Nodes[i]; n.Presence == Matched && (i > 0 || !c.rootless(false) || !c.rootless(true)) {
			return n.Relaxed && c.a.likeness(n.good, n.bad) < unrelatedBelow
		}
	}
	return true
}

// index finds the node of each call and sums up what the nodes add; children come after their parents.
func (c *Comparison) index() {
	c.places = [2][]int32{make([]int32, len(c.a.good.Calls)), make([]int32, len(c.a.bad.Calls))}
	c.deltas = make([]int64, len(c.Nodes))
	for i := len(c.Nodes) - 1; i >= 0; i-- {
		n := &c.Nodes[i]
		if n.good >= 0 {
			c.places[0][n.good] = int32(i)
			c.deltas[i] -= c.a.good.Calls[n.good].Critical
		}
		if n.bad >= 0 {
			c.places[1][n.bad] = int32(i)
			c.deltas[i] += c.a.bad.Calls[n.bad].Critical
		}
		if n.Parent >= 0 {
			c.deltas[n.Parent] += c.deltas[i]
		}
	}
	outside, _ := c.outside()
	c.deltas[0] += outside
}

// Served returns the spans that served the calls of node i, on both sides; empty where the export has none.
func (c *Comparison) Served(i int) (good, bad []int) {
	n := &c.Nodes[i]
	if n.good >= 0 {
		good = c.a.good.Calls[n.good].Servers
	}
	if n.bad >= 0 {
		bad = c.a.bad.Calls[n.bad].Servers
	}
	return good, bad
}

// DeltaOf returns by how many nanoseconds node i and everything below it made the bad trace longer: the difference
// of their critical-path times. That of node 0 is Delta.
func (c *Comparison) DeltaOf(i int) int64 { return c.deltas[i] }

// NodeOf returns the index of the node that holds a span of the good or the bad trace.
func (c *Comparison) NodeOf(bad bool, span int) int {
	if bad {
		return int(c.places[1][c.a.bad.Of[span]])
	}
	return int(c.places[0][c.a.good.Of[span]])
}

// Anchor returns the span of the bad trace under which node i stands or would stand: its own first span, else that of
// the closest call above that the bad trace has.
func (c *Comparison) Anchor(i int) int {
	for ; i >= 0; i = c.Nodes[i].Parent {
		if n := &c.Nodes[i]; len(n.Bad) > 0 {
			return n.Bad[0]
		}
	}
	return c.Bad.Trace.Root().Index()
}

// Path lists the labels of the calls from the root to node i.
func (c *Comparison) Path(i int) []string {
	depth := c.Nodes[i].Depth
	path := make([]string, depth+1)
	for ; i >= 0; i = c.Nodes[i].Parent {
		path[depth] = c.Nodes[i].Op.Label()
		depth--
	}
	return path
}

// goodCall returns the good side's call of a node, nil where it has none.
func (c *Comparison) goodCall(n *Node) *calltree.Call {
	if n.good < 0 {
		return nil
	}
	return &c.a.good.Calls[n.good]
}

// badCall returns the bad side's call of a node, nil where it has none.
func (c *Comparison) badCall(n *Node) *calltree.Call {
	if n.bad < 0 {
		return nil
	}
	return &c.a.bad.Calls[n.bad]
}

// name is how a node is called in sentences: service and operation.
func (c *Comparison) name(n *Node) string {
	switch {
	case n.Parent < 0 && n.Op.Service == "" && n.Op.Label() == "" && c.inPieces():
		return "the whole trace"
	case n.Op.Label() == "":
		return strings.TrimSpace(n.Op.Service + " (no name)")
	case n.Op.Service == "":
		return n.Op.Label()
	}
	return n.Op.Service + " " + n.Op.Label()
}

// Name is how node i is called in sentences: service and operation; "the whole trace" where the node
// only holds pieces.
func (c *Comparison) Name(i int) string { return c.name(&c.Nodes[i]) }

// counted reports whether a call is made more or less often for each time that its parent is.
func (c *Comparison) counted(i int) bool {
	n := &c.Nodes[i]
	if n.Presence != Matched {
		return false
	}
	before, now := len(n.Good), len(n.Bad)
	for p := n.Parent; p >= 0; p = c.Nodes[p].Parent {
		if q := &c.Nodes[p]; q.Presence == Matched {
			return now*len(q.Good) != before*len(q.Bad)
		}
	}
	return now != before
}

func (c *Comparison) parentName(i int) string {
	if p := c.Nodes[i].Parent; p >= 0 {
		return c.Nodes[p].Op.Label()
	}
	return "the root"
}
