package compare

import (
	"cmp"
	"slices"

	"tracefall/diagnose/facts"
)

// ShapeKind is how the share of a shape changed.
type ShapeKind uint8

// The kinds, in the order in which they are listed.
const (
	Appeared ShapeKind = iota // only bad traces have it
	Vanished                  // only good traces have it
	More
	Less
)

var shapeKinds = [...]string{"appeared", "vanished", "more", "less"}

// String returns the kind as the command line spells it.
func (k ShapeKind) String() string { return shapeKinds[k] }

// Shape is a way in which traces went: the calls that they made, and in classes how often. Whether calls failed or
// how long they took does not matter.
type Shape struct {
	Kind      ShapeKind
	Good, Bad int     // traces
	P, Q      float64 // Fisher, two-sided, of all traces; 1 where not tested
	Example   *facts.Facts
	Against   *facts.Facts // the usual way among the other side's traces of the entry operation
	Message   string       // what is different from that
}

// The share of traces that a shape must gain or lose to be told, and how many shapes are.
const (
	shapeShare = 0.05
	shapesMost = 10
)

// shapeGroup counts the traces of one shape.
type shapeGroup struct {
	entry   int32
	k       [2]int
	example [2]int32
}

// compareShapes finds the shapes whose share changed. Where nothing can be tested, those that only one side has.
func (p *population) compareShapes(c *SetComparison) {
	groups := p.groupShapes()
	usual := map[int32]*[2]*shapeGroup{} // by entry: the most common shape of each side
	var ps []float64
	var tested []*shapeGroup
	for _, g := range groups {
		u := usual[g.entry]
		if u == nil {
			u = &[2]*shapeGroup{}
			usual[g.entry] = u
		}
		for side := range 2 {
			if u[side] == nil || g.k[side] > u[side].k[side] {
				u[side] = g
			}
		}
		of := p.of[g.entry]
		if g.k[0]+g.k[1] < of[0]+of[1] {
			tested = append(tested, g)
			ps = append(ps, fisher(g.k, of))
		}
	}
	q := corrected(ps)
	for i, g := range tested {
		of := p.of[g.entry]
		change := float64(g.k[1])/float64(of[1]) - float64(g.k[0])/float64(of[0])
		enough := min(of[0], of[1]) >= fewTraces
		if enough && (q[i] >= p.opt.Q || max(change, -change) < shapeShare) || !enough && g.k[0] > 0 && g.k[1] > 0 {
			continue
		}
		s := Shape{Kind: shapeKind(g.k, change), Good: g.k[0], Bad: g.k[1], P: ps[i], Q: q[i]}
		if !enough {
			s.P, s.Q = 1, 1
		}
		p.explain(&s, g, usual[g.entry])
		c.Shapes = append(c.Shapes, s)
	}
	slices.SortStableFunc(c.Shapes, func(a, b Shape) int {
		return cmp.Or(cmp.Compare(a.Q, b.Q), cmp.Compare(a.Kind, b.Kind), cmp.Compare(b.Good+b.Bad, a.Good+a.Bad))
	})
	c.Shapes = c.Shapes[:min(len(c.Shapes), shapesMost)]
}

func shapeKind(k [2]int, change float64) ShapeKind {
	switch {
	case k[0] == 0:
		return Appeared
	case k[1] == 0:
		return Vanished
	case change > 0:
		return More
	}
	return Less
}

// groupShapes groups the traces of each entry operation, in order of the first of each.
func (p *population) groupShapes() []*shapeGroup {
	type id struct {
		entry int32
		shape uint64
	}
	var groups []*shapeGroup
	known := map[id]*shapeGroup{}
	for i, shape := range p.shape {
		at := id{p.entry[i], shape}
		g := known[at]
		if g == nil {
			g = &shapeGroup{entry: p.entry[i]}
			known[at], groups = g, append(groups, g)
		}
		side := p.sideOf(int32(i))
		if g.k[side] == 0 {
			g.example[side] = int32(i)
		}
		g.k[side]++
	}
	return groups
}

// explain says what is different between an example of the shape and the usual way of the other side: that of the
// good traces, or for a shape that became rarer, of the bad ones.
func (p *population) explain(s *Shape, g *shapeGroup, usual *[2]*shapeGroup) {
	own, other := 1, 0
	if s.Kind == Vanished || s.Kind == Less {
		own, other = 0, 1
	}
	s.Example, s.Against = p.all[g.example[own]], p.all[usual[other].example[other]]
	if usual[other] == g {
		s.Message = "the usual way of the other side as well"
		return
	}
	pair := Pair(s.Against, s.Example)
	for _, ch := range pair.Changes {
		if ch.Kind == KindCount || ch.Kind == KindAdded || ch.Kind == KindMissing || ch.Kind == KindMoved {
			s.Message = pair.name(&pair.Nodes[ch.Node]) + " " + ch.Detail
			return
		}
	}
	s.Message = "calls in other numbers"
}
