package compare_test

import (
	"strings"
	"testing"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/comparetest"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
)

// TestIncidentWithoutError: a step made two calls to the load balancer when it worked and one when it did not,
// with no error recorded, in all spellings.
func TestIncidentWithoutError(t *testing.T) {
	want := "made 2 AWS.ELBv2 calls in the baseline and 1 in the bad trace; missing: AWS.ELBv2/RegisterTargets; no error is recorded"
	check := func(name string, good, bad *facts.Facts) {
		c := compare.Pair(good, bad)
		checkSum(t, name, c)
		if c.Divergence == nil || !strings.Contains(c.Divergence.Message, want) {
			t.Errorf("%s: divergence %+v, want %q", name, c.Divergence, want)
		}
		if !strings.HasPrefix(c.Headline, c.Divergence.Brief) {
			t.Errorf("%s: headline %q", name, c.Headline)
		}
	}
	for _, spelling := range []string{"new.otlp.json", "old.otlp.json", "jaeger.json"} {
		list := factstest.Of(comparetest.Open(t, "../../testdata/incidents/baseline-difference.elbv2."+spelling))
		if len(list) != 2 {
			t.Fatalf("%d traces", len(list))
		}
		good, bad := list[0], list[1]
		if good.Trace.ID().String() != "69888f821750d5cf6492f126702d95bc" {
			good, bad = bad, good
		}
		check(spelling, good, bad)
	}
	good := factstest.Of(comparetest.Open(t, "../../testdata/demo/baseline-difference-good.jsonl.gz"))
	bad := factstest.Of(comparetest.Open(t, "../../testdata/demo/baseline-difference-bad.jsonl.gz"))
	check("demo", good[0], bad[0])
}

func checkSum(t testing.TB, name string, c *compare.Comparison) {
	t.Helper()
	var sum int64
	for _, part := range c.Contributions {
		sum += part.Delta
	}
	if sum != c.Delta {
		t.Errorf("%s: contributions sum to %d, the difference is %d", name, sum, c.Delta)
	}
}
