package table

import (
	"slices"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// Spec is what is known about a column.
type Spec struct {
	Name     string // in the configuration
	Title    string
	Width    int // cells at least; with share, more where there is room
	Ample    int // cells that columns for wide screens leave to it
	Share    int // of the room that is left, in parts
	Most     int // cells, with share
	Right    bool
	Rising   bool // sorted from the smallest at first
	Priority int  // the highest go first where it is narrow, 0 never; wide: only there where there is room for all
}

// Columns are the columns of a table: by which of them its rows are sorted, and where they were drawn last.
type Columns[C ~uint8] struct {
	Specs      []Spec // by column
	Sort       C
	Descending bool

	Placed []Placed[C]
	Gap    int // cells between two of them
	Head   int // line of the screen with their names, -1 where it is not drawn
}

// Placed is a column with its place in a line.
type Placed[C ~uint8] struct {
	Column C
	X, W   int
}

// NameShare returns how many of a table's cells columns of numbers leave to the names of its rows, where these are long: a
// number says nothing where nobody can tell of what.
func NameShare(width int) int { return max(width*2/5, 30) }

// DropColumns drops the columns of the highest priority until the rest fit. worst is that of those which would go next.
func DropColumns[C ~uint8](chosen []C, priority func(C) int, fits func(chosen []C, worst int) bool) []C {
	chosen = slices.Clone(chosen)
	for {
		worst := 0
		for _, c := range chosen {
			worst = max(worst, priority(c))
		}
		if fits(chosen, worst) || worst == 0 {
			return chosen
		}
		goes := func(c C) bool { return priority(c) == worst }
		if !slices.ContainsFunc(chosen, func(c C) bool { return !goes(c) }) {
			return chosen[:1]
		}
		chosen = slices.DeleteFunc(chosen, goes)
	}
}

// sortFirst sorts by a column in the direction one wants to see first.
func (t *Columns[C]) sortFirst(c C) { t.Sort, t.Descending = c, !t.Specs[c].Rising }

// Bind adds the bindings that sort; sorted puts the rows into the new order.
func (t *Columns[C]) Bind(b *views.Binder, sorted func()) {
	b.Quiet(views.SortNext, func() { t.SortNext(); sorted() })
	b.Quiet(views.SortFlip, func() { t.SortFlip(); sorted() })
}

// SortNext sorts by the next column that is on screen.
func (t *Columns[C]) SortNext() {
	if n := len(t.Placed); n > 0 {
		at := slices.IndexFunc(t.Placed, func(p Placed[C]) bool { return p.Column == t.Sort })
		t.sortFirst(t.Placed[(at+1)%n].Column)
	}
}

// SortFlip turns the order around.
func (t *Columns[C]) SortFlip() { t.Descending = !t.Descending }

// ClickHead sorts by the column whose name was clicked, the other way round where it is sorted by that one; sorted puts
// the rows into the new order. It reports whether there was one.
func (t *Columns[C]) ClickHead(m views.Mouse, sorted func()) bool {
	if m.Wheel != 0 || m.Y != t.Head {
		return false
	}
	beside := min(t.Gap, 1)
	for n, p := range t.Placed {
		to := p.X + p.W + beside
		if n+1 < len(t.Placed) {
			to = t.Placed[n+1].X - t.Gap/2
		}
		if m.X < p.X-beside || m.X >= to {
			continue
		}
		if p.Column == t.Sort {
			t.SortFlip()
		} else {
			t.sortFirst(p.Column)
		}
		sorted()
		return true
	}
	return false
}

// orderWidth is the cells that the arrow takes behind the name of the column by which is sorted, with the blank before it.
const orderWidth = 2

// NameWidth returns the cells that the name of a column takes, with the arrow where it is sorted by that.
func (t *Columns[C]) NameWidth(c C) int {
	if c == t.Sort {
		return draw.Width(t.Specs[c].Title) + orderWidth
	}
	return draw.Width(t.Specs[c].Title)
}

// DrawNames draws the names of the columns, and by which one is sorted.
func (t *Columns[C]) DrawNames(a draw.Area, theme *style.Theme, title func(C) string) {
	for _, p := range t.Placed {
		text, ink := title(p.Column), theme.Header
		if p.Column == t.Sort {
			ink = theme.Accent
			arrow := theme.Glyphs.SortUp
			if t.Descending {
				arrow = theme.Glyphs.SortDown
			}
			text += " " + arrow
		}
		if t.Specs[p.Column].Right {
			a.TextRight(p.X, 0, p.W, text, ink)
		} else {
			a.TextEllipsis(p.X, 0, p.W, text, ink)
		}
	}
}
