package draw

// Box draws a border around the area, with a title in its top line, and
// returns the area inside. What was there is blanked, and so are numbers that
// it covers in part. An area without room for a border is blanked and returned
// whole.
func (a Area) Box(title string, border, titleInk Ink) Area {
	a.blankHalves()
	a.Fill(Ink{BG: border.BG})
	if a.w < 3 || a.h < 3 {
		return a
	}
	r, b := a.w-1, a.h-1
	a.HLine(1, 0, a.w-2, border)
	a.HLine(1, b, a.w-2, border)
	a.VLine(0, 1, a.h-2, border)
	a.VLine(r, 1, a.h-2, border)
	a.rune(0, 0, '┌', border)
	a.rune(r, 0, '┐', border)
	a.rune(0, b, '└', border)
	a.rune(r, b, '┘', border)
	if title != "" && a.w >= 7 {
		n := a.TextEllipsis(3, 0, a.w-6, title, titleInk)
		a.rune(2, 0, ' ', border)
		a.rune(3+n, 0, ' ', border)
	}
	return a.Inset(1, 1)
}

// blankHalves blanks what stands out from under an area at its sides of a number with its unit: of "1,453 ms" the "53 ms"
// reads as another number.
func (a Area) blankHalves() {
	for y := a.y; y < a.y+a.h && a.w > 0; y++ {
		row := a.g.cells[y*a.g.w : (y+1)*a.g.w]
		for _, side := range [2]struct{ from, step int }{{a.x, -1}, {a.x + a.w - 1, 1}} {
			for _, x := range halfNumber(row, side.from, side.step) {
				a.g.put(x, y, ' ', row[x].ink)
			}
		}
	}
}

// halfNumber returns the cells of a number that begins under the cell at edge of a row and goes on in steps of step: words
// that hold a digit, units, and the single blanks between them.
func halfNumber(row []cell, edge, step int) []int {
	blankAt := func(x int) bool { return x < 0 || x >= len(row) || row[x].glyph == ' ' }
	if blankAt(edge) && blankAt(edge+step) || blankAt(edge) && blankAt(edge-step) {
		return nil // nothing begins under it, or it ends there
	}
	var cells []int
	for x := edge + step; ; {
		from := x
		if blankAt(x) {
			from += step
		}
		end := from
		for !blankAt(end) {
			end += step
		}
		word := row[0:0]
		if from != end {
			word = row[min(from, end+1) : max(from+1, end)]
		}
		if !ofNumber(word) {
			return cells
		}
		for ; x != end; x += step {
			cells = append(cells, x)
		}
	}
}

// ofNumber reports whether a word holds a digit or is a unit.
func ofNumber(word []cell) bool {
	var text []rune
	for _, c := range word {
		if c.glyph >= '0' && c.glyph <= '9' {
			return true
		}
		text = append(text, c.glyph)
	}
	switch string(text) {
	case "ns", "µs", "us", "ms", "s", "m", "h", "d", "%":
		return true
	}
	return false
}
