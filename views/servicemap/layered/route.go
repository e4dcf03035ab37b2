package layered

import "slices"

// trunk is a vertical line between two layers: all pieces that begin at one line of one unit share it.
//
//	unit ──┬──▸ rows[0]
//	       ├──▸ rows[1]
//	       └──▸ rows[2]
type trunk struct {
	y        int
	rows     []int // where its pieces end, sorted
	low, top int   // its lines: from top to low
	column   int
}

// columns places layers and vertical lines from left to right, and writes the corners of each edge.
func (l *Layers) columns(s *Sizes, pieces [][]piece, top []int, p *Placement) {
	x := 0
	corners := func(edge int, points ...Point) { p.Paths[edge] = append(p.Paths[edge], points...) }
	for i, units := range l.Order {
		width := 0
		for _, unit := range units {
			if !l.Dummy(unit) {
				width = max(width, s.Width[unit])
				p.X[unit] = x
			}
		}
		x += width
		p.W = x
		if i == len(l.Order)-1 {
			return
		}
		trunks, of := trunksOf(pieces[i], top)
		p.Shared += assign(trunks)
		most, room := 0, 0
		for _, t := range trunks {
			if t.column >= 0 {
				most = max(most, t.column+1)
			}
		}
		for _, one := range pieces[i] {
			if one.last {
				room = max(room, s.Label[one.edge])
			}
		}
		end := x + 1 + max((most-1)*s.Pitch+1, 0) + room + 1 // the last cell is the arrow's
		for k, one := range pieces[i] {
			t := &trunks[of[k]]
			from, to := Point{x, top[one.from] + one.out}, Point{end, top[one.to] + one.in}
			if !l.Dummy(one.from) {
				from.X = p.X[one.from] + s.Width[one.from]
			}
			if from.Y == to.Y {
				corners(one.edge, from, to)
				continue
			}
			at := x + 1 + t.column*s.Pitch
			corners(one.edge, from, Point{at, from.Y}, Point{at, to.Y}, to)
		}
		x = end + 1
	}
}

// trunksOf returns the vertical lines of pieces, and which of them each piece takes.
func trunksOf(pieces []piece, top []int) (trunks []trunk, of []int) {
	known := map[[2]int]int{}
	for _, one := range pieces {
		key := [2]int{one.from, top[one.from] + one.out}
		at, ok := known[key]
		if !ok {
			at = len(trunks)
			known[key] = at
			trunks = append(trunks, trunk{y: key[1], low: key[1], top: key[1], column: -1})
		}
		t := &trunks[at]
		row := top[one.to] + one.in
		t.rows = append(t.rows, row)
		t.low, t.top = max(t.low, row), min(t.top, row)
		of = append(of, at)
	}
	for i := range trunks {
		slices.Sort(trunks[i].rows)
	}
	return trunks, of
}

// before reports whether a has to stand left of b: where a begins in a line in which b ends, the two would be one line
// otherwise.
func (a *trunk) before(b *trunk) bool {
	_, found := slices.BinarySearch(b.rows, a.y)
	return found
}

// overlaps reports whether two lines cannot stand in one column.
func (a *trunk) overlaps(b *trunk) bool { return a.top <= b.low && b.top <= a.low }

// crossings counts what crosses where a stands left of b.
func (a *trunk) crossings(b *trunk) int {
	n := 0
	for _, y := range a.rows {
		if _, joins := slices.BinarySearch(b.rows, y); y > b.top && y < b.low && !joins {
			n++
		}
	}
	if b.y >= a.top && b.y <= a.low {
		n++
	}
	return n
}

// assign gives each vertical line a column, so that few lines cross and none is hidden by another. It returns how many
// could not be kept apart.
func assign(trunks []trunk) (shared int) {
	var left []*trunk
	for i := range trunks {
		if t := &trunks[i]; t.low > t.top {
			left = append(left, t)
		}
	}
	var placed []*trunk
	for len(left) > 0 {
		best, bestWaits, bestCost := 0, len(trunks)+1, 0
		for i, t := range left {
			waits, cost := 0, 0
			for k, other := range left {
				if k == i {
					continue
				}
				if other.before(t) {
					waits++
				}
				cost += t.crossings(other) - other.crossings(t)
			}
			if waits < bestWaits || waits == bestWaits && cost < bestCost {
				best, bestWaits, bestCost = i, waits, cost
			}
		}
		t := left[best]
		left = slices.Delete(left, best, best+1)
		shared += bestWaits
		t.column = 0
		for _, other := range placed {
			if other.overlaps(t) || other.before(t) {
				t.column = max(t.column, other.column+1)
			}
		}
		placed = append(placed, t)
	}
	return shared
}
