package comparison

import (
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/tree"
	"tracefall/views/viewstest"
)

// wantDiffRow fails where the cursor is not on a row of the call with this label.
func wantDiffRow(t *testing.T, v *Comparison, kind rowKind, label string) {
	t.Helper()
	r, ok := v.row()
	if !ok || r.kind != kind || v.rows.c.Nodes[r.node].Op.Label() != label {
		t.Errorf("the cursor is on %q (kind %d), want %q (kind %d)", v.rows.c.Nodes[r.node].Op.Label(), r.kind, label, kind)
	}
}

func TestTheFirstLookIsAtTheWorst(t *testing.T) {
	v := openCompare(t, pairOf(t, goodDashboard, badDashboard))
	wantDiffRow(t, v, callRow, "getComments")
	if v.rows.state(v.rows.list[v.rows.find(9, callRow)]) == tree.Open {
		t.Error("a subtree without a difference is open")
	}
}

func TestCausesInOrderAndBack(t *testing.T) {
	v := openCompare(t, pairOf(t, goodDashboard, badDashboard))
	var order []string
	for range 4 {
		r, _ := v.row()
		order = append(order, v.rows.c.Nodes[r.node].Op.Label())
		viewstest.Do(v, views.NextWorse)
	}
	if got := strings.Join(order, ", "); got != "getComments, getUserPosts, render, GET feature-flags" {
		t.Errorf("by how much they made: %s", got)
	}
	v.goTo(v.why.start())
	if got, ok := viewstest.Act(v, views.PrevWorse).(views.Say); !ok || !strings.Contains(got.Text, "back to the smallest contributor") {
		t.Errorf("around the end nothing is said: %#v", got)
	}
}

func TestTheFirstCauseUnderTheCursorIsSaid(t *testing.T) {
	v := New()
	set := viewstest.OpenDemo(t, "retry-storm.jsonl.gz")
	worst := set.Find(trace.ParseTraceID("f8e7fb9171354c534b099d4c28daf819"))
	v.SetComparison(pairTraces(compare.Baselines(set, worst, nil)[0].Trace, worst))
	before, _ := v.row()
	action := viewstest.Act(v, views.NextWorse)
	if after, _ := v.row(); after != before || action != (views.Say{Text: "largest contributor"}) {
		t.Errorf("from %v to %v with %#v, want to stay and be told", before, after, action)
	}
}

func TestDifferencesSkipWhatWasNotReached(t *testing.T) {
	v := openCompare(t, pairOf(t, goodOrder, badOrder))
	viewstest.Do(v, views.Top)
	var stops []string
	for range v.rows.jumps.Total() {
		r, _ := v.row()
		stops = append(stops, v.rows.c.Nodes[r.node].Op.Label())
		viewstest.Do(v, views.NextMatch)
	}
	for _, stop := range stops {
		if strings.Contains(stop, "mail") {
			t.Errorf("stops at %v: one stop is enough for what was not reached", stops)
		}
	}
	viewstest.Do(v, views.Bottom)
	wantDiffRow(t, v, runRow, "POST /charge")
	if got, _ := v.Status(viewstest.Env(t)); got != "not executed: 3 calls, 6 spans" {
		t.Errorf("the status is %q", got)
	}
	viewstest.Do(v, views.Enter)
	if !v.rows.open.Has(int(v.rows.list[v.tree.Row].node)) {
		t.Error("enter does not open what was not reached")
	}
}

func TestPairsInOrder(t *testing.T) {
	v := openCompare(t, pairOf(t, goodDashboard, badDashboard))
	viewstest.Do(v, views.Group)
	wantDiffRow(t, v, callRow, "getComments")
	var pairs []row
	for _, r := range v.rows.list {
		if r.kind == pairRow && r.node == v.rows.list[v.tree.Row].node {
			pairs = append(pairs, r)
		}
	}
	if len(pairs) != 50 {
		t.Fatalf("%d pairs are shown, want 50", len(pairs))
	}
	if v.rows.lackText(pairs[2]) != "" || v.rows.lackText(pairs[3]) != "added" || v.rows.spanOf(pairs[3], views.Good) >= 0 {
		t.Errorf("the third call is %q, the fourth %q", v.rows.lackText(pairs[2]), v.rows.lackText(pairs[3]))
	}
	viewstest.Do(v, views.Group)
	for _, r := range v.rows.list {
		if r.kind == pairRow {
			t.Fatal("the same command does not close them")
		}
	}
}

func TestEnterOpensTheSideThatHasTheCall(t *testing.T) {
	c := pairOf(t, goodOrder, badOrder)
	v := openCompare(t, c)
	v.goTo(0)
	if got := viewstest.Act(v, views.Enter); got != (views.OpenTrace{Trace: c.Bad.Trace, Span: 0}) {
		t.Errorf("enter gives %#v", got)
	}
	if got := viewstest.Act(v, views.OtherSide); got != (views.Say{Text: "active side: baseline"}) {
		t.Errorf("the other side is chosen with %#v", got)
	}
	if got := viewstest.Act(v, views.Enter); got != (views.OpenTrace{Trace: c.Good.Trace, Span: 0}) {
		t.Errorf("on the good side enter gives %#v", got)
	}
	viewstest.Do(v, views.OtherSide)
	for i := range c.Nodes {
		if c.Nodes[i].Presence == compare.Missing {
			v.goTo(i)
			if got := viewstest.Act(v, views.Enter); got != (views.OpenTrace{Trace: c.Good.Trace, Span: c.Nodes[i].Good[0]}) {
				t.Errorf("enter on a missing call gives %#v", got)
			}
			return
		}
	}
}

func TestSwapAsksForTheOtherComparison(t *testing.T) {
	c := pairOf(t, goodOrder, badOrder)
	v := openCompare(t, c)
	if got := viewstest.Act(v, views.Swap); got != (views.CompareTraces{Good: c.Bad.Trace, Bad: c.Good.Trace}) {
		t.Errorf("swap gives %#v", got)
	}
}

func TestCausesPaneMovesTheRows(t *testing.T) {
	v := openCompare(t, pairOf(t, goodDashboard, badDashboard))
	viewstest.Do(v, views.NextPane, views.Bottom)
	wantDiffRow(t, v, callRow, v.rows.c.Nodes[v.why.entries[len(v.why.entries)-1].node].Op.Label())
	viewstest.Do(v, views.Top, views.Down, views.Down)
	viewstest.Do(v, views.Enter)
	if v.pane != paneRows {
		t.Error("enter leaves the keys with the causes")
	}
	viewstest.Do(v, views.NextPane)
	if got := viewstest.Act(v, views.Back); got != nil || v.pane != paneRows {
		t.Errorf("back gives %#v, want the keys with the rows again", got)
	}
	if got := viewstest.Act(v, views.Back); got != (views.Leave{}) {
		t.Errorf("back gives %#v, want Leave", got)
	}
}

// TestInspectReadsTheStatus reads none as the list of changes does.
func TestInspectReadsTheStatus(t *testing.T) {
	tr := tracetest.One(t, "web a 0ms +9ms\n  web b 1ms +1ms status=ok\n  web c 3ms +1ms status=error\n  web d 5ms +1ms error=odd\n")
	for i, want := range []string{"ok", "ok", "error", "error"} {
		if got := statusOf(tr.Span(i)); got != want {
			t.Errorf("span %d is %s, want %s", i, got, want)
		}
	}
}

func TestInspectShowsWhatDiffers(t *testing.T) {
	v := openCompare(t, pairOf(t, goodOrder, badOrder))
	v.goTo(2)
	viewstest.Do(v, views.Inspect)
	text := viewstest.Plain(v, viewstest.Env(t), 120, 40)
	for _, want := range []string{"503 Service Unavailable", "resource service.version", "2.0.0", "→ 2.0.1", "server span"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not shown:\n%s", want, text)
		}
	}
	viewstest.Do(v, views.NextPane, views.NextPane, views.Down, views.Down, views.Enter)
	if v.inspect.wide < 0 {
		t.Error("enter does not show a value whole")
	}
	viewstest.Do(v, views.Back, views.Back)
	if v.inspect.shown {
		t.Error("back does not close the pane")
	}
}

func TestOwnScalesFillBothSides(t *testing.T) {
	v := openCompare(t, pairOf(t, goodDashboard, badDashboard))
	shared := v.scale(views.Good, 100)
	if both := v.scale(views.Bad, 100); both != shared || shared.To != 3_210_000_000 {
		t.Errorf("the common scale is %+v and %+v", shared, both)
	}
	viewstest.Do(v, views.Scale)
	if own := v.scale(views.Good, 100); own.To != 412_000_000 {
		t.Errorf("the good side's own scale ends at %d", own.To)
	}
	if _, right := v.Status(viewstest.Env(t)); !strings.Contains(right, "separate time scales") {
		t.Errorf("the status says %q", right)
	}
}

// bodyText draws what stands below the head and the tabs, of a terminal of 120×40.
func bodyText(t *testing.T, v *Comparison) string {
	t.Helper()
	grid := draw.NewGrid(120, 40)
	v.Draw(grid.All(), viewstest.Env(t))
	return grid.Plain()
}

// What a row of a level shows leaves out what is inside it, which both traces have.
func TestLevelsShowTheirOwnPart(t *testing.T) {
	v := openCompare(t, pairOf(t, goodMoved, badMoved))
	for i := range v.rows.c.Nodes {
		if v.rows.c.Nodes[i].Level {
			v.goTo(i)
			line := strings.Split(bodyText(t, v), "\n")[v.drawn.bodyY()+v.tree.Row-v.tree.Top]
			if !strings.Contains(line, "+20.0 ms   20 %") {
				t.Errorf("the row of the level is %q, want the 20 ms of itself without what changed inside it", line)
			}
			return
		}
	}
	t.Fatal("there is no level")
}

func TestCopiesNameTheSide(t *testing.T) {
	c := pairOf(t, goodDashboard, badDashboard)
	v := openCompare(t, c)
	if got := viewstest.Act(v, views.CopyTrace); got != (views.Copy{What: "bad trace id", Text: c.Bad.Trace.ID().String()}) {
		t.Errorf("copying the trace id gives %#v", got)
	}
	got, _ := viewstest.Act(v, views.CopyLine).(views.Copy)
	if got.Text != "web getComments 120 ms → 2.50 s: ×3 → ×50 · each took 40 ms → 50 ms (+10 ms)" &&
		got.Text != "web getComments 120 ms → 2.50 s: ×3 → ×50" {
		t.Errorf("the row is copied as %q", got.Text)
	}
}

func TestMouseChoosesRowAndSide(t *testing.T) {
	c := pairOf(t, goodDashboard, badDashboard)
	v := openCompare(t, c)
	viewstest.Do(v, views.Merged)
	viewstest.Frame(v, viewstest.Env(t), 120, 40)
	y := v.drawn.bodyY()
	if got := v.Mouse(views.Mouse{X: 10, Y: y, Double: true}); got != (views.OpenTrace{Trace: c.Good.Trace, Span: 0}) {
		t.Errorf("a double click on the left gives %#v", got)
	}
	if got := v.Mouse(views.Mouse{X: 100, Y: y, Double: true}); got != (views.OpenTrace{Trace: c.Bad.Trace, Span: 0}) {
		t.Errorf("a double click on the right gives %#v", got)
	}
	rows := len(v.rows.list)
	v.Mouse(views.Mouse{X: v.drawn.side[views.Good].x, Y: y})
	if len(v.rows.list) >= rows {
		t.Error("a click on the fold does not fold")
	}
	v.Mouse(views.Mouse{X: 30, Y: v.drawn.whyY() + 1})
	if v.pane != paneWhy {
		t.Error("a click on a cause does not choose it")
	}
}

// TestMouseChoosesWhatDiffers clicks on lines of the pane below the rows, also while a search takes the last line, and below
// its lines, where a value is shown whole.
func TestMouseChoosesWhatDiffers(t *testing.T) {
	v := openCompare(t, pairOf(t, goodDashboard, badDashboard))
	viewstest.Do(v, views.Inspect)
	frame := func() []string { // without the head
		lines := strings.Split(viewstest.Plain(v, viewstest.Env(t), 120, 40), "\n")
		return lines[len(lines)-v.drawn.h:]
	}
	for _, commands := range [][]views.Command{nil, {views.Search}} {
		viewstest.Do(v, commands...)
		y := slices.IndexFunc(frame(), func(line string) bool { return strings.Contains(line, "  duration  ") })
		v.Mouse(views.Mouse{X: 10, Y: y})
		if got := v.inspect.lines[v.inspect.Row].key; v.pane != paneInspect || got != "duration" {
			t.Errorf("a click on the duration after %v chooses %q in pane %d", commands, got, v.pane)
		}
		v.pane, v.inspect.Row = paneRows, 0
	}
	v.pane = paneInspect
	viewstest.Do(v, views.Down, views.Enter)
	frame()
	at := v.inspect.Row
	if v.Mouse(views.Mouse{X: 10, Y: v.drawn.h - 2}); v.inspect.Row != at {
		t.Errorf("a click on a value that is shown whole moves to line %d", v.inspect.Row)
	}
}

func TestNothingComparedSaysSo(t *testing.T) {
	v := New()
	if viewstest.Why(v, views.Down) == "" || viewstest.Act(v, views.Down) != nil || viewstest.Why(v, views.SortNext) != views.NotHere {
		t.Error("commands run without a comparison")
	}
	v.SetPending("comparing 2 traces …")
	if text := viewstest.Plain(v, viewstest.Env(t), 80, 10); !strings.Contains(text, "comparing 2 traces …") {
		t.Errorf("what is under way is not said:\n%s", text)
	}
	if viewstest.Act(v, views.Back) != (views.Leave{}) {
		t.Error("back does not leave")
	}
}

func TestDifferencesFromWithinAndBehindFolds(t *testing.T) {
	v := openCompare(t, pairOf(t, goodOrder, badOrder))
	viewstest.Do(v, views.Bottom, views.Enter, views.NextMatch)
	if r, _ := v.row(); v.rows.c.Nodes[r.node].Op.Label() == "producer orders" {
		t.Error("stops within what was not reached")
	}
	v = openCompare(t, pairOf(t, goodDashboard, badDashboard))
	v.goTo(v.why.start())
	viewstest.Do(v, views.Right, views.Down)
	if r, _ := v.row(); r.kind != callsRow {
		t.Fatalf("the cursor is on a row of kind %d, want the one that opens the calls", r.kind)
	}
	viewstest.Do(v, views.PrevMatch)
	wantDiffRow(t, v, callRow, "getComments")
	v = openCompare(t, pairOf(t, goodDashboard, badDashboard))
	if len(v.rows.runs) != 0 {
		t.Errorf("runs %v: opening render must show its calls at once", v.rows.runs)
	}
}

func TestARunIsSkippedAsAWhole(t *testing.T) {
	c := pairOf(t, goodOrder, badOrder+"  api \"write audit\" 55ms +4ms\n")
	v := openCompare(t, c)
	viewstest.Do(v, views.Top)
	seen := map[int]bool{}
	for range v.rows.jumps.Total() {
		viewstest.Do(v, views.NextMatch)
		r, _ := v.row()
		if seen[int(r.node)] {
			t.Fatalf("stops at node %d twice before all others", r.node)
		}
		seen[int(r.node)] = true
	}
	if !seen[v.why.entries[len(v.why.entries)-1].node] {
		t.Error("what was not reached is no stop")
	}
}

// What was left for much later does not squeeze the bars of the request.
func TestTheScaleLeavesOutWhatIsMuchLater(t *testing.T) {
	late := goodOrder + "  mail deliver 300s +1s kind=consumer\n"
	v := openCompare(t, pairOf(t, late, late))
	if got := v.scale(views.Bad, 100); got.From != 0 || got.To != 480_000_000 {
		t.Errorf("the scale is %+v, want the 480 ms of the request", got)
	}
	soon := goodOrder + "  mail deliver 500ms +500ms kind=consumer\n"
	v = openCompare(t, pairOf(t, soon, soon))
	if got := v.scale(views.Bad, 100); got.To != 480_000_000 {
		t.Errorf("the scale is %+v, want the 480 ms of the request, as in the waterfall", got)
	}
}

func TestNamesOfAComparisonGrowAndShrink(t *testing.T) {
	v := openCompare(t, pairOf(t, goodDashboard, badDashboard))
	names := v.drawn.side[views.Good].names
	for range 20 {
		viewstest.Do(v, views.Narrower)
		viewstest.Frame(v, viewstest.Env(t), 120, 40)
	}
	if got := v.drawn.side[views.Good].names; got >= names || viewstest.Why(v, views.Narrower) == "" {
		t.Errorf("the names have %d of %d cells after many steps down, and %q", got, names, viewstest.Why(v, views.Narrower))
	}
	for range 20 {
		viewstest.Do(v, views.Wider)
		viewstest.Frame(v, viewstest.Env(t), 200, 40)
	}
	if got := v.drawn.side[views.Good]; got.bars != tree.BarsLeast || viewstest.Why(v, views.Wider) == "" {
		t.Errorf("the bars have %d cells left, want %d", got.bars, tree.BarsLeast)
	}
}

func TestInspectFollowsTheCursor(t *testing.T) {
	v := openCompare(t, pairOf(t, goodOrder, badOrder))
	viewstest.Do(v, views.Inspect, views.Top)
	if text := viewstest.Plain(v, viewstest.Env(t), 120, 40); !strings.Contains(text, "reserve failed") {
		t.Errorf("the root's differences are not shown:\n%s", text)
	}
	v.goTo(2)
	if text := viewstest.Plain(v, viewstest.Env(t), 120, 40); !strings.Contains(text, "503 Service Unavailable") {
		t.Errorf("the pane does not follow the cursor:\n%s", text)
	}
}

func TestDoubtsAreSaid(t *testing.T) {
	c := pairOf(t, goodMoved, badMoved)
	c.Trust.Ambiguous = 2
	v := openCompare(t, c)
	if text := viewstest.Plain(v, viewstest.Env(t), 120, 40); !strings.Contains(text, "2 renamed calls could be matched in another way as well") {
		t.Errorf("the doubt is not shown:\n%s", text)
	}
}

func TestInspectMasksSecrets(t *testing.T) {
	good := "api login 0ms +10ms http.request.header.authorization=\"Bearer abcdefghijklmnop0123456789\""
	bad := "api login 0ms +20ms http.request.header.authorization=\"Bearer zyxwvutsrqponmlk9876543210\""
	v := openCompare(t, pairOf(t, good, bad))
	viewstest.Do(v, views.Inspect)
	text := viewstest.Plain(v, viewstest.Env(t), 160, 40)
	if !strings.Contains(text, secrets.MaskText) || strings.Contains(text, "0123456789") || strings.Contains(text, "9876543210") {
		t.Errorf("secrets are shown:\n%s", text)
	}
}
