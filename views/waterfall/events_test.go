package waterfall

import (
	"strings"
	"testing"

	"tracefall/sources/tracetest"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

// TestEventsAreTicksWithinTheirBars looks at events of spans: two at one moment, at the ends of the bar, outside of the span, and in
// a bar of one cell.
func TestEventsAreTicksWithinTheirBars(t *testing.T) {
	w := openWaterfall(t, tracetest.One(t, `
api "POST /pay" 0ms +1000ms
  event sent 0ms
  event retry 250ms
  event exception 500ms
  event cancelled 500ms
  event late 1200ms
  event received 999ms
  db "SELECT" 600ms +1ms
    event fetched 600ms
`))
	env := viewstest.Env(t)
	env.Focused = false // no row has the colours of the selected one
	tick := env.Theme.Glyphs.Event
	rows := bodyLines(w, env, 120, 20)[w.drawn.bodyY():]
	_, bar, _ := strings.Cut(rows[0], "│")
	bar, _, _ = strings.Cut(bar, "│")
	cells := []rune(bar)
	n, quarter, half := strings.Count(bar, tick), string(cells[w.drawn.bars/4]), string(cells[w.drawn.bars/2])
	if n != 2 || quarter != tick || half != tick {
		t.Errorf("the bar has %d ticks, want one at a quarter and one at the half:\n%s", n, rows[0])
	}
	if strings.Contains(rows[1], tick) {
		t.Errorf("a bar of one cell has a tick:\n%s", rows[1])
	}
	var thrown []string
	for _, run := range viewstest.Runs(viewstest.Frame(w, env, 120, 20)) {
		if viewstest.HasInk(run, env.Theme.Error) {
			thrown = append(thrown, run.Text)
		}
	}
	if got := strings.Join(thrown, " "); got != tick {
		t.Errorf("in the ink of errors there is %q, want the tick of the exception", got)
	}
	// In the selected row ticks keep their look, as the bar does.
	quiet := env.Theme.Service("api").With(draw.Faint)
	for _, env.Focused = range []bool{false, true} {
		want := quiet
		if env.Focused {
			want = env.Theme.SelectedBar.Over(quiet)
		}
		for _, run := range viewstest.Runs(viewstest.Frame(w, env, 120, 20)) {
			if run.Text == tick {
				viewstest.WantInk(t, run, want) // the first is that of no exception
				break
			}
		}
	}
}
