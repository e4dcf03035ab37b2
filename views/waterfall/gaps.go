package waterfall

import (
	"tracefall/sources/trace"
	"tracefall/views/timeline"
	"tracefall/views/tree"
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

// addGaps adds rows for the gaps before span i whose parents are open, and returns the number of the next gap. Gaps
// among spans without rows of their own have none either.
func (r *rows) addGaps(next, i int) int {
	if !r.gapped {
		return 0
	}
	for ; next < len(r.gaps) && r.gaps[next].before <= i; next++ {
		g := r.gaps[next]
		if g.before < i {
			continue
		}
		p := r.list[r.find(g.parent, spanRow)]
		if p.kind == spanRow && int(p.span) == g.parent && r.state(p) == tree.Open {
			r.list = append(r.list, row{uint32(i), uint32(next), p.indent + 1, gapRow})
		}
	}
	return next
}

// spanOf returns the span that a row is about: of a gap the one that has it.
func (r *rows) spanOf(at row) int {
	if at.kind == gapRow {
		return r.gaps[at.end].parent
	}
	return int(at.span)
}

// findGap returns the row of a gap, and that of its span where the gap has none.
func (r *rows) findGap(before, parent int) int {
	k := min(r.find(before, groupRow), len(r.list)-1)
	for ; k >= 0 && int(r.list[k].span) >= before; k-- {
		if at := r.list[k]; at.kind == gapRow && r.gaps[at.end].parent == parent {
			return k
		}
	}
	return r.find(parent, spanRow)
}
