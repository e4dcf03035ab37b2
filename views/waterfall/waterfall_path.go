package waterfall

import (
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// pathMode is how the critical path is shown.
type pathMode uint8

const (
	pathOff pathMode = iota
	pathDrawn
	pathOnly // what it does not run through is hidden
)

func (m pathMode) word() string {
	switch m {
	case pathDrawn:
		return "critical path"
	case pathOnly:
		return "critical path only"
	case pathOff:
	}
	return ""
}

// waterPath is the critical path of the trace on screen.
type waterPath struct {
	mode pathMode
	on   SpanCounts // the spans it runs through, counted when it is first drawn
}

// SetFacts takes what was derived from the trace: the critical path. Facts of another trace are dropped.
func (w *Waterfall) SetFacts(f *facts.Facts) {
	if w.st == nil || f == nil || f.Trace != w.st.t {
		return
	}
	w.facts, w.path.on = f, nil
	w.finds.turn(w.finds.at, w.st.t, f)
	if w.path.mode != pathOff {
		w.setPath(w.path.mode)
	}
}

// cyclePath goes from one way to show the critical path to the next.
func (w *Waterfall) cyclePath() views.Action {
	next := (w.path.mode + 1) % (pathOnly + 1)
	w.setPath(next)
	on := draw.Count(w.path.on.Total())
	switch next {
	case pathDrawn:
		return views.Say{Text: "the critical path runs through " + on + " of " + draw.CountNoun(w.st.t.SpanCount(), "span", "spans") + ": the heavy line"}
	case pathOnly:
		return views.Say{Text: "only the critical path: " + on + " of " + draw.CountNoun(w.st.t.SpanCount(), "span", "spans") + ", and their parents"}
	case pathOff:
	}
	return views.Say{Text: "the critical path is off"}
}

func (w *Waterfall) setPath(mode pathMode) {
	if w.path.on == nil {
		w.path.on = onPath(w.st.t, w.facts.Path)
	}
	was := w.st.path != nil
	w.path.mode, w.st.path = mode, nil
	if mode == pathOnly {
		w.st.path = w.path.on
	}
	if was == (mode == pathOnly) {
		return
	}
	w.st.keep()
	clear(w.st.revealed)
	w.rebuild()
}

// onPath counts the spans that the critical path runs through themselves, not only in what is beneath them.
func onPath(t *trace.Trace, path *facts.CriticalPath) SpanCounts {
	on := make(SpanCounts, t.Len()+1)
	for i := range t.Len() {
		on[i+1] = on[i]
		if path.Time(i) > 0 && !t.Span(i).Synthetic() {
			on[i+1]++
		}
	}
	return on
}

// drawPathBar draws a bar as a line, heavy where the critical path runs through the span or what is beneath it. That
// is one stretch from the span's start on: the path leaves a subtree only by its start.
//
//	parent  ━━━━━━━━━━━━━━━━━━
//	a       ╶──────╴             nobody waited for it: b took longer
//	b        ━━━━━━━━━━
//	c                  ━━━━━━━
func (w *Waterfall) drawPathBar(a draw.Area, s trace.Span, ink draw.Ink, theme *style.Theme) {
	scale, i := w.scale(), s.Index()
	start, finish := w.st.times.Start(s), w.st.times.finish(s)
	a.Span(0, scale, start, finish, draw.BarLight, ink)
	time := w.facts.CriticalTime(i)
	if time == 0 {
		return
	}
	from := facts.AddTime(recorded(w.facts, i).Start, w.st.times.moved(i))
	if to := facts.AddTime(from, time); scale.Contains(from, to) {
		a.Span(0, scale, from, to, draw.BarHeavy, theme.CriticalPath.Over(ink))
	}
}

// recorded returns the effective interval of a span by its own clock, as its times were recorded.
func recorded(f *facts.Facts, i int) facts.Segment {
	e, by := f.Timing.Effective(i), f.Timing.Offset(i)
	return facts.Segment{Start: e.Start - by, End: e.End - by}
}
