package tracelist

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"tracefall/diagnose/rule"
	"tracefall/diagnose/secrets"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// cell is what is said in a column: of a trace, or of those of a group.
type cell struct {
	*shown
	i   int // the trace, or that which stands for the group
	sum *sum
	n   int  // traces of the group
	of  *sum // of the open group that the trace is in, nil for none

	traces []uint32 // of the group
}

// drawCell draws what an entry has in a column.
func (g *grid) drawCell(a draw.Area, c Column, of cell, env *views.Env) {
	t, theme := of.set.Trace(of.i), env.Theme
	number := func(n int, ink draw.Ink) {
		if n == 0 {
			ink = theme.Dim
		}
		a.TextRight(0, 0, a.W(), draw.Count(n), ink)
	}
	spans, errors, services, matched := of.counts()
	switch c {
	case ColumnStart:
		text := g.startText(of.start(g.Sort == ColumnStart && g.Descending), env)
		if of.of != nil && g.brief {
			text = env.Clock.Brief(t.Start(), env.Clock.Dates(of.of.first, of.of.last)) // the group says the day: the seconds tell its traces apart
		}
		a.TextEllipsis(0, 0, a.W(), text, theme.Dim)
	case ColumnDuration:
		text := of.duration()
		a.TextRight(0, 0, a.W(), text, theme.Strong)
		if of.sum != nil && g.middles && len(middleName)+1+draw.Width(strings.TrimLeft(text, " ")) <= a.W() {
			a.Text(0, 0, middleName, theme.Dim)
		}
	case ColumnRange:
		of.drawRange(a, theme)
	case ColumnSpans:
		number(spans, theme.Dim)
	case ColumnErrors:
		number(errors, theme.Error)
	case ColumnServices:
		number(services, theme.Dim)
	case ColumnMatched:
		number(matched, theme.Text)
	case ColumnRoot:
		of.drawRoot(a, theme)
	case ColumnFindings:
		if f := of.worst(of.i); f != nil {
			of.drawFinding(a, f, theme)
		} else if of.path().known {
			of.drawPath(a, theme)
		}
	case ColumnPath:
		of.drawSlowest(a, false, theme)
	case ColumnTraceID:
		a.TextEllipsis(0, 0, a.W(), t.ID().String(), theme.Dim)
	}
}

// middleName stands before the duration of a group: the finding beside it is that of its gravest trace, which took another time.
const middleName = "p50"

// counts returns how many spans, errors and services there are, of a group the most of one trace, and how many spans
// match the query.
func (c cell) counts() (spans, errors, services, matched int) {
	if c.sum != nil {
		return c.sum.spans, c.sum.errors, c.sum.services, c.sum.matched
	}
	t := c.set.Trace(c.i)
	return t.SpanCount(), t.Errors(), t.Services(), c.matched(c.i)
}

// start returns when the trace started, of a group the first or the last.
func (c cell) start(last bool) int64 {
	switch {
	case c.sum == nil:
		return c.set.Trace(c.i).Start()
	case last:
		return c.sum.last
	}
	return c.sum.first
}

// duration writes how long the trace took, of a group the median, with the decimal point in its place.
func (c cell) duration() string {
	column := draw.Durations{Longest: c.longest}
	if c.sum != nil {
		return column.Text(c.sum.middle)
	}
	if t := c.set.Trace(c.i); !t.Untimed() {
		return column.Text(t.Duration())
	}
	return views.Unknown
}

// rangeText writes from the shortest to the longest duration of a group, "" where they are the same.
func (c cell) rangeText() string {
	least, most := draw.DurationFixed(c.sum.least), draw.DurationFixed(c.sum.most)
	if least == most {
		return ""
	}
	number, unit, _ := strings.Cut(least, " ")
	if _, other, _ := strings.Cut(most, " "); unit == other {
		least = number
	}
	return least + "–" + most
}

// leastSteps is how many steps of its last digit the shortest duration of a range has: with fewer it is off by more than a tenth.
const leastSteps = 5

// briefRange is rangeText in rangeWidth cells, in the unit of the longest and two digits of it: "0.7–1.3 s", "78–138 ms". Where
// that says little of the shortest, or tells the two not apart, it is the longest alone: "≤ 1.26 s".
func (c cell) briefRange() string {
	unit, name := int64(units.Second), " s"
	if c.sum.most < unit {
		unit, name = units.Millisecond, " ms"
	}
	decimals, step := 0, unit
	if c.sum.most < 10*unit {
		decimals, step = 1, unit/10
	}
	write := func(ns int64) string { return strconv.FormatFloat(float64(ns)/float64(unit), 'f', decimals, 64) }
	least, most := write(c.sum.least), write(c.sum.most)
	text := least + "–" + most + name
	if least == most || c.sum.most >= units.Minute || c.sum.least < leastSteps*step || draw.Width(text) > rangeWidth {
		return "≤ " + draw.DurationFixed(c.sum.most)
	}
	return text
}

// drawRange draws how far the durations of a group lie apart, or of a trace how far spans lie outside its root.
func (c cell) drawRange(a draw.Area, theme *style.Theme) {
	warning := theme.Glyphs.Warning
	if c.sum == nil {
		early, late, far := views.Outside(c.set.Trace(c.i))
		if !far {
			return
		}
		short := "+" + draw.Duration(late)
		if early >= late {
			short = theme.Glyphs.Removed + draw.Duration(early)
		}
		a.Text(0, 0, draw.FirstFitting(a.W(), warning+" "+views.FarOutside(c.set.Trace(c.i)), warning+" "+short, warning), theme.Warn)
		return
	}
	room := a
	if c.sum.far {
		a.TextRight(0, 0, a.W(), warning, theme.Warn)
		room, _ = a.Right(2)
	}
	text := c.rangeText()
	if text != "" && (a.W() < specs[ColumnRange].Width || draw.Width(text) > room.W()) { // in a narrow column of all, so that they can be compared
		text = draw.FirstFitting(room.W(), c.briefRange(), "≤ "+draw.DurationFixed(c.sum.most))
	}
	room.Text(0, 0, text, theme.Dim)
}

// operation says what the root of a trace did: what it called as in its waterfall, of traces with several names their
// operation.
func (c cell) operation() string {
	root := c.set.Trace(c.i).Root()
	if c.findings.Facts == nil {
		return secrets.SpanName(root)
	}
	f := c.findings.Facts(c.i)
	if c.sum != nil && c.sum.several {
		return cmp.Or(f.Op(root.Index()).Label(), secrets.SpanName(root))
	}
	return f.Label(root.Index())
}

// drawRoot draws service and operation of the root, and of how many traces; dots before them say that the span's own
// parent is missing.
func (c cell) drawRoot(a draw.Area, theme *style.Theme) {
	root := c.set.Trace(c.i).Root()
	a = views.DrawOrphan(drawCount(a, c.n, theme), root, theme)
	service := secrets.ServiceName(root)
	views.DrawCall(a, service, c.operation(), [2]draw.Ink{theme.Service(service), theme.Text}, theme)
}

// rootWidth returns how many cells drawRoot needs to cut nothing.
func (c cell) rootWidth() int {
	root := c.set.Trace(c.i).Root()
	n := draw.Width(cmp.Or(c.operation(), views.NoName))
	if root.Has(trace.FlagOrphan) {
		n += 2
	}
	if service := secrets.ServiceName(root); service != "" {
		n += draw.Width(service) + 1
	}
	if c.n > 1 {
		n += draw.Width(" ×" + draw.Count(c.n))
	}
	return n
}

// drawCount draws at the right for how many traces a line stands, and returns what is left of the area.
func drawCount(a draw.Area, n int, theme *style.Theme) draw.Area {
	if n < 2 {
		return a
	}
	text := theme.Glyphs.Times + draw.Count(n)
	a.TextRight(0, 0, a.W(), text, theme.Strong)
	a, _ = a.Right(draw.Width(text) + 1)
	return a
}

// pathGlyph stands before a service where the sign of a finding would: a part of the critical path.
const pathGlyph = "━"

// pathName stands there instead where the column has pathRoom cells: the name of a service is to be whole.
const (
	pathName = "critical path:"
	pathRoom = 40
)

// drawPath draws what stands in the column of findings where there is none: quieter than these.
func (c cell) drawPath(a draw.Area, theme *style.Theme) {
	name := pathGlyph
	if a.W() >= pathRoom {
		name = pathName
	}
	x := a.Text(0, 0, name+" ", theme.Dim)
	c.drawSlowest(a.Sub(x, 0, a.W()-x, 1), true, theme)
}

// path returns the service that most of the critical path runs through, of a group that of all its traces together.
func (c cell) path() slowest {
	if c.sum == nil || c.findings.Facts == nil {
		return c.slowest(c.i)
	}
	if c.sum.slow == nil {
		c.sum.slow = new(c.slowestOf(c.traces))
	}
	return *c.sum.slow
}

// drawSlowest draws the service that most of the critical path runs through, and how much: bold where that is much, unless it
// is to be quiet.
func (c cell) drawSlowest(a draw.Area, quiet bool, theme *style.Theme) {
	at := c.path()
	if !at.known {
		return
	}
	s := at.span
	share := " " + draw.Percent(at.time, at.whole)
	ink := views.PathInk(s.Service(), at.time, at.whole, theme)
	if quiet {
		ink = theme.Service(s.Service())
	}
	x := a.TextMiddle(0, 0, a.W()-draw.Width(share), secrets.ServiceName(s), ink)
	a.Text(x, 0, share, theme.Text)
}

// drawFinding draws the worst finding of a trace: what it is, where as far as there is room, and what it cost.
func (c cell) drawFinding(a draw.Area, f *rule.Finding, theme *style.Theme) {
	glyph, ink := views.LevelGlyph(views.LevelOf(f.Severity), theme)
	x := a.Text(0, 0, glyph, ink) + 1
	// What is counted stands at the end of a title, and what it cost behind: names in the middle are cut first.
	cost := costText(f)
	room := max(a.W()-x-draw.Width(cost), min(a.W()-x, views.LeastTitle))
	x += a.TextEllipsis(x, 0, room, views.Title(f.Title, room), theme.Text)
	service := draw.Clean(f.WhereService)
	if room = a.W() - x - 1 - draw.Width(cost); room >= min(draw.Width(service), leastService) && !strings.Contains(f.Title, service) {
		x += 1 + a.TextMiddle(x+1, 0, room, service, theme.Service(service))
	}
	a.TextEllipsis(x, 0, a.W()-x, cost, theme.Text)
}

// findingWidth returns how many cells drawFinding needs to cut nothing.
func findingWidth(f *rule.Finding) int {
	n := draw.Width("▲ ") + draw.Width(draw.Clean(f.Title)) + draw.Width(costText(f))
	if service := draw.Clean(f.WhereService); service != "" && !strings.Contains(f.Title, service) {
		n += 1 + draw.Width(service)
	}
	return n
}

// leastService is how many cells the service of a finding has at least, where it is named.
const leastService = 8

// leastCost is the time that a finding must have cost to be told.
const leastCost = 10 * time.Millisecond

// costText says behind a title what a finding of one trace cost, "" where that says nothing: where it is a trifle, is
// that of many traces, or stands beside a time that the title ends with.
func costText(f *rule.Finding) string {
	if f.File || f.Numbers.Avoidable < int64(leastCost) || f.Took > 0 {
		return ""
	}
	return draw.SegmentGap + units.Lasted(f.Numbers.Avoidable)
}

// text returns what an entry has in a column, as text to be copied.
func (c cell) text(column Column, clock views.Clock) string {
	t := c.set.Trace(c.i)
	spans, errors, services, matched := c.counts()
	switch column {
	case ColumnStart:
		return clock.DateTime(c.start(false))
	case ColumnDuration:
		return strings.TrimSpace(c.duration())
	case ColumnRange:
		if c.sum != nil {
			return c.rangeText()
		}
		return views.FarOutside(t)
	case ColumnSpans:
		return draw.Amount(spans, "span")
	case ColumnErrors:
		return draw.Amount(errors, "error")
	case ColumnServices:
		return draw.Amount(services, "service")
	case ColumnMatched:
		return strconv.Itoa(matched) + " matching"
	case ColumnRoot:
		text := secrets.ServiceName(t.Root()) + " " + c.operation()
		if c.n > 1 {
			text += " ×" + draw.Count(c.n)
		}
		return draw.Clean(text)
	case ColumnFindings:
		if f := c.worst(c.i); f != nil {
			return draw.Clean(f.Title + costText(f))
		}
	case ColumnPath:
		if at := c.path(); at.known {
			return "critical path: " + draw.Clean(secrets.ServiceName(at.span)) + " " + draw.Percent(at.time, at.whole)
		}
	case ColumnTraceID:
		return draw.Clean(t.ID().String())
	}
	return ""
}
