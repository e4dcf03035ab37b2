package style

import (
	"cmp"

	"charm.land/lipgloss/v2"
)

// colors is what differs between the coloured themes, as Lip Gloss and style
// sheets write it: "#8a8f98", or "14" for a colour of the terminal's palette.
// Colours are chosen in Oklab: services lie as far apart as 14 can that are
// readable, and nothing but errors and warnings has a hue from red to yellow.
// theme_test.go and reserved_test.go measure it.
type colors struct {
	dim, title, accent, key, border string
	red, yellow, green              string // status: reserved
	added, removed                  string
	selected, onSelected            string
	selectedError, selectedWarn     string // of errors and warnings on the selected row, where their own are not readable on it
	behindError                     string // there, where no red is
	match, onMatch                  string
	services                        []string
}

// autoColors are for a terminal that has not said how bright it is, and perhaps
// never will: text is in its own colour, and everything else is of middling
// lightness, so that it is seen on a black page and on a white one. Nothing of
// that could be read on the selected row as well, which is that of the dark
// theme, in two colours.
var autoColors = colors{
	dim: "#757575", accent: "#1b75d3", key: "#577a94", border: "#808080",
	red: "#da343c", yellow: "#93720a", green: "#1e8649",
	added: "#bd4a96", removed: "#0c7dae",
	selected: "#22304a", onSelected: "15", selectedError: "#ff6b6b", selectedWarn: "#f2c94c", match: "#8fd3f4", onMatch: "0",
	services: []string{"#007070", "#0098f0", "#1058b8", "#8090b8", "#6870d8", "#605880", "#b078e8", "#8848b0", "#a06888",
		"#e068a8", "#a03070", "#609800", "#007000", "#30a088"},
}

// auto256 are colours 16 to 255 of xterm's palette.
var auto256 = colors{
	dim: "243", accent: "27", key: "66", border: "244",
	red: "196", yellow: "100", green: "28",
	added: "163", removed: "31",
	selected: "17", onSelected: "15", selectedError: "203", selectedWarn: "221", match: "117", onMatch: "0",
	services: []string{"66", "32", "26", "63", "105", "60", "97", "134", "171", "139", "126", "169", "132", "29"},
}

var darkColors = colors{
	dim: "#9aa0aa", title: "#f0f0f0", accent: "#7fb8ff", key: "#9fb4cc", border: "#6c727c",
	red: "#ff6b6b", yellow: "#f2c94c", green: "#6fcf97",
	added: "#ff8fdc", removed: "#7dcfff",
	selected: "#22304a", onSelected: "15", match: "#7fb8ff", onMatch: "#0b1220",
	services: []string{"#90f8f0", "#00a8a8", "#78d0d0", "#00b8f8", "#8098d0", "#a8b8f8", "#b888f8", "#f8c8f8", "#e070c0",
		"#e8a0c8", "#90b078", "#b0f880", "#00b060", "#18f0b8"},
}

// dark256 are colours 16 to 255 of xterm's palette.
var dark256 = colors{
	dim: "247", title: "255", accent: "111", key: "110", border: "242",
	red: "203", yellow: "221", green: "114",
	added: "212", removed: "117",
	selected: "17", onSelected: "15", match: "111", onMatch: "16",
	services: []string{"51", "109", "152", "39", "105", "147", "103", "213", "170", "218", "175", "70", "120", "36"},
}

var lightColors = colors{
	dim: "#5a5f67", title: "#111111", accent: "#0550ae", key: "#3a5575", border: "#868c95",
	red: "#c4161c", yellow: "#8a5a00", green: "#126b2d",
	added: "#a1307f", removed: "#0b6e99",
	selected: "#dbe7f9", onSelected: "0", match: "#0550ae", onMatch: "#ffffff",
	services: []string{"#206860", "#004850", "#005888", "#2860c0", "#003898", "#606090", "#403868", "#5838a0", "#7850c0",
		"#601078", "#883090", "#702850", "#905070", "#005000"},
}

// light256 are colours 16 to 255 of xterm's palette.
var light256 = colors{
	dim: "240", title: "16", accent: "25", key: "24", border: "245",
	red: "124", yellow: "94", green: "22",
	added: "126", removed: "24",
	selected: "195", onSelected: "0", match: "25", onMatch: "231",
	services: []string{"23", "25", "27", "19", "62", "60", "56", "55", "97", "54", "53", "127", "90", "89"},
}

// safeColors are based on the palette of Okabe and Ito, which people with any
// of the common colour vision deficiencies can tell apart. Vermillion is kept
// for errors, yellow for warnings, bluish green for what is well.
var safeColors = colors{
	dim: "#9a9a9a", title: "#f0f0f0", accent: "#56b4e9", key: "#a8b8c8", border: "#767676",
	red: "#f0702c", yellow: "#f0e442", green: "#1fb58a",
	added: "#ffa8dc", removed: "#3d9be9",
	selected: "#1a2c40", onSelected: "15", match: "#56b4e9", onMatch: "#0b1220",
	services: []string{"#90f8f0", "#00c8c0", "#00a0b0", "#88d0f0", "#00b8f8", "#7888f8", "#a0a0d8", "#d8b8f8", "#c878e0",
		"#c080a0", "#f888c0", "#b0d098", "#50d078", "#78f8a0"},
}

// safe256 are colours 16 to 255 of xterm's palette.
var safe256 = colors{
	dim: "247", title: "255", accent: "74", key: "146", border: "243",
	red: "202", yellow: "227", green: "36",
	added: "218", removed: "39",
	selected: "17", onSelected: "15", match: "74", onMatch: "16",
	services: []string{"51", "44", "38", "33", "147", "103", "189", "213", "170", "175", "108", "151", "121", "42"},
}

// ansiColors are names, not colours: the user's terminal gives them their
// look, on a background we do not know. So what matters less is faint, and not
// the "bright black" that some schemes make invisible, and the selected row is
// the one place with a background: white on blue, which all schemes can show.
// Red on blue is readable in none, so errors are white on red there.
var ansiColors = colors{
	accent: "14",
	red:    "9", yellow: "11", green: "10",
	added: "13", removed: "14",
	selected: "4", onSelected: "15", selectedError: "15", behindError: "1", selectedWarn: "11", match: "14", onMatch: "0",
	services: []string{"2", "12", "5", "6"},
}

// palette makes a theme of colours.
func palette(c colors) Theme {
	fg := func(color string) lipgloss.Style { return lipgloss.NewStyle().Foreground(lipgloss.Color(color)) }
	bg := func(color string) lipgloss.Style { return lipgloss.NewStyle().Background(lipgloss.Color(color)) }
	plain := lipgloss.NewStyle()
	dim, border, key, bar := fg(c.dim), fg(c.border), fg(c.key), bg(c.selected)
	if c.dim == "" {
		dim, border, key = plain.Faint(true), plain.Faint(true), plain.Faint(true)
	}
	if c.selectedError != "" {
		bar = plain
	}
	t := Theme{
		Text: Ink(plain), Dim: Ink(dim), Strong: Ink(plain.Bold(true)),
		Title: Ink(fg(c.title).Bold(true)), Header: Ink(dim.Bold(true)), Accent: Ink(fg(c.accent).Bold(true)),
		Key: Ink(key), Value: Ink(plain),
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
		t.SelectedError = Ink(fg(c.selectedError).Background(lipgloss.Color(cmp.Or(c.behindError, c.selected))))
		t.SelectedWarn = Ink(fg(c.selectedWarn).Background(lipgloss.Color(c.selected)))
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
