package patterns_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/stats"
	"tracefall/sources/tracetest"
)

func TestWork(t *testing.T) {
	var b strings.Builder
	for n := range 4 {
		fmt.Fprintf(&b, `
trace %x
api "GET /x" %ds +1s cache.size=%d order.id=%d http.status_code=200 note=text resource.host.name=one
  api load %ds +100ms repeat=3
`, n+1, n*10, 100*n, n, n*10)
	}
	set := tracetest.Set(t, b.String())
	ops := facts.NewOps(set)
	var all []*facts.Facts
	for n := range set.Len() {
		all = append(all, facts.New(set.Trace(n), ops))
	}
	work := patterns.NewWork(all, 4)
	if len(work) != 2 {
		t.Fatalf("%d operations, want 2", len(work))
	}
	if w := work[0]; w.Duration.Instance != "one" || len(w.Attrs) != 1 || w.Attrs[0].Key != "cache.size" {
		t.Errorf("work[0] = %+v, want cache.size alone, on one", w)
	}
	if diff := cmp.Diff([]float64{0, 100, 200, 300}, work[0].Attrs[0].Values()); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]float64{7e8, 7e8, 7e8, 7e8}, work[0].Self.Values()); diff != "" {
		t.Errorf("self (-want +got):\n%s", diff)
	}
	if got := len(work[1].Duration.Points); got != 4 {
		t.Errorf("%d points of load, want one a trace: 4", got)
	}
	if got := patterns.NewWork(all, 5); len(got) != 0 {
		t.Errorf("%d operations with five points, want none", len(got))
	}
}

func TestCounterAndWindows(t *testing.T) {
	series := func(values ...float64) *patterns.Series {
		s := &patterns.Series{}
		for _, v := range values {
			s.Points = append(s.Points, patterns.Point{Value: v})
		}
		return s
	}
	if s := series(5, 6, 7, 8); !s.Counter() {
		t.Error("5, 6, 7, 8 is a counter")
	}
	if s := series(1000, 1013, 1026, 1039, 1052, 1065, 1078, 1091, 1104); !s.Counter() {
		t.Error("thirteen more each time is a counter")
	}
	if s := series(1000, 2000, 3000, 4000); s.Counter() {
		t.Error("four points a thousand apart may be anything")
	}
	if s := series(1, 1, 1, 1, 1, 1, 1, 1, 1); s.Counter() {
		t.Error("a constant is no counter")
	}
	if diff := cmp.Diff([]float64{2, 5, 8}, stats.Windows([]float64{1, 2, 3, 4, 5, 6, 7, 8, 9}, 3)); diff != "" {
		t.Errorf("windows (-want +got):\n%s", diff)
	}
}
