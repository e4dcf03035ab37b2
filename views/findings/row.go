package findings

import (
	"slices"
	"strings"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// title is what a row calls its finding.
func (r findingRow) title() string {
	title := r.same[0].Title
	if len(r.same) > 1 {
		title += draw.SegmentGap + draw.Amount(r.tracesOf(), "trace")
	}
	return title
}

// contains reports whether every word is somewhere in what a row says.
func (r findingRow) contains(words []string) bool {
	text := r.spot.Detector + " " + r.spot.Reason
	if r.same != nil {
		f := r.same[0]
		text = strings.Join([]string{f.Detector, f.Title, f.Message, f.Service, whereOf(f), f.Severity.String()}, " ")
	}
	text = strings.ToLower(text)
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// findingRow is a row: a finding, or what could not be seen.
type findingRow struct {
	rank int             // from 1, as it was ranked
	same []*rule.Finding // the finding, the highest ranked of those that are the same; nil for a blind spot
	spot rule.BlindSpot
}

// whereOf names what a finding is about: the operation of its cause, of its first offender, or of its anchor.
func whereOf(f *rule.Finding) string {
	t, span := f.Trace, f.Anchor
	for _, role := range [...]rule.Role{rule.RoleCause, rule.RoleOffender, rule.RoleWrite} {
		if n := slices.IndexFunc(f.Evidence, func(e rule.Evidence) bool { return e.Role == role }); n >= 0 {
			t, span = f.Evidence[n].Trace, f.Evidence[n].Span
			break
		}
	}
	switch {
	case f.File && f.Service != "":
		return f.Service
	case t == nil || span < 0 || span >= t.Len():
		return f.Service
	}
	return opText(t.Span(span))
}

// opText names a span: service and operation.
func opText(s trace.Span) string {
	return draw.Clean(views.SpanText(s))
}

// tracesOf counts the traces that a row is about.
func (r findingRow) tracesOf() int {
	seen := map[*trace.Trace]bool{}
	for _, f := range r.same {
		seen[f.Trace] = true
		if f.File {
			for _, e := range f.Evidence {
				seen[e.Trace] = true
			}
		}
	}
	delete(seen, nil)
	return len(seen)
}
