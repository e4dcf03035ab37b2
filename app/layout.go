package app

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"tracefall/app/session"
	"tracefall/views"
)

// rect is a rectangle of cells of the terminal.
type rect struct{ x, y, w, h int }

// holds reports whether a cell lies in the rectangle.
func (r rect) holds(x, y int) bool { return x >= r.x && x < r.x+r.w && y >= r.y && y < r.y+r.h }

// from returns a mouse event of the terminal as one of the rectangle.
func (r rect) from(at views.Mouse) views.Mouse {
	at.X, at.Y = at.X-r.x, at.Y-r.y
	return at
}

// layout says where everything is. It is the only place that sizes come from.
type layout struct {
	head    rect // of a tab: what it is about
	tabs    rect // of a tab: what else there is
	query   rect // of a tab: the query that it is narrowed by
	main    rect // the list or the waterfall
	detail  rect // empty where it is closed or there is no room
	divider rect // between the two: a column or a line
	note    rect // above the last line: what is to be said of a query
	status  rect // the last line
	story   rect // above all, empty where there is none
	body    rect // all but the status line: where the palette opens
}

// Sizes in cells.
const (
	wideEnough  = 110 // from here on the detail stands at the right
	detailLeast = 48  // its width there
	detailMost  = 90
	belowLeast  = 6 // its height below
	mainLeast   = 6 // what it leaves to the waterfall
	lineLeast   = 4 // what a line above a tab leaves to it
)

// parts are what a screen has beside itself.
type parts struct{ head, tabs, query, detail, note bool }

// arrange divides a terminal of w×h cells.
func arrange(w, h int, has parts) layout {
	var l layout
	body := h
	if h > 1 {
		body = h - 1
		l.status = rect{0, body, w, 1}
	}
	l.body = rect{0, 0, w, body}
	y := 0
	if has.head && body > lineLeast {
		l.head = rect{0, y, w, 1}
		y++
	}
	if has.tabs && body > y+lineLeast {
		l.tabs = rect{0, y, w, 1}
		y++
	}
	if has.query && body > y+lineLeast {
		l.query = rect{0, y, w, 1}
		y++
	}
	if has.note && body > y+lineLeast {
		body--
		l.note = rect{0, body, w, 1}
	}
	rows := body - y
	l.main = rect{0, y, w, rows}
	switch {
	case !has.detail:
	case w >= wideEnough:
		n := min(max(w*2/5, detailLeast), detailMost)
		l.main.w = w - n - 1
		l.divider = rect{l.main.w, y, 1, rows}
		l.detail = rect{l.main.w + 1, y, n, rows}
	case rows >= belowLeast+1+mainLeast:
		n := max(rows*2/5, belowLeast)
		l.main.h = rows - n - 1
		l.divider = rect{0, y + l.main.h, w, 1}
		l.detail = rect{0, y + l.main.h + 1, w, n}
	default:
		l.detail, l.main = l.main, rect{} // one of the two at a time
	}
	return l
}

// below moves everything down to make room for n lines of a story.
func (l layout) below(w, n int) layout {
	for _, r := range []*rect{&l.head, &l.tabs, &l.query, &l.main, &l.detail, &l.divider, &l.note, &l.status, &l.body} {
		r.y += n
	}
	l.story = rect{0, 0, w, n}
	return l
}

// The theme auto: the terminal is asked how bright its background is, and nothing waits for the answer. Until it comes, and
// where none ever does, everything is drawn in colours that are readable on any background, or in those for the one that
// the environment names.

// background keeps the theme that auto chooses.
type background struct {
	*session.Settings
	profile colorprofile.Profile // of the terminal, once it is known
}

// ask returns the question, nil where the theme is settled. What the environment says holds until then.
func (b *background) ask() tea.Cmd {
	if !b.Theme.Auto {
		return nil
	}
	b.Theme = session.ByEnvironment(b.Theme, b.World.Env)
	return tea.RequestBackgroundColor
}

// profiled takes what the terminal can show.
func (b *background) profiled(p colorprofile.Profile) {
	b.profile = p
	b.Theme = session.OnTerminal(b.Theme, p)
}

// lit takes the colour of the background.
func (b *background) lit(msg tea.BackgroundColorMsg) {
	if !b.Theme.Auto || b.Theme.Name == session.ThemeSixteen {
		return
	}
	name := session.ThemeLight
	if msg.IsDark() {
		name = session.ThemeDark
	}
	b.Theme = session.AutoTheme(b.Theme, name)
}

// choose takes the theme that the person asked for, and asks the terminal where that is auto.
func (b *background) choose(name string) tea.Cmd {
	theme, err := b.Theme.Named(name)
	if err != nil {
		return nil // only names of themes are offered
	}
	b.Theme = &theme
	ask := b.ask()
	b.profiled(b.profile)
	return ask
}
