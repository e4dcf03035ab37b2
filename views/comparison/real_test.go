package comparison

import (
	"strings"
	"testing"

	"tracefall/views"
	"tracefall/views/viewstest"
)

// The registration that was made at one target group instead of two: no error anywhere, and the screen says so.
func TestCompareTheDemo(t *testing.T) {
	good, bad := viewstest.OpenDemo(t, "baseline-difference-good.jsonl.gz"), viewstest.OpenDemo(t, "baseline-difference-bad.jsonl.gz")
	v := openCompare(t, pairTraces(good.Trace(0), bad.Trace(0)))
	viewstest.CheckFrames(t, "compare-demo", v, viewstest.Env(t))
	text := viewstest.Plain(v, viewstest.Env(t), 120, 40)
	for _, want := range []string{"AWS.ELBv2/RegisterTargets: missing, no error recorded", "390.0 ms   missing"} {
		if !strings.Contains(text, want) {
			t.Errorf("the frame does not say %q:\n%s", want, text)
		}
	}
	if left, _ := v.Status(viewstest.Env(t)); left != "-390 ms of +17.2 s (-2 %) · missing" {
		t.Errorf("the cursor is on %q, want the call that was not made", left)
	}
	viewstest.Do(v, views.NextWorse)
	if left, _ := v.Status(viewstest.Env(t)); !strings.HasPrefix(left, "+17.6 s, offset by -404 ms · ") {
		t.Errorf("the next cause is %q, want the one that made most", left)
	}
	viewstest.Do(v, views.NextWorse)
	if left, _ := v.Status(viewstest.Env(t)); !strings.HasPrefix(left, "-390 ms") {
		t.Errorf("the cause after the worst is %q, want the second", left)
	}
}
