package draw

import "strings"

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
	return isUnit(string(text))
}

func isUnit(word string) bool {
	switch word {
	case "ns", "µs", "us", "ms", "s", "m", "h", "d", "%", "B", "kB", "MB", "GB":
		return true
	}
	return false
}

// longestNumber is more bytes than a number has: what goes on after it is none.
const longestNumber = 32

// beforeNumber returns where a text that is to be cut at size is cut so that no number loses digits or its unit: "+4.6" and
// "4 m" of "+4.68 ms" read as other numbers.
func beforeNumber(s string, size int) int {
	start := strings.LastIndexByte(s[:size], ' ') + 1
	end := min(len(s), size+longestNumber)
	if n := strings.IndexByte(s[size:end], ' '); n >= 0 {
		end = size + n
	}
	const around = "()[],;"
	isNumber := func(word string) bool {
		word = strings.Trim(word, around+"+-−~≈<>≤≥×")
		return word != "" && strings.Trim(word, "0123456789.,:") == ""
	}
	unitIn := func(text string) bool {
		word, _, _ := strings.Cut(text, " ")
		return isUnit(strings.Trim(word, around))
	}
	switch word := s[start:end]; {
	case isNumber(word) && (size < end || unitIn(strings.TrimPrefix(s[end:], " "))):
		return start
	case unitIn(word) && size < end && start > 0:
		if before := strings.LastIndexByte(s[:start-1], ' ') + 1; isNumber(s[before : start-1]) {
			return before
		}
	}
	return size
}
