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
		list = append(list, Baseline{Trace: set.Trace(i), Reason: fmt.Sprintf("%d s before, near the median of %d (405 ms), no error", 3*i+4, n)})
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

// TestBaselinesAsked offers to ask for more: nothing is asked before that row is chosen, esc ends asking first, and what comes
// is listed once.
func TestBaselinesAsked(t *testing.T) {
	b, env := testBaselines(t, 4), viewstest.Env(t)
	all := b.list
	b.SetBaselines(b.bad, all[:2])
	b.Offer("good traces from prod")
	viewstest.CheckFrames(t, "compare-baselines-offer", b, env)
	viewstest.Do(b, views.Down, views.Down, views.Down)
	if got := viewstest.Act(b, views.Enter); got != (views.AskBaselines{Bad: b.bad}) {
		t.Errorf("enter on the offer gives %#v", got)
	}
	if viewstest.Why(b, views.CopyTrace) == "" {
		t.Error("the offer has a trace id to copy")
	}
	b.SetAsking("asking prod: 2 requests")
	if got := viewstest.Act(b, views.Enter); got != nil {
		t.Errorf("enter while it is asked gives %#v", got)
	}
	if got := viewstest.Act(b, views.Back); got != (views.StopAsking{}) {
		t.Errorf("esc while it is asked gives %#v", got)
	}
	b.Offer("")
	if n := b.Add(all[1:]); n != 2 || b.Row != 2 || len(b.list) != 4 {
		t.Errorf("%d added, %d listed, the cursor on %d", n, len(b.list), b.Row)
	}
	if got := viewstest.Act(b, views.Enter); got != (views.CompareTraces{Good: all[2].Trace, Bad: b.bad}) {
		t.Errorf("enter gives %#v", got)
	}
	if got := viewstest.Act(b, views.Back); got != (views.Leave{}) {
		t.Errorf("esc gives %#v", got)
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
