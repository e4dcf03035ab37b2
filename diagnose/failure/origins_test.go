package failure_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/diagnose/factstest"
	"tracefall/diagnose/failure"
	"tracefall/sources/tracetest"
)

func TestFailureOrigins(t *testing.T) {
	tests := []struct {
		name, text string
		want       []int
	}{
		{"the deepest failure", `
			a root 0ms +9ms status=error
			  b call 1ms +7ms status=error
			    b query 2ms +5ms status=error
			    b other 7ms +1ms`, []int{2}},
		{"one that was survived is none", `
			a root 0ms +9ms status=error
			  a ok 1ms +2ms kind=client status=ok
			    b lost 1ms +1ms status=error
			  b bad 4ms +2ms status=error`, []int{3}},
		{"nothing in a trace that ended well", `
			a root 0ms +9ms
			  a bad 1ms +2ms status=error`, nil},
		{"through a span that says nothing", `
			a root 0ms +9ms status=error
			  a middleware 1ms +8ms
			    b bad 2ms +2ms status=error`, []int{2}},
		{"not through one beside a failure", `
			a root 0ms +9ms status=error
			  a tryCache 1ms +2ms
			    b lost 1ms +1ms status=error
			  b bad 4ms +2ms status=error`, []int{3}},
		{"not in what nobody waited for", `
			a root 0ms +9ms status=error
			  b late 12ms +2ms status=error`, []int{0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set := tracetest.Set(t, tt.text)
			f := factstest.Of(set)[0]
			if diff := cmp.Diff(tt.want, failure.Origins(f)); diff != "" {
				t.Errorf("origins (-want +got):\n%s", diff)
			}
		})
	}
}
