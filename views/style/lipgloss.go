package style

import (
	"charm.land/lipgloss/v2"

	"tracefall/views/draw"
)

// attribute pairs what both sides know, and what the configuration calls it.
type attribute struct {
	name string
	attr draw.Attr
	get  func(lipgloss.Style) bool
	set  func(lipgloss.Style, bool) lipgloss.Style
}

var attributes = []attribute{
	{"bold", draw.Bold, lipgloss.Style.GetBold, lipgloss.Style.Bold},
	{"faint", draw.Faint, lipgloss.Style.GetFaint, lipgloss.Style.Faint},
	{"italic", draw.Italic, lipgloss.Style.GetItalic, lipgloss.Style.Italic},
	{"underline", draw.Underline, lipgloss.Style.GetUnderline, lipgloss.Style.Underline},
	{"reverse", draw.Reverse, lipgloss.Style.GetReverse, lipgloss.Style.Reverse},
	{"strike", draw.Strike, lipgloss.Style.GetStrikethrough, lipgloss.Style.Strikethrough},
}

// Ink returns what a style makes of a cell: its colours and attributes. What a
// style says about blocks of text (width, border, padding) is left out.
func Ink(s lipgloss.Style) draw.Ink {
	var ink draw.Ink
	if c := s.GetForeground(); c != (lipgloss.NoColor{}) {
		ink.FG = draw.ColorOf(c)
	}
	if c := s.GetBackground(); c != (lipgloss.NoColor{}) {
		ink.BG = draw.ColorOf(c)
	}
	for _, a := range attributes {
		if a.get(s) {
			ink.Attr |= a.attr
		}
	}
	return ink
}

// Style is the inverse of Ink, for blocks of our own words that Lip Gloss lays
// out (see draw.Area.Styled).
func Style(ink draw.Ink) lipgloss.Style {
	s := lipgloss.NewStyle()
	if c := ink.FG.Color(); c != nil {
		s = s.Foreground(c)
	}
	if c := ink.BG.Color(); c != nil {
		s = s.Background(c)
	}
	for _, a := range attributes {
		if ink.Attr&a.attr != 0 {
			s = a.set(s, true)
		}
	}
	return s
}
