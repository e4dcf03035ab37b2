package timing

import (
	"cmp"
	"slices"

	"tracefall/diagnose/semconv"
)

// SelfTimes returns for each span of the trace, by index, the nanoseconds of its own duration during which none of
// the children it waits for was running:
//
//	parent  |--------------------|
//	a          |-----|
//	b             |------|
//	self    |==|         |=======|
//
// Overlapping children count once, and only as far as they lie within the span. Durations are the spans' own, not
// the effective ones: what a span does after its parent ended is its work all the same. A synthetic root does nothing
// itself: the time between the first spans of a trace, or between its pieces, is nobody's.
func SelfTimes(tm *Timing) []int64 {
	t := tm.trace
	self := make([]int64, t.Len())
	var children []Segment
	for i := range self {
		s := t.Span(i)
		if s.Synthetic() {
			continue
		}
		own := tm.Own(i)
		children = children[:0]
		for c := i + 1; c < s.End(); c = t.Span(c).End() {
			child := tm.Own(c)
			clipped := Segment{max(child.Start, own.Start), min(child.End, own.End)}
			if clipped.Start < clipped.End && !semconv.HandedOver(s, t.Span(c)) {
				children = append(children, clipped)
			}
		}
		self[i] = own.Duration() - Union(children)
	}
	return self
}

// Union returns how long at least one of the segments lasts, and sorts them.
func Union(segments []Segment) int64 {
	byStart := func(a, b Segment) int { return cmp.Compare(a.Start, b.Start) }
	if !slices.IsSortedFunc(segments, byStart) {
		slices.SortFunc(segments, byStart)
	}
	var total int64
	for i := 0; i < len(segments); {
		run := segments[i]
		for i++; i < len(segments) && segments[i].Start <= run.End; i++ {
			run.End = max(run.End, segments[i].End)
		}
		total += run.Duration()
	}
	return total
}
