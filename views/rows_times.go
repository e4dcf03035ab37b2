package views

import (
	"math"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

// spanTimes says when spans are drawn: as they were recorded, or moved by what is known of the clocks of their
// hosts.
type spanTimes struct {
	shift    []int64 // ns to add, by span; nil for times as recorded
	from, to int64   // the first start and the last end, ns since the epoch
}

// rawTimes are the times as recorded.
func rawTimes(t *trace.Trace) spanTimes { return spanTimes{from: t.Start(), to: t.Finish()} }

// adjustedTimes are the times moved by offsets (ns, by span).
func adjustedTimes(t *trace.Trace, offsets []int64) spanTimes {
	v := spanTimes{shift: offsets, from: math.MaxInt64, to: math.MinInt64}
	for i := t.First(); i < t.Len(); i++ {
		s := t.Span(i)
		v.from, v.to = min(v.from, v.start(s)), max(v.to, v.finish(s))
	}
	return v
}

func (v spanTimes) start(s trace.Span) int64 {
	if v.shift == nil {
		return s.Start()
	}
	if s.Synthetic() {
		return v.from
	}
	return facts.AddTime(s.Start(), v.shift[s.Index()])
}

func (v spanTimes) finish(s trace.Span) int64 {
	if v.shift == nil {
		return s.Finish()
	}
	if s.Synthetic() {
		return v.to
	}
	return facts.AddTime(s.Finish(), v.shift[s.Index()])
}

// moved returns by how many nanoseconds a span is drawn off its recorded times.
func (v spanTimes) moved(i int) int64 {
	if v.shift == nil {
		return 0
	}
	return v.shift[i]
}
