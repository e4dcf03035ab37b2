package stats

import "math"

// Pettitt finds where a series changes from lower to higher values: so many values lie before the change. It is the
// rank test of Pettitt (1979), with his approximation of the probability, which is at most 1. An empty series gives
// 0 and 1. It is O(n log n).
func Pettitt(series []float64) (before int, p float64) {
	if len(series) == 0 {
		return 0, 1
	}
	ranks, _ := Ranks(series)
	size := float64(len(series))
	sum, most := 0.0, 0.0
	for i, r := range ranks {
		sum += size + 1 - 2*r
		if sum > most {
			before, most = i+1, sum
		}
	}
	return before, min(2*math.Exp(-6*most*most/(size*size*size+size*size)), 1)
}
