package waterfall

import (
	"tracefall/diagnose/secrets"
	"tracefall/views"
	"tracefall/views/draw"
)

// frame returns what draws the waterfall as it was laid out last.
func (w *Waterfall) frame(env *views.Env) *frame {
	f := &frame{
		view: &w.view, layout: w.drawn, env: env, theme: env.Theme, finds: &w.finds, work: w.work, facts: w.facts,
		scale: w.zoom.Window.Scale(w.drawn.bars), grows: w.grows, skewed: w.clocks.offsets != nil && !w.clocks.wanted,
	}
	if w.facts != nil {
		f.pathIs = w.path.mode
	}
	return f
}

// parts says what the layout has to find room for.
func (w *Waterfall) parts() parts {
	return parts{widen: w.widen, query: w.searching(), banner: len(w.finds.list) > 0 || w.clocks.offsets != nil}
}

// Head implements views.Headed.
func (w *Waterfall) Head(a draw.Area, env *views.Env) {
	a.Fill(env.Theme.Text)
	if w.rows != nil && !a.Empty() {
		heading{w.frame(env)}.head(a)
	}
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
	banner, rest := a.Top(f.layout.banner)
	heading{f}.drawBanner(banner)
	query, rest := rest.Top(f.query)
	if !query.Empty() {
		w.drawQuery(query, a.H()-rest.H()-1, f)
	}
	minimap, rest := rest.Top(f.layout.minimap)
	header, body := rest.Top(f.layout.header)
	f.drawMinimap(minimap)
	f.header(header)
	if f.ticks == nil && !f.rows.t.Untimed() {
		f.ticks = f.scale.RulerTicks(f.rows.times.from)
	}
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
	f := p.frame(env)
	grid := draw.NewGrid(width, 1+f.layout.banner+f.layout.header)
	grid.SetASCII(env.Theme.ASCII)
	title, rest := grid.All().Top(1)
	banner, header := rest.Top(f.layout.banner)
	heading{f}.head(title)
	heading{f}.drawBanner(banner)
	f.header(header)
	if err := emit(grid); err != nil {
		return err
	}
	return grid.Print(p.rows.Len(), emit, f.row)
}

// drawServices draws beside the minimap which services the trace spent its time in: the critical path by service, the longest
// first. Their sum is the whole path.
func (f *frame) drawServices(a draw.Area) {
	list := f.work.services()
	if len(list) < 2 || a.W() < leastServices {
		return // one service says nothing, where the time went in it its rows do
	}
	whole := f.facts.PathLength()
	if list[0].Time*100 < whole {
		return
	}
	x := a.Text(0, 0, "critical path:", f.theme.Dim) + 1
	for n, one := range list {
		s := f.rows.t.Span(one.Span)
		share := " " + draw.Percent(one.Time, whole)
		name, room := secrets.ServiceName(s), a.W()-x-draw.Width(share)
		if one.Time*100 < whole || n > 0 && draw.Width(name) > room {
			return
		}
		if stem := f.stems[name]; stem != "" && draw.Width(name) > room {
			name = stem
		}
		x += a.TextEllipsis(x, 0, room, name, views.PathInk(s.Service(), one.Time, whole, f.theme))
		x += a.Text(x, 0, share, f.theme.Text) + 2
	}
}

// leastServices is how many cells the services by time need: then the first one has 5 of them.
const leastServices = len("critical path: ") + 5 + len(" 100 %")

// drawMinimap draws above the bars how many spans run over the whole trace, the window bracketed and failures marked.
func (f *frame) drawMinimap(a draw.Area) {
	if a.Empty() {
		return
	}
	f.drawServices(a.Sub(f.gutter, 0, f.names-1, 1))
	if f.rows.t.Untimed() {
		return
	}
	a = a.Sub(f.barsX, 0, f.bars, 1)
	scale := f.rows.whole().Scale(a.W())
	from, to := 0, a.W()
	if f.isZoomed() {
		from, to = scale.Cell(f.zoom.Window.From), scale.Cell(f.zoom.Window.To-1)+1
	}
	inside := f.theme.MinimapInside
	if !f.isZoomed() {
		inside = f.theme.MinimapRest // there is no part to point at
	}
	a.Minimap(f.rows.index.profile, from, to, inside, f.theme.MinimapRest)
	for i, failed := range f.rows.index.failed {
		if failed {
			a.Sub(i*a.W()/profilePlaces, 0, 1, 1).Paint(draw.Ink{FG: f.theme.Error.FG})
		}
	}
	a.Brackets(from, to, inside)
}

// header draws the names of the columns and the ruler, and notes its ticks.
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
	if ruler := a.Sub(f.barsX, 0, f.bars, 1); f.rows.t.Untimed() {
		ruler.TextEllipsis(0, 0, ruler.W(), "times "+views.Unknown, f.theme.Ruler)
	} else {
		f.ticks = ruler.Ruler(0, f.scale, f.rows.times.from, f.theme.Ruler)
	}
	if f.selfs > 0 {
		a.TextRight(f.selfsX(), 0, f.selfs, "SELF", f.theme.Header)
	}
	a.TextRight(f.w-f.durs, 0, f.durs, "DURATION", f.theme.Header)
}
