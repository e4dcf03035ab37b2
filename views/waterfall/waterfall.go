package waterfall

import (
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

// Waterfall shows one trace: a row per span, in the tree's order, with its bar on the time scale.
//
//	SetTrace, SetMatches --> rowState.build --> rows
//	Do, Mouse            --> cursor, folds, window --> (rows again, where folds changed)
//	Draw                 --> formats rows[top:top+height]
//
// A span is named by its index in the trace. The cursor is on a row and follows its span when rows change.
type Waterfall struct {
	st     *rowState // nil without a trace
	cursor int       // row
	top    int       // first row on screen
	page   int       // rows on screen in the last frame
	settle bool      // the cursor came from afar: the next frame shows what is around it
	shift  int       // levels of indentation scrolled away
	widen  int       // cells the names' column is wider than by default
	drawn  layout
	search search
	zoom   Zooming

	finds  waterFindings
	facts  *facts.Facts // of the trace, nil while not known
	clocks waterClocks
	path   waterPath
}

// New returns a waterfall without a trace.
func New() *Waterfall { return &Waterfall{zoom: Zooming{zoomed: -1}, page: 1} }

// SetTrace shows a trace. When it is another load of the trace shown now, folds, groups, cursor and window stay;
// matches, findings, facts and clocks are gone and must be given again.
func (w *Waterfall) SetTrace(t *trace.Trace) {
	old := w.st
	w.drawn = layout{}
	w.finds, w.facts = waterFindings{}, nil
	w.path = waterPath{mode: w.path.mode}
	w.clocks = waterClocks{}
	if t == nil {
		w.st = nil
		return
	}
	w.st = newRowState(t)
	w.zoom.zoomed = -1
	if old != nil && old.t.ID() == t.ID() {
		w.carryOver(old)
		return
	}
	w.cursor, w.top, w.shift = 0, 0, 0
	w.SetVocabulary(nil)
	w.SetQuery("")
	w.zoom.Window = w.whole()
	if old != nil {
		w.st.grouped, w.st.gapped = old.grouped, old.gapped
	}
	w.st.build()
}

// carryOver takes the state of looking over from an older load of the trace; spans are known by their ids.
func (w *Waterfall) carryOver(old *rowState) {
	zoomed := w.zoom.Window != old.whole()
	w.setWide(old.wide && w.st.hasOutside())
	if !zoomed {
		w.zoom.Window = w.whole()
	}
	w.zoom.Window = w.zoom.Window.within(w.whole())
	w.st.grouped, w.st.gapped = old.grouped, old.gapped
	var at waterRow
	if len(old.rows) > 0 {
		at = old.rows[w.cursor]
	}
	folded, open := idsOf(old.t, old.folded), idsOf(old.t, old.open)
	cursorID, cursorSpan := old.t.Span(old.spanOf(at)).ID(), 0
	for i := w.st.t.First(); i < w.st.t.Len(); i++ {
		id := w.st.t.Span(i).ID()
		if folded[id] {
			w.st.folded.Add(i)
		}
		if open[id] {
			w.st.open.Add(i)
		}
		if id == cursorID {
			cursorSpan = i
		}
	}
	screen := w.cursor - w.top
	w.st.build()
	w.cursor = w.st.Find(cursorSpan, at.kind)
	w.top = w.cursor - screen
}

// idsOf returns the ids of the spans of a set that have something beneath them or might have it, nil for none.
func idsOf(t *trace.Trace, set SpanBits) map[trace.SpanID]bool {
	var ids map[trace.SpanID]bool
	for i := t.First(); i < t.Len(); i++ {
		if set[i>>6] == 0 {
			i |= 63
			continue
		}
		if set.Has(i) {
			if ids == nil {
				ids = map[trace.SpanID]bool{}
			}
			ids[t.Span(i).ID()] = true
		}
	}
	return ids
}

// Trace returns the trace that is shown, nil for none.
func (w *Waterfall) Trace() *trace.Trace {
	if w.st == nil {
		return nil
	}
	return w.st.t
}

// Selected returns the span under the cursor, -1 where that is no span of its own: a group, or what the filter
// hides, or no trace at all.
func (w *Waterfall) Selected() int {
	if r, ok := w.row(); ok && r.kind == spanRow {
		return int(r.span)
	}
	return -1
}

// Select puts the cursor on a span, opening what it is hidden in.
func (w *Waterfall) Select(span int) {
	if w.st == nil || span < 0 || span >= w.st.t.Len() {
		return
	}
	if w.st.uncover(span) {
		w.st.build()
	}
	w.cursor = w.st.Find(span, spanRow)
	if w.cursor < w.top || w.cursor >= w.top+w.page {
		w.settle = true
	}
	w.follow()
}

// SetMatches marks the spans a search or query found, by index; nil ends it. With hide, other spans are left out
// but for the ancestors of matches, and rows say how many are missing.
func (w *Waterfall) SetMatches(matches []bool, hide bool) {
	if w.st == nil {
		return
	}
	w.search.half = nil
	if hide && w.search.Popup.Open() && matches != nil && !slices.Contains(matches, true) {
		w.search.half = matches
		return
	}
	wasHiding := w.st.hiding()
	w.st.matches, w.st.hide = nil, hide
	if matches != nil {
		w.st.matches = CountSpans(matches, w.st.t.Len())
	}
	w.st.keep()
	clear(w.st.revealed)
	if wasHiding || w.st.hiding() {
		w.rebuild()
	}
	w.seek()
}

// row returns the row under the cursor.
func (w *Waterfall) row() (waterRow, bool) {
	if w.st == nil || w.cursor < 0 || w.cursor >= len(w.st.rows) {
		return waterRow{}, false
	}
	return w.st.rows[w.cursor], true
}

// rebuild makes the rows again. The cursor stays with its span and at its place on the screen.
func (w *Waterfall) rebuild() {
	r, ok := w.row()
	screen := w.cursor - w.top
	var gap waterGap
	if ok && r.kind == gapRow {
		gap = w.st.gaps[r.end]
	}
	w.st.build()
	switch {
	case ok && r.kind == gapRow:
		w.cursor = w.st.findGap(gap.before, gap.parent)
	case ok:
		w.cursor = w.st.Find(int(r.span), r.kind)
	}
	w.top = w.cursor - screen
	w.follow()
}

// LookAround is the part of the screen above the cursor after a jump: a third.
const LookAround = 3

// follow scrolls as little as is needed to have the cursor on the screen.
func (w *Waterfall) follow() {
	n := len(w.st.rows)
	w.cursor = min(max(w.cursor, 0), max(n-1, 0))
	if w.settle {
		w.top = w.cursor - w.page/LookAround
	}
	w.top = min(max(w.top, w.cursor-w.page+1), w.cursor)
	w.top = max(min(w.top, n-w.page), 0)
}
