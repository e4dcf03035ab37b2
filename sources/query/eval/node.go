package eval

import (
	"math/bits"
	"slices"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// test is a predicate of one span.
type test func(m *machine, s trace.Span) bool

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

func empty(bitmap []uint64) bool {
	for _, word := range bitmap {
		if word != 0 {
			return false
		}
	}
	return true
}

func bit(bitmap []uint64, i int) bool { return bitmap[i>>6]>>(i&63)&1 != 0 }

func setBit(bitmap []uint64, i int) { bitmap[i>>6] |= 1 << (i & 63) }

// machine is the scratch memory of one goroutine: a program runs on it trace by trace without allocating.
type machine struct {
	p      *Program
	t      *trace.Trace
	lo, hi int // the window: spans lo … hi-1, bit 0 is lo
	maps   [][]uint64
	inUse  int
	caches [][]uint8 // by slot, by symbol: 0 not known, 1 no, 2 yes
	buf    []byte
	left   []query.Datum
	right  []query.Datum
	counts []int32
	pipe   pipelineMemory
	spans  []int32 // what matched in a batch
	found  []count

	inEvent, inLink bool // within event(…) or link(…): the element in question
	event           trace.Event
	link            trace.Link

	// By span, each of the trace that the name behind it holds.
	children                                []int32
	self                                    []int64
	critical                                []bool
	marks                                   [][]string // names of detectors
	childrenOf, selfOf, criticalOf, marksOf *trace.Trace

	seen      []bool // by key: some span has it
	otherName []bool // by key: a match came through another name of it
	unitless  []bool // by key: a duration met a number without a unit
}

// bitmap lends a bitmap of n words with any content; release gives back the last ones.
func (m *machine) bitmap(n int) []uint64 {
	if m.inUse == len(m.maps) {
		m.maps = append(m.maps, nil)
	}
	if cap(m.maps[m.inUse]) < n {
		m.maps[m.inUse] = make([]uint64, n)
	}
	m.inUse++
	return m.maps[m.inUse-1][:n]
}

func (m *machine) release(n int) { m.inUse -= n }

// bind prepares the machine for a program; what it learnt for another is void.
func (m *machine) bind(p *Program) {
	if m.p == p {
		return
	}
	*m = machine{
		p: p, maps: m.maps, buf: m.buf[:0], left: m.left[:0], right: m.right[:0], counts: m.counts, spans: m.spans, found: m.found,
		children: m.children, self: m.self, critical: m.critical, marks: m.marks,
		caches: make([][]uint8, p.slots),
		seen:   make([]bool, len(p.keys)), otherName: make([]bool, len(p.keys)), unitless: make([]bool, len(p.keys)),
	}
}

// window evaluates the program's tree for spans lo … hi-1 of a trace. The bitmap is valid until the next call.
func (m *machine) window(t *trace.Trace, lo, hi int) []uint64 {
	m.t, m.lo, m.hi, m.inUse = t, lo, hi, 0
	full := m.full()
	out := m.bitmap(len(full))
	m.p.root.eval(m, full, out)
	return out
}

// full lends the bitmap of all spans of the window; a synthetic root is none.
func (m *machine) full() []uint64 {
	n := m.hi - m.lo
	full := m.bitmap((n + 63) >> 6)
	for w := range full {
		full[w] = ^uint64(0)
	}
	if rest := n & 63; rest != 0 {
		full[len(full)-1] = 1<<rest - 1
	}
	if m.lo < m.t.First() && n > 0 {
		full[0] &^= 1
	}
	return full
}
