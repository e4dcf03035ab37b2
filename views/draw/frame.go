package draw

import (
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/clipperhouse/uax29/v2/graphemes"
)

// String returns the frame: rows joined by newlines, each exactly as wide as
// the grid for the terminal (see SetGraphemes), with the fewest SGR sequences
// we know and a reset at the end of each row that needs one.
func (g *Grid) String() string {
	return g.frame(true, g.graphemes)
}

// Plain returns the frame without colours, measured by grapheme clusters. For
// golden files.
func (g *Grid) Plain() string {
	return g.frame(false, true)
}

func (g *Grid) frame(colour, byCluster bool) string {
	buf := g.buf[:0]
	for y := range g.h {
		if y > 0 {
			buf = append(buf, '\n')
		}
		buf = g.appendRow(buf, g.cells[y*g.w:(y+1)*g.w], colour, byCluster)
	}
	g.buf = buf
	return string(buf)
}

func (g *Grid) appendRow(buf []byte, row []cell, colour, byCluster bool) []byte {
	var pen Ink
	var left mark
	for i := 0; i < len(row); {
		c := row[i]
		if colour && c.ink != pen {
			buf = appendSGR(buf, pen, c.ink)
			pen = c.ink
		}
		i += max(int(c.width), 1)
		if c.glyph >= 0 && c.glyph < utf8.RuneSelf {
			buf = append(buf, byte(c.glyph))
			left = mark{}
			continue
		}
		buf, left = g.appendGlyph(buf, c, left, byCluster)
	}
	if pen != (Ink{}) {
		buf = append(buf, "\x1b[m"...)
	}
	return buf
}

// mark is where in the frame a glyph was written.
type mark struct{ from, to int }

// appendGlyph appends a glyph beyond ASCII; left is where the one in the cell
// before it was written. It returns where it wrote this one.
func (g *Grid) appendGlyph(buf []byte, c cell, left mark, byCluster bool) ([]byte, mark) {
	start := len(buf)
	if c.glyph >= 0 {
		buf = utf8.AppendRune(buf, c.glyph)
		if c.width == 1 && !mayJoin(c.glyph) {
			return buf, mark{start, len(buf)}
		}
	} else {
		buf = append(buf, g.clusters[-c.glyph-1]...)
	}
	s := string(buf[start:])
	if joined(buf[left.from:left.to], s) {
		buf = append(buf[:start], replacement...)
		s = replacement
	}
	at := mark{start, len(buf)}
	method := ansi.WcWidth
	if byCluster {
		method = ansi.GraphemeWidth
	}
	for w := method.StringWidth(s); w < int(c.width); w++ {
		buf = append(buf, ' ')
		at = mark{}
	}
	return buf, at
}

// joined reports whether a terminal would join a cluster to the one drawn in
// the cell before it, which would make the row narrower. Text never splits
// what belongs together, but two texts can meet.
func joined(left []byte, right string) bool {
	return len(left) > 0 && len(graphemes.FromString(string(left)+right).First()) > len(left)
}

// mayJoin reports whether a rune can join the cluster before it. Most of what
// is drawn beyond ASCII cannot, which spares it the look at its neighbour.
func mayJoin(r rune) bool {
	return r >= 0x900 && r < 0x2000 || r >= 0xa670
}
