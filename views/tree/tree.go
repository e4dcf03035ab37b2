package tree

import (
	"tracefall/views"
	"tracefall/views/style"
)

// Rows are the rows of a tree, in its order. A row is known by its number until rows are built again.
type Rows interface {
	Len() int
	// Level returns how many levels a row is indented by.
	Level(row int) int
	// State tells what there is beneath a row.
	State(row int) State
	// SetOpen opens or folds a row; the rows must be built again.
	SetOpen(row int, open bool)
	// FoldAll folds everything but the first row, OpenAll opens everything; the rows must be built again.
	FoldAll()
	OpenAll()
	// Build makes the rows again and returns the number of the one that stands for what row stood for.
	Build(row int) int
}

// At returns a row of a list of them, and whether it is there.
func At[R any](list []R, row int) (at R, ok bool) {
	if row < 0 || row >= len(list) {
		return at, false
	}
	return list[row], true
}

// State is what there is beneath a row.
type State uint8

// What there can be beneath a row.
const (
	Leaf   State = iota // nothing
	Folded              // what is not shown
	Open
	Hidden // what is left out: it opens alone, not with its level
)

// OpenIf is the state of a row with something beneath it.
func OpenIf(open bool) State {
	if open {
		return Open
	}
	return Folded
}

// Opens reports whether there is anything beneath a row that can be opened or folded.
func (s State) Opens() bool { return s != Leaf }

// Glyph returns the sign of the state.
func (s State) Glyph(g *style.Glyphs) string {
	switch s {
	case Leaf:
		return g.Leaf
	case Open:
		return g.Open
	case Folded, Hidden:
	}
	return g.Folded
}

// Tree is a cursor in rows that fold, and how far they are indented.
type Tree struct {
	Cursor
	Indent
	rows Rows
}

// Show shows rows; nil shows none.
func (t *Tree) Show(rows Rows) {
	t.rows, t.Of = rows, nil
	if rows != nil {
		t.Of = rows
	}
}

// Rebuild makes the rows again. The cursor stays with what it is on and at its place on the screen.
func (t *Tree) Rebuild() {
	screen := t.Row - t.Top
	t.Row = t.rows.Build(t.Row)
	t.Top = t.Row - screen
	t.Follow()
}

// SetOpen opens or folds a row.
func (t *Tree) SetOpen(row int, open bool) {
	t.rows.SetOpen(row, open)
	t.Rebuild()
}

// Toggle opens the row under the cursor, or folds it.
func (t *Tree) Toggle() { t.SetOpen(t.Row, t.rows.State(t.Row) != Open) }

// Left folds the row under the cursor, or goes to the row under which it is indented.
func (t *Tree) Left() {
	if t.rows.State(t.Row) == Open {
		t.SetOpen(t.Row, false)
		return
	}
	for p, level := t.Row-1, t.rows.Level(t.Row); p >= 0; p-- {
		if t.rows.Level(p) < level {
			t.To(p)
			return
		}
	}
}

// Right opens the row under the cursor, or goes to the first row beneath it.
func (t *Tree) Right() {
	switch t.rows.State(t.Row) {
	case Leaf:
	case Folded, Hidden:
		t.SetOpen(t.Row, true)
	case Open:
		t.To(t.Row + 1)
	}
}

// FoldLevel folds the deepest open rows.
func (t *Tree) FoldLevel() { t.turn(Open, func(level, best int) bool { return level > best }) }

// OpenLevel opens the highest folded rows.
func (t *Tree) OpenLevel() { t.turn(Folded, func(level, best int) bool { return level < best }) }

// turn opens or folds all rows that are in a state, of the level that is better than all others that have one.
func (t *Tree) turn(from State, better func(level, best int) bool) {
	best := -1
	for row := range t.rows.Len() {
		if level := t.rows.Level(row); (best < 0 || better(level, best)) && t.rows.State(row) == from {
			best = level
		}
	}
	for row := range t.rows.Len() {
		if t.rows.Level(row) == best && t.rows.State(row) == from {
			t.rows.SetOpen(row, from == Folded)
		}
	}
	t.Rebuild()
}

// Click puts the cursor on a row that was clicked: at its sign, x cells from the column of the names, it opens or folds,
// a double click enters it.
func (t *Tree) Click(row, x int, double bool, enter func() views.Action) views.Action {
	t.To(row)
	if double {
		return enter()
	}
	if at := t.Cell(t.rows.Level(row)); t.rows.State(row).Opens() && (x == at || x == at+1) {
		t.SetOpen(row, t.rows.State(row) != Open)
	}
	return nil
}
