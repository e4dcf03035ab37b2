package flame

import (
	tea "charm.land/bubbletea/v2"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
)

// Bindings implements Screen.
func (f *Flame) Bindings() []views.Binding {
	return views.Once(&f.bindings, func() []views.Binding {
		b := views.Binder{None: f.whyEmpty}
		b.Moves(f.move)
		b.QuietPair(views.Right, views.Left, f.beside)
		b.Bind(views.Enter, f.enter, views.When(func() bool { return f.at == f.zoom() && f.longest() == nil }, "this frame is zoomed to already"))
		b.Quiet(views.ZoomSpan, func() { f.zoomTo(f.at) })
		b.Quiet(views.ZoomReset, func() { f.zoomOut(true) }, f.whyNotOut)
		b.Quiet(views.ZoomOut, func() { f.zoomOut(false) }, f.whyNotOut)
		b.Quiet(views.SortNext, func() { f.measureBy((f.by + 1) % measures) })
		b.Quiet(views.SortFlip, func() { f.starts = !f.starts })
		b.Quiet(views.Search, func() { f.search.Start(int(f.at)) })
		noMatch := views.When(func() bool { return len(f.hits.nodes) == 0 }, "no frame matches")
		b.QuietPair(views.NextMatch, views.PrevMatch, func(forward bool) { f.toNext(f.hits.nodes, forward) },
			views.When(func() bool { return f.hits.names == nil }, "nothing is searched for"), noMatch)
		b.QuietPair(views.NextError, views.PrevError, func(forward bool) { f.toNext(failures(&f.walk), forward) },
			views.When(func() bool { return f.graph.whole[f.graph.last()].Failed == 0 }, "no frame has an error"))
		b.QuietPair(views.NextWorse, views.PrevWorse, f.toRank)
		b.Bind(views.CopyLine, views.Copies("line", func() string { return f.line(f.sides()) }))
		b.Bind(views.CopyValue, views.Copies("name", func() string { return f.text(f.at) }))
		b.None = nil
		b.Bind(views.HideOthers, f.toggleMatching, views.When(func() bool { return !f.queried() }, "nothing is searched for"))
		b.Bind(views.Back, f.back)
		for n, one := range b.List {
			if title, help := words(one.Name); title != "" {
				b.List[n] = one.Named(title).Explained(help)
			}
		}
		return views.Footer(b.List, views.ShowHelp, views.Enter, views.SortNext, views.Search, views.Back, views.NextError, views.NextWorse, views.SortFlip, views.HideOthers)
	})
}

// words are what commands are called here and what they do, "" where that is the same everywhere.
func words(c views.Command) (title, help string) {
	switch c {
	case views.Enter:
		return "zoom", "Zoom to selected frame"
	case views.Left:
		return "previous frame", "Previous / next frame of the row"
	case views.Right:
		return "next frame", "Previous / next frame of the row"
	case views.ZoomSpan:
		return "zoom to frame", "Zoom to selected frame"
	case views.ZoomOut:
		return "zoom out", "Zoom out one level"
	case views.SortNext:
		return "width", "Frame width: total, self or critical path time, or calls"
	case views.NextWorse:
		return "next operation", "Next / previous by self time or change"
	case views.PrevWorse:
		return "previous operation", "Next / previous by self time or change"
	case views.SortFlip:
		return "sibling order", "Order siblings by start or by width"
	}
	return "", ""
}

// whyNotOut says why there is nothing to zoom out to.
func (f *Flame) whyNotOut() string {
	if len(f.zooms) == 0 {
		return "everything is shown"
	}
	return ""
}

// queried reports whether the scopes were chosen by a query.
func (f *Flame) queried() bool {
	for _, s := range f.of {
		if s.Query != "" {
			return true
		}
	}
	return false
}

// toggleMatching counts only what matches, or all again.
func (f *Flame) toggleMatching() views.Action {
	f.matching = !f.matching
	for n := range f.of {
		f.of[n].Matching = f.matching && f.of[n].Query != ""
	}
	f.graph = nil
	return f.ask()
}

// measureBy makes the widths stand for something else.
func (f *Flame) measureBy(m measure) {
	f.by, f.chosen = m, true
	f.path, f.at = f.path[:0], f.visible(f.at)
	f.hits.weigh(&f.walk)
}

// back clears the search, then zooms out, then leaves.
func (f *Flame) back() views.Action {
	switch {
	case f.search.Input.Text() != "":
		f.search.Input.SetText("")
		f.hits = hits{}
	case len(f.zooms) > 0 && f.graph != nil:
		f.zoomOut(false)
	default:
		return views.Leave{}
	}
	return nil
}

// enter zooms to the frame under the cursor; where it fills the screen already its longest span is opened.
func (f *Flame) enter() views.Action {
	if f.at != f.zoom() {
		f.zoomTo(f.at)
		return nil
	}
	if open := f.longest(); open != nil {
		return *open
	}
	return nil
}

// toRank goes to the widest frame of the next or previous operation of those below the frames: from a frame that it did
// not go to itself to the first.
func (f *Flame) toRank(forward bool) {
	f.ranks.of(&f.walk)
	list, step := f.ranks.list, -1
	if forward {
		step = 1
	}
	if len(list) == 0 {
		return
	}
	if at := f.ranks.at; list[at].node != f.at {
		f.ranks.at, step = 0, 0
		if list[0].node == f.at {
			step = 1
		}
	}
	f.ranks.at = max(min(f.ranks.at+step, len(list)-1), 0)
	f.goTo(list[f.ranks.at].node)
}

// move moves the cursor to parents and children.
func (f *Flame) move(c views.Command) {
	page := max(f.drawn.lines/max(f.drawn.height, 1)-1, 1)
	by, _ := views.Step(c, f.depth(f.at), f.deepest(c), page, max(page/2, 1))
	for ; by > 0 && f.down(); by-- {
	}
	for ; by < 0 && f.up(); by++ {
	}
}

// Typing implements Screen.
func (f *Flame) Typing() bool { return f.search.On }

// Type implements Screen: frames that match stand out while the text is typed; enter goes to the widest of them.
func (f *Flame) Type(key tea.KeyPressMsg) views.Action {
	switch was, _ := f.search.Key(key); was {
	case prompt.TypedText, prompt.TypedBack:
		f.hits = findHits(&f.walk, f.search.Input.Text())
	case prompt.TypedDone:
		if len(f.hits.nodes) > 0 && !f.hits.has(f.graph, f.at) {
			f.goTo(f.hits.nodes[0])
		}
	case prompt.TypedOther, prompt.TypedNothing:
	}
	return nil
}

// Mouse implements Screen: a click selects, a double click zooms, the wheel scrolls.
func (f *Flame) Mouse(m views.Mouse) views.Action {
	if f.whyEmpty() != "" {
		return nil
	}
	switch d := &f.drawn; {
	case m.Wheel != 0:
		f.scroll(m.Wheel)
	case m.Y == d.tabsY:
		for by, tab := range d.tabs {
			if m.X >= tab.x && m.X < tab.x+tab.w {
				f.measureBy(measure(by))
			}
		}
	case m.Y == d.pathY && len(f.zooms) > 0:
		f.zoomOut(false)
	case m.Y >= d.ranks && m.Y < d.ranks+d.ranked:
		f.goTo(f.ranks.list[m.Y-d.ranks].node)
	case m.Y >= d.frames && m.Y < d.frames+d.lines:
		row := f.top + (m.Y-d.frames)/max(d.height, 1)
		i := f.lay().hit(row, m.X)
		if i < 0 {
			return nil
		}
		b := f.lay().row(row)[i]
		f.at, f.path = b.node, f.path[:0] // of the rest: its parent, which shows it when it is zoomed to
		if m.Double {
			f.zoomTo(b.node)
		}
	}
	return nil
}

// scroll moves the rows and takes the cursor along.
func (f *Flame) scroll(rows int) {
	fit := max(f.drawn.lines/max(f.drawn.height, 1), 1)
	most := f.lay().depth(f.top+fit+max(rows, 0)) - fit
	f.top = max(min(f.top+rows, most), 0)
	for row := f.depth(f.at); row < f.top && f.down(); row++ {
	}
	for f.depth(f.at) >= f.top+fit && f.up() {
	}
	f.top = min(f.top, f.depth(f.at))
}

// Status implements Screen.
func (f *Flame) Status(*views.Env) (left, right string) {
	if why := f.whyEmpty(); why != "" {
		return why, ""
	}
	switch f.by {
	case byTotal, bySelf:
		left = "parallel calls summed"
	default:
		left = draw.Amount(f.graph.frames, "frame")
	}
	if f.starts {
		left = "by start" + draw.SegmentGap + left
	}
	return left, ""
}
