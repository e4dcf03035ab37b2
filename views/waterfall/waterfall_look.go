package waterfall

import (
	"tracefall/diagnose"
	"tracefall/diagnose/facts"
)

// Look is how a waterfall shows its trace, beside its query, its folds, its cursor and its finding.
type Look struct {
	Path, PathOnly bool  // the critical path is drawn, or all that is drawn
	Clocks         bool  // adjusted
	Groups, Gaps   bool  // rows for repeats, for time without a span
	From, To       int64 // the time window, in ns after the start of the trace; equal for the whole trace
}

// Look returns how the trace is shown; it is the zero value without one.
func (w *Waterfall) Look() Look {
	if w.st == nil {
		return Look{}
	}
	l := Look{
		Path: w.path.mode == pathDrawn, PathOnly: w.path.mode == pathOnly, Clocks: w.clocks.wanted,
		Groups: w.st.grouped, Gaps: w.st.gapped,
	}
	if w.isZoomed() || w.st.wide {
		l.From, l.To = w.zoom.Window.From-w.st.t.Start(), w.zoom.Window.To-w.st.t.Start()
	}
	return l
}

// SetLook shows the trace that way. What is not known yet, the critical path and the clocks, follows when it is.
func (w *Waterfall) SetLook(l Look) {
	if w.st == nil {
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
	w.st.grouped, w.st.gapped = l.Groups, l.Gaps
	w.rebuild()
	if l.To > l.From {
		start := w.st.t.Start()
		window := TimeWindow{facts.AddTime(start, l.From), facts.AddTime(start, l.To)}
		w.setWide(window.And(w.st.times.window()) != w.st.times.window())
		w.zoom.Set(window, w.whole())
	}
}

// Visited returns the finding that was gone to last, nil for none.
func (w *Waterfall) Visited() *diagnose.Finding {
	if !w.finds.visited {
		return nil
	}
	return w.finding()
}
