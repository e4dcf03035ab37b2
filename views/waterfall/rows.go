package waterfall

import (
	"sort"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views/timeline"
	"tracefall/views/tree"
)

// rowKind is what a row stands for.
type rowKind uint8

const (
	spanRow   rowKind = iota
	groupRow          // a run of repeats
	hiddenRow         // siblings that are hidden, with all beneath them
	gapRow            // time during which a span with children has none of them running
)

// row is one row. Rows are ordered by span; a group's row comes before that of its first member.
type row struct {
	span   uint32 // the span, or the first of the group or the hidden range; the span behind a gap, which may be none
	end    uint32 // what the row stands for when nothing beneath is shown: the spans span..end-1; the number of a gap
	indent uint32 // levels
	kind   rowKind
}

// rows is what decides which rows there are, and the rows. It is made for one trace.
type rows struct {
	t        *trace.Trace
	index    *traceIndex
	times    spanTimes
	wide     bool // the window may leave the trace's window for spans that lie outside
	folded   tree.Set
	grouped  bool
	repeats  *repeats // nil until asked for
	focus    *repeats // the runs of repeated calls that findings are about, nil for none
	open     tree.Set // first members of the groups that are open
	matches  tree.Counts
	hide     bool        // only matches and their ancestors
	path     tree.Counts // set while only the critical path and its ancestors are shown: the spans it runs through
	kept     tree.Counts // what hiding leaves besides ancestors, nil when nothing is hidden
	revealed tree.Set    // siblings shown though they are not kept
	hidden   int         // spans that neither are kept nor lead to one that is
	gapped   bool        // gaps are rows
	gaps     []gap       // once asked for

	list  []row
	stack []int // ends of the open groups around the row being built
}

func newRows(t *trace.Trace) *rows {
	n := t.Len()
	times := rawTimes(t)
	return &rows{t: t, index: indexTrace(t, times, times.window), times: times,
		folded: tree.NewSet(n), open: tree.NewSet(n), revealed: tree.NewSet(n)}
}

// Len, Level, State, SetOpen and Build implement tree.Rows.
func (r *rows) Len() int { return len(r.list) }

// Level implements tree.Rows.
func (r *rows) Level(k int) int { return int(r.list[k].indent) }

// State implements tree.Rows.
func (r *rows) State(k int) tree.State { return r.state(r.list[k]) }

func (r *rows) state(at row) tree.State {
	switch {
	case at.kind == hiddenRow:
		return tree.Hidden
	case at.kind == groupRow:
		return tree.OpenIf(r.open.Has(int(at.span)))
	case at.kind == gapRow, at.end == at.span+1:
		return tree.Leaf
	}
	return tree.OpenIf(!r.folded.Has(int(at.span)))
}

// SetOpen implements tree.Rows.
func (r *rows) SetOpen(k int, open bool) {
	switch at := r.list[k]; at.kind {
	case groupRow:
		r.open.Put(int(at.span), open)
	case spanRow:
		r.folded.Put(int(at.span), !open)
	case hiddenRow:
		for i := int(at.span); open && i < int(at.end); i = r.t.End(i) {
			r.revealed.Add(i)
		}
	case gapRow:
	}
}

// Build implements tree.Rows.
func (r *rows) Build(k int) int {
	at, ok := r.at(k)
	if !ok {
		r.build()
		return k
	}
	if at.kind == gapRow {
		was := r.gaps[at.end]
		r.build()
		return r.findGap(was.before, was.parent)
	}
	r.build()
	return r.find(int(at.span), at.kind)
}

// at returns a row.
func (r *rows) at(k int) (row, bool) {
	return tree.At(r.list, k)
}

// runs returns the groups that are one row each now, nil for none. Between hidden rows they would not be runs any
// more.
func (r *rows) runs() *repeats {
	switch {
	case r.hiding():
		return nil
	case r.grouped:
		return r.repeats
	}
	return r.focus
}

func (r *rows) hiding() bool { return r.kept != nil }

// filtering reports whether a query hides spans.
func (r *rows) filtering() bool { return r.hide && r.matches != nil }

// keep works out what hiding leaves.
func (r *rows) keep() {
	switch {
	case r.filtering() && r.path != nil:
		r.kept = tree.Both(r.matches, r.path)
	case r.filtering():
		r.kept = r.matches
	default:
		r.kept = r.path
	}
	clear(r.revealed)
}

// countHidden counts the spans that hiding leaves no row for, folds or not: those that are shown and these are all spans.
func (r *rows) countHidden() {
	r.hidden = 0
	for i := 0; r.hiding() && i < r.t.Len(); {
		switch {
		case r.kept.In(i, r.t.End(i)) > 0:
			i++
		case r.revealed.Has(i):
			i = r.t.End(i)
		default:
			r.hidden += r.spansIn(i, r.t.End(i))
			i = r.t.End(i)
		}
	}
}

// spansIn returns how many spans from..to-1 are, without the one that only stands for several roots.
func (r *rows) spansIn(from, to int) int { return max(to-max(from, r.t.First()), 0) }

// hiddenBy says what hides rows.
func (r *rows) hiddenBy() string {
	switch {
	case r.path == nil:
		return " by the filter"
	case r.filtering():
		return ""
	}
	return ", not on the critical path"
}

// build makes the rows by one pass over the pre-order array.
func (r *rows) build() {
	r.list, r.stack = r.list[:0], r.stack[:0]
	r.countHidden()
	if r.grouped && r.repeats == nil {
		r.repeats = findRepeats(r.t, r.times)
	}
	if r.gapped && r.gaps == nil {
		r.gaps = findGaps(r.t, r.times)
	}
	shownTo := 0 // the end of the revealed range
	gap := 0
	for i := 0; i < r.t.Len(); {
		gap = r.addGaps(gap, i)
		s := r.t.Span(i)
		if r.hiding() && i >= shownTo && r.kept.In(i, s.End()) == 0 {
			if !r.revealed.Has(i) {
				i = r.addHidden(i, s)
				continue
			}
			shownTo = s.End()
		}
		i = r.add(i, s)
	}
	r.addGaps(gap, r.t.Len())
}

// add adds the rows of a shown span and returns the span that comes next.
func (r *rows) add(i int, s trace.Span) int {
	for n := len(r.stack); n > 0 && i >= r.stack[n-1]; n-- {
		r.stack = r.stack[:n-1]
	}
	indent := uint32(s.Depth() + len(r.stack))
	if runs := r.runs(); runs != nil {
		if g := runs.starting(i); g != nil {
			r.list = append(r.list, row{uint32(i), uint32(g.end), indent, groupRow})
			if !r.open.Has(i) {
				return g.end
			}
			r.stack = append(r.stack, g.end)
			indent++
		}
	}
	r.list = append(r.list, row{uint32(i), uint32(s.End()), indent, spanRow})
	if r.folded.Has(i) {
		return s.End()
	}
	return i + 1
}

// addHidden adds one row for span i and the hidden siblings that follow, and returns the span behind them.
func (r *rows) addHidden(i int, s trace.Span) int {
	limit := r.t.Len()
	if p := r.t.Parent(i); p >= 0 {
		limit = r.t.End(p)
	}
	j := s.End()
	for j < limit && !r.revealed.Has(j) && r.kept.In(j, r.t.End(j)) == 0 {
		j = r.t.End(j)
	}
	r.list = append(r.list, row{uint32(i), uint32(j), uint32(s.Depth()), hiddenRow})
	return j
}

// find returns the row that shows span i, or stands for it: that of a fold, a group or a hidden range. Of a group's
// row and its first member's, it is the group's when asked for.
func (r *rows) find(i int, kind rowKind) int {
	k := sort.Search(len(r.list), func(k int) bool { return int(r.list[k].span) > i }) - 1
	if kind == groupRow && k > 0 && r.list[k-1].kind == groupRow && r.list[k-1].span == r.list[k].span {
		k--
	}
	return max(k, 0)
}

// openAround opens every fold, group and hidden range around span i and reports whether there was any.
func (r *rows) openAround(i int) bool {
	changed := false
	for j := i; j >= 0; j = r.t.Parent(j) {
		if j != i && r.folded.Has(j) {
			r.folded.Remove(j)
			changed = true
		}
		if runs := r.runs(); runs != nil && runs.of[j] >= 0 {
			if first := runs.groups[runs.of[j]].first; !r.open.Has(first) {
				r.open.Add(first)
				changed = true
			}
		}
		if r.hiding() && r.kept.In(j, r.t.End(j)) == 0 && !r.revealed.Has(j) {
			r.revealed.Add(j)
			changed = true
		}
	}
	return changed
}

// FoldAll folds everything but the first span: one level stays, as a table of contents.
func (r *rows) FoldAll() {
	for i := 1; i < r.t.Len(); i++ {
		if r.t.End(i) > i+1 {
			r.folded.Add(i)
		}
	}
	clear(r.open)
}

// OpenAll opens everything.
func (r *rows) OpenAll() {
	clear(r.folded)
	r.open.Fill()
}

// whole returns the time that the window can move in: the trace's window, or the time of all spans once that was
// asked for.
func (r *rows) whole() timeline.Window {
	if r.wide {
		return r.times.extent
	}
	return r.times.window
}

// hasOutside reports whether spans lie outside the trace's window.
func (r *rows) hasOutside() bool {
	return r.times.extent.And(r.times.window) != r.times.window
}

// extent returns when what a row stands for starts and ends.
func (r *rows) extent(at row) timeline.Window {
	switch at.kind {
	case groupRow:
		g := r.runs().starting(int(at.span))
		return timeline.Window{From: g.start, To: max(g.finish, g.start+1)}
	case gapRow:
		return r.gaps[at.end].Window
	case spanRow, hiddenRow:
	}
	s := r.t.Span(int(at.span))
	from := r.times.start(s)
	return lasting(from, r.times.finish(s))
}

// alike reports whether two spans are one operation. of may be nil.
func (r *rows) alike(a, b int, of *facts.Facts) bool {
	if of != nil {
		return of.OpNumber(a) == of.OpNumber(b)
	}
	x, y := r.t.Span(a), r.t.Span(b)
	return x.NameSymbol() == y.NameSymbol() && x.ServiceSymbol() == y.ServiceSymbol()
}

// addGaps adds rows for the gaps before span i whose parents are open, and returns the number of the next gap. Gaps
// among spans without rows of their own have none either.
func (r *rows) addGaps(next, i int) int {
	if !r.gapped {
		return 0
	}
	for ; next < len(r.gaps) && r.gaps[next].before <= i; next++ {
		g := r.gaps[next]
		if g.before < i {
			continue
		}
		p := r.list[r.find(g.parent, spanRow)]
		if p.kind == spanRow && int(p.span) == g.parent && r.state(p) == tree.Open {
			r.list = append(r.list, row{uint32(i), uint32(next), p.indent + 1, gapRow})
		}
	}
	return next
}

// spanOf returns the span that a row is about: of a gap the one that has it.
func (r *rows) spanOf(at row) int {
	if at.kind == gapRow {
		return r.gaps[at.end].parent
	}
	return int(at.span)
}

// findGap returns the row of a gap, and that of its span where the gap has none.
func (r *rows) findGap(before, parent int) int {
	k := min(r.find(before, groupRow), len(r.list)-1)
	for ; k >= 0 && int(r.list[k].span) >= before; k-- {
		if at := r.list[k]; at.kind == gapRow && r.gaps[at.end].parent == parent {
			return k
		}
	}
	return r.find(parent, spanRow)
}
