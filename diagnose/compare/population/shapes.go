package population

import (
	"cmp"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

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

// ShapeTest reports whether traces went their ways in other shares than before, all ways taken together. Ways with an
// expected number of traces under 5 on one side count as one.
type ShapeTest struct {
	Ways int // different ones, of both sides
	P, Q float64
}

// The share of traces that a shape must gain or lose to be told, how many shapes are, and the number of traces that
// a cell of the table of all shapes must be expected to have.
const (
	shapeShare   = 0.05
	shapesMost   = 10
	cellExpected = 5
)

// shapeGroup is the traces of one shape.
type shapeGroup struct {
	entry   int32
	k       [2]int
	total   [2]float64 // ns of all traces
	example [2]int32
	p, q    float64
	pace    *Measure // of what its traces took, where they can be tested
}

// mean returns what the traces of a side took, in ns.
func (g *shapeGroup) mean(side int) float64 { return g.total[side] / float64(max(g.k[side], 1)) }

// change returns by how much the share of the shape among its entry operation's traces grew, −1 to 1.
func (g *shapeGroup) change(of [2]int) float64 {
	return float64(g.k[1])/float64(of[1]) - float64(g.k[0])/float64(of[0])
}

// ways are what traces did: for each entry operation the groups of those of one shape.
type ways struct {
	*population
	c      *Comparison
	groups []*shapeGroup
	way    []int32 // by trace: its group
}

// compareShapes finds the ways whose share changed and those on which traces took another time. Where nothing can be
// tested, the ways that only one side has.
func compareShapes(p *population, c *Comparison) {
	w := &ways{population: p, c: c}
	w.group()
	t := &tests{descriptive: c.Descriptive}
	for _, g := range w.groups {
		of := p.of[g.entry]
		g.p, g.q = 1, 1
		if min(of[0], of[1]) >= fewTraces && g.k[0]+g.k[1] < of[0]+of[1] {
			t.add(fisher(g.k, of), &g.p, &g.q)
		}
	}
	c.ShapeTest = ShapeTest{Ways: len(w.groups), P: 1, Q: 1}
	if pAll, ok := w.shares(); ok {
		t.add(pAll, &c.ShapeTest.P, &c.ShapeTest.Q)
	}
	w.testPaces(t)
	t.correct()
	w.tellShapes()
	w.tellPaces()
}

// group groups the traces of each entry operation, in order of the first of each.
func (p *ways) group() {
	type id struct {
		entry int32
		shape uint64
	}
	known := map[id]int32{}
	p.way = make([]int32, len(p.all))
	for i, shape := range p.shape {
		at := id{p.entry[i], shape}
		n, ok := known[at]
		if !ok {
			n = int32(len(p.groups))
			known[at], p.groups = n, append(p.groups, &shapeGroup{entry: p.entry[i]})
		}
		g, side := p.groups[n], p.sideOf(int32(i))
		if g.k[side] == 0 {
			g.example[side] = int32(i)
		}
		g.k[side]++
		g.total[side] += float64(p.all[i].Total())
		p.way[i] = n
	}
}

// shares tests whether the shares of all ways are alike on both sides: χ² of each entry operation's table, summed.
// ok is false where no table has two cells.
func (p *ways) shares() (probability float64, ok bool) {
	var tables inOrder[int32, []*shapeGroup]
	for _, g := range p.groups {
		table := tables.of(g.entry)
		*table = append(*table, g)
	}
	sum, free := 0.0, 0
	for entry, table := range tables.all {
		observed, expected := cells(*table, p.of[entry])
		if n := len(observed) / 2; n > 1 {
			sum += stat.ChiSquare(observed, expected)
			free += n - 1
		}
	}
	if free == 0 {
		return 1, false
	}
	return distuv.ChiSquared{K: float64(free)}.Survival(sum), true
}

// cells lists the observed and expected numbers of traces of one entry operation's ways, two for each. All ways that
// are expected too rarely are one; where that still is too rare, the rarest of the others joins it. Which ways these
// are must not depend on which side went them.
func cells(groups []*shapeGroup, of [2]int) (observed, expected []float64) {
	all := float64(of[0] + of[1])
	expect := func(k [2]float64, side int) float64 { return (k[0] + k[1]) * float64(of[side]) / all }
	rare := func(k [2]float64) bool { return min(expect(k, 0), expect(k, 1)) < cellExpected }
	var list [][2]float64
	var others [2]float64
	for _, g := range groups {
		k := [2]float64{float64(g.k[0]), float64(g.k[1])}
		if rare(k) {
			others[0], others[1] = others[0]+k[0], others[1]+k[1]
		} else {
			list = append(list, k)
		}
	}
	slices.SortStableFunc(list, func(x, y [2]float64) int { return cmp.Compare(x[0]+x[1], y[0]+y[1]) })
	if others != [2]float64{} && rare(others) && len(list) > 0 {
		others[0], others[1] = others[0]+list[0][0], others[1]+list[0][1]
		list = list[1:]
	}
	if others != [2]float64{} {
		list = append(list, others)
	}
	for _, k := range list {
		for side := range 2 {
			observed, expected = append(observed, k[side]), append(expected, expect(k, side))
		}
	}
	return observed, expected
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
