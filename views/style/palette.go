package style

import "charm.land/lipgloss/v2"

// colors is what differs between the coloured themes, as Lip Gloss and style
// sheets write it: "#8a8f98", or "14" for a colour of the terminal's palette.
// The colours of services are spread as far apart in Oklab as 14 colours can be
// that are readable, also on the selected row, and keep away from red, yellow
// and what lies between them; theme_test.go has the distances. What an error, a
// warning or a match looks like is never the look of anything else.
type colors struct {
	dim, title, accent, key, border string
	red, yellow, green              string // status: reserved
	added, removed                  string
	selected, onSelected            string
	selectedError                   string // behind errors on the selected row, where they are not readable there
	match, onMatch                  string
	services                        []string
}

var darkColors = colors{
	dim: "#9aa0aa", title: "#f0f0f0", accent: "#7fb8ff", key: "#9fb4cc", border: "#6c727c",
	red: "#ff6b6b", yellow: "#f2c94c", green: "#6fcf97",
	added: "#ff9e64", removed: "#7dcfff",
	selected: "#22304a", onSelected: "15", match: "#7fb8ff", onMatch: "#0b1220",
	services: []string{"#549afc", "#9af58c", "#fc93e7", "#00a8b6", "#b685f5", "#a8b615", "#00d2fc",
		"#cb85a1", "#0eaf62", "#fccbfc", "#1cfcee", "#afb6d9", "#d9e0bd", "#9aa17e"},
}

// dark256 are colours 16 to 255 of xterm's palette.
var dark256 = colors{
	dim: "247", title: "255", accent: "111", key: "110", border: "242",
	red: "203", yellow: "221", green: "114",
	added: "215", removed: "117",
	selected: "17", onSelected: "15", match: "111", onMatch: "16",
	services: []string{"39", "85", "212", "73", "177", "106", "45", "140", "35", "219", "152", "189", "111", "182"},
}

var lightColors = colors{
	dim: "#5a5f67", title: "#111111", accent: "#0550ae", key: "#3a5575", border: "#868c95",
	red: "#c4161c", yellow: "#8a5a00", green: "#126b2d",
	added: "#a1307f", removed: "#0b6e99",
	selected: "#dbe7f9", onSelected: "0", match: "#0550ae", onMatch: "#ffffff",
	services: []string{"#2a62c4", "#004d4d", "#a8387e", "#1c5485", "#854db6", "#3f4600", "#237077",
		"#621577", "#626293", "#5b3f9a", "#774662", "#233193", "#850e5b", "#46385b"},
}

// light256 are colours 16 to 255 of xterm's palette.
var light256 = colors{
	dim: "240", title: "16", accent: "25", key: "24", border: "245",
	red: "124", yellow: "94", green: "22",
	added: "126", removed: "24",
	selected: "195", onSelected: "0", match: "25", onMatch: "231",
	services: []string{"27", "90", "126", "24", "56", "60", "91", "23", "97", "19", "53", "62", "89", "54"},
}

// safeColors are based on the palette of Okabe and Ito, which people with any
// of the common colour vision deficiencies can tell apart. Vermillion is kept
// for errors, yellow for warnings, bluish green for what is well.
var safeColors = colors{
	dim: "#9a9a9a", title: "#f0f0f0", accent: "#56b4e9", key: "#a8b8c8", border: "#767676",
	red: "#f0702c", yellow: "#f0e442", green: "#1fb58a",
	added: "#e69f00", removed: "#56b4e9",
	selected: "#1a2c40", onSelected: "15", match: "#56b4e9", onMatch: "#0b1220",
	services: []string{"#7793fc", "#9afc9a", "#fccbfc", "#0ed2fc", "#a1bda1", "#fc9ab6", "#00a8cb",
		"#69fcfc", "#afb6f5", "#b68ca1", "#00e0af", "#cb85ee", "#d9e0bd", "#afcb3f"},
}

// safe256 are colours 16 to 255 of xterm's palette.
var safe256 = colors{
	dim: "247", title: "255", accent: "74", key: "146", border: "243",
	red: "202", yellow: "227", green: "36",
	added: "214", removed: "74",
	selected: "17", onSelected: "15", match: "74", onMatch: "16",
	services: []string{"111", "121", "212", "44", "177", "113", "38", "140", "51", "182", "117", "151", "189", "175"},
}

// ansiColors are names, not colours: the user's terminal gives them their
// look, on a background we do not know. So what matters less is faint, and not
// the "bright black" that some schemes make invisible, and the selected row is
// the one place with a background: white on blue, which all schemes can show.
// Red on blue is readable in none, so errors are white on red there.
var ansiColors = colors{
	accent: "14", key: "6",
	red: "9", yellow: "11", green: "10",
	added: "13", removed: "12",
	selected: "4", onSelected: "15", selectedError: "1", match: "14", onMatch: "0",
	services: []string{"14", "13", "2", "12", "6", "5"},
}

// palette makes a theme of colours.
func palette(c colors) Theme {
	fg := func(color string) lipgloss.Style { return lipgloss.NewStyle().Foreground(lipgloss.Color(color)) }
	bg := func(color string) lipgloss.Style { return lipgloss.NewStyle().Background(lipgloss.Color(color)) }
	plain := lipgloss.NewStyle()
	dim, border, bar := fg(c.dim), fg(c.border), bg(c.selected)
	if c.dim == "" {
		dim, border, bar = plain.Faint(true), plain.Faint(true), plain
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
		Selected: Ink(fg(c.onSelected).Background(lipgloss.Color(c.selected))), SelectedBar: Ink(bar),
		Match:  Ink(fg(c.onMatch).Background(lipgloss.Color(c.match))),
		Prompt: Ink(fg(c.accent)), StatusBar: Ink(dim), Notice: Ink(plain.Bold(true)),
		KeyHint:       Ink(fg(c.accent)),
		MinimapInside: Ink(fg(c.accent)), MinimapRest: Ink(dim),
		ProgressFull: Ink(fg(c.accent)), ProgressEmpty: Ink(dim),
	}
	if c.selectedError != "" {
		t.selectedError = Ink(bg(c.selectedError)).BG
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
		Selected: reverse,
		Match:    bold.Over(reverse),
		Prompt:   bold, StatusBar: faint, Notice: bold,
		KeyHint:       bold,
		MinimapInside: bold, MinimapRest: faint,
		ProgressFull: plain, ProgressEmpty: faint,
	}
}
