package flame

import (
	"math"
	"strings"

	"tracefall/views"
	"tracefall/views/draw"
)

// footHeight returns how many lines the selected frame's figures take of an area below the measures: a rule, its name,
// its figures, of two sides a table of them.
func (f *Flame) footHeight(h int) int {
	switch {
	case h < 6:
		return 0
	case f.graph.sides == 2 && h >= 12:
		return 5
	}
	return 3
}

// drawFoot draws what is known of the frame under the cursor.
func (f *Flame) drawFoot(a draw.Area, env *views.Env) {
	if a.Empty() {
		return
	}
	theme := env.Theme
	a.HLine(0, 0, a.W(), theme.Border)
	_, a = a.Top(1)
	a = a.Inset(1, 0)
	if f.graph.sides == 2 && a.H() >= 4 {
		f.drawSides(a, env)
		return
	}
	var share string
	if f.graph.sides < 2 {
		share = f.part()
	} else {
		share = f.by.change(f.amount(f.at, 1) - f.amount(f.at, 0))
	}
	n := draw.Width(share)
	a.TextRight(0, 0, a.W(), share, theme.Strong)
	f.drawName(a.Sub(0, 0, a.W()-n-2, 1), env)
	figures := f.figures(f.at, f.graph.sides-1)
	text := strings.Join(figures, draw.SegmentGap)
	x := a.TextEllipsis(0, 1, a.W(), text, theme.Text)
	if f.graph.failed(f.at) > 0 && x == draw.Width(text) {
		errors := figures[len(figures)-1]
		a.Text(x-draw.Width(errors), 1, errors, theme.Error)
	}
}

// drawName draws service and operation of the frame under the cursor.
func (f *Flame) drawName(a draw.Area, env *views.Env) {
	theme, name := env.Theme, f.graph.name(f.at)
	x := 0
	if name.service != "" {
		x = a.TextEllipsis(0, 0, a.W(), name.service, theme.Service(name.service)) + 1
	}
	x += a.TextEllipsis(x, 0, a.W()-x, name.operation, theme.Strong) + 3
	if open := f.longest(); f.at == f.zoom() && open != nil && open.Trace != nil {
		if key := env.Key(views.Enter); key != "" {
			hint := key + " opens its longest span"
			if x+draw.Width(hint) <= a.W() {
				a.Text(x, 0, hint, theme.Dim)
			}
		}
	}
}

// Cells of the table of figures: of the names of its rows, and of a column, where there is room and where not.
const (
	sideCells   = 10
	figureCells = 12
	figureLeast = 10
)

// drawSides draws a table: the figures of both sides and how they changed.
func (f *Flame) drawSides(a draw.Area, env *views.Env) {
	theme := env.Theme
	wide := figureCells
	if a.W() < 100 {
		wide = figureLeast
	}
	at := max(a.W()-wide*len(columns), sideCells)
	f.drawName(a.Sub(0, 0, max(at-1, 0), 1), env)
	names := f.sides()
	if max(draw.Width(names[0]), draw.Width(names[1])) > at {
		names = views.BareNames(names)
	}
	for side, name := range names {
		a.TextRight(0, 1+side, at, draw.Middle(name, at), theme.Dim)
	}
	a.TextRight(0, 3, at, "change", theme.Dim)
	times := draw.Durations{Longest: nanoseconds(max(columns[byTotal].amount(f.graph, f.at, 0), columns[byTotal].amount(f.graph, f.at, 1)))}
	for n, c := range columns {
		x := at + n*wide
		name, _, _ := strings.Cut(c.name, " ")
		a.TextRight(x, 0, wide, strings.ToUpper(name), theme.Header)
		if c.none(f.at) {
			continue
		}
		good, bad := c.amount(f.graph, f.at, 0), c.amount(f.graph, f.at, 1)
		for side, amount := range [2]float64{good, bad} {
			ink := theme.Text
			if c.failed && amount > 0 {
				ink = theme.Error
			}
			a.TextRight(x, 1+side, wide, c.by.aligned(amount, times), ink)
		}
		switch ink := theme.Added; {
		case bad == good:
			a.TextRight(x, 3, wide, "=", theme.Dim)
		case bad < good:
			ink = theme.Removed
			fallthrough
		default:
			a.TextRight(x, 3, wide, signOf(bad-good)+c.by.aligned(math.Abs(bad-good), times), ink)
		}
	}
}
