package compare_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/diagnose/compare"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

func TestBaselines(t *testing.T) {
	text, err := os.ReadFile("testdata/checkouts.txt")
	if err != nil {
		t.Fatal(err)
	}
	set := tracetest.Set(t, string(text))
	bad := set.Find(trace.TraceID{Lo: 3})
	var got []string
	for _, b := range compare.Baselines(set, bad) {
		got = append(got, fmt.Sprintf("%d: %s", b.Trace.ID().Lo, b.Reason))
	}
	want := []string{
		"2: no error, 110 ms (median of 4: 110 ms), 1 s before",
		"1: no error, 100 ms (median of 4: 110 ms), 10 s before",
		"4: no error, 900 ms, unusual (median of 4: 110 ms), 1 s after",
		"5: succeeded with 1 failed span, 105 ms (median of 4: 110 ms), 2 s after",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("baselines (-want +got):\n%s", diff)
	}
	if list := compare.Baselines(set, set.Find(trace.TraceID{Lo: 7})); len(list) != 0 {
		t.Errorf("the only trace of its operation has baselines: %+v", list)
	}
	elsewhere := tracetest.Set(t, "trace 99\nweb \"GET /cart/5\" 90m +2s kind=server error=x")
	list := compare.Baselines(set, elsewhere.Trace(0))
	if len(list) != 4 || list[0].Trace.ID().Lo != 2 || !strings.HasSuffix(list[0].Reason, "1 h 30 m before") {
		t.Errorf("baselines from another set: %+v", list)
	}
}

// TestBaselineFromElsewhere: that the caller of a trace's first span is not in the file leaves nothing out below it.
func TestBaselineFromElsewhere(t *testing.T) {
	set := tracetest.Set(t, `
trace 01
cart "GET /cart" 0ms +100ms kind=server parent=00000000000000aa
trace 02
cart "GET /cart" 1s +2s kind=server parent=00000000000000bb error=late
trace 03
cart "GET /cart" 2s +100ms kind=server
cart work 2010ms +5ms parent=00000000000000cc`)
	list := compare.Baselines(set, set.Find(trace.TraceID{Lo: 2}))
	if len(list) != 1 || list[0].Trace.ID().Lo != 1 {
		t.Errorf("baselines: %+v", list)
	}
}

// TestBaselineRanOn: what is told is how long the one who asked waited, not what ran on in the background.
func TestBaselineRanOn(t *testing.T) {
	set := tracetest.Set(t, `
trace 01
web "GET /cart/17" 0ms +102ms kind=server
  jobs index 90ms +4s kind=consumer
trace 02
web "GET /cart/18" 9s +3s kind=server error=late
`)
	list := compare.Baselines(set, set.Find(trace.TraceID{Lo: 2}))
	if len(list) != 1 || list[0].Reason != "no error, 102 ms (4.09 s including spans outside the root), only trace of the operation, 9 s before" {
		t.Errorf("baselines %+v", list)
	}
}
