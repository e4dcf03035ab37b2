package servicemap

import (
	"tracefall/diagnose/servicemap"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// glyphs are what lines and borders are drawn with.
type glyphs struct {
	lines  [16]string     // by arms
	heavy  [16]string     // by arms, of the selected edge
	mixed  [16][16]string // by the selected edge's arms and all arms, where other lines meet it
	dashed [2]string      // lying and standing: of what only the baseline has
	// Borders: corners from the upper left one on, clockwise, then the lying and the standing line.
	service, other, loud [6]string
}

var unicodeGlyphs = glyphs{
	lines: [16]string{
		armLeft: "─", armRight: "─", armLeft | armRight: "─", armUp: "│", armDown: "│", armUp | armDown: "│",
		armLeft | armUp: "┘", armLeft | armDown: "┐", armRight | armUp: "└", armRight | armDown: "┌",
		armLeft | armRight | armUp: "┴", armLeft | armRight | armDown: "┬", armLeft | armUp | armDown: "┤", armRight | armUp | armDown: "├",
		armLeft | armRight | armUp | armDown: "┼",
	},
	heavy: [16]string{
		armLeft: "━", armRight: "━", armLeft | armRight: "━", armUp: "┃", armDown: "┃", armUp | armDown: "┃",
		armLeft | armUp: "┛", armLeft | armDown: "┓", armRight | armUp: "┗", armRight | armDown: "┏",
	},
	mixed: [16][16]string{
		armLeft | armRight: {armLeft | armRight | armUp: "┷", armLeft | armRight | armDown: "┯", armsAll: "┿"},
		armUp | armDown:    {armLeft | armUp | armDown: "┨", armRight | armUp | armDown: "┠", armsAll: "╂"},
		armLeft | armUp:    {armLeft | armRight | armUp: "┹", armLeft | armUp | armDown: "┩", armsAll: "╃"},
		armLeft | armDown:  {armLeft | armRight | armDown: "┱", armLeft | armUp | armDown: "┪", armsAll: "╅"},
		armRight | armUp:   {armLeft | armRight | armUp: "┺", armRight | armUp | armDown: "┡", armsAll: "╄"},
		armRight | armDown: {armLeft | armRight | armDown: "┲", armRight | armUp | armDown: "┢", armsAll: "╆"},
	},
	dashed:  [2]string{"╌", "╎"},
	service: [6]string{"┌", "┐", "┘", "└", "─", "│"},
	other:   [6]string{"╭", "╮", "╯", "╰", "─", "│"},
	loud:    [6]string{"┏", "┓", "┛", "┗", "━", "┃"},
}

var asciiGlyphs = glyphs{
	lines: [16]string{
		armLeft: "-", armRight: "-", armLeft | armRight: "-", armUp: "|", armDown: "|", armUp | armDown: "|",
		armLeft | armUp: "+", armLeft | armDown: "+", armRight | armUp: "+", armRight | armDown: "+",
		armLeft | armRight | armUp: "+", armLeft | armRight | armDown: "+", armLeft | armUp | armDown: "+", armRight | armUp | armDown: "+",
		armLeft | armRight | armUp | armDown: "+",
	},
	heavy: [16]string{
		armLeft: "=", armRight: "=", armLeft | armRight: "=", armUp: "#", armDown: "#", armUp | armDown: "#",
		armLeft | armUp: "#", armLeft | armDown: "#", armRight | armUp: "#", armRight | armDown: "#",
	},
	dashed:  [2]string{".", ":"},
	service: [6]string{"+", "+", "+", "+", "-", "|"},
	other:   [6]string{".", ".", "'", "'", "-", "|"},
	loud:    [6]string{"#", "#", "#", "#", "=", "#"},
}

func glyphsOf(theme *style.Theme) *glyphs {
	if theme.ASCII {
		return &asciiGlyphs
	}
	return &unicodeGlyphs
}

// line returns the glyph of a cell of lines. Where lines cross that have nothing to do with each other, the one that
// stands passes over the other.
func (g *glyphs) line(arms uint8, turn bool, side servicemap.Side) string {
	if !turn && arms&(armUp|armDown) != 0 {
		arms &= armUp | armDown
	}
	if side == servicemap.OnlyBaseline && !turn {
		switch {
		case arms&(armUp|armDown) == 0:
			return g.dashed[0]
		case arms&(armLeft|armRight) == 0:
			return g.dashed[1]
		}
	}
	return g.lines[arms]
}

// heavyLine returns the glyph of a cell that the selected edge passes by its own arms, of all that meet there.
func (g *glyphs) heavyLine(arms, own uint8) string {
	if glyph := g.mixed[own][arms]; glyph != "" {
		return glyph
	}
	return g.heavy[own]
}

// border returns the border of a node: the heavy one is that of a root cause.
func (g *glyphs) border(n *servicemap.MapNode, loud bool) *[6]string {
	switch {
	case loud:
		return &g.loud
	case n.Kind != servicemap.Service:
		return &g.other
	}
	return &g.service
}

// drawBorder draws a box, some of which may lie outside of the area.
func drawBorder(a draw.Area, x, y, w, h int, g *[6]string, ink draw.Ink) {
	for k := 1; k < w-1; k++ {
		a.Text(x+k, y, g[4], ink)
		a.Text(x+k, y+h-1, g[4], ink)
	}
	for k := 1; k < h-1; k++ {
		a.Sub(x+1, y+k, w-2, 1).Fill(draw.Ink{})
		a.Text(x, y+k, g[5], ink)
		a.Text(x+w-1, y+k, g[5], ink)
	}
	a.Text(x, y, g[0], ink)
	a.Text(x+w-1, y, g[1], ink)
	a.Text(x+w-1, y+h-1, g[2], ink)
	a.Text(x, y+h-1, g[3], ink)
}
