package baseline

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/viewstest"
)

// testBaselines offers n good traces.
func testBaselines(t *testing.T, n int) *Baselines {
	t.Helper()
	var text strings.Builder
	for i := range n + 1 {
		fmt.Fprintf(&text, "trace %032x\nweb \"GET /api/dashboard\" %dms +%dms kind=server\n  db query %dms +10ms\n", i+1, i*7500, 400+i*13, i*7500+1)
	}
	set := tracetest.Set(t, text.String())
	var list []Baseline
	for i := range n {
		list = append(list, Baseline{Trace: set.Trace(i), Reason: fmt.Sprintf("no error, %d ms (median of %d: 405 ms), %d s before", 400+i*13, n, 3*i+4)})
	}
	b := &Baselines{}
	b.SetBaselines(set.Trace(n), list)
	return b
}

func TestBaselinesFrames(t *testing.T) {
	viewstest.CheckFrames(t, "compare-baselines", testBaselines(t, 8), viewstest.Env(t))
	viewstest.CheckFrames(t, "compare-baselines-none", testBaselines(t, 0), viewstest.Env(t))
}

func TestBaselinesChoose(t *testing.T) {
	b := testBaselines(t, 30)
	viewstest.Frame(b, viewstest.Env(t), 100, 30)
	viewstest.Do(b, views.Down, views.Down)
	if got := viewstest.Act(b, views.Enter); got != (views.CompareTraces{Good: b.list[2].Trace, Bad: b.bad}) {
		t.Errorf("enter gives %#v", got)
	}
	if got := b.Mouse(views.Mouse{X: 50, Y: b.First + 4}); got != (views.CompareTraces{Good: b.list[4].Trace, Bad: b.bad}) {
		t.Errorf("a click on the fifth gives %#v", got)
	}
	if got := b.Mouse(views.Mouse{X: 0, Y: 0}); got != (views.Leave{}) {
		t.Errorf("a click beside gives %#v", got)
	}
	b = testBaselines(t, 0)
	if viewstest.Why(b, views.Enter) == "" || viewstest.Act(b, views.Enter) != nil {
		t.Error("nothing can be chosen")
	}
}

func TestBaselinesAnything(t *testing.T) {
	b := testBaselines(t, 30)
	viewstest.CheckAnything(t, viewstest.Env(t), 3, 400, func() views.Screen { return b }, func(_ views.Screen, rng *rand.Rand) {
		b.SetBaselines(b.bad, b.list[:rng.IntN(len(b.list)+1)])
		if len(b.list) == 0 {
			*b = *testBaselines(t, 30)
		}
	})
}
