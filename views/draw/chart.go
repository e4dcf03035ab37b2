package draw

import "math"

// fit returns values as width values: neighbours are merged by their largest,
// or repeated where there are too few.
func fit(values []float64, width int) []float64 {
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

// Minimap draws a profile over the full width of the area, as high as the
// area: profile is the height at each of any number of places in order.
// Outside the window, given in cells from..to, it is drawn in the ink of the
// rest; the window is bracketed unless it is everything. The brackets take the
// cells next to the window, or its own where it touches the edge.
func (a Area) Minimap(profile []float64, from, to int, inside, rest Ink) {
	if a.Empty() {
		return
	}
	values := fit(profile, a.w)
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
