package draw

import (
	"math"
	"slices"
	"strings"

	"tracefall/diagnose/units"
)

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

// Minimap draws a profile over the full width of the area: profile is the
// height at each of any number of places in order, from 0 to 1 for all of the
// area's. Outside the window, given in cells from..to, it is drawn in the ink
// of the rest.
func (a Area) Minimap(profile []float64, from, to int, inside, rest Ink) {
	values := fit(profile, a.w)
	from, to = window(from, to, a.w)
	for x, v := range values {
		ink := rest
		if x >= from && x < to {
			ink = inside
		}
		n := 0 // eighths of cells that are left to fill, and no less than can be seen
		if v > 0 {
			n = max(int(math.Round(min(v, 1)*float64(8*a.h))), 1)
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
}

// Brackets draws brackets around the window of a minimap, given in cells
// from..to, unless it is everything. They take the cells next to it, or its
// own where it touches the edge.
func (a Area) Brackets(from, to int, ink Ink) {
	from, to = window(from, to, a.w)
	if a.Empty() || from == 0 && to == a.w {
		return
	}
	for y := range a.h {
		a.rune(max(from-1, 0), y, '[', ink)
		a.rune(min(to, a.w-1), y, ']', ink)
	}
}

// window returns the cells from..to of so many, one at least.
func window(from, to, cells int) (int, int) {
	from = min(max(from, 0), cells-1)
	return from, min(max(to, from+1), cells)
}

// LogScale maps amounts to cells by their logarithm: From is the lower edge of the first cell, To the upper edge of the
// last one, both above 0. What lies outside is clamped.
type LogScale struct {
	From, To int64
	Cells    int
}

// Cell returns the cell that an amount falls into, 0 to Cells-1.
func (s LogScale) Cell(n int64) int {
	if n <= s.From || s.To <= s.From {
		return 0
	}
	const rounding = 1e-9 // so that a power of ten that begins a cell is in it
	at := math.Log(float64(n)/float64(s.From)) / math.Log(float64(s.To)/float64(s.From))
	return max(min(int(at*float64(s.Cells)+rounding), s.Cells-1), 0)
}

// Tens returns the durations in ns on the scale that are about ten times one another and round, ascending, those that have
// a cell of their own: 100 ms, 1 s, 10 s, 1 m, 10 m, 1 h.
func (s LogScale) Tens() []Tick {
	var ticks []Tick
	add := func(ns uint64) {
		at := int64(ns)
		if cell := s.Cell(at); at >= s.From && at <= s.To && (len(ticks) == 0 || cell > ticks[len(ticks)-1].Cell) {
			ticks = append(ticks, Tick{At: at, Cell: cell, Label: tenLabel(at)})
		}
	}
	for ten := uint64(1); ten <= 10*units.Second; ten *= 10 {
		add(ten)
	}
	for _, unit := range []uint64{units.Minute, units.Hour, units.Day} {
		add(unit)
		add(10 * unit)
	}
	return ticks
}

// tenLabel writes a round duration without the digits that say nothing.
func tenLabel(ns int64) string {
	number, unit, _ := strings.Cut(DurationFixed(ns), " ")
	if unit, rest, compound := strings.Cut(unit, " "); compound && strings.HasPrefix(rest, "0") {
		return number + " " + unit // "1 m 00 s"
	}
	if whole, part, _ := strings.Cut(number, "."); strings.Trim(part, "0") == "" {
		number = whole
	}
	return number + " " + unit
}

// densities are what stands for several things in one cell, from so many on, the most first.
var densities = [...]struct {
	from        int
	sign, ascii rune
}{{100, '▒', '#'}, {10, '░', '+'}, {2, ':', ':'}, {1, '·', '.'}}

// Density draws how many things there are in a cell of a chart; 0 draws nothing.
func (a Area) Density(x, y, n int, ink Ink) {
	for _, d := range densities {
		switch {
		case n < d.from:
		case a.g.ascii:
			a.rune(x, y, d.ascii, ink)
			return
		default:
			a.rune(x, y, d.sign, ink)
			return
		}
	}
}

// DensityLegend says what the signs of Density mean where there are at most so many things in a cell: "· 1  : 2+  ░ 10+".
func (a Area) DensityLegend(most int) string {
	var parts []string
	for _, d := range slices.Backward(densities[:]) {
		if d.from > max(most, 1) {
			break
		}
		sign, more := d.sign, "+"
		if a.g.ascii {
			sign = d.ascii
		}
		if d.from == 1 {
			more = ""
		}
		parts = append(parts, string(sign)+" "+Count(d.from)+more)
	}
	return strings.Join(parts, "  ")
}
