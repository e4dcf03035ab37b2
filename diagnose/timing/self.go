package timing

import (
	"cmp"
	"slices"

	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
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
	var waits []Segment
	for i := range self {
		if t.Span(i).Synthetic() {
			continue
		}
		self[i] = tm.Own(i).Duration()
		waits = Waits(t, i, tm.Own, waits[:0])
		for _, w := range waits {
			self[i] -= w.Duration()
		}
	}
	return self
}

// Waits appends to list the stretches of span i during which a child that it waits for was running, in order of time and
// disjoint; what remains of the span is its self time. own says when a span runs.
func Waits(t *trace.Trace, i int, own func(int) Segment, list []Segment) []Segment {
	s, all, at := t.Span(i), own(i), len(list)
	for c := i + 1; c < s.End(); c = t.Span(c).End() {
		child := own(c)
		clipped := Segment{max(child.Start, all.Start), min(child.End, all.End)}
		if clipped.Start < clipped.End && !semconv.HandedOver(s, t.Span(c)) {
			list = append(list, clipped)
		}
	}
	return list[:at+len(merged(list[at:]))]
}

// Union returns how long at least one of the segments lasts, and sorts and joins them.
func Union(segments []Segment) int64 {
	var total int64
	for _, s := range merged(segments) {
		total += s.Duration()
	}
	return total
}

// merged sorts segments and joins those that overlap or touch, in place.
func merged(segments []Segment) []Segment {
	byStart := func(a, b Segment) int { return cmp.Compare(a.Start, b.Start) }
	if !slices.IsSortedFunc(segments, byStart) {
		slices.SortFunc(segments, byStart)
	}
	out := segments[:0]
	for _, s := range segments {
		if n := len(out); n > 0 && s.Start <= out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}
