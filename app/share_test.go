package app

import (
	"strings"
	"testing"

	"tracefall/diagnose/rule"
	"tracefall/views"
)

// TestCopiedFindingSaysTheShareOfTheScreen: what is copied says how much is avoidable, as the screen does, and not how
// much of the critical path the finding is about.
func TestCopiedFindingSaysTheShareOfTheScreen(t *testing.T) {
	f := &rule.Finding{Title: "retry storm ×5", Numbers: rule.Numbers{Critical: 4_920e6, Avoidable: 4_010e6, CriticalShare: 0.98}}
	if got := costs(f); got != " · potential saving ≤ 4.01 s, 80 % of the critical path" || !strings.HasSuffix(got, views.Worth(f)) {
		t.Errorf("copied is %q, the screen says %q", got, views.Worth(f))
	}
	if got := costs(&rule.Finding{}); got != "" {
		t.Errorf("a finding that saves nothing is copied with %q", got)
	}
}
