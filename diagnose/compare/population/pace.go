package population

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/facts"
)

// Pace is a way on which traces of both sides went, the bad ones in another time: a response-time mutation
// (Sambasivan et al., 2011).
type Pace struct {
	Good, Bad int          // traces
	Of        [2]int       // traces of the same entry operation, good and bad
	Times     Measure      // ns, of the whole traces; corrected together with the shapes
	Cost      int64        // ns: bad traces × difference of the means
	Node      int          // index into SetComparison.Calls: the call inside the way that moved most, -1 where none did alone
	Kind      compare.Kind // what of it: KindDuration its own work, KindGap the time between caller and server
	Delta     int64        // ns a trace that it moved
	Call      Measure      // ns a trace of that, on the critical path; corrected for all calls of the way
	Example   [2]*facts.Facts
	Message   string
}

// The share of the mean by which the traces of a way must take longer to be told, and how many ways are.
const (
	paceShare = 0.05
	pacesMost = 10
)

// testPaces tests whether the traces of each way took another time.
func (p *ways) testPaces(t *tests) {
	for _, g := range p.groups {
		if min(g.k[0], g.k[1]) >= FewTraces {
			g.pace = &Measure{}
			t.measure(g.pace, g.took[0], g.took[1])
		}
	}
}

// tellPaces lists the ways on which traces took another time, the most expensive first, and what moved inside.
func (p *ways) tellPaces() {
	var list []*pacing
	for _, g := range p.groups {
		if g.pace == nil || g.pace.LeastQ() >= p.opt.Q {
			continue
		}
		longer := g.mean(1) - g.mean(0)
		if math.Abs(longer) < paceShare*g.mean(0) {
			continue
		}
		list = append(list, &pacing{way: g, longer: longer, Pace: Pace{
			Good: g.k[0], Bad: g.k[1], Of: g.of, Times: *g.pace, Cost: toNS(longer * float64(g.k[1])), Node: -1,
			Example: [2]*facts.Facts{p.all[g.example[0]], p.all[g.example[1]]},
		}})
	}
	slices.SortStableFunc(list, func(a, b *pacing) int { return cmp.Compare(compare.Abs(b.Cost), compare.Abs(a.Cost)) })
	list = list[:min(len(list), pacesMost)]
	for _, x := range list {
		p.locate(x)
		x.word(p.c, p.opt.Q)
		p.c.Paces = append(p.c.Paces, x.Pace)
	}
}

// pacing is a way whose pace is being explained.
type pacing struct {
	Pace
	way    *shapeGroup
	longer float64 // ns, of the means
	parts  []*pacePart
}

// pacePart is what one call of a way takes on the critical path: its own work, or the gap to its server.
type pacePart struct {
	node int
	kind compare.Kind
	Measure
}

// by is how much longer it takes, in ns of the means.
func (p *pacePart) by() float64 { return p.Mean[1] - p.Mean[0] }

// locate finds the call inside a way that moved most of what is certain.
func (p *ways) locate(x *pacing) {
	t := &tests{}
	for i := range p.c.Calls {
		if p.ctx.Err() != nil {
			return
		}
		node := &p.calls[p.index[i]]
		if node.entry != x.way.entry {
			continue
		}
		var own, gap [2][]float64
		for k := range node.samples {
			s := &node.samples[k]
			if p.way[s.trace] != x.way {
				continue
			}
			side, between := p.sideOf(s.trace), int64(0)
			if s.served > 0 {
				between = s.callerOwn
			}
			own[side] = append(own[side], float64(s.critical-between))
			gap[side] = append(gap[side], float64(between))
		}
		x.part(t, i, compare.KindDuration, own)
		x.part(t, i, compare.KindGap, gap)
	}
	x.choose(t, p.opt.Q)
}

// part takes in what one call takes on the way; nothing where it takes nothing.
func (x *pacing) part(t *tests, node int, kind compare.Kind, values [2][]float64) {
	if len(values[0]) == 0 || len(values[1]) == 0 {
		return
	}
	part := &pacePart{node: node, kind: kind}
	t.measure(&part.Measure, values[0], values[1])
	if part.by() != 0 {
		x.parts = append(x.parts, part)
	}
}

// choose sets the call that moved most of those that certainly moved in the direction of the whole.
func (x *pacing) choose(t *tests, level float64) {
	t.correct(1)
	for _, part := range x.parts {
		if part.LeastQ() < level && part.by()*x.longer > 0 && math.Abs(part.by()) > math.Abs(float64(x.Delta)) {
			x.Node, x.Kind, x.Delta, x.Call = part.node, part.kind, toNS(part.by()), part.Measure
		}
	}
}

// word says what moved.
func (x *pacing) word(c *Comparison, level float64) {
	if x.Node < 0 {
		x.Message = fmt.Sprintf("%s each, spread over several calls", compare.Signed(toNS(x.longer)))
		return
	}
	what := "self time"
	if x.Kind == compare.KindGap {
		what = "network/queue time"
	}
	x.Message = fmt.Sprintf("%s: %s of %s each, %s %s", c.PartName(compare.Contribution{Node: x.Node, Kind: x.Kind}),
		compare.Signed(x.Delta), compare.Signed(toNS(x.longer)), what, x.Call.Text(level, lasted))
}
