package compare

import (
	"math"
	"testing"

	"tracefall/diagnose/units"
)

// TestAddUp: parts add up where the numbers do that are written, as an eye adds them.
func TestAddUp(t *testing.T) {
	column := func(ns int64) int64 { return units.RoundedAligned(ns, true) }
	for _, c := range []struct {
		rounded func(int64) int64
		whole   int64
		parts   []int64
		want    bool
	}{
		{units.Rounded, 3_690_000, []int64{1_230_000, 1_230_000, 1_230_000}, true}, // 1.23 ms, thrice
		{column, 3_690_000, []int64{1_230_000, 1_230_000, 1_230_000}, false},       // 1.2 ms
		{units.Rounded, 17_196_000_000, []int64{17_600_000_000, -390_000_000, -14_000_000}, true},
		{column, 17_196_000_000, []int64{17_600_000_000, -390_000_000, -14_000_000}, true},
		{units.Rounded, 80_000_000_000, []int64{65_000_000_000, 14_700_000_000}, true}, // 1 m 05 s and 14.7 s
		{units.Rounded, 90_000_000_000, []int64{65_000_000_000, 14_700_000_000}, false},
		{units.Rounded, 2 * units.Day, []int64{units.Day, 24 * units.Hour}, true},
		{units.Rounded, 0, []int64{-5, 5}, true},
	} {
		if got := AddUp(c.rounded, c.whole, c.parts...); got != c.want {
			t.Errorf("%v add up to %d: %v, want %v", c.parts, c.whole, got, c.want)
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
	if got := c.countMessage(n); got != "×1 → ×1,200" {
		t.Errorf("in a sentence %q", got)
	}
}

// TestRatioBounds: times that scaled are longer than all time there is stay as they are.
func TestRatioBounds(t *testing.T) {
	for _, c := range []struct {
		r        ratio
		ns, want int64
	}{
		{ratio{3, 2}, 100, 150},
		{ratio{1, 1}, math.MaxInt64, math.MaxInt64},
		{ratio{3, 2}, math.MaxInt64 / 2, 6_917_529_027_641_081_854},
		{ratio{3, 1}, math.MaxInt64 / 2, math.MaxInt64 / 2}, // fits into 64 bits, but not with a sign
		{ratio{5, 1}, math.MaxInt64 / 2, math.MaxInt64 / 2},
	} {
		if got := c.r.of(c.ns); got != c.want {
			t.Errorf("%d × %d/%d = %d, want %d", c.ns, c.r.now, c.r.before, got, c.want)
		}
	}
}
