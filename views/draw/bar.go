package draw

// BarKind is how a bar is drawn.
type BarKind uint8

// The kinds of bars. Solid bars end at eighths of a cell, the lines at halves,
// the others at cells.
const (
	BarSolid   BarKind = iota // ▌██▌
	BarHeavy                  // ╺━━╸ on the critical path
	BarLight                  // ╶──╴ off the critical path
	BarHatched                // ╱╱╱╱ time that a finding calls avoidable
	BarDashed                 // ┅┅┅┅ a group of repeats
)

// Bar draws a bar on line y between two positions in eighths of a cell from
// the left edge of cell x, clipped to the area. However short, a bar inside
// the area shows: where it would take nothing (from ≥ to) it takes one eighth,
// and at the right edge the last one.
func (a Area) Bar(x, y, from, to int, kind BarKind, ink Ink) {
	limit := (a.w - x) * 8
	low := max(-x*8, 0)
	if y < 0 || y >= a.h || limit <= low {
		return
	}
	if to <= from {
		to = from + 1
		if from == limit {
			from, to = limit-1, limit
		}
	}
	from, to = max(from, low), min(to, limit)
	if from >= to {
		return
	}
	for c := from / 8; c*8 < to; c++ {
		l, r := max(from-c*8, 0), min(to-c*8, 8)
		glyph, reverse := kind.glyph(l, r, from, to, c)
		if a.g.ascii {
			glyph, reverse = kind.ascii(), false
		}
		cellInk := ink
		if reverse {
			cellInk.Attr ^= Reverse
		}
		a.barRune(x+c, y, glyph, cellInk)
	}
}

// ascii returns what a cell of the bar looks like without Unicode.
func (k BarKind) ascii() rune {
	switch k {
	case BarHeavy:
		return '='
	case BarLight:
		return '-'
	case BarHatched:
		return '/'
	case BarDashed:
		return ':'
	case BarSolid:
	}
	return '#'
}

// glyph returns what cell c of the bar from..to looks like, which covers
// eighths l to r of it, and whether that is to be reversed.
func (k BarKind) glyph(l, r, from, to, c int) (glyph rune, reverse bool) {
	switch k {
	case BarHeavy:
		return half(from, to, c, '━', '╸', '╺'), false
	case BarLight:
		return half(from, to, c, '─', '╴', '╶'), false
	case BarHatched:
		return '╱', false
	case BarDashed:
		return '┅', false
	case BarSolid:
	}
	return solid(l, r)
}

// half returns the line glyph of a cell: a half is drawn where the bar covers
// any of it.
func half(from, to, c int, full, left, right rune) rune {
	inLeft, inRight := from < c*8+4, to > c*8+4
	switch {
	case inLeft && inRight:
		return full
	case inLeft:
		return left
	}
	return right
}

// solid returns the glyph nearest to eighths l to r of a cell. There are
// blocks that grow from the left; reversed they grow from the right:
//
//	0  l     r 8
//	│  ██████  │   a bar inside the cell has the choice of
//	│████████  │   the left block to r,
//	│  ████████│   the right block from l,
//	│   ██     │   and the thick line in the middle
func solid(l, r int) (glyph rune, reverse bool) {
	middle := abs(l-3) + abs(r-5)
	switch {
	case l <= 8-r && l <= middle:
		return block(r), false
	case 8-r <= middle:
		return block(l), true
	}
	return '┃', false
}

// block returns the block that fills a cell's first n eighths, 1 to 8.
func block(n int) rune { return '█' + rune(8-n) }

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// Span draws the bar of the time from start to end (ns) on line y of an area
// that shows the scale. What lies outside the scale is an arrow at the edge it
// lies behind, what takes no time is a point.
func (a Area) Span(y int, s Scale, start, end int64, kind BarKind, ink Ink) {
	row := a.Sub(0, y, s.Width, 1)
	switch {
	case row.Empty():
	case s.Contains(start, end):
		from := s.Eighth(start)
		if end <= start {
			row.barRune(min(from/8, row.w-1), 0, '◆', ink)
			return
		}
		row.Bar(0, 0, from, s.Eighth(end), kind, ink)
	case start >= s.To:
		row.rune(row.w-1, 0, '▸', ink)
	default:
		row.rune(0, 0, '◂', ink)
	}
}

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
		row.barRune(c, 0, '◆', bright)
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
	a.barRune(x, 0, glyph, ink)
}

// Box draws a border around the area, with a title in its top line, and
// returns the area inside. What was there is blanked, and so are numbers that
// it covers in part. An area without room for a border is blanked and returned
// whole.
func (a Area) Box(title string, border, titleInk Ink) Area {
	blankHalves(a)
	a.Fill(Ink{BG: border.BG})
	if a.w < 3 || a.h < 3 {
		return a
	}
	r, b := a.w-1, a.h-1
	a.HLine(1, 0, a.w-2, border)
	a.HLine(1, b, a.w-2, border)
	a.VLine(0, 1, a.h-2, border)
	a.VLine(r, 1, a.h-2, border)
	a.rune(0, 0, '┌', border)
	a.rune(r, 0, '┐', border)
	a.rune(0, b, '└', border)
	a.rune(r, b, '┘', border)
	if title != "" && a.w >= 7 {
		n := a.TextEllipsis(3, 0, a.w-6, title, titleInk)
		a.rune(2, 0, ' ', border)
		a.rune(3+n, 0, ' ', border)
	}
	return a.Inset(1, 1)
}

// Scrollbar draws into column x which part of total lines the area shows,
// first being the topmost: a thick line on a thin one. Nothing is drawn where
// all lines are visible.
func (a Area) Scrollbar(x, first, total int, track, thumb Ink) {
	if total <= a.h || a.h == 0 {
		return
	}
	a.VLine(x, 0, a.h, track)
	size := max(a.h*a.h/total, 1)
	at := min(max(first, 0), total-a.h)
	top := at * (a.h - size) / (total - a.h)
	if at > 0 && top == 0 && a.h > size {
		top = 1 // not at the beginning: say so
	}
	for y := range size {
		a.rune(x, top+y, '┃', thumb)
	}
}

// Progress draws a bar of width cells of which part/whole is full. It is full
// only when part has reached whole.
func (a Area) Progress(x, y, width int, part, whole int64, full, empty Ink) {
	row := a.Sub(x, y, width, 1)
	if row.Empty() {
		return
	}
	for i := range row.w {
		row.rune(i, 0, '░', empty)
	}
	s := Scale{From: 0, To: max(whole, 1), Width: row.w}
	n := s.Eighth(part)
	if whole <= 0 {
		n = 0
	}
	if n == 0 && part <= 0 {
		return
	}
	row.Bar(0, 0, 0, n, BarSolid, full)
}
