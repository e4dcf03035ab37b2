package population

import (
	"iter"
	"math/rand/v2"
	"testing"

	"tracefall/diagnose/compare/comparetest"
	"tracefall/diagnose/facts"
)

// RandomSets makes sixty pairs of sets of random traces.
func RandomSets(t testing.TB) iter.Seq2[[]*facts.Facts, []*facts.Facts] {
	t.Helper()
	r := rand.New(rand.NewPCG(4, 4))
	list := func() (list []*facts.Facts) {
		for range 1 + r.IntN(12) {
			list = append(list, comparetest.Random(t, r, 1+r.IntN(40)))
		}
		return list
	}
	return func(yield func(good, bad []*facts.Facts) bool) {
		for range 60 {
			if good := list(); !yield(good, list()) {
				return
			}
		}
	}
}
