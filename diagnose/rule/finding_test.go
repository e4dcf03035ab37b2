package rule_test

import (
	"testing"

	"tracefall/diagnose/rule"
)

// TestHeadline reads what, where and how much, each once.
func TestHeadline(t *testing.T) {
	const where = "payment-service POST /charge"
	for _, tt := range []struct {
		f               rule.Finding
		title, headline string
	}{
		{rule.Finding{Kind: "retry storm", Times: 5, Where: where, Numbers: rule.Numbers{Avoidable: 4_010_000_000}},
			"retry storm ×5", "retry storm ×5 · payment-service POST /charge · 4.01 s avoidable"},
		{rule.Finding{Kind: "retry storm", Times: 5, Where: where, Numbers: rule.Numbers{Avoidable: rule.LeastAvoidable - 1}},
			"retry storm ×5", "retry storm ×5 · payment-service POST /charge"},
		{rule.Finding{Kind: "slow query", Took: 2_900_000_000, Where: where, Numbers: rule.Numbers{Avoidable: 1_000_000_000}},
			"slow query · 2.9 s", "slow query · payment-service POST /charge · 2.9 s"},
		{rule.Finding{Kind: "timeout", Detail: " after ", Took: 30_000_000_000, Where: where, Numbers: rule.Numbers{Avoidable: 1_000_000_000}},
			"timeout after 30 s", "timeout after 30 s · payment-service POST /charge"},
		{rule.Finding{Kind: "api: one bad instance", Detail: " (server-3)", Placed: true, Where: "api"},
			"api: one bad instance (server-3)", "api: one bad instance (server-3)"},
		{rule.Finding{Kind: "N+1", Times: 50, AtLeast: true, Possible: true, Where: where},
			"possible N+1 ×≥50", "possible N+1 ×≥50 · payment-service POST /charge"},
	} {
		tt.f.Word()
		if got := tt.f.Headline(); tt.f.Title != tt.title || got != tt.headline {
			t.Errorf("title %q, headline %q; want %q, %q", tt.f.Title, got, tt.title, tt.headline)
		}
	}
}

// TestTitleOf gives findings that are the same one title, with the range of their shares of the critical path.
func TestTitleOf(t *testing.T) {
	of := func(shared bool, shares ...float64) (same []*rule.Finding) {
		for _, share := range shares {
			f := &rule.Finding{Kind: "bottleneck: a", Shared: shared, Numbers: rule.Numbers{CriticalShare: share}}
			f.Word()
			same = append(same, f)
		}
		return same
	}
	for _, tt := range []struct {
		same []*rule.Finding
		want string
	}{
		{of(true, 0.22), "bottleneck: a (22 % of critical path)"},
		{of(true, 0.22, 0.223), "bottleneck: a (22 % of critical path)"},
		{of(true, 0.22, 0.5, 0.17), "bottleneck: a (17 to 50 % of critical path)"},
		{of(false, 0.22, 0.5), "bottleneck: a"},
	} {
		if got := rule.TitleOf(tt.same); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}
