package tree

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestCountsAgreeWithALoop(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for n := range 40 {
		list := make([]bool, n)
		for i := range list {
			list[i] = rng.IntN(3) == 0
		}
		c := Count(list, n)
		for i := -1; i < n; i++ {
			next := slices.Index(list[i+1:], true)
			if next >= 0 {
				next += i + 1
			}
			if got := c.Next(i); got != next {
				t.Errorf("next(%d) of %v is %d, want %d", i, list, got, next)
			}
		}
		for i := 0; i <= n; i++ {
			prev := i - 1
			for prev >= 0 && !list[prev] {
				prev--
			}
			if got := c.Prev(i); got != prev {
				t.Errorf("prev(%d) of %v is %d, want %d", i, list, got, prev)
			}
		}
	}
}
