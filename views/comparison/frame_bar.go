package comparison

import (
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/tree"
)

// drawBar draws when the calls of a side ran, as waterfalls do: heavy where a call worked itself, light where it waited
// for what it called, dashed where the calls are many; an error is a sign at its end.
func (f *frame) drawBar(a draw.Area, at row, side views.Side) {
	f.drawRuns(a, at, side, true)
	f.drawError(a, at, side)
}

// drawRuns draws the bar of a side in its service's colour; waits reports whether the time that a call waited is light.
func (f *frame) drawRuns(a draw.Area, at row, side views.Side, waits bool) {
	scale, span := f.scale(side, a.W()), f.spanOf(at, side)
	ink := f.theme.Service(f.c.Nodes[at.node].Services[side])
	if s := &f.calls[at.node].side[side]; at.kind == callRow && len(f.spans(int(at.node), side)) > 1 {
		tree.Runs(a, scale, s.first, s.last, ink, f.theme, func(from, to int64) bool { return s.busy.any(s.place(from), s.place(to-1)) })
		return
	}
	from, to := f.times(side, span)
	a.Span(0, scale, from, to, draw.BarHeavy, ink)
	switch {
	case !scale.Contains(from, to):
		f.drawDistance(a, side, from, to)
	case waits:
		f.drawWaits(a, span, side, from, to, ink)
	}
}

// kidsMost is how many calls are asked when a bar is drawn; of a span that makes more, the whole bar is light.
const kidsMost = 512

// drawWaits draws the part of a span's bar light in which calls of it ran.
func (f *frame) drawWaits(a draw.Area, span int, side views.Side, from, to int64, ink draw.Ink) {
	t, scale := f.facts[side].Trace, f.scale(side, a.W())
	asked := 0
	for kid := span + 1; kid < t.End(span); kid = t.End(kid) {
		if asked++; asked > kidsMost {
			a.Span(0, scale, from, to, draw.BarLight, ink)
			return
		}
		start, end := f.times(side, kid)
		if start, end = max(start, from), min(end, to); end <= start || !scale.Contains(start, end) {
			continue
		}
		// A cell is light where most of it is waiting.
		first, last := (scale.Eighth(start)+4)/8, (scale.Eighth(end)+4)/8
		if last > first {
			a.Bar(first, 0, 0, (last-first)*8, draw.BarLight, ink)
		}
	}
}

// drawDistance says beside the arrow of a span that lies outside the root's time how far.
func (f *frame) drawDistance(a draw.Area, side views.Side, from, to int64) {
	whole, scale, room := f.window[side], f.scale(side, a.W()), a.W()-2
	text := ""
	switch {
	case from >= whole.To:
		text = draw.Duration(from-whole.To) + " later"
	case to <= whole.From:
		text = draw.Duration(whole.From-to) + " earlier"
	}
	switch {
	case text == "" || draw.Width(text) > room:
	case from >= scale.To:
		a.TextRight(0, 0, room, text, f.theme.Dim)
	default:
		a.Text(2, 0, text, f.theme.Dim)
	}
}

// drawError draws the sign of an error at the end of a side's bar.
func (f *frame) drawError(a draw.Area, at row, side views.Side) {
	_, to := f.cells(at, side, a.W())
	if to == 0 || !f.failedHere(at, side) {
		return
	}
	a.Text(min(to, a.W()-1), 0, f.theme.Glyphs.Error, f.theme.Error)
}

// endedGlyph stands in the bar of the bad trace where the baseline's ended.
const endedGlyph = "┿"

// mergedBar draws when a call ran in both traces, the bad one's bar over that of the baseline:
//
//	━━━━━━━   the bad trace
//	━━━┿━━━   and where the baseline ended within it
//	━━━────   the baseline, where the bad trace no longer ran
func (f *frame) mergedBar(a draw.Area, at row) {
	if a.Empty() {
		return
	}
	var from, to [2]int
	for side := range from {
		from[side], to[side] = f.cells(at, views.Side(side), a.W())
	}
	if to[views.Good] == 0 && to[views.Bad] == 0 {
		side := f.namedSide(at) // outside the window: an arrow to where
		if w, there := f.ran(at, side); there {
			a.Span(0, f.scale(side, a.W()), w.From, w.To, draw.BarLight, f.theme.Dim)
			f.drawDistance(a, side, w.From, w.To)
		}
		return
	}
	// The baseline is drawn beside the bad one's cells only: beneath, it would show where that one ends within a cell.
	light := func(from, to int) {
		if to > from {
			a.Bar(from, 0, 0, (to-from)*8, draw.BarLight, f.theme.Dim)
		}
	}
	light(from[views.Good], min(to[views.Good], from[views.Bad]))
	light(max(from[views.Good], to[views.Bad]), to[views.Good])
	if to[views.Bad] == 0 {
		return
	}
	f.drawRuns(a, at, views.Bad, false)
	if end := to[views.Good] - 1; to[views.Good] > 0 && end >= from[views.Bad] && end < to[views.Bad]-1 {
		a.Text(end, 0, endedGlyph, f.theme.Strong)
	}
	f.drawError(a, at, views.Bad)
}

// cells returns the cells of a bar of a width that a side's calls take, at least one; none where it has no call, or
// none in the window: from is then behind the bar and to before it.
func (f *frame) cells(at row, side views.Side, width int) (from, to int) {
	span := f.spanOf(at, side)
	if span < 0 {
		return width, 0
	}
	first, last := f.times(side, span)
	if at.kind == callRow {
		s := &f.calls[at.node].side[side]
		first, last = s.first, s.last
	}
	scale := f.scale(side, width)
	if !scale.Contains(first, last) {
		return width, 0
	}
	return scale.Cell(first), scale.Cell(max(last-1, first)) + 1
}
