package views

import (
	"slices"
	"strconv"
	"testing"

	"tracefall/sources/trace"
)

// openWaterfall shows a trace in a terminal of 120×40.
func openWaterfall(t testing.TB, tr *trace.Trace) *Waterfall {
	t.Helper()
	w := NewWaterfall()
	w.SetTrace(tr)
	frame(w, testEnv(t), 120, 40)
	return w
}

// rowsOf writes the rows as short texts: a span's index, a group as 6×5, a hidden range as 1..5.
func rowsOf(w *Waterfall) []string {
	var list []string
	for _, r := range w.st.rows {
		text := strconv.Itoa(int(r.span))
		switch r.kind {
		case groupRow:
			text += "×" + strconv.Itoa(w.st.repeats.starting(int(r.span)).n)
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
	m := newTraceMaker()
	root := m.span(0, "s", "root", 0, 1000)
	a := m.span(root, "s", "a", 10, 400)
	b := m.span(a, "s", "b", 20, 100)
	m.span(b, "s", "c", 30, 50, failed("no"))
	m.span(a, "s", "d", 200, 100)
	e := m.span(root, "s", "e", 500, 400)
	m.span(e, "s", "x", 510, 10)
	m.span(e, "s", "x", 530, 10)
	m.span(e, "s", "x", 550, 10, failed("no"))
	return m.trace(t)
}

func TestFoldKeepsTheCursorWithItsSpan(t *testing.T) {
	w := openWaterfall(t, familyTrace(t))
	w.Select(3)
	do(w, Left) // a leaf: to its parent
	wantSelected(t, w, 2)
	do(w, Left) // folds
	wantRows(t, w, "0", "1", "2", "4", "5", "6", "7", "8")
	do(w, Left, Left)
	wantSelected(t, w, 1)
	wantRows(t, w, "0", "1", "5", "6", "7", "8")
	do(w, Right, Right, Right, Right)
	wantSelected(t, w, 3)
	w.Select(4)
	do(w, FoldAll)
	wantSelected(t, w, 1)
	wantRows(t, w, "0", "1", "5")
	do(w, OpenLevel)
	wantRows(t, w, "0", "1", "2", "4", "5", "6", "7", "8")
	do(w, OpenAll, FoldLevel)
	wantRows(t, w, "0", "1", "2", "4", "5", "6", "7", "8")
	do(w, FoldLevel)
	wantRows(t, w, "0", "1", "5")
}

func TestJumpOpensWhatHidesTheError(t *testing.T) {
	w := openWaterfall(t, familyTrace(t))
	do(w, FoldAll, Top)
	if a := w.Do(NextError); a != nil {
		t.Errorf("the first error gave %v", a)
	}
	wantSelected(t, w, 3)
	do(w, NextError)
	wantSelected(t, w, 8)
	if a, ok := w.Do(NextError).(Say); !ok || a.Text == "" {
		t.Error("nothing is said when the search for errors begins again")
	}
	wantSelected(t, w, 3)
	if _, ok := w.Do(PrevError).(Say); !ok {
		t.Error("nothing is said when the search for errors begins again from below")
	}
	wantSelected(t, w, 8)
	do(w, PrevError)
	wantSelected(t, w, 3)
}

func TestGroupsKeepErrorsAndOpen(t *testing.T) {
	w := openWaterfall(t, familyTrace(t))
	do(w, Group)
	wantRows(t, w, "0", "1", "2", "3", "4", "5", "6×3")
	if got := w.badges(w.st.rows[6], w.st.t.Span(6), testEnv(t).Theme); len(got) == 0 || got[0].text != "+1✗" {
		t.Errorf("the group's badges are %v, want its error first", got)
	}
	do(w, Bottom, NextError) // wraps: the group's error is behind the first
	do(w, Top, NextError, NextError)
	wantSelected(t, w, 8)
	wantRows(t, w, "0", "1", "2", "3", "4", "5", "6×3", "6", "7", "8")
	do(w, Left)
	if r, _ := w.row(); r.kind != groupRow {
		t.Errorf("the parent of a member is row %+v, want the group", r)
	}
	do(w, Left)
	wantRows(t, w, "0", "1", "2", "3", "4", "5", "6×3")
	do(w, Left)
	wantSelected(t, w, 5)
	do(w, Group)
	wantRows(t, w, "0", "1", "2", "3", "4", "5", "6", "7", "8")
}

func TestGroupNumbers(t *testing.T) {
	m := newTraceMaker()
	root := m.span(0, "s", "root", 0, 1000)
	for _, call := range []struct {
		name       string
		start, dur int64
	}{{"x", 0, 10}, {"x", 20, 50}, {"x", 100, 30}, {"y", 200, 1}, {"y", 210, 1}, {"x", 300, 1}} {
		m.span(root, "s", call.name, call.start, call.dur)
	}
	tr := m.trace(t)
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
		if got := r.active(g, traceStart+test.from*1000, traceStart+test.to*1000); got != test.want {
			t.Errorf("a member runs at %d–%d µs: %v, want %v", test.from, test.to, got, test.want)
		}
	}
}

func TestZoomAndBack(t *testing.T) {
	w := openWaterfall(t, familyTrace(t))
	us := func(from, to int64) timeWindow { return timeWindow{traceStart + from*1000, traceStart + to*1000} }
	check := func(what string, want timeWindow) {
		t.Helper()
		if w.zoom.window != want {
			t.Errorf("%s shows %d–%d µs, want %d–%d", what, (w.zoom.window.from-traceStart)/1000, (w.zoom.window.to-traceStart)/1000,
				(want.from-traceStart)/1000, (want.to-traceStart)/1000)
		}
	}
	w.Select(1)
	do(w, ZoomSpan)
	check("zoom to a span", us(10, 410))
	w.Select(4)
	do(w, ZoomSpan)
	check("zoom to another", us(200, 300))
	do(w, ZoomSpan)
	check("zoom to it again", us(0, 1000))
	do(w, ZoomIn)
	check("zoom in", us(0, 500))
	do(w, PanRight)
	if w.zoom.window.width() != 500_000 || w.zoom.window.from <= traceStart {
		t.Errorf("panning gave %+v, want the same width further right", w.zoom.window)
	}
	do(w, PanRight, PanRight, PanRight, PanRight, PanRight)
	check("panning to the end", us(500, 1000))
	if got := w.Do(PanRight); got != (Say{"the trace ends here"}) {
		t.Errorf("panning further says %v", got)
	}
	do(w, ZoomOut)
	check("zoom out", us(0, 1000))
	for range 40 {
		do(w, ZoomIn)
	}
	if got := w.zoom.window.width(); got != minWindow {
		t.Errorf("the window can be %d ns wide, want %d at least", got, minWindow)
	}
	do(w, Back)
	check("back", us(0, 1000))
}

func TestWindowsStayWithinTheTrace(t *testing.T) {
	whole := timeWindow{10_000, 90_000}
	for _, test := range []struct{ in, want timeWindow }{
		{timeWindow{20_000, 30_000}, timeWindow{20_000, 30_000}},
		{timeWindow{0, 20_000}, timeWindow{10_000, 30_000}},
		{timeWindow{80_000, 100_000}, timeWindow{70_000, 90_000}},
		{timeWindow{0, 200_000}, whole},
		{timeWindow{50_000, 50_001}, timeWindow{50_000, 51_000}},
		{timeWindow{89_999, 90_000}, timeWindow{89_000, 90_000}},
	} {
		if got := test.in.within(whole); got != test.want {
			t.Errorf("%+v within %+v is %+v, want %+v", test.in, whole, got, test.want)
		}
	}
	if got := (timeWindow{0, 5}).within(timeWindow{0, 7}); got != (timeWindow{0, 7}) {
		t.Errorf("the window of a trace of 7 ns is %+v", got)
	}
}

func TestSameTraceAgainKeepsFoldsAndCursor(t *testing.T) {
	first := newTraceMaker()
	root := first.span(0, "s", "root", 100, 1000)
	a := first.span(root, "s", "a", 110, 400)
	first.span(a, "s", "b", 120, 100)
	e := first.span(root, "s", "e", 600, 100)
	first.span(e, "s", "f", 610, 10)
	w := openWaterfall(t, first.trace(t))
	w.Select(1)
	do(w, Fold)
	w.Select(4)

	more := newTraceMaker()
	root = more.span(0, "s", "root", 100, 1000)
	a = more.span(root, "s", "a", 110, 400)
	more.span(a, "s", "b", 120, 100)
	e = more.span(root, "s", "e", 600, 100)
	more.span(e, "s", "f", 610, 10)
	more.span(root, "s", "earlier", 50, 100)
	more.span(e, "s", "g", 620, 10)
	w.SetTrace(more.trace(t))
	if got := w.st.t.Span(w.Selected()).Name(); got != "f" {
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
	w.Mouse(Mouse{X: 30, Y: y + 5})
	wantSelected(t, w, 5)
	w.Mouse(Mouse{X: w.drawn.gutter + 2, Y: y + 1}) // the fold glyph of a
	wantRows(t, w, "0", "1", "5", "6", "7", "8")
	if got := w.Mouse(Mouse{X: 30, Y: y + 1, Double: true}); got != (OpenSpan{Span: 1, Focus: true}) {
		t.Errorf("a double click gives %#v, want the detail", got)
	}
	do(w, ZoomIn)
	w.Mouse(Mouse{X: 118, Y: w.drawn.title})
	if w.zoom.window.to != w.whole().to {
		t.Errorf("a click at the end of the minimap shows %+v, want the end of the trace", w.zoom.window)
	}
	w.Mouse(Mouse{Wheel: -1, Shift: true})
	if w.zoom.window.to == w.whole().to {
		t.Error("the wheel does not pan")
	}
}

func TestWheelScrollsWithTheCursorOnScreen(t *testing.T) {
	w := openWaterfall(t, bigTrace(t))
	w.Mouse(Mouse{Wheel: 50})
	if w.top != 50 || w.cursor != 50 {
		t.Errorf("top and cursor are %d and %d, want both 50", w.top, w.cursor)
	}
	do(w, Bottom)
	w.Mouse(Mouse{Wheel: 5})
	w.Mouse(Mouse{X: 30, Y: w.drawn.bodyY() + 3})
	if w.cursor != w.top+3 {
		t.Errorf("a click on the fourth row selects row %d of a screen from %d", w.cursor, w.top)
	}
	if got := w.top + w.page; got != len(w.st.rows) {
		t.Errorf("the wheel scrolls to row %d of %d", got, len(w.st.rows))
	}
}

func TestCommandsThatCannotRunSayWhy(t *testing.T) {
	m := newTraceMaker()
	m.span(0, "s", "alone", 0, 10)
	w := openWaterfall(t, m.trace(t))
	for _, c := range []Command{Fold, NextError, PrevWarn, NextMatch, ZoomReset, ZoomOut, PanLeft} {
		if w.Can(c) == "" {
			t.Errorf("%s can be done to a lone span", c)
		}
		if got, ok := w.Do(c).(Say); !ok || got.Text != w.Can(c) {
			t.Errorf("%s gives %#v, want the reason said", c, got)
		}
	}
	for _, c := range []Command{Left, Right, FoldAll, OpenAll, ZoomSpan} {
		if got, ok := w.Do(c).(Say); !ok || got.Text == "" {
			t.Errorf("%s changes nothing and gives %#v, want it said", c, got)
		}
	}
	if got := w.Can(SortNext); got != NotHere {
		t.Errorf("sorting is answered with %q, want NotHere", got)
	}
	if got := NewWaterfall().Do(Down); got == nil {
		t.Error("nothing is said when no trace is open")
	}
}

func TestStatusSaysWhereOneIs(t *testing.T) {
	env := testEnv(t)
	w := openWaterfall(t, checkoutTrace(t))
	do(w, NextError, NextError, ZoomSpan)
	left, right := w.Status(env)
	if want := "span 7 of 66 · starts +215 ms, 14:03:22.316 UTC · depth 2"; left != want {
		t.Errorf("left is %q, want %q", left, want)
	}
	if want := "error 3 of 9 · zoom 215 ms–1.08 s"; right != want {
		t.Errorf("right is %q, want %q", right, want)
	}
	w.SetMatches(MatchText(w.Trace(), "likes"), true)
	do(w, Top, Down)
	if left, right = w.Status(env); left != "14 spans hidden by the filter" || right != "50 matches · 9 errors · zoom 215 ms–1.08 s" {
		t.Errorf("the status of a hidden row is %q and %q", left, right)
	}
}

func TestNamesGrowAsFarAsThereIsRoom(t *testing.T) {
	w := openWaterfall(t, familyTrace(t))
	names := w.drawn.names
	for range 100 {
		do(w, Wider)
	}
	frame(w, testEnv(t), 120, 40)
	if w.drawn.bars != barsLeast || w.Can(Wider) == "" {
		t.Errorf("bars have %d cells left, want %d", w.drawn.bars, barsLeast)
	}
	for range (w.drawn.names-names)/widenStep + 1 {
		do(w, Narrower)
	}
	frame(w, testEnv(t), 120, 40)
	if w.drawn.names >= names+widenStep {
		t.Errorf("the names have %d cells after as many steps back, want about %d", w.drawn.names, names)
	}
}

func TestShortIDsAreTelling(t *testing.T) {
	for in, want := range map[string]string{
		"4bf92f3577b34da6a3ce929d0e0e4736": "4bf92f35…",
		"00004d913d70aa38":                 "4d913d70…",
		"abc":                              "abc",
		"order 7\x1b":                      "order 7␛",
	} {
		if got := shortID(trace.ParseTraceID(in)); got != want {
			t.Errorf("%s is shortened to %q, want %q", in, got, want)
		}
	}
}
