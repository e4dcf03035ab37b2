package waterfall

import (
	"tracefall/diagnose/clocks"
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/timeline"
)

// Waterfall shows one trace. A span is named by its index in the trace. The cursor is on a row and follows its span when
// rows change.
type Waterfall struct {
	view
	search
	bindings []views.Binding
	drawn    layout
	next     [2]int // the cells of the finding's line that go to the next one
	widen    int    // cells the names' column is wider than by default
	drag     drag

	finds  findings
	facts  *facts.Facts // of the trace, nil while not known
	clocks adjustment
	path   path
	work   *work // nil without a trace
	growing
}

// growing is what a backend may still add to the trace.
type growing struct{ grows bool }

// SetGrows says whether the backend that the trace was asked from may have more of it by now.
func (g *growing) SetGrows(grows bool) { g.grows = grows }

// New returns a waterfall without a trace.
func New() *Waterfall { return &Waterfall{} }

// SetTrace shows a trace. When it is another load of the trace shown now, folds, groups, cursor and window stay;
// matches, findings, facts and clocks are gone and must be given again.
func (w *Waterfall) SetTrace(t *trace.Trace) {
	old := w.rows
	w.drawn, w.drag = layout{}, drag{}
	w.finds, w.facts, w.work = findings{cause: -1}, nil, nil
	w.path = path{mode: w.path.mode}
	w.clocks = adjustment{}
	if t == nil {
		w.rows = nil
		w.tree.Show(nil)
		return
	}
	w.rows, w.work = newRows(t), newWork(t, nil)
	if old == nil || old.t.Set() != t.Set() {
		w.stems = stemsOf(t.Set())
	}
	w.logs.join(t)
	w.tree.Show(w.rows)
	if old != nil && old.t.ID() == t.ID() {
		w.carryOver(old)
		return
	}
	w.tree.Row, w.tree.Top, w.tree.Shift = 0, 0, 0
	w.SetVocabulary(nil)
	w.SetQuery("")
	w.zoom.Set(w.rows.whole(), w.rows.whole())
	if old != nil {
		w.rows.grouped, w.rows.gapped = old.grouped, old.gapped
	}
	w.rows.build()
}

// Look is how a waterfall shows its trace, beside its query, its folds, its cursor and its finding.
type Look struct {
	Path, PathOnly bool  // the critical path is drawn, or all that is drawn
	Clocks         bool  // adjusted
	Groups, Gaps   bool  // rows for repeats, for time without a span
	From, To       int64 // the time window, in ns after the start of the trace; equal for the whole trace
}

// Look returns how the trace is shown; it is the zero value without one.
func (w *Waterfall) Look() Look {
	if w.rows == nil {
		return Look{}
	}
	l := Look{
		Path: w.path.mode == pathDrawn, PathOnly: w.path.mode == pathOnly, Clocks: w.clocks.wanted,
		Groups: w.rows.grouped, Gaps: w.rows.gapped,
	}
	if w.isZoomed() || w.rows.wide {
		l.From, l.To = w.zoom.Window.From-w.rows.t.Start(), w.zoom.Window.To-w.rows.t.Start()
	}
	return l
}

// SetLook shows the trace that way. What is not known yet, the critical path and the clocks, follows when it is.
func (w *Waterfall) SetLook(l Look) {
	if w.rows == nil {
		return
	}
	mode := pathOff
	switch {
	case l.PathOnly:
		mode = pathOnly
	case l.Path:
		mode = pathDrawn
	}
	if w.facts != nil {
		w.setPath(mode)
	} else {
		w.path.mode = mode
	}
	if w.clocks.known && w.clocks.offsets != nil && l.Clocks != w.clocks.wanted {
		w.setClocks(l.Clocks)
	} else if !w.clocks.known {
		w.clocks.wanted = l.Clocks
	}
	w.rows.grouped, w.rows.gapped = l.Groups, l.Gaps
	w.tree.Rebuild()
	if l.To > l.From {
		start := w.rows.t.Start()
		window := timeline.Window{From: clocks.Add(start, l.From), To: clocks.Add(start, l.To)}
		w.setWide(window.And(w.rows.times.window) != w.rows.times.window)
		w.zoom.Set(window, w.rows.whole())
	}
}
