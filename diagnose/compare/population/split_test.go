package population_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

func TestSplits(t *testing.T) {
	text, err := os.ReadFile("../testdata/checkouts.txt")
	if err != nil {
		t.Fatal(err)
	}
	set := tracetest.Set(t, string(text))
	all := factstest.Of(set)
	ids := func(list []*facts.Facts) (text string) {
		for _, f := range list {
			text += fmt.Sprint(f.Trace.ID().Lo)
		}
		return text
	}
	tests := []struct {
		name  string
		split population.Split
		want  string
	}{
		{"errors", population.SplitByErrors(all), "124785 36"},
		{"time", population.SplitAt(all, tracetest.Epoch+10e9), "126 37845"},
		{"conditions", population.SplitBy(all, func(tr *trace.Trace) bool { return tr.Errors() == 0 },
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
	if s := tests[2].split; s.Both != 1 || s.Neither != 2 || s.String() != "two conditions: 4 baseline, 1 bad, 2 neither, 1 left out (both conditions hold)" {
		t.Errorf("%+v %s", s, s)
	}
	crowd := shops(t, 3, 35, usual)
	s := population.SplitBySlowness(append(crowd, all...))
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
