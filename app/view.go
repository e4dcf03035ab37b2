package app

import (
	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/diagnose/secrets"
	"tracefall/views"
	"tracefall/views/draw"
)

// env is what the views are drawn with.
func (m *model) env(focused bool) *views.Env {
	zero := int64(0)
	// E-mail addresses stay: they say who was affected.
	mask := func(key, value string) (string, bool) { return secrets.Mask(key, value, false) }
	if m.reveal {
		mask = nil
	}
	switch t := m.waterfall.Trace(); {
	case m.inTrace() && t != nil:
		zero = t.Start()
	case m.set != nil:
		zero, _ = m.set.Bounds()
	}
	return &views.Env{
		Theme: m.opt.Theme, Focused: focused, Key: m.keys.key, Mask: mask, Secrets: m.holdsSecrets(),
		Clock: m.opt.ClockFor(zero),
	}
}

// holdsSecrets reports whether what the screen is about holds secrets, as far as the detectors are through.
func (m *model) holdsSecrets() bool {
	r := m.report
	if r == nil {
		return false
	}
	switch in, _ := m.scope(); in {
	case ofTrace:
		t := m.waterfall.Trace()
		return t != nil && r.Secrets(t)
	case ofPair:
		c := m.compare.Comparison()
		return c != nil && (r.Secrets(c.Good.Trace) || r.Secrets(c.Bad.Trace))
	default:
		return r.Secrets(nil)
	}
}

// title is the title of the terminal's window.
func (m *model) title() string {
	if t := m.waterfall.Trace(); t != nil && m.inTrace() {
		return "tracefall: " + draw.Clean(views.RootText(t))
	}
	if len(m.inputs) == 1 {
		return "tracefall: " + draw.Clean(m.inputs[0])
	}
	return "tracefall"
}

// View draws the frame: one grid for the whole terminal, kept for its memory.
func (m *model) View() tea.View {
	if !m.started {
		return tea.View{}
	}
	v := tea.View{AltScreen: true, WindowTitle: m.title()}
	if !m.opt.NoMouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	frame, err := session.Guard(func() (string, error) { return m.frame(), nil })
	if err != nil {
		m.crashed(err)
		frame, _ = session.Guard(func() (string, error) { return m.frame(), nil }) // with what is left to show
	}
	v.Content = frame
	if x, y, ok := m.grid.Cursor(); ok {
		v.Cursor = tea.NewCursor(x, y)
	}
	return v
}

// frame draws everything that is on the screen.
func (m *model) frame() string {
	m.grid.Resize(m.w, m.h)
	all := m.grid.All()
	if m.trouble != "" || m.crash != nil {
		m.drawTrouble(all)
		return m.grid.Frame(m.standIns)
	}
	story := m.story.rows(m.w, m.h)
	head, note := m.head(), m.querying.note(m.env(true))
	what, query := m.tabs.narrowing()
	has := parts{
		head: head != nil, tabs: m.tabbed(), query: query != "", detail: m.screen() == waterfallScreen && m.detailOpen, note: note != "",
	}
	m.layout = arrange(m.w, m.h-story, has).below(m.w, story)
	foot := footer{m} // whose keys are not those of the tabs that there is room for
	long := m.message != "" && foot.line(m.env(true)).Overflows(m.w, m.opt.Theme)
	if long && !has.note {
		has.note = true
		m.layout = arrange(m.w, m.h-story, has).below(m.w, story)
	}
	l := m.layout
	m.story.draw(sub(all, l.story))
	onTop := !m.inPalette && !m.choosing
	if head != nil {
		head.Head(sub(all, l.head), m.env(onTop))
	}
	m.tabs.draw(sub(all, l.tabs), m.env(onTop))
	drawNarrowing(sub(all, l.query), what, query, m.opt.Theme)
	m.top().Draw(sub(all, l.main), m.env(onTop && !m.inDetail))
	if l.detail.w > 0 && l.detail.h > 0 {
		drawDivider(sub(all, l.divider), m.opt.Theme.Border)
		m.detail.Draw(sub(all, l.detail), m.env(onTop && m.inDetail))
	}
	if m.choosing {
		m.baselines.Draw(sub(all, l.body), m.env(!m.inPalette))
	}
	if m.inPalette {
		m.palette.Draw(sub(all, l.body), m.env(true))
	}
	status := foot.line(m.env(true)) // which the screen may know only now that it is drawn
	line := sub(all, l.note)
	if long && !line.Empty() {
		line.Fill(m.opt.Theme.Text) // over what lies there
		status.DrawMessage(line, m.opt.Theme)
		status.Message = ""
	} else if !m.choosing && !m.inPalette {
		line.Inset(1, 0).TextEllipsis(0, 0, m.w-2, note, m.opt.Theme.Notice)
	}
	foot.draw(sub(all, l.status), status, m.env(true))
	m.working.draw(sub(all, l.status), m.opt.Theme.KeyHint)
	return m.grid.Frame(m.standIns)
}

// sub returns the area of a rectangle.
func sub(a draw.Area, r rect) draw.Area { return a.Sub(r.x, r.y, r.w, r.h) }

// drawDivider draws a column or a line.
func drawDivider(a draw.Area, ink draw.Ink) {
	if a.W() == 1 {
		a.VLine(0, 0, a.H(), ink)
		return
	}
	a.HLine(0, 0, a.W(), ink)
}

// drawTrouble says why nothing can be shown any more.
func (m *model) drawTrouble(a draw.Area) {
	text := m.trouble
	if text == "" {
		text = m.crash.Error()
	}
	y := a.H() / 2
	a.TextEllipsis(1, y, a.W()-2, text, m.opt.Theme.Error)
	a.TextEllipsis(1, y+1, a.W()-2, "press "+m.keys.key(views.Close)+" to leave", m.opt.Theme.Dim)
}
