package rule

import (
	"slices"

	"tracefall/diagnose/facts"
)

// mostClimbed is how far up the common ancestor of spans is looked for; beyond it the first span stands in.
const mostClimbed = 256

// Covering returns the lowest span that all of the spans, in pre-order, lie below.
func (p *Pass) Covering(spans []int) int {
	t, last := p.Facts.Trace, spans[len(spans)-1]
	at := t.Parent(spans[0])
	for n := 0; at >= t.First() && t.End(at) <= last; n++ {
		if at = t.Parent(at); n == mostClimbed {
			at = 0
		}
	}
	return max(at, t.First())
}

// Median returns the median of the spans' effective durations, in nanoseconds.
func (p *Pass) Median(spans []int) int64 {
	durations := make([]int64, len(spans))
	for n, i := range spans {
		durations[n] = p.Duration(i)
	}
	slices.Sort(durations)
	return durations[len(durations)/2]
}

// StaysWithin reports whether nothing below a call left its process but in connecting.
func StaysWithin(f *facts.Facts, i int) bool {
	const deep = 16 // spans of a client library
	if f.Trace.End(i)-i > deep {
		return false
	}
	own := f.Trace.Span(i).Resource().Index()
	for k := i + 1; k < f.Trace.End(i); k++ {
		if f.Class(k).Remote() || f.Trace.Span(k).Resource().Index() != own {
			return false
		}
	}
	return true
}

// Services names the services of spans, each once, in order of appearance.
func (p *Pass) Services(spans []int) []string {
	return Distinct(spans, func(i int) string { return Named(p.Facts.Trace.Span(i).Service()) })
}
