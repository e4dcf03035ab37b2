package diagnose

import (
	"math"
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/sources/tracetest"
)

// A finding of a comparison: graded by what came of the difference, less certain where the export may be at fault.
func TestDifference(t *testing.T) {
	set := tracetest.Set(t, `
trace 1
api "POST /join" 0ms +100ms kind=server
  elb "Describe" 10ms +20ms kind=client
  elb "Register" 40ms +20ms kind=client
trace 2
api "POST /join" 0ms +200ms kind=server error=boom
  elb "Describe" 10ms +20ms kind=client
`)
	ops := facts.NewOps(set)
	good, bad := facts.New(set.Trace(0), ops), facts.New(set.Trace(1), ops)
	missing := Difference{Good: good, Bad: bad, Anchor: 0, GoodSpans: []int{2}, Operation: "elb Register", Message: "elb Register was missing", Matched: 0.95}
	added := Difference{Good: bad, Bad: good, Anchor: 2, BadSpans: []int{2}, Operation: "elb Register", Message: "elb Register was added", Longer: 20_000_000, Matched: 0.95}
	failed := Difference{Good: good, Bad: bad, Anchor: 0, GoodSpans: []int{0}, BadSpans: []int{0}, Operation: "api POST /join", Message: "api POST /join failed", Failed: true, Matched: 0.5, Ambiguous: true}
	thin := missing
	thin.Incomplete = true
	for _, test := range []struct {
		name       string
		d          Difference
		title      string
		severity   rule.Severity
		confidence float64
		roles      []rule.Role
	}{
		{"missing", missing, "missing call: elb Register", rule.Medium, 0.95, []rule.Role{rule.RoleParent, rule.RoleBaseline}},
		{"added", added, "added call: elb Register", rule.Medium, 0.95, []rule.Role{rule.RoleOffender}},
		{"failed", failed, "new failure: api POST /join", rule.Critical, 0.65, []rule.Role{rule.RoleOffender, rule.RoleBaseline}},
		{"missing in a part", thin, "possible missing call: elb Register", rule.Medium, 0.48, []rule.Role{rule.RoleParent, rule.RoleBaseline}},
	} {
		f := test.d.Finding()
		if f.Title != test.title || f.Severity != test.severity || math.Abs(f.Confidence-test.confidence) > 1e-9 {
			t.Errorf("%s: %q, %s, %g; want %q, %s, %g", test.name, f.Title, f.Severity, f.Confidence, test.title, test.severity, test.confidence)
		}
		if f.Message != test.d.Message+"." || f.Detector != "baseline-difference" || f.Trace != test.d.Bad.Trace || len(f.Limits) == 0 {
			t.Errorf("%s: %+v", test.name, f)
		}
		if len(f.Evidence) != len(test.roles) {
			t.Fatalf("%s: evidence %v", test.name, f.Evidence)
		}
		for n, role := range test.roles {
			if e := f.Evidence[n]; e.Role != role || role == rule.RoleBaseline && e.Trace != test.d.Good.Trace {
				t.Errorf("%s: evidence %v, want %v", test.name, f.Evidence, test.roles)
			}
		}
	}
	if a, b := missing.Finding().Fingerprint, thin.Finding().Fingerprint; a != b || a == failed.Finding().Fingerprint {
		t.Error("the fingerprint is not that of the place and the call")
	}
}
