package population

import (
	"context"
	"math"
	"strings"
	"testing"

	"tracefall/diagnose/compare/calltree"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
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

// TestMeansOfYears: the parts of a difference add up where calls of years are made more often. They were given out one
// nanosecond at a time when they did not.
func TestMeansOfYears(t *testing.T) {
	good := factstest.One(t, "web GET 0h +175200h kind=server\n  web load 0h +166440h\n")
	bad := factstest.One(t, "web GET 0h +175200h kind=server\n"+strings.Repeat("  web load 0h +1ms\n", 40))
	c, err := Compare(context.Background(), []*facts.Facts{good}, []*facts.Facts{bad}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var sum int64
	for _, part := range c.Contributions {
		sum += part.Delta
	}
	if sum != c.Delta || len(c.Contributions) != 2 {
		t.Errorf("contributions %+v sum to %d, the difference is %d", c.Contributions, sum, c.Delta)
	}
}
