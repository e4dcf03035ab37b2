package population_test

import (
	"math/rand/v2"
	"testing"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/comparetest"
	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/sources/trace"
)

// orders makes n traces of a shop that renders and charges; of a twelfth, charging takes long.
func orders(t *testing.T, seed uint64, n int, render, long int64) []*facts.Facts {
	r := rand.New(rand.NewPCG(seed, 4))
	b := trace.NewBuilder()
	for i := range n {
		shown, charged := render+r.Int64N(2e6), 10e6+r.Int64N(2e6)
		if i%12 == 0 {
			charged = long + r.Int64N(2e6)
		}
		comparetest.Build(t, b, uint64(i)+1, []comparetest.Span{
			{Parent: -1, Service: "web", Name: "GET /", Kind: trace.KindServer, End: shown + charged + 2e6},
			{Parent: 0, Service: "web", Name: "render", Start: 1e6, End: 1e6 + shown},
			{Parent: 0, Service: "web", Name: "charge", Start: 1e6 + shown, End: 1e6 + shown + charged},
		})
	}
	return factstest.Of(b.Build())
}

// TestSetsTail: all traces render 40 ms longer, and the slowest charge 300 ms longer. The mean says rendering, the
// tail says charging, and its parts sum to its difference.
func TestSetsTail(t *testing.T) {
	c := sets(t, orders(t, 1, 240, 20e6, 200e6), orders(t, 2, 240, 60e6, 500e6), population.Options{})
	label := func(part compare.Contribution) string { return c.Calls[part.Node].Op.Label() }
	if label(c.Contributions[0]) != "render" {
		t.Fatalf("the mean is made of %+v, want the scene to be rendering", c.Contributions)
	}
	if c.Tail == nil || label(c.Tail.Contributions[0]) != "charge" {
		t.Fatalf("tail %+v", c.Tail)
	}
	var sum int64
	for _, part := range c.Tail.Contributions {
		sum += part.Delta
	}
	if c.Tail.Traces != [2]int{12, 12} || sum != c.Tail.Delta || sum < 330e6 || sum > 350e6 {
		t.Errorf("%v traces, parts sum to %d of %d, want about 340 ms of 12 traces a side", c.Tail.Traces, sum, c.Tail.Delta)
	}
}

// TestSetsTailSame: where the tail says what the mean says, or nothing, or has too few traces, there is none.
func TestSetsTailSame(t *testing.T) {
	for name, c := range map[string]*population.Comparison{
		"all render longer": sets(t, orders(t, 1, 240, 20e6, 200e6), orders(t, 2, 240, 60e6, 200e6), population.Options{}),
		"alike":             sets(t, orders(t, 1, 240, 20e6, 200e6), orders(t, 2, 240, 20e6, 200e6), population.Options{}),
		"few":               sets(t, orders(t, 1, 60, 20e6, 200e6), orders(t, 2, 60, 60e6, 500e6), population.Options{}),
	} {
		if c.Tail != nil {
			t.Errorf("%s: tail %+v", name, c.Tail)
		}
	}
}
