package facts

import "tracefall/sources/trace"

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
type Timing struct {
	start, end []int64 // effective, by span index
	next       []int32 // index after the subtree, by span index
	async      []bool  // by span index
}

// NewTiming works out the effective intervals of a trace, in one pass.
func NewTiming(t *trace.Trace) *Timing {
	n := t.Len()
	tm := &Timing{start: make([]int64, n), end: make([]int64, n), next: make([]int32, n), async: make([]bool, n)}
	for i := range n {
		s := t.Span(i)
		tm.start[i], tm.end[i], tm.next[i] = s.Start(), s.Finish(), int32(s.End())
		p := s.Parent()
		if p < 0 {
			continue
		}
		tm.async[i] = handedOver(t.Span(p), s) || tm.outside(p, i)
		if !tm.async[i] {
			tm.start[i] = max(tm.start[i], tm.start[p])
			tm.end[i] = min(tm.end[i], tm.end[p])
		}
	}
	return tm
}

// handedOver tells whether the parent left work for later instead of waiting for it.
func handedOver(parent, child trace.Span) bool {
	return parent.Kind() == trace.KindProducer && child.Kind() == trace.KindConsumer || child.FollowsFrom()
}

// outside tells whether span i lies entirely before or after its parent p. A moment at the parent's edge does not.
func (tm *Timing) outside(p, i int) bool {
	if tm.start[i] == tm.end[i] {
		return tm.start[i] < tm.start[p] || tm.start[i] > tm.end[p]
	}
	return tm.start[i] >= tm.end[p] || tm.end[i] <= tm.start[p]
}

// Effective returns the effective interval of span i. That of an async span is its own.
func (tm *Timing) Effective(i int) Segment { return Segment{tm.start[i], tm.end[i]} }

// Async tells whether the parent of span i does not wait for it: the span lies entirely outside its parent, was
// handed over from a producer to a consumer, or follows from it. The first span is not async.
func (tm *Timing) Async(i int) bool { return tm.async[i] }
