package population

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/calltree"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/stats"
)

// tellShapes lists the ways whose share changed, the most expensive first, each followed by its precursor.
func (p *ways) tellShapes() {
	told := slices.DeleteFunc(slices.Clone(p.groups), func(g *shapeGroup) bool { return !p.changed(g) })
	usual, before := p.usualWays(), p.precursors(told)
	against := make([]*shapeGroup, len(told))
	list := make([]Shape, len(told))
	for i, g := range told {
		s := Shape{Kind: shapeKind(g), Good: g.k[0], Bad: g.k[1], Of: g.of, P: g.p, Q: g.q, Precursor: before[i]}
		if against[i] = usual[g.entry][1]; s.Kind.gains() {
			against[i] = usual[g.entry][0]
			if before[i] >= 0 {
				against[i] = told[before[i]]
			}
			s.Extra = float64(g.k[1]) - float64(g.k[0])*float64(g.of[1])/float64(g.of[0])
			if longer := g.mean(1) - against[i].mean(0); against[i] != g {
				s.Longer, s.Cost = toNS(longer), toNS(s.Extra*longer)
			}
		}
		list[i] = s
	}
	order := byCost(list)
	order = order[:min(len(order), shapesMost)]
	for at, i := range order {
		s := list[i]
		s.Precursor = slices.Index(order, s.Precursor)
		p.explain(&s, told[i], against[i])
		if at > 0 && !s.Kind.gains() && slices.ContainsFunc(p.c.Shapes, func(x Shape) bool { return x.Precursor == at }) {
			s.Message = "replaced by the path above"
			if s.Kind == Less {
				s.Message = "partly " + s.Message
			}
		}
		p.c.Shapes = append(p.c.Shapes, s)
	}
}

// changed reports whether the share of a way changed enough to be told; without a test, whether one side never went it.
func (p *ways) changed(g *shapeGroup) bool {
	if min(g.of[0], g.of[1]) < FewTraces {
		return g.k[0] == 0 || g.k[1] == 0
	}
	return g.q < p.opt.Q && math.Abs(g.change()) >= shapeShare
}

// byCost orders ways: the most expensive first, each precursor right behind the first that it gave way to.
func byCost(list []Shape) []int {
	precursor := make([]bool, len(list))
	for i := range list {
		if b := list[i].Precursor; b >= 0 {
			precursor[b] = true
		}
	}
	sorted := stats.Order(len(list), func(a, b int) int {
		x, y := &list[a], &list[b]
		return cmp.Or(cmp.Compare(compare.Abs(y.Cost), compare.Abs(x.Cost)), cmp.Compare(x.Q, y.Q), cmp.Compare(x.Kind, y.Kind),
			cmp.Compare(y.Good+y.Bad, x.Good+x.Bad))
	})
	placed := make([]bool, len(list))
	order := make([]int, 0, len(list))
	for _, i := range sorted {
		if precursor[i] {
			continue
		}
		order = append(order, i)
		if b := list[i].Precursor; b >= 0 && !placed[b] {
			placed[b] = true
			order = append(order, b)
		}
	}
	return order
}

// usualWays returns the most common way of each side, by entry operation.
func (p *ways) usualWays() map[int32][2]*shapeGroup {
	usual := map[int32][2]*shapeGroup{}
	for _, g := range p.groups {
		u := usual[g.entry]
		for side := range u {
			if u[side] == nil || g.k[side] > u[side].k[side] {
				u[side] = g
			}
		}
		usual[g.entry] = u
	}
	return usual
}

// precursors returns for each way that gained a share the place of the one that it is most likely to have come from,
// -1 for others and where no way lost. One way can turn into several, so it must have lost at least as large a
// share; of these it is the one with the fewest different calls. Where none lost so much, several did: then it is
// the one that lost most.
func (p *ways) precursors(told []*shapeGroup) []int {
	before := make([]int, len(told))
	losing := map[int32][]int{}
	for i, g := range told {
		before[i] = -1
		if g.change() < 0 {
			losing[g.entry] = append(losing[g.entry], i)
		}
	}
	calls := make([]map[uint64]uint64, len(told))
	of := func(i int) map[uint64]uint64 {
		if calls[i] == nil {
			side := 0
			if told[i].k[0] == 0 {
				side = 1
			}
			calls[i] = calltree.New(p.all[told[i].example[side]], p.keys).Classes()
		}
		return calls[i]
	}
	for i, g := range told {
		gained := g.change()
		if gained <= 0 {
			continue
		}
		type candidate struct {
			at, differ int
			lost       float64
		}
		var list []candidate
		for _, k := range losing[g.entry] {
			list = append(list, candidate{k, different(of(i), of(k)), -told[k].change()})
		}
		slices.SortStableFunc(list, func(x, y candidate) int {
			switch enoughX, enoughY := x.lost >= gained, y.lost >= gained; {
			case enoughX && enoughY:
				return cmp.Or(cmp.Compare(x.differ, y.differ), cmp.Compare(y.lost, x.lost))
			case enoughX != enoughY:
				return cmp.Compare(y.lost, x.lost)
			}
			return cmp.Or(cmp.Compare(y.lost, x.lost), cmp.Compare(x.differ, y.differ))
		})
		if len(list) > 0 {
			before[i] = list[0].at
		}
	}
	return before
}

// different counts the calls that only one of two ways makes, or makes in another class of number: what has to be
// edited to turn one into the other.
func different(a, b map[uint64]uint64) int {
	n := 0
	for path, class := range a {
		if other, ok := b[path]; !ok || other != class {
			n++
		}
	}
	for path := range b {
		if _, ok := a[path]; !ok {
			n++
		}
	}
	return n
}

// mostDifferences is how many differences from another way are named.
const mostDifferences = 2

// explain says what is different between an example of the way and one of another: the other side's, unless that
// never went there.
func (p *ways) explain(s *Shape, g, other *shapeGroup) {
	own := 0
	if s.Kind.gains() {
		own = 1
	}
	s.Example, s.Against = p.all[g.example[own]], p.all[other.example[1-own]]
	if other == g {
		s.Message = "also the usual path of the other side"
		return
	}
	good, bad := s.Against, s.Example
	if own == 0 {
		good, bad = bad, good
	}
	pair := compare.Pair(good, bad)
	var parts []string
	more := 0
	for _, ch := range pair.Changes {
		if ch.Kind != compare.KindCount && ch.Kind != compare.KindAdded && ch.Kind != compare.KindMissing && ch.Kind != compare.KindMoved {
			continue
		}
		if len(parts) < mostDifferences {
			parts = append(parts, ch.Detail+": "+pair.Name(ch.Node))
		} else {
			more++
		}
	}
	if more > 0 {
		parts = append(parts, fmt.Sprintf("%d more", more))
	}
	s.Message = cmp.Or(strings.Join(parts, ", "), "same calls, other counts")
	if own == 0 {
		s.Message = "usual bad path, " + s.Message
	}
}

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

// gains reports whether bad traces went that way more often.
func (k ShapeKind) gains() bool { return k == Appeared || k == More }

// Shape is a way in which traces went: the calls that they made, and in classes how often. Whether calls failed or
// how long they took does not matter.
//
// A way that bad traces went more often is told against the way that these went before, its precursor: of the ways
// that lost at least as large a share as it gained, the one with the fewest different calls. Its cost is that of a
// structural mutation (Sambasivan et al., Diagnosing performance changes by comparing request flows, NSDI 2011).
type Shape struct {
	Kind      ShapeKind
	Good, Bad int     // traces
	Of        [2]int  // traces of the same entry operation, good and bad
	P, Q      float64 // Fisher, two-sided, of all traces; 1 where not tested
	Example   *facts.Facts
	Against   *facts.Facts // of the precursor; else the usual way among the other side's traces of the entry operation
	Message   string       // what is different from that

	Precursor int     // index in SetComparison.Shapes, -1 where no way that is listed there lost its traces to this one
	Extra     float64 // bad traces that went this way beyond its share among the good ones; 0 for ways that lost
	Longer    int64   // ns by which these took longer than good traces that went the other way, in the mean
	Cost      int64   // ns: Extra × Longer
}

func shapeKind(g *shapeGroup) ShapeKind {
	switch {
	case g.k[0] == 0:
		return Appeared
	case g.k[1] == 0:
		return Vanished
	case g.change() > 0:
		return More
	}
	return Less
}
