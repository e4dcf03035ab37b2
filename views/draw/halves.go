package draw

// blankHalves blanks what stands out from under an area at its sides of a number with its unit: of "1,453 ms" the "53 ms"
// reads as another number.
func blankHalves(a Area) {
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
			word = row[min(from, end+1):max(from+1, end)]
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
