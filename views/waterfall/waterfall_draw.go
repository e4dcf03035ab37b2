package waterfall

import (
	"sort"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// Draw draws the waterfall. Only the rows on screen are formatted.
func (w *Waterfall) Draw(a draw.Area, env *views.Env) {
	a.Fill(env.Theme.Text)
	w.drawn = layOut(a.W(), a.H(), w.parts())
	w.page = max(w.drawn.body, 1)
	if w.st == nil {
		a.TextEllipsis(0, a.H()/2, a.W(), " no trace is open", env.Theme.Dim)
		return
	}
	w.follow()
	w.settle = false
	w.level()
	l := w.drawn
	title, rest := a.Top(l.title)
	w.drawTitle(title, env)
	minimap, rest := rest.Top(l.minimap)
	w.drawMinimap(minimap.Inset(1, 0), env.Theme)
	banner, rest := rest.Top(l.banner)
	w.drawBanner(banner, env)
	query, rest := rest.Top(l.query)
	line := a.H() - rest.H() - 1
	if !query.Empty() {
		w.drawQuery(query, line, env)
	}
	header, body := rest.Top(l.header)
	skip := 0
	if w.search.Complains() && !query.Empty() && !header.Empty() {
		w.search.DrawWrong(header, env) // in the place of the ruler, so that the rows stay where they are
		skip = 1
	} else {
		w.drawHeader(header, env.Theme)
	}
	for y := 0; y < body.H() && w.top+y < len(w.st.rows); y++ {
		w.drawRow(body.Row(y), w.top+y, env)
	}
	if !query.Empty() {
		w.search.Popup.Draw(a, &w.search.Line, skip, env)
	}
}

// parts says what the layout has to find room for.
func (w *Waterfall) parts() parts {
	return parts{widen: w.widen, query: w.searching(), banner: len(w.finds.list) > 0}
}

// scale returns the scale of the bars.
func (w *Waterfall) scale() draw.Scale {
	return draw.Scale{From: w.zoom.Window.From, To: w.zoom.Window.To, Width: w.drawn.bars}
}

// Segment is a part of the title; parts of a lower rank are the first to go where there is no room.
type Segment struct {
	Text string
	Ink  draw.Ink
	Rank int
}

// drawTitle draws what the trace is, as much as there is room for.
func (w *Waterfall) drawTitle(a draw.Area, env *views.Env) {
	theme := env.Theme
	root := w.st.t.Root()
	name := facts.SpanName(root)
	if name == "" {
		name = views.NoName
	}
	used := 1 + min(draw.Width(name), max(a.W()/3, 8)) + 1
	segments := w.titleSegments(env)
	order := make([]int, len(segments))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return segments[order[i]].Rank > segments[order[j]].Rank })
	for _, i := range order {
		need := draw.Width(segments[i].Text) + len(draw.SegmentGap) - 1
		if used+need > a.W() {
			segments[i].Text = ""
			continue
		}
		used += need
	}
	rest := a.W() - used
	x := 1 + a.TextEllipsis(1, 0, min(draw.Width(name), max(a.W()/3, 8)+max(rest, 0)), name, theme.Title)
	gap := "  "
	for _, s := range segments {
		if s.Text == "" {
			continue
		}
		x += a.Text(x, 0, gap, theme.Dim)
		x += a.Text(x, 0, s.Text, s.Ink)
		gap = draw.SegmentGap
	}
}

func (w *Waterfall) titleSegments(env *views.Env) []Segment {
	theme, t := env.Theme, w.st.t
	times := w.st.times
	start := env.Clock.Time(times.from)
	if times.from == 0 {
		start = "time " + views.Unknown
	} else if w.drawn.w >= 110 {
		start = env.Clock.DateTime(times.from)
	}
	if zone := env.Clock.ZoneName(times.from); zone != "" {
		start += " " + zone
	}
	took := draw.Duration(times.to - times.from)
	if t.Untimed() {
		took = "duration " + views.Unknown
	}
	segments := []Segment{
		{draw.Clean(facts.ServiceName(t.Root())), theme.Service(t.Root().Service()), 8},
		{took, theme.Strong, 10},
		{draw.CountNoun(t.SpanCount(), "span", "spans"), theme.Text, 6},
		{draw.CountNoun(t.Services(), "service", "services"), theme.Text, 4},
	}
	if n := t.Errors(); n > 0 {
		segments = append(segments, Segment{theme.Glyphs.Error + " " + draw.CountNoun(n, "error", "errors"), theme.Error, 9})
	}
	switch {
	case t.Quality().Truncated:
		segments = append(segments, Segment{theme.Glyphs.Warning + " truncated: spans may be missing", theme.Warn, 11})
	case t.Set().Truncated(t.Root().Input()):
		segments = append(segments, Segment{theme.Glyphs.Warning + " file truncated", theme.Warn, 5})
	}
	if t.First() == 1 {
		segments = append(segments, Segment{theme.Glyphs.Warning + " " + w.rootsText(), theme.Warn, 5})
	}
	if t.Quality().Partial {
		segments = append(segments, Segment{theme.Glyphs.Warning + " " + views.PartialAnswer, theme.Warn, 9})
	}
	if times.shift != nil {
		segments = append(segments, Segment{theme.Glyphs.Warning + " " + clocksAdjusted, theme.Warn, 11})
	}
	return append(segments,
		Segment{start, theme.Text, 7},
		Segment{views.ShortID(t.ID()), theme.Dim, 3})
}

// rootsText says what hangs under a synthetic root.
func (w *Waterfall) rootsText() string {
	x := w.st.index
	var parts []string
	if x.roots > 0 {
		parts = append(parts, draw.CountNoun(x.roots, "root", "roots"))
	}
	if x.orphans > 0 {
		parts = append(parts, draw.CountNoun(x.orphans, "orphan", "orphans"))
	}
	return strings.Join(parts, ", ")
}

// drawMinimap draws how many spans run over the whole trace, the window bracketed and failures marked.
func (w *Waterfall) drawMinimap(a draw.Area, theme *style.Theme) {
	if a.Empty() {
		return
	}
	whole := w.whole()
	scale := draw.Scale{From: whole.From, To: whole.To, Width: a.W()}
	from, to := 0, a.W()
	if w.isZoomed() {
		from, to = scale.Cell(w.zoom.Window.From), scale.Cell(w.zoom.Window.To-1)+1
	}
	a.Minimap(w.st.index.profile, from, to, theme.MinimapInside, theme.MinimapRest)
	for i, failed := range w.st.index.failed {
		if failed {
			a.Sub(i*a.W()/profilePlaces, a.H()-1, 1, 1).Paint(draw.Ink{FG: theme.Error.FG})
		}
	}
}

// drawHeader draws the names of the columns and the ruler.
func (w *Waterfall) drawHeader(a draw.Area, theme *style.Theme) {
	l := w.drawn
	if a.Empty() {
		return
	}
	title := "SERVICE  OPERATION"
	if w.shift > 0 {
		title = theme.Glyphs.Left + " " + draw.CountNoun(w.shift, "level", "levels") + " further left"
	}
	a.TextEllipsis(l.gutter, 0, l.names, title, theme.Header)
	a.Text(l.barsX-1, 0, theme.Glyphs.Vertical, theme.Border)
	a.Sub(l.barsX, 0, l.bars, 1).Ruler(0, w.scale(), w.st.times.from, theme.Ruler)
	a.Text(l.barsX+l.bars, 0, theme.Glyphs.Vertical, theme.Border)
	a.TextRight(l.w-l.durs, 0, l.durs, "DURATION", theme.Header)
}

// level scrolls the indentation so that the row under the cursor has room for its name and its neighbours in the
// tree for theirs. It stays where it is as long as that is so, and is nothing where nothing needs it.
func (w *Waterfall) level() {
	limit := w.levels()
	r, ok := w.row()
	if !ok || int(r.indent) <= limit*3/4 || w.st.index.depth <= limit && !w.st.grouping() {
		w.shift = 0
		return
	}
	if at := int(r.indent) - w.shift; at < limit/4 || at > limit*3/4 {
		w.shift = max(int(r.indent)-limit/2, 0)
	}
}

// nameRoom is the cells that indentation leaves to a row's name and badges.
const nameRoom = 18

// indentWidth returns the cells that a level of the tree is indented by: 2, or 1 where the trace needs it.
func (w *Waterfall) indentWidth() int {
	if w.st.index.depth*2 > w.drawn.names-nameRoom {
		return 1
	}
	return 2
}

// levels returns how many levels of indentation there is room for.
func (w *Waterfall) levels() int {
	return max((w.drawn.names-nameRoom)/w.indentWidth(), 1)
}
