package waterfall

import (
	"sort"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/failure"
	"tracefall/sources/logline"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/tree"
)

// drawBar draws the span's bar in the colour of its service: bright and heavy while it worked itself, faint and thin while it
// waited for its children. With the critical path drawn, what the trace waited for is bright and the rest faint.
//
//	parent  ━━───────────────━
//	a         ╺━━━━╸
//	b            ╺━━━━━━━━━━✗ 503
func (f *frame) drawBar(a draw.Area, r row, s trace.Span) {
	sign := f.drawTimes(a, s)
	drawEvents(a, s, f.rows.times, f.scale, f.theme)
	f.drawLogs(a, r, sign)
	if sign >= 0 {
		f.drawFailure(a, sign, f.reason(s.Index()))
	}
}

// drawTimes draws when a span runs, works and waits. It returns the cell for the sign of its error, -1 for none.
func (f *frame) drawTimes(a draw.Area, s trace.Span) int {
	start, finish, ink := f.rows.times.start(s), f.rows.times.finish(s), f.theme.Service(s.Service())
	switch {
	case s.Untimed() && s.Error():
		return 0
	case s.Untimed():
		return -1
	case s.Synthetic():
		a.Span(0, f.scale, start, finish, draw.BarLight, f.theme.Dim)
		return -1
	case !f.scale.Contains(start, finish):
		a.Span(0, f.scale, start, finish, draw.BarHeavy, ink)
		f.drawDistance(a, s, start)
		return -1
	}
	_, end := a.Line(0, f.scale, start, finish, f.heavy(s.Index(), start), ink, ink.With(draw.Faint))
	f.drawAvoidable(a, s.Index(), ink)
	if !f.isZoomed() && start < f.scale.From { // most bars run over the edges of a part of the window
		a.Span(0, f.scale, start, f.scale.From, draw.BarHeavy, ink)
	}
	if finish > f.scale.To {
		if !f.isZoomed() {
			a.Span(0, f.scale, f.scale.To, finish, draw.BarHeavy, ink)
		}
		return -1
	}
	if !s.Error() {
		return -1
	}
	return min(end, a.W()-1)
}

// heavy returns what tells how much of a span's time before a moment is drawn heavy, nil for all of it. The span is drawn from
// start on.
func (f *frame) heavy(i int, start int64) func(t int64) int64 {
	by := f.rows.times.moved(i) - f.work.offset(i)
	if f.pathIs != pathOff {
		steps := f.work.critical(i)
		return steps.until(by)
	}
	waits := f.work.waits(i)
	if len(waits.list) == 0 {
		return nil
	}
	waited := waits.until(by)
	return func(t int64) int64 { return t - start - waited(t) }
}

// drawAvoidable draws what of a span's time the finding calls avoidable, once the cursor was taken to that: of an offender, and
// at the anchor the waits between offenders.
func (f *frame) drawAvoidable(a draw.Area, i int, ink draw.Ink) {
	by := f.rows.times.moved(i)
	part := func(from, to int64) {
		if from, to = clocks.Add(from, by), clocks.Add(to, by); f.scale.Contains(from, to) {
			a.Span(0, f.scale, from, to, draw.BarHatched, ink)
		}
	}
	if !f.finds.visited {
		return
	}
	if from, to, ok := f.finds.avoidable(i); ok {
		part(from, to)
	}
	if found := f.finds.current(); found != nil && found.Trace == f.rows.t && found.Anchor == i {
		for _, wait := range f.finds.waits {
			if f.scale.Eighth(clocks.Add(wait.To, by))-f.scale.Eighth(clocks.Add(wait.From, by)) >= 8 {
				part(wait.From, wait.To)
			}
		}
	}
}

// drawFailure draws the sign of an error at a cell behind a bar, and a text behind it where there is room.
func (f *frame) drawFailure(a draw.Area, at int, text string) {
	a.Text(at, 0, f.theme.Glyphs.Error, f.theme.Error)
	if text != "" && at+2+draw.Width(text) <= a.W() {
		a.Text(at+1, 0, " "+text, f.theme.Error)
	}
}

// mostEvents is how many of a span's events are marked on its bar: more than most bars are wide.
const mostEvents = 500

// drawEvents marks when something happened within a span's bar, an exception in the ink of errors. At the bar's ends they say
// nothing that it does not, and short bars keep their look.
func drawEvents(a draw.Area, s trace.Span, times spanTimes, scale draw.Scale, theme *style.Theme) {
	start, finish, by := times.start(s), times.finish(s), times.moved(s.Index())
	first, last := scale.Cell(start), scale.Cell(max(finish-1, start))
	mark := func(thrown bool, ink draw.Ink) {
		for i := range min(s.Events(), mostEvents) {
			e := s.Event(i)
			if time := clocks.Add(e.Time(), by); (e.Name() == views.ExceptionEvent) == thrown && time > start && time < finish {
				if x := scale.Cell(time); x > first && x < last {
					a.Mark(x, 0, theme.Glyphs.Event, ink)
				}
			}
		}
	}
	mark(false, theme.Service(s.Service()).With(draw.Faint)) // as the time in which it waited: its work is louder
	mark(true, theme.Error)
}

// drawLogs marks when lines were logged, of several in one cell the most severe; of a closed row also those beneath it. What
// belongs at the cell of an error's sign, -1 for none, is marked before it.
func (f *frame) drawLogs(a draw.Area, r row, sign int) {
	at, worst := -1, logline.Unset
	for _, m := range f.logs.on(int(r.span), f.rows.logged(r)) {
		time := clocks.Add(m.time, f.rows.times.moved(int(m.span)))
		if time < f.scale.From || time > f.scale.To {
			continue
		}
		x := f.scale.Cell(time)
		if x == sign {
			x = max(x-1, 0)
		}
		if x != at {
			at, worst = x, logline.Unset
		}
		worst = max(worst, m.severity)
		a.Mark(x, 0, f.theme.Glyphs.Log, views.SeverityInk(worst, f.theme))
	}
}

// mostReason is how many cells the reason of a failure may take behind a bar: more than any status code.
const mostReason = 20

// reason says in one word how a span failed: its HTTP status, its gRPC code; "" where that is not known, or no word.
func (f *frame) reason(i int) string {
	if f.facts == nil {
		return ""
	}
	text := failure.Reason(f.facts, i)
	if draw.Width(text) > mostReason || text == failure.Unspecified {
		return ""
	}
	return text
}

// drawDistance says beside the arrow of a span of which nothing is in the window how far it lies from the trace's window.
func (f *frame) drawDistance(a draw.Area, s trace.Span, start int64) {
	text := f.rows.times.outside(s)
	room := f.scale.Width - 2
	switch {
	case text == "" || room < draw.Width(text):
	case start >= f.scale.To:
		a.TextRight(0, 0, room, text, f.theme.Dim)
	default:
		a.Text(2, 0, text, f.theme.Dim)
	}
}

// drawGroup draws where any member of a group runs, what of it is avoidable, and the median beside it.
func (f *frame) drawGroup(a draw.Area, r row, g *repeatGroup) {
	runs, ink := f.rows.runs(), f.theme.Service(f.rows.t.Span(g.first).Service())
	active := func(from, to int64) bool { return runs.active(g, from, to) }
	first, last, ok := tree.Runs(a, f.scale, g.start, g.finish, ink, f.theme, active)
	if !ok {
		return
	}
	f.hatchGroup(a, g, ink, active)
	sign := -1
	if g.failed > 0 {
		sign = min(last+1, a.W()-1)
		last += 2
	}
	f.drawLogs(a, r, sign)
	if sign >= 0 {
		f.drawFailure(a, sign, "")
	}
	label := "p50 " + draw.Duration(g.p50)
	n := draw.Width(label)
	switch {
	case last+2+n <= a.W():
		a.Text(last+2, 0, label, f.theme.Dim)
	case first >= n+2:
		a.Text(first-n-1, 0, label, f.theme.Dim)
	}
}

// hatchGroup hatches what of a group of offenders is avoidable, cell by cell.
func (f *frame) hatchGroup(a draw.Area, g *repeatGroup, ink draw.Ink, active func(from, to int64) bool) {
	hatch, scale := f.finds.hatch, f.scale
	lo := sort.Search(len(hatch), func(k int) bool { return hatch[k].span >= g.first })
	hi := sort.Search(len(hatch), func(k int) bool { return hatch[k].span >= g.end })
	if lo == hi || !f.finds.visited {
		return
	}
	by := f.rows.times.moved(g.first)
	from, to := clocks.Add(hatch[lo].from, by), clocks.Add(hatch[hi-1].to, by)
	if !scale.Contains(from, to) {
		return
	}
	for x := scale.Cell(from); x <= scale.Cell(to-1); x++ {
		if at := scale.At(x); active(at, max(scale.At(x+1), at+1)) {
			a.Bar(x, 0, 0, 8, draw.BarHatched, ink)
		}
	}
}
