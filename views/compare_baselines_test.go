package views

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tracefall/sources/tracetest"
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
		list = append(list, Baseline{set.Trace(i), fmt.Sprintf("no error, %d ms (median of %d: 405 ms), %d s before", 400+i*13, n, 3*i+4)})
	}
	b := &Baselines{}
	b.SetBaselines(set.Trace(n), list)
	return b
}

func TestBaselinesFrames(t *testing.T) {
	checkFrames(t, "compare-baselines", testBaselines(t, 8), testEnv(t))
	checkFrames(t, "compare-baselines-none", testBaselines(t, 0), testEnv(t))
}

func TestBaselinesChoose(t *testing.T) {
	b := testBaselines(t, 30)
	frame(b, testEnv(t), 100, 30)
	do(b, Down, Down)
	if got := b.Do(Enter); got != (CompareTraces{Good: b.list[2].Trace, Bad: b.bad}) {
		t.Errorf("enter gives %#v", got)
	}
	if got := b.Mouse(Mouse{X: 50, Y: b.box.rows + 4}); got != (CompareTraces{Good: b.list[4].Trace, Bad: b.bad}) {
		t.Errorf("a click on the fifth gives %#v", got)
	}
	if got := b.Mouse(Mouse{X: 0, Y: 0}); got != (Leave{}) {
		t.Errorf("a click beside gives %#v", got)
	}
	b = testBaselines(t, 0)
	if b.Can(Enter) == "" || b.Do(Enter) != nil {
		t.Error("nothing can be chosen")
	}
}

func TestBaselinesAnything(t *testing.T) {
	b := testBaselines(t, 30)
	checkAnything(t, testEnv(t), 3, 400, func() Screen { return b }, func(_ Screen, rng *rand.Rand) {
		b.SetBaselines(b.bad, b.list[:rng.IntN(len(b.list)+1)])
		if len(b.list) == 0 {
			*b = *testBaselines(t, 30)
		}
	})
}
