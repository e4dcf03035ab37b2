package views

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"tracefall/sources"
	"tracefall/sources/trace"
)

// openDemo reads a demo incident.
func openDemo(t *testing.T, name string) *trace.Set {
	t.Helper()
	r, err := sources.Open(context.Background(), []string{filepath.Join("..", "testdata", "demo", name)}, sources.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Set.Close(); err != nil {
			t.Error(err)
		}
	})
	return r.Set
}

// The registration that was made at one target group instead of two: no error anywhere, and the screen says so.
func TestCompareTheDemo(t *testing.T) {
	good, bad := openDemo(t, "baseline-difference-good.jsonl.gz"), openDemo(t, "baseline-difference-bad.jsonl.gz")
	v := openCompare(t, pairTraces(good.Trace(0), bad.Trace(0)))
	checkFrames(t, "compare-demo", v, testEnv(t))
	text := plain(v, testEnv(t), 120, 40)
	for _, want := range []string{"missing: AWS.ELBv2/RegisterTargets; no error is recorded", "╱╱ missing ╱╱"} {
		if !strings.Contains(text, want) {
			t.Errorf("the frame does not say %q:\n%s", want, text)
		}
	}
	if left, _ := v.Status(testEnv(t)); left != "cluster-operator AWS.ELBv2/RegisterTargets: missing" {
		t.Errorf("the cursor is on %q, want the call that was not made", left)
	}
	do(v, NextWorse)
	if left, _ := v.Status(testEnv(t)); !strings.HasPrefix(left, "cluster-operator wait_for_target_health: ") {
		t.Errorf("the next cause is %q, want the one that made most", left)
	}
	do(v, NextWorse)
	if left, _ := v.Status(testEnv(t)); !strings.HasPrefix(left, "cluster-operator AWS.ELBv2/RegisterTargets: ") {
		t.Errorf("the cause after the worst is %q, want the second", left)
	}
}
