package waterfall

import (
	"sort"

	"tracefall/diagnose/clocks"
	"tracefall/sources/trace"
	"tracefall/views/draw"
	"tracefall/views/tree"
)

// drawBar draws the span's bar.
func (f *frame) drawBar(a draw.Area, s trace.Span) {
	i := s.Index()
	start, finish, ink := f.rows.times.start(s), f.rows.times.finish(s), f.theme.Service(s.Service())
	if s.Error() {
		ink = f.theme.Error
	}
	switch {
	case s.Synthetic():
		a.Span(0, f.scale, start, finish, draw.BarLight, f.theme.Dim)
		return
	case !f.scale.Contains(start, finish):
		a.Span(0, f.scale, start, finish, draw.BarSolid, ink)
		f.drawDistance(a, s, start)
		return
	case f.pathIs != pathOff:
		f.drawPathBar(a, s, ink)
	default:
		a.Span(0, f.scale, start, finish, draw.BarSolid, ink)
	}
	by := f.rows.times.moved(i)
	part := func(from, to int64, kind draw.BarKind) {
		from, to = clocks.Add(from, by), clocks.Add(to, by)
		if f.scale.Contains(from, to) && (kind != draw.BarHollow || f.scale.Eighth(to)-f.scale.Eighth(from) >= 8) {
			a.Span(0, f.scale, from, to, kind, ink)
		}
	}
	if from, to, ok := f.finds.avoidable(i); ok {
		part(from, to, draw.BarHatched)
	}
	if found := f.finds.current(); found != nil && found.Trace == f.rows.t && found.Anchor == i {
		for _, wait := range f.finds.waits {
			part(wait.From, wait.To, draw.BarHollow)
		}
	}
	if f.isZoomed() {
		return // most bars run over the edges of a part of the window
	}
	if finish > f.scale.To {
		a.Span(0, f.scale, f.scale.To, finish, draw.BarSolid, ink)
	}
	if start < f.scale.From {
		a.Span(0, f.scale, start, f.scale.From, draw.BarSolid, ink)
	}
}

// drawPathBar draws a bar as a line, heavy where the critical path runs through the span or what is beneath it. That
// is one stretch from the span's start on: the path leaves a subtree only by its start.
//
//	parent  ━━━━━━━━━━━━━━━━━━
//	a       ╶──────╴             nobody waited for it: b took longer
//	b        ━━━━━━━━━━
//	c                  ━━━━━━━
func (f *frame) drawPathBar(a draw.Area, s trace.Span, ink draw.Ink) {
	i := s.Index()
	a.Span(0, f.scale, f.rows.times.start(s), f.rows.times.finish(s), draw.BarLight, ink)
	time := f.facts.CriticalTime(i)
	if time == 0 {
		return
	}
	from := clocks.Add(recorded(f.facts, i).Start, f.rows.times.moved(i))
	if to := clocks.Add(from, time); f.scale.Contains(from, to) {
		a.Span(0, f.scale, from, to, draw.BarHeavy, f.theme.CriticalPath.Over(ink))
	}
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
func (f *frame) drawGroup(a draw.Area, g *repeatGroup) {
	runs, ink := f.rows.runs(), f.theme.Service(f.rows.t.Span(g.first).Service())
	active := func(from, to int64) bool { return runs.active(g, from, to) }
	first, last, ok := tree.Runs(a, f.scale, g.start, g.finish, ink, f.theme, active)
	if !ok {
		return
	}
	f.hatchGroup(a, g, ink, active)
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
	if lo == hi {
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
