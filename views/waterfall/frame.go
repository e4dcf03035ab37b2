package waterfall

import (
	"strconv"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/secrets"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/tree"
)

// frame draws what a waterfall shows now.
type frame struct {
	*view
	layout
	env    *views.Env
	theme  *style.Theme
	scale  draw.Scale // of the bars
	finds  *findings
	facts  *facts.Facts // nil while the critical path is not drawn
	pathIs pathMode
}

// frame returns what draws the waterfall as it was laid out last.
func (w *Waterfall) frame(env *views.Env) *frame {
	f := &frame{view: &w.view, layout: w.drawn, env: env, theme: env.Theme, finds: &w.finds, scale: w.zoom.Window.Scale(w.drawn.bars)}
	if w.facts != nil {
		f.facts, f.pathIs = w.facts, w.path.mode
	}
	return f
}

// parts says what the layout has to find room for.
func (w *Waterfall) parts() parts {
	return parts{widen: w.widen, query: w.searching(), banner: len(w.finds.list) > 0}
}

// Draw draws the waterfall. Only the rows on screen are formatted.
func (w *Waterfall) Draw(a draw.Area, env *views.Env) {
	a.Fill(env.Theme.Text)
	w.drawn = layOut(a.W(), a.H(), w.parts())
	w.tree.Fit(w.drawn.body)
	if w.rows == nil {
		a.TextEllipsis(0, a.H()/2, a.W(), " no trace is open", env.Theme.Dim)
		return
	}
	level, depth := -1, w.rows.index.depth
	w.tree.Lay(w.drawn.names, nameRoom, depth)
	if r, ok := w.row(); ok {
		level = int(r.indent)
	}
	if w.rows.runs() != nil {
		depth = level // which groups make deeper
	}
	w.tree.Keep(level, depth)
	f := w.frame(env)
	title, rest := a.Top(f.layout.title)
	minimap, rest := rest.Top(f.layout.minimap)
	banner, rest := rest.Top(f.layout.banner)
	f.head(title, minimap, banner)
	query, rest := rest.Top(f.query)
	if !query.Empty() {
		w.drawQuery(query, a.H()-rest.H()-1, f)
	}
	header, body := rest.Top(f.layout.header)
	f.header(header)
	w.tree.DrawRows(body, f.gutter > 0 || !env.Focused, env.Focused, env.Theme, f.row)
	if !query.Empty() {
		w.Popup.Draw(a, &w.Line, 0, env)
	}
}

// Status says where the cursor is, and what is counted, searched and zoomed.
func (w *Waterfall) Status(env *views.Env) (left, right string) {
	if w.rows == nil {
		return "", ""
	}
	return w.frame(env).status()
}

// Print draws the whole waterfall, all its rows without a cursor, in grids of the given width that are handed to
// emit one after the other. It stops at emit's error and returns it.
func (w *Waterfall) Print(width int, env *views.Env, emit func(*draw.Grid) error) error {
	if w.rows == nil {
		return nil
	}
	p := *w
	p.tree.Row, p.tree.Shift = -1, 0
	p.drawn = layOut(width, draw.PrintRows, p.parts())
	p.tree.Lay(p.drawn.names, nameRoom, p.rows.index.depth)
	if p.rows.Len() < draw.PrintRows/4 {
		p.drawn.minimap = 0 // as long as all the rest
	}
	f := p.frame(env)
	grid := draw.NewGrid(width, f.layout.title+f.layout.minimap+f.layout.banner+f.layout.header)
	grid.SetASCII(env.Theme.ASCII)
	title, rest := grid.All().Top(f.layout.title)
	minimap, rest := rest.Top(f.layout.minimap)
	banner, header := rest.Top(f.layout.banner)
	f.head(title, minimap, banner)
	f.header(header)
	if err := emit(grid); err != nil {
		return err
	}
	return grid.Print(p.rows.Len(), emit, f.row)
}

// head draws what stands above the rows but for the query and the names of the columns.
func (f *frame) head(title, minimap, banner draw.Area) {
	tree.DrawTitle(title, views.RootLabel(f.rows.t), max(title.W()/3, 8), "  ", f.segments(), f.theme)
	f.drawMinimap(minimap.Inset(1, 0))
	f.drawBanner(banner)
}

// segments are the parts of the title.
func (f *frame) segments() []tree.Segment {
	theme, t, clock, warning := f.theme, f.rows.t, f.env.Clock, f.theme.Glyphs.Warning+" "
	times := f.rows.times
	start := clock.Time(times.from)
	if times.from == 0 {
		start = "time " + views.Unknown
	} else if f.w >= 110 {
		start = clock.DateTime(times.from)
	}
	if zone := clock.ZoneName(times.from); zone != "" {
		start += " " + zone
	}
	took := draw.Duration(times.to - times.from)
	if t.Untimed() {
		took = "duration " + views.Unknown
	}
	list := []tree.Segment{
		{Text: draw.Clean(secrets.ServiceName(t.Root())), Ink: theme.Service(t.Root().Service()), Rank: 80},
		{Text: took, Ink: theme.Strong, Rank: 100},
		{Text: draw.Amount(t.SpanCount(), "span"), Ink: theme.Text, Rank: 60},
		{Text: draw.Amount(t.Services(), "service"), Ink: theme.Text, Rank: 40},
	}
	add := func(has bool, rank int, ink draw.Ink, text string) {
		if has {
			list = append(list, tree.Segment{Text: text, Ink: ink, Rank: rank})
		}
	}
	q := t.Quality()
	add(t.Errors() > 0, 91, theme.Error, theme.Glyphs.Error+" "+draw.Amount(t.Errors(), "error"))
	add(q.Truncated, 111, theme.Warn, warning+"truncated: spans may be missing")
	add(!q.Truncated && t.Set().Truncated(t.Root().Input()), 51, theme.Warn, warning+"file truncated")
	add(t.First() == 1, 50, theme.Warn, warning+f.rows.index.rootsText())
	add(q.Partial, 90, theme.Warn, warning+views.PartialAnswer)
	add(times.shift != nil, 110, theme.Warn, warning+clocksAdjusted)
	add(true, 70, theme.Text, start)
	add(true, 30, theme.Dim, views.ShortID(t.ID()))
	return list
}

// drawMinimap draws how many spans run over the whole trace, the window bracketed and failures marked.
func (f *frame) drawMinimap(a draw.Area) {
	if a.Empty() {
		return
	}
	scale := f.rows.whole().Scale(a.W())
	from, to := 0, a.W()
	if f.isZoomed() {
		from, to = scale.Cell(f.zoom.Window.From), scale.Cell(f.zoom.Window.To-1)+1
	}
	a.Minimap(f.rows.index.profile, from, to, f.theme.MinimapInside, f.theme.MinimapRest)
	for i, failed := range f.rows.index.failed {
		if failed {
			a.Sub(i*a.W()/profilePlaces, a.H()-1, 1, 1).Paint(draw.Ink{FG: f.theme.Error.FG})
		}
	}
}

// header draws the names of the columns and the ruler.
func (f *frame) header(a draw.Area) {
	if a.Empty() {
		return
	}
	title := "SERVICE  OPERATION"
	if f.tree.Shift > 0 {
		title = f.theme.Glyphs.Left + " " + draw.Amount(f.tree.Shift, "level") + " further left"
	}
	a.TextEllipsis(f.gutter, 0, f.names, title, f.theme.Header)
	f.borders(a)
	a.Sub(f.barsX, 0, f.bars, 1).Ruler(0, f.scale, f.rows.times.from, f.theme.Ruler)
	a.TextRight(f.w-f.durs, 0, f.durs, "DURATION", f.theme.Header)
}

// drawBanner draws the finding that is walked to.
func (f *frame) drawBanner(a draw.Area) {
	found := f.finds.current()
	if found == nil || a.Empty() {
		return
	}
	theme := f.theme
	glyph, ink := views.LevelGlyph(views.LevelOf(found.Severity), theme)
	x := 1 + a.Text(1, 0, glyph, ink) + 1
	x += a.Text(x, 0, strconv.Itoa(f.finds.at+1)+"/"+strconv.Itoa(len(f.finds.list)), theme.Dim) + 1
	title, message := found.Title, strings.TrimSuffix(f.env.Masked(found.Message), ".")
	// What it cost is the end of the line, whatever is cut before it: in few words where there is little room.
	room := a.W() - 1 - x
	need := draw.Width(title) + 2 + draw.Width(message)
	tail := bannerTail(found, message, room, need)
	room -= draw.Width(tail)
	n := a.TextEllipsis(x, 0, room, draw.Shorten(title, room), theme.Strong)
	if left := room - n - 2; left >= leastMessage/2 && message != "" {
		n += a.Text(x+n, 0, ": ", theme.Text)
		n += a.TextEllipsis(x+n, 0, left, message, theme.Text)
	}
	a.Text(x+n, 0, tail, theme.Strong)
}

// leastMessage is how many cells a finding's message has at least beside what it cost.
const leastMessage = 24

// bannerTail is what a finding cost, for the end of its line of room cells of which title and message need some; ""
// where they say it all themselves.
func bannerTail(f *rule.Finding, message string, room, need int) string {
	worth := views.Worth(f)
	if worth == "" || need <= room && strings.Contains(message, "critical path") {
		return ""
	}
	title := draw.Width(f.Title)
	if long := draw.SegmentGap + worth; room-draw.Width(long) >= min(title+2+leastMessage, need) {
		return long
	}
	short := draw.SegmentGap + draw.Duration(f.Numbers.Avoidable)
	if share := views.ShareText(f); share != "" {
		short += ", " + share
	}
	if room-draw.Width(short) < min(title, leastMessage) {
		return ""
	}
	return short
}
