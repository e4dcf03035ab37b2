package eval

import (
	"math/bits"
	"slices"

	"tracefall/sources/trace"
)

// test is a predicate of one span.
type test func(m *machine, s trace.Span) bool

func never(*machine, trace.Span) bool { return false }

// node turns the candidates of a window of a trace into those that satisfy it. in and out are bitmaps of the
// window and may be the same.
type node interface {
	eval(m *machine, in, out []uint64)
	cost() int
}

// byCost sorts nodes so that cheap ones narrow the candidates of dear ones.
func byCost(nodes []node) []node {
	slices.SortStableFunc(nodes, func(a, b node) int { return a.cost() - b.cost() })
	return nodes
}

type allNode struct{}

func (allNode) cost() int                         { return 0 }
func (allNode) eval(_ *machine, in, out []uint64) { copy(out, in) }

// leafNode asks each candidate.
type leafNode struct {
	test  test
	costs int
}

func (n *leafNode) cost() int { return n.costs }

func (n *leafNode) eval(m *machine, in, out []uint64) {
	for w, candidates := range in {
		var hits uint64
		base := m.lo + w<<6
		for ; candidates != 0; candidates &= candidates - 1 {
			i := bits.TrailingZeros64(candidates)
			if n.test(m, m.t.Span(base+i)) {
				hits |= 1 << i
			}
		}
		out[w] = hits
	}
}

// traceNode asks once a trace.
type traceNode struct{ test test }

func (n *traceNode) cost() int { return 0 }

func (n *traceNode) eval(m *machine, in, out []uint64) {
	if n.test(m, m.t.Root()) {
		copy(out, in)
	} else {
		clear(out)
	}
}

type andNode struct{ nodes []node }

func (n *andNode) cost() int { return total(n.nodes) }

func (n *andNode) eval(m *machine, in, out []uint64) {
	n.nodes[0].eval(m, in, out)
	for _, next := range n.nodes[1:] {
		if empty(out) {
			return
		}
		next.eval(m, out, out)
	}
}

type orNode struct{ nodes []node }

func (n *orNode) cost() int { return total(n.nodes) }

func (n *orNode) eval(m *machine, in, out []uint64) {
	left, found := m.bitmap(len(in)), m.bitmap(len(in))
	copy(left, in)
	union := m.bitmap(len(in))
	clear(union)
	for _, next := range n.nodes {
		next.eval(m, left, found)
		for w, hits := range found {
			union[w] |= hits
			left[w] &^= hits
		}
	}
	copy(out, union)
	m.release(3)
}

type notNode struct{ node node }

func (n *notNode) cost() int { return n.node.cost() }

func (n *notNode) eval(m *machine, in, out []uint64) {
	found := m.bitmap(len(in))
	n.node.eval(m, in, found)
	for w := range in {
		out[w] = in[w] &^ found[w]
	}
	m.release(1)
}

func total(nodes []node) int {
	sum := 0
	for _, n := range nodes {
		sum += n.cost()
	}
	return sum
}
