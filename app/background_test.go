package app

import (
	"image/color"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"tracefall/views/style"
)

// TestThemeAuto sends what terminals answer, in the orders in which it can come.
func TestThemeAuto(t *testing.T) {
	light, dark := tea.BackgroundColorMsg{Color: color.White}, tea.BackgroundColorMsg{Color: color.Black}
	full, sixteen := tea.ColorProfileMsg{Profile: colorprofile.TrueColor}, tea.ColorProfileMsg{Profile: colorprofile.ANSI}
	for _, test := range []struct {
		name, theme, colorfgbg string
		messages               []tea.Msg
		want                   string
	}{
		{"no answer", "", "", nil, "dark"},
		{"auto by name", "auto", "", []tea.Msg{light}, "light"},
		{"dark", "", "", []tea.Msg{full, dark}, "dark"},
		{"light", "", "", []tea.Msg{full, light}, "light"},
		{"sixteen colours", "", "", []tea.Msg{sixteen, light}, "16"},
		{"sixteen colours, known late", "", "", []tea.Msg{light, sixteen}, "16"},
		{"the environment says light", "", "0;default;15", nil, "light"},
		{"the environment is wrong", "", "0;15", []tea.Msg{dark}, "dark"},
		{"the environment says dark", "", "15;0", nil, "dark"},
		{"chosen by name", "safe", "0;15", []tea.Msg{sixteen, light}, "safe"},
		{"no colour", "none", "0;15", []tea.Msg{sixteen, light}, "none"},
	} {
		theme, err := style.New(test.theme, true)
		if err != nil {
			t.Fatal(err)
		}
		m := &model{opt: &Options{Settings: Settings{look: &theme, world: &World{Env: func(name string) string {
			return map[string]string{"COLORFGBG": test.colorfgbg}[name]
		}}}}}
		if asks := m.askBackground() != nil; asks != theme.Auto {
			t.Errorf("%s: asks %v", test.name, asks)
		}
		for _, msg := range test.messages {
			m.update(msg)
		}
		if got := m.opt.look; got.Name != test.want || !got.ASCII || got.Auto != theme.Auto {
			t.Errorf("%s: theme %s, ASCII %v, auto %v; want %s", test.name, got.Name, got.ASCII, got.Auto, test.want)
		}
	}
}
