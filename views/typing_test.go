package views

import tea "charm.land/bubbletea/v2"

// typeText types a text and returns the last action.
func typeText(s Screen, text string) Action {
	var last Action
	for _, r := range text {
		last = s.Type(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	return last
}

// typeKey presses a special key.
func typeKey(s Screen, code rune, mod tea.KeyMod) Action {
	return s.Type(tea.KeyPressMsg{Code: code, Mod: mod})
}
