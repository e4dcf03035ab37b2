package views

import (
	"sort"
	"strings"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// Draw draws the comparison. Only the rows on screen are formatted.
func (v *Compare) Draw(a draw.Area, env *Env) {
	a.Fill(env.Theme.Text)
	v.drawn = layoutCompare(a.W(), a.H(), v.widen, v.merged)
	if v.c == nil {
		text := v.pending
		if text == "" {
			text = "no comparison"
		}
		a.TextEllipsis(0, a.H()/2, a.W(), " "+text, env.Theme.Dim)
		return
	}
	trust, headline := v.doubts(a.W(), env.Theme), v.headline(a.W())
	causes := len(v.why.entries) + v.leadLines(a.W()) - 1
	v.drawn.heights(len(trust), len(headline), causes, v.height, v.inspect.shown)
	if v.search.typing && v.drawn.body > 1 {
		var line draw.Area
		a, line = a.Bottom(1)
		v.drawn.body--
		v.drawSearch(line, env)
	}
	v.page = max(v.drawn.body, 1)
	v.follow()
	v.settle = false
	v.level()
	l := v.drawn
	title, rest := a.Top(l.title)
	v.drawTitle(title, env)
	doubt, rest := rest.Top(l.trust)
	drawLines(doubt, trust, env.Theme.Warn)
	head, rest := rest.Top(l.headline)
	drawLines(head, headline, env.Theme.Strong)
	why, rest := rest.Top(l.why)
	v.drawWhy(why, env)
	header, rest := rest.Top(l.header)
	v.drawHeader(header, env.Theme)
	body, inspect := rest.Bottom(l.inspect)
	for y := 0; y < body.H() && v.top+y < len(v.tree.rows); y++ {
		v.drawRow(body.Row(y), v.top+y, env)
	}
	v.drawInspect(inspect, env)
}

// headline returns the lines that say where the difference comes from: none where the first cause says more.
func (v *Compare) headline(width int) []string {
	switch {
	case v.pending != "":
		return []string{v.pending}
	case v.why.lead || v.c.Headline == "" || v.c.Trust.Unrelated:
		return nil
	}
	text := v.c.Headline
	if draw.Width(text) > width-2 {
		text = v.c.Brief
	}
	return draw.Wrap(text, max(width-2, 1))
}

// drawLines draws as many lines as there is room for; the last says that there are more.
func drawLines(a draw.Area, lines []string, ink draw.Ink) {
	for y := range min(a.H(), len(lines)) {
		line := lines[y]
		if y == a.H()-1 && len(lines) > a.H() {
			line += " " + lines[y+1] // so that it is cut, and seen to be
		}
		a.TextEllipsis(1, y, a.W()-2, line, ink)
	}
}

// doubts says what is in doubt about the comparison, in lines; none where nothing is.
func (v *Compare) doubts(width int, theme *style.Theme) []string {
	var parts []string
	t := v.c.Trust
	if t.Unrelated {
		parts = append(parts, "these traces are different operations: "+rootLabel(v.c.Good.Trace)+" and "+rootLabel(v.c.Bad.Trace))
	}
	for side, incomplete := range t.Incomplete {
		if !incomplete {
			continue
		}
		q := v.index.facts[side].Trace.Quality()
		text := diffSideName(side).label() + " trace may be incomplete"
		switch {
		case q.Truncated:
			text += ": file truncated"
		case q.Orphans > 0:
			text += ": " + countNoun(q.Orphans, "orphan span", "orphan spans")
		case q.Partial:
			text += ": the backend calls it partial"
		}
		parts = append(parts, text)
	}
	if t.Ambiguous > 0 {
		text := countNoun(t.Ambiguous, "renamed call", "renamed calls") + " could be matched in another way as well (≈)"
		parts = append(parts, text)
	}
	if parts == nil {
		return nil
	}
	return draw.Wrap(draw.Clean(theme.Glyphs.Warning+" "+strings.Join(parts, segmentGap)), max(width-2, 1))
}

func rootLabel(t *trace.Trace) string {
	if name := facts.SpanName(t.Root()); name != "" {
		return name
	}
	return noName
}

// drawTitle draws what is compared, as much as there is room for.
func (v *Compare) drawTitle(a draw.Area, env *Env) {
	theme := env.Theme
	name := rootLabel(v.c.Bad.Trace)
	if other := rootLabel(v.c.Good.Trace); other != name {
		name = other + " " + theme.Glyphs.Swap + " " + name
	}
	segments := append(v.sideSegments(goodSide, env), segment{theme.Glyphs.Swap, theme.Dim, 20})
	segments = append(segments, v.sideSegments(badSide, env)...)
	if d := v.c.Delta; d != 0 {
		segments = append(segments, segment{theme.Glyphs.Delta + " " + draw.DurationSigned(d), deltaInk(d, theme), titleDelta})
	}
	rank := 9
	if v.c.Trust.MatchedShare < matchedWell {
		rank = 11 // it is worth more than how many spans there are
	}
	segments = append(segments, segment{draw.Percent(int64(v.c.Trust.MatchedShare*1000), 1000) + " of spans matched", theme.Dim, rank})
	used := 1 + min(draw.Width(name), max(a.W()/4, 8))
	order := make([]int, len(segments))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return segments[order[i]].rank > segments[order[j]].rank })
	for k := 0; k < len(order); {
		need, next := 0, k // what is equally important goes together
		for ; next < len(order) && segments[order[next]].rank == segments[order[k]].rank; next++ {
			need += draw.Width(segments[order[next]].text) + len(segmentGap) - 1
		}
		if used+need > a.W() {
			for _, i := range order[k:next] {
				segments[i].text = ""
			}
		} else {
			used += need
		}
		k = next
	}
	x := 1 + a.TextEllipsis(1, 0, min(draw.Width(name), max(a.W()/4, 8)+max(a.W()-used, 0)), name, theme.Title)
	for i, s := range segments {
		if s.text == "" {
			continue
		}
		gap := segmentGap
		if s.rank == titleLead || s.rank == titleDelta || s.rank == 20 || i == len(segments)-1 || segments[max(i-1, 0)].rank == 20 {
			gap = "   "
		}
		x += a.Text(x, 0, gap, theme.Dim)
		x += a.Text(x, 0, s.text, s.ink)
	}
}

// matchedWell is the share of the spans from which two traces are the same for the most part.
const matchedWell = 0.9

// titleLead is the rank of the segment with which a side begins, titleDelta that of the difference.
const (
	titleLead  = 15
	titleDelta = 14
)

// sideSegments are one side's part of the title.
func (v *Compare) sideSegments(side diffSideName, env *Env) []segment {
	theme, f := env.Theme, v.index.facts[side]
	t := f.Trace
	lead := segment{side.label() + " " + draw.Duration(v.c.Length(side == badSide)), theme.Strong, titleLead}
	if f.Failed(0) {
		lead.text += " " + theme.Glyphs.Error
		lead.ink = theme.Error
	}
	start := env.Clock.Time(t.Start())
	if !env.Clock.OneDay(v.c.Good.Trace.Start(), v.c.Bad.Trace.Start()) {
		start = env.Clock.DayTime(t.Start())
	}
	if zone := env.Clock.ZoneName(t.Start()); zone != "" && side == badSide {
		start += " " + zone
	}
	return []segment{
		lead,
		{countNoun(t.SpanCount(), "span", "spans"), theme.Text, 10},
		{start, theme.Text, 8},
	}
}

// drawHeader draws the names of the columns, the rulers, and which side Enter opens.
func (v *Compare) drawHeader(a draw.Area, theme *style.Theme) {
	l := v.drawn
	if a.Empty() {
		return
	}
	if l.merged {
		v.mergedHeader(a, theme)
		return
	}
	for side := range v.index.facts {
		v.sideHeader(a, diffSideName(side), theme)
	}
	m := a.Sub(l.delta.x, 0, l.delta.w, 1)
	m.Text(0, 0, theme.Glyphs.Vertical, theme.Border)
	m.TextRight(1+l.signs, 0, l.deltas, theme.Glyphs.Delta+" DURATION", theme.Header)
	m.TextRight(1+l.signs+l.deltas, 0, l.shares, "OF "+theme.Glyphs.Delta, theme.Header)
	m.Text(l.delta.w-1, 0, theme.Glyphs.Vertical, theme.Border)
}

func (v *Compare) sideHeader(a draw.Area, side diffSideName, theme *style.Theme) {
	col := v.drawn.side[side]
	ink := theme.Header
	if side == v.side {
		ink = theme.Accent
	}
	area := a.Sub(col.x, 0, col.w, 1)
	area.TextEllipsis(0, 0, col.names-1, strings.ToUpper(side.label()), ink)
	area.Sub(col.names, 0, col.bars, 1).Ruler(0, v.scale(side, col.bars), 0, theme.Ruler)
	area.TextRight(col.names+col.bars, 0, col.durs, "DURATION", theme.Header)
}

func (v *Compare) mergedHeader(a draw.Area, theme *style.Theme) {
	l := v.drawn
	col := l.side[goodSide]
	a.TextEllipsis(col.x, 0, col.names-1, "SERVICE  OPERATION", theme.Header)
	if col.bars > 0 {
		bars := a.Sub(col.x+col.names, 0, col.bars-1, 1)
		if v.own {
			bars.TextEllipsis(0, 0, bars.W(), "separate time scales", theme.Ruler)
		} else {
			bars.Ruler(0, v.scale(badSide, bars.W()), 0, theme.Ruler)
		}
	}
	x := l.delta.x + l.signs
	inks := [2]draw.Ink{theme.Header, theme.Header}
	inks[v.side] = theme.Accent
	if l.durs > 0 {
		a.TextRight(x, 0, sideDuration, "BASELINE", inks[goodSide])
		a.TextRight(x+sideDuration, 0, sideDuration, "BAD", inks[badSide])
	}
	a.TextRight(x+l.durs, 0, l.deltas, theme.Glyphs.Delta+" DURATION", theme.Header)
	a.TextRight(x+l.durs+l.deltas, 0, l.shares, "OF "+theme.Glyphs.Delta, theme.Header)
}

// level scrolls the indentation so that the row under the cursor has room for its name, as a waterfall does.
func (v *Compare) level() {
	limit := v.levels()
	r, ok := v.row()
	if !ok || int(r.indent) <= limit*3/4 || v.index.depth+2 <= limit {
		v.shift = 0
		return
	}
	if at := int(r.indent) - v.shift; at < limit/4 || at > limit*3/4 {
		v.shift = max(int(r.indent)-limit/2, 0)
	}
}

// indentWidth returns the cells that a level of the tree is indented by.
func (v *Compare) indentWidth() int {
	if v.index.depth*2 > v.drawn.side[goodSide].names-diffNameRoom {
		return 1
	}
	return 2
}

// levels returns how many levels of indentation there is room for.
func (v *Compare) levels() int {
	return max((v.drawn.side[goodSide].names-diffNameRoom)/v.indentWidth(), 1)
}

// signs returns what differs at a call, in two signs: how it ends, and what it is.
func (v *Compare) signs(i int, theme *style.Theme) (ends, is badge) {
	n, call, g := &v.c.Nodes[i], &v.index.calls[i], theme.Glyphs
	if n.Presence == compare.Matched {
		switch good, bad := call.side[goodSide].failed, call.side[badSide].failed; {
		case good == 0 && bad > 0:
			ends = badge{g.Error, theme.Error}
		case good > 0 && bad == 0:
			ends = badge{g.OK, theme.OK}
		}
	}
	switch {
	case n.Moved >= 0:
		is = badge{g.Link, theme.Changed}
	case n.Relaxed:
		is = badge{"≈", theme.Changed}
	case v.index.has(i, compare.KindAttribute), v.index.has(i, compare.KindOrder):
		is = badge{g.Changed, theme.Changed}
	}
	return ends, is
}
