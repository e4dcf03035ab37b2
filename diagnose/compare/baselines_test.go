package compare_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

const manyCheckouts = `
trace 01
web "GET /cart/17" 0ms +100ms kind=server
trace 02
web "GET /cart/18" 9s +110ms kind=server
trace 03
web "GET /cart/19" 10s +3s kind=server error=late
  db query 10001ms +2990ms
trace 04
web "GET /cart/20" 11s +900ms kind=server
trace 05
web "GET /cart/21" 12s +105ms kind=server
  cache get 12001ms +1ms error=miss
trace 06
web "GET /cart/22" 9500ms +50ms kind=server error=no
trace 07
web "GET /list" 10s +100ms kind=server
trace 08
web "GET /cart/23" 10500ms +95ms kind=server
  web lost 10501ms +1ms parent=77
`

func TestBaselines(t *testing.T) {
	set := tracetest.Set(t, manyCheckouts)
	bad := set.Find(trace.TraceID{Lo: 3})
	var got []string
	for _, b := range compare.Baselines(set, bad) {
		got = append(got, fmt.Sprintf("%d: %s", b.Trace.ID().Lo, b.Reason))
	}
	want := []string{
		"2: no error, 110 ms (median of 4: 110 ms), 1 s before",
		"1: no error, 100 ms (median of 4: 110 ms), 10 s before",
		"4: no error, 900 ms, not its usual 110 ms (median of 4), 1 s after",
		"5: succeeded, with 1 failed span, 105 ms (median of 4: 110 ms), 2 s after",
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

func TestSplits(t *testing.T) {
	set := tracetest.Set(t, manyCheckouts)
	all := factsOf(set)
	ids := func(list []*facts.Facts) (text string) {
		for _, f := range list {
			text += fmt.Sprint(f.Trace.ID().Lo)
		}
		return text
	}
	tests := []struct {
		name  string
		split compare.Split
		want  string
	}{
		{"errors", compare.SplitByErrors(all), "124785 36"},
		{"time", compare.SplitAt(all, tracetest.Epoch+10e9), "126 37845"},
		{"conditions", compare.SplitBy(all, func(tr *trace.Trace) bool { return tr.Errors() == 0 },
			func(tr *trace.Trace) bool { return tr.Duration() > 500e6 }), "1278 3"},
	}
	for _, tt := range tests {
		good, bad, _ := strings.Cut(tt.want, " ")
		sorted := func(s string) string {
			var counts [10]int
			for _, c := range s {
				counts[c-'0']++
			}
			return fmt.Sprint(counts)
		}
		if sorted(ids(tt.split.Good)) != sorted(good) || sorted(ids(tt.split.Bad)) != sorted(bad) {
			t.Errorf("%s: %s | %s, want %s", tt.name, ids(tt.split.Good), ids(tt.split.Bad), tt.want)
		}
	}
	if s := tests[2].split; s.Both != 1 || s.Neither != 2 || s.String() != "two conditions: 4 good, 1 bad, 2 neither, 1 left out because both conditions hold" {
		t.Errorf("%+v %s", s, s)
	}
	crowd := population(t, 3, 35, usual)
	s := compare.SplitBySlowness(append(crowd, all...))
	if len(s.Bad) != 3 || len(s.Good) != 40 {
		t.Fatalf("%d slow, %d not", len(s.Bad), len(s.Good))
	}
	for _, slow := range s.Bad {
		for _, f := range s.Good {
			if f.Trace.Set() == slow.Trace.Set() && f.Total() > slow.Total() {
				t.Error("a trace is slower than one of the slowest")
			}
		}
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
	if len(list) != 1 || list[0].Reason != "no error, 102 ms (4.09 s including spans outside the root), the only such trace, 9 s before" {
		t.Errorf("baselines %+v", list)
	}
}
