package waterfall

import (
	"strings"
	"testing"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/timeline"
	"tracefall/views/viewstest"
)

// repeatedTrace has two runs of six calls each, of which the findings are about the first; some of these failed.
func repeatedTrace(t *testing.T, failed int) (*Waterfall, []*rule.Finding) {
	t.Helper()
	m := viewstest.NewMaker()
	root := m.Span(0, "api", "list", 0, 1_000_000)
	var calls []int
	for i := range 6 {
		var how []func(*trace.Builder, *trace.RawSpan)
		if i < failed {
			how = append(how, viewstest.Failed("deadlock"))
		}
		m.Span(root, "db", "SELECT item", int64(i)*50_000, 40_000, how...)
		calls = append(calls, i+1)
	}
	for i := range 6 {
		m.Span(root, "db", "SELECT stock", 400_000+int64(i)*50_000, 40_000)
	}
	tr := m.Trace(t)
	w := openWaterfall(t, tr)
	w.SetFacts(viewstest.FactsOf(tr))
	return w, []*rule.Finding{{Title: "N+1 ×6", Severity: rule.High, Trace: tr, Evidence: viewstest.Evidence(tr, rule.RoleOffender, calls...)}}
}

func TestRepeatedCallsOfAFindingAreOneRowFromTheStart(t *testing.T) {
	w, found := repeatedTrace(t, 0)
	if len(w.rows.list) != 13 {
		t.Fatalf("%d rows without a finding, want nothing grouped unasked", len(w.rows.list))
	}
	w.SetFindings(found)
	if len(w.rows.list) != 8 || w.rows.list[1].kind != groupRow {
		t.Fatalf("%d rows, the second %+v; want the calls of the finding as one row and the others as they are", len(w.rows.list), w.rows.list[1])
	}
	text := bodyLines(w, viewstest.Env(t), 120, 30)[w.drawn.bodyY()+1]
	for _, want := range []string{" • ", "▸ db SELECT item", "×6", "240.0 ms Σ 240.0 ms"} {
		if !strings.Contains(text, want) {
			t.Errorf("the row of the group has no %q: %s", want, text)
		}
	}
	viewstest.Do(w, views.Down, views.Fold)
	if len(w.rows.list) != 14 {
		t.Errorf("%d rows with the group open, want 14", len(w.rows.list))
	}
	text = bodyLines(w, viewstest.Env(t), 120, 30)[w.drawn.bodyY()+2]
	if strings.Contains(text, "db ") {
		t.Errorf("a member of the group repeats its service: %s", text)
	}
	w.SetFindings(found)
	if len(w.rows.list) != 14 {
		t.Error("a later report closes what was opened")
	}
}

func TestNoErrorDisappearsInAGroup(t *testing.T) {
	w, found := repeatedTrace(t, 2)
	w.SetFindings(found)
	env := viewstest.Env(t)
	grid := bodyGrid(w, env, 120, 30)
	text := strings.Split(grid.Plain(), "\n")[w.drawn.bodyY()+1]
	if w.rows.list[1].kind != groupRow || !strings.Contains(text, "×6 2✗ │") || !strings.Contains(text, "✗  p50") {
		t.Errorf("a group of six of which two failed is %s", text)
	}
	red := 0
	for _, run := range viewstest.Runs(grid) {
		if run.Y == w.drawn.bodyY()+1 && (viewstest.HasInk(run, env.Theme.Error) || viewstest.HasInk(run, env.Theme.Error.With(draw.Bold))) {
			red++
		}
	}
	if red != 4 { // its sign, its operation, how many failed, the end of its bar
		t.Errorf("the group of failed calls has %d red parts, want 4", red)
	}
	viewstest.Do(w, views.Down)
	for _, want := range []string{"expands", "collapses"} {
		if left, _ := w.Status(env); left != "6 calls, 2 failed · space "+want {
			t.Errorf("its status is %q", left)
		}
		viewstest.Do(w, views.Fold)
	}
	for failed := range 7 {
		w, found := repeatedTrace(t, failed)
		w.SetFindings(found)
		shown := 0
		for _, r := range w.rows.list {
			s := w.rows.t.Span(int(r.span))
			switch {
			case r.kind == groupRow:
				shown += w.rows.runs().starting(int(r.span)).failed
			case s.Error():
				shown++
			}
		}
		if shown != failed {
			t.Errorf("of %d failed calls %d are seen", failed, shown)
		}
	}
}

// TestNamesSayTheCall names spans that say how they called by what they called, and the service where it changes.
func TestNamesSayTheCall(t *testing.T) {
	set := tracetest.Set(t, `
web "POST /buy" 0ms +1s kind=server http.request.method=POST http.route=/buy
  web "GET" 10ms +100ms kind=client http.request.method=GET url.full="http://price:80/price"
    price "GET" 20ms +80ms kind=server http.request.method=GET http.route=/price
      price "query" 30ms +20ms kind=client db.system=postgresql db.statement="SELECT id FROM quotes WHERE id = 7"
      price "cheapest quote" 60ms +20ms kind=client db.system=postgresql db.statement="SELECT id FROM quotes WHERE id = 8"
  web "GET" 200ms +10ms kind=client db.system=redis db.statement="GET cart:1842"
  web "send" 300ms +10ms kind=producer messaging.system=kafka messaging.destination.name=orders messaging.operation=send
  web "render" 400ms +10ms
`)
	w := openWaterfall(t, set.Trace(0))
	w.SetFacts(viewstest.FactsOf(set.Trace(0)))
	for _, width := range []int{70, 120, 200} {
		lines := bodyLines(w, viewstest.Env(t), width, 30)[w.drawn.bodyY():]
		for row, want := range []string{
			"▾ web POST /buy", "▾ GET /price", "▾ price GET /price", "SELECT quotes", "cheapest quote", "GET cart:{int}", "send orders", "render",
		} {
			cells := []rune(lines[row])
			if got := strings.TrimLeft(strings.TrimSpace(string(cells[:w.drawn.barsX-1])), "▌ "); got != want {
				t.Errorf("at %d cells row %d is called %q, want %q", width, row, got, want)
			}
		}
	}
}

// TestColumnsAreAlignedOnThePoint looks at the columns of a trace of seconds.
func TestColumnsAreAlignedOnThePoint(t *testing.T) {
	w := foundWaterfall(t)
	for _, width := range []int{80, 120, 200} {
		lines := bodyLines(w, viewstest.Env(t), width, 30)[w.drawn.bodyY():]
		for k, r := range w.rows.list {
			if r.kind != spanRow || w.rows.t.Span(int(r.span)).Duration() == 0 {
				continue
			}
			line := []rune(lines[k])
			if line[width-5] != '.' || line[width-w.drawn.durs-5] != '.' && !strings.HasSuffix(string(line[:width-w.drawn.durs]), " 0 s") {
				t.Errorf("at %d cells the points are not in their columns: %s", width, lines[k])
			}
		}
	}
	if bodyGrid(w, viewstest.Env(t), 70, 20); w.drawn.selfs != 0 || w.drawn.bars < 20 {
		t.Errorf("in 70 cells are %d for self times and %d for bars", w.drawn.selfs, w.drawn.bars)
	}
}

func TestMinimapIsDragged(t *testing.T) {
	w := openWaterfall(t, familyTrace(t))
	x, y := w.drawn.barsX, w.drawn.minimapY()
	at := func(share int) int { return x + w.drawn.bars*share/100 }
	w.Mouse(views.Mouse{X: at(20), Y: y})
	w.Drag(views.Mouse{X: at(60), Y: y + 7})
	if got, whole := w.zoom.Window, w.rows.whole(); !near(got, whole, 20, 62) {
		t.Fatalf("a drag over the minimap of the whole trace shows %+v of %+v", got, whole)
	}
	width := w.zoom.Window.Width()
	w.Mouse(views.Mouse{X: at(40), Y: y})
	w.Drag(views.Mouse{X: at(50), Y: y})
	if got, whole := w.zoom.Window, w.rows.whole(); !near(got, whole, 30, 72) || got.Width() != width {
		t.Errorf("a drag of the window by a tenth shows %+v of %+v", got, whole)
	}
	w.Drag(views.Mouse{X: 500, Y: 0})
	if got, whole := w.zoom.Window, w.rows.whole(); got.To != whole.To || got.Width() != width {
		t.Errorf("a drag beyond the end shows %+v of %+v", got, whole)
	}
	w.Mouse(views.Mouse{X: at(50), Y: y + 4})
	before := w.zoom.Window
	w.Drag(views.Mouse{X: at(10), Y: y})
	if w.zoom.Window != before {
		t.Error("a drag that began on a row moves the window")
	}
}

// near reports whether a window reaches from one to another part of the whole, in percent, give or take 3.
func near(w, whole timeline.Window, from, to float64) bool {
	at := func(t int64) float64 { return 100 * float64(t-whole.From) / float64(whole.Width()) }
	return at(w.From) > from-3 && at(w.From) < from+3 && at(w.To) > to-3 && at(w.To) < to+3
}

func TestGridLinesStandAtTheTicks(t *testing.T) {
	m := viewstest.NewMaker()
	root := m.Span(0, "s", "root", 0, 1000)
	m.Span(root, "s", "short", 1, 1)
	w := openWaterfall(t, m.Trace(t))
	lines := bodyLines(w, viewstest.Env(t), 120, 30)
	ruler, row := []rune(lines[w.drawn.bodyY()-1]), []rune(lines[w.drawn.bodyY()+1])
	n := 0
	for x, r := range row {
		if r == '┊' {
			n++
			if ruler[x] == ' ' || ruler[x-1] != ' ' {
				t.Errorf("the grid line in cell %d stands below no label: %s", x, string(ruler))
			}
		}
	}
	if n < 3 {
		t.Errorf("%d grid lines: %s", n, string(row))
	}
}

// TestStemsAreFoundOnceForASet: what services are called in few cells is looked for when a trace of another set is opened, and at
// no other time.
func TestStemsAreFoundOnceForASet(t *testing.T) {
	const text = "trace 1\nonline-boutique-cart get 0ms +5s\ntrace 2\nonline-boutique-ads get 0ms +5s\n"
	set := tracetest.Set(t, text)
	w := openWaterfall(t, set.Trace(0))
	if got := w.stems["online-boutique-cart"]; got != "…cart" {
		t.Fatalf("the stem is %q", got)
	}
	const sign = "found before"
	w.stems[sign] = ""
	for _, step := range []struct {
		does string
		do   func()
		kept bool
	}{
		{"another trace of the set", func() { w.SetTrace(set.Trace(1)) }, true},
		{"times on other clocks", func() { w.setClocks(true) }, true},
		{"a trace of another set", func() { w.SetTrace(tracetest.Set(t, text).Trace(0)) }, false},
	} {
		step.do()
		if _, kept := w.stems[sign]; kept != step.kept || w.stems["online-boutique-ads"] != "…ads" {
			t.Errorf("%s: found before %v, want %v: %q", step.does, kept, step.kept, w.stems)
		}
	}
}
