package viewstest

import (
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"tracefall/views"
)

// TypeText types a text and returns the last action.
func TypeText(s views.Screen, text string) views.Action {
	var last views.Action
	for _, r := range text {
		last = s.Type(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	return last
}

// TypeKey presses a special key.
func TypeKey(s views.Screen, code rune, mod tea.KeyMod) views.Action {
	return s.Type(tea.KeyPressMsg{Code: code, Mod: mod})
}

// Press makes the key of a keystroke ("ctrl+w", "enter"), or of a text.
func Press(key string) tea.KeyPressMsg {
	codes := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "backspace": tea.KeyBackspace,
		"delete": tea.KeyDelete, "left": tea.KeyLeft, "right": tea.KeyRight, "up": tea.KeyUp, "down": tea.KeyDown,
		"home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
		"f1": tea.KeyF1,
	}
	var msg tea.KeyPressMsg
	name := key
	for {
		mod, rest, ok := strings.Cut(name, "+")
		if !ok || rest == "" {
			break
		}
		switch mod {
		case "ctrl":
			msg.Mod |= tea.ModCtrl
		case "alt":
			msg.Mod |= tea.ModAlt
		case "shift":
			msg.Mod |= tea.ModShift
		}
		name = rest
	}
	if code, ok := codes[name]; ok {
		msg.Code = code
		return msg
	}
	if msg.Mod == 0 {
		return tea.KeyPressMsg{Text: key}
	}
	msg.Code, _ = utf8.DecodeRuneInString(name)
	return msg
}
