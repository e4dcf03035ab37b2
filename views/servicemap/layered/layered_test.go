package layered

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// randomGraph makes n nodes with a few edges each, most of them forwards, none twice.
func randomGraph(rng *rand.Rand, n int) [][2]int {
	var edges [][2]int
	known := map[[2]int]bool{}
	for range rng.IntN(2*n + 1) {
		e := [2]int{rng.IntN(n), rng.IntN(n)}
		if rng.IntN(8) > 0 && e[0] > e[1] {
			e[0], e[1] = e[1], e[0]
		}
		if !known[e] {
			known[e] = true
			edges = append(edges, e)
		}
	}
	return edges
}

// sizesOf gives each node a size, and lines enough for its edges where they do not merge.
func sizesOf(rng *rand.Rand, l *Layers, edges [][2]int) *Sizes {
	s := &Sizes{Port: rng.IntN(2), Merge: rng.IntN(2) == 0, Gap: rng.IntN(3), Pitch: 1 + rng.IntN(2)}
	in := make([]int, l.Nodes)
	for i, e := range edges {
		s.Label = append(s.Label, rng.IntN(9))
		if l.Back[i] {
			in[e[0]]++
		} else {
			in[e[1]]++
		}
	}
	for i := range l.Nodes {
		s.Width = append(s.Width, 3+rng.IntN(12))
		height := 2
		if !s.Merge {
			height = max(height, in[i])
		}
		s.Height = append(s.Height, height+2*s.Port)
	}
	return s
}

func TestLayoutProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	shared := 0
	for turn := range 600 {
		n := 1 + rng.IntN(14)
		edges := randomGraph(rng, n)
		l := Arrange(n, edges)
		s := sizesOf(rng, l, edges)
		p := l.Place(s)
		name := fmt.Sprintf("turn %d: %d nodes, %v, sizes %+v", turn, n, edges, *s)
		checkLayers(t, name, l, edges)
		checkBoxes(t, name, l, s, p)
		if p.Shared == 0 {
			checkLines(t, name, p)
		}
		shared += min(p.Shared, 1)
		again := Arrange(n, edges)
		if !reflect.DeepEqual(again.Place(s), p) {
			t.Fatalf("%s: the second layout is another one", name)
		}
		if t.Failed() {
			t.Fatalf("%s: %+v", name, *p)
		}
	}
	if shared > 1 {
		t.Errorf("%d of 600 layouts have lines that cannot be told apart", shared)
	}
}

// checkLayers checks that edges lead from left to right, one layer a piece, and that only cycles are turned around.
func checkLayers(t *testing.T, name string, l *Layers, edges [][2]int) {
	met := make([]int, len(l.Layer))
	for i, units := range l.Order {
		if !slices.ContainsFunc(units, func(unit int) bool { return !l.Dummy(unit) }) {
			t.Errorf("%s: layer %d has no node", name, i)
		}
		for _, unit := range units {
			met[unit]++
			if l.Layer[unit] != i {
				t.Errorf("%s: unit %d of layer %d is in layer %d", name, unit, l.Layer[unit], i)
			}
		}
	}
	if slices.ContainsFunc(met, func(n int) bool { return n != 1 }) {
		t.Errorf("%s: units are in the layers %v times", name, met)
	}
	for i, e := range edges {
		from, to := e[0], e[1]
		if l.Back[i] {
			from, to = to, from
		}
		chain := l.Chain[i]
		if from == to {
			if chain != nil {
				t.Errorf("%s: edge %d to itself runs through %v", name, i, chain)
			}
			continue
		}
		if chain[0] != from || chain[len(chain)-1] != to || len(chain) != l.Layer[to]-l.Layer[from]+1 {
			t.Errorf("%s: edge %d runs through %v", name, i, chain)
		}
		for k, unit := range chain {
			if l.Layer[unit] != l.Layer[from]+k || (k > 0 && k < len(chain)-1) != l.Dummy(unit) {
				t.Errorf("%s: edge %d runs through %v", name, i, chain)
			}
		}
	}
	// Without the edges that were turned around there must have been a cycle with each of them.
	for i, e := range edges {
		if l.Back[i] && !reaches(edges, l.Back, e[1], e[0]) {
			t.Errorf("%s: edge %d was turned around without need", name, i)
		}
	}
}

// reaches reports whether a path of edges that were not turned around leads from one node to another.
func reaches(edges [][2]int, back []bool, from, to int) bool {
	seen, open := map[int]bool{from: true}, []int{from}
	for len(open) > 0 {
		at := open[0]
		open = open[1:]
		if at == to {
			return true
		}
		for i, e := range edges {
			if !back[i] && e[0] == at && !seen[e[1]] {
				seen[e[1]] = true
				open = append(open, e[1])
			}
		}
	}
	return false
}

// checkBoxes checks that no two nodes overlap or touch, and that every edge runs between its nodes, from left to right,
// through none of the others.
func checkBoxes(t *testing.T, name string, l *Layers, s *Sizes, p *Placement) {
	owner := map[Point]int{}
	for i := range l.Nodes {
		for y := p.Y[i]; y < p.Y[i]+s.Height[i]; y++ {
			for x := p.X[i]; x < p.X[i]+s.Width[i]; x++ {
				if other, taken := owner[Point{x, y}]; taken {
					t.Errorf("%s: nodes %d and %d overlap at %d,%d", name, i, other, x, y)
				}
				owner[Point{x, y}] = i
				if x < 0 || y < 0 || x >= p.W || y >= p.H {
					t.Errorf("%s: node %d is outside of %d×%d", name, i, p.W, p.H)
				}
			}
		}
	}
	ends, edgesTo := map[Point]int{}, map[int][]int{}
	for i, chain := range l.Chain {
		if chain != nil {
			edgesTo[chain[len(chain)-1]] = append(edgesTo[chain[len(chain)-1]], i)
		}
	}
	for i, path := range p.Paths {
		if l.Chain[i] == nil {
			continue
		}
		from, to := l.Chain[i][0], l.Chain[i][len(l.Chain[i])-1]
		first, last := path[0], path[len(path)-1]
		if first.X != p.X[from]+s.Width[from] || last.X != p.X[to]-1 {
			t.Errorf("%s: edge %d runs from column %d to %d", name, i, first.X, last.X)
		}
		if first.Y < p.Y[from]+s.Port || first.Y >= p.Y[from]+s.Height[from]-s.Port || last.Y < p.Y[to]+s.Port || last.Y >= p.Y[to]+s.Height[to]-s.Port {
			t.Errorf("%s: edge %d runs from line %d to %d", name, i, first.Y, last.Y)
		}
		if ends[last]++; !s.Merge && !l.Back[i] && s.Height[to] >= 2*s.Port+len(edgesTo[to]) && ends[last] > 1 {
			t.Errorf("%s: edge %d ends where another one does", name, i)
		}
		before := path[len(path)-2]
		if free := last.X - before.X; free <= s.Label[i] {
			t.Errorf("%s: edge %d leaves %d columns for a label of %d", name, i, free, s.Label[i])
		}
		for k := 1; k < len(path); k++ {
			a, b := path[k-1], path[k]
			if b.X < a.X || a.X != b.X && a.Y != b.Y {
				t.Errorf("%s: edge %d runs from %v to %v", name, i, a, b)
			}
			walk(a, b, func(at Point) {
				if node, inside := owner[at]; inside {
					t.Errorf("%s: edge %d runs through node %d at %v", name, i, node, at)
				}
			})
		}
	}
}

// walk visits the cells from one corner to the next.
func walk(a, b Point, visit func(Point)) {
	step := Point{min(max(b.X-a.X, -1), 1), min(max(b.Y-a.Y, -1), 1)}
	for at := a; ; at = (Point{at.X + step.X, at.Y + step.Y}) {
		visit(at)
		if at == b {
			return
		}
	}
}

// checkLines checks that where two edges run along the same cells in the same direction, they began or will end together.
func checkLines(t *testing.T, name string, p *Placement) {
	type cell struct {
		Point
		flat bool
	}
	runs := map[cell][]int{}
	for i, path := range p.Paths {
		for k := 1; k < len(path); k++ {
			a, b := path[k-1], path[k]
			if a == b {
				continue
			}
			walk(a, b, func(at Point) { runs[cell{at, a.Y == b.Y}] = append(runs[cell{at, a.Y == b.Y}], i) })
		}
	}
	for at, edges := range runs {
		for _, a := range edges {
			for _, b := range edges {
				if a >= b {
					continue
				}
				pa, pb := p.Paths[a], p.Paths[b]
				if pa[0] != pb[0] && pa[len(pa)-1] != pb[len(pb)-1] {
					t.Errorf("%s: edges %d and %d share %v", name, a, b, at)
					return
				}
			}
		}
	}
}

// TestFewCrossings draws a tree with its nodes numbered against the order of its branches: no line needs to cross.
func TestFewCrossings(t *testing.T) {
	edges := [][2]int{{0, 1}, {0, 2}, {1, 6}, {1, 4}, {2, 5}, {2, 3}}
	l := Arrange(7, edges)
	place := make([]int, len(l.Layer))
	for _, units := range l.Order {
		number(units, place)
	}
	if n := l.crossings(place); n != 0 {
		t.Errorf("%d crossings in %v", n, l.Order)
	}
}

// TestSweepsRemoveCrossings compares the crossings that are left with those of the first order.
func TestSweepsRemoveCrossings(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 2))
	first, left := 0, 0
	for range 100 {
		l := Arrange(20, randomGraph(rng, 20))
		place := make([]int, len(l.Layer))
		count := func() int {
			for _, units := range l.Order {
				number(units, place)
			}
			return l.crossings(place)
		}
		left += count()
		for i := range l.Order {
			l.Order[i] = nil
		}
		l.firstOrder()
		first += count()
	}
	if left*2 > first {
		t.Errorf("%d crossings are left of %d", left, first)
	}
	t.Logf("%d crossings are left of %d", left, first)
}

func BenchmarkLayout(b *testing.B) {
	for _, n := range []int{20, 100} {
		rng := rand.New(rand.NewPCG(1, 2))
		var edges [][2]int
		known := map[[2]int]bool{}
		for i := 1; i < n; i++ {
			for range 1 + rng.IntN(2) {
				if e := [2]int{rng.IntN(i), i}; !known[e] {
					known[e] = true
					edges = append(edges, e)
				}
			}
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				l := Arrange(n, edges)
				l.Place(sizesOf(rand.New(rand.NewPCG(1, 2)), l, edges))
			}
		})
	}
}
