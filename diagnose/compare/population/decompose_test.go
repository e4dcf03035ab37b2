package population

import (
	"context"
	"math"
	"testing"

	"tracefall/diagnose/compare/calltree"
)

// TestMeanParts: the means of traces of any shape are cut without residue.
func TestMeanParts(t *testing.T) {
	for good, bad := range RandomSets(t) {
		p := newPopulation(context.Background(), calltree.NewKeys(), good, bad, Options{})
		if p.size(0) == 0 || p.size(1) == 0 {
			continue
		}
		c, sum := &Comparison{}, 0.0
		p.read(c)
		p.layOut(c)
		for _, part := range p.meanParts(c) {
			sum += part.exact
		}
		if delta := p.delta(); math.Abs(sum-float64(delta)) > 0.6 {
			t.Errorf("before rounding the parts sum to %f, the difference of the means is %d", sum, delta)
		}
	}
}
