package waterfall

import (
	"math/rand/v2"
	"testing"

	"tracefall/diagnose/clocks"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/tree"
	"tracefall/views/viewstest"
)

var waterfallCommands = []views.Command{
	views.Down, views.Up, views.PageDown, views.PageUp, views.HalfDown, views.HalfUp, views.Top, views.Bottom, views.Left, views.Right, views.Enter, views.Fold, views.FoldLevel, views.OpenLevel, views.FoldAll,
	views.OpenAll, views.Group, views.ZoomSpan, views.ZoomIn, views.ZoomOut, views.ZoomReset, views.PanLeft, views.PanRight, views.NextError, views.PrevError, views.NextMatch, views.PrevMatch,
	views.NextWarn, views.PrevWarn, views.Wider, views.Narrower, views.Search, views.CopyValue, views.CopyLine, views.CopySpanID, views.CopyTrace, views.Back,
	views.NextFinding, views.PrevFinding, views.RootCause, views.CriticalPath, views.ClockOffsets, views.Gaps, views.ShowFindings, views.ShowStatistics,
}

func TestWaterfallDrawsAtAnySize(t *testing.T) {
	env := viewstest.Env(t)
	for name, tr := range map[string]*trace.Trace{
		"checkout": viewstest.CheckoutTrace(t), "broken": viewstest.BrokenTrace(t), "gaps": gapsTrace(t), "skewed": skewedWaterfall(t).Trace(), "deep": viewstest.DeepTrace(t, 200), "wide": viewstest.WideTrace(t, 3000),
	} {
		rng := rand.New(rand.NewPCG(1, 2))
		w := New()
		w.SetTrace(tr)
		for width := 1; width <= 130; width++ {
			for range 3 {
				randomStep(rng, w, tr)
			}
			height := 1 + rng.IntN(45)
			viewstest.CheckSize(t, viewstest.Frame(w, env, width, height))
			w.Status(env)
			checkState(t, w)
			if t.Failed() {
				t.Fatalf("%s at %d×%d", name, width, height)
			}
		}
		for height := 1; height <= 45; height++ {
			viewstest.CheckSize(t, viewstest.Frame(w, env, 1+rng.IntN(130), height))
		}
	}
}

// randomStep does something a person could do.
func randomStep(rng *rand.Rand, w *Waterfall, tr *trace.Trace) {
	switch rng.IntN(16) {
	case 0:
		matches := make([]bool, tr.Len())
		for i := range matches {
			matches[i] = rng.IntN(10) == 0
		}
		w.SetMatches(matches, rng.IntN(2) == 0)
	case 1:
		w.SetMatches(nil, false)
	case 2:
		w.Mouse(views.Mouse{X: rng.IntN(140) - 5, Y: rng.IntN(50) - 3, Wheel: max(rng.IntN(7)-5, 0), Double: rng.IntN(3) == 0})
	case 3:
		w.Select(rng.IntN(tr.Len()+2) - 1)
	case 4:
		w.SetTrace(tr)
	case 5:
		w.SetFindings(viewstest.RandomFindings(rng, tr))
	case 6:
		w.SetFacts(viewstest.FactsOf(tr))
	case 7:
		w.SetClocks(clocks.New(tr.Set()))
	default:
		if w.Typing() {
			viewstest.TypeText(w, "a")
			viewstest.TypeKey(w, 13, 0)
			return
		}
		viewstest.Act(w, waterfallCommands[rng.IntN(len(waterfallCommands))])
	}
}

// checkState checks that the rows cover every span exactly once and the cursor is on screen.
func checkState(t *testing.T, w *Waterfall) {
	t.Helper()
	if w.tree.Row < w.tree.Top || w.tree.Row >= w.tree.Top+w.tree.Page() || w.tree.Row >= len(w.rows.list) {
		t.Errorf("the cursor is on row %d, the screen shows %d rows from %d of %d", w.tree.Row, w.tree.Page(), w.tree.Top, len(w.rows.list))
	}
	next := 0
	for k, r := range w.rows.list {
		if r.kind == gapRow {
			continue
		}
		if int(r.span) != next {
			t.Errorf("row %d begins at span %d, want %d", k, r.span, next)
			return
		}
		switch {
		case r.kind == groupRow && w.rows.state(r) == tree.Open:
		case w.rows.state(r) == tree.Open:
			next = int(r.span) + 1
		default:
			next = int(r.end)
		}
	}
	if next != w.rows.t.Len() {
		t.Errorf("the rows end before span %d of %d", next, w.rows.t.Len())
	}
	if whole := w.rows.whole(); w.zoom.Window.From < whole.From || w.zoom.Window.To > whole.To || w.zoom.Window.From >= w.zoom.Window.To {
		t.Errorf("the window is %+v of %+v", w.zoom.Window, whole)
	}
}
