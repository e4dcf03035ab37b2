package tracetest

import (
	"fmt"

	"tracefall/sources/trace"
)

// Check verifies what everyone relies on: pre-order, subtree ends, depths, siblings by start, unique ids, and
// counts that agree. It returns the first thing that does not hold. Tests and fuzzers call it.
func Check(s *trace.Set) error {
	spans := 0
	for i := range s.Len() {
		t := s.Trace(i)
		if err := checkTrace(t); err != nil {
			return fmt.Errorf("trace %s: %w", t.ID(), err)
		}
		if i > 0 && s.Trace(i-1).Start() > t.Start() {
			return fmt.Errorf("trace %s starts before the one listed before it", t.ID())
		}
		spans += t.SpanCount()
	}
	if spans != s.SpanCount() {
		return fmt.Errorf("the traces have %d spans, the set says %d", spans, s.SpanCount())
	}
	return nil
}

func checkTrace(t *trace.Trace) error {
	if t.SpanCount() <= 0 {
		return fmt.Errorf("has %d spans", t.SpanCount())
	}
	if from, to := t.Extent(); t.Start() < from || t.Finish() > to || t.Start() > t.Finish() {
		return fmt.Errorf("the window %d to %d is not within the extent", t.Start(), t.Finish())
	}
	if from, to := t.WindowAt(func(s trace.Span) (int64, int64) { return s.Start(), s.Finish() }); from != t.Start() || to != t.Finish() {
		return fmt.Errorf("the window is %d to %d, worked out again %d to %d", t.Start(), t.Finish(), from, to)
	}
	ids := make(map[trace.SpanID]bool, t.Len())
	lastChild := make([]int, t.Len())
	errors := 0
	for i := range t.Len() {
		sp := t.Span(i)
		p := sp.Parent()
		switch {
		case sp.Synthetic() != (i < t.First()):
			return fmt.Errorf("span %d: synthetic root out of place", i)
		case (p < 0) != (i == 0) || p >= i:
			return fmt.Errorf("span %d: parent %d does not come before it", i, p)
		case sp.End() <= i || sp.End() > t.Len():
			return fmt.Errorf("span %d: subtree ends at %d", i, sp.End())
		case sp.Duration() < 0:
			return fmt.Errorf("span %d: negative duration", i)
		}
		if p >= 0 {
			if i >= t.End(p) || sp.End() > t.End(p) {
				return fmt.Errorf("span %d: outside its parent's subtree", i)
			}
			if sp.Depth() != t.Span(p).Depth()+1 {
				return fmt.Errorf("span %d: depth %d under depth %d", i, sp.Depth(), t.Span(p).Depth())
			}
			if before := lastChild[p]; before > 0 && (t.Span(before).Start() > sp.Start() || t.End(before) != i) {
				return fmt.Errorf("span %d: siblings out of order", i)
			}
			lastChild[p] = i
		}
		if sp.Synthetic() {
			continue
		}
		if ids[sp.ID()] {
			return fmt.Errorf("span %d: id %s is not unique", i, sp.ID())
		}
		ids[sp.ID()] = true
		if from, to := t.Extent(); sp.Start() < from || sp.Finish() > to {
			return fmt.Errorf("span %d: outside the trace's extent", i)
		}
		if sp.Error() {
			errors++
		}
	}
	if errors != t.Errors() {
		return fmt.Errorf("%d failed spans, the trace says %d", errors, t.Errors())
	}
	return nil
}
