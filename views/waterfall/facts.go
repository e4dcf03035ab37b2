package waterfall

import (
	"tracefall/diagnose/clocks"
	"tracefall/diagnose/facts"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/tree"
)

// pathMode is how the critical path is shown.
type pathMode uint8

const (
	pathOff pathMode = iota
	pathDrawn
	pathOnly // what it does not run through is hidden
)

func (m pathMode) word() string {
	return [...]string{pathOff: "", pathDrawn: "critical path", pathOnly: "critical path only"}[m]
}

// path is the critical path of the trace on screen.
type path struct {
	mode pathMode
	on   tree.Counts // the spans it runs through, counted when it is first drawn
}

// SetFacts takes what was derived from the trace: the critical path. Facts of another trace are dropped.
func (w *Waterfall) SetFacts(f *facts.Facts) {
	if w.rows == nil || f == nil || f.Trace != w.rows.t {
		return
	}
	w.facts, w.path.on, w.work = f, nil, newWork(w.rows.t, f)
	w.finds.turn(w.finds.at, w.rows.t, f)
	if len(w.finds.list) > 0 && w.focus() {
		w.tree.Rebuild()
	}
	if w.path.mode != pathOff {
		w.setPath(w.path.mode)
	}
}

// cyclePath goes from one way to show the critical path to the next.
func (w *Waterfall) cyclePath() views.Action {
	next := (w.path.mode + 1) % (pathOnly + 1)
	w.setPath(next)
	of := draw.Count(w.path.on.Total()) + " of " + draw.Amount(w.rows.t.SpanCount(), "span")
	switch next {
	case pathDrawn:
		return views.Say{Text: "critical path: " + of + " (heavy bars)"}
	case pathOnly:
		return views.Say{Text: "critical path only: " + of + " and their parents"}
	case pathOff:
	}
	return views.Say{Text: "critical path off"}
}

func (w *Waterfall) setPath(mode pathMode) {
	if w.path.on == nil {
		// The spans that it runs through themselves, not only in what is beneath them.
		t, path := w.rows.t, w.facts.Path
		w.path.on = tree.CountFunc(t.Len(), func(i int) bool { return path.Time(i) > 0 && !t.Span(i).Synthetic() })
	}
	was := w.rows.path != nil
	w.path.mode, w.rows.path = mode, nil
	if mode == pathOnly {
		w.rows.path = w.path.on
	}
	if was == (mode == pathOnly) {
		return
	}
	w.rows.keep()
	w.tree.Rebuild()
}

// clocksAdjusted is what title and status line say as long as times are not those recorded.
const clocksAdjusted = "clock skew corrected"

// adjustment is what is known of the clocks of the trace on screen.
type adjustment struct {
	known   bool
	offsets []int64 // ns to add, by span; nil where no clock is proven to be off
	wanted  bool    // adjusted times were asked for
}

// SetClocks takes what is known of the clocks of the set's hosts. It costs some nanoseconds a span.
func (w *Waterfall) SetClocks(c *clocks.Clocks) {
	if w.rows == nil || c == nil {
		return
	}
	w.clocks.known, w.clocks.offsets = true, c.Offsets(w.rows.t)
	if w.clocks.offsets == nil {
		w.clocks.wanted = false
	}
	if w.clocks.wanted != (w.rows.times.shift != nil) {
		w.setClocks(w.clocks.wanted)
	}
}

// cycleClocks goes from times as recorded to adjusted ones and back.
func (w *Waterfall) cycleClocks() views.Action {
	w.setClocks(!w.clocks.wanted)
	if !w.clocks.wanted {
		return views.Say{Text: "times as recorded"}
	}
	moved, farthest := 0, int64(0)
	for i := w.rows.t.First(); i < w.rows.t.Len(); i++ {
		if by := w.clocks.offsets[i]; by != 0 {
			moved++
			if draw.Magnitude(by) > draw.Magnitude(farthest) {
				farthest = by
			}
		}
	}
	return views.Say{Text: clocksAdjusted + ": " + draw.Amount(moved, "span") + " shifted, max " + draw.Offset(farthest)}
}

// setClocks draws adjusted times, or times as recorded. What depends on times is made anew.
func (w *Waterfall) setClocks(adjust bool) {
	r := w.rows
	zoomed := w.isZoomed()
	w.clocks.wanted = adjust
	r.times = rawTimes(r.t)
	if adjust {
		r.times = adjustedTimes(r.t, w.clocks.offsets)
	}
	r.index = indexTrace(r.t, r.times, r.whole())
	if at, ok := w.row(); ok && at.kind == gapRow {
		w.tree.Row = r.find(r.gaps[at.end].parent, spanRow)
	}
	r.gaps, r.repeats = nil, nil
	w.focus()
	window := w.zoom.Window
	if !zoomed {
		window = r.whole()
	}
	w.zoom.Set(window, r.whole())
	w.tree.Rebuild()
}

// cycleGaps shows or hides the rows for time without a span.
func (w *Waterfall) cycleGaps() views.Action {
	w.rows.gapped = !w.rows.gapped
	w.tree.Rebuild()
	if !w.rows.gapped {
		return views.Say{Text: "gaps hidden"}
	}
	least := draw.Duration(leastGap)
	if len(w.rows.gaps) == 0 {
		w.rows.gapped = false
		return views.Say{Text: "no gaps ≥ " + least}
	}
	return views.Say{Text: draw.Amount(len(w.rows.gaps), "gap") + " ≥ " + least}
}
