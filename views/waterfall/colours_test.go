package waterfall

import (
	"testing"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/viewstest"
)

// TestWhatNeedsCareHasItsColour reads what the golden styles do not show: what was repaired, cut, moved or hidden.
func TestWhatNeedsCareHasItsColour(t *testing.T) {
	corrected := skewedWaterfall(t)
	viewstest.Do(corrected, views.ClockOffsets)
	filtered := openWaterfall(t, viewstest.CheckoutTrace(t))
	filtered.SetMatches(matchText(filtered.Trace(), "GetCart"), true)
	warn := func(theme *style.Theme) draw.Ink { return theme.Warn }
	failed := func(theme *style.Theme) draw.Ink { return theme.Error }
	for _, test := range []struct {
		of   *Waterfall
		text string
		ink  func(theme *style.Theme) draw.Ink
	}{
		{openWaterfall(t, viewstest.BrokenTrace(t)), "△ 2 roots, 2 orphans", warn},
		{openWaterfall(t, viewstest.BrokenTrace(t)), "(2 roots, 2 orphans)", warn},
		{openWaterfall(t, viewstest.BrokenTrace(t)), "(data dropped)", warn},
		{openWaterfall(t, viewstest.BrokenTrace(t)), "△", warn},
		{openWaterfall(t, viewstest.BrokenTrace(t)), "✗", failed},
		{corrected, "△ clock skew corrected", warn},
		{corrected, "△", warn}, // also before the line of the same words
		{corrected, "+2.00 s", warn},
		{filtered, ", 8 errors", failed},
	} {
		env := viewstest.Env(t)
		env.Focused = false // no row has the colours of the selected one
		viewstest.WantText(t, viewstest.Frame(test.of, env, 120, 40), test.text, test.ink(env.Theme))
	}
}

// TestRootCauseStaysTheLoudest checks that a match of the query does not take the root cause's colour.
func TestRootCauseStaysTheLoudest(t *testing.T) {
	w, env := foundWaterfall(t), viewstest.Env(t)
	w.SetMatches(matchText(w.Trace(), "Authorize"), false)
	env.Focused = false
	count := map[draw.Ink]int{}
	for _, run := range viewstest.Runs(viewstest.Frame(w, env, 200, 50)) {
		for _, ink := range []draw.Ink{env.Theme.Match.With(draw.Bold), env.Theme.Error.With(draw.Bold | draw.Reverse)} {
			if viewstest.HasInk(run, ink) {
				count[ink]++
			}
		}
	}
	if got := count[env.Theme.Error.With(draw.Bold|draw.Reverse)]; got < 1 {
		t.Error("the root cause has not its colour")
	}
	if got := count[env.Theme.Match.With(draw.Bold)]; got != 4 {
		t.Errorf("%d matches have their colour, want 4 besides the root cause", got)
	}
}
