package waterfall

import (
	"tracefall/diagnose/facts"
	"tracefall/views"
)

// whole returns the time that the window can move in: the trace's window, or the time of all spans once that was
// asked for.
func (w *Waterfall) whole() TimeWindow { return w.st.whole() }

func (st *rowState) whole() TimeWindow {
	if st.wide {
		return st.times.extent
	}
	return st.times.window()
}

// hasOutside reports whether spans lie outside the trace's window.
func (st *rowState) hasOutside() bool {
	return st.times.extent.And(st.times.window()) != st.times.window()
}

// setWide lets the window move in the time of all spans, or only in the trace's window.
func (w *Waterfall) setWide(wide bool) {
	if w.st.wide == wide {
		return
	}
	w.st.wide = wide
	w.st.index = indexTrace(w.st.t, w.st.times, w.whole())
}

// resetZoom shows the trace's window, and where that is on screen, the time of all spans.
func (w *Waterfall) resetZoom() {
	w.setWide(!w.st.wide && !w.isZoomed() && w.st.hasOutside())
	w.zoom.Set(w.whole(), w.whole())
}

func (w *Waterfall) isZoomed() bool { return w.zoom.Window != w.whole() }

// extent returns when what is under the cursor starts and ends.
func (w *Waterfall) extent() TimeWindow {
	r, ok := w.row()
	if !ok {
		return w.whole()
	}
	switch r.kind {
	case groupRow:
		g := w.st.runs().starting(int(r.span))
		return TimeWindow{g.start, max(g.finish, g.start+1)}
	case gapRow:
		g := w.st.gaps[r.end]
		return TimeWindow{g.from, g.to}
	case spanRow, hiddenRow:
	}
	s := w.st.t.Span(int(r.span))
	from := w.st.times.Start(s)
	return TimeWindow{from, max(w.st.times.finish(s), facts.AddTime(from, 1))}
}

// zoomBy carries out the commands that change the window and tells whether it knew the command.
func (w *Waterfall) zoomBy(c views.Command) bool {
	if c == views.ZoomReset {
		w.resetZoom()
		return true
	}
	r := w.st.rows[w.cursor]
	what := int(r.span)
	if r.kind == gapRow {
		what = w.st.t.Len() + 1 + int(r.end)
	}
	at := w.extent()
	if c == views.ZoomSpan && (at.From >= w.whole().To || at.To <= w.whole().From) {
		w.setWide(true)
	}
	return w.zoom.Do(c, what, at, w.whole())
}

// canZoom says why the window cannot be changed that way, "" when it can.
func (w *Waterfall) canZoom(c views.Command) string {
	if c == views.ZoomReset && (w.st.wide || w.st.hasOutside()) {
		return ""
	}
	reason := w.zoom.Can(c, w.whole())
	if reason != "" && c != views.ZoomIn && !w.st.wide && w.st.hasOutside() {
		return "the axis is the root's extent; reset the zoom to see all spans"
	}
	return reason
}
