package comparison

import (
	"math"
	"math/rand/v2"
	"testing"

	"tracefall/diagnose/compare"
	"tracefall/views/draw"
)

// TestSentencesWriteDurationsAsColumnsDo: a number reads alike in the sentences of a comparison and in its rows.
func TestSentencesWriteDurationsAsColumnsDo(t *testing.T) {
	check := func(ns int64) {
		t.Helper()
		if got, want := compare.Written(ns), draw.Duration(ns); got != want {
			t.Errorf("%d ns reads %q in sentences and %q in columns", ns, got, want)
		}
	}
	r := rand.New(rand.NewPCG(3, 5))
	for _, ns := range []int64{0, 1, 999, 1000, 999_499, 999_500, 999_499_999, 999_500_000, 59_949_999_999, 59_950_000_000, 3_599_499_999_999,
		3_599_500_000_000, 86_369_999_999_999, 86_370_000_000_000, 8_638_199_999_999_999, 8_638_200_000_000_000, 6_500_000, 9_995_000, 99_950_000} {
		for d := int64(-1); d <= 1; d++ {
			check(ns + d)
			check(-ns - d)
		}
	}
	for range 20_000 {
		check(r.Int64N(math.MaxInt64/2) >> r.IntN(62))
	}
}
