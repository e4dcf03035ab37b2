package baseline_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/baseline"
	"tracefall/diagnose/factstest"
	"tracefall/sources/tracetest"
)

// TestReachOfMany: a trace that got to very many did reach the last of them.
func TestReachOfMany(t *testing.T) {
	var b strings.Builder
	for n := range 3 {
		fmt.Fprintf(&b, "trace %d\nweb GET %ds +1s kind=server\n  stock get %ds +1ms kind=server\n  price get %ds +1ms kind=server\n", n+1, n, n, n)
	}
	b.WriteString("trace 4\nweb GET 9s +1s kind=server error=odd\n")
	for n := range 150 {
		fmt.Fprintf(&b, "  shard%d get 9s +1ms kind=server\n", n)
	}
	b.WriteString("  stock get 9s +1ms kind=server\n")
	all := factstest.Of(tracetest.Set(t, b.String()))
	if names, of := baseline.NewReach(all).Missing(all[3]); !slices.Equal(names, []string{"price"}) || of != 3 {
		t.Errorf("not reached: %q, of %d", names, of)
	}
}
