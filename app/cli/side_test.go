package cli

import (
	"os"
	"strings"
	"testing"

	"tracefall/sources/tracetest"
)

func TestSplitRef(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("odd#name.json", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][3]string{
		{"a.json", "a.json", ""}, {"a.json#12", "a.json", "12"}, {"odd#name.json", "odd#name.json", ""}, {"odd#name.json#12", "odd#name.json", "12"},
	} {
		if name, id := splitRef(c[0]); name != c[1] || id != c[2] {
			t.Errorf("%s: %q %q, want %q %q", c[0], name, id, c[1], c[2])
		}
	}
}

func TestPick(t *testing.T) {
	set := tracetest.Set(t, `
		trace 1
		gw "GET /a" 0ms +10ms
		trace 2
		gw "GET /a" 1s +30ms
		trace 3
		gw "GET /a" 2s +20ms error=boom
		trace 4
		gw "GET /a" 3s +15ms error=boom
		trace 5
		gw "GET /b" 4s +90ms error=boom
	`)
	all := side{name: "all", set: set}
	for i := range set.Len() {
		all.traces = append(all.traces, set.Trace(i))
	}
	if got, why, err := pickBad(all, set.Trace(0)); err != nil || got != set.Trace(2) || why != "the slowest that failed of 3 such traces, 20 ms" {
		t.Errorf("the bad one is %v, %q, %v", got, why, err)
	}
	few := all
	few.traces = few.traces[:2]
	if got, why, err := pickBad(few, set.Trace(0)); err != nil || got != set.Trace(1) || !strings.HasPrefix(why, "the slowest of 1 such trace") {
		t.Errorf("without failures the bad one is %v, %q, %v", got, why, err)
	}
	if _, _, err := pickBad(few, set.Trace(4)); err == nil {
		t.Error("a trace of another operation is picked")
	}
	if got, _, err := pickGood(all, set.Trace(3)); err != nil || got.Root().Error() {
		t.Errorf("the good one is %v, %v", got, err)
	}
	few.traces = all.traces[2:]
	if _, _, err := pickGood(few, set.Trace(3)); err == nil {
		t.Error("a failed trace is picked as good")
	}
}
