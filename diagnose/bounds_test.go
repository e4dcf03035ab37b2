package diagnose_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"tracefall/diagnose"
	"tracefall/sources/tracetest"
)

var waited = regexp.MustCompile(`(no|exponential|fixed) backoff|backoff of varying length`)

// attempts is a request that tries a call again after so many milliseconds each.
func attempts(waits ...int) string {
	text, at := "shop \"POST /checkout\" 0ms +3s kind=server\n", 10
	for n := range len(waits) + 1 {
		text += fmt.Sprintf("  shop \"POST /charge\" %dms +20ms kind=client http.request.method=POST url.full=\"http://payment/charge\" http.response.status_code=503 http.request.resend_count=%d status=error\n", at, n)
		if n < len(waits) {
			at += 20 + waits[n]
		}
	}
	return text
}

// TestBounds has traces just beyond a number that a detector or the ranking goes by: what is found in each, with its
// severity and confidence.
func TestBounds(t *testing.T) {
	var six strings.Builder
	six.WriteString("api \"GET /x\" 0ms +2s kind=server\n")
	for i := range 6 {
		fmt.Fprintf(&six, "  api SELECT %dms +20ms repeat=6 every=300ms kind=client db.system=mysql db.statement=\"SELECT * FROM t%c WHERE id = '{i}'\"\n", 10+40*i, 'a'+i)
	}
	for _, test := range []struct{ name, trace, want string }{
		{"24 short calls are many", `
api "GET /x" 0ms +2s kind=server
  api "SELECT a" 12ms +1ms repeat=24 every=10ms kind=client db.system.name=postgresql db.query.text="SELECT * FROM a WHERE id = {i}"
`, "n-plus-one info 1.00 ×24, blind-spots info 0.80 ×1, bottleneck info 1.00 ×1"},
		{"parameters that are seen", `
api "GET /x" 0ms +400ms kind=server
  api "SELECT a" 12ms +20ms repeat=6 every=40ms kind=client db.system.name=postgresql db.query.text="SELECT * FROM a WHERE id = {i}"
`, "n-plus-one high 1.00 ×6, bottleneck info 1.00 ×1"},
		{"parameters in attributes of the application's own", `
api "GET /x" 0ms +400ms kind=server
  api "SELECT a" 12ms +20ms repeat=6 every=40ms kind=client db.system.name=postgresql db.query.text="SELECT * FROM a WHERE id = ?" item.id={i}
`, "n-plus-one high 0.70 ×6, blind-spots info 1.00 ×1, bottleneck info 1.00 ×1"},
		{"a pattern of six queries", six.String(), "n-plus-one high 1.00 ×6, blind-spots info 0.80 ×1, bottleneck info 1.00 ×1"},
		{"35 ms of a second", `
api "GET /x" 0ms +1000ms kind=server
  api "SELECT b" 400ms +7ms repeat=6 every=40ms kind=client db.system.name=postgresql db.query.text="SELECT * FROM b WHERE id = 7"
`, "redundant-calls low 0.90 ×6, blind-spots info 0.80 ×1, bottleneck info 1.00 ×1"},
		{"waits of 100 and 130 ms by turns", attempts(100, 130, 100, 130), "retry-storm high 0.80 ×5 fixed backoff, error-origin low 0.60 ×5, bottleneck info 1.00 ×1, blind-spots info 0.80 ×1"},
		{"waits that double, but for the last", attempts(100, 200, 400, 300), "retry-storm high 0.80 ×5 exponential backoff, error-origin low 0.60 ×5, bottleneck info 1.00 ×1, blind-spots info 0.80 ×1"},
	} {
		report, err := diagnose.Run(t.Context(), tracetest.Set(t, test.trace), diagnose.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i := range report.Findings {
			f := &report.Findings[i]
			got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %.2f ×%d %s", f.Detector, f.Severity, f.Confidence, f.Numbers.Count, waited.FindString(f.Message))))
		}
		if all := strings.Join(got, ", "); all != test.want {
			t.Errorf("%s: %s, want %s", test.name, all, test.want)
		}
	}
}
