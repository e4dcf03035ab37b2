package tracelist

import (
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// scatter is the plot of durations over time: what each cell of it holds. It is made when the rows or the size
// change, in one pass over the rows; drawing it costs its size only.
type scatter struct {
	stale  bool
	w, h   int
	cells  []plotCell
	time   plotTime
	top    int64 // ns at the upper edge
	legend int   // where the upper line is free for the legend, as far right as can be; -1 for nowhere
}

// plotCell is a cell with count traces, of which one is the first to be meant: one with an error before one
// without, then the longest.
type plotCell struct {
	count    int
	failed   bool
	duration int64
	trace    uint32
}

const (
	plotLabels = 11 // cells for the durations at the left, with the axis
	denseCell  = 4  // as many traces make a heavier dot
)

// plotHeight returns the lines of the plot in a screen of w×h cells, 0 for none.
func plotHeight(w, h int) int {
	switch {
	case w < 60 || h < 18:
		return 0
	case h < 30:
		return 3
	case h < 45:
		return 5
	}
	return 7
}

// build fills the cells of a plot of w×h cells.
func (p *scatter) build(l *List, w, h int) {
	if !p.stale && p.w == w && p.h == h {
		return
	}
	*p = scatter{w: w, h: h, cells: make([]plotCell, w*h), time: plotTimes(l, w), top: l.longest}
	l.shown(func(i int, t *trace.Trace) {
		x, y := p.place(t)
		c := &p.cells[y*w+x]
		failed, longer := t.Errors() > 0, t.Duration() > c.duration
		if c.count++; c.count == 1 || failed && !c.failed || failed == c.failed && longer {
			c.failed, c.duration, c.trace = failed, t.Duration(), uint32(i)
		}
	})
	p.legend = p.free(draw.Width(p.time.legend() + plotMarks))
}

const plotMarks = "   x error  . ok"

// free returns the rightmost place for so many cells in the upper line, with the room of a bracket on both sides; -1
// for none.
func (p *scatter) free(width int) int {
	const margin = 2
	for x, run := p.w-1, margin; x >= 0; x-- {
		if run++; p.cells[x].count > 0 {
			run = 0
		}
		if run == width+2*margin {
			return x + margin
		}
	}
	return -1
}

// place returns the cell of a trace.
func (p *scatter) place(t *trace.Trace) (x, y int) {
	up := draw.Scale{From: 0, To: max(p.top, 1), Width: p.h}
	return p.time.cell(t.Start()), p.h - 1 - up.Cell(t.Duration())
}

// drawPlot draws the plot into an area; the selected trace is bracketed.
func (l *List) drawPlot(a draw.Area, env *views.Env) {
	labels, field := a.Left(plotLabels)
	field, _ = field.Right(1) // for the bracket behind the last cell
	l.plot.build(l, field.W(), field.H())
	l.drawPlotAxis(labels, env)
	theme, p := env.Theme, &l.plot
	for at, c := range p.cells {
		if c.count == 0 {
			continue
		}
		glyph, ink := l.plotGlyph(c.failed, c.count, theme)
		field.Text(at%p.w, at/p.w, glyph, ink)
	}
	if x := p.legend; x >= 0 && len(l.rows) > 0 {
		x += field.Text(x, 0, p.time.legend(), theme.Dim)
		x += 3 + field.Text(x+3, 0, theme.Glyphs.Error, theme.Error)
		x += field.Text(x, 0, " error  ", theme.Dim)
		x += field.Text(x, 0, theme.Glyphs.Point, theme.Text)
		field.Text(x, 0, " ok", theme.Dim)
	}
	if t := l.Selected(); t != nil {
		x, y := p.place(t)
		glyph, ink := l.plotGlyph(t.Errors() > 0, 1, theme)
		field.Text(x, y, glyph, ink.With(draw.Bold))
		a.Text(plotLabels+x-1, y, "[", theme.Accent)
		a.Text(plotLabels+x+1, y, "]", theme.Accent)
	}
}

func (l *List) plotGlyph(failed bool, count int, theme *style.Theme) (string, draw.Ink) {
	switch {
	case failed:
		return theme.Glyphs.Error, theme.Error
	case count >= denseCell:
		return ":", theme.Text
	}
	return theme.Glyphs.Point, theme.Text
}

func (l *List) drawPlotAxis(a draw.Area, env *views.Env) {
	theme := env.Theme
	for y := range a.H() {
		a.Text(a.W()-1, y, theme.Glyphs.Vertical, theme.Ruler)
	}
	label := func(y int, text string) {
		a.TextRight(0, y, a.W()-2, text, theme.Ruler)
		a.Text(a.W()-1, y, theme.Glyphs.RightTee, theme.Ruler)
	}
	label(a.H()-1, "0")
	label(0, draw.Duration(l.plot.top))
	if l.plot.time.order != nil {
		a.TextRight(0, a.H()/2, a.W()-2, "by order", theme.Dim)
	}
}

// nearest returns the trace nearest to a cell of the plot, false where the plot is empty.
func (p *scatter) nearest(x, y int) (i uint32, ok bool) {
	best := 0
	for at, c := range p.cells {
		if c.count == 0 {
			continue
		}
		// A cell is about twice as high as wide.
		dx, dy := at%p.w-x, 2*(at/p.w-y)
		if d := dx*dx + dy*dy; !ok || d < best {
			best, i, ok = d, c.trace, true
		}
	}
	return i, ok
}
