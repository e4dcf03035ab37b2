package comparison

import (
	"cmp"
	"strings"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/tree"
)

// frame draws what a comparison shows now.
type frame struct {
	*rows
	*scales
	layout
	tree   *tree.Tree
	env    *views.Env
	theme  *style.Theme
	chosen views.Side // the side that Enter opens
}

// frame returns what draws the comparison as it was laid out last.
func (v *Comparison) frame(env *views.Env) *frame {
	return &frame{rows: v.rows, scales: &v.scales, layout: v.drawn, tree: &v.tree, env: env, theme: env.Theme, chosen: v.side}
}

// Draw draws the comparison. Only the rows on screen are formatted.
func (v *Comparison) Draw(a draw.Area, env *views.Env) {
	a.Fill(env.Theme.Text)
	v.drawn = layOut(a.W(), a.H(), v.widen, v.merged)
	if v.rows == nil {
		a.TextEllipsis(0, a.H()/2, a.W(), " "+cmp.Or(v.pending, "no comparison"), env.Theme.Dim)
		return
	}
	doubts, headline := v.doubts(a.W(), env.Theme), v.headline(a.W())
	causes := len(v.why.entries) + v.why.leadLines(a.W()) - 1
	v.drawn.heights(len(doubts), len(headline), causes, v.height, v.inspect.shown)
	if v.search.On && v.drawn.body > 1 {
		var line draw.Area
		a, line = a.Bottom(1)
		v.drawn.body--
		v.drawSearch(line, env)
	}
	v.tree.Fit(v.drawn.body)
	v.layNames()
	level := -1
	if at, ok := v.row(); ok {
		level = int(at.indent)
	}
	v.tree.Keep(level, v.rows.depth+2)
	f := v.frame(env)
	title, rest := a.Top(f.title)
	doubt, rest := rest.Top(f.trust)
	head, rest := rest.Top(f.layout.headline)
	why, rest := rest.Top(f.layout.why)
	header, rest := rest.Top(f.layout.header)
	body, inspect := rest.Bottom(f.inspect)
	f.drawTitle(title)
	doubt.Lines(doubts, env.Theme.Warn)
	head.Lines(headline, env.Theme.Strong)
	v.why.draw(why, env, v.pane == paneWhy)
	f.header(header)
	keys := env.Focused && v.pane == paneRows
	v.tree.DrawRows(body, f.gutter > 0 || !keys, keys, env.Theme, f.row)
	if !inspect.Empty() {
		v.load()
		v.inspect.draw(inspect, env, v.pane == paneInspect)
	}
}

// layNames makes room for the indentation of names.
func (v *Comparison) layNames() {
	v.tree.Lay(v.drawn.side[views.Good].names, nameRoom, v.rows.depth)
}

// headline returns the lines that say where the difference comes from: none where the first cause says more.
func (v *Comparison) headline(width int) []string {
	c := v.rows.c
	switch {
	case v.pending != "":
		return []string{v.pending}
	case v.why.lead || c.Headline == "" || c.Trust.Unrelated:
		return nil
	}
	text := c.Headline
	if draw.Width(text) > width-2 {
		text = c.Brief
	}
	return draw.Wrap(text, max(width-2, 1))
}

// doubts says what is in doubt about the comparison, in lines; none where nothing is.
func (v *Comparison) doubts(width int, theme *style.Theme) []string {
	var parts []string
	t := v.rows.c.Trust
	if t.Unrelated {
		parts = append(parts, "these traces are different operations: "+views.RootLabel(v.rows.c.Good.Trace)+" and "+views.RootLabel(v.rows.c.Bad.Trace))
	}
	for side, incomplete := range t.Incomplete {
		if !incomplete {
			continue
		}
		q := v.rows.facts[side].Trace.Quality()
		text := views.Side(side).Label() + " trace may be incomplete"
		switch {
		case q.Truncated:
			text += ": file truncated"
		case q.Orphans > 0:
			text += ": " + draw.Amount(q.Orphans, "orphan span")
		case q.Partial:
			text += ": the backend calls it partial"
		}
		parts = append(parts, text)
	}
	if t.Ambiguous > 0 {
		parts = append(parts, draw.Amount(t.Ambiguous, "renamed call")+" could be matched in another way as well (≈)")
	}
	if parts == nil {
		return nil
	}
	return draw.Wrap(draw.Clean(theme.Glyphs.Warning+" "+strings.Join(parts, draw.SegmentGap)), max(width-2, 1))
}

// matchedWell is the share of the spans from which two traces are the same for the most part.
const matchedWell = 0.9

// wideGap is what is before a part of the title with which something else begins.
const wideGap = "   "

// drawTitle draws what is compared, as much as there is room for.
func (f *frame) drawTitle(a draw.Area) {
	theme := f.theme
	name := views.RootLabel(f.c.Bad.Trace)
	if other := views.RootLabel(f.c.Good.Trace); other != name {
		name = other + " " + theme.Glyphs.Swap + " " + name
	}
	segments := append(f.segments(views.Good), tree.Segment{Text: theme.Glyphs.Swap, Ink: theme.Dim, Rank: 20, Gap: wideGap})
	segments = append(segments, f.segments(views.Bad)...)
	if d := f.c.Delta; d != 0 {
		segments = append(segments, tree.Segment{Text: theme.Glyphs.Delta + " " + draw.DurationSigned(d), Ink: views.DeltaInk(d, theme), Rank: 14, Gap: wideGap})
	}
	rank := 9
	if f.c.Trust.MatchedShare < matchedWell {
		rank = 11 // it is worth more than how many spans there are
	}
	matched := draw.Percent(int64(f.c.Trust.MatchedShare*1000), 1000) + " of spans matched"
	segments = append(segments, tree.Segment{Text: matched, Ink: theme.Dim, Rank: rank, Gap: wideGap})
	tree.DrawTitle(a, name, max(a.W()/4, 8), "", segments, theme)
}

// segments are one side's part of the title.
func (f *frame) segments(side views.Side) []tree.Segment {
	theme, clock, t := f.theme, f.env.Clock, f.facts[side].Trace
	lead := tree.Segment{Text: side.Label() + " " + draw.Duration(f.c.Length(side == views.Bad)), Ink: theme.Strong, Rank: 15, Gap: wideGap}
	if f.facts[side].Failed(0) {
		lead.Text += " " + theme.Glyphs.Error
		lead.Ink = theme.Error
	}
	start := clock.Time(t.Start())
	if !clock.OneDay(f.c.Good.Trace.Start(), f.c.Bad.Trace.Start()) {
		start = clock.DayTime(t.Start())
	}
	if zone := clock.ZoneName(t.Start()); zone != "" && side == views.Bad {
		start += " " + zone
	}
	return []tree.Segment{
		lead,
		{Text: draw.Amount(t.SpanCount(), "span"), Ink: theme.Text, Rank: 10},
		{Text: start, Ink: theme.Text, Rank: 8},
	}
}

// header draws the names of the columns, the rulers, and which side Enter opens.
func (f *frame) header(a draw.Area) {
	if a.Empty() {
		return
	}
	inks := [2]draw.Ink{f.theme.Header, f.theme.Header}
	inks[f.chosen] = f.theme.Accent
	if f.merged {
		f.mergedHeader(a, inks)
		return
	}
	for side := range f.facts {
		col := f.layout.side[side]
		area := a.Sub(col.x, 0, col.w, 1)
		area.TextEllipsis(0, 0, col.names-1, strings.ToUpper(views.Side(side).Label()), inks[side])
		area.Sub(col.names, 0, col.bars, 1).Ruler(0, f.scale(views.Side(side), col.bars), 0, f.theme.Ruler)
		area.TextRight(col.names+col.bars, 0, col.durs, "DURATION", f.theme.Header)
	}
	m := f.middle(a)
	f.deltaHeader(m, 1+f.signs)
}

func (f *frame) mergedHeader(a draw.Area, inks [2]draw.Ink) {
	col := f.layout.side[views.Good]
	a.TextEllipsis(col.x, 0, col.names-1, "SERVICE  OPERATION", f.theme.Header)
	if col.bars > 0 {
		bars := a.Sub(col.x+col.names, 0, col.bars-1, 1)
		if f.own {
			bars.TextEllipsis(0, 0, bars.W(), "separate time scales", f.theme.Ruler)
		} else {
			bars.Ruler(0, f.scale(views.Bad, bars.W()), 0, f.theme.Ruler)
		}
	}
	x := f.delta.x + f.signs
	if f.durs > 0 {
		a.TextRight(x, 0, sideDuration, "BASELINE", inks[views.Good])
		a.TextRight(x+sideDuration, 0, sideDuration, "BAD", inks[views.Bad])
	}
	f.deltaHeader(a, x+f.durs)
}

func (f *frame) deltaHeader(a draw.Area, x int) {
	a.TextRight(x, 0, f.deltas, f.theme.Glyphs.Delta+" DURATION", f.theme.Header)
	a.TextRight(x+f.deltas, 0, f.shares, "OF "+f.theme.Glyphs.Delta, f.theme.Header)
}
