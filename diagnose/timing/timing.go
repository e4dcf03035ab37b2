package timing

import (
	"math"
	"slices"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// Segment is a stretch of time, in nanoseconds since the epoch; End is not part of it.
type Segment struct{ Start, End int64 }

// Duration returns the length in nanoseconds.
func (s Segment) Duration() int64 { return s.End - s.Start }

// Timing says for each span of a trace when it counts and whether its parent waits for it. The effective interval
// of a span is its own clipped to its parent's effective interval, so that a child never accounts for more time
// than its parent has. It is what blocking analysis works on; raw times stay what is displayed.
//
//	parent     |------------------|
//	child a       |----|                 blocking: [ .  .  ]
//	child b                |------~~~|   blocking, clipped to the parent's end
//	child c                        |--|  async: begins after the parent ended; a tree of its own
//
// All intervals are on the clock of the first span's host: where the clock of another host is proven to be apart,
// its spans are moved by the offset first. Where nothing is proven, times count as recorded.
type Timing struct {
	trace      *trace.Trace
	offset     []int64 // ns added to a span's recorded times, by span index; nil where none is moved
	start, end []int64 // effective, by span index
	next       []int32 // index after the subtree, by span index
	async      []bool  // by span index
	reordered  bool    // siblings do not start in the order of their indices
}

// New works out the effective intervals of a trace, in one pass. Clocks are those of its set; nil takes times
// as recorded.
func New(t *trace.Trace, clocks *clocks.Clocks) *Timing {
	n := t.Len()
	tm := &Timing{trace: t, start: make([]int64, n), end: make([]int64, n), next: make([]int32, n), async: make([]bool, n)}
	if clocks != nil {
		tm.offset = clocks.Offsets(t)
	}
	last := tm.lastStarts()
	for i := range n {
		s, own := t.Span(i), tm.Own(i)
		tm.start[i], tm.end[i], tm.next[i] = own.Start, own.End, int32(s.End())
		p := s.Parent()
		if p < 0 {
			continue
		}
		if last != nil {
			tm.reordered = tm.reordered || own.Start < last[p]
			last[p] = own.Start
		}
		tm.async[i] = semconv.HandedOver(t.Span(p), s) || tm.outside(p, i)
		if !tm.async[i] {
			tm.start[i] = max(tm.start[i], tm.start[p])
			tm.end[i] = min(tm.end[i], tm.end[p])
		}
	}
	return tm
}

// lastStarts returns room for when the last child of each span started, nil where recorded times count: these have
// the order of the indices.
func (tm *Timing) lastStarts() []int64 {
	if tm.offset == nil {
		return nil
	}
	return slices.Repeat([]int64{math.MinInt64}, len(tm.offset))
}

// outside reports whether span i lies entirely before or after its parent p. A moment at the parent's edge does not.
func (tm *Timing) outside(p, i int) bool {
	if tm.start[i] == tm.end[i] {
		return tm.start[i] < tm.start[p] || tm.start[i] > tm.end[p]
	}
	return tm.start[i] >= tm.end[p] || tm.end[i] <= tm.start[p]
}

// Own returns the interval of span i itself, not clipped, on the clock of the first span's host.
func (tm *Timing) Own(i int) Segment {
	s := tm.trace.Span(i)
	if tm.offset == nil {
		return Segment{s.Start(), s.Finish()}
	}
	if s.Synthetic() {
		return tm.hull()
	}
	return Segment{clocks.Add(s.Start(), tm.offset[i]), clocks.Add(s.Finish(), tm.offset[i])}
}

// hull returns from when to when any span of the trace runs.
func (tm *Timing) hull() Segment {
	all := Segment{math.MaxInt64, math.MinInt64}
	for i := tm.trace.First(); i < tm.trace.Len(); i++ {
		own := tm.Own(i)
		all.Start, all.End = min(all.Start, own.Start), max(all.End, own.End)
	}
	return all
}

// Offset returns the nanoseconds that were added to the recorded times of span i: what is taken off again to find a
// moment of the span among the times as recorded.
func (tm *Timing) Offset(i int) int64 {
	if tm.offset == nil {
		return 0
	}
	return tm.offset[i]
}

// Effective returns the effective interval of span i. That of an async span is its own.
func (tm *Timing) Effective(i int) Segment { return Segment{tm.start[i], tm.end[i]} }

// Reordered reports whether any siblings do not start in the order of their indices.
func (tm *Timing) Reordered() bool { return tm.reordered }

// Async reports whether the parent of span i does not wait for it: the span lies entirely outside its parent, was
// handed over from a producer to a consumer, or follows from it. The first span is not async.
func (tm *Timing) Async(i int) bool { return tm.async[i] }
