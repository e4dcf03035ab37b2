package diagnose

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/rule"
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

// TestErrorOriginsOfSeveralSorts are a finding for each way that a call failed.
func TestErrorOriginsOfSeveralSorts(t *testing.T) {
	var text strings.Builder
	for n, why := range []string{"connect ETIMEDOUT", "circuit breaker is open", "connect ETIMEDOUT", "circuit breaker is open", "circuit breaker is open"} {
		fmt.Fprintf(&text, "trace %d\nweb \"GET /a\" 0ms +100ms kind=server http.request.method=GET http.route=/a error=failed\n", n+1)
		fmt.Fprintf(&text, "  web POST 1ms +%dms kind=client http.request.method=POST url.full=\"http://stock:8080/b\" error=%q\n", 10+n, why)
	}
	report, err := Run(context.Background(), tracetest.Set(t, text.String()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var all []*rule.Finding
	for i := range report.Findings {
		if report.Findings[i].Detector == "error-origin" {
			all = append(all, &report.Findings[i])
		}
	}
	var got []string
	for _, same := range Distinct(all) {
		got = append(got, fmt.Sprintf("%d %s", len(same), rule.TitleOf(same)))
	}
	slices.Sort(got)
	if want := []string{"2 root-cause error: timeout", "3 root-cause error: circuit breaker open"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestBottlenecksOfSeveralOperations are a finding for each operation: what takes longest in one trace need not in another.
func TestBottlenecksOfSeveralOperations(t *testing.T) {
	var text strings.Builder
	for n, took := range [][2]int{{70, 10}, {20, 60}, {60, 10}} {
		fmt.Fprintf(&text, "trace %d\nweb \"GET /a\" 0ms +100ms kind=server http.request.method=GET http.route=/a\n", n+1)
		fmt.Fprintf(&text, "  cart load 1ms +%dms\n  stock load %dms +%dms\n", took[0], took[0]+2, took[1])
	}
	report, err := Run(context.Background(), tracetest.Set(t, text.String()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var all []*rule.Finding
	for i := range report.Findings {
		if report.Findings[i].Detector == "bottleneck" {
			all = append(all, &report.Findings[i])
		}
	}
	var got []string
	for _, same := range Distinct(all) {
		got = append(got, fmt.Sprintf("%d %s", len(same), rule.TitleOf(same)))
	}
	slices.Sort(got)
	if want := []string{"1 bottleneck: stock load (60 % of critical path)", "2 bottleneck: cart load (60 to 70 % of critical path)"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
