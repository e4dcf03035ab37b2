package draw

import "math"

// Spark draws values as a row of eighth blocks ▁▂▃▄▅▆▇█ on line y from cell x,
// one cell each, scaled to the largest. Zero and less is blank, anything above
// shows at least ▁.
func (a Area) Spark(x, y int, values []float64, ink Ink) {
	top := largest(values)
	for i, v := range values {
		a.rune(x+i, y, level(v, top, 8), ink)
	}
}

// Fit returns values as width values: neighbours are merged by their largest,
// or repeated where there are too few.
func Fit(values []float64, width int) []float64 {
	if width <= 0 || len(values) == 0 {
		return nil
	}
	out := make([]float64, width)
	for i := range out {
		from := i * len(values) / width
		to := max((i+1)*len(values)/width, from+1)
		out[i] = largest(values[from:to])
	}
	return out
}

func largest(values []float64) float64 {
	top := 0.0
	for _, v := range values {
		if v > top && !math.IsInf(v, 0) {
			top = v
		}
	}
	return top
}

// level returns the block for v of top in eighths from the bottom.
func level(v, top float64, eighths int) rune {
	if !(v > 0) || top <= 0 {
		return ' '
	}
	n := int(math.Round(min(v/top, 1) * float64(eighths)))
	return '▁' + rune(min(max(n, 1), 8)-1)
}

// Minimap draws a profile over the full width of the area, as high as the
// area: profile is the height at each of any number of places in order.
// Outside the window, given in cells from..to, it is drawn in the ink of the
// rest; the window is bracketed unless it is everything.
func (a Area) Minimap(profile []float64, from, to int, inside, rest Ink) {
	if a.Empty() {
		return
	}
	values := Fit(profile, a.w)
	top := largest(values)
	from = min(max(from, 0), a.w-1)
	to = min(max(to, from+1), a.w)
	for x := range a.w {
		ink := rest
		if x >= from && x < to {
			ink = inside
		}
		v := 0.0
		if x < len(values) {
			v = values[x]
		}
		a.column(x, v, top, ink)
	}
	if from == 0 && to == a.w {
		return
	}
	for y := range a.h {
		if from > 0 {
			a.rune(from-1, y, '[', inside)
		}
		if to < a.w {
			a.rune(to, y, ']', inside)
		}
	}
}

// column draws one column of blocks over the area's height.
func (a Area) column(x int, v, top float64, ink Ink) {
	n := 0
	if v > 0 && top > 0 {
		n = max(int(math.Round(min(v/top, 1)*float64(8*a.h))), 1)
	}
	for y := a.h - 1; y >= 0; y-- {
		r := ' '
		if n > 0 {
			r = '▁' + rune(min(n, 8)-1)
		}
		a.rune(x, y, r, ink)
		n -= 8
	}
}

// Point is one point of a scatter plot.
type Point struct {
	X, Y float64 // 0 to 1, from the left and from the bottom
	// Rank decides between points of one cell: the highest is drawn.
	Rank  int
	Glyph string // one cell
	Ink   Ink
	// Selected puts brackets around the point, and it before all others.
	Selected bool
}

// Scatter draws points over the area. In a cell with several the highest rank
// wins; three or more of the lowest rank are drawn as a heavier dot.
func (a Area) Scatter(points []Point) {
	if a.Empty() {
		return
	}
	type state struct{ rank, count int }
	cells := make([]state, a.w*a.h)
	selected := -1
	for i, p := range points {
		if p.Selected {
			selected = i
			continue
		}
		x, y := a.place(p)
		c := &cells[y*a.w+x]
		c.count++
		switch {
		case c.count == 1 || p.Rank > c.rank:
			c.rank = p.Rank
			a.Text(x, y, p.Glyph, p.Ink)
		}
	}
	if selected < 0 {
		return
	}
	p := points[selected]
	x, y := a.place(p)
	a.Text(x, y, p.Glyph, p.Ink)
	a.rune(x-1, y, '[', p.Ink)
	a.rune(x+1, y, ']', p.Ink)
}

// place returns the cell of a point; what is out of range is at the edge.
func (a Area) place(p Point) (x, y int) {
	return at(p.X, a.w), a.h - 1 - at(p.Y, a.h)
}

func at(v float64, n int) int {
	if !(v > 0) {
		return 0
	}
	return int(min(v*float64(n), float64(n-1)))
}
