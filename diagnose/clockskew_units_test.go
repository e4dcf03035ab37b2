package diagnose

import (
	"context"
	"fmt"
	"testing"

	"tracefall/sources/tracetest"
)

// TestUnitsOfSeveralCallers: two callers of one service with another unit are two findings, told apart by their
// fingerprints.
func TestUnitsOfSeveralCallers(t *testing.T) {
	const call = `
trace 0%d
%s "GET /report" 0ms +140ms kind=server
  %[2]s GET 10ms +40ms kind=client http.request.method=GET url.full="http://bill/x"
    bill "GET /x" 11ms +38s kind=server http.request.method=GET http.route=/x
`
	set := ""
	for n, caller := range [...]string{"api", "api", "api", "job", "job", "job"} {
		set += fmt.Sprintf(call, n+1, caller)
	}
	report, err := Run(context.Background(), tracetest.Set(t, set), Options{})
	if err != nil {
		t.Fatal(err)
	}
	met := map[string]bool{}
	for i := range report.Findings {
		if f := &report.Findings[i]; f.Detector == "clock-skew" {
			met[f.Fingerprint] = true
		}
	}
	if len(met) != 2 {
		t.Errorf("%d fingerprints, want two:\n%s", len(met), describeAll(report))
	}
}
