package waterfall

import (
	"slices"
	"strings"
	"testing"

	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/timeline"
	"tracefall/views/viewstest"
)

func TestPrintHasAllRowsAndNoCursor(t *testing.T) {
	env := viewstest.Env(t)
	w := New()
	w.SetTrace(viewstest.CheckoutTrace(t))
	w.FoldBelow(2)
	var lines []string
	err := w.Print(100, env, func(g *draw.Grid) error {
		viewstest.CheckSize(t, g)
		lines = append(lines, strings.Split(g.Plain(), "\n")...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	rows := lines[len(lines)-len(w.rows.list):]
	if len(w.rows.list) != 66 || !strings.Contains(rows[0], "POST /api/checkout") || !strings.Contains(rows[65], "SELECT likes") {
		t.Errorf("%d rows were printed:\n%s", len(w.rows.list), strings.Join(lines, "\n"))
	}
	for _, row := range rows {
		if strings.HasPrefix(row, env.Theme.Glyphs.Selection) {
			t.Errorf("a cursor was printed: %s", row)
		}
	}
	w.FoldBelow(1)
	wantRows(t, w, "0", "1", "3", "5", "7", "9", "11", "13", "15")
}

func TestFoldsCanBeNamed(t *testing.T) {
	w := openWaterfall(t, familyTrace(t))
	w.FoldSpans([]int{2, 3, 5, 99})
	wantRows(t, w, "0", "1", "2", "4", "5")
	if got := w.Folded(); !slices.Equal(got, []int{2, 5}) {
		t.Errorf("folded are %v, want 2 and 5", got)
	}
}

func TestMinimapMarksFailures(t *testing.T) {
	m := viewstest.NewMaker()
	root := m.Span(0, "s", "root", 0, 1024)
	m.Span(root, "s", "a", 100, 400, viewstest.Failed("no"))
	tr := m.Trace(t)
	x := indexTrace(tr, rawTimes(tr), rawTimes(tr).window)
	if at := slices.Index(x.failed, true); at != 500 {
		t.Errorf("a failure that ends at 500 of 1024 is marked at place %d", at)
	}
	if x.profile[50] >= x.profile[300] || x.profile[50] <= 0 {
		t.Errorf("the profile is %v where one span runs and %v where two do", x.profile[50], x.profile[300])
	}
}

// A bracket of the window is no error, even where one lies beneath it.
func TestMinimapBracketsAreNotRed(t *testing.T) {
	m := viewstest.NewMaker()
	root := m.Span(0, "s", "root", 0, 1000)
	m.Span(root, "s", "a", 100, 400, viewstest.Failed("no"))
	w, env := openWaterfall(t, m.Trace(t)), viewstest.Env(t)
	viewstest.Frame(w, env, 120, 40)
	scale := minimapScale(&w.view, w.drawn)
	at := scale.Cell(w.rows.times.finish(w.Trace().Span(1)))
	w.zoom.Set(timeline.Window{From: scale.At(at / 2), To: scale.At(at)}, w.rows.whole())
	viewstest.WantText(t, viewstest.Frame(w, env, 120, 40), "]", env.Theme.MinimapInside)
}

// TestMinimapIsHighWhereManyRun looks for the height of one call after the other, and of a crowd.
func TestMinimapIsHighWhereManyRun(t *testing.T) {
	highest := func(at func(i int) int64) float64 {
		m := viewstest.NewMaker()
		root := m.Span(0, "s", "root", 0, 1024)
		for i := range crowd {
			m.Span(root, "s", "a", at(i), 100)
		}
		tr := m.Trace(t)
		return slices.Max(indexTrace(tr, rawTimes(tr), rawTimes(tr).window).profile)
	}
	if got := highest(func(i int) int64 { return 100 * int64(i) }); got < 0.25 || got > 0.45 {
		t.Errorf("one call after the other is %.2f high, want a low strip", got)
	}
	if got := highest(func(int) int64 { return 100 }); got != 1 {
		t.Errorf("a crowd is %.2f high, want all", got)
	}
}

func TestWaterfallInASCII(t *testing.T) {
	theme, err := style.New("none", true)
	if err != nil {
		t.Fatal(err)
	}
	env := viewstest.Env(t)
	env.Theme = &theme
	w := New()
	tr := viewstest.BrokenTrace(t)
	w.SetTrace(tr)
	w.SetMatches(matchText(tr, "mailer"), true)
	grid := draw.NewGrid(100, 20)
	grid.SetASCII(true)
	w.Draw(grid.All(), env)
	viewstest.CheckFrame(t, "waterfall-ascii-100x20", grid)
	for _, r := range grid.Plain() {
		if r > 0x7e {
			t.Fatalf("the frame contains %q", r)
		}
	}
}
