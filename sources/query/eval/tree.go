package eval

import "tracefall/sources/query"

// relativeNode keeps the spans that have a relative satisfying another node.
type relativeNode struct {
	relation query.Relation
	node     node
}

func (n *relativeNode) cost() int { return 20 + n.node.cost() }

func (n *relativeNode) eval(m *machine, in, out []uint64) {
	full := m.full()
	n.node.eval(m, full, full)
	m.related(n.relation, full, in, out)
	m.release(1)
}

// structureNode is { } > { } and its like: spans of the right side that stand in a relation to the left side.
type structureNode struct {
	term        *query.Term
	left, right node
}

func (n *structureNode) cost() int { return 40 }

func (n *structureNode) eval(m *machine, in, out []uint64) {
	left, right := m.full(), m.full()
	n.left.eval(m, left, left)
	n.right.eval(m, right, right)
	found := m.bitmap(len(in))
	m.related(n.term.Relation, left, right, found)
	switch {
	case n.term.Negated:
		for w := range found {
			found[w] = right[w] &^ found[w]
		}
	case n.term.Union:
		others := m.bitmap(len(in))
		m.related(inverse[n.term.Relation], found, left, others)
		for w := range found {
			found[w] |= others[w]
		}
		m.release(1)
	}
	intersect(in, found, out)
	m.release(3)
}

// inverse is how b stands to a when a stands to b as the index says.
var inverse = [query.RelationCount]query.Relation{
	query.RelationParent: query.RelationChild, query.RelationChild: query.RelationParent,
	query.RelationAncestor: query.RelationDescendant, query.RelationDescendant: query.RelationAncestor, query.RelationSibling: query.RelationSibling,
}

// setsNode joins spansets: all of them when none is empty, or whichever there are.
type setsNode struct {
	both  bool
	nodes []node
}

func (n *setsNode) cost() int { return 40 }

func (n *setsNode) eval(m *machine, in, out []uint64) {
	full, found, all := m.full(), m.bitmap(len(in)), m.bitmap(len(in))
	clear(all)
	for _, next := range n.nodes {
		next.eval(m, full, found)
		if n.both && empty(found) {
			clear(all)
			break
		}
		for w := range all {
			all[w] |= found[w]
		}
	}
	intersect(in, all, out)
	m.release(3)
}

// related keeps those of in that have a relative in set. All bitmaps are of the whole trace. A synthetic root is
// nobody's relative: set never holds it, and the spans beneath it are not siblings.
func (m *machine) related(r query.Relation, set, in, out []uint64) {
	switch r {
	case query.RelationParent:
		keep(in, out, func(i int) bool {
			p := m.t.Parent(i)
			return p >= 0 && bit(set, p)
		})
	case query.RelationAncestor:
		m.spread(set, in, out)
	case query.RelationChild:
		parents := m.bitmap(len(in))
		clear(parents)
		each(set, func(i int) {
			if p := m.t.Parent(i); p >= 0 {
				setBit(parents, p)
			}
		})
		intersect(in, parents, out)
		m.release(1)
	case query.RelationDescendant:
		keep(in, out, func(i int) bool {
			next := nextBit(set, i+1)
			return next >= 0 && next < m.t.End(i)
		})
	case query.RelationSibling:
		m.siblings(set, in, out)
	default:
	}
}

// spread keeps those of in that lie beneath a span of set: in pre-order that is one pass with the furthest end.
func (m *machine) spread(set, in, out []uint64) {
	below := m.bitmap(len(in))
	clear(below)
	end := 0
	for i := nextBit(set, 0); i >= 0; i = nextBit(set, i+1) {
		if last := m.t.End(i); last > end {
			for j := max(i+1, end); j < last; j++ {
				setBit(below, j)
			}
			end = last
		}
	}
	intersect(in, below, out)
	m.release(1)
}

func (m *machine) siblings(set, in, out []uint64) {
	counts := zeroed(m.counts, m.t.Len())
	m.counts = counts
	each(set, func(i int) {
		if p := m.t.Parent(i); p >= 0 {
			counts[p]++
		}
	})
	first := m.t.First()
	keep(in, out, func(i int) bool {
		p := m.t.Parent(i)
		if p < first {
			return false
		}
		if bit(set, i) {
			return counts[p] > 1
		}
		return counts[p] > 0
	})
}
