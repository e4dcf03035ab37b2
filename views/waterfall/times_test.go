package waterfall

import (
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/clocks"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/viewstest"
)

// skewedWaterfall shows calls to a host whose clock is 2 s behind.
func skewedWaterfall(t testing.TB) *Waterfall {
	t.Helper()
	set := tracetest.Set(t, `
gateway "POST /orders" 0ms +900ms kind=server resource.host.name=edge-1
  gateway "POST /reserve" 10ms +400ms kind=client resource.host.name=edge-1
    stock "POST /reserve" -1980ms +380ms kind=server resource.host.name=node-7
      stock "UPDATE stock" -1970ms +200ms kind=client resource.host.name=node-7 db.system=postgresql
  gateway "GET /prices" 450ms +60ms kind=client resource.host.name=edge-1
    prices "GET /prices" 455ms +50ms kind=server resource.host.name=edge-1
  gateway "POST /ship" 520ms +300ms kind=client resource.host.name=edge-1
    stock "POST /ship" -1470ms +280ms kind=server resource.host.name=node-7
`)
	w := openWaterfall(t, set.Trace(0))
	w.SetFacts(viewstest.FactsOf(set.Trace(0)))
	w.SetClocks(clocks.New(set))
	return w
}

// gapsTrace has 2.1 s and 1 s without a span at its top, and 150 ms within a child.
func gapsTrace(t testing.TB) *trace.Trace {
	return tracetest.One(t, `
api "GET /report" 0ms +5s kind=server
  api "load users" 20ms +800ms
    db "SELECT users" 30ms +300ms
    db "SELECT roles" 480ms +330ms
  api "load sales" 700ms +200ms
  api "render" 3s +1s
  api "send" 4010ms +10ms
`)
}

func TestGapsAreHolesBetweenChildren(t *testing.T) {
	w := openWaterfall(t, gapsTrace(t))
	if a, ok := viewstest.Act(w, views.Gaps).(views.Say); !ok || !strings.HasPrefix(a.Text, "3 gaps") {
		t.Errorf("the gaps gave %v", a)
	}
	type row struct{ before, parent, ms int }
	var got []row
	for _, r := range w.rows.list {
		if r.kind == gapRow {
			g := w.rows.gaps[r.end]
			got = append(got, row{g.before, g.parent, int((g.To - g.From) / 1_000_000)})
		}
	}
	if want := []row{{3, 1, 150}, {5, 0, 2100}, {7, 0, 980}}; !slices.Equal(got, want) {
		t.Errorf("gaps are %v, want %v", got, want)
	}
	w.Select(1)
	viewstest.Do(w, views.Fold)
	if n := countGaps(w); n != 2 {
		t.Errorf("%d gaps are rows while one lies beneath a fold, want 2", n)
	}
	viewstest.Do(w, views.Bottom)
	if r, _ := w.row(); r.kind != gapRow {
		t.Fatal("the last row is no gap")
	}
	viewstest.CheckSize(t, viewstest.Frame(w, viewstest.Env(t), 100, 20))
	if got := w.Selected(); got != -1 {
		t.Errorf("span %d is selected on a gap", got)
	}
	viewstest.Do(w, views.ZoomSpan)
	if got := w.zoom.Window.Width(); got != 980_000_000 {
		t.Errorf("zooming to the gap shows %d ns", got)
	}
	viewstest.Do(w, views.Left)
	wantSelected(t, w, 0)
	viewstest.Do(w, views.Gaps)
	if countGaps(w) != 0 {
		t.Error("gaps stay")
	}
}

func countGaps(w *Waterfall) int {
	n := 0
	for _, r := range w.rows.list {
		if r.kind == gapRow {
			n++
		}
	}
	return n
}

func TestClocksAreMovedAndSayso(t *testing.T) {
	w := skewedWaterfall(t)
	env := viewstest.Env(t)
	if strings.Contains(viewstest.Plain(w, env, 100, 20), clocksAdjusted) {
		t.Error("raw times are called adjusted")
	}
	if a, ok := viewstest.Act(w, views.ClockOffsets).(views.Say); !ok || !strings.Contains(a.Text, "3 spans shifted, max +2.00 s") {
		t.Errorf("adjusting gave %v", a)
	}
	for _, size := range []struct{ w, h int }{{100, 20}, {60, 10}, {200, 50}} {
		text := headText(w, env, size.w) + "\n" + bodyGrid(w, env, size.w, size.h).Plain()
		if !strings.Contains(text, clocksAdjusted) || strings.Count(text, "+2.00 s") < 3 {
			t.Errorf("at %d×%d the frame does not say that clocks are adjusted:\n%s", size.w, size.h, text)
		}
		if strings.Contains(text, "before parent") {
			t.Errorf("an adjusted span still begins before its parent:\n%s", text)
		}
	}
	if from := w.rows.whole().From; from != w.rows.t.Root().Start() {
		t.Errorf("the adjusted trace begins at %d, want %d", from, w.rows.t.Root().Start())
	}
	viewstest.Do(w, views.ClockOffsets)
	if text := viewstest.Plain(w, env, 100, 20); strings.Contains(text, clocksAdjusted) || strings.Contains(text, "+2.00 s") {
		t.Errorf("raw times are marked as moved:\n%s", text)
	}
	other := openWaterfall(t, viewstest.CheckoutTrace(t))
	if viewstest.Why(other, views.ClockOffsets) == "" {
		t.Error("clocks can be adjusted before they are known")
	}
	other.SetClocks(clocks.New(other.Trace().Set()))
	if got := viewstest.Why(other, views.ClockOffsets); !strings.Contains(got, "no clock skew") {
		t.Errorf("without proven offsets w says %q", got)
	}
}

func TestCriticalPathCyclesAndHides(t *testing.T) {
	w := foundWaterfall(t)
	on := 0
	for i := range w.Trace().Len() {
		if w.facts.Path.Time(i) > 0 {
			on++
		}
	}
	all := len(w.rows.list)
	viewstest.Do(w, views.CriticalPath)
	if len(w.rows.list) != all {
		t.Error("drawing the path hides rows")
	}
	viewstest.Do(w, views.CriticalPath)
	for _, r := range w.rows.list {
		if i := int(r.span); r.kind == spanRow && w.facts.CriticalTime(i) == 0 {
			t.Errorf("span %d is shown and not on the path", i)
		}
	}
	if got := w.path.on.Total(); got != on {
		t.Errorf("%d spans are on the path, want %d", got, on)
	}
	w.SetMatches(matchText(w.Trace(), "likes"), true)
	checkState(t, w)
	for _, r := range w.rows.list {
		if i := int(r.span); r.kind == spanRow && w.rows.matches.In(i, int(r.end)) == 0 {
			t.Errorf("span %d is shown, on the path, and matches nothing", i)
		}
	}
	w.SetMatches(nil, false)
	viewstest.Do(w, views.CriticalPath)
	if len(w.rows.list) != all {
		t.Errorf("%d rows are left, want %d", len(w.rows.list), all)
	}
}

// A subtree has the path in one piece, which closed rows are drawn by.
func TestPathThroughASubtreeHasNoHoles(t *testing.T) {
	for _, tr := range []*trace.Trace{viewstest.CheckoutTrace(t), viewstest.BigTrace(t), viewstest.BrokenTrace(t), gapsTrace(t), skewedWaterfall(t).Trace()} {
		f := viewstest.FactsOf(tr)
		for i := range tr.Len() {
			from, to := int64(1)<<62, int64(-1)<<62
			for _, s := range f.Path.Steps {
				if s.Span >= i && s.Span < tr.End(i) {
					from, to = min(from, s.Start), max(to, s.End)
				}
			}
			time := f.CriticalTime(i)
			if time > 0 && (from != f.Timing.Effective(i).Start || to != from+time) {
				t.Errorf("the path is in span %d of %s from %d to %d, %d ns in all", i, tr.Root().Name(), from, to, time)
			}
		}
	}
}

// The path runs through what a host did whose clock is off, and is drawn inside the bars, on recorded times as on
// adjusted ones.
func TestPathOfOtherClocksIsDrawnInsideTheBars(t *testing.T) {
	w := skewedWaterfall(t)
	for i := range w.rows.t.Len() {
		s, e := w.rows.t.Span(i), recorded(w.facts, i)
		if e.Start < s.Start() || e.Start+w.facts.CriticalTime(i) > s.Finish() {
			t.Errorf("the path in %s is drawn from %d on for %d ns, outside of its bar from %d to %d", s.Name(), e.Start, w.facts.CriticalTime(i), s.Start(), s.Finish())
		}
		if s.Service() == "stock" && w.facts.CriticalTime(i) != s.Duration() {
			t.Errorf("the path is in %s for %d ns, want all of its %d", s.Name(), w.facts.CriticalTime(i), s.Duration())
		}
		if moved := w.facts.Timing.Offset(i); moved != w.clocks.offsets[i] {
			t.Errorf("%s is drawn %d ns off when its path is %d ns off", s.Name(), w.clocks.offsets[i], moved)
		}
	}
}
