package stats

import (
	"cmp"
	"math"
	"slices"
)

// Pettitt finds where a series changes from lower to higher values: so many values lie before the change. It is the
// rank test of Pettitt (1979), with his approximation of the probability, which is at most 1. An empty series gives
// 0 and 1. It is O(n log n).
func Pettitt(series []float64) (before int, p float64) {
	n := len(series)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(series[a], series[b]) })
	ranks := make([]float64, n)
	for i := 0; i < n; {
		j := i
		for j < n && series[order[j]] == series[order[i]] {
			j++
		}
		for k := i; k < j; k++ {
			ranks[order[k]] = float64(i+j+1) / 2
		}
		i = j
	}
	sum, most := 0.0, 0.0
	for i, r := range ranks {
		sum += float64(n+1) - 2*r
		if sum > most {
			before, most = i+1, sum
		}
	}
	if n == 0 {
		return 0, 1
	}
	size := float64(n)
	return before, min(2*math.Exp(-6*most*most/(size*size*size+size*size)), 1)
}
