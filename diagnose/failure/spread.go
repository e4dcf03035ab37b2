package failure

import (
	"tracefall/diagnose/facts"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// Spread says how far the failures of a trace went: which of them are the first of their kind, and up to where
// their callers failed with them.
//
//	root     ✗   reached by c
//	  a      ✗
//	    b        internal, says nothing: the failure passes through
//	      c  ✗   origin; its highest is root
//	  d      ok
//	    e    ✗   origin; its highest is e, because d did not fail
type Spread struct {
	top    []int32 // by span index: the highest failed span that a failure passes on to, -1 for none
	origin []bool  // by span index
}

// NewSpread works it out in two passes. It returns nil where nothing failed.
func NewSpread(f *facts.Facts) *Spread {
	t := f.Trace
	below := make([]bool, t.Len()) // something that the span waited for failed
	failed := false
	for i := t.Len() - 1; i >= t.First(); i-- {
		failed = failed || f.Failed(i)
		if p := t.Parent(i); p >= 0 && !f.Timing.Async(i) && (f.Failed(i) || below[i]) {
			below[p] = true
		}
	}
	if !failed {
		return nil
	}
	s := &Spread{top: make([]int32, t.Len()), origin: make([]bool, t.Len())}
	var c semconv.Canonical
	for i := range s.top {
		s.top[i] = -1
		if i < t.First() {
			continue
		}
		through := int32(-1)
		if p := t.Parent(i); p >= 0 && !f.Timing.Async(i) {
			through = s.top[p]
		}
		switch {
		case f.Failed(i):
			s.origin[i] = !below[i]
			s.top[i] = int32(i)
			if through >= 0 {
				s.top[i] = through
			}
		case below[i] && silent(f, i, &c):
			s.top[i] = through
		}
	}
	return s
}

// silent reports whether span i does not say how it ended, so that a failure below it may have passed through.
func silent(f *facts.Facts, i int, c *semconv.Canonical) bool {
	if f.Outcome(i) != semconv.OutcomeOK || f.Trace.Span(i).Status() == trace.StatusOK {
		return false
	}
	if f.Class(i).Bare() {
		return true
	}
	f.Canonical(i, c)
	return !c.Has(semconv.HTTPStatus) && !c.Has(semconv.RPCStatus)
}

// Origin reports whether span i failed and nothing that it waited for did.
func (s *Spread) Origin(i int) bool { return s.origin[i] }

// Highest returns the highest span that failed because span i did, i itself where its caller did not fail, and -1
// where span i did not fail and passes nothing on.
func (s *Spread) Highest(i int) int { return int(s.top[i]) }
