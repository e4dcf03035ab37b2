package draw

import "unicode/utf8"

// Area is a rectangle of a grid. Positions are relative to its upper left
// corner and everything drawn is clipped to it. It is a small value; the zero
// Area has no cells. Areas of a grid end with its next Resize.
type Area struct {
	g          *Grid
	x, y, w, h int
}

// W returns the width in cells.
func (a Area) W() int { return a.w }

// H returns the height in cells.
func (a Area) H() int { return a.h }

// Empty reports whether the area has no cells.
func (a Area) Empty() bool { return a.w <= 0 || a.h <= 0 }

// Sub returns the part of the area in the given rectangle; what of it lies
// outside is cut off.
func (a Area) Sub(x, y, w, h int) Area {
	x0, x1 := span(x, w, a.w)
	y0, y1 := span(y, h, a.h)
	return Area{g: a.g, x: a.x + x0, y: a.y + y0, w: x1 - x0, h: y1 - y0}
}

// span clips [at, at+size) to [0, limit).
func span(at, size, limit int) (from, to int) {
	from = min(max(at, 0), limit)
	if size <= 0 || at >= limit || size <= -at {
		return from, from
	}
	if at < 0 {
		size += at
	}
	return from, from + min(size, limit-from)
}

// Row returns one line of the area.
func (a Area) Row(y int) Area { return a.Sub(0, y, a.w, 1) }

// Top splits off the first n lines.
func (a Area) Top(n int) (top, rest Area) {
	n = min(max(n, 0), a.h)
	return a.Sub(0, 0, a.w, n), a.Sub(0, n, a.w, a.h-n)
}

// Bottom splits off the last n lines.
func (a Area) Bottom(n int) (rest, bottom Area) {
	return a.Top(a.h - min(max(n, 0), a.h))
}

// Left splits off the first n columns.
func (a Area) Left(n int) (left, rest Area) {
	n = min(max(n, 0), a.w)
	return a.Sub(0, 0, n, a.h), a.Sub(n, 0, a.w-n, a.h)
}

// Right splits off the last n columns.
func (a Area) Right(n int) (rest, right Area) {
	return a.Left(a.w - min(max(n, 0), a.w))
}

// Inset returns the area without dx columns at both sides and dy lines at top
// and bottom.
func (a Area) Inset(dx, dy int) Area {
	dx, dy = max(dx, 0), max(dy, 0)
	return a.Sub(dx, dy, a.w-2*dx, a.h-2*dy)
}

// Fill blanks all cells and gives them the ink.
func (a Area) Fill(ink Ink) {
	if a.Empty() {
		return
	}
	empty := blank
	empty.ink = ink
	for y := range a.h {
		first := (a.y+y)*a.g.w + a.x
		row := a.g.cells[first : first+a.w]
		for _, edge := range [2]int{0, a.w - 1} { // a wide glyph may lie across it
			if row[edge].width != 1 {
				a.g.sever(first + edge)
			}
		}
		for i := range row {
			row[i] = empty
		}
	}
}

// Paint recolours what is drawn already: the ink goes over every cell's own
// (see Ink.Over), glyphs stay. A background stays off cells that a block fills:
// it could not be seen, and moving it costs the terminal a line of bytes.
func (a Area) Paint(ink Ink) {
	const fullBlock = '█'
	background := ink.FG == 0 && ink.Attr == 0
	for y := range a.h {
		row := (a.y+y)*a.g.w + a.x
		for i := row; i < row+a.w; i++ {
			if cell := &a.g.cells[i]; !background || cell.glyph != fullBlock || cell.ink.Attr != 0 {
				cell.ink = ink.Over(cell.ink)
			}
		}
	}
}

// Select paints a row that is selected: bar over what was drawn as a bar or a mark, and over text, whatever its glyphs are,
// what text returns for its colour.
func (a Area) Select(bar Ink, text func(Color) Ink) {
	for y := range a.h {
		at := (a.y+y)*a.g.w + a.x
		for i := at; i < at+a.w; i++ {
			cell := &a.g.cells[i]
			ink := bar
			if !cell.bar {
				ink = text(cell.ink.FG)
				cell.ink.Attr &^= Faint // on a background of its own faint text is hard to read
			}
			cell.ink = ink.Over(cell.ink)
		}
	}
}

// Cursor puts the terminal's own cursor into a cell, where that is inside. Input
// methods and screen readers follow it. The last call counts.
func (a Area) Cursor(x, y int) {
	if x >= 0 && x < a.w && y >= 0 && y < a.h {
		a.g.cursor = (a.y+y)*a.g.w + a.x + x + 1
	}
}

// HLine draws a horizontal line of width cells.
func (a Area) HLine(x, y, width int, ink Ink) {
	line := a.Sub(x, y, width, 1)
	for i := range line.w * line.h {
		line.rune(i, 0, '─', ink)
	}
}

// VLine draws a vertical line of height cells.
func (a Area) VLine(x, y, height int, ink Ink) {
	line := a.Sub(x, y, 1, height)
	for i := range line.w * line.h {
		line.rune(0, i, '│', ink)
	}
}

// rune draws a rune known to take one cell.
func (a Area) rune(x, y int, r rune, ink Ink) {
	if x >= 0 && x < a.w && y >= 0 && y < a.h {
		a.g.put(a.x+x, a.y+y, r, ink)
	}
}

// Mark draws a sign of one cell that keeps its colours in a row that is selected, as bars do.
func (a Area) Mark(x, y int, sign string, ink Ink) {
	r, _ := utf8.DecodeRuneInString(sign)
	a.barRune(x, y, r, ink)
}

// barRune is rune for a part of a bar: text may have the same glyph, and Select is to tell them apart.
func (a Area) barRune(x, y int, r rune, ink Ink) {
	if x >= 0 && x < a.w && y >= 0 && y < a.h {
		a.g.put(a.x+x, a.y+y, r, ink)
		a.g.cells[(a.y+y)*a.g.w+a.x+x].bar = true
	}
}
