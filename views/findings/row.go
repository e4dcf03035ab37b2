package findings

import (
	"cmp"
	"slices"
	"strings"

	"tracefall/diagnose"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// findingRow is a row: a finding, or the footnote.
type findingRow struct {
	rank    int             // from 1, as it was ranked
	same    []*rule.Finding // the finding, the highest ranked of those that are the same; nil for the footnote
	worst   rule.Severity   // of those that are the same, as diagnose.Count counts them
	limited []limited       // of the footnote
	title   string          // of all of them, as it may be drawn
	where   place           // what it is about
	times   string          // in how many traces it is, "×12"; "" for one
}

// limited is one thing that detectors could not see: of all traces, or of those that findings say it of.
type limited struct {
	detector, reason string
	same             []*rule.Finding // nil where it is about everything that was read
}

// info reports whether the row is a finding that is only information.
func (r *findingRow) info() bool { return r.same != nil && r.worst == rule.Info }

// contains reports whether every word is somewhere in what a row says.
func (r *findingRow) contains(words []string) bool {
	f := r.same[0]
	return containsAll(strings.Join([]string{f.Detector, r.title, f.Message, f.Service, r.where.text(), r.worst.String()}, " "), words)
}

// contains reports whether every word is somewhere in what is said.
func (l *limited) contains(words []string) bool { return containsAll(l.detector+" "+l.reason, words) }

func containsAll(text string, words []string) bool {
	text = strings.ToLower(text)
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
}

// place names what a finding is about: service and operation, either may be "".
type place struct{ service, operation string }

func (p place) text() string { return strings.TrimSpace(p.service + " " + p.operation) }

// factsOf returns what was derived of a trace, nil where that is not known.
type factsOf func(t *trace.Trace) *facts.Facts

// where names what a finding is about, in the words of the waterfall and of what is printed: an operation, of which spans may have
// names of their own.
func where(f *rule.Finding) place {
	if f.File && f.Service != "" || f.Where == "" {
		return place{service: draw.Clean(f.Service)}
	}
	return place{draw.Clean(f.WhereService), draw.Clean(strings.TrimSpace(strings.TrimPrefix(f.Where, f.WhereService)))}
}

// place names a span: its service and what it called, its own name where that is not known.
func (of factsOf) place(t *trace.Trace, i int) place {
	s := t.Span(i)
	at := place{draw.Clean(secrets.ServiceName(s)), draw.Clean(secrets.SpanName(s))}
	if of == nil {
		return at
	}
	if f := of(t); f != nil {
		at.operation = cmp.Or(draw.Clean(f.Label(i)), at.operation)
	}
	return at
}

// tracesOf counts the traces that findings are about.
func tracesOf(list []*rule.Finding) int {
	seen := map[*trace.Trace]bool{}
	for _, f := range list {
		for _, t := range f.Traces() {
			seen[t] = true
		}
	}
	delete(seen, nil)
	return len(seen)
}

// footnote is what the last row says.
func footnote(r findingRow) string {
	return "Detectors with limited data (" + draw.Count(len(r.limited)) + ")"
}

// limitedOf lists what the detectors could not see.
func limitedOf(blind []rule.BlindSpot, found []*rule.Finding) []limited {
	var list []limited
	for _, spot := range blind {
		list = append(list, limited{detector: spot.Detector, reason: spot.Reason})
	}
	known := map[string]int{}
	for _, f := range found {
		if !diagnose.LimitsSight(f) {
			continue
		}
		at, ok := known[f.Message]
		if !ok {
			at = len(list)
			known[f.Message] = at
			list = append(list, limited{detector: f.Detector, reason: f.Message})
		}
		list[at].same = append(list[at].same, f)
	}
	return list
}
