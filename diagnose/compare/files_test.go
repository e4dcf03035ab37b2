package compare_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/facts"
	"tracefall/sources"
	"tracefall/sources/trace"
)

// open reads files of testdata, or of the collection beside the module; without these the test is skipped.
func open(t testing.TB, pattern string) *trace.Set {
	t.Helper()
	name := filepath.Join("..", "..", filepath.FromSlash(pattern))
	if found, _ := filepath.Glob(name); len(found) == 0 {
		t.Skipf("%s is not there", pattern)
	}
	result, err := sources.Open(context.Background(), []string{name}, sources.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = result.Set.Close() })
	return result.Set
}

// factsOf derives the facts of all traces of a set.
func factsOf(set *trace.Set) []*facts.Facts {
	ops := facts.NewOps(set)
	list := make([]*facts.Facts, set.Len())
	for i := range list {
		list[i] = facts.New(set.Trace(i), ops)
	}
	return list
}

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
		if !strings.HasPrefix(c.Headline, c.Divergence.Message) {
			t.Errorf("%s: headline %q", name, c.Headline)
		}
	}
	for _, spelling := range []string{"new.otlp.json", "old.otlp.json", "jaeger.json"} {
		list := factsOf(open(t, "testdata/incidents/baseline-difference.elbv2."+spelling))
		if len(list) != 2 {
			t.Fatalf("%d traces", len(list))
		}
		good, bad := list[0], list[1]
		if good.Trace.ID().String() != "69888f821750d5cf6492f126702d95bc" {
			good, bad = bad, good
		}
		check(spelling, good, bad)
	}
	good := factsOf(open(t, "testdata/demo/baseline-difference-good.jsonl.gz"))
	bad := factsOf(open(t, "testdata/demo/baseline-difference-bad.jsonl.gz"))
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
