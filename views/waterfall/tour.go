package waterfall

import (
	"slices"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/tree"
)

// SetFindings shows what was found about the trace, ranked; empty for nothing found. Evidence in other traces is
// left out. The finding in the banner stays when it is there still.
func (w *Waterfall) SetFindings(list []*rule.Finding) {
	if w.rows == nil {
		return
	}
	before, visited := w.finds.current(), w.finds.visited
	w.finds = findings{known: true, list: list, cause: -1}
	w.finds.mark(w.rows.t)
	at := 0
	for n, f := range list {
		if before != nil && f.Fingerprint == before.Fingerprint && f.Anchor == before.Anchor {
			at, w.finds.visited = n, visited
		}
	}
	w.finds.turn(at, w.rows.t, w.facts)
	if w.focus() {
		w.tree.Rebuild()
	}
}

// ShowFinding puts a finding of the trace into the banner and the cursor on a span of it, -1 for where the finding
// is anchored. It reports whether the finding is one of those given by SetFindings.
func (w *Waterfall) ShowFinding(f *rule.Finding, span int) bool {
	n := slices.Index(w.finds.list, f)
	if n < 0 || f == nil {
		return false
	}
	w.visit(n, span)
	return true
}

// Visited returns the finding that was gone to last, nil for none.
func (w *Waterfall) Visited() *rule.Finding {
	if !w.finds.visited {
		return nil
	}
	return w.finds.current()
}

// walk goes to the next finding, or the previous one. The first step goes to the one in the banner.
func (w *Waterfall) walk(forward bool) views.Action {
	n := len(w.finds.list)
	to := w.finds.at
	if w.finds.visited {
		by := 1
		if !forward {
			by = n - 1
		}
		to = (to + by) % n
	}
	message := ""
	switch {
	case !w.finds.visited:
	case n == 1:
		message = "this is the only finding"
	case forward && to == 0:
		message = "no further finding: back to the first"
	case !forward && to == n-1:
		message = "no earlier finding: back to the last"
	}
	w.visit(to, -1)
	return views.Tell(message)
}

// mostUncovered is of how many spans of a finding the folds around are opened: more than a screen shows.
const mostUncovered = 200

// visit puts finding n into the banner, opens what its spans are hidden in and takes the cursor to a span, -1 for the
// anchor.
func (w *Waterfall) visit(n, span int) {
	f := w.finds.list[n]
	w.finds.turn(n, w.rows.t, w.facts)
	w.finds.visited = true
	changed := false
	marks := w.finds.of[n]
	if span < 0 && f.Trace == w.rows.t && f.Anchor < w.rows.t.Len() {
		span = f.Anchor
	}
	if span < 0 && len(marks) > 0 {
		span = int(marks[0].span)
	}
	for _, m := range marks[:min(len(marks), mostUncovered)] {
		p := w.rows.t.Parent(int(m.span))
		if p < 0 {
			continue
		}
		changed = w.rows.openAround(p) || w.rows.folded.Has(p) || changed
		w.rows.folded.Remove(p)
	}
	if changed {
		w.tree.Rebuild()
	}
	w.Select(span)
	w.tree.Settle()
}

// focus finds the runs of repeated calls that the findings are about, which are one row each. It reports whether rows
// must be built again.
func (w *Waterfall) focus() bool {
	was := w.rows.focus
	w.rows.focus = nil
	if len(w.finds.list) > 0 {
		w.rows.focus = w.finds.runs(w.rows, w.facts)
	}
	return was != nil || w.rows.focus != nil
}

// rootCause goes to the error that the others follow from: the cause that a detector named, or else the origin
// that the errors above lead to.
func (w *Waterfall) rootCause() views.Action {
	here := w.Selected()
	if w.finds.known && w.finds.cause >= 0 {
		w.visit(w.finds.causeOf, w.finds.cause)
		if w.Selected() == here {
			return views.Say{Text: "root-cause error"}
		}
		return nil
	}
	origin := origin(w.rows.t, w.rows.index.errors, func(s trace.Span) (onPath bool, finish int64) {
		return w.facts != nil && w.facts.Path.Time(s.Index()) > 0, w.rows.times.finish(s)
	})
	w.Select(origin)
	return views.Say{Text: "first error without an error below it"}
}

// origin returns the failed span that explains most: one without a failed span beneath it; rather one with errors
// all the way up than one that was handled; rather one on the critical path; of those the first to end. look tells of a
// span whether the critical path runs through it, and when it ends.
func origin(t *trace.Trace, errors tree.Counts, look func(trace.Span) (onPath bool, finish int64)) int {
	through := tree.NewSet(t.Len()) // failed, and so did all spans above
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
		onPath, finish := look(s)
		if onPath {
			rank++
		}
		if rank > bestRank || rank == bestRank && finish < bestEnd {
			best, bestRank, bestEnd = i, rank, finish
		}
	}
	return best
}
