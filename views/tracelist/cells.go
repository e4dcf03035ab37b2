package tracelist

import (
	"strconv"

	"tracefall/diagnose/secrets"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// drawCell draws what a trace has in a column.
func (g *grid) drawCell(a draw.Area, c Column, s *shown, i int, env *views.Env) {
	t := s.set.Trace(i)
	theme := env.Theme
	number := func(n int, ink draw.Ink) {
		if n == 0 {
			ink = theme.Dim
		}
		a.TextRight(0, 0, a.W(), draw.Count(n), ink)
	}
	switch c {
	case ColumnStart:
		a.TextEllipsis(0, 0, a.W(), g.startText(t.Start(), env), theme.Text)
	case ColumnDuration:
		a.TextRight(0, 0, a.W(), views.AlignedDuration(t), theme.Strong)
	case ColumnSpans:
		number(t.SpanCount(), theme.Text)
	case ColumnErrors:
		number(t.Errors(), theme.Error)
	case ColumnServices:
		number(t.Services(), theme.Text)
	case ColumnMatched:
		number(s.matched(i), theme.Text)
	case ColumnRoot:
		views.DrawRoot(a, t, theme)
	case ColumnFindings:
		if s.findings.Of != nil {
			f := s.findings.Of(i)
			f.draw(a, theme)
		}
	case ColumnTraceID:
		a.TextEllipsis(0, 0, a.W(), t.ID().String(), theme.Dim)
	}
}

// draw draws the worst finding of a trace.
func (f *TraceFinding) draw(a draw.Area, theme *style.Theme) {
	if f.Text == "" {
		return
	}
	glyph, ink := views.LevelGlyph(f.Level, theme)
	x := a.Text(0, 0, glyph+" ", ink)
	// What is counted stands at the end of a title, and what it cost behind: names in the middle are cut first.
	cost := f.costText()
	room := max(a.W()-x-draw.Width(cost), min(a.W()-x, views.LeastTitle))
	x += a.TextEllipsis(x, 0, room, draw.Shorten(f.Text, room), theme.Text)
	a.TextEllipsis(x, 0, a.W()-x, cost, theme.Text)
}

func (f *TraceFinding) costText() string {
	if f.Cost == "" {
		return ""
	}
	return draw.SegmentGap + f.Cost
}

// text returns what a trace has in a column, as text to be copied.
func (s *shown) text(c Column, i int, clock views.Clock) string {
	t := s.set.Trace(i)
	switch c {
	case ColumnStart:
		return clock.DateTime(t.Start())
	case ColumnDuration:
		return views.TraceDuration(t)
	case ColumnSpans:
		return draw.Amount(t.SpanCount(), "span")
	case ColumnErrors:
		return draw.Amount(t.Errors(), "error")
	case ColumnServices:
		return draw.Amount(t.Services(), "service")
	case ColumnMatched:
		return strconv.Itoa(s.matched(i)) + " matching"
	case ColumnRoot:
		return draw.Clean(secrets.ServiceName(t.Root()) + " " + secrets.SpanName(t.Root()))
	case ColumnFindings:
		if s.findings.Of != nil {
			f := s.findings.Of(i)
			return draw.Clean(f.Text + f.costText())
		}
	case ColumnTraceID:
		return draw.Clean(t.ID().String())
	}
	return ""
}
