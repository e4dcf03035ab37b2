package draw

import "math/bits"

// lineGlyphs are what a cell of a line looks like, by how its left and its right
// half are drawn: not at all, thin, heavy.
var lineGlyphs = [3][3]rune{{' ', '╶', '╺'}, {'╴', '─', '╼'}, {'╸', '╾', '━'}}

// The looks of half a cell of a line.
const (
	halfNone = iota
	halfThin
	halfHeavy
)

// Line draws the time from start to end (ns) as a line on line y of an area that
// shows the scale: heavy and bright where most of the time counts, thin and faint
// where it does not. heavy returns how much of the time before t counts, in ns;
// it is asked for times from start to end that never decrease. nil means that all
// of it counts. Halves of cells are told apart. What lies outside the scale is an
// arrow at the edge, what takes no time is a point. It returns the cells that the
// line takes, from ≥ to for none.
//
//	time   |  counts  | not      | counts |
//	cells  ╺━━━━━━━━━━╾──────────╼━━━━━━━━╸
func (a Area) Line(y int, s Scale, start, end int64, heavy func(t int64) int64, bright, faint Ink) (from, to int) {
	row := a.Sub(0, y, s.Width, 1)
	switch {
	case row.Empty():
		return 0, 0
	case !s.Contains(start, end):
		a.Span(y, s, start, end, BarHeavy, bright)
		return 0, 0
	case end <= start:
		c := s.Cell(start)
		row.rune(c, 0, '◆', bright)
		return c, c + 1
	}
	halves := Scale{From: s.From, To: s.To, Width: 2 * s.Width}
	first, last := halves.Cell(start), halves.Cell(end-1)
	edges := newEdges(halves, first)
	lo, before := max(edges.at, start), int64(0)
	if heavy != nil {
		before = heavy(lo)
	}
	var cell [2]int
	for h := first; h <= last; h++ {
		edges.next()
		hi := min(max(edges.at, lo), end)
		if h == last {
			hi = min(end, s.To)
		}
		cell[h%2] = halfHeavy
		if heavy != nil {
			counted := heavy(hi)
			all, part := uint64(hi)-uint64(lo), uint64(counted-before)
			if part == 0 || part < all-part {
				cell[h%2] = halfThin
			}
			before = counted
		}
		lo = hi
		if h%2 == 1 || h == last {
			row.half(h/2, cell, bright, faint)
			cell = [2]int{}
		}
	}
	return first / 2, last/2 + 1
}

// half draws a cell of a line.
func (a Area) half(x int, cell [2]int, bright, faint Ink) {
	glyph, ink := lineGlyphs[cell[0]][cell[1]], faint
	if cell[0] == halfHeavy || cell[1] == halfHeavy {
		ink = bright
	}
	if a.g.ascii {
		glyph = '-'
		if ink == bright && (cell[0] == halfHeavy || cell[1] == halfHeavy) {
			glyph = '='
		}
	}
	a.rune(x, 0, glyph, ink)
}

// edges are the times at the left edges of a scale's cells, one after the other,
// as Scale.At returns them, without a division for each.
type edges struct {
	at          int64
	step, rest  uint64 // of a cell: ns, and what is left over in parts of a nanosecond
	carry, part uint64
}

func newEdges(s Scale, cell int) edges {
	n := uint64(s.Width)
	hi, lo := bits.Mul64(uint64(cell), s.extent())
	_, carry := bits.Div64(hi, lo, n)
	return edges{at: s.At(cell), step: s.extent() / n, rest: s.extent() % n, carry: carry, part: n}
}

func (e *edges) next() {
	e.at = int64(uint64(e.at) + e.step)
	if e.carry += e.rest; e.carry >= e.part {
		e.carry -= e.part
		e.at = int64(uint64(e.at) + 1)
	}
}
