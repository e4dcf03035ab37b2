package style

import "tracefall/views/draw"

// colors is what differs between the coloured themes.
type colors struct {
	dim, title, accent, key, border draw.Color
	red, yellow, green              draw.Color // status: reserved
	added, removed                  draw.Color
	selected, zebra, match, onMatch draw.Color
	// services are spread as far apart in Oklab as 14 colours can be that are
	// readable and keep away from the status colours; theme_test.go has the
	// distances.
	services []draw.Color
}

// hex is RGB as it is written in style sheets.
func hex(c uint32) draw.Color { return draw.RGB(uint8(c>>16), uint8(c>>8), uint8(c)) }

func hexes(cs ...uint32) []draw.Color {
	out := make([]draw.Color, len(cs))
	for i, c := range cs {
		out[i] = hex(c)
	}
	return out
}

var darkColors = colors{
	dim: hex(0x8a8f98), title: hex(0xe6e6e6), accent: hex(0x7fb8ff), key: hex(0x9fb4cc), border: hex(0x6c727c),
	red: hex(0xff6b6b), yellow: hex(0xf2c94c), green: hex(0x6fcf97),
	added: hex(0xff9e64), removed: hex(0x7dcfff),
	selected: hex(0x2f3b52), zebra: hex(0x1c1f26), match: hex(0xf2c94c), onMatch: hex(0x1a1a1a),
	services: hexes(0x7aa2f7, 0x9ab146, 0x35e6e1, 0xfcaaf4, 0xaa8b74, 0x12a5b1, 0xc072b9,
		0xa9d2e5, 0x89af9b, 0xe9bec2, 0x3ec7fb, 0xbface4, 0x8691b2, 0x3aaa6e),
}

var lightColors = colors{
	dim: hex(0x62676f), title: hex(0x111111), accent: hex(0x0550ae), key: hex(0x3a5575), border: hex(0x868c95),
	red: hex(0xc4161c), yellow: hex(0x8a5a00), green: hex(0x1a7f37),
	added: hex(0xa04000), removed: hex(0x0b6e99),
	selected: hex(0xd5e3f7), zebra: hex(0xf4f5f7), match: hex(0xffd33d), onMatch: hex(0x111111),
	services: hexes(0x1d4ed8, 0x385c0f, 0x8f0161, 0x16716f, 0x2c2398, 0x944abc, 0x68444b,
		0x8c6088, 0x69269b, 0x5d67c2, 0x58245d, 0x174544, 0xb73884, 0x015388),
}

// safeColors are based on the palette of Okabe and Ito, which people with any
// of the common colour vision deficiencies can tell apart. Vermillion is kept
// for errors, yellow for warnings, bluish green for what is well.
var safeColors = colors{
	dim: hex(0x949494), title: hex(0xe6e6e6), accent: hex(0x56b4e9), key: hex(0xa8b8c8), border: hex(0x767676),
	red: hex(0xf0702c), yellow: hex(0xf0e442), green: hex(0x1fb58a),
	added: hex(0xe69f00), removed: hex(0x56b4e9),
	selected: hex(0x27405a), zebra: hex(0x1c1c1c), match: hex(0xf0e442), onMatch: hex(0x111111),
	services: hexes(0x56b4e9, 0xf0cfc6, 0xcd84a9, 0x52f0ff, 0xa1bb8d, 0x2d95d3, 0xb7c1f2,
		0x799482, 0xf2aad6, 0x77dda0, 0xc8a7b0, 0x8996ee, 0xbae0e1, 0x9b7cbc),
}

// ansiColors are names, not colours: the user's terminal gives them their
// look, on a background we do not know. So what matters less is faint, and not
// the "bright black" that some schemes make invisible, and the selected row is
// reversed.
var ansiColors = colors{
	accent: draw.Indexed(14), key: draw.Indexed(6),
	red: draw.Indexed(9), yellow: draw.Indexed(11), green: draw.Indexed(10),
	added: draw.Indexed(13), removed: draw.Indexed(12),
	match: draw.Indexed(11), onMatch: draw.Indexed(0),
	services: []draw.Color{draw.Indexed(4), draw.Indexed(5), draw.Indexed(6), draw.Indexed(12), draw.Indexed(13), draw.Indexed(14)},
}

func fg(c draw.Color) draw.Ink { return draw.Ink{FG: c} }

// palette makes a theme of colours.
func palette(c colors) Theme {
	dim, border, selected := fg(c.dim), fg(c.border), draw.Ink{BG: c.selected}
	if c.dim == 0 {
		dim, border, selected = draw.Ink{Attr: draw.Faint}, draw.Ink{Attr: draw.Faint}, draw.Ink{Attr: draw.Reverse}
	}
	return Theme{
		Text: draw.Ink{}, Dim: dim, Strong: draw.Ink{Attr: draw.Bold},
		Title: fg(c.title).With(draw.Bold), Header: dim.With(draw.Bold), Accent: fg(c.accent).With(draw.Bold),
		Key: fg(c.key), Value: draw.Ink{},
		Border: border, Ruler: dim, Scrollbar: fg(c.accent),
		Error: fg(c.red), Warn: fg(c.yellow), OK: fg(c.green),
		Info: fg(c.accent), Link: fg(c.accent).With(draw.Underline),
		CriticalPath: draw.Ink{Attr: draw.Bold},
		Added:        fg(c.added), Removed: fg(c.removed), Changed: draw.Ink{Attr: draw.Bold},
		Hatch: dim, Disabled: dim,
		Selected: selected, Zebra: draw.Ink{BG: c.zebra},
		Match:  draw.Ink{FG: c.onMatch, BG: c.match},
		Prompt: fg(c.accent), StatusBar: dim, Notice: fg(c.yellow),
		KeyHint:       fg(c.accent),
		MinimapInside: fg(c.accent), MinimapRest: dim,
		ProgressFull: fg(c.accent), ProgressEmpty: dim,
		services: c.services,
	}
}

// colourless makes the theme for NO_COLOR: attributes only.
func colourless() Theme {
	bold, faint := draw.Ink{Attr: draw.Bold}, draw.Ink{Attr: draw.Faint}
	return Theme{
		Text: draw.Ink{}, Dim: faint, Strong: bold,
		Title: bold, Header: draw.Ink{Attr: draw.Underline}, Accent: bold,
		Key: faint, Value: draw.Ink{},
		Border: faint, Ruler: faint, Scrollbar: draw.Ink{},
		Error: bold, Warn: draw.Ink{}, OK: draw.Ink{},
		Info: draw.Ink{}, Link: draw.Ink{Attr: draw.Underline},
		CriticalPath: bold,
		Added:        bold, Removed: bold, Changed: bold,
		Hatch: faint, Disabled: faint,
		Selected: draw.Ink{Attr: draw.Reverse}, Zebra: draw.Ink{},
		Match:  draw.Ink{Attr: draw.Reverse | draw.Bold},
		Prompt: bold, StatusBar: faint, Notice: bold,
		KeyHint:       bold,
		MinimapInside: bold, MinimapRest: faint,
		ProgressFull: draw.Ink{}, ProgressEmpty: faint,
	}
}
