package compare

import (
	"tracefall/diagnose/compare/calltree"
	"tracefall/diagnose/facts"
)

// Pair compares two traces. Their facts need not stand on one set.
func Pair(good, bad *facts.Facts) *Comparison {
	k := calltree.NewKeys()
	a := align(calltree.New(good, k), calltree.New(bad, k))
	c := &Comparison{Good: good, Bad: bad, Nodes: a.nodes, a: a}
	c.Delta = c.Length(true) - c.Length(false)
	c.index()
	c.Trust = c.trust()
	c.markNotReached()
	c.Contributions = contributions(c)
	c.sumOwn()
	c.causes()
	c.Changes = (&changes{messages: messages{c}, seen: map[[2]int]bool{}}).all()
	c.Divergence = c.divergence()
	h := headline{messages{c}}
	if c.Divergence != nil {
		c.Divergence.Leads = h.leads()
		main := h.mainCause()
		c.Divergence.Told = c.Divergence.Leads || main != nil && main.Node == c.Divergence.Node && !main.Apart
	}
	c.Headline, c.Brief = h.text(coverParts), h.text(1)
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
