package diagnose

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tracefall/diagnose/rule"
	"tracefall/diagnose/rules/capacity"
	"tracefall/sources/tracetest"
)

// TestBadInstanceChance: where who failed, and who was slow, is up to chance, hardly a file in a hundred has a
// finding, as q promises.
func TestBadInstanceChance(t *testing.T) {
	const files, requests, instances = 200, 120, 6
	r := rand.New(rand.NewPCG(5, 6))
	with := 0
	for range files {
		var b strings.Builder
		for n := range requests {
			status := 200
			if r.IntN(8) == 0 {
				status = 500
			}
			fmt.Fprintf(&b, "trace %x\napi \"GET /x\" %ds +%dus kind=server http.route=/x http.request.method=GET http.response.status_code=%d resource.service.instance.id=i%d\n",
				n+1, n, int(40_000*(1+r.ExpFloat64())), status, r.IntN(instances))
		}
		set, err := tracetest.Parse(b.String())
		if err != nil {
			t.Fatal(err)
		}
		report, err := Run(context.Background(), set, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range report.Findings {
			if report.Findings[i].Detector == capacity.BadInstance.Name {
				with++
				t.Log(describe(&report.Findings[i]))
				break
			}
		}
	}
	if with > files/100 {
		t.Errorf("%d of %d files of chance have a finding, want at most 1 in 100", with, files)
	}
}

// TestBaselinesAreWell: what a finding about the file holds the others against is none of what it is about, and a good trace
// to compare those with.
func TestBaselinesAreWell(t *testing.T) {
	var b strings.Builder
	for n := range 60 {
		status := 200
		if n%3 == 0 {
			status = 500
		}
		fmt.Fprintf(&b, "trace %x\napi \"GET /x\" %ds +%dms kind=server http.route=/x http.request.method=GET http.response.status_code=%d resource.service.instance.id=i%d\n",
			n+1, n, 40+n%5, status, n%3)
	}
	report, err := Run(context.Background(), tracetest.Set(t, b.String()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	shared := report.SharedWith(report.Set.Trace(0))
	baselines := 0
	for i := range report.Findings {
		if f := &report.Findings[i]; f.Detector == capacity.BadInstance.Name {
			baselines += f.Count(rule.RoleBaseline)
		}
	}
	for i := range report.Set.Len() {
		tr, want := report.Set.Trace(i), ""
		if i%3 == 0 {
			want = capacity.BadInstance.Name
		}
		if got := report.Worst(i); (got != nil) != (want != "") || len(want) > 0 && shared(tr) == "" || want == "" && shared(tr) != "" {
			t.Errorf("trace %d: worst %v, shared %q, want %q", i, got, shared(tr), want)
		}
	}
	if got := report.Counts().Traces; got != 20 || baselines == 0 {
		t.Errorf("%d traces with findings, want 20; %d baselines", got, baselines)
	}
}

// TestSharedWith: what two traces have in common is one finding about both, or an equal one of each.
func TestSharedWith(t *testing.T) {
	const request = `trace %02d
gw "POST /reserve" %dms +72ms kind=server
  inventory "POST /reserve" %dms +68ms kind=server http.request.method=POST http.route=/reserve resource.host.name=inv-1
    inventory "SELECT stock" %dms +4ms kind=client db.system.name=postgresql db.query.text="SELECT quantity FROM stock WHERE product_id = '%s'" resource.host.name=inv-1
    inventory "UPDATE stock" %dms +9ms kind=client db.system.name=postgresql db.query.text="UPDATE stock SET quantity = 0 WHERE product_id = '%s'" resource.host.name=inv-1
`
	var b strings.Builder
	for n, at := range []int{0, 15, 9000, 90_000, 90_015} {
		item := []string{"SKU-1", "SKU-1", "SKU-1", "SKU-2", "SKU-2"}[n]
		fmt.Fprintf(&b, request, n+1, at, at+2, at+6, item, at+54, item)
	}
	report, err := Run(context.Background(), tracetest.Set(t, b.String()), Options{})
	if err != nil {
		t.Fatal(err)
	}
	shared := report.SharedWith(report.Set.Trace(0))
	for n, want := range []string{"lost-update", "lost-update", ""} {
		if got := shared(report.Set.Trace(n)); got != want {
			t.Errorf("trace %d shares %q, want %q", n, got, want)
		}
	}
}
