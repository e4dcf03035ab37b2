package diagnose

import (
	"context"
	"strings"
	"testing"

	"tracefall/sources/tracetest"
)

// TestBottleneckNamesItsPlace: title and place of a bottleneck are the same, a query has the fixes of queries, and nothing
// else has.
func TestBottleneckNamesItsPlace(t *testing.T) {
	for _, test := range []struct{ child, where, fix string }{
		{`POST 1ms +90ms kind=client http.request.method=POST url.full=http://stock:80/reserve http.response.status_code=200`, "shop POST /reserve", "profile the operation"},
		{`query 1ms +90ms kind=client db.system=postgresql db.statement="SELECT a FROM b"`, "shop SELECT a FROM b", "add an index for the filter and sort columns"},
	} {
		report, err := Run(context.Background(), tracetest.Set(t, "shop root 0ms +100ms kind=server\n  shop "+test.child), Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range report.Findings {
			f := &report.Findings[i]
			if f.Detector == "bottleneck" && (f.Where != test.where || !strings.HasPrefix(f.Title, "bottleneck: "+test.where+" (90 % ") || f.Remedies[0] != test.fix) {
				t.Errorf("%q at %q, first fix %q; want %q, %q", f.Title, f.Where, f.Remedies[0], test.where, test.fix)
			}
		}
		if len(report.Findings) == 0 {
			t.Error("no findings")
		}
	}
}
