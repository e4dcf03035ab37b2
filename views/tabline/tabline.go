package tabline

import (
	"tracefall/views"
	"tracefall/views/draw"
)

// Tab is one of the tabs.
type Tab struct {
	Command views.Command // opens it
	Title   string
	Count   string // of what it holds, "" where that says nothing
	Empty   bool   // there is nothing to see
	Current bool   // it is on the screen
}

// Line is the line of tabs. It remembers where it drew them, for the mouse.
type Line struct{ drawn []place }

// place is where a tab was drawn last, in cells.
type place struct {
	x, w    int
	command views.Command
}

// tabGap is the cells between two tabs; the first of them marks the one that is on the screen.
const tabGap = 2

// factsGap is the cells between the tabs and what is said at the right.
const factsGap = 3

// Draw draws the tabs into the first line of an area, each with its key. Where they have no room the others than the current
// one are their keys alone. At the right stands the first of some facts that has room beside the tabs.
func (l *Line) Draw(a draw.Area, tabs []Tab, facts []string, env *views.Env) {
	a = a.Row(0)
	a.Fill(env.Theme.Text)
	l.drawn = l.drawn[:0]
	width := 0
	for _, tab := range tabs {
		width += tabGap + draw.Width(label(tab, env))
	}
	x := 0
	for _, tab := range tabs {
		from := x
		if tab.Current {
			a.Text(x, 0, env.Theme.Glyphs.Selection, env.Theme.Accent)
		}
		x++
		ink := env.Theme.KeyHint
		if tab.Empty && !tab.Current {
			ink = env.Theme.Disabled
		}
		x += a.Text(x, 0, env.Key(tab.Command), ink)
		if tab.Current || width <= a.W()+1 {
			x += l.drawTitle(a.Sub(x, 0, a.W()-x, 1), tab, env)
		}
		l.drawn = append(l.drawn, place{from, x - from + 1, tab.Command})
		x += tabGap - 1
	}
	shown := make([]string, len(facts))
	for n, text := range facts {
		shown[n] = env.Masked(text)
	}
	if text := draw.FirstFitting(a.W()-1-x-factsGap, shown...); text != "" {
		a.TextRight(0, 0, a.W()-1, text, env.Theme.Dim)
	}
}

// drawTitle draws what follows the key of a tab and returns the cells it takes.
func (l *Line) drawTitle(a draw.Area, tab Tab, env *views.Env) int {
	theme := env.Theme
	ink := theme.Text
	switch {
	case tab.Current:
		ink = theme.Accent
	case tab.Empty:
		ink = theme.Disabled
	}
	n := 1 + a.TextEllipsis(1, 0, a.W()-1, tab.Title, ink)
	if tab.Count != "" {
		n += 1 + a.TextEllipsis(n+1, 0, a.W()-n-1, tab.Count, theme.Dim)
	}
	return n
}

// label is a tab as text: its key, its title, its count.
func label(tab Tab, env *views.Env) string {
	text := env.Key(tab.Command) + " " + tab.Title
	if tab.Count != "" {
		text += " " + tab.Count
	}
	return text
}

// At returns the command of the tab that was drawn last at cell x of the line, "" for none.
func (l *Line) At(x int) views.Command {
	for _, p := range l.drawn {
		if x >= p.x && x < p.x+p.w {
			return p.command
		}
	}
	return ""
}
