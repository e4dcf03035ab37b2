package waterfall

import (
	"tracefall/diagnose"
	"tracefall/views"
)

// canDiagnose is Can for the commands that need what the detectors and the facts say.
func (w *Waterfall) canDiagnose(c views.Command) string {
	switch c {
	case views.NextFinding, views.PrevFinding:
		if !w.finds.known {
			return "the detectors have not finished"
		}
		if len(w.finds.list) == 0 {
			return "no finding in this trace is more than information"
		}
	case views.RootCause:
		if w.st.index.errors.Total() == 0 {
			return "the trace has no errors"
		}
	case views.CriticalPath:
		if w.facts == nil {
			return "the critical path is not known yet"
		}
	case views.ClockOffsets:
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
func (w *Waterfall) diagnosed(c views.Command) views.Action {
	switch c {
	case views.NextFinding:
		return w.walk(1)
	case views.PrevFinding:
		return w.walk(-1)
	case views.RootCause:
		return w.rootCause()
	case views.CriticalPath:
		return w.cyclePath()
	case views.ClockOffsets:
		return w.cycleClocks()
	case views.Gaps:
		return w.showGaps()
	case views.ShowFindings:
		return views.OpenFindings{Trace: w.st.t, Finding: w.finding()}
	case views.ShowStatistics:
		return views.OpenStatistics{Trace: w.st.t}
	}
	return nil
}

// rootCause goes to the error that the others follow from: the cause that a detector named, or else the origin
// that the errors above lead to.
func (w *Waterfall) rootCause() views.Action {
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
				return views.Say{Text: "this is where the error comes from"}
			}
			return nil
		}
	}
	origin := w.origin()
	w.Select(origin)
	if origin == here {
		return views.Say{Text: "no error lies beneath this one, and none that does ended earlier"}
	}
	return views.Say{Text: "the first error to end that has none beneath it"}
}

// origin returns the failed span that explains most: one without a failed span beneath it; rather one with errors
// all the way up than one that was handled; rather one on the critical path; of those the first to end.
func (w *Waterfall) origin() int {
	t, errors := w.st.t, w.st.index.errors
	through := NewSpanBits(t.Len()) // failed, and so did all spans above
	best, bestRank := -1, 0
	var bestEnd int64
	for i := t.First(); i < t.Len(); i++ {
		s := t.Span(i)
		if !s.Error() {
			continue
		}
		p := s.Parent()
		if p < t.First() || through.Has(p) {
			through.Add(i)
		}
		if errors.In(i+1, s.End()) > 0 {
			continue
		}
		rank := 1
		if through.Has(i) {
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
