package waterfall

import (
	"tracefall/sources/trace"
	"tracefall/views/timeline"
)

// leastGap is how long nothing may have been recorded, in ns, to be worth a row.
const leastGap = 100_000_000

// gap is a stretch of a span during which it has children, but none of them is running: what the program did
// then was not instrumented.
//
//	parent  |-----------------------|
//	a         |----|
//	b            |----|
//	c                       |-----|
//	gap               |=====|           before c
type gap struct {
	timeline.Window     // ns since the epoch
	before          int // index of the span whose row comes next; the trace's length at its end
	parent          int
}

// findGaps finds the gaps of leastGap and more, in the order of rows.
func findGaps(t *trace.Trace, times spanTimes) []gap {
	type open struct {
		span, end int
		reach     int64 // until here something ran
	}
	gaps := []gap{}
	var stack []open
	note := func(p open, before int, to int64) {
		if to > p.reach && uint64(to)-uint64(p.reach) >= leastGap && !t.Span(p.span).Synthetic() {
			gaps = append(gaps, gap{timeline.Window{From: p.reach, To: to}, before, p.span})
		}
	}
	leave := func(i int) {
		for n := len(stack); n > 0 && stack[n-1].end <= i; n-- {
			p := stack[n-1]
			note(p, i, times.finish(t.Span(p.span)))
			stack = stack[:n-1]
		}
	}
	for i := range t.Len() {
		leave(i)
		s := t.Span(i)
		if n := len(stack); n > 0 {
			p := &stack[n-1]
			note(*p, i, min(times.start(s), times.finish(t.Span(p.span))))
			p.reach = max(p.reach, times.finish(s))
		}
		if s.End() > i+1 {
			stack = append(stack, open{i, s.End(), times.start(s)})
		}
	}
	leave(t.Len())
	return gaps
}
