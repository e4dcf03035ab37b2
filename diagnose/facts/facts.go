package facts

import (
	"cmp"
	"slices"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/timing"
	"tracefall/sources/trace"
)

// Facts is everything that is derived from one trace, by span index. It does not change once made.
type Facts struct {
	Trace  *trace.Trace
	Ops    *Ops
	Timing *timing.Timing
	Path   *timing.CriticalPath
	Self   []int64 // ns, by span index
	spans  []spanFact
	before []int64 // ns of the critical path in the spans before index i; one longer than the trace
	onPath []PathService
}

// New derives the facts of a trace. The operations that it meets are numbered in ops, which serves one goroutine
// at a time while facts are being made and any number afterwards.
func New(t *trace.Trace, ops *Ops) *Facts {
	f := &Facts{Trace: t, Ops: ops, Timing: timing.New(t, ops.clocks), spans: make([]spanFact, t.Len())}
	for i := range f.spans {
		if t.Span(i).Synthetic() {
			f.spans[i] = spanFact{op: ops.number(Op{Class: semconv.ClassInternal}, Detail{}), resend: -1}
			continue
		}
		f.spans[i] = ops.read(t.Span(i))
	}
	f.adoptRefusals()
	f.Self, f.Path = timing.SelfTimes(f.Timing), timing.Critical(f.Timing)
	f.before = make([]int64, t.Len()+1)
	for i := range t.Len() {
		f.before[i+1] = f.before[i] + f.Path.Time(i)
	}
	f.onPath = f.pathServices()
	return f
}

// adoptRefusals makes the call of a client that says no more than that it failed end as its server says: one that was
// refused for a reason that callers expect has not failed.
func (f *Facts) adoptRefusals() {
	var c semconv.Canonical
	for i := f.Trace.First(); i < f.Trace.Len(); i++ {
		if !f.Failed(i) || f.Kind(i) != trace.KindClient {
			continue
		}
		server := f.Server(i)
		if server < 0 || f.Outcome(server) != semconv.OutcomeSoft {
			continue
		}
		if f.Canonical(i, &c); semconv.OnlyFailed(f.Trace.Span(i), &c) {
			f.spans[i].outcome, f.spans[i].failure = semconv.OutcomeSoft, f.Failure(server)
		}
	}
}

// Canonical reads the canonical attributes of span i into c.
func (f *Facts) Canonical(i int, c *semconv.Canonical) { f.Ops.fields.Read(f.Trace.Span(i), c) }

// OpNumber returns the number of span i's operation.
func (f *Facts) OpNumber(i int) int32 { return f.spans[i].op }

// Op returns the operation of span i.
func (f *Facts) Op(i int) Op { return f.Ops.ops[f.spans[i].op] }

// Detail returns what else is known of the operation of span i.
func (f *Facts) Detail(i int) Detail { return f.Ops.details[f.spans[i].op] }

// Class returns the sort of work of span i.
func (f *Facts) Class(i int) semconv.Class { return f.spans[i].class }

// Kind returns the kind of span i, inferred where the export gives none.
func (f *Facts) Kind(i int) trace.Kind { return f.spans[i].kind }

// Outcome returns how span i ended.
func (f *Facts) Outcome(i int) semconv.Outcome { return f.spans[i].outcome }

// Failed reports whether span i failed hard.
func (f *Facts) Failed(i int) bool { return f.spans[i].outcome == semconv.OutcomeHard }

// Failure returns the sort of failure of span i, ErrorNone where it ended well.
func (f *Facts) Failure(i int) semconv.ErrorClass { return f.spans[i].failure }

// Params returns the hash of the values that span i's operation was called with, 0 where none are visible.
func (f *Facts) Params(i int) uint64 { return f.spans[i].params }

// Attempt returns how often the call of span i was tried before it or again, as recorded; -1 where nothing is.
func (f *Facts) Attempt(i int) int { return int(f.spans[i].resend) }

// Duration returns the effective duration of span i in nanoseconds.
func (f *Facts) Duration(i int) int64 { return f.Timing.Effective(i).Duration() }

// Total returns the effective duration of the trace: that of its first span.
func (f *Facts) Total() int64 { return f.Duration(0) }

// PathLength returns how long the critical path is, of which all shares are: Total, less the time between the pieces of a
// trace without a root, of which nothing is recorded.
func (f *Facts) PathLength() int64 { return f.before[f.Trace.Len()] - f.before[f.Trace.First()] }

// Children yields the children of span i in order of their start.
func (f *Facts) Children(i int) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		if f.Timing.Reordered() {
			f.sorted(i, yield)
			return
		}
		for c := i + 1; c < f.Trace.End(i); c = f.Trace.End(c) {
			if !yield(c) {
				return
			}
		}
	}
}

// sorted yields the children of span i in order of their start where that is not the order of their indices.
func (f *Facts) sorted(i int, yield func(int) bool) {
	var list []int
	for c := i + 1; c < f.Trace.End(i); c = f.Trace.End(c) {
		list = append(list, c)
	}
	slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(f.Timing.Own(a).Start, f.Timing.Own(b).Start) })
	slices.Values(list)(yield)
}

// Leaf reports whether span i has no children.
func (f *Facts) Leaf(i int) bool { return f.Trace.End(i) == i+1 }

// CriticalTime returns for how many nanoseconds the critical path runs through span i and what is below it, in
// constant time.
func (f *Facts) CriticalTime(i int) int64 { return f.before[f.Trace.End(i)] - f.before[i] }

// mostProxies is how many spans between a call and its server are passed over: client libraries in layers and the
// sidecars of both sides.
const mostProxies = 8

// Server returns the span that served the call of client span i: its first descendant of kind server in another
// service or instance that was not handed over, proxies passed over; -1 where the trace has none. Times do not
// count: a server whose clock is wrong served the call all the same.
func (f *Facts) Server(i int) int {
	if f.Kind(i) != trace.KindClient {
		return -1
	}
	caller := f.Trace.Span(i).Resource().Index()
	at := i
	for hops := 0; at >= 0 && hops <= mostProxies; hops++ {
		next := -1
		for c := range f.Children(at) {
			if semconv.HandedOver(f.Trace.Span(at), f.Trace.Span(c)) {
				continue
			}
			if f.Kind(c) == trace.KindServer && f.Trace.Span(c).Resource().Index() != caller {
				return c
			}
			if next < 0 && f.Class(c) != semconv.ClassInternal {
				next = c
			}
		}
		at = next
	}
	return -1
}

// Union returns for how long at least one of the spans was running, in nanoseconds.
func (f *Facts) Union(spans []int) int64 {
	segments := make([]timing.Segment, len(spans))
	for n, i := range spans {
		segments[n] = f.Timing.Effective(i)
	}
	return timing.Union(segments)
}

// Sum returns the sum of the spans' effective durations, in nanoseconds.
func (f *Facts) Sum(spans []int) int64 {
	var sum int64
	for _, i := range spans {
		sum = clocks.Add(sum, f.Duration(i)) // times may be years off
	}
	return sum
}

// Incomplete reports whether spans of a trace are known to be missing in its middle: the backend said so, the input was cut off, or parents of
// some of its spans are not there. That the first span alone has a parent elsewhere leaves nothing out below it.
func Incomplete(t *trace.Trace) bool {
	q := t.Quality()
	return q.Incomplete() || q.Orphans > 0 && t.First() > 0
}
