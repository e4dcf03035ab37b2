package population_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"tracefall/diagnose/compare/comparetest"
	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// charges makes n traces of a call to pay that takes as long as took says, in ms.
func charges(t *testing.T, seed uint64, n int, took func(r *rand.Rand, i int) float64) []*facts.Facts {
	r := rand.New(rand.NewPCG(seed, 2))
	b := trace.NewBuilder()
	for i := range n {
		own := int64(1e6 * took(r, i))
		comparetest.Build(t, b, uint64(i)+1, []comparetest.Span{
			{Parent: -1, Service: "web", Name: "GET /", Kind: trace.KindServer, End: own + 4e6},
			{Parent: 0, Service: "web", Name: "charge", Kind: trace.KindClient, Start: 1e6, End: own + 3e6},
			{Parent: 1, Service: "pay", Name: "charge", Kind: trace.KindServer, Start: 2e6, End: own + 2e6},
		})
	}
	return factstest.Of(b.Build())
}

func around(ms float64) func(*rand.Rand, int) float64 {
	return func(r *rand.Rand, _ int) float64 { return ms * (0.9 + 0.2*r.Float64()) }
}

// TestSetsTwoSorts: half of the calls became much slower and half much faster. No test of ranks can find it, and no
// median shows it; it is found, and said what changed.
func TestSetsTwoSorts(t *testing.T) {
	fast, usual, slow := around(5), around(100), around(2000)
	good := charges(t, 1, 60, usual)
	bad := charges(t, 2, 60, func(r *rand.Rand, i int) float64 {
		if i%2 == 0 {
			return slow(r, i)
		}
		return fast(r, i)
	})
	c := sets(t, good, bad, population.Options{})
	n := findCall(t, c, "pay", "charge")
	if n.Self.Q < 0.05 || n.Self.SpreadQ > 0.001 || math.Abs(n.Self.Distance-0.5) > 1e-9 {
		t.Fatalf("own work of pay: %+v", n.Self)
	}
	parts := n.Self.MovedParts(0.05)
	if len(parts) != 2 {
		t.Fatalf("%d parts moved, want the slow and the fast half: %+v", len(parts), parts)
	}
	for _, part := range parts {
		typical := 5e6
		if part.Above {
			typical = 2000e6
		}
		if part.Share != [2]float64{0, 0.5} || part.Typical < 0.85*typical || part.Typical > 1.15*typical {
			t.Errorf("%+v, want half of the calls at about %g", part, typical)
		}
	}
	text := n.Self.Text(0.05, func(ns float64) string { return units.Lasted(int64(ns)) })
	if !strings.HasPrefix(text, "50 % above 1") || !strings.Contains(text, ", baseline 0 %, 50 % up to 5.") {
		t.Errorf("it is said that %q", text)
	}
	if len(c.Culprits) == 0 || c.Culprits[0].Service != "pay" {
		t.Errorf("culprits %+v", c.Culprits)
	}
}

// TestSetsSomeSlow: a third of the calls became much slower. The median says that all became a little slower; what
// is told is the third.
func TestSetsSomeSlow(t *testing.T) {
	usual, slow := around(100), around(2000)
	c := sets(t, charges(t, 1, 90, usual), charges(t, 2, 90, func(r *rand.Rand, i int) float64 {
		if i%3 == 0 {
			return slow(r, i)
		}
		return usual(r, i)
	}), population.Options{})
	n := findCall(t, c, "pay", "charge")
	if text := n.Self.Text(0.05, func(ns float64) string { return units.Lasted(int64(ns)) }); !strings.HasPrefix(text, "33 % above 1") || !strings.HasSuffix(text, "baseline 0 %") {
		t.Errorf("it is said that %q", text)
	}
	if len(c.Culprits) == 0 || !strings.Contains(c.Culprits[0].Message, " per call of charge: 33 % above 1") {
		t.Errorf("culprits %+v do not say that it is a third of the calls", c.Culprits)
	}
	all := sets(t, charges(t, 1, 90, usual), charges(t, 2, 90, slow), population.Options{})
	n = findCall(t, all, "pay", "charge")
	if text := n.Self.Text(0.05, func(float64) string { return "x" }); len(n.Self.MovedParts(0.05)) != 0 || text != "mean x → x" {
		t.Errorf("where all calls became slower it is said that %q: %+v", text, n.Self.MovedParts(0.05))
	}
}
