package stats

import (
	"cmp"
	"math"

	"gonum.org/v1/gonum/stat/combin"
	"gonum.org/v1/gonum/stat/distuv"
)

// FisherExact returns the probability of at least k hits among n draws, when hits and misses are spread without
// regard to who drew them (Fisher, 1934; one-sided):
//
//	          hits        misses
//	these     k           n − k
//	others    otherK      otherN − otherK
//
// Negative counts, or more hits than draws, give 1.
func FisherExact(k, n, otherK, otherN int) float64 {
	if k < 0 || otherK < 0 || k > n || otherK > otherN {
		return 1
	}
	hits, total := k+otherK, n+otherN
	all := ways(total, hits)
	p := 0.0
	for i := k; i <= min(n, hits); i++ {
		if hits-i > otherN {
			continue
		}
		p += math.Exp(ways(n, i) + ways(otherN, hits-i) - all)
	}
	return min(p, 1)
}

// ways returns the logarithm of the number of ways to draw k of n.
func ways(n, k int) float64 { return combin.LogGeneralizedBinomial(float64(n), float64(k)) }

// BenjaminiHochberg turns the p-values of many tests into q-values, in the same order: calling everything with
// q ≤ 0.05 a discovery makes at most 5 % of the discoveries false in the mean (Benjamini and Hochberg, 1995).
func BenjaminiHochberg(p []float64) []float64 {
	order := Order(len(p), func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	q, least := make([]float64, len(p)), 1.0
	for rank := len(order); rank >= 1; rank-- {
		i := order[rank-1]
		least = min(least, p[i]*float64(len(p))/float64(rank))
		q[i] = least
	}
	return q
}

// Trend is what MannKendall says of a series.
type Trend struct {
	Tau float64 // −1 to 1: pairs that rise less pairs that fall, of those that differ (Kendall's tau-b)
	P   float64 // one-sided: the probability of as many rises when the order means nothing
}

// MannKendall reports whether a series rises (Mann, 1945; Kendall, 1975). P is exact up to ten values, where ties
// make it larger than it would have to be; beyond that it is the normal approximation with the corrections for
// ties and for continuity. It compares all pairs, O(n²): give it windows of a long series, not its points.
func MannKendall(series []float64) Trend {
	n := len(series)
	pairs := n * (n - 1) / 2
	if pairs == 0 {
		return Trend{P: 1}
	}
	rises, equal := 0, 0
	for i := range series {
		for j := i + 1; j < n; j++ {
			rises += cmp.Compare(series[j], series[i])
			if series[j] == series[i] {
				equal++
			}
		}
	}
	if equal == pairs {
		return Trend{P: 1}
	}
	t := Trend{Tau: float64(rises) / math.Sqrt(float64(pairs)*float64(pairs-equal))}
	const exactTrend = 10
	if n <= exactTrend {
		t.P = exactKendall(n, rises)
		return t
	}
	_, ties := ranksOfSecond(series, nil)
	variance := (float64(n*(n-1)*(2*n+5)) - 2*ties - 6*float64(equal)) / 18 // t equal values take off t(t−1)(2t+5)
	t.P = distuv.UnitNormal.Survival((float64(rises) - 1) / math.Sqrt(variance))
	return t
}

// exactKendall returns how many of the orders of n different values have at least so many rises less falls, as a
// share: the orders of n values with k inversions are those of n − 1 values with k, k − 1 … k − n + 1.
func exactKendall(n, rises int) float64 {
	pairs := n * (n - 1) / 2
	orders := make([]float64, pairs+1)
	orders[0] = 1
	for size := 2; size <= n; size++ {
		next := make([]float64, pairs+1)
		for k := range next {
			for back := 0; back < size && back <= k; back++ {
				next[k] += orders[k-back]
			}
		}
		orders = next
	}
	var all, tail float64
	for inversions, count := range orders {
		all += count
		if pairs-2*inversions >= rises {
			tail += count
		}
	}
	return tail / all
}

// SenSlope returns the median of the slopes between all pairs of values, for each step of the series (Sen, 1968):
// the usual rise, whatever single values do. It compares all pairs, O(n²). Less than two values give 0.
func SenSlope(series []float64) float64 {
	var slopes []float64
	for i := range series {
		for j := i + 1; j < len(series); j++ {
			slopes = append(slopes, (series[j]-series[i])/float64(j-i))
		}
	}
	return Median(slopes)
}
