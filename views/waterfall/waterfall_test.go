package waterfall

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/timeline"
	"tracefall/views/tree"
	"tracefall/views/viewstest"
)

// openWaterfall shows a trace in a terminal of 120×40.
func openWaterfall(t testing.TB, tr *trace.Trace) *Waterfall {
	t.Helper()
	w := New()
	w.SetTrace(tr)
	viewstest.Frame(w, viewstest.Env(t), 120, 40)
	return w
}

// rowsOf writes the rows as short texts: a span's index, a group as 6×5, a hidden range as 1..5.
func rowsOf(w *Waterfall) []string {
	var list []string
	for _, r := range w.rows.list {
		text := strconv.Itoa(int(r.span))
		switch r.kind {
		case groupRow:
			text += "×" + strconv.Itoa(w.rows.repeats.starting(int(r.span)).n)
		case hiddenRow:
			text += ".." + strconv.Itoa(int(r.end))
		case spanRow, gapRow:
		}
		list = append(list, text)
	}
	return list
}

func wantRows(t *testing.T, w *Waterfall, want ...string) {
	t.Helper()
	if got := rowsOf(w); !slices.Equal(got, want) {
		t.Errorf("rows are %v, want %v", got, want)
	}
}

func wantSelected(t *testing.T, w *Waterfall, span int) {
	t.Helper()
	if got := w.Selected(); got != span {
		t.Errorf("the cursor is on span %d, want %d", got, span)
	}
}

// familyTrace is
//
//	0 root
//	1   a
//	2     b
//	3       c ✗
//	4     d
//	5   e
//	6     x       7, 8 alike, 8 ✗
func familyTrace(t testing.TB) *trace.Trace {
	m := viewstest.NewMaker()
	root := m.Span(0, "s", "root", 0, 1000)
	a := m.Span(root, "s", "a", 10, 400)
	b := m.Span(a, "s", "b", 20, 100)
	m.Span(b, "s", "c", 30, 50, viewstest.Failed("no"))
	m.Span(a, "s", "d", 200, 100)
	e := m.Span(root, "s", "e", 500, 400)
	m.Span(e, "s", "x", 510, 10)
	m.Span(e, "s", "x", 530, 10)
	m.Span(e, "s", "x", 550, 10, viewstest.Failed("no"))
	return m.Trace(t)
}

func TestFoldKeepsTheCursorWithItsSpan(t *testing.T) {
	w := openWaterfall(t, familyTrace(t))
	w.Select(3)
	viewstest.Do(w, views.Left) // a leaf: to its parent
	wantSelected(t, w, 2)
	viewstest.Do(w, views.Left) // folds
	wantRows(t, w, "0", "1", "2", "4", "5", "6", "7", "8")
	viewstest.Do(w, views.Left, views.Left)
	wantSelected(t, w, 1)
	wantRows(t, w, "0", "1", "5", "6", "7", "8")
	viewstest.Do(w, views.Right, views.Right, views.Right, views.Right)
	wantSelected(t, w, 3)
	w.Select(4)
	viewstest.Do(w, views.FoldAll)
	wantSelected(t, w, 1)
	wantRows(t, w, "0", "1", "5")
	viewstest.Do(w, views.OpenLevel)
	wantRows(t, w, "0", "1", "2", "4", "5", "6", "7", "8")
	viewstest.Do(w, views.OpenAll, views.FoldLevel)
	wantRows(t, w, "0", "1", "2", "4", "5", "6", "7", "8")
	viewstest.Do(w, views.FoldLevel)
	wantRows(t, w, "0", "1", "5")
}

func TestJumpOpensWhatHidesTheError(t *testing.T) {
	w := openWaterfall(t, familyTrace(t))
	viewstest.Do(w, views.FoldAll, views.Top)
	if a := viewstest.Act(w, views.NextError); a != nil {
		t.Errorf("the first error gave %v", a)
	}
	wantSelected(t, w, 3)
	viewstest.Do(w, views.NextError)
	wantSelected(t, w, 8)
	if a, ok := viewstest.Act(w, views.NextError).(views.Say); !ok || a.Text == "" {
		t.Error("nothing is said when the search for errors begins again")
	}
	wantSelected(t, w, 3)
	if _, ok := viewstest.Act(w, views.PrevError).(views.Say); !ok {
		t.Error("nothing is said when the search for errors begins again from below")
	}
	wantSelected(t, w, 8)
	viewstest.Do(w, views.PrevError)
	wantSelected(t, w, 3)
}

func TestGroupsKeepErrorsAndOpen(t *testing.T) {
	w := openWaterfall(t, familyTrace(t))
	viewstest.Do(w, views.Group)
	wantRows(t, w, "0", "1", "2", "3", "4", "5", "6×3")
	if got := w.frame(viewstest.Env(t)).badges(w.rows.list[6], w.rows.t.Span(6)); len(got) == 0 || got[0].Text != "1✗" {
		t.Errorf("the group's badges are %v, want its error first", got)
	}
	viewstest.Do(w, views.Bottom, views.NextError) // wraps: the group's error is behind the first
	viewstest.Do(w, views.Top, views.NextError, views.NextError)
	wantSelected(t, w, 8)
	wantRows(t, w, "0", "1", "2", "3", "4", "5", "6×3", "6", "7", "8")
	viewstest.Do(w, views.Left)
	if r, _ := w.row(); r.kind != groupRow {
		t.Errorf("the parent of a member is row %+v, want the group", r)
	}
	viewstest.Do(w, views.Left)
	wantRows(t, w, "0", "1", "2", "3", "4", "5", "6×3")
	viewstest.Do(w, views.Left)
	wantSelected(t, w, 5)
	viewstest.Do(w, views.Group)
	wantRows(t, w, "0", "1", "2", "3", "4", "5", "6", "7", "8")
}

// TestZoomTellsAGroupFromItsFirstMember zooms to a group, opens it and zooms to the first of its calls.
func TestZoomTellsAGroupFromItsFirstMember(t *testing.T) {
	w := openWaterfall(t, familyTrace(t))
	viewstest.Do(w, views.Group, views.Bottom, views.ZoomSpan)
	group := w.zoom.Window
	viewstest.Do(w, views.Fold, views.Down)
	wantSelected(t, w, 6)
	viewstest.Do(w, views.ZoomSpan)
	if one := w.rows.extent(w.rows.list[w.tree.Row]); w.zoom.Window != one || one == group {
		t.Errorf("the window is %+v, want that of the call, %+v, not of the group, %+v", w.zoom.Window, one, group)
	}
}

func TestGroupNumbers(t *testing.T) {
	m := viewstest.NewMaker()
	root := m.Span(0, "s", "root", 0, 1000)
	for _, call := range []struct {
		name       string
		start, dur int64
	}{{"x", 0, 10}, {"x", 20, 50}, {"x", 100, 30}, {"y", 200, 1}, {"y", 210, 1}, {"x", 300, 1}} {
		m.Span(root, "s", call.name, call.start, call.dur)
	}
	tr := m.Trace(t)
	r := findRepeats(tr, rawTimes(tr))
	if len(r.groups) != 1 {
		t.Fatalf("%d groups, want that of the first three", len(r.groups))
	}
	g := &r.groups[0]
	if g.n != 3 || g.first != 1 || g.end != 4 || g.sum != 90_000 || g.p50 != 30_000 {
		t.Errorf("the group is %+v, want 3 members from span 1, 90 µs in all, 30 µs in the middle", g)
	}
	for _, test := range []struct {
		from, to int64
		want     bool
	}{{0, 5, true}, {12, 18, false}, {60, 65, true}, {70, 100, false}, {99, 101, true}, {130, 900, false}} {
		if got := r.active(g, viewstest.TraceStart+test.from*1000, viewstest.TraceStart+test.to*1000); got != test.want {
			t.Errorf("a member runs at %d–%d µs: %v, want %v", test.from, test.to, got, test.want)
		}
	}
}

func TestZoomAndBack(t *testing.T) {
	w := openWaterfall(t, familyTrace(t))
	us := func(from, to int64) timeline.Window {
		return timeline.Window{From: viewstest.TraceStart + from*1000, To: viewstest.TraceStart + to*1000}
	}
	check := func(what string, want timeline.Window) {
		t.Helper()
		if w.zoom.Window != want {
			t.Errorf("%s shows %d–%d µs, want %d–%d", what, (w.zoom.Window.From-viewstest.TraceStart)/1000, (w.zoom.Window.To-viewstest.TraceStart)/1000,
				(want.From-viewstest.TraceStart)/1000, (want.To-viewstest.TraceStart)/1000)
		}
	}
	w.Select(1)
	viewstest.Do(w, views.ZoomSpan)
	check("zoom to a span", us(10, 410))
	w.Select(4)
	viewstest.Do(w, views.ZoomSpan)
	check("zoom to another", us(200, 300))
	viewstest.Do(w, views.ZoomSpan)
	check("zoom to it again", us(0, 1000))
	viewstest.Do(w, views.ZoomIn)
	check("zoom in", us(0, 500))
	viewstest.Do(w, views.PanRight)
	if w.zoom.Window.Width() != 500_000 || w.zoom.Window.From <= viewstest.TraceStart {
		t.Errorf("panning gave %+v, want the same width further right", w.zoom.Window)
	}
	viewstest.Do(w, views.PanRight, views.PanRight, views.PanRight, views.PanRight, views.PanRight)
	check("panning to the end", us(500, 1000))
	if got := viewstest.Why(w, views.PanRight); got != "the trace ends here" {
		t.Errorf("panning further is answered with %q", got)
	}
	viewstest.Do(w, views.ZoomOut)
	check("zoom out", us(0, 1000))
	for range 40 {
		viewstest.Do(w, views.ZoomIn)
	}
	if got := w.zoom.Window.Width(); got != timeline.Least {
		t.Errorf("the window can be %d ns wide, want %d at least", got, timeline.Least)
	}
	viewstest.Do(w, views.Back)
	check("back", us(0, 1000))
}

func TestSameTraceAgainKeepsFoldsAndCursor(t *testing.T) {
	first := viewstest.NewMaker()
	root := first.Span(0, "s", "root", 100, 1000)
	a := first.Span(root, "s", "a", 110, 400)
	first.Span(a, "s", "b", 120, 100)
	e := first.Span(root, "s", "e", 600, 100)
	first.Span(e, "s", "f", 610, 10)
	w := openWaterfall(t, first.Trace(t))
	w.Select(1)
	viewstest.Do(w, views.Fold)
	w.Select(4)

	more := viewstest.NewMaker()
	root = more.Span(0, "s", "root", 100, 1000)
	a = more.Span(root, "s", "a", 110, 400)
	more.Span(a, "s", "b", 120, 100)
	e = more.Span(root, "s", "e", 600, 100)
	more.Span(e, "s", "f", 610, 10)
	more.Span(root, "s", "earlier", 50, 100)
	more.Span(e, "s", "g", 620, 10)
	w.SetTrace(more.Trace(t))
	if got := w.rows.t.Span(w.Selected()).Name(); got != "f" {
		t.Errorf("the cursor is on %s, want f", got)
	}
	wantRows(t, w, "0", "1", "2", "4", "5", "6")
	if w.isZoomed() {
		t.Error("the window does not show what was added")
	}
}

func TestMouse(t *testing.T) {
	w := openWaterfall(t, familyTrace(t))
	y := w.drawn.bodyY()
	w.Mouse(views.Mouse{X: 30, Y: y + 5})
	wantSelected(t, w, 5)
	w.Mouse(views.Mouse{X: w.drawn.gutter + 2, Y: y + 1}) // the fold glyph of a
	wantRows(t, w, "0", "1", "5", "6", "7", "8")
	if got := w.Mouse(views.Mouse{X: 30, Y: y + 1, Double: true}); got != (views.OpenSpan{Span: 1, Focus: true}) {
		t.Errorf("a double click gives %#v, want the detail", got)
	}
	viewstest.Do(w, views.ZoomIn)
	w.Mouse(views.Mouse{X: w.drawn.barsX + w.drawn.bars - 1, Y: w.drawn.minimapY()})
	if w.zoom.Window.To != w.rows.whole().To {
		t.Errorf("a click at the end of the minimap shows %+v, want the end of the trace", w.zoom.Window)
	}
	w.Mouse(views.Mouse{Wheel: -1, Shift: true})
	if w.zoom.Window.To == w.rows.whole().To {
		t.Error("the wheel does not pan")
	}
}

func TestWheelScrollsWithTheCursorOnScreen(t *testing.T) {
	w := openWaterfall(t, viewstest.BigTrace(t))
	w.Mouse(views.Mouse{Wheel: 50})
	if w.tree.Top != 50 || w.tree.Row != 50 {
		t.Errorf("top and cursor are %d and %d, want both 50", w.tree.Top, w.tree.Row)
	}
	viewstest.Do(w, views.Bottom)
	w.Mouse(views.Mouse{Wheel: 5})
	w.Mouse(views.Mouse{X: 30, Y: w.drawn.bodyY() + 3})
	if w.tree.Row != w.tree.Top+3 {
		t.Errorf("a click on the fourth row selects row %d of a screen from %d", w.tree.Row, w.tree.Top)
	}
	if got := w.tree.Top + w.tree.Page(); got != len(w.rows.list) {
		t.Errorf("the wheel scrolls to row %d of %d", got, len(w.rows.list))
	}
}

func TestCommandsThatCannotRunSayWhy(t *testing.T) {
	m := viewstest.NewMaker()
	m.Span(0, "s", "alone", 0, 10)
	w := openWaterfall(t, m.Trace(t))
	for _, c := range []views.Command{views.Fold, views.NextError, views.PrevWarn, views.NextMatch, views.ZoomReset, views.ZoomOut, views.PanLeft} {
		if viewstest.Why(w, c) == "" {
			t.Errorf("%s can be done to a lone span", c)
		}
		if got := viewstest.Act(w, c); got != nil {
			t.Errorf("%s gives %#v though it cannot be done", c, got)
		}
	}
	for _, c := range []views.Command{views.Left, views.Right, views.FoldAll, views.OpenAll, views.ZoomSpan} {
		if got, ok := viewstest.Act(w, c).(views.Say); !ok || got.Text == "" {
			t.Errorf("%s changes nothing and gives %#v, want it said", c, got)
		}
	}
	if got := viewstest.Why(w, views.SortNext); got != views.NotHere {
		t.Errorf("sorting is answered with %q, want NotHere", got)
	}
	if got := viewstest.Why(New(), views.Down); got == "" {
		t.Error("nothing is said when no trace is open")
	}
}

func TestStatusSaysWhereOneIs(t *testing.T) {
	env := viewstest.Env(t)
	w := openWaterfall(t, viewstest.CheckoutTrace(t))
	viewstest.Do(w, views.NextError, views.NextError, views.ZoomSpan)
	left, right := w.Status(env)
	if want := "span 7 of 66 · start +215 ms · 14:03:22.316"; left != want {
		t.Errorf("left is %q, want %q", left, want)
	}
	if want := "error 3 of 9 · zoom 215 ms–1.08 s"; right != want {
		t.Errorf("right is %q, want %q", right, want)
	}
	w.SetMatches(matchText(w.Trace(), "likes"), true)
	viewstest.Do(w, views.Top, views.Down)
	if left, right = w.Status(env); left != "14 spans hidden by the filter" || right != "50 matches · 9 errors · zoom 215 ms–1.08 s" {
		t.Errorf("the status of a hidden row is %q and %q", left, right)
	}
}

func TestNamesGrowAsFarAsThereIsRoom(t *testing.T) {
	w := openWaterfall(t, familyTrace(t))
	names := w.drawn.names
	for range 100 {
		viewstest.Do(w, views.Wider)
	}
	viewstest.Frame(w, viewstest.Env(t), 120, 40)
	if w.drawn.bars != tree.BarsLeast || viewstest.Why(w, views.Wider) == "" {
		t.Errorf("bars have %d cells left, want %d", w.drawn.bars, tree.BarsLeast)
	}
	for range (w.drawn.names-names)/tree.WidenStep + 1 {
		viewstest.Do(w, views.Narrower)
	}
	viewstest.Frame(w, viewstest.Env(t), 120, 40)
	if w.drawn.names >= names+tree.WidenStep {
		t.Errorf("the names have %d cells after as many steps back, want about %d", w.drawn.names, names)
	}
}

// A waterfall says that its trace was cut off, or the file behind it.
func TestWaterfallSaysWhatIsTruncated(t *testing.T) {
	env := viewstest.Env(t)
	for _, cut := range []bool{false, true} {
		s := viewstest.TruncatedSet(cut)
		w := openWaterfall(t, s.Trace(1))
		if text := headText(w, env, 80); strings.Contains(text, "△ truncated: spans may be missing") != cut {
			t.Errorf("cut %v, the trace that was read last:\n%s", cut, text)
		}
		w = openWaterfall(t, s.Trace(0))
		if text := headText(w, env, 120); strings.Contains(text, "△ file truncated") != cut {
			t.Errorf("cut %v, a trace before:\n%s", cut, text)
		}
	}
}
