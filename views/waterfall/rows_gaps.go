package waterfall

import (
	"tracefall/sources/trace"
)

// leastGap is how long nothing may have been recorded, in ns, to be worth a row.
const leastGap = 100_000_000

// waterGap is a stretch of a span during which it has children, but none of them is running: what the program did
// then was not instrumented.
//
//	parent  |-----------------------|
//	a         |----|
//	b            |----|
//	c                       |-----|
//	gap               |=====|           before c
type waterGap struct {
	before   int // index of the span whose row comes next; the trace's length at its end
	parent   int
	from, to int64 // ns since the epoch
}

// findGaps finds the gaps of leastGap and more, in the order of rows.
func findGaps(t *trace.Trace, times spanTimes) []waterGap {
	type open struct {
		span, end int
		reach     int64 // until here something ran
	}
	gaps := []waterGap{}
	var stack []open
	note := func(p open, before int, to int64) {
		if to > p.reach && uint64(to)-uint64(p.reach) >= leastGap && !t.Span(p.span).Synthetic() {
			gaps = append(gaps, waterGap{before, p.span, p.reach, to})
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
			note(*p, i, min(times.Start(s), times.finish(t.Span(p.span))))
			p.reach = max(p.reach, times.finish(s))
		}
		if s.End() > i+1 {
			stack = append(stack, open{i, s.End(), times.Start(s)})
		}
	}
	leave(t.Len())
	return gaps
}

// addGaps adds rows for the gaps before span i whose parents are open, and returns the number of the next gap. Gaps
// among spans without rows of their own have none either.
func (st *rowState) addGaps(gap, i int) int {
	if !st.gapped {
		return 0
	}
	for ; gap < len(st.gaps) && st.gaps[gap].before <= i; gap++ {
		g := st.gaps[gap]
		if g.before < i {
			continue
		}
		p := st.rows[st.Find(g.parent, spanRow)]
		if p.kind == spanRow && int(p.span) == g.parent && st.isOpen(p) {
			st.rows = append(st.rows, waterRow{uint32(i), uint32(gap), p.indent + 1, gapRow})
		}
	}
	return gap
}

// spanOf returns the span that a row is about: of a gap the one that has it.
func (st *rowState) spanOf(r waterRow) int {
	if r.kind == gapRow {
		return st.gaps[r.end].parent
	}
	return int(r.span)
}

// findGap returns the row of a gap, and that of its span where the gap has none.
func (st *rowState) findGap(before, parent int) int {
	row := min(st.Find(before, groupRow), len(st.rows)-1)
	for ; row >= 0 && int(st.rows[row].span) >= before; row-- {
		if r := st.rows[row]; r.kind == gapRow && st.gaps[r.end].parent == parent {
			return row
		}
	}
	return st.Find(parent, spanRow)
}
