package comparison

import (
	"strconv"

	"tracefall/diagnose/compare"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/tree"
)

// row draws row number n into one line.
func (f *frame) row(a draw.Area, n int) {
	at := f.list[n]
	heading := at.kind == runRow || at.kind == callsRow
	switch {
	case f.merged && heading:
		f.mergedHeading(a, at)
	case f.merged:
		f.drawMerged(a, at)
	default:
		for side := range f.facts {
			col := f.layout.side[side]
			area := a.Sub(col.x, 0, col.w, 1)
			if heading {
				f.drawHeading(area, at, views.Side(side))
			} else {
				f.drawSide(area, at, views.Side(side))
			}
		}
		m := f.middle(a)
		if !heading {
			f.drawDelta(m.Sub(1, 0, m.W()-2, 1), at, 0)
		}
	}
}

// drawSide draws one side of a row: name, bar and duration, or a hatch where it lacks what the other side has.
func (f *frame) drawSide(a draw.Area, at row, side views.Side) {
	col := f.layout.side[side]
	if f.spanOf(at, side) < 0 {
		f.hatch(a, at, f.lackText(at), f.lackInk(at))
		return
	}
	names, rest := a.Left(col.names - 1)
	f.drawName(names, at, side, f.badges(at, side))
	f.drawBar(rest.Sub(1, 0, col.bars-1, 1), at, side)
	rest.Sub(col.bars, 0, col.durs+1, 1).TextRight(0, 0, col.durs, f.lasted(at, side, f.theme), f.theme.Text)
}

// drawIndent draws indentation and fold of a row and returns their width.
func (f *frame) drawIndent(a draw.Area, at row) int {
	x := f.tree.Indent.Draw(a, int(at.indent), f.theme)
	return x + a.Text(x, 0, f.state(at).Glyph(&f.theme.Glyphs), f.theme.Dim) + 1
}

// drawName draws indentation, fold, service and operation, and the badges at the right.
func (f *frame) drawName(a draw.Area, at row, side views.Side, badges []tree.Badge) {
	x := f.drawIndent(a, at)
	room := tree.DrawBadges(a, x, badges) - x
	service, operation := f.names(at, side)
	name := tree.Name{Service: service, Operation: operation, ServiceInk: f.theme.Service(service), Ink: f.theme.Text, Whole: true}
	if p := f.c.Nodes[at.node].Parent; p >= 0 {
		name.Known = f.c.Nodes[p].Op.Service == service
	}
	if f.failedHere(at, side) {
		name.Ink = f.theme.Error
	}
	name.Draw(a, x, room)
}

// badges lists a row's badges on one side from right to left: of a closed row they count what is beneath it.
func (f *frame) badges(at row, side views.Side) []tree.Badge {
	var list []tree.Badge
	theme, g := f.theme, &f.theme.Glyphs
	if f.failedHere(at, side) {
		list = append(list, tree.Badge{Text: g.Error, Ink: theme.Error})
	}
	if at.kind != callRow {
		return list
	}
	if n := f.calls[at.node].side[side].below; n > 0 && f.state(at) != tree.Open {
		list = append(list, tree.Badge{Text: "+" + strconv.Itoa(n) + g.Error, Ink: theme.Error})
	}
	if side == views.Bad {
		list = f.hiddenBadge(list, at)
	}
	if f.group(int(at.node)) {
		n := len(f.spans(int(at.node), side))
		list = append(list, tree.Badge{Text: g.Times + strconv.Itoa(n), Ink: theme.Strong})
	}
	return list
}

// hiddenBadge adds how many differences are folded beneath a row.
func (f *frame) hiddenBadge(list []tree.Badge, at row) []tree.Badge {
	if f.state(at) == tree.Open {
		return list
	}
	if n := f.jumps.In(int(at.node)+1, int(at.end)); n > 0 {
		list = append(list, tree.Badge{Text: "+" + strconv.Itoa(n) + f.theme.Glyphs.Changed, Ink: f.theme.Changed})
	}
	return list
}

// drawBar draws when the calls of a side ran: heavy on the critical path, light off it, dashed where they are many.
func (f *frame) drawBar(a draw.Area, at row, side views.Side) {
	scale, span := f.scale(side, a.W()), f.spanOf(at, side)
	ink := f.theme.Service(f.facts[side].Op(span).Service)
	if f.failedHere(at, side) {
		ink = f.theme.Error
	}
	if s := &f.calls[at.node].side[side]; at.kind == callRow && len(f.spans(int(at.node), side)) > 1 {
		tree.Runs(a, scale, s.first, s.last, ink, f.theme, func(from, to int64) bool { return s.busy.any(s.place(from), s.place(to-1)) })
		return
	}
	from, to := f.times(side, span)
	kind := draw.BarLight
	if path := f.path[side]; path[f.facts[side].Trace.End(span)] > path[span] {
		kind = draw.BarHeavy
	}
	a.Span(0, scale, from, to, kind, ink)
}

// hatch says that this side lacks what the other has, and why where that is known.
func (f *frame) hatch(a draw.Area, at row, why string, ink draw.Ink) {
	x := min(f.tree.Indent.Draw(a, int(at.indent), f.theme), a.W())
	a = a.Sub(x, 0, a.W()-x-1, 1)
	a.Bar(0, 0, 0, a.W()*8, draw.BarHatched, f.theme.Hatch)
	if why != "" && a.W() > 4 {
		a.TextEllipsis(2, 0, a.W()-3, " "+why+" ", ink)
	}
}

func (f *frame) lackInk(at row) draw.Ink {
	n := &f.c.Nodes[at.node]
	switch {
	case n.NotReached:
		return f.theme.Dim
	case len(n.Good) < len(n.Bad):
		return f.theme.Added
	}
	return f.theme.Removed
}

// drawHeading draws a row that stands for others: on the good side what holds for both.
func (f *frame) drawHeading(a draw.Area, at row, side views.Side) {
	switch {
	case side == views.Good:
		x := f.drawIndent(a, at)
		a.TextEllipsis(x, 0, a.W()-x, f.headingText(at), f.theme.Dim)
	case at.kind == runRow && f.c.Nodes[at.node].NotReached:
		f.hatch(a, at, "not executed", f.theme.Dim)
	}
}

// drawDelta draws what differs between the two sides of a call: signs, and behind skip cells the difference in time and
// its share.
func (f *frame) drawDelta(a draw.Area, at row, skip int) {
	if at.kind == callRow && f.signs > 0 {
		ends, is := f.endings(int(at.node))
		a.Text(0, 0, ends.Text, ends.Ink)
		a.Text(1, 0, is.Text, is.Ink)
	}
	delta := f.duration(at, views.Bad) - f.duration(at, views.Good)
	if at.kind == callRow && f.c.Nodes[at.node].Level {
		delta = f.c.DeltaOf(int(at.node)) // what is inside it is there on both sides
	}
	if delta == 0 {
		return
	}
	ink := views.DeltaInk(delta, f.theme)
	if !f.notable(at) {
		ink = f.theme.Dim
	}
	a.TextRight(f.signs+skip, 0, f.deltas, draw.DurationSigned(delta), ink)
	if at.kind == callRow {
		a.TextRight(f.signs+skip+f.deltas, 0, f.shares, share(f.c, f.c.DeltaOf(int(at.node))), f.theme.Dim)
	}
}

// drawMerged draws a row of the tree that both traces share: what differs, both durations, both bars in one.
func (f *frame) drawMerged(a draw.Area, at row) {
	col := f.layout.side[views.Good]
	f.drawName(a.Sub(col.x, 0, max(col.names-1, 0), 1), at, f.namedSide(at), f.mergedBadges(at))
	f.mergedBar(a.Sub(col.x+col.names, 0, col.bars-1, 1), at)
	m := a.Sub(f.delta.x, 0, f.delta.w, 1)
	if f.durs > 0 {
		for side := range f.facts {
			x := f.signs + side*sideDuration
			if f.spanOf(at, views.Side(side)) < 0 {
				m.Bar(x+2, 0, 0, (sideDuration-2)*8, draw.BarHatched, f.theme.Hatch)
				continue
			}
			m.TextRight(x, 0, sideDuration, f.lasted(at, views.Side(side), f.theme), f.theme.Text)
		}
	}
	f.drawDelta(m, at, f.durs)
}

// mergedBadges are the badges of both sides, and in a word what one side lacks.
func (f *frame) mergedBadges(at row) []tree.Badge {
	theme, g, n := f.theme, &f.theme.Glyphs, &f.c.Nodes[at.node]
	var list []tree.Badge
	if ends, _ := f.endings(int(at.node)); f.failedHere(at, f.namedSide(at)) && (ends.Text == "" || at.kind == pairRow) {
		list = append(list, tree.Badge{Text: g.Error, Ink: theme.Error})
	}
	if at.kind == callRow {
		list = f.hiddenBadge(list, at)
	}
	if word := f.lackWord(at); word != "" {
		list = append(list, tree.Badge{Text: word, Ink: f.lackInk(at)})
	}
	if at.kind == callRow && f.group(int(at.node)) {
		text := g.Times + draw.Count(max(len(n.Good), len(n.Bad)))
		if n.Presence == compare.Matched && len(n.Good) != len(n.Bad) {
			text = g.Times + draw.Count(len(n.Good)) + g.Link + g.Times + draw.Count(len(n.Bad))
		}
		list = append(list, tree.Badge{Text: text, Ink: theme.Strong})
	}
	return list
}

func (f *frame) mergedHeading(a draw.Area, at row) {
	col := f.layout.side[views.Good]
	a = a.Sub(col.x, 0, col.w, 1)
	x := f.drawIndent(a, at)
	text := f.headingText(at)
	if f.c.Nodes[at.node].NotReached && at.kind == runRow {
		text = "not executed: " + text
	}
	a.TextEllipsis(x, 0, a.W()-x, text, f.theme.Dim)
}

// stackedGlyphs draw two bars in one line: the good one in the upper half, the bad one in the lower.
var stackedGlyphs = [2][4]string{
	{" ", "▀", "▄", "█"},
	{" ", "'", ".", ":"},
}

// mergedBar draws when a call ran in both traces.
func (f *frame) mergedBar(a draw.Area, at row) {
	if a.Empty() {
		return
	}
	var from, to [2]int
	for side := range from {
		from[side], to[side] = f.cells(at, views.Side(side), a.W())
	}
	if to[0] == 0 && to[1] == 0 {
		if w, there := f.ran(at, f.namedSide(at)); there { // outside the window: an arrow to where
			a.Span(0, f.scale(f.namedSide(at), a.W()), w.From, w.To, draw.BarLight, f.theme.Dim)
		}
		return
	}
	glyphs := stackedGlyphs[0]
	if f.theme.ASCII {
		glyphs = stackedGlyphs[1]
	}
	inks := [4]draw.Ink{{}, f.theme.Removed, f.theme.Added, f.theme.Text}
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

// middle draws the lines around the columns between the two sides and returns where these are.
func (f *frame) middle(a draw.Area) draw.Area {
	m := a.Sub(f.delta.x, 0, f.delta.w, 1)
	m.Text(0, 0, f.theme.Glyphs.Vertical, f.theme.Border)
	m.Text(f.delta.w-1, 0, f.theme.Glyphs.Vertical, f.theme.Border)
	return m
}

// endings returns what differs at a call, in two signs: how it ends, and what it is.
func (f *frame) endings(i int) (ends, is tree.Badge) {
	n, call, g, theme := &f.c.Nodes[i], &f.calls[i], &f.theme.Glyphs, f.theme
	if n.Presence == compare.Matched {
		switch good, bad := call.side[views.Good].failed, call.side[views.Bad].failed; {
		case good == 0 && bad > 0:
			ends = tree.Badge{Text: g.Error, Ink: theme.Error}
		case good > 0 && bad == 0:
			ends = tree.Badge{Text: g.OK, Ink: theme.OK}
		}
	}
	switch {
	case n.Moved >= 0:
		is = tree.Badge{Text: g.Link, Ink: theme.Changed}
	case n.Relaxed:
		is = tree.Badge{Text: "≈", Ink: theme.Changed}
	case f.has(i, compare.KindAttribute), f.has(i, compare.KindOrder):
		is = tree.Badge{Text: g.Changed, Ink: theme.Changed}
	}
	return ends, is
}
