package tracelist

import (
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// scatter is the plot of durations over time: how many traces each cell of it holds. It is made when the rows or the size
// change, in one pass over the rows; drawing it costs its size only.
//
//	47.3 s ┤            ✗✗✗
//	   1 s ┤   ··  :         ·
//	100 ms ┤:░░:░░▒░░:·░░:░░░░:
//	       14:02:11        · 1  : 2+  ░ 10+ traces  ✗ failed        14:17:09
type scatter struct {
	stale bool
	w, h  int
	cells []plotCell
	time  plotTime
	took  plotTook
	most  int // traces in one cell
}

// plotCell is a cell with count traces, of which one is the first to be meant: one with an error before one
// without, then the longest.
type plotCell struct {
	count    int
	failed   bool
	duration int64
	trace    uint32
}

const plotLabels = 11 // cells for the durations at the left, with the axis

// plotHeight returns the lines of the plot in a screen of w×h cells, with that for the times; 0 for none.
func plotHeight(w, h int) int {
	switch {
	case w < 60 || h < 16:
		return 0
	case h < 28:
		return 4
	case h < 43:
		return 6
	}
	return 8
}

// build fills the cells of a plot of w×h cells.
func (p *scatter) build(s *shown, w, h int) {
	if !p.stale && p.w == w && p.h == h {
		return
	}
	*p = scatter{w: w, h: h, cells: make([]plotCell, w*h), time: plotTimes(s, w), took: plotTookOf(s, h)}
	s.each(func(i int, t *trace.Trace) {
		x, y := p.place(t)
		c := &p.cells[y*w+x]
		failed, longer := t.Errors() > 0, t.Duration() > c.duration
		if c.count++; c.count == 1 || failed && !c.failed || failed == c.failed && longer {
			c.failed, c.duration, c.trace = failed, t.Duration(), uint32(i)
		}
		p.most = max(p.most, c.count)
	})
}

// place returns the cell of a trace.
func (p *scatter) place(t *trace.Trace) (x, y int) {
	return p.time.cell(t.Start()), p.h - 1 - p.took.cell(t.Duration())
}

// draw draws the plot into an area; the selected trace is bracketed.
func (p *scatter) draw(a draw.Area, s *shown, selected *trace.Trace, env *views.Env) {
	theme := env.Theme
	a, below := a.Bottom(1)
	labels, field := a.Left(plotLabels)
	field, _ = field.Right(1) // for the bracket behind the last cell
	p.build(s, field.W(), field.H())
	p.drawAxis(labels, theme)
	for at, c := range p.cells {
		if c.count > 0 {
			p.drawMark(field, at%max(p.w, 1), at/max(p.w, 1), c, theme)
		}
	}
	p.drawBelow(below.Sub(plotLabels, 0, p.w, 1), env)
	if selected != nil && p.w > 0 {
		x, y := p.place(selected)
		a.Text(plotLabels+x-1, y, "[", theme.Accent)
		a.Text(plotLabels+x+1, y, "]", theme.Accent)
	}
}

// drawMark draws what stands for the traces of a cell: one that failed is seen among any number.
func (p *scatter) drawMark(field draw.Area, x, y int, c plotCell, theme *style.Theme) {
	if c.failed {
		field.Text(x, y, theme.Glyphs.Error, theme.Error)
		return
	}
	field.Density(x, y, c.count, theme.Text)
}

// drawBelow draws the line under the plot: from when to when, and what the signs mean. What is not to scale needs saying
// more than from when to when it is.
func (p *scatter) drawBelow(a draw.Area, env *views.Env) {
	const gap = 2
	theme, from, to := env.Theme, p.time.scale.From, p.time.scale.To
	dates := env.Clock.Dates(from, to)
	left, right := env.Clock.Brief(from, dates), env.Clock.Brief(to, dates)
	failed := theme.Glyphs.Error + " failed"
	room := a.W() - draw.Width(left) - draw.Width(right) - draw.Width(failed) - 2*gap
	what, signs := p.time.legend()+"   ", a.DensityLegend(p.most)+" traces  "
	if p.most == 1 {
		signs = theme.Glyphs.Point + " trace  "
	}
	text := draw.FirstFitting(room, what+signs, signs)
	if p.time.order != nil {
		text = draw.FirstFitting(room, what+signs, what)
		if text == "" {
			left, right, room, text = "", "", a.W()-draw.Width(failed)-2*gap, what
		}
	}
	a.Text(0, 0, left, theme.Ruler)
	a.TextRight(0, 0, a.W(), right, theme.Ruler)
	if room < draw.Width(text) {
		return
	}
	x := draw.Width(left) + gap + (room-draw.Width(text))/2
	x += a.Text(x, 0, text, theme.Dim)
	x += a.Text(x, 0, theme.Glyphs.Error, theme.Error)
	a.Text(x, 0, " failed", theme.Dim)
}

func (p *scatter) drawAxis(a draw.Area, theme *style.Theme) {
	for y := range a.H() {
		a.Text(a.W()-1, y, theme.Glyphs.Vertical, theme.Ruler)
	}
	for _, tick := range p.took.ticks() {
		y := a.H() - 1 - tick.Cell
		a.TextRight(0, y, a.W()-2, tick.Label, theme.Ruler)
		a.Text(a.W()-1, y, theme.Glyphs.RightTee, theme.Ruler)
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
