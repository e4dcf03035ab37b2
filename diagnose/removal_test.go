package diagnose

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// Detectors of which a finding rests on more than its evidence.
var restsOn = map[string]struct{ what, why string }{
	"bottleneck":   {"all", "it says where the time of all spans went"},
	"blind-spots":  {"all", "it says what is missing among all spans"},
	"error-origin": {"count", "it counts failures alike, and points at one"},
	"n-plus-one":   {"below", "a wrapper is repeated for what is below it"},
	"chatty":       {"below", "whom a call went to is told by the span that served it"},
}

// TestOnlyEvidence takes away, for every finding, each span of its traces that is neither evidence of it nor above a
// span that is, and wants the finding again: at the same span, as often.
func TestOnlyEvidence(t *testing.T) {
	without := func(f *rule.Finding) string {
		if restsOn[f.Detector].what == "count" {
			return fmt.Sprintf("%s %s at %s", f.Detector, f.Fingerprint, anchorName(f))
		}
		return key(f)
	}
	forIncidents(t, func(t *testing.T, before *Report) {
		for i := range before.Findings {
			f := &before.Findings[i]
			rest := restsOn[f.Detector].what
			if rest == "all" {
				continue
			}
			after, err := Run(context.Background(), onlyEvidence(before.Set, f, rest == "below"), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(after.Findings, func(g rule.Finding) bool { return without(&g) == without(f) }) {
				t.Errorf("no %s %s; there are\n%s", key(f), f.Title, describeAll(after))
			}
		}
	})
}

// onlyEvidence copies a set, of the traces that a finding rests on only its evidence and what is above it, and
// what is below offenders where that is wanted.
func onlyEvidence(s *trace.Set, f *rule.Finding, below bool) *trace.Set {
	keep := map[*trace.Trace][]bool{}
	add := func(t *trace.Trace, span int) {
		if keep[t] == nil {
			keep[t] = make([]bool, t.Len())
		}
		for i := span; i >= 0 && !keep[t][i]; i = t.Parent(i) {
			keep[t][i] = true
		}
	}
	add(f.Trace, f.Anchor)
	for _, e := range f.Evidence {
		add(e.Trace, e.Span)
		for i := e.Span + 1; below && e.Role == rule.RoleOffender && i < e.Trace.End(e.Span); i++ {
			add(e.Trace, i)
		}
	}
	b := trace.NewBuilder()
	each(s, func(sp trace.Span) {
		if list := keep[sp.Trace()]; list != nil && !list[sp.Index()] {
			return
		}
		var raw trace.RawSpan
		tracetest.Copy(b, sp, &raw)
		b.Add(&raw)
	})
	return b.Build()
}
