package waterfall

import (
	"sort"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/timing"
	"tracefall/sources/trace"
)

// work says when spans worked themselves, when they waited for their children, and when the trace waited for them.
//
//	span       |------------------------|
//	  child a     |------|
//	  child b         |------|
//	waits         |==========|              the rest is self time
//
// It is worked out for the spans on screen. Those of many children are kept, so that a frame costs the same whatever a span
// has beneath it.
type work struct {
	t    *trace.Trace
	of   *facts.Facts // nil while not known: then times count as recorded
	kept map[int]stretches
	room []timing.Segment
	path pathSteps

	ranked []facts.PathService // the services by time, nil while not asked for
}

// keptFrom is how many stretches a span must have for them to be kept.
const keptFrom = 32

// newWork returns what the bars of a trace are drawn by; of may be nil.
func newWork(t *trace.Trace, of *facts.Facts) *work {
	return &work{t: t, of: of, kept: map[int]stretches{}}
}

// stretches are times of one span, ns on the clock that own is on, in order and disjoint.
type stretches struct {
	list []timing.Segment
	sum  []int64 // how long those before each of list last, from any number on; nil where they are few
}

// own returns when a span runs, by what is known of the clocks of its host and its parent's.
func (w *work) own(i int) timing.Segment {
	if w.of != nil {
		return w.of.Timing.Own(i)
	}
	s := w.t.Span(i)
	return timing.Segment{Start: s.Start(), End: s.Finish()}
}

// offset returns what own adds to the recorded times of a span, in ns.
func (w *work) offset(i int) int64 {
	if w.of != nil {
		return w.of.Timing.Offset(i)
	}
	return 0
}

// waits returns when a span waited for its children. It is good until it is called again.
func (w *work) waits(i int) stretches {
	if known, ok := w.kept[i]; ok {
		return known
	}
	w.room = timing.Waits(w.t, i, w.own, w.room[:0])
	if len(w.room) < keptFrom && !w.crowded(i) {
		return stretches{list: w.room}
	}
	known := newStretches(w.room)
	w.kept[i], w.room = known, nil
	return known
}

// crowded reports whether a span has so many children that looking at them takes time.
func (w *work) crowded(i int) bool {
	n := 0
	for c := i + 1; c < w.t.End(i) && n < keptFrom; c = w.t.End(c) {
		n++
	}
	return n == keptFrom
}

// self returns the self time of a span in ns.
func (w *work) self(i int) int64 {
	switch {
	case w.t.Span(i).Synthetic():
		return 0
	case w.of != nil:
		return w.of.Self[i]
	}
	waits := w.waits(i)
	return w.own(i).Duration() - waits.total()
}

// newStretches sums up stretches, so that how much of them lies before a time is found by a search.
func newStretches(list []timing.Segment) stretches {
	s := stretches{list: list, sum: make([]int64, len(list)+1)}
	for k, one := range list {
		s.sum[k+1] = s.sum[k] + one.Duration()
	}
	return s
}

// total returns how long all of them last.
func (s *stretches) total() int64 {
	if s.sum != nil {
		return s.sum[len(s.list)] - s.sum[0]
	}
	var sum int64
	for _, one := range s.list {
		sum += one.Duration()
	}
	return sum
}

// until returns what tells how much of the stretches lies before a time, in ns. It must be asked for times that never
// decrease. by is added to the times of the stretches.
func (s *stretches) until(by int64) func(t int64) int64 {
	k, sum := 0, int64(0)
	return func(t int64) int64 {
		t = clocks.Add(t, -by)
		if s.sum != nil {
			k += sort.Search(len(s.list)-k, func(n int) bool { return s.list[k+n].End > t })
			sum = s.sum[k] - s.sum[0]
		}
		for ; k < len(s.list) && s.list[k].End <= t; k++ {
			sum += s.list[k].Duration()
		}
		if k < len(s.list) && s.list[k].Start < t {
			return sum + t - s.list[k].Start
		}
		return sum
	}
}

// pathSteps are the steps of the critical path by span.
type pathSteps struct {
	from  []int32 // where those of each span begin in steps, one longer than the trace; nil while not asked for
	steps []timing.Segment
	sum   []int64
}

// critical returns when the trace waited for what a span itself did.
func (w *work) critical(i int) stretches {
	p := &w.path
	if p.from == nil {
		p.sort(w.t.Len(), w.of.Path.Steps)
	}
	from, to := p.from[i], p.from[i+1]
	return stretches{list: p.steps[from:to], sum: p.sum[from : to+1]}
}

// sort puts the steps of a path, which are in order of time, in order of their spans.
func (p *pathSteps) sort(spans int, steps []timing.Step) {
	p.from = make([]int32, spans+1)
	for _, s := range steps {
		p.from[s.Span+1]++
	}
	for i := range spans {
		p.from[i+1] += p.from[i]
	}
	next := make([]int32, spans)
	copy(next, p.from)
	p.steps, p.sum = make([]timing.Segment, len(steps)), make([]int64, len(steps)+1)
	for _, s := range steps {
		p.steps[next[s.Span]] = s.Segment
		next[s.Span]++
	}
	for k, s := range p.steps {
		p.sum[k+1] = p.sum[k] + s.Duration()
	}
}

// services lists the services that the critical path runs through, the longest time first; nil while facts are not known.
func (w *work) services() []facts.PathService {
	if w.of != nil && w.ranked == nil {
		w.ranked = w.of.PathServices()
	}
	return w.ranked
}
