package baseline

import (
	"slices"
	"sync"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/semconv"
)

// Steps tells what requests usually go on to call, from the requests of a set of traces that ended well. It is worked
// out when it is first asked for: few files need it. Several goroutines may ask.
type Steps struct {
	all      []*facts.Facts
	once     sync.Once
	requests map[int32][]requestAt // those that ended well, by operation
	mutex    sync.Mutex
	usual    map[stepsAfter]Usual
}

type requestAt struct {
	f    *facts.Facts
	span int
}

type stepsAfter struct{ request, step int32 }

// Usual is what usually follows a step of a request.
type Usual struct {
	Requests int     // that took the step and ended well
	Steps    []int32 // operations that all of them went on to call, in the order of the first
}

// mostRequests is how many requests of an operation are looked at.
const mostRequests = 200

// NewSteps prepares to look at the requests of a set of traces.
func NewSteps(all []*facts.Facts) *Steps { return &Steps{all: all, usual: map[stepsAfter]Usual{}} }

// After returns what usually follows a step of the request that span i is part of. The request is the nearest entry
// at or above i.
func (s *Steps) After(f *facts.Facts, i, step int) Usual {
	s.once.Do(s.gather)
	request := patterns.Request(f, i)
	k := stepsAfter{f.OpNumber(request), f.OpNumber(step)}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	u, ok := s.usual[k]
	if !ok {
		u = s.after(k)
		s.usual[k] = u
	}
	return u
}

func (s *Steps) gather() {
	s.requests = map[int32][]requestAt{}
	for _, f := range s.all {
		for i := f.Trace.First(); i < f.Trace.Len(); i++ {
			if op := f.OpNumber(i); f.Entry(i) && f.Outcome(i) <= semconv.OutcomeHandled && len(s.requests[op]) < mostRequests {
				s.requests[op] = append(s.requests[op], requestAt{f, i})
			}
		}
	}
}

func (s *Steps) after(k stepsAfter) Usual {
	var u Usual
	counts := map[int32]int{}
	var order []int32
	for _, r := range s.requests[k.request] {
		steps := patterns.StepsOf(r.f, r.span)
		at := slices.IndexFunc(steps, func(i int) bool { return r.f.OpNumber(i) == k.step })
		if at < 0 || r.f.Failed(steps[at]) {
			continue
		}
		u.Requests++
		seen := map[int32]bool{k.step: true}
		for _, i := range steps[at+1:] {
			op := r.f.OpNumber(i)
			if seen[op] || r.f.Trace.Span(i).Start() < r.f.Trace.Span(steps[at]).Finish() {
				continue
			}
			seen[op] = true
			if counts[op] == 0 {
				order = append(order, op)
			}
			counts[op]++
		}
	}
	for _, op := range order {
		if counts[op] == u.Requests {
			u.Steps = append(u.Steps, op)
		}
	}
	return u
}
