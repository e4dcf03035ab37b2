package compare

import (
	"context"

	"tracefall/diagnose/facts"
)

// KeptShare is keptShare.
var KeptShare = keptShare

// MeanParts returns the sum of the parts of the difference of the means before rounding, and the rounded difference.
func MeanParts(good, bad []*facts.Facts) (sum float64, delta int64) {
	p := newPopulation(context.Background(), newKeys(), good, bad, SetOptions{})
	c := &SetComparison{}
	if p.size(0) == 0 || p.size(1) == 0 {
		return 0, 0
	}
	p.read(c)
	p.layOut(c)
	for _, part := range p.meanParts(c) {
		sum += part.delta
	}
	return sum, p.delta()
}
