package tree

import (
	"strconv"

	"tracefall/views/draw"
	"tracefall/views/style"
)

// Indent is the indentation of rows. Where the tree is deeper than there is room for, it is scrolled to the level of the
// cursor.
type Indent struct {
	Shift int // levels scrolled away
	cells int // that a level takes
	limit int // levels there is room for
}

// Lay makes room for the indentation in a column of names of which a row's own name gets at least some cells, or two thirds:
// a level takes 2, or 1 where the deepest row needs it.
func (in *Indent) Lay(column, name, depth int) {
	in.cells = 2
	if depth*2 > column-name {
		in.cells = 1
	}
	in.limit = max((column-name)/in.cells, column/3/in.cells, 1)
}

// Keep scrolls the indentation so that a row of a level, -1 for none, has room for its name and its neighbours in the
// tree for theirs. It stays where it is as long as that is so, and is nothing where no row down to a depth needs it.
func (in *Indent) Keep(level, depth int) {
	if level <= in.limit*3/4 || depth <= in.limit {
		in.Shift = 0
		return
	}
	if at := level - in.Shift; at < in.limit/4 || at > in.limit*3/4 {
		in.Shift = max(level-in.limit/2, 0)
	}
}

// place returns the cells of a level's indentation, and the level where it is too far left or right to be seen from it.
func (in *Indent) place(level int) (x int, text string) {
	at := level - in.Shift
	if at < 0 || at > in.limit {
		text = strconv.Itoa(level) + " "
	}
	return min(max(at, 0), in.limit) * in.cells, text
}

// Cell returns the cell behind the indentation of a level.
func (in *Indent) Cell(level int) int {
	x, text := in.place(level)
	return x + len(text)
}

// Draw draws the indentation of a level and returns its width.
func (in *Indent) Draw(a draw.Area, level int, theme *style.Theme) int {
	x, text := in.place(level)
	return x + a.Text(x, 0, text, theme.Dim)
}
