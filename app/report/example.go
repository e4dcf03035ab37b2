package report

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tracefall/app/session"
	"tracefall/diagnose"
	"tracefall/diagnose/rule"
	"tracefall/sources"
	"tracefall/views"
	"tracefall/views/draw"
)

// exampleEvidence lists the evidence of a finding of a detector in the demo incident that shows it: spans by role. It is
// "" where no incident does.
func exampleEvidence(ctx context.Context, s *session.Settings, d *rule.Detector) (string, error) {
	all, err := session.Incidents(s.World.Demo)
	if err != nil {
		return "", err
	}
	n := slices.IndexFunc(all, func(one session.Incident) bool { return one.Detector == d.Name })
	if n < 0 {
		return "", nil
	}
	result, err := session.OpenInputs(ctx, nil, nil, all[n].Only(s.World.Demo), sources.Options{})
	if err != nil {
		return "", err
	}
	defer session.CloseQuietly(result.Set)
	report, err := diagnose.Run(ctx, result.Set, diagnose.Options{Thresholds: s.Thresholds()})
	if err != nil {
		return "", err
	}
	for i := range report.Findings {
		if f := &report.Findings[i]; f.Detector == d.Name {
			return fmt.Sprintf("%s; try: tracefall demo %s", evidenceInWords(f), all[n].Name), nil
		}
	}
	return "", nil
}

// evidenceInWords counts the spans of each role: "parent span: 1 × POST /checkout; affected span: 5 × POST /charge".
func evidenceInWords(f *rule.Finding) string {
	type part struct{ role, name string }
	var parts []part
	counts := map[part]int{}
	for _, e := range f.Evidence {
		s := e.Trace.Span(e.Span)
		p := part{e.Role.Label(), views.SpanText(s)}
		if counts[p]++; counts[p] == 1 {
			parts = append(parts, p)
		}
	}
	const most = 6
	words := make([]string, 0, most+1)
	for i, p := range parts {
		if i == most {
			words = append(words, draw.CountNoun(len(parts)-most, "other", "others"))
			break
		}
		words = append(words, fmt.Sprintf("%s: %d × %s", p.role, counts[p], p.name))
	}
	return strings.Join(words, "; ")
}
