package comparison

import (
	"fmt"
	"strconv"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/facts"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/waterfall"
)

// drawRow draws row number n into one line.
func (v *Comparison) drawRow(a draw.Area, n int, env *views.Env) {
	r := v.tree.rows[n]
	if v.drawn.merged {
		v.drawMerged(a, r, env.Theme)
	} else {
		for side := range v.index.facts {
			col := v.drawn.side[side]
			v.drawSide(a.Sub(col.x, 0, col.w, 1), r, views.Side(side), env.Theme)
		}
		v.drawMiddle(a.Sub(v.drawn.delta.x, 0, v.drawn.delta.w, 1), r, env.Theme)
	}
	if n != v.cursor {
		return
	}
	focused := env.Focused && v.pane == paneRows
	if v.drawn.gutter > 0 || a.W() > 0 && !focused {
		ink := env.Theme.Accent
		if !focused {
			ink = env.Theme.Dim
		}
		a.Text(0, 0, env.Theme.Glyphs.Selection, ink)
	}
	if focused {
		a.Paint(env.Theme.Selected)
	}
}

// drawSide draws one side of a row: name, bar and duration, or a hatch where it lacks what the other side has.
func (v *Comparison) drawSide(a draw.Area, r diffRow, side views.Side, theme *style.Theme) {
	col := v.drawn.side[side]
	names, rest := a.Left(col.names - 1)
	bars := rest.Sub(1, 0, col.bars-1, 1)
	durs := rest.Sub(col.bars, 0, col.durs+1, 1)
	switch r.kind {
	case runRow, callsRow:
		v.drawHeading(a, r, side, theme)
		return
	case callRow, pairRow:
	}
	if v.spanOf(r, side) < 0 {
		v.hatch(a, r, v.lackText(r), v.lackInk(r, theme), theme)
		return
	}
	v.drawName(names, r, side, theme)
	v.drawBar(bars, r, side, theme)
	durs.TextRight(0, 0, col.durs, v.lasted(r, side, theme), theme.Text)
}

// lasted writes how long the calls of a side took.
func (v *Comparison) lasted(r diffRow, side views.Side, theme *style.Theme) string {
	spans := v.index.spans(int(r.node), side)
	switch {
	case r.kind == callRow && len(spans) > 1:
		return theme.Glyphs.Sum + " " + draw.Duration(v.index.calls[r.node].side[side].sum)
	case v.spanOf(r, side) >= 0:
		return draw.Duration(v.duration(r, side))
	}
	return ""
}

// duration returns the ns that the calls of a side took together, 0 where it has none.
func (v *Comparison) duration(r diffRow, side views.Side) int64 {
	if r.kind == callRow {
		return v.index.calls[r.node].side[side].sum
	}
	if span := v.spanOf(r, side); span >= 0 {
		return v.index.facts[side].Trace.Span(span).Duration()
	}
	return 0
}

// drawName draws indentation, fold, service and operation, and the badges at the right.
func (v *Comparison) drawName(a draw.Area, r diffRow, side views.Side, theme *style.Theme) {
	x := v.drawIndent(a, r, theme)
	x += a.Text(x, 0, v.foldGlyph(r, theme), theme.Dim) + 1
	room := drawBadges(a, x, v.badges(r, side, theme)) - x
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

// names returns what a row is called on one side.
func (v *Comparison) names(r diffRow, side views.Side) (service, name string) {
	f, span := v.index.facts[side], v.spanOf(r, side)
	if r.kind == pairRow {
		n := &v.c.Nodes[r.node]
		width := len(strconv.Itoa(max(len(n.Good), len(n.Bad))))
		return "", fmt.Sprintf("%*d  %s", width, r.pair+1, facts.SpanName(f.Trace.Span(span)))
	}
	op := f.Op(span)
	if name = op.Label(); name == "" {
		name = views.NoName
		if f.Trace.Span(span).Synthetic() {
			name = "(" + v.piecesText(side) + ")"
		}
	}
	return op.Service, name
}

// leastOperation is how many cells an operation keeps beside its service, which gives way otherwise.
const leastOperation = 5

// serviceCells returns how many cells the service gets of those for a row's name: none where it is the parent's
// and not all fits, and none where the operation would get next to nothing.
func (v *Comparison) serviceCells(r diffRow, service, name string, room int) int {
	n := draw.Width(service)
	rest := room - 1 - draw.Width(name)
	if n == 0 || n <= rest {
		return n
	}
	if p := v.c.Nodes[r.node].Parent; p >= 0 && v.c.Nodes[p].Op.Service == service {
		return 0
	}
	if n <= room*45/100 {
		return n
	}
	if rest < 0 && room < waterfall.LeastService+1+leastOperation {
		return 0 // two stumps say less than most of one
	}
	return max(room/3, min(room, waterfall.LeastService), rest)
}

// piecesText says what a root that is no span holds on a side: "2 roots", as waterfalls say it.
func (v *Comparison) piecesText(side views.Side) string {
	n, lost := v.c.Pieces(0, side == views.Bad)
	if lost {
		return draw.CountNoun(n, "piece", "pieces")
	}
	return draw.CountNoun(n, "root", "roots")
}

func (v *Comparison) failedHere(r diffRow, side views.Side) bool {
	if r.kind == callRow {
		return v.index.calls[r.node].side[side].failed > 0
	}
	span := v.spanOf(r, side)
	return span >= 0 && v.index.facts[side].Failed(span)
}

// badges lists a row's badges on one side from right to left: of a closed row they count what is beneath it.
func (v *Comparison) badges(r diffRow, side views.Side, theme *style.Theme) []waterfall.Badge {
	var list []waterfall.Badge
	g := theme.Glyphs
	if v.failedHere(r, side) {
		list = append(list, waterfall.Badge{Text: g.Error, Ink: theme.Error})
	}
	if r.kind != callRow {
		return list
	}
	if n := v.index.calls[r.node].side[side].below; n > 0 && !v.tree.isOpen(r) {
		list = append(list, waterfall.Badge{Text: "+" + strconv.Itoa(n) + g.Error, Ink: theme.Error})
	}
	if side == views.Bad {
		list = v.hiddenBadge(list, r, theme)
	}
	if v.index.group(int(r.node)) {
		n := len(v.index.spans(int(r.node), side))
		list = append(list, waterfall.Badge{Text: g.Times + strconv.Itoa(n), Ink: theme.Strong})
	}
	return list
}

// hiddenBadge adds how many differences are folded beneath a row.
func (v *Comparison) hiddenBadge(list []waterfall.Badge, r diffRow, theme *style.Theme) []waterfall.Badge {
	if v.tree.isOpen(r) {
		return list
	}
	if n := v.tree.jumps.In(int(r.node)+1, int(r.end)); n > 0 {
		list = append(list, waterfall.Badge{Text: "+" + strconv.Itoa(n) + theme.Glyphs.Changed, Ink: theme.Changed})
	}
	return list
}

// drawBadges draws the badges that there is room for, the first rightmost, and returns where the name must end.
func drawBadges(a draw.Area, from int, list []waterfall.Badge) int {
	x := a.W()
	for _, b := range list {
		n := draw.Width(b.Text)
		if x-n-1 < from+waterfall.MinName {
			break
		}
		x -= n
		a.Text(x, 0, b.Text, b.Ink)
		x--
	}
	return x
}

// drawIndent draws the indentation and returns its width. Rows too far left or right for it say their depth.
func (v *Comparison) drawIndent(a draw.Area, r diffRow, theme *style.Theme) int {
	level, limit := int(r.indent)-v.shift, v.levels()
	if level >= 0 && level <= limit {
		return level * v.indentWidth()
	}
	x := min(max(level, 0), limit) * v.indentWidth()
	return x + a.Text(x, 0, strconv.Itoa(int(r.indent))+" ", theme.Dim)
}

func (v *Comparison) foldGlyph(r diffRow, theme *style.Theme) string {
	switch {
	case !v.tree.canOpen(r):
		return theme.Glyphs.Leaf
	case v.tree.isOpen(r):
		return theme.Glyphs.Open
	}
	return theme.Glyphs.Folded
}

// drawBar draws when the calls of a side ran: heavy on the critical path, light off it, dashed where they are many.
func (v *Comparison) drawBar(a draw.Area, r diffRow, side views.Side, theme *style.Theme) {
	scale := v.scale(side, a.W())
	s := &v.index.calls[r.node].side[side]
	span := v.spanOf(r, side)
	service := v.index.facts[side].Op(span).Service
	ink := theme.Service(service)
	if v.failedHere(r, side) {
		ink = theme.Error
	}
	if r.kind == callRow && len(v.index.spans(int(r.node), side)) > 1 {
		drawPlaces(a, scale, s, ink, theme)
		return
	}
	from, to := v.index.times(side, span)
	kind := draw.BarLight
	if path := v.index.path[side]; path[v.index.facts[side].Trace.End(span)] > path[span] {
		kind = draw.BarHeavy
	}
	a.Span(0, scale, from, to, kind, ink)
}

// drawPlaces draws where any of several calls runs, dots between.
func drawPlaces(a draw.Area, scale draw.Scale, s *diffSide, ink draw.Ink, theme *style.Theme) {
	if !scale.Contains(s.first, s.last) {
		a.Span(0, scale, s.first, s.last, draw.BarDashed, ink)
		return
	}
	first, last := scale.Cell(s.first), scale.Cell(max(s.last-1, s.first))
	for x := first; x <= last; x++ {
		if s.busy.any(s.place(scale.At(x)), s.place(max(scale.At(x+1)-1, scale.At(x)))) {
			a.Bar(x, 0, 0, 8, draw.BarDashed, ink)
		} else {
			a.Text(x, 0, theme.Glyphs.Dot, theme.Dim)
		}
	}
}

// hatch says that this side lacks what the other has, and why where that is known.
func (v *Comparison) hatch(a draw.Area, r diffRow, why string, ink draw.Ink, theme *style.Theme) {
	x := min(v.drawIndent(a, r, theme), a.W())
	a = a.Sub(x, 0, a.W()-x-1, 1)
	a.Bar(0, 0, 0, a.W()*8, draw.BarHatched, theme.Hatch)
	if why != "" && a.W() > 4 {
		a.TextEllipsis(2, 0, a.W()-3, " "+why+" ", ink)
	}
}

// lackText says why a side lacks a call; "" below one of which it was said.
func (v *Comparison) lackText(r diffRow) string {
	n := &v.c.Nodes[r.node]
	if r.kind == pairRow {
		switch k := int(r.pair); {
		case n.Presence == compare.Matched && k >= len(n.Good):
			return "added"
		case n.Presence == compare.Matched && k >= len(n.Bad):
			return "missing"
		}
		return ""
	}
	if changes := v.index.changesOf(int(r.node)); n.Presence != compare.Matched && len(changes) > 0 {
		return changes[0].Detail
	}
	return ""
}

func (v *Comparison) lackInk(r diffRow, theme *style.Theme) draw.Ink {
	n := &v.c.Nodes[r.node]
	switch {
	case n.NotReached:
		return theme.Dim
	case len(n.Good) < len(n.Bad):
		return theme.Added
	}
	return theme.Removed
}

// drawHeading draws a row that stands for others: on the good side what holds for both.
func (v *Comparison) drawHeading(a draw.Area, r diffRow, side views.Side, theme *style.Theme) {
	if side == views.Bad {
		if r.kind == runRow && v.c.Nodes[r.node].NotReached {
			v.hatch(a, r, "not executed", theme.Dim, theme)
		}
		return
	}
	x := v.drawIndent(a, r, theme)
	x += a.Text(x, 0, v.foldGlyph(r, theme), theme.Dim) + 1
	a.TextEllipsis(x, 0, a.W()-x, v.headingText(r), theme.Dim)
}

// headingText says what a row stands for.
func (v *Comparison) headingText(r diffRow) string {
	n := &v.c.Nodes[r.node]
	if r.kind == callsRow {
		verb := "show"
		if v.tree.isOpen(r) {
			verb = "hide"
		}
		return verb + " individual calls (" + draw.Count(len(n.Good)) + " vs " + draw.Count(len(n.Bad)) + ")"
	}
	spans := 0
	for i := int(r.node); i < int(r.end); i = v.c.Nodes[i].End {
		spans += v.index.calls[i].side[views.Good].spans
	}
	members := draw.CountNoun(v.tree.members(int(r.node), int(r.end)), "call", "calls")
	if n.NotReached {
		return members + ", " + draw.CountNoun(spans, "span", "spans")
	}
	var made int64
	for i := int(r.node); i < int(r.end); i = v.c.Nodes[i].End {
		made += v.c.DeltaOf(i)
	}
	switch {
	case made != 0:
		return members + " with small changes, " + draw.DurationSigned(made) + " on the critical path"
	case v.index.moved.In(int(r.node), int(r.end)) > 0:
		return members + " with small changes"
	}
	return draw.Count(v.tree.members(int(r.node), int(r.end))) + " unchanged calls"
}

// drawMiddle draws what differs between the two sides of a row: signs, time, share of the whole difference.
func (v *Comparison) drawMiddle(a draw.Area, r diffRow, theme *style.Theme) {
	l := v.drawn
	a.Text(0, 0, theme.Glyphs.Vertical, theme.Border)
	a.Text(l.delta.w-1, 0, theme.Glyphs.Vertical, theme.Border)
	v.drawDelta(a.Sub(1, 0, l.delta.w-2, 1), r, 0, theme)
}

// drawDelta draws signs, and behind skip cells the difference in time and its share.
func (v *Comparison) drawDelta(a draw.Area, r diffRow, skip int, theme *style.Theme) {
	if r.kind != callRow && r.kind != pairRow {
		return
	}
	l := v.drawn
	if r.kind == callRow && l.signs > 0 {
		ends, is := v.signs(int(r.node), theme)
		a.Text(0, 0, ends.Text, ends.Ink)
		a.Text(1, 0, is.Text, is.Ink)
	}
	delta := v.duration(r, views.Bad) - v.duration(r, views.Good)
	if r.kind == callRow && v.c.Nodes[r.node].Level {
		delta = v.c.DeltaOf(int(r.node)) // what is inside it is there on both sides
	}
	if delta == 0 {
		return
	}
	ink := views.DeltaInk(delta, theme)
	if !v.notable(r) {
		ink = theme.Dim
	}
	a.TextRight(l.signs+skip, 0, l.deltas, draw.DurationSigned(delta), ink)
	if r.kind == callRow {
		a.TextRight(l.signs+skip+l.deltas, 0, l.shares, share(v.c, v.c.DeltaOf(int(r.node))), theme.Dim)
	}
}

// notable tells whether a difference of a row in time is more than what two runs of one thing differ by.
func (v *Comparison) notable(r diffRow) bool {
	n := &v.c.Nodes[r.node]
	if n.Presence != compare.Matched || len(n.Good) != len(n.Bad) {
		return true
	}
	return v.c.Notable(v.duration(r, views.Good), v.duration(r, views.Bad))
}
