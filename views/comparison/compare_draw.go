package comparison

import (
	"sort"
	"strings"

	"tracefall/diagnose/compare"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/waterfall"
)

// Draw draws the comparison. Only the rows on screen are formatted.
func (v *Comparison) Draw(a draw.Area, env *views.Env) {
	a.Fill(env.Theme.Text)
	v.drawn = layOut(a.W(), a.H(), v.widen, v.merged)
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
	doubt.Lines(trust, env.Theme.Warn)
	head, rest := rest.Top(l.headline)
	head.Lines(headline, env.Theme.Strong)
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
func (v *Comparison) headline(width int) []string {
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

// doubts says what is in doubt about the comparison, in lines; none where nothing is.
func (v *Comparison) doubts(width int, theme *style.Theme) []string {
	var parts []string
	t := v.c.Trust
	if t.Unrelated {
		parts = append(parts, "these traces are different operations: "+views.RootLabel(v.c.Good.Trace)+" and "+views.RootLabel(v.c.Bad.Trace))
	}
	for side, incomplete := range t.Incomplete {
		if !incomplete {
			continue
		}
		q := v.index.facts[side].Trace.Quality()
		text := views.Side(side).Label() + " trace may be incomplete"
		switch {
		case q.Truncated:
			text += ": file truncated"
		case q.Orphans > 0:
			text += ": " + draw.CountNoun(q.Orphans, "orphan span", "orphan spans")
		case q.Partial:
			text += ": the backend calls it partial"
		}
		parts = append(parts, text)
	}
	if t.Ambiguous > 0 {
		text := draw.CountNoun(t.Ambiguous, "renamed call", "renamed calls") + " could be matched in another way as well (≈)"
		parts = append(parts, text)
	}
	if parts == nil {
		return nil
	}
	return draw.Wrap(draw.Clean(theme.Glyphs.Warning+" "+strings.Join(parts, draw.SegmentGap)), max(width-2, 1))
}

// drawTitle draws what is compared, as much as there is room for.
func (v *Comparison) drawTitle(a draw.Area, env *views.Env) {
	theme := env.Theme
	name := views.RootLabel(v.c.Bad.Trace)
	if other := views.RootLabel(v.c.Good.Trace); other != name {
		name = other + " " + theme.Glyphs.Swap + " " + name
	}
	segments := append(v.sideSegments(views.Good, env), waterfall.Segment{Text: theme.Glyphs.Swap, Ink: theme.Dim, Rank: 20})
	segments = append(segments, v.sideSegments(views.Bad, env)...)
	if d := v.c.Delta; d != 0 {
		segments = append(segments, waterfall.Segment{Text: theme.Glyphs.Delta + " " + draw.DurationSigned(d), Ink: views.DeltaInk(d, theme), Rank: titleDelta})
	}
	rank := 9
	if v.c.Trust.MatchedShare < matchedWell {
		rank = 11 // it is worth more than how many spans there are
	}
	segments = append(segments, waterfall.Segment{Text: draw.Percent(int64(v.c.Trust.MatchedShare*1000), 1000) + " of spans matched", Ink: theme.Dim, Rank: rank})
	used := 1 + min(draw.Width(name), max(a.W()/4, 8))
	order := make([]int, len(segments))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return segments[order[i]].Rank > segments[order[j]].Rank })
	for k := 0; k < len(order); {
		need, next := 0, k // what is equally important goes together
		for ; next < len(order) && segments[order[next]].Rank == segments[order[k]].Rank; next++ {
			need += draw.Width(segments[order[next]].Text) + len(draw.SegmentGap) - 1
		}
		if used+need > a.W() {
			for _, i := range order[k:next] {
				segments[i].Text = ""
			}
		} else {
			used += need
		}
		k = next
	}
	x := 1 + a.TextEllipsis(1, 0, min(draw.Width(name), max(a.W()/4, 8)+max(a.W()-used, 0)), name, theme.Title)
	for i, s := range segments {
		if s.Text == "" {
			continue
		}
		gap := draw.SegmentGap
		if s.Rank == titleLead || s.Rank == titleDelta || s.Rank == 20 || i == len(segments)-1 || segments[max(i-1, 0)].Rank == 20 {
			gap = "   "
		}
		x += a.Text(x, 0, gap, theme.Dim)
		x += a.Text(x, 0, s.Text, s.Ink)
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
func (v *Comparison) sideSegments(side views.Side, env *views.Env) []waterfall.Segment {
	theme, f := env.Theme, v.index.facts[side]
	t := f.Trace
	lead := waterfall.Segment{Text: side.Label() + " " + draw.Duration(v.c.Length(side == views.Bad)), Ink: theme.Strong, Rank: titleLead}
	if f.Failed(0) {
		lead.Text += " " + theme.Glyphs.Error
		lead.Ink = theme.Error
	}
	start := env.Clock.Time(t.Start())
	if !env.Clock.OneDay(v.c.Good.Trace.Start(), v.c.Bad.Trace.Start()) {
		start = env.Clock.DayTime(t.Start())
	}
	if zone := env.Clock.ZoneName(t.Start()); zone != "" && side == views.Bad {
		start += " " + zone
	}
	return []waterfall.Segment{
		lead,
		{Text: draw.CountNoun(t.SpanCount(), "span", "spans"), Ink: theme.Text, Rank: 10},
		{Text: start, Ink: theme.Text, Rank: 8},
	}
}

// drawHeader draws the names of the columns, the rulers, and which side Enter opens.
func (v *Comparison) drawHeader(a draw.Area, theme *style.Theme) {
	l := v.drawn
	if a.Empty() {
		return
	}
	if l.merged {
		v.mergedHeader(a, theme)
		return
	}
	for side := range v.index.facts {
		v.sideHeader(a, views.Side(side), theme)
	}
	m := a.Sub(l.delta.x, 0, l.delta.w, 1)
	m.Text(0, 0, theme.Glyphs.Vertical, theme.Border)
	m.TextRight(1+l.signs, 0, l.deltas, theme.Glyphs.Delta+" DURATION", theme.Header)
	m.TextRight(1+l.signs+l.deltas, 0, l.shares, "OF "+theme.Glyphs.Delta, theme.Header)
	m.Text(l.delta.w-1, 0, theme.Glyphs.Vertical, theme.Border)
}

func (v *Comparison) sideHeader(a draw.Area, side views.Side, theme *style.Theme) {
	col := v.drawn.side[side]
	ink := theme.Header
	if side == v.side {
		ink = theme.Accent
	}
	area := a.Sub(col.x, 0, col.w, 1)
	area.TextEllipsis(0, 0, col.names-1, strings.ToUpper(side.Label()), ink)
	area.Sub(col.names, 0, col.bars, 1).Ruler(0, v.scale(side, col.bars), 0, theme.Ruler)
	area.TextRight(col.names+col.bars, 0, col.durs, "DURATION", theme.Header)
}

func (v *Comparison) mergedHeader(a draw.Area, theme *style.Theme) {
	l := v.drawn
	col := l.side[views.Good]
	a.TextEllipsis(col.x, 0, col.names-1, "SERVICE  OPERATION", theme.Header)
	if col.bars > 0 {
		bars := a.Sub(col.x+col.names, 0, col.bars-1, 1)
		if v.own {
			bars.TextEllipsis(0, 0, bars.W(), "separate time scales", theme.Ruler)
		} else {
			bars.Ruler(0, v.scale(views.Bad, bars.W()), 0, theme.Ruler)
		}
	}
	x := l.delta.x + l.signs
	inks := [2]draw.Ink{theme.Header, theme.Header}
	inks[v.side] = theme.Accent
	if l.durs > 0 {
		a.TextRight(x, 0, sideDuration, "BASELINE", inks[views.Good])
		a.TextRight(x+sideDuration, 0, sideDuration, "BAD", inks[views.Bad])
	}
	a.TextRight(x+l.durs, 0, l.deltas, theme.Glyphs.Delta+" DURATION", theme.Header)
	a.TextRight(x+l.durs+l.deltas, 0, l.shares, "OF "+theme.Glyphs.Delta, theme.Header)
}

// level scrolls the indentation so that the row under the cursor has room for its name, as a waterfall does.
func (v *Comparison) level() {
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
func (v *Comparison) indentWidth() int {
	if v.index.depth*2 > v.drawn.side[views.Good].names-diffNameRoom {
		return 1
	}
	return 2
}

// levels returns how many levels of indentation there is room for.
func (v *Comparison) levels() int {
	return max((v.drawn.side[views.Good].names-diffNameRoom)/v.indentWidth(), 1)
}

// signs returns what differs at a call, in two signs: how it ends, and what it is.
func (v *Comparison) signs(i int, theme *style.Theme) (ends, is waterfall.Badge) {
	n, call, g := &v.c.Nodes[i], &v.index.calls[i], theme.Glyphs
	if n.Presence == compare.Matched {
		switch good, bad := call.side[views.Good].failed, call.side[views.Bad].failed; {
		case good == 0 && bad > 0:
			ends = waterfall.Badge{Text: g.Error, Ink: theme.Error}
		case good > 0 && bad == 0:
			ends = waterfall.Badge{Text: g.OK, Ink: theme.OK}
		}
	}
	switch {
	case n.Moved >= 0:
		is = waterfall.Badge{Text: g.Link, Ink: theme.Changed}
	case n.Relaxed:
		is = waterfall.Badge{Text: "≈", Ink: theme.Changed}
	case v.index.Has(i, compare.KindAttribute), v.index.Has(i, compare.KindOrder):
		is = waterfall.Badge{Text: g.Changed, Ink: theme.Changed}
	}
	return ends, is
}
