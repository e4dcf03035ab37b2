package diagnose

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

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
