package population

import (
	"cmp"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

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

// compareShapes finds the ways whose share changed and those on which traces took another time. Where nothing can be
// tested, the ways that only one side has.
func compareShapes(p *population, c *Comparison) {
	w := &ways{population: p, c: c}
	w.group()
	t := &tests{descriptive: c.Descriptive}
	for _, g := range w.groups {
		g.p, g.q = 1, 1
		if min(g.of[0], g.of[1]) >= FewTraces && g.k[0]+g.k[1] < g.of[0]+g.of[1] {
			t.add(fisher(g.k, g.of), &g.p, &g.q)
		}
	}
	c.ShapeTest = ShapeTest{Ways: len(w.groups), P: 1, Q: 1}
	if pAll, ok := w.shares(); ok {
		t.add(pAll, &c.ShapeTest.P, &c.ShapeTest.Q)
	}
	w.testPaces(t)
	t.correct(families)
	w.tellShapes()
	w.tellPaces()
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
