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
// rest; the window is bracketed unless it is everything. The brackets take the
// cells next to the window, or its own where it touches the edge.
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
		a.rune(max(from-1, 0), y, '[', inside)
		a.rune(min(to, a.w-1), y, ']', inside)
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
	Dense string // instead of Glyph where denseCount or more share a cell; "" for none
	Ink   Ink
	// Selected puts brackets around the point, and it before all others.
	Selected bool
}

// denseCount is how many points make a cell dense: more than a glance at its
// neighbours would suggest.
const denseCount = 4

// Scatter draws points over the area. In a cell with several the highest rank
// wins, and of those the last.
func (a Area) Scatter(points []Point) {
	if a.Empty() {
		return
	}
	type top struct{ rank, count int }
	cells := make([]top, a.w*a.h)
	selected := -1
	for i, p := range points {
		if p.Selected {
			selected = i
		}
		x, y := a.place(p)
		c := &cells[y*a.w+x]
		switch {
		case c.count == 0 || p.Rank > c.rank:
			*c = top{rank: p.Rank, count: 1}
		case p.Rank < c.rank:
			continue
		default:
			c.count++
		}
		glyph := p.Glyph
		if c.count >= denseCount && p.Dense != "" {
			glyph = p.Dense
		}
		a.Text(x, y, glyph, p.Ink)
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

// Axis draws a vertical axis at the left, labelled at its top and bottom, and
// returns the area that is left for the plot. Where the area has one line only
// the top label is drawn.
func (a Area) Axis(top, bottom string, ink Ink) (plot Area) {
	n := max(Width(top), Width(bottom))
	axis, plot := a.Left(n + 2)
	if plot.Empty() {
		return a
	}
	axis.TextRight(0, a.h-1, n, bottom, ink)
	axis.rune(n+1, a.h-1, '┤', ink)
	if a.h > 1 {
		axis.VLine(n+1, 0, a.h, ink)
		axis.rune(n+1, a.h-1, '┤', ink)
	}
	axis.Sub(0, 0, n, 1).Fill(Ink{})
	axis.TextRight(0, 0, n, top, ink)
	axis.rune(n+1, 0, '┤', ink)
	return plot
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
