package stats

import "slices"

// Percentile returns a percentile of a sorted list by nearest rank: the smallest value that so many percent, 0 to 100,
// do not exceed; the zero value of an empty list.
func Percentile[T any](sorted []T, percent int) T {
	if len(sorted) == 0 {
		var none T
		return none
	}
	return sorted[max((len(sorted)*percent+99)/100, 1)-1]
}

// Median returns the value in the middle, the mean of the two there where their number is even, 0 of no values.
// It leaves the values in their order.
func Median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	return sorted[(len(sorted)-1)/2]/2 + sorted[len(sorted)/2]/2
}

// Windows cuts a list into k parts of equal length and returns the median of each; k at most len(values).
func Windows(values []float64, k int) []float64 {
	k = min(k, len(values))
	medians := make([]float64, k)
	for w := range medians {
		medians[w] = Median(values[w*len(values)/k : (w+1)*len(values)/k])
	}
	return medians
}
