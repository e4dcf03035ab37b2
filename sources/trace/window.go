package trace

import (
	"cmp"
	"slices"
)

// A trace is drawn, listed and ranked by its window. That is its root's extent, so that one stray span, recorded
// by a clock that is off or flushed a day late, does not stretch it:
//
//	        root |--------------|            window
//	   |-|        |---| |-----|      |--|
//	  stray        its children      late: work that nobody waited for
//
// Where the root does not stand for the trace, the window is what the spans cover without strays: there is no
// single root, it takes no time, or more spans lie outside it than within.

// interval is the time of one span, in ns since the epoch.
type interval struct{ start, end int64 }

// overlaps reports whether any of i lies within o. A moment that touches an edge of o counts.
func (i interval) overlaps(o interval) bool {
	if i.start == i.end {
		return i.start >= o.start && i.start <= o.end
	}
	return i.start < o.end && i.end > o.start
}

func (i interval) and(o interval) interval {
	return interval{min(i.start, o.start), max(i.end, o.end)}
}

// standsFor reports whether the root's extent is the window of the spans: at least half of them overlap it.
func standsFor(root interval, spans []interval) bool {
	if root.end <= root.start {
		return false
	}
	inside := 0
	for _, s := range spans {
		if s.overlaps(root) {
			inside++
		}
	}
	return 2*inside >= len(spans)
}

const (
	// strayFactor and strayGap say when a piece of a trace is a stray: nothing ran for longer than a minute, and
	// for longer than ten times what the rest of the trace takes. Queues and retries stay within that; clocks that
	// are hours off and spans flushed a day late do not.
	strayFactor = 10
	strayGap    = 60e9 // ns
)

// withoutStrays returns what the spans cover, without the few that lie far away. More than half of the spans must
// lie together for the others to be strays. It sorts spans.
func withoutStrays(spans []interval) interval {
	slices.SortFunc(spans, func(a, b interval) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end))
	})
	pieces, counts := pieces(spans)
	main, whole := 0, pieces[0]
	for k, p := range pieces {
		whole = whole.and(p)
		if counts[k] > counts[main] {
			main = k
		}
	}
	covered, n := pieces[main], counts[main]
	before, after := main-1, main+1
	for {
		switch {
		case before >= 0 && near(pieces[before].end, covered.start, covered):
			covered, n = covered.and(pieces[before]), n+counts[before]
			before--
			continue
		case after < len(pieces) && near(covered.end, pieces[after].start, covered):
			covered, n = covered.and(pieces[after]), n+counts[after]
			after++
			continue
		}
		if 2*n <= len(spans) {
			return whole
		}
		return covered
	}
}

// pieces joins spans that overlap or touch, given in order of start, and counts the spans of each piece.
func pieces(spans []interval) (joined []interval, counts []int) {
	for _, s := range spans {
		if last := len(joined) - 1; last >= 0 && s.start <= joined[last].end {
			joined[last].end = max(joined[last].end, s.end)
			counts[last]++
			continue
		}
		joined, counts = append(joined, s), append(counts, 1)
	}
	return joined, counts
}

// near reports whether the gap from one time to a later one is no longer than what separates strays.
func near(from, to int64, covered interval) bool {
	gap, took := uint64(to)-uint64(from), uint64(covered.end)-uint64(covered.start)
	return gap <= max(strayGap, strayFactor*took)
}

// setWindow gives the trace that was shaped last its window, and its synthetic root the same times; lone says
// that one span alone has no parent and is no orphan. The trace's extent is known.
func (s *shaper) setWindow(t *Trace, lone bool) {
	t.lone = lone
	top := s.ends[t.root]
	root := interval{top.start, top.finish()}
	if all := (interval{t.earliest, t.latest}); lone && root == all && all.end > all.start {
		t.start, t.end = root.start, root.end
		return
	}
	s.times = s.times[:0]
	for _, r := range s.ends[t.First():] {
		s.times = append(s.times, interval{r.start, r.finish()})
	}
	if !lone || !standsFor(root, s.times) {
		root = withoutStrays(s.times)
	}
	t.start, t.end = root.start, root.end
	if t.synth {
		s.ends[0].start, s.ends[0].dur = root.start, root.end-root.start
	}
}

// WindowAt returns the window as it is when spans are moved in time, by span: what Start and Finish return when
// nothing is moved. moved[i] is the start and the end of span i, ns since the epoch; that of a synthetic root is not
// looked at. It costs n log n where the root does not stand for the trace.
func (t *Trace) WindowAt(moved func(Span) (start, end int64)) (start, end int64) {
	spans := make([]interval, 0, t.SpanCount())
	for i := t.First(); i < t.Len(); i++ {
		from, to := moved(t.Span(i))
		spans = append(spans, interval{from, to})
	}
	if t.lone {
		if root := spans[int(t.root)-t.First()]; standsFor(root, spans) {
			return root.start, root.end
		}
	}
	w := withoutStrays(spans)
	return w.start, w.end
}
