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
	for _, b := range compare.Baselines(set, bad, nil) {
		got = append(got, fmt.Sprintf("%d: %s", b.Trace.ID().Lo, b.Reason))
	}
	want := []string{
		"2: 1 s before, near the median of 3 (110 ms), no error",
		"1: 10 s before, near the median of 3 (110 ms), no error",
		"4: 1 s after, 8.2× the median of 3 (110 ms), no error",
		"5: succeeded with 1 failed span, 2 s after, near the median of 3 (110 ms)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("baselines (-want +got):\n%s", diff)
	}
	if list := compare.Baselines(set, set.Find(trace.TraceID{Lo: 7}), nil); len(list) != 0 {
		t.Errorf("the only trace of its operation has baselines: %+v", list)
	}
	elsewhere := tracetest.Set(t, "trace 99\nweb \"GET /cart/5\" 90m +2s kind=server error=x")
	list := compare.Baselines(set, elsewhere.Trace(0), nil)
	if len(list) != 4 || list[0].Trace.ID().Lo != 2 || !strings.HasPrefix(list[0].Reason, "1 h 30 m before") {
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
	list := compare.Baselines(set, set.Find(trace.TraceID{Lo: 2}), nil)
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
	list := compare.Baselines(set, set.Find(trace.TraceID{Lo: 2}), nil)
	if len(list) != 1 || list[0].Reason != "9 s before, 4.09 s including spans outside the root, only trace of the operation, no error" {
		t.Errorf("baselines %+v", list)
	}
}

// TestBaselinesByShape: the nearest set of calls comes before the nearest time, however often each is called.
func TestBaselinesByShape(t *testing.T) {
	set := tracetest.Set(t, `
trace 01
web "GET /cart/7" 0s +100ms kind=server
  cart "get 123" 0s +10ms
  cart "get 124" 20ms +10ms
  price list 40ms +10ms
trace 02
web "GET /cart/8" 50s +100ms kind=server
  cart "get 999" 50s +10ms
trace 03
web "GET /cart/9" 55s +100ms kind=server
  cache hit 55s +10ms
trace 04
web "GET /cart/1" 58s +100ms kind=server
  cart "get 999" 58s +10ms error=x
  price list 58.02s +10ms
trace 05
web "GET /cart/5" 60s +2s kind=server error=x
  cart "get 125" 60s +10ms
  price list 60.04s +10ms error=x
`)
	bad := set.Find(trace.TraceID{Lo: 5})
	var got []string
	for _, b := range compare.BaselinesByShape(set, bad) {
		got = append(got, fmt.Sprintf("%d: %s", b.Trace.ID().Lo, b.Reason))
	}
	want := []string{
		"1: same calls, 60 s before, near the median of 3 (100 ms), no error",
		"2: 1 call differs, 10 s before, near the median of 3 (100 ms), no error",
		"3: 3 calls differ, 5 s before, near the median of 3 (100 ms), no error",
		"4: succeeded with 1 failed span, same calls, 2 s before, near the median of 3 (100 ms)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("baselines by shape (-want +got):\n%s", diff)
	}
	if list := compare.Baselines(set, bad, nil); list[0].Trace.ID().Lo != 3 || strings.Contains(list[0].Reason, "calls") {
		t.Errorf("the nearest in time is %+v", list[0])
	}
}

// TestBaselineOfTwo: a trace is not held against itself.
func TestBaselineOfTwo(t *testing.T) {
	set := tracetest.Set(t, `
trace 01
cart "GET /cart" 0ms +100ms kind=server
trace 02
cart "GET /cart" 1s +100ms kind=server
  cart work 1s +5ms error=odd
trace 03
cart "GET /cart" 2s +2s kind=server error=late`)
	var got []string
	for _, b := range compare.Baselines(set, set.Find(trace.TraceID{Lo: 3}), nil) {
		got = append(got, b.Reason)
	}
	want := []string{"2 s before, no error", "succeeded with 1 failed span, 1 s before, near the median of 1 (100 ms)"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("baselines (-want +got):\n%s", diff)
	}
}

// TestBaselineWithoutTheFinding: a trace that has a finding of the bad one comes last, however close it is, and is not usual.
func TestBaselineWithoutTheFinding(t *testing.T) {
	set := tracetest.Set(t, `
trace 01
cart "GET /cart" 0s +100ms kind=server
trace 02
cart "GET /cart" 1s +148ms kind=server
  cart work 1s +5ms error=odd
trace 03
cart "GET /cart" 2s +2s kind=server
trace 04
cart "GET /cart" 3s +2s kind=server`)
	var got []string
	for _, b := range compare.Baselines(set, set.Find(trace.TraceID{Lo: 4}), func(t *trace.Trace) string {
		if t.ID().Lo == 3 {
			return "lost-update"
		}
		return ""
	}) {
		got = append(got, b.Reason)
	}
	want := []string{
		"3 s before, no error", "succeeded with 1 failed span, 2 s before, 1.5× the median of 1 (100 ms)",
		"same finding (lost-update), 1 s before, 20× the median of 1 (100 ms), no error",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("baselines (-want +got):\n%s", diff)
	}
}
