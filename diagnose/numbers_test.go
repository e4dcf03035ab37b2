package diagnose

import (
	"testing"

	"tracefall/sources/tracetest"
)

// TestNumbersOfGroups: a finding about several spans has the times of all of them.
func TestNumbersOfGroups(t *testing.T) {
	found := findingsOf(t, tracetest.Set(t, `
api "GET /x" 0ms +100ms kind=server
  api POST 1ms +9ms repeat=3 every=10ms kind=client http.request.method=POST url.full="http://pay:8080/charge?n={i}" http.response.status_code=400 error=odd`))
	f := found["error-origin"]
	if f == nil || f.Numbers.Count != 3 || f.Numbers.Sum != 27e6 || f.Numbers.Union != 27e6 || f.Numbers.Critical != 27e6 {
		t.Errorf("error origin: %+v", f)
	}
}
