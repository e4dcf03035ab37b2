package app

import (
	"strings"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"tracefall/views"
)

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
