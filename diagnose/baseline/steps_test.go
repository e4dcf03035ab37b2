package baseline_test

import (
	"testing"

	"tracefall/diagnose/factstest"
	"tracefall/diagnose/patterns"
	"tracefall/sources/tracetest"
)

// TestRequests: what is told of all spans is told of each; pieces whose caller is missing are requests of their own.
func TestRequests(t *testing.T) {
	set := tracetest.Set(t, `
shop "GET /cart" 0ms +50ms kind=server
  shop load 1ms +40ms
    shop SELECT 2ms +5ms kind=client db.system.name=mysql db.query.text="SELECT 1"
    stock check 10ms +5ms
      stock read 11ms +2ms
shop first 20ms +5ms parent=00000000000000aa
  shop read 21ms +1ms
shop SELECT 30ms +5ms kind=client parent=00000000000000bb
shop UPDATE 40ms +5ms kind=client parent=00000000000000cc
`)
	f := factstest.Of(set)[0]
	of, roots := patterns.Requests(f), map[int32]bool{}
	for i := f.Trace.First(); i < f.Trace.Len(); i++ {
		if int(of[i]) != patterns.Request(f, i) {
			t.Errorf("span %d is of request %d, of all at once %d", i, patterns.Request(f, i), of[i])
		}
		roots[of[i]] = true
	}
	if len(roots) != 5 {
		t.Errorf("%d requests, want 5: %v", len(roots), of)
	}
}
