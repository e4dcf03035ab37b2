package draw

import (
	uv "github.com/charmbracelet/ultraviolet"
)

// Draw places what another library draws: a component, or a block that Lip
// Gloss laid out. Its cells are clipped to the area, cleaned and measured like
// all text. It is for our own words: it costs several times what Text does, and
// text of a file has no business in styled strings.
func (a Area) Draw(d uv.Drawable) {
	s := areaScreen{a}
	d.Draw(s, s.Bounds())
}

// Styled places a string with SGR sequences in it, as the View of a component
// is; other sequences are dropped.
func (a Area) Styled(s string) { a.Draw(uv.NewStyledString(s)) }

// Strip is a line of styled text that was taken apart once and is placed again and again: that costs a tenth of what Styled
// does.
type Strip struct{ g *Grid }

// NewStrip takes the first line of a string with SGR sequences in it apart; it is width cells wide.
func NewStrip(s string, width int) Strip {
	g := NewGrid(width, 1)
	g.All().Styled(s)
	return Strip{g}
}

// Draw draws the strip into an area's first line from cell x on.
func (s Strip) Draw(a Area, x int) {
	if s.g == nil {
		return
	}
	for i, c := range s.g.cells {
		switch {
		case c.width == 0: // drawn with the cell at its left
		case c.glyph >= 0 && c.width == 1:
			a.rune(x+i, 0, c.glyph, c.ink)
		default:
			text := string(max(c.glyph, 0))
			if c.glyph < 0 {
				text = s.g.clusters[-c.glyph-1]
			}
			a.unit(x+i, 0, unit{text: text, size: len(text), byCluster: int(c.byCluster), byRune: int(c.byRune)}, c.ink)
		}
	}
}

// areaScreen is an area as a screen for components.
type areaScreen struct{ area Area }

// Bounds returns the rectangle of the area, from 0, 0.
func (s areaScreen) Bounds() uv.Rectangle { return uv.Rect(0, 0, s.area.w, s.area.h) }

// WidthMethod returns our own width.
func (s areaScreen) WidthMethod() uv.WidthMethod { return widthMethod{} }

type widthMethod struct{}

func (widthMethod) StringWidth(s string) int { return Width(s) }

// CellAt returns a copy of a cell, nil outside of the area.
func (s areaScreen) CellAt(x, y int) *uv.Cell {
	a := s.area
	if x < 0 || y < 0 || x >= a.w || y >= a.h {
		return nil
	}
	c := a.g.cells[(a.y+y)*a.g.w+a.x+x]
	if c.width == 0 {
		return &uv.Cell{}
	}
	text := string(max(c.glyph, 0))
	if c.glyph < 0 {
		text = a.g.clusters[-c.glyph-1]
	}
	return &uv.Cell{Content: text, Width: int(c.width), Style: styleOf(c.ink)}
}

// SetCell draws a cell; the rest of a wide one is drawn with its first.
func (s areaScreen) SetCell(x, y int, c *uv.Cell) {
	switch {
	case y < 0 || y >= s.area.h:
	case c == nil:
		s.area.rune(x, y, ' ', Ink{})
	case c.Content != "":
		s.area.unit(x, y, first(c.Content), inkOf(c.Style))
	case c.Width > 0:
		s.area.rune(x, y, ' ', inkOf(c.Style))
	}
}

// styleAttrs pairs the attributes of both sides.
var styleAttrs = []struct {
	ours   Attr
	theirs uint8
}{{Bold, uv.AttrBold}, {Faint, uv.AttrFaint}, {Italic, uv.AttrItalic}, {Reverse, uv.AttrReverse}, {Strike, uv.AttrStrikethrough}}

func inkOf(s uv.Style) Ink {
	ink := Ink{FG: ColorOf(s.Fg), BG: ColorOf(s.Bg)}
	for _, a := range styleAttrs {
		if s.Attrs&a.theirs != 0 {
			ink.Attr |= a.ours
		}
	}
	if s.Underline != uv.UnderlineNone {
		ink.Attr |= Underline
	}
	return ink
}

func styleOf(ink Ink) uv.Style {
	s := uv.Style{Fg: ink.FG.Color(), Bg: ink.BG.Color()}
	for _, a := range styleAttrs {
		if ink.Attr&a.ours != 0 {
			s.Attrs |= a.theirs
		}
	}
	if ink.Attr&Underline != 0 {
		s.Underline = uv.UnderlineSingle
	}
	return s
}
