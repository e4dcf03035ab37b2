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

// TestGrowingTrendNoise: among four thousand series without a trend at most one finding, as q promises. Five windows rise
// by chance once in 120 times.
func TestGrowingTrendNoise(t *testing.T) {
	const traces, series = 25, 4000
	r := rand.New(rand.NewPCG(3, 4))
	var b strings.Builder
	for n := range traces {
		fmt.Fprintf(&b, "trace %x\na root %ds +1s\n", n+1, n*60)
		for s := range series / 2 {
			fmt.Fprintf(&b, "  a \"op%c%c%c\" %ds +%dus queue.depth=%d\n", 'a'+s/676, 'a'+s/26%26, 'a'+s%26, n*60, 1000+r.IntN(100_000), r.IntN(1000))
		}
	}
	set, err := tracetest.Parse(b.String())
	if err != nil {
		t.Fatal(err)
	}
	report, err := Run(context.Background(), set, Options{})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for i := range report.Findings {
		if f := &report.Findings[i]; f.Detector == capacity.GrowingTrend.Name {
			found++
			t.Log(describe(f))
		}
	}
	if found > 1 {
		t.Errorf("%d findings in %d series of noise, want at most 1", found, series)
	}
}
