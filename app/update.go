package app

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

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
	cmds := tea.Batch(m.update(msg), m.diagnosis.follow(), m.story.judge(), m.tabs.follow())
	m.watching.follow()
	m.diagnosis.showAsked()
	return tea.Batch(cmds, m.asking.goOn(), m.fetching.follow(), m.completing.follow(), m.unread.follow())
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
		m.hush()
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
			if msg.done {
				m.worked(msg.kind)
			}
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
		m.hush()
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
		m.say(views.ShowKey(name) + " is not bound")
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
	m.copying = false
	if !m.inPalette && m.comparing.noting == nil && !m.focused().Typing() {
		m.overlays.openPalette("", m.offers())
	}
	return m.key(tea.KeyPressMsg{Text: text, Code: tea.KeyExtended})
}

// mouse passes a mouse event to what lies under it.
func (m *model) mouse(at views.Mouse, ok bool) tea.Cmd {
	l := m.layout
	m.copying = m.copying && l.status.holds(at.X, at.Y) // where what can be copied stands
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

// lastClick is what a double click is known by.
type lastClick struct {
	x, y int
	at   time.Time
}

// doubleClick is the longest time between the two clicks of a double click.
const doubleClick = 400 * time.Millisecond

// wheelRows is how many rows a notch of the wheel scrolls.
const wheelRows = 3

// event makes a mouse event of the next click; only those of the left button count.
func (c *lastClick) event(e tea.Mouse) (views.Mouse, bool) {
	now := time.Now()
	double := e.X == c.x && e.Y == c.y && now.Sub(c.at) < doubleClick
	*c = lastClick{e.X, e.Y, now}
	if double {
		c.at = time.Time{} // a third click is a first one again
	}
	return views.Mouse{X: e.X, Y: e.Y, Double: double}, e.Button == tea.MouseLeft
}

// pressOf is the press of a key that Bubble Tea spells so.
func pressOf(name string) tea.KeyPressMsg {
	var msg tea.KeyPressMsg
	for _, mod := range []struct {
		name string
		mod  tea.KeyMod
	}{{"ctrl+", tea.ModCtrl}, {"alt+", tea.ModAlt}, {"shift+", tea.ModShift}} {
		if rest, ok := strings.CutPrefix(name, mod.name); ok {
			name, msg.Mod = rest, msg.Mod|mod.mod
		}
	}
	codes := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "space": tea.KeySpace, "up": tea.KeyUp, "down": tea.KeyDown,
		"left": tea.KeyLeft, "right": tea.KeyRight, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd,
		"backspace": tea.KeyBackspace, "delete": tea.KeyDelete, "f1": tea.KeyF1,
	}
	code, special := codes[name]
	if !special {
		code, _ = utf8.DecodeRuneInString(name)
		if msg.Mod == 0 {
			msg.Text = name
		}
	}
	msg.Code = code
	return msg
}

// wheel makes a mouse event of a turn of the wheel.
func wheel(e tea.Mouse) (views.Mouse, bool) {
	out := views.Mouse{X: e.X, Y: e.Y, Shift: e.Mod&tea.ModShift != 0}
	switch e.Button {
	case tea.MouseWheelUp, tea.MouseWheelLeft:
		out.Wheel = -wheelRows
	case tea.MouseWheelDown, tea.MouseWheelRight:
		out.Wheel = wheelRows
	default:
		return out, false
	}
	out.Shift = out.Shift || e.Button == tea.MouseWheelLeft || e.Button == tea.MouseWheelRight
	return out, true
}

// drag tells a screen that stands in a part of the terminal where the mouse is while its left button is held.
func drag(s views.Screen, in rect, e tea.Mouse) {
	if one, ok := s.(views.Draggable); ok && e.Button == tea.MouseLeft {
		one.Drag(in.from(views.Mouse{X: e.X, Y: e.Y}))
	}
}
