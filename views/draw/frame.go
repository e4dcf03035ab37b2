package draw

import (
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// String returns the frame: rows joined by newlines, each exactly as wide as
// the grid for the terminal (see SetGraphemes), with the fewest SGR sequences
// we know and a reset at the end of each row that needs one.
func (g *Grid) String() string {
	return g.frame(true, g.graphemes, nil)
}

// Frame is String for the renderer behind Bubble Tea, with stand-ins for what
// is not one cell wide.
func (g *Grid) Frame(s *StandIns) string {
	return g.frame(true, g.graphemes, s)
}

// Plain returns the frame without colours, measured by grapheme clusters. For
// golden files. A reversed block, the left end of a bar, is written ▐.
func (g *Grid) Plain() string {
	return g.frame(false, true, nil)
}

func (g *Grid) frame(colour, byCluster bool, s *StandIns) string {
	buf := g.buf[:0]
	for y := range g.h {
		if y > 0 {
			buf = append(buf, '\n')
		}
		buf = g.appendRow(buf, g.cells[y*g.w:(y+1)*g.w], colour, byCluster, s)
	}
	g.buf = buf
	return string(buf)
}

func (g *Grid) appendRow(buf []byte, row []cell, colour, byCluster bool, s *StandIns) []byte {
	var pen Ink
	var left []byte // the glyph in the cell before, where it may be joined
	for i := 0; i < len(row); {
		c := row[i]
		if ink := visible(row, i, pen); colour && ink != pen {
			buf = appendSGR(buf, pen, ink)
			pen = ink
		}
		x := i
		i += max(int(c.width), 1)
		if !colour && c.ink.Attr&Reverse != 0 && c.glyph > '█' && c.glyph <= '▏' {
			c.glyph = '▐'
		}
		if c.glyph >= 0 && c.glyph < utf8.RuneSelf {
			buf = append(buf, byte(c.glyph))
			left = nil
			continue
		}
		start := len(buf)
		buf, left = g.appendGlyph(buf, c, left, byCluster)
		if s != nil && (c.width > 1 || buf[start] >= privateLead) {
			g.glyph = append(g.glyph[:0], buf[start:]...)
			if left != nil {
				left = g.glyph
			}
			buf = s.appendFor(buf[:start], g.glyph, x, c.width)
		}
	}
	if pen != (Ink{}) {
		buf = append(buf, "\x1b[m"...)
	}
	return buf
}

// wordGap is how far a blank looks for the next glyph, in cells: longer runs of blanks the renderer erases in one go.
const wordGap = 12

// lines are the attributes that show on a blank.
const lines = Underline | Reverse | Strike

// visible returns the ink to write cell i with. Of a blank only the background shows, so after a glyph it takes the ink
// of the next one where that has the same background, else none: fewer changes of ink are fewer bytes for the terminal.
func visible(row []cell, i int, pen Ink) Ink {
	ink := row[i].ink
	if row[i].glyph != ' ' || (ink.Attr|pen.Attr)&lines != 0 {
		return ink
	}
	if ink.BG == pen.BG && pen != (Ink{BG: pen.BG}) {
		for _, next := range row[i+1 : min(i+1+wordGap, len(row))] {
			if next.ink.BG != ink.BG || next.ink.Attr&lines != 0 {
				break
			}
			if next.glyph != ' ' {
				return next.ink
			}
		}
	}
	return Ink{BG: ink.BG}
}

// appendGlyph appends a glyph beyond ASCII; left is the one in the cell before
// it. It returns what the next one may be joined to.
func (g *Grid) appendGlyph(buf []byte, c cell, left []byte, byCluster bool) ([]byte, []byte) {
	start := len(buf)
	if c.glyph >= 0 {
		buf = utf8.AppendRune(buf, c.glyph)
		if !mayJoin(c.glyph) {
			return buf, buf[start:] // its widths are one
		}
	} else {
		buf = append(buf, g.clusters[-c.glyph-1]...)
	}
	width := c.byRune
	if byCluster {
		width = c.byCluster
	}
	if joined(left, buf[start:]) {
		buf, width = append(buf[:start], replacement...), 1
	}
	end := len(buf)
	for ; width < c.width; width++ {
		buf = append(buf, ' ')
	}
	if len(buf) > end {
		return buf, nil
	}
	return buf, buf[start:]
}

// joined reports whether a terminal would join a glyph to the one drawn in
// the cell before it, which would make the row narrower. Text never splits
// what belongs together, but two texts can meet.
func joined(left, right []byte) bool {
	if len(left) == 0 {
		return false
	}
	var b [2 * maxBytes]byte
	both := append(append(b[:0], left...), right...)
	return len(graphemes.FromBytes(both).First()) > len(left)
}

// mayJoin reports whether a rune can join the cluster before it. Most of what
// is drawn beyond ASCII cannot, which spares it the look at its neighbour.
func mayJoin(r rune) bool {
	return r >= 0x900 && r < 0x2000 || r >= 0xa670
}
