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

// where names what a finding is about: the operation of its cause, of its first affected span, or of its anchor.
func (of factsOf) where(f *rule.Finding) place {
	t, span := f.Trace, f.Anchor
	for _, role := range [...]rule.Role{rule.RoleCause, rule.RoleOffender, rule.RoleWrite} {
		if n := slices.IndexFunc(f.Evidence, func(e rule.Evidence) bool { return e.Role == role }); n >= 0 {
			t, span = f.Evidence[n].Trace, f.Evidence[n].Span
			break
		}
	}
	if f.File && f.Service != "" || t == nil || span < 0 || span >= t.Len() {
		return place{service: draw.Clean(f.Service)}
	}
	if of != nil && of(t) != nil {
		if server := of(t).Server(span); server >= 0 { // calls are known by whom they reach
			span = server
		}
	}
	at := of.place(t, span)
	at.service = cmp.Or(draw.Clean(f.WhereService), at.service)
	return at
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
