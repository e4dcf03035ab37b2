package rule

import (
	"slices"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

// Place is a span of the file: facts of its trace, and its index.
type Place struct {
	*facts.Facts
	Span int
}

// Data returns the span itself.
func (at Place) Data() trace.Span { return at.Trace.Span(at.Span) }

// As makes evidence of a place.
func (at Place) As(role Role) Evidence { return Evidence{role, at.Trace, at.Span} }

// MostEvidence bounds how many spans of one role a finding about a file points at. Its numbers are those of all spans that it
// was reported with.
const MostEvidence = 1000

// EvidenceOf makes evidence of places.
func EvidenceOf(role Role, places ...Place) []Evidence {
	list := make([]Evidence, len(places))
	for n, at := range places {
		list[n] = at.As(role)
	}
	return list
}

// AddTimes adds how long spans ran, and for how long the critical path lay in them.
func (n *Numbers) AddTimes(places []Place) {
	for _, at := range places {
		n.Sum = clocks.Add(n.Sum, at.Duration(at.Span))
		n.Critical = clocks.Add(n.Critical, at.CriticalTime(at.Span))
	}
}

// bounded keeps the first of the spans of each role.
func bounded(evidence []Evidence) []Evidence {
	var counts [RoleBaseline + 1]int
	return slices.DeleteFunc(evidence, func(e Evidence) bool {
		counts[e.Role]++
		return counts[e.Role] > MostEvidence
	})
}

// affected sums the durations and the critical paths of the traces that the evidence lies in, baselines apart, and counts
// them: what the times of a finding about the file are shares of. cut is how many of them miss spans.
func (p *FilePass) affected(f *Finding) (total, path int64, traces, cut int) {
	seen := map[*trace.Trace]bool{}
	for _, e := range f.Evidence {
		if of := p.FactsOf[e.Trace]; e.Role != RoleBaseline && !seen[e.Trace] && of != nil {
			seen[e.Trace] = true
			total, path = clocks.Add(total, of.Total()), clocks.Add(path, of.PathLength())
			if facts.Incomplete(e.Trace) {
				cut++
			}
		}
	}
	return total, path, len(seen), cut
}
