package diagnose

import (
	"testing"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
)

// TestCount counts the same trouble of several traces once, as the worst of its severities, and information apart.
func TestCount(t *testing.T) {
	var traces [4]trace.Trace
	one := func(trace int, fingerprint string, s rule.Severity) *rule.Finding {
		return &rule.Finding{Detector: "d", Fingerprint: fingerprint, Severity: s, Trace: &traces[trace]}
	}
	file := func(fingerprint string, s rule.Severity, in ...int) *rule.Finding {
		f := &rule.Finding{Detector: "d", Fingerprint: fingerprint, Severity: s, File: true}
		for _, n := range in {
			f.Evidence = append(f.Evidence, rule.Evidence{Trace: &traces[n]})
		}
		return f
	}
	other := one(0, "a", rule.Low)
	other.Detector = "e"
	for _, c := range []struct {
		name, text, severities string
		list                   []*rule.Finding
	}{
		{"none", NoIssues, "", nil},
		{"information", NoIssues, "1 info", []*rule.Finding{one(0, "a", rule.Info), one(1, "a", rule.Info)}},
		{"the same in two traces", "1 finding (1 critical/high) in 2 traces", "1 critical", []*rule.Finding{one(0, "a", rule.High), one(1, "a", rule.Critical)}},
		{"another detector", "2 findings in 1 trace", "1 medium · 1 low", []*rule.Finding{one(0, "a", rule.Medium), other}},
		{"without a fingerprint", "2 findings in 1 trace", "2 low", []*rule.Finding{one(0, "", rule.Low), one(0, "", rule.Low)}},
		{"about the file", "2 findings (2 critical/high) in 3 traces", "2 high", []*rule.Finding{file("a", rule.High, 0, 1, 1), file("a", rule.High, 2)}},
		{"limited sight", "1 finding in 1 trace", "1 low", []*rule.Finding{one(3, "a", rule.Low), {Detector: "blind-spots", Fingerprint: "b", Trace: &traces[2]}}},
		{"and information", "1 finding in 1 trace", "1 low · 1 info", []*rule.Finding{one(3, "a", rule.Low), one(2, "b", rule.Info)}},
	} {
		got := Count(c.list)
		if got.String() != c.text || got.Severities(rule.Critical, rule.Info) != c.severities {
			t.Errorf("%s: %q and %q, want %q and %q", c.name, got, got.Severities(rule.Critical, rule.Info), c.text, c.severities)
		}
	}
	if got := (Counts{By: [...]int{7, 0, 2, 0, 1}}).Severities(rule.Critical, rule.High); got != "1 critical" {
		t.Errorf("down to high: %q", got)
	}
	if got := (Counts{By: [...]int{7, 3, 2, 0, 1}}).Severities(rule.Medium, rule.Low); got != "2 medium · 3 low" {
		t.Errorf("from medium on: %q", got)
	}
}
