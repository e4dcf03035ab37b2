package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// RankTest is the outcome of the comparison of two samples by ranks.
type RankTest struct {
	U float64 // pairs in which the value of y is larger; a tie counts half
	P float64 // two-sided: the probability of an outcome at least as uneven when the samples are alike
}

// exactRanks is the size of a sample up to which MannWhitney counts instead of approximating.
const exactRanks = 20

// MannWhitney compares two samples without assuming how they are distributed (Mann and Whitney, 1947). It is exact
// where both have at most 20 values without ties, else the normal approximation with the corrections for ties and
// for continuity (Lehmann, Nonparametrics, 1975, section 1.2). An empty sample, or one value only, gives P = 1.
// It is O(n log n).
func MannWhitney(x, y []float64) RankTest {
	n, m := len(x), len(y)
	if n == 0 || m == 0 {
		return RankTest{P: 1}
	}
	rankSum, ties := ranksOfSecond(x, y)
	u := rankSum - float64(m)*float64(m+1)/2
	if n <= exactRanks && m <= exactRanks && ties == 0 {
		return RankTest{u, exactU(n, m, int(u))}
	}
	total := float64(n + m)
	variance := float64(n) * float64(m) / 12 * (total + 1 - ties/(total*(total-1)))
	if variance <= 0 {
		return RankTest{u, 1}
	}
	z := (math.Abs(u-float64(n)*float64(m)/2) - 0.5) / math.Sqrt(variance)
	return RankTest{u, min(2*distuv.UnitNormal.Survival(max(z, 0)), 1)}
}

// Order returns the places of n things in their order, equal ones as they stand.
func Order(n int, compare func(a, b int) int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, compare)
	return order
}

// Ranks returns the rank of each value, from 1, that of equal ones the mean of theirs; and the median, of an even number
// of values the lower one. There must be values.
func Ranks(values []float64) (ranks []float64, median float64) {
	type placed struct {
		value float64
		at    int
	}
	order := make([]placed, len(values))
	for i, v := range values {
		order[i] = placed{v, i}
	}
	slices.SortFunc(order, func(a, b placed) int { // quicker than cmp.Compare, which looks for NaN
		if a.value < b.value {
			return -1
		}
		if a.value > b.value {
			return 1
		}
		return 0
	})
	ranks = make([]float64, len(values))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && order[j].value == order[i].value {
			j++
		}
		for _, x := range order[i:j] {
			ranks[x.at] = float64(i+j+1) / 2
		}
		i = j
	}
	return ranks, order[(len(order)-1)/2].value
}

// ranksOfSecond ranks both samples together, ties at the mean of their ranks, and returns the sum of the ranks of y
// and the sum of t³ − t over the groups of t equal values.
func ranksOfSecond(x, y []float64) (sum, ties float64) {
	x, y = inOrder(x), inOrder(y)
	for i, j := 0, 0; i < len(x) || j < len(y); {
		var value float64
		if j == len(y) || i < len(x) && x[i] <= y[j] {
			value = x[i]
		} else {
			value = y[j]
		}
		k, m := i, j
		for k < len(x) && x[k] == value {
			k++
		}
		for m < len(y) && y[m] == value {
			m++
		}
		t := float64(k - i + m - j)
		ties += t*t*t - t
		sum += float64(m-j) * (float64(k+m) - (t-1)/2)
		i, j = k, m
	}
	return sum, ties
}

// inOrder returns a sample in order of its values: a copy, unless it is in order already.
func inOrder(x []float64) []float64 {
	if slices.IsSorted(x) {
		return x
	}
	x = slices.Clone(x)
	slices.Sort(x)
	return x
}

// exactU returns the two-sided probability of u among the arrangements of n and m values, all equally likely. The
// number of arrangements that give u is that of partitions of u into at most m parts of at most n.
func exactU(n, m, u int) float64 {
	// counts[j][v]: choices of j of the values seen so far whose ranks exceed the smallest possible by v.
	counts := make([][]float64, m+1)
	for j := range counts {
		counts[j] = make([]float64, n*m+1)
	}
	counts[0][0] = 1
	for rank := 1; rank <= n+m; rank++ {
		for j := min(rank, m); j >= 1; j-- {
			for v := n * m; v >= rank-j; v-- {
				counts[j][v] += counts[j-1][v-(rank-j)]
			}
		}
	}
	var total, tail float64
	least := min(u, n*m-u)
	for v, count := range counts[m] {
		total += count
		if v <= least {
			tail += count
		}
	}
	return min(2*tail/total, 1)
}

// HodgesLehmann returns by how much y lies above x: the median of the differences of all pairs (Hodges and Lehmann,
// 1963); of an even number of pairs the lower of the two in the middle. It sorts and selects by counting:
// O((n + m) log n), not O(n·m). Empty samples give 0.
func HodgesLehmann(x, y []float64) float64 {
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	x, y = inOrder(x), inOrder(y)
	rank := (len(x)*len(y) + 1) / 2
	low, high := orderedBits(y[0]-x[len(x)-1]), orderedBits(y[len(y)-1]-x[0])
	below, upTo := 0, len(x)*len(y) // pairs whose difference is less than low, and at most high
	for low < high && upTo-below > fewPairs {
		middle := low + int64(uint64(high-low)/2)
		if n := atMost(x, y, fromOrderedBits(middle)); n >= rank {
			high, upTo = middle, n
		} else {
			low, below = middle+1, n
		}
	}
	if low == high {
		return fromOrderedBits(low)
	}
	left := between(x, y, fromOrderedBits(low), fromOrderedBits(high))
	slices.Sort(left)
	return fromOrderedBits(orderedBits(left[rank-below-1]))
}

// fewPairs is how many pairs are sorted rather than counted again.
const fewPairs = 128

// between lists the differences of pairs of sorted samples that are from low to high.
func between(x, y []float64, low, high float64) []float64 {
	var list []float64
	j := 0
	for _, v := range y {
		for j < len(x) && v-x[j] > high {
			j++
		}
		for k := j; k < len(x) && v-x[k] >= low; k++ {
			list = append(list, v-x[k])
		}
	}
	return list
}

// atMost counts the pairs of sorted samples whose difference is at most d.
func atMost(x, y []float64, d float64) int {
	count, j := 0, 0 // y[i] − x[k] ≤ d holds for k ≥ j, and j grows with i
	for _, v := range y {
		for j < len(x) && v-x[j] > d {
			j++
		}
		count += len(x) - j
	}
	return count
}

// orderedBits maps numbers to integers in the same order, so that a search over them ends after 64 steps.
func orderedBits(f float64) int64 {
	bits := int64(math.Float64bits(f))
	if bits < 0 {
		return math.MinInt64 - bits
	}
	return bits
}

func fromOrderedBits(n int64) float64 {
	if n < 0 {
		n = math.MinInt64 - n
	}
	return math.Float64frombits(uint64(n))
}

// KolmogorovSmirnov returns the largest distance between the distributions of two samples, 0 to 1, and the
// probability of one at least as large when the samples are alike. The probability is the asymptotic one with
// Stephens' correction for small samples (1970). Empty samples give 0 and 1.
func KolmogorovSmirnov(x, y []float64) (distance, p float64) {
	if len(x) == 0 || len(y) == 0 {
		return 0, 1
	}
	x, y = inOrder(x), inOrder(y)
	distance = stat.KolmogorovSmirnov(x, nil, y, nil)
	root := math.Sqrt(float64(len(x)) * float64(len(y)) / float64(len(x)+len(y)))
	return distance, kolmogorov((root + 0.12 + 0.11/root) * distance)
}

// kolmogorov is the survival function of Kolmogorov's distribution: 2 Σ (−1)^(k−1) exp(−2 k² λ²).
func kolmogorov(lambda float64) float64 {
	if lambda < 0.2 {
		return 1 // to twelve digits; the series converges slowly here
	}
	sum, sign := 0.0, 1.0
	for k := 1.0; k <= 100; k++ {
		term := math.Exp(-2 * k * k * lambda * lambda)
		sum += sign * term
		sign = -sign
		if term < 1e-12 {
			break
		}
	}
	return min(max(2*sum, 0), 1)
}
