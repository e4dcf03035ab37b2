package app

import (
	"slices"

	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"tracefall/app/session"
	"tracefall/views"
)

// Update takes a message. A panic in it ends the program in order, with the terminal restored.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if m.crash != nil {
		return m, tea.Quit
	}
	cmd, err := session.Guard(func() (tea.Cmd, error) { return m.updated(msg), nil })
	if err != nil {
		m.crashed(err)
		if m.crash != nil {
			return m, tea.Quit
		}
	}
	return m, m.working.watch(m.jobs.running(), cmd)
}

// updated takes a message, and lets follow what depends on what it brought.
func (m *model) updated(msg tea.Msg) tea.Cmd {
	cmd := m.update(msg)
	m.story.showFinding()
	return tea.Batch(cmd, m.tabs.follow(), m.asking.goOn(), m.fetching.follow(), m.completing.follow())
}

func (m *model) update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
	case tea.ModeReportMsg:
		if msg.Mode == ansi.ModeUnicodeCore { // as Bubble Tea understands the answer
			changed := m.grid.SetGraphemes(msg.Value == ansi.ModeSet || msg.Value == ansi.ModeReset || msg.Value == ansi.ModePermanentlySet)
			if changed && m.started {
				return tea.ClearScreen // what is there was measured otherwise
			}
		}
	case tea.ColorProfileMsg:
		m.background.profiled(msg.Profile)
	case tea.BackgroundColorMsg:
		m.background.lit(msg)
	case tea.KeyPressMsg:
		return m.key(msg)
	case tea.PasteMsg:
		return m.paste(msg.Content)
	case tea.MouseClickMsg:
		m.message, m.failed = "", false
		return m.mouse(m.click.event(msg.Mouse()))
	case tea.MouseMotionMsg:
		if m.trouble == "" && !m.inPalette && m.focused() == m.top() {
			drag(m.top(), m.layout.main, msg.Mouse())
		}
	case tea.MouseWheelMsg:
		return m.mouse(wheel(msg.Mouse()))
	case workingMsg:
		return m.working.begin(msg)
	case spinner.TickMsg:
		return m.working.turn(msg)
	case historyMsg:
		m.querying.remembered(msg)
	case watchMsg:
		return m.watching.due(msg)
	case rereadMsg:
		return m.fetching.due(msg)
	case startMsg:
		m.started = true
	case result:
		m.started = true
		switch {
		case !m.jobs.accept(msg):
		case msg.err != nil:
			return m.jobFailed(msg)
		default:
			return msg.show()
		}
	}
	return nil
}

// key takes a key: as text where a screen is typing, else as a command.
func (m *model) key(msg tea.KeyPressMsg) tea.Cmd {
	m.watching.key()
	name := msg.String()
	c := m.keys.command(name, m.focused())
	if c != views.Redraw {
		m.message, m.failed = "", false
	}
	switch {
	case m.trouble != "":
		if c == views.Close || c == views.Quit || c == views.Back {
			return tea.Quit
		}
		return nil
	case c == views.Quit, c == views.Suspend:
		return m.command(c) // also while something is being typed
	case m.comparing.noting != nil:
		m.comparing.typeNote(msg)
		return nil
	case m.inPalette:
		return m.fromPalette(m.palette.Type(msg))
	case m.focused().Typing():
		return m.do(m.focused().Type(msg))
	case m.copying:
		return m.copyChosen(name)
	case c == "":
		m.say(views.ShowKey(name) + " is not bound; " + m.keys.key(views.ShowHelp) + " shows the keys")
		return nil
	}
	return m.command(c)
}

// copyChosen copies what the key after that of views.CopyMenu stands for.
func (m *model) copyChosen(key string) tea.Cmd {
	m.copying = false
	for _, c := range copyChoices() {
		if slices.Contains(c.keys, key) {
			return m.command(c.command)
		}
	}
	m.say("nothing copied")
	return nil
}

// paste takes text that was pasted: where something is being typed it goes there, elsewhere the palette opens with
// it, since what people paste is an id from a log.
func (m *model) paste(text string) tea.Cmd {
	if m.trouble != "" || text == "" {
		return nil
	}
	if !m.inPalette && m.comparing.noting == nil && !m.focused().Typing() {
		m.overlays.openPalette("", m.offers())
	}
	return m.key(tea.KeyPressMsg{Text: text, Code: tea.KeyExtended})
}

// mouse passes a mouse event to what lies under it.
func (m *model) mouse(at views.Mouse, ok bool) tea.Cmd {
	l := m.layout
	switch {
	case !ok || m.trouble != "":
		return nil
	case l.status.holds(at.X, at.Y):
		if key := m.laid.At(at.X); key != "" && at.Wheel == 0 {
			return m.key(pressOf(key))
		}
	case m.comparing.noting != nil:
		return nil
	case m.inPalette:
		return m.fromPalette(m.palette.Mouse(l.body.from(at)))
	case m.choosing:
		return m.do(m.baselines.Mouse(l.body.from(at)))
	case l.tabs.holds(at.X, at.Y):
		if c := m.tabs.line.At(at.X); c != "" && at.Wheel == 0 {
			return m.command(c)
		}
	case l.detail.holds(at.X, at.Y):
		m.inDetail = m.inDetail || at.Wheel == 0
		return m.do(m.detail.Mouse(l.detail.from(at)))
	case l.main.holds(at.X, at.Y):
		m.inDetail = m.inDetail && at.Wheel != 0
		return m.do(m.top().Mouse(l.main.from(at)))
	}
	return nil
}
