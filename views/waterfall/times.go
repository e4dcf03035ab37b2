package waterfall

import (
	"math"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/timing"
	"tracefall/sources/trace"
	"tracefall/views/draw"
	"tracefall/views/timeline"
)

// spanTimes says when spans are drawn: as they were recorded, or moved by what is known of the clocks of their
// hosts.
type spanTimes struct {
	shift    []int64         // ns to add, by span; nil for times as recorded
	from, to int64           // the trace's window: its root's extent, ns since the epoch
	window   timeline.Window // the same, never empty
	extent   timeline.Window // of all spans, those outside the window too
}

// rawTimes are the times as recorded.
func rawTimes(t *trace.Trace) spanTimes {
	from, to := t.Extent()
	return spanTimes{from: t.Start(), to: t.Finish(), window: lasting(t.Start(), t.Finish()), extent: lasting(from, to)}
}

// adjustedTimes are the times moved by offsets (ns, by span).
func adjustedTimes(t *trace.Trace, offsets []int64) spanTimes {
	v := spanTimes{shift: offsets}
	v.from, v.to = t.WindowAt(func(s trace.Span) (int64, int64) { return v.start(s), v.finish(s) })
	from, to := int64(math.MaxInt64), int64(math.MinInt64)
	for i := t.First(); i < t.Len(); i++ {
		s := t.Span(i)
		from, to = min(from, v.start(s)), max(to, v.finish(s))
	}
	v.window, v.extent = lasting(v.from, v.to), lasting(from, to)
	return v
}

// lasting returns the window between two times; it is never empty.
func lasting(from, to int64) timeline.Window {
	return timeline.Window{From: from, To: max(to, clocks.Add(from, 1))}
}

// outside says how far a span lies from the trace's window: "15 h 04 m earlier" for one that ends before it begins,
// "2.00 s later" for one that starts after it, "" for any other.
func (v *spanTimes) outside(s trace.Span) string {
	start, finish := v.start(s), v.finish(s)
	switch {
	case s.Synthetic():
		return ""
	case finish < v.from || finish == v.from && start < finish:
		return draw.Duration(v.from-start) + " earlier"
	case start > v.to || start == v.to && start < finish:
		return draw.Duration(start-v.to) + " later"
	}
	return ""
}

func (v *spanTimes) start(s trace.Span) int64 { return v.drawn(s, s.Start(), v.from) }

func (v *spanTimes) finish(s trace.Span) int64 { return v.drawn(s, s.Finish(), v.to) }

// drawn returns when a moment of a span is drawn; all is when it is for the span that stands for the whole trace.
func (v *spanTimes) drawn(s trace.Span, moment, all int64) int64 {
	switch {
	case v.shift == nil:
		return moment
	case s.Synthetic():
		return all
	}
	return clocks.Add(moment, v.shift[s.Index()])
}

// moved returns by how many nanoseconds a span is drawn off its recorded times.
func (v *spanTimes) moved(i int) int64 {
	if v.shift == nil {
		return 0
	}
	return v.shift[i]
}

// recorded returns the effective interval of a span by its own clock, as its times were recorded.
func recorded(f *facts.Facts, i int) timing.Segment {
	e, by := f.Timing.Effective(i), f.Timing.Offset(i)
	return timing.Segment{Start: e.Start - by, End: e.End - by}
}
