package draw

import "unicode/utf8"

// cell is one cell of a grid.
type cell struct {
	// glyph is a rune, or where it is negative the cluster -glyph-1 of the
	// grid.
	glyph int32
	// width is the number of cells the glyph takes, this one included; 0
	// says that the cell belongs to the glyph on its left.
	width uint8
	// The widths terminals give the glyph, by cluster and by rune.
	byCluster, byRune uint8
	bar               bool // a part of a bar, or a mark: not text
	ink               Ink
}

var blank = cell{glyph: ' ', width: 1, byCluster: 1, byRune: 1}

// Grid is a frame of w×h cells, blank to begin with. Everything is drawn
// through its Areas. A Grid is used by one goroutine.
type Grid struct {
	w, h      int
	cells     []cell
	clusters  []string // glyphs of more than one rune
	buf       []byte   // the frame being written, kept for its memory
	glyph     []byte   // likewise the glyph
	cursor    int      // the cell where text is being typed, from 1; 0 for none
	ascii     bool
	graphemes bool
}

// NewGrid returns a blank grid. Negative sizes count as 0.
func NewGrid(w, h int) *Grid {
	g := &Grid{}
	g.Resize(w, h)
	return g
}

// Resize changes the size and clears the grid. Memory is kept.
func (g *Grid) Resize(w, h int) {
	g.w, g.h = max(w, 0), max(h, 0)
	n := g.w * g.h
	if n > cap(g.cells) {
		g.cells = make([]cell, n)
	}
	g.cells = g.cells[:n]
	g.Clear()
}

// Size returns width and height in cells.
func (g *Grid) Size() (w, h int) { return g.w, g.h }

// Clear makes all cells blank.
func (g *Grid) Clear() {
	if len(g.cells) > 0 {
		g.cells[0] = blank
		for n := 1; n < len(g.cells); n *= 2 {
			copy(g.cells[n:], g.cells[:n])
		}
	}
	g.cursor = 0
	clear(g.clusters)
	g.clusters = g.clusters[:0]
}

// SetASCII says whether the frame may only contain ASCII. What is drawn from
// then on is folded: bars and borders to their ASCII forms, anything else to
// a question mark.
func (g *Grid) SetASCII(on bool) { g.ascii = on }

// ASCII reports whether the frame is folded to ASCII.
func (g *Grid) ASCII() bool { return g.ascii }

// SetGraphemes says whether the terminal measures whole grapheme clusters
// (DEC mode 2027) instead of adding up code points. Layout never depends on
// it: clusters the two measure differently take the larger width, and String
// fills up what the terminal does not. It reports whether that is news.
func (g *Grid) SetGraphemes(on bool) (changed bool) {
	changed = g.graphemes != on
	g.graphemes = on
	return changed
}

// Cursor returns the cell that the terminal's own cursor belongs in: where text
// is being typed (see Area.Cursor). Nothing is typed where ok is not set.
func (g *Grid) Cursor() (x, y int, ok bool) {
	if g.cursor == 0 || g.w == 0 {
		return 0, 0, false
	}
	return (g.cursor - 1) % g.w, (g.cursor - 1) / g.w, true
}

// All returns the area of the whole grid.
func (g *Grid) All() Area { return Area{g: g, w: g.w, h: g.h} }

// sever blanks the rest of a wide glyph of which cell i is about to be
// overwritten.
func (g *Grid) sever(i int) {
	lead := i
	for g.cells[lead].width == 0 {
		lead--
	}
	for k := lead + int(g.cells[lead].width) - 1; k >= lead; k-- {
		ink := g.cells[k].ink
		g.cells[k] = blank
		g.cells[k].ink = ink
	}
}

// put draws a glyph of one rune and one cell. The position is inside the grid.
func (g *Grid) put(x, y int, r rune, ink Ink) {
	i := y*g.w + x
	if g.cells[i].width != 1 {
		g.sever(i)
	}
	if r >= 0x80 && g.ascii {
		r = fold(r)
	}
	g.cells[i] = cell{glyph: r, width: 1, byCluster: 1, byRune: 1, ink: ink}
}

// putUnit draws a unit. All of its cells are inside the grid.
func (g *Grid) putUnit(x, y int, u unit, ink Ink) {
	width := u.width()
	if g.ascii && width > 1 {
		g.put(x, y, '?', ink)
		for k := 1; k < width; k++ {
			g.put(x+k, y, ' ', ink)
		}
		return
	}
	r, n := utf8.DecodeRuneInString(u.text)
	if n == len(u.text) && width == 1 || g.ascii {
		g.put(x, y, r, ink)
		return
	}
	if n < len(u.text) {
		g.clusters = append(g.clusters, u.text)
		r = -int32(len(g.clusters))
	}
	i := y*g.w + x
	for k := i; k < i+width; k++ {
		if g.cells[k].width != 1 {
			g.sever(k)
		}
		g.cells[k] = cell{ink: ink}
	}
	g.cells[i] = cell{glyph: r, width: uint8(width), byCluster: uint8(u.byCluster), byRune: uint8(u.byRune), ink: ink}
}
