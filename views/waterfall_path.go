package views

import (
	"sort"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views/draw"
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
	mode  pathMode
	index *pathIndex // made when it is first drawn
}

// SetFacts takes what was derived from the trace: the critical path. Facts of another trace are dropped.
func (w *Waterfall) SetFacts(f *facts.Facts) {
	if w.st == nil || f == nil || f.Trace != w.st.t {
		return
	}
	w.facts, w.path.index = f, nil
	w.finds.measure(f)
	if w.path.mode != pathOff {
		w.setPath(w.path.mode)
	}
}

// cyclePath goes from one way to show the critical path to the next.
func (w *Waterfall) cyclePath() Action {
	next := (w.path.mode + 1) % (pathOnly + 1)
	w.setPath(next)
	on := draw.Count(w.path.index.on.total())
	switch next {
	case pathDrawn:
		return Say{"the critical path runs through " + on + " of " + countNoun(w.st.t.SpanCount(), "span", "spans") + ": the heavy line"}
	case pathOnly:
		return Say{"only the critical path: " + on + " of " + countNoun(w.st.t.SpanCount(), "span", "spans") + ", and their parents"}
	case pathOff:
	}
	return Say{"the critical path is off"}
}

func (w *Waterfall) setPath(mode pathMode) {
	if w.path.index == nil {
		w.path.index = indexPath(w.st.t, w.facts.Path)
	}
	was := w.st.path != nil
	w.path.mode, w.st.path = mode, nil
	if mode == pathOnly {
		w.st.path = w.path.index.on
	}
	if was == (mode == pathOnly) {
		return
	}
	w.st.keep()
	clear(w.st.revealed)
	w.rebuild()
}

// pathIndex finds the parts of the critical path that a span has itself: steps[first[i]:first[i+1]], in order of
// time.
type pathIndex struct {
	first []uint32
	steps []facts.Segment
	sum   []int64 // ns, of the steps before; one longer than steps
	on    spanCounts
}

// indexPath makes the index by counting: the steps of the path are in order of time already.
func indexPath(t *trace.Trace, path *facts.CriticalPath) *pathIndex {
	n := t.Len()
	x := &pathIndex{
		first: make([]uint32, n+2), steps: make([]facts.Segment, len(path.Steps)),
		sum: make([]int64, len(path.Steps)+1), on: make(spanCounts, n+1),
	}
	for _, s := range path.Steps {
		x.first[s.Span+2]++
	}
	for i := range n {
		x.on[i+1] = x.on[i]
		if x.first[i+2] > 0 && !t.Span(i).Synthetic() {
			x.on[i+1]++
		}
		x.first[i+2] += x.first[i+1]
	}
	for _, s := range path.Steps {
		x.steps[x.first[s.Span+1]] = s.Segment
		x.first[s.Span+1]++ // becomes where the steps of the span end
	}
	x.first = x.first[:n+1]
	for k, s := range x.steps {
		x.sum[k+1] = x.sum[k] + s.Duration()
	}
	return x
}

// of returns the numbers of span i's steps.
func (x *pathIndex) of(i int) (from, to int) { return int(x.first[i]), int(x.first[i+1]) }

// covered returns for how many nanoseconds between two times the path runs through the steps lo to hi-1.
func (x *pathIndex) covered(lo, hi int, from, to int64) int64 {
	a := lo + sort.Search(hi-lo, func(k int) bool { return x.steps[lo+k].End > from })
	b := a + sort.Search(hi-a, func(k int) bool { return x.steps[a+k].Start >= to })
	if a == b {
		return 0
	}
	sum := x.sum[b] - x.sum[a]
	return sum - max(from-x.steps[a].Start, 0) - max(x.steps[b-1].End-to, 0)
}

// drawPathBar draws a bar as a line, heavy where the critical path runs through the span itself, or, of a closed
// row, through anything that it stands for.
func (w *Waterfall) drawPathBar(a draw.Area, r waterRow, s trace.Span, ink draw.Ink, theme *draw.Theme) {
	scale, by := w.scale(), w.st.times.moved(int(r.span))
	start, finish := w.st.times.start(s), w.st.times.finish(s)
	a.Span(0, scale, start, finish, draw.BarLight, ink)
	if !scale.Contains(start, finish) || finish <= start {
		return
	}
	heavy := theme.CriticalPath.Over(ink)
	if w.st.canOpen(r) && !w.st.isOpen(r) {
		// A subtree has the path without a break: it is left by its start only.
		if time := w.facts.CriticalTime(int(r.span)); time > 0 {
			from := w.facts.Timing.Effective(int(r.span)).Start
			w.drawHeavy(a, scale, addTime(from, by), addTime(from, by+time), heavy)
		}
		return
	}
	lo, hi := w.path.index.of(int(r.span))
	if lo == hi {
		return
	}
	w.drawSteps(a, scale, lo, hi, by, heavy, timeWindow{start, finish})
}

// drawHeavy draws one stretch of the critical path.
func (w *Waterfall) drawHeavy(a draw.Area, scale draw.Scale, from, to int64, ink draw.Ink) {
	if scale.Contains(from, to) {
		a.Span(0, scale, from, to, draw.BarHeavy, ink)
	}
}

// drawSteps draws the cells heavy of which the steps lo to hi-1, moved by so many nanoseconds, take half or more;
// where they take so much of none, the cell of the longest of them.
func (w *Waterfall) drawSteps(a draw.Area, scale draw.Scale, lo, hi int, by int64, ink draw.Ink, bar timeWindow) {
	x := w.path.index
	first, last := scale.Cell(bar.from), scale.Cell(max(bar.to-1, bar.from))
	run, drawn := -1, false
	var best int64
	at := -1
	end := func(cell int) {
		if run >= 0 {
			from, to := max(scale.Eighth(bar.from), run*8), min(scale.Eighth(bar.to), cell*8)
			a.Bar(0, 0, from, to, draw.BarHeavy, ink)
			run, drawn = -1, true
		}
	}
	for c := first; c <= last; c++ {
		from, to := max(scale.At(c), bar.from), min(max(scale.At(c+1), scale.At(c)+1), bar.to)
		n := x.covered(lo, hi, addTime(from, -by), addTime(to, -by))
		if n > best {
			best, at = n, c
		}
		switch {
		case n > 0 && 2*n >= to-from:
			if run < 0 {
				run = c
			}
		default:
			end(c)
		}
	}
	end(last + 1)
	if !drawn && at >= 0 {
		a.Bar(0, 0, max(at*8, scale.Eighth(bar.from)), min(at*8+8, scale.Eighth(bar.to)), draw.BarHeavy, ink)
	}
}
