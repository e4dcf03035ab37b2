package views

import (
	"sort"

	"tracefall/sources/trace"
)

// rowKind is what a row of the waterfall stands for.
type rowKind uint8

const (
	spanRow   rowKind = iota
	groupRow          // a run of repeats
	hiddenRow         // siblings that the filter hides, with all beneath them
)

// waterRow is one row of the waterfall. Rows are ordered by span; a group's row comes before that of its first
// member.
type waterRow struct {
	span   uint32 // the span, or the first of the group or the hidden range
	end    uint32 // what the row stands for when nothing beneath is shown: the spans span..end-1
	indent uint32 // levels
	kind   rowKind
}

// rowState is what decides which rows there are, and the rows. It is made for one trace.
type rowState struct {
	t        *trace.Trace
	index    *traceIndex
	folded   spanBits
	grouped  bool
	repeats  *repeats // nil until asked for
	open     spanBits // first members of the groups that are open
	matches  spanCounts
	hide     bool     // only matches and their ancestors
	revealed spanBits // siblings shown though they do not match

	rows  []waterRow
	stack []int // ends of the open groups around the row being built
}

func newRowState(t *trace.Trace) *rowState {
	n := t.Len()
	return &rowState{t: t, index: indexTrace(t), folded: newSpanBits(n), open: newSpanBits(n), revealed: newSpanBits(n)}
}

// grouping tells whether repeats are one row now. Between hidden rows they would not be runs any more.
func (st *rowState) grouping() bool { return st.grouped && !st.hiding() }

func (st *rowState) hiding() bool { return st.hide && st.matches != nil }

// build makes the rows by one pass over the pre-order array.
func (st *rowState) build() {
	st.rows, st.stack = st.rows[:0], st.stack[:0]
	if st.grouped && st.repeats == nil {
		st.repeats = findRepeats(st.t)
	}
	shownTo := 0 // the end of the revealed range
	for i := 0; i < st.t.Len(); {
		s := st.t.Span(i)
		if st.hiding() && i >= shownTo && st.matches.in(i, s.End()) == 0 {
			if !st.revealed.has(i) {
				i = st.addHidden(i, s)
				continue
			}
			shownTo = s.End()
		}
		i = st.add(i, s)
	}
}

// add adds the rows of a shown span and returns the span that comes next.
func (st *rowState) add(i int, s trace.Span) int {
	for n := len(st.stack); n > 0 && i >= st.stack[n-1]; n-- {
		st.stack = st.stack[:n-1]
	}
	indent := uint32(s.Depth() + len(st.stack))
	if st.grouping() {
		if g := st.repeats.starting(i); g != nil {
			st.rows = append(st.rows, waterRow{uint32(i), uint32(g.end), indent, groupRow})
			if !st.open.has(i) {
				return g.end
			}
			st.stack = append(st.stack, g.end)
			indent++
		}
	}
	st.rows = append(st.rows, waterRow{uint32(i), uint32(s.End()), indent, spanRow})
	if st.folded.has(i) {
		return s.End()
	}
	return i + 1
}

// addHidden adds one row for span i and the hidden siblings that follow, and returns the span behind them.
func (st *rowState) addHidden(i int, s trace.Span) int {
	limit := st.t.Len()
	if p := st.t.Parent(i); p >= 0 {
		limit = st.t.End(p)
	}
	j := s.End()
	for j < limit && !st.revealed.has(j) && st.matches.in(j, st.t.End(j)) == 0 {
		j = st.t.End(j)
	}
	st.rows = append(st.rows, waterRow{uint32(i), uint32(j), uint32(s.Depth()), hiddenRow})
	return j
}

// reveal shows the spans of a hidden row.
func (st *rowState) reveal(r waterRow) {
	for i := int(r.span); i < int(r.end); i = st.t.End(i) {
		st.revealed.add(i)
	}
}

// find returns the row that shows span i, or stands for it: that of a fold, a group or a hidden range. Of a group's
// row and its first member's, it is the group's when asked for.
func (st *rowState) find(i int, kind rowKind) int {
	row := sort.Search(len(st.rows), func(k int) bool { return int(st.rows[k].span) > i }) - 1
	if kind == groupRow && row > 0 && st.rows[row-1].span == st.rows[row].span {
		row--
	}
	return max(row, 0)
}

// uncover opens every fold, group and hidden range around span i and tells whether there was any.
func (st *rowState) uncover(i int) bool {
	changed := false
	for j := i; j >= 0; j = st.t.Parent(j) {
		if j != i && st.folded.has(j) {
			st.folded.remove(j)
			changed = true
		}
		if st.grouping() && st.repeats.of[j] >= 0 {
			if first := st.repeats.groups[st.repeats.of[j]].first; !st.open.has(first) {
				st.open.add(first)
				changed = true
			}
		}
		if st.hiding() && st.matches.in(j, st.t.End(j)) == 0 && !st.revealed.has(j) {
			st.revealed.add(j)
			changed = true
		}
	}
	return changed
}

// parentRow returns the row above which row r is indented: the parent's or the group's, -1 for none.
func (st *rowState) parentRow(r int) int {
	row := st.rows[r]
	if row.kind == spanRow && st.grouping() {
		if of := st.repeats.of[row.span]; of >= 0 {
			return st.find(st.repeats.groups[of].first, groupRow)
		}
	}
	p := st.t.Parent(int(row.span))
	if p < 0 {
		return -1
	}
	return st.find(p, spanRow)
}

// canOpen tells whether there is anything beneath a row.
func (st *rowState) canOpen(r waterRow) bool {
	return r.kind != spanRow || r.end > r.span+1
}

// isOpen tells whether what is beneath a row is shown.
func (st *rowState) isOpen(r waterRow) bool {
	switch r.kind {
	case groupRow:
		return st.open.has(int(r.span))
	case spanRow:
		return r.end > r.span+1 && !st.folded.has(int(r.span))
	case hiddenRow:
	}
	return false
}

// setOpen opens or folds a row; the rows must be built again.
func (st *rowState) setOpen(r waterRow, open bool) {
	i := int(r.span)
	switch r.kind {
	case groupRow:
		if open {
			st.open.add(i)
		} else {
			st.open.remove(i)
		}
	case hiddenRow:
		if open {
			st.reveal(r)
		}
	case spanRow:
		if open {
			st.folded.remove(i)
		} else {
			st.folded.add(i)
		}
	}
}

// foldAll folds everything but the first span: one level stays, as a table of contents.
func (st *rowState) foldAll() {
	for i := 1; i < st.t.Len(); i++ {
		if st.t.End(i) > i+1 {
			st.folded.add(i)
		}
	}
	clear(st.open)
}

// openAll opens everything.
func (st *rowState) openAll() {
	clear(st.folded)
	for i := range st.open {
		st.open[i] = ^uint64(0)
	}
}

// foldDeepest folds the deepest open rows; openHighest opens the highest folded ones. They tell whether there
// were any.
func (st *rowState) foldDeepest() bool {
	level := -1
	for _, r := range st.rows {
		if st.isOpen(r) {
			level = max(level, int(r.indent))
		}
	}
	return st.setLevel(level, false)
}

func (st *rowState) openHighest() bool {
	level := -1
	for _, r := range st.rows {
		if r.kind != hiddenRow && st.canOpen(r) && !st.isOpen(r) && (level < 0 || int(r.indent) < level) {
			level = int(r.indent)
		}
	}
	return st.setLevel(level, true)
}

func (st *rowState) setLevel(level int, open bool) bool {
	changed := false
	for _, r := range st.rows {
		if int(r.indent) == level && r.kind != hiddenRow && st.canOpen(r) && st.isOpen(r) != open {
			st.setOpen(r, open)
			changed = true
		}
	}
	return changed
}
