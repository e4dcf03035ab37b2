package session

import (
	"context"
	"errors"
	"testing"

	"tracefall/diagnose"
	"tracefall/diagnose/rule"
	"tracefall/sources/tracetest"
)

// TestOneAnalysis checks that the detectors run once for all who ask, and that a query that needs them fails with them.
func TestOneAnalysis(t *testing.T) {
	set := tracetest.Set(t, "shop checkout 0ms +100ms\n  shop charge 30ms +60ms\n")
	runs := 0
	a := NewAnalysis(t.Context(), set, diagnose.Options{})
	a.end = func() { runs++ }
	if _, err := RunQuery(t.Context(), a, "self>1ms critical=true", nil); err != nil || runs != 0 {
		t.Errorf("without findings: %v, %d runs, want none", err, runs)
	}
	for range 2 {
		if _, err := RunQuery(t.Context(), a, "finding=n-plus-one", nil); err != nil {
			t.Error(err)
		}
	}
	if _, err := a.Report(); err != nil || runs != 1 {
		t.Errorf("%v, %d runs, want 1", err, runs)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := RunQuery(t.Context(), NewAnalysis(ctx, set, diagnose.Options{}), "finding=n-plus-one", nil)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a query for findings that are not there: %v, want the reason", err)
	}
}

// TestMarks checks that a finding is evidence for its detector and for those that it absorbed.
func TestMarks(t *testing.T) {
	one := tracetest.One(t, "shop checkout 0ms +100ms\n  shop charge 30ms +60ms\n")
	found := rule.Finding{
		Detector: "n-plus-one", Also: []string{"chatty"}, Trace: one, Anchor: 0,
		Evidence: []rule.Evidence{{Role: rule.RoleParent, Trace: one, Span: 0}, {Role: rule.RoleOffender, Trace: one, Span: 1}},
	}
	got := map[string]int{}
	for _, m := range marks(&diagnose.Report{Findings: []rule.Finding{found}})[one] {
		got[m.Detector]++
	}
	if got["n-plus-one"] != 3 || got["chatty"] != 3 { // the anchor, which is evidence too, and the offender
		t.Errorf("marks by detector: %v, want 3 each of n-plus-one and chatty", got)
	}
	well := tracetest.One(t, "shop checkout 0ms +100ms\n")
	found = rule.Finding{Detector: "bad-instance", File: true, Trace: one, Evidence: []rule.Evidence{{Role: rule.RoleOffender, Trace: one}, {Role: rule.RoleBaseline, Trace: well}}}
	if all := marks(&diagnose.Report{Findings: []rule.Finding{found}}); len(all[one]) == 0 || len(all[well]) != 0 {
		t.Errorf("marks %v, want none on the baseline", all)
	}
}
