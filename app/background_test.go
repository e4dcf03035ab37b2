package app

import (
	"image/color"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"tracefall/app/session"
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
		{"no answer", "", "", nil, "auto"},
		{"no answer of a terminal with all colours", "", "", []tea.Msg{full}, "auto"},
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
		m := &model{background: background{Settings: &session.Settings{Theme: &theme, World: &session.World{Env: func(name string) string {
			return map[string]string{"COLORFGBG": test.colorfgbg}[name]
		}}}}}
		if asks := m.background.ask() != nil; asks != theme.Auto {
			t.Errorf("%s: asks %v", test.name, asks)
		}
		for _, msg := range test.messages {
			m.update(msg)
		}
		if got := m.background.Theme; got.Name != test.want || !got.ASCII || got.Auto != theme.Auto {
			t.Errorf("%s: theme %s, ASCII %v, auto %v; want %s", test.name, got.Name, got.ASCII, got.Auto, test.want)
		}
	}
}

// TestThemeChosenWhileRunning chooses themes by name: what the terminal can show, the colours of services and what the
// configuration changes stay.
func TestThemeChosenWhileRunning(t *testing.T) {
	theme, err := style.New("", false)
	if err != nil {
		t.Fatal(err)
	}
	if theme, err = theme.With(style.Changes{Roles: map[string]string{"match": "16 on 153"}}); err != nil {
		t.Fatal(err)
	}
	theme = theme.For([]string{"cart", "stock"})
	m := &model{background: background{Settings: &session.Settings{Theme: &theme, World: &session.World{Env: func(string) string { return "" }}}}}
	m.update(tea.ColorProfileMsg{Profile: colorprofile.ANSI256})
	m.background.choose("light")
	want, err := theme.Indexed().Named("light")
	if err != nil {
		t.Fatal(err)
	}
	got := m.background.Theme
	if got.Name != "light" || got.Match != theme.Match || got.Error != want.Error || got.Service("cart") != want.Service("cart") {
		t.Errorf("the theme light is %+v, want %+v", got, want)
	}
	m.update(tea.ColorProfileMsg{Profile: colorprofile.ANSI})
	m.background.choose("auto")
	if got := m.background.Theme.Name; got != "16" {
		t.Errorf("of 16 colours auto chooses %s", got)
	}
	m.background.choose("light")
	m.update(tea.BackgroundColorMsg{Color: color.Black})
	if got := m.background.Theme.Name; got != "light" {
		t.Errorf("an answer that comes late makes %s of what the person chose", got)
	}
}
