package flame

import (
	"cmp"
	"iter"
	"math"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/compare/calltree"
	"tracefall/diagnose/facts"
	"tracefall/views"
	"tracefall/views/draw"
)

// measure is what the width of a frame stands for.
type measure uint8

const (
	byTotal measure = iota // durations; the sum of the children where they ran at once and add up to more
	bySelf
	byCritical
	byCount
	measures
)

// measureNames are the measures as the screen calls them.
var measureNames = [measures]string{byTotal: "total time", bySelf: "self time", byCritical: "critical path", byCount: "spans"}

// own returns what a node has of its own on one side, without its children: ns, or spans.
func (m measure) own(s *calltree.Spent) int64 {
	switch m {
	case byTotal:
		return s.Apart
	case bySelf:
		return s.Self
	case byCritical:
		return s.Critical
	case byCount, measures:
	}
	return s.Count
}

// format writes an amount: a duration, or spans, with a decimal where they are a mean.
func (m measure) format(amount float64) string {
	if m != byCount {
		return draw.Duration(nanoseconds(amount))
	}
	return countText(amount)
}

// aligned is format for a column of durations.
func (m measure) aligned(amount float64, times draw.Durations) string {
	if m != byCount {
		return times.Text(nanoseconds(amount))
	}
	return countText(amount)
}

// sign is the sign of a difference, which is always written.
func signOf(amount float64) string {
	switch {
	case amount < 0:
		return "-"
	case amount == 0:
		return "±"
	}
	return "+"
}

// change writes a difference with its sign.
func (m measure) change(amount float64) string { return signOf(amount) + m.format(math.Abs(amount)) }

func countText(n float64) string {
	if n == math.Trunc(n) || n >= 100 {
		return draw.Count(int(math.Round(n)))
	}
	whole, tenths := math.Modf(math.Round(n*10) / 10)
	return draw.Count(int(whole)) + "." + string(rune('0'+int(math.Round(tenths*10))))
}

// nanoseconds rounds an amount to whole ns that 64 bits hold.
func nanoseconds(amount float64) int64 {
	return int64(max(min(math.Round(amount), math.MaxInt64/2), math.MinInt64/2))
}

// graph is a tree of calls with the widths of its frames. It does not change once made.
type graph struct {
	tree   *calltree.Contexts
	base   int32 // the frame at the top: node 0, or the root where there is only one
	sides  int
	spans  int64 // of all sides
	frames int   // nodes but for node 0
	names  []frameName

	critical [2][]float64      // ns of the critical path by side, with everything below
	self     [2]float64        // ns of the self times of all frames, by side
	whole    [2]calltree.Spent // by side: the time of all roots, and all spans
	by       [measures]weights
}

// frameName is what an operation is called, by its key.
type frameName struct{ service, operation string }

// weights are the widths of all frames by one measure. Of two sides they are means of one trace, and a frame is as wide as
// on the side where it has more.
type weights struct {
	own    []float64
	width  []float64 // own and what all frames below have
	delta  []float64 // of own: the second side less the first; nil for one side
	most   float64   // the largest delta, without its sign
	widest calltree.Kids
	first  calltree.Kids // in the order of their first start
}

// newGraph counts the spans of scopes, one or two. It costs about a hundred nanoseconds a span.
func newGraph(of []iter.Seq[facts.Portion]) *graph {
	keys := calltree.NewKeys()
	g := &graph{tree: calltree.NewContexts(keys), sides: min(len(of), 2)}
	for side, portions := range of[:g.sides] {
		for p := range portions {
			g.tree.Add(side, p)
		}
	}
	first := g.tree.Finish()
	for _, op := range keys.Ops {
		name := frameName{draw.Clean(op.Service), draw.Clean(op.Label())}
		if name.operation == "" {
			name.operation = views.NoName
		}
		g.names = append(g.names, name)
	}
	for m := range measures {
		g.by[m] = g.weigh(m, first)
	}
	if top := first.Of(0); len(top) == 1 {
		g.base = top[0]
	}
	g.frames = len(g.tree.Nodes) - 1
	for side := range g.sides {
		g.sum(side)
	}
	return g
}

// sum works out what all frames of a side come to.
func (g *graph) sum(side int) {
	own, whole := make([]float64, len(g.tree.Nodes)), &g.whole[side]
	for n := range g.tree.Nodes {
		spent := &g.tree.Nodes[n].Sides[side]
		own[n] = g.mean(side, spent.Critical)
		g.self[side] += g.mean(side, spent.Self)
		whole.Count += spent.Count
		whole.Failed += spent.Failed
		whole.Untimed += spent.Untimed
		if g.tree.Nodes[n].Parent == 0 {
			whole.Total = clocks.Add(whole.Total, spent.Total)
		}
	}
	g.critical[side] = g.tree.Below(own)
	g.spans += whole.Count
}

// weigh works out the widths by a measure.
func (g *graph) weigh(m measure, first calltree.Kids) weights {
	w := weights{own: make([]float64, len(g.tree.Nodes)), first: first}
	if g.sides == 2 {
		w.delta = make([]float64, len(g.tree.Nodes))
	}
	for n := range g.tree.Nodes {
		node := &g.tree.Nodes[n]
		w.own[n] = g.mean(0, m.own(&node.Sides[0]))
		if g.sides == 2 {
			bad := g.mean(1, m.own(&node.Sides[1]))
			w.delta[n] = bad - w.own[n]
			w.own[n] = max(w.own[n], bad)
			w.most = max(w.most, math.Abs(w.delta[n]))
		}
	}
	w.width = g.tree.Below(w.own)
	w.widest = first.Sorted(func(a, b int32) int { return cmp.Compare(w.width[b], w.width[a]) })
	return w
}

// mean returns an amount as it is shown: of one side the sum, of two the mean of a trace.
func (g *graph) mean(side int, amount int64) float64 {
	if g.sides < 2 {
		return float64(amount)
	}
	return float64(amount) / float64(max(g.tree.Traces[side], 1))
}

// name returns what a frame is called.
func (g *graph) name(node int32) frameName {
	if key := g.tree.Nodes[node].Key; key >= 0 {
		return g.names[key]
	}
	if g.tree.Traces[0] > 1 || g.tree.Traces[1] > 1 {
		return frameName{"", "all traces"}
	}
	return frameName{"", "all root spans"}
}

// untimed reports whether no span of a frame has a time that is known, on any side.
func (g *graph) untimed(node int32) bool {
	sides := g.tree.Nodes[node].Sides
	if node == 0 {
		sides = g.whole
	}
	count := sides[0].Count + sides[1].Count
	return count > 0 && sides[0].Untimed+sides[1].Untimed == count
}

// failed returns how many spans of a frame failed: of two sides, those of the second.
func (g *graph) failed(node int32) int64 { return g.tree.Nodes[node].Sides[g.last()].Failed }

// last returns the side that a graph is about: of two the second, which is compared with the first.
func (g *graph) last() int { return max(g.sides-1, 0) }

// kids returns the children of a frame in the order in which they are drawn.
func (g *graph) kids(node int32, m measure, starts bool) []int32 {
	if starts {
		return g.by[m].first.Of(node)
	}
	return g.by[m].widest.Of(node)
}
