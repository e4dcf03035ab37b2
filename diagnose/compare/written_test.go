package compare

import (
	"math/rand/v2"
	"testing"
)

// TestShown: durations are shown as the same number exactly where they read alike.
func TestShown(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	for range 50_000 {
		a := r.Int64N(1<<61) >> r.IntN(60)
		b := a + r.Int64N(1+a/100)
		if r.IntN(4) == 0 {
			a, b = -a, -b
		}
		if (shown(a) == shown(b)) != (Written(a) == Written(b)) {
			t.Fatalf("%d and %d are shown as %d and %d, and read %q and %q", a, b, shown(a), shown(b), Written(a), Written(b))
		}
	}
}

// TestCallCounts: how often a call ran is grouped by thousands, and one call is one.
func TestCallCounts(t *testing.T) {
	n := &Node{Good: make([]int, 1), Bad: make([]int, 1200)}
	if got := countBriefly(n); got != "1 call → 1,200" {
		t.Errorf("in few words %q", got)
	}
	c := messages{&Comparison{a: &aligner{}}}
	n.bad = -1 // nothing of it failed
	if got := c.countMessage(n); got != "×1 → ×1,200: 1,199 more calls" {
		t.Errorf("in a sentence %q", got)
	}
}
