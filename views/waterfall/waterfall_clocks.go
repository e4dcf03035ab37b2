package waterfall

import (
	"tracefall/diagnose/facts"
	"tracefall/views"
	"tracefall/views/draw"
)

// clocksAdjusted is what title and status line say as long as times are not those recorded.
const clocksAdjusted = "clocks adjusted"

// waterClocks is what is known of the clocks of the trace on screen.
type waterClocks struct {
	known   bool
	offsets []int64 // ns to add, by span; nil where no clock is proven to be off
	wanted  bool    // adjusted times were asked for
}

// SetClocks takes what is known of the clocks of the set's hosts. It costs some nanoseconds a span.
func (w *Waterfall) SetClocks(c *facts.Clocks) {
	if w.st == nil || c == nil {
		return
	}
	w.clocks.known, w.clocks.offsets = true, c.Offsets(w.st.t)
	if w.clocks.offsets == nil {
		w.clocks.wanted = false
	}
	if w.clocks.wanted != (w.st.times.shift != nil) {
		w.setClocks(w.clocks.wanted)
	}
}

// cycleClocks goes from times as recorded to adjusted ones and back.
func (w *Waterfall) cycleClocks() views.Action {
	w.setClocks(!w.clocks.wanted)
	if !w.clocks.wanted {
		return views.Say{Text: "times as they were recorded"}
	}
	moved, farthest := 0, int64(0)
	for i := w.st.t.First(); i < w.st.t.Len(); i++ {
		if by := w.clocks.offsets[i]; by != 0 {
			moved++
			if draw.Magnitude(by) > draw.Magnitude(farthest) {
				farthest = by
			}
		}
	}
	return views.Say{Text: clocksAdjusted + ": " + draw.Count(moved) + " of " + draw.CountNoun(w.st.t.SpanCount(), "span", "spans") +
		" moved, by up to " + draw.Offset(farthest)}
}

// setClocks draws adjusted times, or times as recorded. What depends on times is made anew.
func (w *Waterfall) setClocks(adjust bool) {
	st := w.st
	zoomed := w.isZoomed()
	w.clocks.wanted = adjust
	st.times = rawTimes(st.t)
	if adjust {
		st.times = adjustedTimes(st.t, w.clocks.offsets)
	}
	st.index = indexTrace(st.t, st.times, st.whole())
	if r, ok := w.row(); ok && r.kind == gapRow {
		w.cursor = st.Find(st.gaps[r.end].parent, spanRow)
	}
	st.gaps, st.repeats = nil, nil
	w.focus()
	w.zoom.Window, w.zoom.zoomed = w.zoom.Window.within(w.whole()), -1
	if !zoomed {
		w.zoom.Window = w.whole()
	}
	w.rebuild()
}
