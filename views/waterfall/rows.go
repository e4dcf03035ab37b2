package waterfall

import (
	"sort"

	"tracefall/sources/trace"
)

// rowKind is what a row of the waterfall stands for.
type rowKind uint8

const (
	spanRow   rowKind = iota
	groupRow          // a run of repeats
	hiddenRow         // siblings that are hidden, with all beneath them
	gapRow            // time during which a span with children has none of them running
)

// waterRow is one row of the waterfall. Rows are ordered by span; a group's row comes before that of its first
// member.
type waterRow struct {
	span   uint32 // the span, or the first of the group or the hidden range; the span behind a gap, which may be none
	end    uint32 // what the row stands for when nothing beneath is shown: the spans span..end-1; the number of a gap
	indent uint32 // levels
	kind   rowKind
}

// rowState is what decides which rows there are, and the rows. It is made for one trace.
type rowState struct {
	t        *trace.Trace
	index    *traceIndex
	folded   SpanBits
	grouped  bool
	repeats  *repeats // nil until asked for
	focus    *repeats // the runs that the finding on screen is made of, nil for none
	open     SpanBits // first members of the groups that are open
	matches  SpanCounts
	hide     bool       // only matches and their ancestors
	path     SpanCounts // set while only the critical path and its ancestors are shown: the spans it runs through
	kept     SpanCounts // what hiding leaves besides ancestors, nil when nothing is hidden
	revealed SpanBits   // siblings shown though they are not kept
	gapped   bool       // gaps are rows
	gaps     []waterGap // once asked for
	times    spanTimes
	wide     bool // the window may leave the trace's window for spans that lie outside

	rows  []waterRow
	stack []int // ends of the open groups around the row being built
}

func newRowState(t *trace.Trace) *rowState {
	n := t.Len()
	times := rawTimes(t)
	return &rowState{t: t, index: indexTrace(t, times, times.window()), times: times,
		folded: NewSpanBits(n), open: NewSpanBits(n), revealed: NewSpanBits(n)}
}

// runs returns the groups that are one row each now, nil for none. Between hidden rows they would not be runs any
// more.
func (st *rowState) runs() *repeats {
	switch {
	case st.hiding():
		return nil
	case st.grouped:
		return st.repeats
	}
	return st.focus
}

func (st *rowState) grouping() bool { return st.runs() != nil }

func (st *rowState) hiding() bool { return st.kept != nil }

// filtering tells whether a query hides spans.
func (st *rowState) filtering() bool { return st.hide && st.matches != nil }

// keep works out what hiding leaves.
func (st *rowState) keep() {
	switch {
	case st.filtering() && st.path != nil:
		st.kept = bothSpans(st.matches, st.path)
	case st.filtering():
		st.kept = st.matches
	default:
		st.kept = st.path
	}
}

// build makes the rows by one pass over the pre-order array.
func (st *rowState) build() {
	st.rows, st.stack = st.rows[:0], st.stack[:0]
	if st.grouped && st.repeats == nil {
		st.repeats = findRepeats(st.t, st.times)
	}
	if st.gapped && st.gaps == nil {
		st.gaps = findGaps(st.t, st.times)
	}
	shownTo := 0 // the end of the revealed range
	gap := 0
	for i := 0; i < st.t.Len(); {
		gap = st.addGaps(gap, i)
		s := st.t.Span(i)
		if st.hiding() && i >= shownTo && st.kept.In(i, s.End()) == 0 {
			if !st.revealed.Has(i) {
				i = st.addHidden(i, s)
				continue
			}
			shownTo = s.End()
		}
		i = st.Add(i, s)
	}
	st.addGaps(gap, st.t.Len())
}

// Add adds the rows of a shown span and returns the span that comes next.
func (st *rowState) Add(i int, s trace.Span) int {
	for n := len(st.stack); n > 0 && i >= st.stack[n-1]; n-- {
		st.stack = st.stack[:n-1]
	}
	indent := uint32(s.Depth() + len(st.stack))
	if runs := st.runs(); runs != nil {
		if g := runs.starting(i); g != nil {
			st.rows = append(st.rows, waterRow{uint32(i), uint32(g.end), indent, groupRow})
			if !st.open.Has(i) {
				return g.end
			}
			st.stack = append(st.stack, g.end)
			indent++
		}
	}
	st.rows = append(st.rows, waterRow{uint32(i), uint32(s.End()), indent, spanRow})
	if st.folded.Has(i) {
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
	for j < limit && !st.revealed.Has(j) && st.kept.In(j, st.t.End(j)) == 0 {
		j = st.t.End(j)
	}
	st.rows = append(st.rows, waterRow{uint32(i), uint32(j), uint32(s.Depth()), hiddenRow})
	return j
}

// reveal shows the spans of a hidden row.
func (st *rowState) reveal(r waterRow) {
	for i := int(r.span); i < int(r.end); i = st.t.End(i) {
		st.revealed.Add(i)
	}
}

// Find returns the row that shows span i, or stands for it: that of a fold, a group or a hidden range. Of a group's
// row and its first member's, it is the group's when asked for.
func (st *rowState) Find(i int, kind rowKind) int {
	row := sort.Search(len(st.rows), func(k int) bool { return int(st.rows[k].span) > i }) - 1
	if kind == groupRow && row > 0 && st.rows[row-1].kind == groupRow && st.rows[row-1].span == st.rows[row].span {
		row--
	}
	return max(row, 0)
}

// uncover opens every fold, group and hidden range around span i and tells whether there was any.
func (st *rowState) uncover(i int) bool {
	changed := false
	for j := i; j >= 0; j = st.t.Parent(j) {
		if j != i && st.folded.Has(j) {
			st.folded.Remove(j)
			changed = true
		}
		if runs := st.runs(); runs != nil && runs.of[j] >= 0 {
			if first := runs.groups[runs.of[j]].first; !st.open.Has(first) {
				st.open.Add(first)
				changed = true
			}
		}
		if st.hiding() && st.kept.In(j, st.t.End(j)) == 0 && !st.revealed.Has(j) {
			st.revealed.Add(j)
			changed = true
		}
	}
	return changed
}

// parentRow returns the row above which row r is indented: the parent's or the group's, -1 for none.
func (st *rowState) parentRow(r int) int {
	row := st.rows[r]
	if runs := st.runs(); row.kind == spanRow && runs != nil {
		if of := runs.of[row.span]; of >= 0 {
			return st.Find(runs.groups[of].first, groupRow)
		}
	}
	if row.kind == gapRow {
		return st.Find(st.gaps[row.end].parent, spanRow)
	}
	p := st.t.Parent(int(row.span))
	if p < 0 {
		return -1
	}
	return st.Find(p, spanRow)
}

// canOpen tells whether there is anything beneath a row.
func (st *rowState) canOpen(r waterRow) bool {
	switch r.kind {
	case spanRow:
		return r.end > r.span+1
	case gapRow:
		return false
	case groupRow, hiddenRow:
	}
	return true
}

// isOpen tells whether what is beneath a row is shown.
func (st *rowState) isOpen(r waterRow) bool {
	switch r.kind {
	case groupRow:
		return st.open.Has(int(r.span))
	case spanRow:
		return r.end > r.span+1 && !st.folded.Has(int(r.span))
	case hiddenRow, gapRow:
	}
	return false
}

// setOpen opens or folds a row; the rows must be built again.
func (st *rowState) setOpen(r waterRow, open bool) {
	i := int(r.span)
	switch r.kind {
	case groupRow:
		if open {
			st.open.Add(i)
		} else {
			st.open.Remove(i)
		}
	case hiddenRow:
		if open {
			st.reveal(r)
		}
	case gapRow:
	case spanRow:
		if open {
			st.folded.Remove(i)
		} else {
			st.folded.Add(i)
		}
	}
}

// foldAll folds everything but the first span: one level stays, as a table of contents.
func (st *rowState) foldAll() {
	for i := 1; i < st.t.Len(); i++ {
		if st.t.End(i) > i+1 {
			st.folded.Add(i)
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
