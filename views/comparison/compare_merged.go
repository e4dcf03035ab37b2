package comparison

import (
	"tracefall/diagnose/compare"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/waterfall"
)

// drawMerged draws a row of the tree that both traces share: what differs, both durations, both bars in one.
func (v *Comparison) drawMerged(a draw.Area, r diffRow, theme *style.Theme) {
	l := v.drawn
	col := l.side[views.Good]
	if r.kind == runRow || r.kind == callsRow {
		v.mergedHeading(a.Sub(col.x, 0, col.w, 1), r, theme)
		return
	}
	names := a.Sub(col.x, 0, max(col.names-1, 0), 1)
	v.mergedName(names, r, theme)
	v.mergedBar(a.Sub(col.x+col.names, 0, col.bars-1, 1), r, theme)
	m := a.Sub(l.delta.x, 0, l.delta.w, 1)
	if l.durs > 0 {
		for side := range v.index.facts {
			x := l.signs + side*sideDuration
			if v.spanOf(r, views.Side(side)) < 0 {
				m.Bar(x+2, 0, 0, (sideDuration-2)*8, draw.BarHatched, theme.Hatch)
				continue
			}
			m.TextRight(x, 0, sideDuration, v.lasted(r, views.Side(side), theme), theme.Text)
		}
	}
	v.drawDelta(m, r, l.durs, theme)
}

// mergedName draws a row's name once, with the words of its differences behind it.
func (v *Comparison) mergedName(a draw.Area, r diffRow, theme *style.Theme) {
	side := v.present(r)
	x := v.drawIndent(a, r, theme)
	x += a.Text(x, 0, v.foldGlyph(r, theme), theme.Dim) + 1
	room := drawBadges(a, x, v.mergedBadges(r, theme)) - x
	ink := theme.Text
	if v.failedHere(r, side) {
		ink = theme.Error
	}
	service, name := v.names(r, side)
	if n := v.serviceCells(r, service, name, room); n > 0 {
		n = a.TextEllipsis(x, 0, n, service, theme.Service(service)) + 1
		x, room = x+n, room-n
	}
	waterfall.DrawOperation(a, x, room, name, ink)
}

// present returns the side whose name a merged row has: the bad one's, where it is there.
func (v *Comparison) present(r diffRow) views.Side {
	if v.spanOf(r, views.Bad) >= 0 {
		return views.Bad
	}
	return views.Good
}

// mergedBadges are the badges of both sides, and in a word what one side lacks.
func (v *Comparison) mergedBadges(r diffRow, theme *style.Theme) []waterfall.Badge {
	g, n := theme.Glyphs, &v.c.Nodes[r.node]
	var list []waterfall.Badge
	if ends, _ := v.signs(int(r.node), theme); v.failedHere(r, v.present(r)) && (ends.Text == "" || r.kind == pairRow) {
		list = append(list, waterfall.Badge{Text: g.Error, Ink: theme.Error})
	}
	if r.kind == callRow {
		list = v.hiddenBadge(list, r, theme)
	}
	if word := v.lackWord(r); word != "" {
		list = append(list, waterfall.Badge{Text: word, Ink: v.lackInk(r, theme)})
	}
	if r.kind == callRow && v.index.group(int(r.node)) {
		text := g.Times + draw.Count(max(len(n.Good), len(n.Bad)))
		if n.Presence == compare.Matched && len(n.Good) != len(n.Bad) {
			text = g.Times + draw.Count(len(n.Good)) + g.Link + g.Times + draw.Count(len(n.Bad))
		}
		list = append(list, waterfall.Badge{Text: text, Ink: theme.Strong})
	}
	return list
}

// lackWord says in one word what lackText says.
func (v *Comparison) lackWord(r diffRow) string {
	n := &v.c.Nodes[r.node]
	if r.kind == pairRow || v.lackText(r) == "" {
		return v.lackText(r)
	}
	switch {
	case n.Moved >= 0:
		return "moved"
	case n.Level && n.Presence == compare.Added:
		return "level added"
	case n.Level:
		return "level removed"
	case n.NotReached:
		return "not executed"
	case n.Presence == compare.Added:
		return "added"
	}
	return "missing"
}

func (v *Comparison) mergedHeading(a draw.Area, r diffRow, theme *style.Theme) {
	x := v.drawIndent(a, r, theme)
	x += a.Text(x, 0, v.foldGlyph(r, theme), theme.Dim) + 1
	text := v.headingText(r)
	if v.c.Nodes[r.node].NotReached && r.kind == runRow {
		text = "not executed: " + text
	}
	a.TextEllipsis(x, 0, a.W()-x, text, theme.Dim)
}

// stackedGlyphs draw two bars in one line: the good one in the upper half, the bad one in the lower.
var stackedGlyphs = [2][4]string{
	{" ", "▀", "▄", "█"},
	{" ", "'", ".", ":"},
}

// mergedBar draws when a call ran in both traces.
func (v *Comparison) mergedBar(a draw.Area, r diffRow, theme *style.Theme) {
	if a.Empty() {
		return
	}
	var from, to [2]int
	for side := range from {
		from[side], to[side] = v.cells(r, views.Side(side), a.W())
	}
	if to[0] == 0 && to[1] == 0 {
		if at, there := v.ran(r, v.present(r)); there { // outside the window: an arrow to where
			a.Span(0, v.scale(v.present(r), a.W()), at.From, at.To, draw.BarLight, theme.Dim)
		}
		return
	}
	glyphs := stackedGlyphs[0]
	if theme.ASCII {
		glyphs = stackedGlyphs[1]
	}
	inks := [4]draw.Ink{{}, theme.Removed, theme.Added, theme.Text}
	for x := min(from[0], from[1]); x < max(to[0], to[1]); x++ {
		which := 0
		for side := range from {
			if x >= from[side] && x < to[side] {
				which |= 1 << side
			}
		}
		a.Text(x, 0, glyphs[which], inks[which])
	}
}

// cells returns the cells of a bar of a width that a side's calls take, at least one; none where it has no call, or
// none in the window: from is then behind the bar and to before it.
func (v *Comparison) cells(r diffRow, side views.Side, width int) (from, to int) {
	span := v.spanOf(r, side)
	if span < 0 {
		return width, 0
	}
	first, last := v.index.times(side, span)
	if r.kind == callRow {
		s := &v.index.calls[r.node].side[side]
		first, last = s.first, s.last
	}
	scale := v.scale(side, width)
	if !scale.Contains(first, last) {
		return width, 0
	}
	return scale.Cell(first), scale.Cell(max(last-1, first)) + 1
}
