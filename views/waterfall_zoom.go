package views

import "tracefall/diagnose/facts"

// whole returns the window of the whole trace.
func (w *Waterfall) whole() timeWindow { return w.st.whole() }

func (st *rowState) whole() timeWindow {
	return timeWindow{st.times.from, max(st.times.to, facts.AddTime(st.times.from, 1))}
}

func (w *Waterfall) isZoomed() bool { return w.zoom.window != w.whole() }

// extent returns when what is under the cursor starts and ends.
func (w *Waterfall) extent() timeWindow {
	r, ok := w.row()
	if !ok {
		return w.whole()
	}
	switch r.kind {
	case groupRow:
		g := w.st.runs().starting(int(r.span))
		return timeWindow{g.start, max(g.finish, g.start+1)}
	case gapRow:
		g := w.st.gaps[r.end]
		return timeWindow{g.from, g.to}
	case spanRow, hiddenRow:
	}
	s := w.st.t.Span(int(r.span))
	from := w.st.times.start(s)
	return timeWindow{from, max(w.st.times.finish(s), facts.AddTime(from, 1))}
}

// zoomBy carries out the commands that change the window and tells whether it knew the command.
func (w *Waterfall) zoomBy(c Command) bool {
	r := w.st.rows[w.cursor]
	what := int(r.span)
	if r.kind == gapRow {
		what = w.st.t.Len() + 1 + int(r.end)
	}
	return w.zoom.do(c, what, w.extent(), w.whole())
}
