package flame

import (
	"math"
	"strings"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// Draw implements Screen.
func (f *Flame) Draw(a draw.Area, env *views.Env) {
	a.Fill(env.Theme.Text)
	f.drawn = places{tabsY: -1, pathY: -1, frames: a.H()}
	if why := f.whyEmpty(); why != "" {
		if f.graph == nil && f.WhyNot(f.of) == "" {
			why += " " + env.Theme.Glyphs.Ellipsis
		}
		a.TextEllipsis(1, a.H()/2, a.W()-2, why, env.Theme.Dim)
		return
	}
	rest, y := a, 0
	take := func(least int) draw.Area {
		if a.H() < least {
			return draw.Area{}
		}
		var part draw.Area
		part, rest = rest.Top(1)
		y++
		return part
	}
	if a.H() >= 4 {
		f.drawn.tabsY = y
		f.drawTabs(take(4), env)
	}
	if f.search.Searching() {
		f.drawSearch(take(2), env)
	}
	if len(f.zooms) > 0 && a.H() >= 8 {
		f.drawn.pathY = y
		f.drawPath(take(8), env)
	}
	var foot draw.Area
	if n := f.footHeight(rest.H()); n > 0 {
		rest, foot = rest.Bottom(n)
	}
	f.drawFrames(rest, y, env)
	f.drawFoot(foot, env)
}

// drawTabs draws what the width can stand for, the one in force marked, and what the graph is about.
func (f *Flame) drawTabs(a draw.Area, env *views.Env) {
	theme := env.Theme
	tabs := len(" width")
	for _, name := range measureNames {
		tabs += 2 + len(name)
	}
	about := draw.FirstFitting(a.W()-tabs-4, f.about(f.matching, f.sides())...)
	if n := draw.Width(about); n > 0 {
		a.TextRight(a.W()-1-n, 0, n, about, theme.Dim)
		a, _ = a.Right(n + 3)
	}
	x := 1 + a.Text(1, 0, "width", theme.Dim) + 2
	for m, name := range measureNames {
		ink := theme.Dim
		if measure(m) == f.by {
			ink = theme.Accent
		}
		f.drawn.tabs[m].x = x
		f.drawn.tabs[m].w = a.TextEllipsis(x, 0, a.W()-x, name, ink)
		x += f.drawn.tabs[m].w + 2
	}
}

// drawSearch draws the text that is looked for, and how much was found.
func (f *Flame) drawSearch(a draw.Area, env *views.Env) {
	found := ""
	if f.hits.names != nil {
		found = f.hits.text(&f.walk)
	}
	f.search.Draw(a, env, "part of a service or operation", found, env.Theme.Dim, -1)
}

// drawPath draws the frames above the one that is zoomed to, the nearest last.
func (f *Flame) drawPath(a draw.Area, env *views.Env) {
	const most = 24 // of a long way only the end
	var names []string
	g := f.graph
	for n := g.tree.Nodes[f.zoom()].Parent; n >= 0 && len(names) < most; n = g.tree.Nodes[n].Parent {
		if n > 0 || g.base == 0 {
			names = append(names, f.text(n))
		}
	}
	theme := env.Theme
	x := 1 + a.Text(1, 0, theme.Glyphs.Up+" ", theme.Accent)
	text := ""
	for n := len(names) - 1; n >= 0; n-- {
		text = strings.TrimPrefix(text+" "+theme.Glyphs.Right+" "+names[n], " "+theme.Glyphs.Right+" ")
	}
	hint := ""
	if key := env.Key(views.Back); key != "" {
		hint = key + " zooms out"
	}
	if n := draw.Width(hint); n+30 < a.W() {
		a.TextRight(a.W()-1-n, 0, n, hint, theme.Dim)
		a, _ = a.Right(n + 3)
	}
	a.TextMiddle(x, 0, a.W()-x, text, theme.Dim)
}

// drawFrames draws the rows of frames into an area whose first line is line y of the screen. Where there is room for all
// of them a frame has two lines, the second for its figures.
func (f *Flame) drawFrames(a draw.Area, y int, env *views.Env) {
	f.cells = a.W()
	f.at = f.visible(f.at)
	d := &f.drawn
	d.frames, d.lines, d.height = y, a.H(), 1
	if a.H() >= 4 && 2*f.lay().depth(a.H()/2+1) <= a.H() {
		d.height = 2
	}
	fit := max(a.H()/d.height, 1)
	at, frames := f.depth(f.at), boxes{&f.walk, &f.hits, env}
	f.top = max(min(f.top, at), at-fit+1, 0)
	f.top = max(min(f.top, f.lay().depth(f.top+fit)-fit), 0)
	for n := range (a.H() + d.height - 1) / d.height {
		line := a.Sub(0, n*d.height, a.W(), d.height)
		for _, b := range f.lay().row(f.top + n) {
			frames.draw(line.Sub(b.x, 0, b.w, line.H()), b, f.top+n)
		}
	}
	if f.graph.by[f.by].width[f.zoom()] <= 0 && a.H() > 2*d.height {
		hint := "no " + measureNames[f.by] + " in these spans"
		if f.timeless(f.zoom()) {
			hint = "the times of these spans are " + views.Unknown
		}
		if key := env.Key(views.SortNext); key != "" {
			hint += draw.SegmentGap + key + " chooses another width"
		}
		a.TextEllipsis(1, a.H()/2, a.W()-2, hint, env.Theme.Dim)
	}
	f.drawMore(a, fit, env.Theme)
	f.drawRanks(a, f.lay().depth(a.H()/d.height+1)*d.height, y, env)
}

// leastRanks is how many operations are worth a table of them.
const leastRanks = 4

// drawRanks draws below the frames, which take some lines of an area, which operations have most of their own, where there
// is room.
func (f *Flame) drawRanks(a draw.Area, used, y int, env *views.Env) {
	room := a.H() - used - 2
	if room < leastRanks {
		return
	}
	f.ranks.of(&f.walk)
	n := min(len(f.ranks.list), room)
	if n < 2 {
		return
	}
	theme, by := env.Theme, rankBy(f.by)
	f.drawn.ranks, f.drawn.ranked = y+a.H()-n, n
	_, a = a.Bottom(n + 1)
	a.TextEllipsis(1, 0, a.W()-2, f.ranks.title(), theme.Header)
	times := draw.Durations{Longest: nanoseconds(math.Abs(f.ranks.list[0].amount))}
	for i, r := range f.ranks.list[:n] {
		line := a.Row(i + 1)
		if f.graph.tree.Nodes[f.at].Key == r.key {
			line.Text(0, 0, theme.Glyphs.Selection, theme.Accent)
		}
		amount, ink := by.aligned(r.amount, times), theme.Text
		if f.graph.sides == 2 {
			amount, ink = signOf(r.amount)+by.aligned(math.Abs(r.amount), times), f.rankInk(r, theme)
		} else {
			line.TextRight(1+rankAmount, 0, rankShare, percent(r.amount, f.ranks.all), theme.Dim)
		}
		line.TextRight(1, 0, rankAmount, amount, ink)
		name := f.graph.names[r.key]
		x := rankAmount + 3
		if f.graph.sides < 2 {
			x += rankShare
		}
		if a.W() >= rankWide {
			draw.Share(line, x, 0, rankBar, nanoseconds(math.Abs(r.amount)), nanoseconds(math.Abs(f.ranks.list[0].amount)), f.rankInk(r, theme))
			x += rankBar + 2
		}
		if name.service != "" {
			x += line.TextEllipsis(x, 0, line.W()-x-1, name.service, theme.Service(name.service)) + 1
		}
		line.TextEllipsis(x, 0, line.W()-x-1, name.operation, theme.Text)
	}
}

// Cells of a ranked operation, and from how many on there is a bar.
const (
	rankAmount = 11
	rankShare  = 7
	rankBar    = 20
	rankWide   = 100
)

// rankInk is the ink of the bar of a ranked operation.
func (f *Flame) rankInk(r rank, theme *style.Theme) draw.Ink {
	switch {
	case f.graph.sides < 2:
		return theme.Service(f.graph.names[r.key].service)
	case r.amount < 0:
		return theme.Removed
	}
	return theme.Added
}

// drawMore says in the last cells of the area that there are rows above or below those on screen.
func (f *Flame) drawMore(a draw.Area, fit int, theme *style.Theme) {
	if f.top > 0 {
		a.Text(a.W()-1, 0, theme.Glyphs.Up, theme.Accent)
	}
	if f.lay().depth(f.top+fit+1) > f.top+fit {
		a.Text(a.W()-1, a.H()-1, theme.Glyphs.Down, theme.Accent)
	}
}
