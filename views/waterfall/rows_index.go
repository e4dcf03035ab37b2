package waterfall

import (
	"math"
	"sort"

	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// SpanCounts answers how many spans of a range have a property, and where the next one is. Element i is the number
// of such spans before span i, so that a subtree is counted by one subtraction.
type SpanCounts []uint32

// In returns how many of the spans from..to-1 have the property.
func (c SpanCounts) In(from, to int) int { return int(c[to] - c[from]) }

// Has tells whether span i has the property.
func (c SpanCounts) Has(i int) bool { return c[i+1] != c[i] }

// Total returns how many spans have the property.
func (c SpanCounts) Total() int {
	if len(c) == 0 {
		return 0
	}
	return int(c[len(c)-1])
}

// Next returns the first span behind span i (-1 to begin with) that has the property, -1 for none.
func (c SpanCounts) Next(i int) int {
	k := sort.Search(len(c), func(k int) bool { return c[k] > c[i+1] })
	if k == len(c) {
		return -1
	}
	return k - 1
}

// Prev returns the last span before span i that has the property, -1 for none.
func (c SpanCounts) Prev(i int) int {
	if c[i] == 0 {
		return -1
	}
	return sort.Search(len(c), func(k int) bool { return c[k] >= c[i] }) - 1
}

// CountSpans makes the counts of what is set in list.
func CountSpans(list []bool, n int) SpanCounts {
	c := make(SpanCounts, n+1)
	for i := range n {
		c[i+1] = c[i]
		if i < len(list) && list[i] {
			c[i+1]++
		}
	}
	return c
}

// bothSpans makes the counts of what has two properties.
func bothSpans(a, b SpanCounts) SpanCounts {
	c := make(SpanCounts, len(a))
	for i := range len(a) - 1 {
		c[i+1] = c[i] + (a[i+1]-a[i])*(b[i+1]-b[i])
	}
	return c
}

// SpanBits is a set of spans.
type SpanBits []uint64

func NewSpanBits(n int) SpanBits { return make(SpanBits, (n+63)/64) }

func (b SpanBits) Has(i int) bool { return b[i>>6]&(1<<(i&63)) != 0 }
func (b SpanBits) Add(i int)      { b[i>>6] |= 1 << (i & 63) }
func (b SpanBits) Remove(i int)   { b[i>>6] &^= 1 << (i & 63) }

// warnFlags are the flags that make a row show a warning. Further parents are links and nothing to worry about.
const warnFlags = trace.FlagOrphan | trace.FlagDuplicateID | trace.FlagTimeRepaired | trace.FlagUnfinished | trace.FlagCycleCut |
	trace.FlagWarned

// profilePlaces is the resolution of the minimap's profile: more than any terminal is wide.
const profilePlaces = 1024

// traceIndex is what the waterfall needs to know of all spans, found once for a trace.
type traceIndex struct {
	errors, warnings SpanCounts
	profile          []float64 // how busy the trace is, at profilePlaces places of it
	failed           []bool    // where a failed span ends
	roots, orphans   int       // directly under a synthetic root
	depth            int       // of the deepest span
}

// indexTrace makes the index by one pass over the spans; the profile is that of the spans that run in the window.
func indexTrace(t *trace.Trace, times spanTimes, window TimeWindow) *traceIndex {
	n := t.Len()
	x := &traceIndex{
		errors: make(SpanCounts, n+1), warnings: make(SpanCounts, n+1),
		failed: make([]bool, profilePlaces),
	}
	scale := draw.Scale{From: window.From, To: window.To, Width: profilePlaces}
	change := make([]int32, profilePlaces+1)
	for i := range n {
		s := t.Span(i)
		x.errors[i+1], x.warnings[i+1] = x.errors[i], x.warnings[i]
		x.depth = max(x.depth, s.Depth())
		if s.Synthetic() {
			continue
		}
		last := scale.Cell(times.finish(s))
		shown := scale.Contains(times.Start(s), times.finish(s))
		if shown {
			change[scale.Cell(times.Start(s))]++
			change[last+1]--
		}
		if s.Error() {
			x.errors[i+1]++
			x.failed[last] = x.failed[last] || shown
		}
		if times.warned(s) {
			x.warnings[i+1]++
		}
		if t.First() == 1 && s.Depth() == 1 {
			x.countRoot(s)
		}
	}
	x.profile = profile(change)
	return x
}

// profile makes heights of how many spans begin (and, as negative numbers, end before) each place. What runs all
// the time says nothing and counts little; the square root keeps a crowd from flattening the rest.
func profile(change []int32) []float64 {
	heights := make([]float64, len(change)-1)
	running, least := 0.0, math.Inf(1)
	for i := range heights {
		running += float64(change[i])
		heights[i] = running
		least = min(least, running)
	}
	for i, h := range heights {
		heights[i] = math.Sqrt(h - least)
		if h > 0 {
			heights[i] += profileBase
		}
	}
	return heights
}

// profileBase is the height of what runs all the time, where one span more is 1.
const profileBase = 0.3

func (x *traceIndex) countRoot(s trace.Span) {
	if s.Has(trace.FlagOrphan) {
		x.orphans++
		return
	}
	x.roots++
}

// warned tells whether a span's data is in doubt: repaired, incomplete, or against causality.
func (v spanTimes) warned(s trace.Span) bool {
	if s.Flags()&warnFlags != 0 || v.beforeParent(s) {
		return true
	}
	attrs, events, links := s.Dropped()
	return attrs+events+links > 0
}

// beforeParent tells whether a span starts before the span that caused it, which clocks alone can do. Ending
// after the parent is what asynchronous calls do and no warning.
func (v spanTimes) beforeParent(s trace.Span) bool {
	p := s.Parent()
	if p < 0 {
		return false
	}
	parent := s.Trace().Span(p)
	return !parent.Synthetic() && v.Start(s) < v.Start(parent)
}
