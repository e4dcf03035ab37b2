package views

import (
	"tracefall/diagnose"
)

// canDiagnose is Can for the commands that need what the detectors and the facts say.
func (w *Waterfall) canDiagnose(c Command) string {
	switch c {
	case NextFinding, PrevFinding:
		if !w.finds.known {
			return "the detectors have not finished"
		}
		if len(w.finds.list) == 0 {
			return "no finding in this trace is more than information"
		}
	case RootCause:
		if w.st.index.errors.total() == 0 {
			return "the trace has no errors"
		}
	case CriticalPath:
		if w.facts == nil {
			return "the critical path is not known yet"
		}
	case ClockOffsets:
		if !w.clocks.known {
			return "the clocks were not compared yet"
		}
		if w.clocks.offsets == nil {
			return "no clock is proven to be off"
		}
	}
	return ""
}

// diagnosed carries out the commands of canDiagnose, and those that open panels.
func (w *Waterfall) diagnosed(c Command) Action {
	switch c {
	case NextFinding:
		return w.walk(1)
	case PrevFinding:
		return w.walk(-1)
	case RootCause:
		return w.rootCause()
	case CriticalPath:
		return w.cyclePath()
	case ClockOffsets:
		return w.cycleClocks()
	case Gaps:
		return w.showGaps()
	case ShowFindings:
		return OpenFindings{Trace: w.st.t, Finding: w.finding()}
	case ShowStatistics:
		return OpenStatistics{Trace: w.st.t}
	}
	return nil
}

// rootCause goes to the error that the others follow from: the cause that a detector named, or else the origin
// that the errors above lead to.
func (w *Waterfall) rootCause() Action {
	here := w.Selected()
	for n, f := range w.finds.list {
		if !f.Origin {
			continue
		}
		for _, m := range w.finds.of[n] {
			if m.role != diagnose.RoleCause {
				continue
			}
			w.visit(n, int(m.span))
			if w.Selected() == here {
				return Say{"this is where the error comes from"}
			}
			return nil
		}
	}
	origin := w.origin()
	w.Select(origin)
	if origin == here {
		return Say{"no error lies beneath this one, and none that does ended earlier"}
	}
	return Say{"the first error to end that has none beneath it"}
}

// origin returns the failed span that explains most: one without a failed span beneath it; rather one with errors
// all the way up than one that was handled; rather one on the critical path; of those the first to end.
func (w *Waterfall) origin() int {
	t, errors := w.st.t, w.st.index.errors
	through := newSpanBits(t.Len()) // failed, and so did all spans above
	best, bestRank := -1, 0
	var bestEnd int64
	for i := t.First(); i < t.Len(); i++ {
		s := t.Span(i)
		if !s.Error() {
			continue
		}
		p := s.Parent()
		if p < t.First() || through.has(p) {
			through.add(i)
		}
		if errors.in(i+1, s.End()) > 0 {
			continue
		}
		rank := 1
		if through.has(i) {
			rank += 2
		}
		if w.facts != nil && w.facts.Path.Time(i) > 0 {
			rank++
		}
		if rank > bestRank || rank == bestRank && w.st.times.finish(s) < bestEnd {
			best, bestRank, bestEnd = i, rank, w.st.times.finish(s)
		}
	}
	return best
}
