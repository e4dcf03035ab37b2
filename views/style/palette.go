package style

import "charm.land/lipgloss/v2"

// colors is what differs between the coloured themes, as Lip Gloss and style
// sheets write it: "#8a8f98", or "14" for a colour of the terminal's palette.
type colors struct {
	dim, title, accent, key, border string
	red, yellow, green              string // status: reserved
	added, removed                  string
	selected, zebra, match, onMatch string
	// services are spread as far apart in Oklab as 14 colours can be that are
	// readable and keep away from the status colours; theme_test.go has the
	// distances.
	services []string
}

var darkColors = colors{
	dim: "#8a8f98", title: "#e6e6e6", accent: "#7fb8ff", key: "#9fb4cc", border: "#6c727c",
	red: "#ff6b6b", yellow: "#f2c94c", green: "#6fcf97",
	added: "#ff9e64", removed: "#7dcfff",
	selected: "#2f3b52", zebra: "#1c1f26", match: "#f2c94c", onMatch: "#1a1a1a",
	services: []string{"#7aa2f7", "#9ab146", "#35e6e1", "#fcaaf4", "#aa8b74", "#12a5b1", "#c072b9",
		"#a9d2e5", "#89af9b", "#e9bec2", "#3ec7fb", "#bface4", "#8691b2", "#3aaa6e"},
}

var lightColors = colors{
	dim: "#62676f", title: "#111111", accent: "#0550ae", key: "#3a5575", border: "#868c95",
	red: "#c4161c", yellow: "#8a5a00", green: "#1a7f37",
	added: "#a04000", removed: "#0b6e99",
	selected: "#d5e3f7", zebra: "#f4f5f7", match: "#ffd33d", onMatch: "#111111",
	services: []string{"#1d4ed8", "#385c0f", "#8f0161", "#16716f", "#2c2398", "#944abc", "#68444b",
		"#8c6088", "#69269b", "#5d67c2", "#58245d", "#174544", "#b73884", "#015388"},
}

// safeColors are based on the palette of Okabe and Ito, which people with any
// of the common colour vision deficiencies can tell apart. Vermillion is kept
// for errors, yellow for warnings, bluish green for what is well.
var safeColors = colors{
	dim: "#949494", title: "#e6e6e6", accent: "#56b4e9", key: "#a8b8c8", border: "#767676",
	red: "#f0702c", yellow: "#f0e442", green: "#1fb58a",
	added: "#e69f00", removed: "#56b4e9",
	selected: "#27405a", zebra: "#1c1c1c", match: "#f0e442", onMatch: "#111111",
	services: []string{"#56b4e9", "#f0cfc6", "#cd84a9", "#52f0ff", "#a1bb8d", "#2d95d3", "#b7c1f2",
		"#799482", "#f2aad6", "#77dda0", "#c8a7b0", "#8996ee", "#bae0e1", "#9b7cbc"},
}

// ansiColors are names, not colours: the user's terminal gives them their
// look, on a background we do not know. So what matters less is faint, and not
// the "bright black" that some schemes make invisible, and the selected row is
// reversed.
var ansiColors = colors{
	accent: "14", key: "6",
	red: "9", yellow: "11", green: "10",
	added: "13", removed: "12",
	match: "11", onMatch: "0",
	services: []string{"4", "5", "6", "12", "13", "14"},
}

// palette makes a theme of colours.
func palette(c colors) Theme {
	fg := func(color string) lipgloss.Style { return lipgloss.NewStyle().Foreground(lipgloss.Color(color)) }
	bg := func(color string) lipgloss.Style { return lipgloss.NewStyle().Background(lipgloss.Color(color)) }
	plain := lipgloss.NewStyle()
	dim, border, selected := fg(c.dim), fg(c.border), bg(c.selected)
	if c.dim == "" {
		dim, border, selected = plain.Faint(true), plain.Faint(true), plain.Reverse(true)
	}
	t := Theme{
		Text: Ink(plain), Dim: Ink(dim), Strong: Ink(plain.Bold(true)),
		Title: Ink(fg(c.title).Bold(true)), Header: Ink(dim.Bold(true)), Accent: Ink(fg(c.accent).Bold(true)),
		Key: Ink(fg(c.key)), Value: Ink(plain),
		Border: Ink(border), Ruler: Ink(dim), Scrollbar: Ink(fg(c.accent)),
		Error: Ink(fg(c.red)), Warn: Ink(fg(c.yellow)), OK: Ink(fg(c.green)),
		Info: Ink(fg(c.accent)), Link: Ink(fg(c.accent).Underline(true)),
		CriticalPath: Ink(plain.Bold(true)),
		Added:        Ink(fg(c.added)), Removed: Ink(fg(c.removed)), Changed: Ink(plain.Bold(true)),
		Hatch: Ink(dim), Disabled: Ink(dim),
		Selected: Ink(selected), Zebra: Ink(bg(c.zebra)),
		Match:  Ink(fg(c.onMatch).Background(lipgloss.Color(c.match))),
		Prompt: Ink(fg(c.accent)), StatusBar: Ink(dim), Notice: Ink(fg(c.yellow)),
		KeyHint:       Ink(fg(c.accent)),
		MinimapInside: Ink(fg(c.accent)), MinimapRest: Ink(dim),
		ProgressFull: Ink(fg(c.accent)), ProgressEmpty: Ink(dim),
	}
	for _, color := range c.services {
		t.services = append(t.services, Ink(fg(color)).FG)
	}
	return t
}

// colourless makes the theme for NO_COLOR: attributes only.
func colourless() Theme {
	plain := Ink(lipgloss.NewStyle())
	bold, faint := Ink(lipgloss.NewStyle().Bold(true)), Ink(lipgloss.NewStyle().Faint(true))
	underline, reverse := Ink(lipgloss.NewStyle().Underline(true)), Ink(lipgloss.NewStyle().Reverse(true))
	return Theme{
		Text: plain, Dim: faint, Strong: bold,
		Title: bold, Header: underline, Accent: bold,
		Key: faint, Value: plain,
		Border: faint, Ruler: faint, Scrollbar: plain,
		Error: bold, Warn: plain, OK: plain,
		Info: plain, Link: underline,
		CriticalPath: bold,
		Added:        bold, Removed: bold, Changed: bold,
		Hatch: faint, Disabled: faint,
		Selected: reverse, Zebra: plain,
		Match:  bold.Over(reverse),
		Prompt: bold, StatusBar: faint, Notice: bold,
		KeyHint:       bold,
		MinimapInside: bold, MinimapRest: faint,
		ProgressFull: plain, ProgressEmpty: faint,
	}
}
