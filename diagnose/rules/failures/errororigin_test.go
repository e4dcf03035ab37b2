package failures

import (
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/sources/tracetest"
)

// TestOriginsFirst names the origin that stands first: the failed span that explains the failure of the root best.
func TestOriginsFirst(t *testing.T) {
	tests := []struct {
		name, text string
		want       int
	}{
		{"nothing failed", "api a 0ms +1s", -1},
		{"an empty-handed root", `
			api a 0ms +1s error=no
			  api b 1ms +1ms`, 0},
		{"the one on the critical path before an earlier one that is not", `
			api a 0ms +1s error=no
			  api b 0ms +10ms error=no
			  api c 5ms +900ms error=no`, 2},
		{"the one that explains the root before an earlier masked one", `
			api a 0ms +1s error=no kind=server
			  api ok 0ms +10ms status=ok
			    api b 1ms +5ms error=no
			      api c 2ms +1ms error=no
			  api d 500ms +100ms error=no`, 4},
		{"a cancelled call, where there is nothing else", `
			api a 0ms +1s
			  api b 0ms +500ms error="context canceled"
			  api b 100ms +390ms`, 1},
		{"below a synthetic root", `
			api a 0ms +1s
			api b 0ms +500ms error=no`, 2},
	}
	for _, test := range tests {
		set := tracetest.Set(t, test.text)
		got := -1
		if list := originsOf(facts.New(set.Trace(0), facts.NewOps(set))); len(list) > 0 {
			got = list[0].span
		}
		if got != test.want {
			t.Errorf("%s: got %d, want %d", test.name, got, test.want)
		}
	}
}
