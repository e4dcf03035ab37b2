package population

import (
	"slices"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/stats"
)

// Tail compares only the slowest traces of both sides: those that took longer than the 95th percentile of their side.
// What makes these slower need not be what makes the mean slower.
type Tail struct {
	Traces        [2]int
	Delta         int64                  // ns: the difference of their means
	Contributions []compare.Contribution // to it, as SetComparison.Contributions are to the whole
}

// When a tail is told: the share of its difference that its largest part makes, and the level at which that part
// differs between both tails.
const (
	tailPart  = 0.25
	tailLevel = 0.01
)

// compareTails decomposes the difference of the tails, and keeps it where it says something else than that of the
// means: its largest part is another one.
func compareTails(p *population, c *Comparison) {
	slow := [2][]*facts.Facts{p.slowest(0, c.Of[0].P95), p.slowest(1, c.Of[1].P95)}
	if min(len(slow[0]), len(slow[1])) < FewTraces {
		return
	}
	tail := newPopulation(p.ctx, p.keys, slow[0], slow[1], Options{Q: p.opt.Q})
	own := &Comparison{}
	if tail.size(0) < FewTraces || tail.size(1) < FewTraces {
		return
	}
	tail.read(own)
	if p.ctx.Err() != nil {
		return
	}
	tail.layOut(own)
	tail.decompose(own)
	largest := own.largest()
	if largest == nil || float64(compare.Abs(largest.Delta)) < tailPart*float64(compare.Abs(own.Delta)) || !tail.certainPart(own, largest.Node) {
		return
	}
	t := &Tail{Traces: [2]int{tail.size(0), tail.size(1)}, Delta: own.Delta, Contributions: own.Contributions}
	places := p.places(tail)
	if mean := c.largest(); mean != nil && mean.Kind == largest.Kind && mean.Node == places[tail.index[largest.Node]] &&
		(c.Delta > 0) == (own.Delta > 0) {
		return
	}
	for i := range t.Contributions {
		t.Contributions[i].Node = places[tail.index[t.Contributions[i].Node]]
	}
	c.Tail = t
}

// slowest returns the traces of a side that took longer than so many ns.
func (p *population) slowest(side int, than int64) []*facts.Facts {
	return slices.DeleteFunc(slices.Clone(p.sides[side]), func(f *facts.Facts) bool { return f.Total() <= than })
}

// certainPart reports whether what a call takes on the critical path differs between the sides.
func (p *population) certainPart(c *Comparison, node int) bool {
	var critical [2][]float64
	for _, s := range p.calls[p.index[node]].samples {
		side := p.sideOf(s.trace)
		critical[side] = append(critical[side], float64(s.critical))
	}
	c.Calls[node].fillUp(&critical)
	_, uneven := stats.KolmogorovSmirnov(critical[0], critical[1])
	return min(uneven, stats.MannWhitney(critical[0], critical[1]).P) < tailLevel
}

// places returns, by node of a population of some of the traces, the place in SetComparison.Calls of the same path.
func (p *population) places(some *population) []int {
	place := make([]int, len(p.calls))
	for i, n := range p.index {
		place[n] = i
	}
	nodes := make([]int32, len(some.calls)) // parents come before their children
	places := make([]int, len(some.calls))
	for n := range some.calls {
		s := some.calls[n].step
		if s.Parent >= 0 {
			s.Parent = nodes[s.Parent]
		}
		nodes[n] = p.nodes[s]
		places[n] = place[nodes[n]]
	}
	return places
}
