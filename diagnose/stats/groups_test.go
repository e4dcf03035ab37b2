package stats

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestGroups(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 5))
	const n = 7
	var g Groups
	want := make([][]int64, n)
	for range 500 {
		at, value := rng.IntN(n-1), rng.Int64N(100) // the last group stays empty
		g.Add(int32(at), value)
		want[at] = append(want[at], value)
	}
	met := 0
	g.Sorted(n, func(at int, sorted []int64) {
		slices.Sort(want[at])
		if at != met || !slices.Equal(sorted, want[at]) {
			t.Errorf("group %d, met as number %d, is %v, want %v", at, met, sorted, want[at])
		}
		met++
	})
	if met != n {
		t.Errorf("%d groups were met, want %d", met, n)
	}
}
