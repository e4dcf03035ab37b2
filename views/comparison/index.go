package comparison

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"sort"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/facts"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/timeline"
	"tracefall/views/tree"
)

// index is what rows of a comparison say, worked out once.
type index struct {
	c       *compare.Comparison
	facts   [2]*facts.Facts
	zero    [2]int64           // ns since the epoch: when the first span starts
	window  [2]timeline.Window // the whole of a side, from the start of its first span
	calls   []call
	changes []compare.Change  // by node
	differs tree.Counts       // nodes at which something differs
	weighs  tree.Counts       // nodes that differ, and those that contribute a share of the difference, however little that is
	moved   tree.Counts       // nodes that took more or less time at all
	failed  tree.Counts       // nodes at which a call failed, on either side
	depth   int               // of the deepest node
	stems   map[string]string // of services, by name, for rows without room for the whole
}

// call is a node of the aligned tree, by side.
type call struct{ side [2]callSide }

// callSide is what one side of a call looks like on its row; times are ns since the start of the first span.
type callSide struct {
	sum         int64  // of the durations
	first, last int64  // when the first call starts and the last ends
	failed      int    // calls, by either of their sides
	below       int    // failed calls below
	spans       int    // with everything below
	busy        places // of several calls: when any of them runs
}

// placeCount is the resolution at which rows of several calls show when any of them runs.
const placeCount = 128

// notableShare is the part of the longer trace that a call must have contributed to be a difference of its own,
// however little the time is: one fiftieth.
const notableShare = 50

// places are parts of the time from a row's first to its last moment.
type places [placeCount / 64]uint64

func (p *places) add(from, to int) {
	for i := from; i <= to; i++ {
		p[i>>6] |= 1 << (i & 63)
	}
}

func (p *places) any(from, to int) bool {
	for i := from; i <= to; i++ {
		if p[i>>6]&(1<<(i&63)) != 0 {
			return true
		}
	}
	return false
}

func newIndex(c *compare.Comparison) *index {
	x := &index{
		c: c, facts: [2]*facts.Facts{c.Good, c.Bad}, calls: make([]call, len(c.Nodes)),
		changes: slices.Clone(c.Changes),
	}
	slices.SortStableFunc(x.changes, func(a, b compare.Change) int { return cmp.Compare(a.Node, b.Node) })
	for side, f := range x.facts {
		t := f.Trace
		x.zero[side] = t.Start()
		x.window[side] = timeline.Window{From: 0, To: max(t.Duration(), 1)}
	}
	x.stems = stemsOf(c)
	for i := range c.Nodes {
		x.depth = max(x.depth, c.Nodes[i].Depth)
		x.read(i, views.Good)
		x.read(i, views.Bad)
	}
	x.sumUp()
	x.mark()
	return x
}

// stemsOf returns the stems of the services of both traces.
func stemsOf(c *compare.Comparison) map[string]string {
	seen := map[string]bool{}
	for i := range c.Nodes {
		for _, name := range c.Nodes[i].Services {
			seen[name] = true
		}
	}
	return draw.Stems(slices.Collect(maps.Keys(seen)))
}

// read fills in one side of node i.
func (x *index) read(i int, side views.Side) {
	s, f := &x.calls[i].side[side], x.facts[side]
	spans := x.spans(i, side)
	s.first, s.last = math.MaxInt64, math.MinInt64
	for _, k := range spans {
		from, to := x.times(side, k)
		s.first, s.last = min(s.first, from), max(s.last, to)
		s.sum += f.Trace.Span(k).Duration()
		if f.Failed(k) {
			s.failed++
		}
	}
	good, bad := x.c.Served(i)
	served := [2][]int{good, bad}[side]
	failed := 0
	for _, k := range served {
		if f.Failed(k) {
			failed++
		}
	}
	s.failed = max(s.failed, failed)
	s.spans = len(spans) + len(served)
	if len(spans) < 2 {
		return
	}
	for _, k := range spans {
		from, to := x.times(side, k)
		s.busy.add(s.place(from), s.place(max(to-1, from)))
	}
}

// place returns which part of the row's time a moment lies in.
func (s *callSide) place(t int64) int {
	return draw.Scale{From: s.first, To: s.last, Width: placeCount}.Cell(t)
}

// times returns when a span starts and ends, in ns since the start of the first one.
func (x *index) times(side views.Side, span int) (from, to int64) {
	s := x.facts[side].Trace.Span(span)
	return since(s.Start(), x.zero[side]), since(s.Finish(), x.zero[side])
}

// since returns t − zero, or what is nearest to it.
func since(t, zero int64) int64 {
	d := t - zero
	if (d < 0) == (t < zero) {
		return d
	}
	if t < zero {
		return math.MinInt64
	}
	return math.MaxInt64
}

// sumUp adds what is below each node to it; parents come before their children.
func (x *index) sumUp() {
	for i := len(x.calls) - 1; i > 0; i-- {
		p := x.c.Nodes[i].Parent
		if p < 0 {
			continue
		}
		for side := range x.calls[i].side {
			s, up := &x.calls[i].side[side], &x.calls[p].side[side]
			up.spans += s.spans
			up.below += s.below + s.failed
		}
	}
}

// mark finds the nodes that commands jump along.
func (x *index) mark() {
	n := len(x.c.Nodes)
	differs, failed, weighs, moved := make([]bool, n), make([]bool, n), make([]bool, n), make([]bool, n)
	for _, ch := range x.changes {
		differs[ch.Node] = true
	}
	least := uint64(max(x.lengths().Longest, 0))/notableShare + 1
	for _, cause := range x.c.Causes {
		if cause.NotExecuted {
			continue
		}
		differs[cause.Node] = differs[cause.Node] || draw.Magnitude(cause.Delta) >= least
		weighs[cause.Node] = x.c.Weighs(cause.Delta)
		moved[cause.Node] = true
	}
	for i := range x.calls {
		good, bad := &x.calls[i].side[views.Good], &x.calls[i].side[views.Bad]
		failed[i] = good.failed+bad.failed > 0
		weighs[i] = weighs[i] || differs[i]
		moved[i] = moved[i] || good.sum != bad.sum
	}
	x.differs, x.failed = tree.Count(differs, n), tree.Count(failed, n)
	x.weighs, x.moved = tree.Count(weighs, n), tree.Count(moved, n)
}

// lengths are the durations of the calls in a table: in the precision of the longer trace.
func (x *index) lengths() draw.Durations {
	return draw.Durations{Longest: max(x.c.Length(false), x.c.Length(true))}
}

// contributed are the contributions in a table: in the precision of all that became slower, or of all that became faster.
func contributed(c *compare.Comparison) draw.Durations {
	return draw.Durations{Longest: max(c.Slower, -c.Faster)}
}

// spans returns the spans of one side of node i, in order.
func (x *index) spans(i int, side views.Side) []int {
	n := &x.c.Nodes[i]
	return [...][]int{views.Good: n.Good, views.Bad: n.Bad}[side]
}

// group reports whether a node stands for several calls on either side.
func (x *index) group(i int) bool {
	n := &x.c.Nodes[i]
	return len(n.Good) > 1 || len(n.Bad) > 1
}

// changesOf returns what differs at node i.
func (x *index) changesOf(i int) []compare.Change {
	from := sort.Search(len(x.changes), func(k int) bool { return x.changes[k].Node >= i })
	to := from
	for to < len(x.changes) && x.changes[to].Node == i {
		to++
	}
	return x.changes[from:to]
}

// Has reports whether something of a kind differs at node i.
func (x *index) has(i int, kind compare.Kind) bool {
	return slices.ContainsFunc(x.changesOf(i), func(ch compare.Change) bool { return ch.Kind == kind })
}

// same reports whether nothing differs at node i and below, and nothing there contributes to the difference by more
// than a trifle.
func (x *index) same(i int) bool { return x.weighs.In(i, x.c.Nodes[i].End) == 0 }
