package failure

import (
	"slices"

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
//
// What was refused for a reason that callers expect, a 404, is no failure, unless the trace itself ended with it: it and
// each of its callers up to the root were recorded as errors.
type Spread struct {
	top    []int32 // by span index: the highest failed span that a failure passes on to, -1 for none
	origin []bool  // by span index
}

// NewSpread works it out in two passes. It returns nil where nothing failed.
func NewSpread(f *facts.Facts) *Spread {
	t := f.Trace
	bad := failures(f)
	if bad == nil {
		return nil
	}
	below := make([]bool, t.Len()) // something that the span waited for failed
	for i := t.Len() - 1; i >= t.First(); i-- {
		if p := t.Parent(i); p >= 0 && !f.Timing.Async(i) && (bad[i] || below[i]) {
			below[p] = true
		}
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
		case bad[i]:
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

// failures returns, by span index, what failed and what was refused and counts as failed; nil where nothing is.
func failures(f *facts.Facts) []bool {
	t := f.Trace
	bad, refused := make([]bool, t.Len()), make([]bool, t.Len())
	for i := t.First(); i < t.Len(); i++ {
		if f.Outcome(i) == semconv.OutcomeSoft && t.Span(i).Error() {
			// What the first span asks somebody else for is refused to nobody further up.
			top := t.Parent(i) < t.First()
			refused[i] = top && f.Kind(i) != trace.KindClient || !top && refused[t.Parent(i)] && !f.Timing.Async(i)
		}
		bad[i] = refused[i] || f.Failed(i)
	}
	if !slices.Contains(bad, true) {
		return nil
	}
	return bad
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
