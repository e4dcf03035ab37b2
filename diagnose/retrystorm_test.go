package diagnose

import (
	"context"
	"fmt"
	"testing"

	"tracefall/sources/tracetest"
)

// TestRetriesThatDoubleTheCallsAreAStorm: three attempts are retries, and a storm where the file has twice the calls of
// the traces that did not try again.
func TestRetriesThatDoubleTheCallsAreAStorm(t *testing.T) {
	const call = `
trace %d
api "POST /buy" %[1]ds +70ms kind=server http.route=/buy http.response.status_code=%[2]d
  api POST %[1]ds +20ms repeat=%[3]d every=21ms kind=client http.request.method=POST url.full="http://pay/charge" http.response.status_code=%[2]d
`
	for worked, want := range map[int]string{3: "retry storm", 4: "retries"} {
		text := ""
		for n := range 3 + worked {
			status, attempts := 503, 3
			if n >= 3 {
				status, attempts = 200, 1
			}
			text += fmt.Sprintf(call, n+1, status, attempts)
		}
		r, err := Run(context.Background(), tracetest.Set(t, text), Options{})
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for i := range r.Findings {
			if f := &r.Findings[i]; f.Detector == "retry-storm" {
				found++
				if f.Kind != want {
					t.Errorf("beside %d traces that worked at once: %s, want %s", worked, f.Kind, want)
				}
			}
		}
		if found != 3 {
			t.Errorf("beside %d traces that worked at once: %d findings, want 3:\n%s", worked, found, describeAll(r))
		}
	}
}
