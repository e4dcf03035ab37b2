package diagnose

import (
	"context"
	"strings"
	"testing"

	"tracefall/sources/trace"
)

// TestFindingsWithoutKinds takes the kinds off the spans of every incident, as exporters that know none leave them out or
// call everything internal: what is found stays. Clocks are another matter: who promised to wait is known by kinds only.
func TestFindingsWithoutKinds(t *testing.T) {
	forIncidents(t, func(t *testing.T, before *Report) {
		if name := t.Name(); strings.Contains(name, "clock") || strings.Contains(name, "skew") || strings.Contains(name, "in-a-consumer") {
			t.Skip("needs kinds")
		}
		for _, kind := range []trace.Kind{trace.KindInternal, trace.KindUnspecified} {
			after, err := Run(context.Background(), rebuilt(before.Set, func(raw *trace.RawSpan) { raw.Kind = kind }), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got, want := claims(after), claims(before); got != want {
				t.Errorf("all %s:\n%s\nbefore:\n%s", kind, got, want)
			}
		}
	})
}
