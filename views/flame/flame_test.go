package flame

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

// scopeOf is one trace as what the graph is about.
func scopeOf(tr *trace.Trace) views.Scope { return views.Scope{Set: tr.Set(), Trace: tr, Traces: 1} }

// portions are the facts of traces, all spans of them.
func portions(traces ...*trace.Trace) iter.Seq[facts.Portion] {
	return func(yield func(facts.Portion) bool) {
		for _, tr := range traces {
			if !yield(facts.Portion{Facts: viewstest.FactsOf(tr)}) {
				return
			}
		}
	}
}

// answer carries out what the screen asked for.
func answer(t testing.TB, a views.Action, of ...iter.Seq[facts.Portion]) {
	t.Helper()
	ask, ok := a.(views.Measure)
	if !ok {
		t.Fatalf("the screen asked for %#v", a)
	}
	if len(ask.Of) != len(of) {
		t.Fatalf("the screen asks for %d scopes, want %d", len(ask.Of), len(of))
	}
	if next := ask.Count(of)(); next != nil {
		t.Fatalf("the answer asked for %#v", next)
	}
}

// shown shows one trace, or two side against side.
func shown(t testing.TB, traces ...*trace.Trace) *Flame {
	t.Helper()
	f := New()
	var of []views.Scope
	var sides []iter.Seq[facts.Portion]
	for _, tr := range traces {
		of, sides = append(of, scopeOf(tr)), append(sides, portions(tr))
	}
	answer(t, f.Show(of), sides...)
	viewstest.Frame(f, viewstest.Env(t), 120, 40)
	return f
}

// at names the frame under the cursor.
func at(f *Flame) string { return f.text(f.at) }

// shopTrace is a request with a loop, calls at once, errors, and calls too short to be seen.
func shopTrace(t testing.TB, slow int64) *trace.Trace {
	m := viewstest.NewMaker()
	root := m.Span(0, "gateway", "POST /checkout", 0, 1_000_000+slow)
	cart := m.Span(root, "cart", "GetCart", 10_000, 200_000)
	for i := range int64(20) {
		m.Span(cart, "redis", "GET", 12_000+i*9_000, 8_000)
	}
	pay := m.Span(root, "payment", "POST /charge", 220_000, 700_000+slow, viewstest.Failed("503"))
	m.Span(pay, "bank", "Authorize card", 230_000, 300_000+slow, viewstest.Failed("503"))
	m.Span(pay, "ledger", "Book", 230_000, 350_000)
	for i := range int64(12) {
		m.Span(root, "audit", fmt.Sprintf("write %c", 'a'+rune(i)), 950_000+i*1_000, 900)
	}
	if slow > 0 {
		m.Span(pay, "bank", "Retry", 600_000, slow)
	} else {
		m.Span(root, "mailer", "send", 930_000, 15_000)
	}
	return m.Trace(t)
}

func TestFlameWalks(t *testing.T) {
	f := shown(t, shopTrace(t, 0))
	steps := []struct {
		c    views.Command
		want string
	}{
		{views.Down, "payment POST /charge"}, // the widest child
		{views.Right, "cart GetCart"},
		{views.Right, "mailer send"},
		{views.Right, "mailer send"}, // what has no cell is passed over
		{views.Left, "cart GetCart"},
		{views.Down, "redis GET"},
		{views.Up, "cart GetCart"},
		{views.Up, "gateway POST /checkout"},
		{views.Up, "gateway POST /checkout"},
		{views.Down, "cart GetCart"}, // where it came up from
		{views.Top, "gateway POST /checkout"},
		{views.Left, "gateway POST /checkout"},
		{views.Bottom, "redis GET"},
		{views.NextError, "bank Authorize card"},
	}
	for n, step := range steps {
		viewstest.Do(f, step.c)
		if got := at(f); got != step.want {
			t.Fatalf("step %d, %s, is at %s, want %s", n, step.c, got, step.want)
		}
	}
}

func TestFlameZooms(t *testing.T) {
	tr := shopTrace(t, 0)
	f := shown(t, tr)
	viewstest.Do(f, views.Down, views.Enter)
	plain := viewstest.Plain(f, viewstest.Env(t), 120, 40)
	if !strings.Contains(plain, "▴ gateway POST /checkout") || strings.Contains(plain, "GetCart") {
		t.Errorf("zoomed to the payment:\n%s", plain)
	}
	if row := f.rows.row(0); len(row) != 1 || row[0].w != 120 || at(f) != "payment POST /charge" {
		t.Errorf("the first row is %+v with the cursor at %s", row, at(f))
	}
	if open, ok := viewstest.Act(f, views.Enter).(views.OpenTrace); !ok || open.Trace != tr || open.Span != viewstest.Called(tr, "POST /charge")[0] {
		t.Errorf("enter on the frame that fills the screen gave %#v", open)
	}
	viewstest.Do(f, views.Down, views.Enter, views.ZoomReset)
	if len(f.zooms) != 0 || viewstest.Why(f, views.ZoomReset) == "" {
		t.Errorf("the zooms %v are left", f.zooms)
	}
	viewstest.Do(f, views.Top, views.Down, views.Enter, views.Down, views.Enter)
	if viewstest.Act(f, views.Back); f.zoom() == f.graph.base || len(f.zooms) != 1 {
		t.Errorf("back went from the second zoom to %v", f.zooms)
	}
	viewstest.Do(f, views.Back)
	if _, ok := viewstest.Act(f, views.Back).(views.Leave); !ok {
		t.Error("back does not leave where nothing is zoomed")
	}
}

func TestFlameSearch(t *testing.T) {
	f := shown(t, shopTrace(t, 0))
	viewstest.Do(f, views.Search)
	viewstest.TypeText(f, "BANK")
	if got := f.hits.text(&f.walk); got != "1 frame, 30 % of total time" {
		t.Errorf("found %s", got)
	}
	viewstest.TypeText(f, "!")
	if got := f.hits.text(&f.walk); got != "no frame matches" || viewstest.Why(f, views.NextMatch) != "no frame matches" {
		t.Errorf("found %s", got)
	}
	viewstest.Do(f, views.Back)
	f.search.On = false
	viewstest.Do(f, views.Search)
	viewstest.TypeText(f, "audit")
	f.Type(viewstest.Press("enter"))
	if len(f.hits.nodes) != 12 || !strings.HasPrefix(at(f), "audit write ") || f.at != f.zoom() {
		t.Errorf("%d frames found, the cursor at %s", len(f.hits.nodes), at(f))
	}
	first := f.at
	viewstest.Do(f, views.NextMatch)
	second := f.at
	viewstest.Do(f, views.PrevMatch)
	if second == first || f.at != first {
		t.Errorf("from %d to %d and back to %d", first, second, f.at)
	}
	viewstest.Do(f, views.Back)
	if f.hits.names != nil || viewstest.Why(f, views.NextMatch) != "nothing is searched for" {
		t.Error("back does not clear the search")
	}
}

// TestFlameNestedHitsCountOnce checks that what lies below a match adds nothing to its share.
func TestFlameNestedHitsCountOnce(t *testing.T) {
	f := shown(t, viewstest.DeepTrace(t, 20))
	viewstest.Do(f, views.Search)
	viewstest.TypeText(f, "walk")
	if got := f.hits.text(&f.walk); got != "20 frames, 100 % of total time" {
		t.Errorf("found %s", got)
	}
}

func TestFlameMeasures(t *testing.T) {
	f := shown(t, shopTrace(t, 0))
	texts := []string{}
	for range measures {
		texts = append(texts, f.about(f.matching, f.sides())[0])
		viewstest.Do(f, views.SortNext)
	}
	want := []string{"1.00 s · 38 spans", "1.30 s · 38 spans", "1.00 s · 38 spans", "38 spans"}
	if !slices.Equal(texts, want) || f.by != byTotal {
		t.Errorf("got %q, want %q", texts, want)
	}
	viewstest.Do(f, views.SortNext, views.SortNext, views.SortNext)
	viewstest.Do(f, views.Top, views.Down)
	if got := at(f); got != "cart GetCart" {
		t.Errorf("by spans the widest child is %s", got)
	}
	viewstest.Do(f, views.SortFlip, views.SortNext, views.Top, views.Down)
	if got := at(f); got != "cart GetCart" || !f.starts {
		t.Errorf("in the order of start the first child is %s", got)
	}
}

func TestFlameOfTwoSides(t *testing.T) {
	good, bad := shopTrace(t, 0), shopTrace(t, 800_000)
	f := shown(t, good, bad)
	if got := f.about(f.matching, f.sides())[0]; got != "critical path +800 ms against the baseline" {
		t.Errorf("in all %s", got)
	}
	grown, sum := map[string]int64{}, int64(0)
	for n, delta := range f.graph.by[byCritical].delta {
		grown[f.text(int32(n))] = int64(delta / 1e3)
		sum += int64(delta / 1e3)
	}
	// Nobody waits any more for the audit, which runs beside the retry; the mailer is not called.
	if grown["bank Retry"] != 800_000 || grown["mailer send"] != -15_000 || grown["audit write c"] != -900 || grown["payment POST /charge"] != 0 || sum != 800_000 {
		t.Errorf("grown by %d: %v", sum, grown)
	}
	viewstest.Do(f, views.SortNext)
	if got := f.about(f.matching, f.sides())[0]; got != "spans ±0 against the baseline" {
		t.Errorf("in all %s", got)
	}
	f.of[0].Name, f.of[1].Name = "/srv/exports/2026-03-02/before.jsonl.gz", "/srv/exports/2026-03-02/after.jsonl.gz"
	if text := viewstest.Plain(f, viewstest.Env(t), 80, 30); !strings.Contains(text, " before.jsonl.gz ") || !strings.Contains(text, " after.jsonl.gz ") {
		t.Errorf("the sides cannot be told apart:\n%s", text)
	}
	if w := f.graph.by[byCount]; changeLevel(w.delta[f.graph.base], w.most) != 0 {
		t.Error("a frame that is called as often as before has a colour")
	}
}

// TestFlameGoesFromRankToRank walks over the operations below the frames.
func TestFlameGoesFromRankToRank(t *testing.T) {
	f := shown(t, shopTrace(t, 0))
	steps := []struct {
		c    views.Command
		want string
	}{
		{views.NextWorse, "payment POST /charge"},
		{views.NextWorse, "ledger Book"},
		{views.NextWorse, "bank Authorize card"},
		{views.PrevWorse, "ledger Book"},
		{views.Right, "bank Authorize card"},
		{views.NextWorse, "payment POST /charge"}, // from a frame that was gone to by other keys
		{views.PrevWorse, "payment POST /charge"},
	}
	for n, step := range steps {
		viewstest.Do(f, step.c)
		if got := at(f); got != step.want {
			t.Fatalf("step %d, %s, is at %s, want %s", n, step.c, got, step.want)
		}
	}
	viewstest.Do(f, views.Enter, views.NextWorse) // the first of what is zoomed to fills the screen already
	if got := at(f); got != "ledger Book" || len(f.zooms) != 1 {
		t.Errorf("below the payment the next is %s", got)
	}
}

// TestFlameRanks checks which operations are listed below the frames, also of what is zoomed to, and that a click on one goes
// to its widest frame.
func TestFlameRanks(t *testing.T) {
	f := shown(t, shopTrace(t, 0))
	ranked := func() string {
		viewstest.Frame(f, viewstest.Env(t), 120, 40)
		var list []string
		for _, r := range f.ranks.list[:4] {
			list = append(list, f.graph.names[r.key].operation+" "+rankBy(f.by).format(r.amount))
		}
		return strings.Join(list, ", ")
	}
	if got := ranked(); got != "POST /charge 350 ms, Book 350 ms, Authorize card 300 ms, GET 160 ms" || f.ranks.title() != "SELF TIME BY OPERATION · % of 1.30 s self time" {
		t.Errorf("%s: %s", f.ranks.title(), got)
	}
	self := f.ranks.all
	near(t, "self time of all operations", f.ranks.all, f.graph.by[bySelf].width[0])
	f.Mouse(views.Mouse{X: 30, Y: f.drawn.ranks + 2})
	if at(f) != "bank Authorize card" {
		t.Errorf("a click on the third goes to %s", at(f))
	}
	viewstest.Do(f, views.SortNext, views.SortNext, views.SortNext)
	if got := ranked(); !strings.HasPrefix(got, "GET 20, ") {
		t.Errorf("%s: %s", f.ranks.title(), got)
	}
	viewstest.Do(f, views.SortNext, views.Top, views.Down, views.Enter)
	viewstest.Frame(f, viewstest.Env(t), 120, 40)
	if len(f.ranks.list) != 3 || f.ranks.all != self || f.ranks.title() != "SELF TIME BY OPERATION, IN THIS FRAME · % of 1.30 s self time" {
		t.Errorf("%s: %d operations below the payment, want 3, of %v, want %v", f.ranks.title(), len(f.ranks.list), f.ranks.all, self)
	}
	f = shown(t, shopTrace(t, 800_000), shopTrace(t, 0))
	if got := ranked(); !strings.HasPrefix(got, "Retry -800 ms, ") || f.ranks.title() != "LARGEST CHANGES BY CRITICAL PATH" {
		t.Errorf("%s: %s", f.ranks.title(), got)
	}
}

// TestRanksAgreeWithStatistics compares the operations below the frames with the groups of statistics: times and shares.
func TestRanksAgreeWithStatistics(t *testing.T) {
	set := viewstest.OpenDemo(t, "shared-dependency.jsonl.gz")
	var parts []facts.Portion
	for _, f := range factstest.Of(set) {
		parts = append(parts, facts.Portion{Facts: f})
	}
	f := New()
	answer(t, f.Show([]views.Scope{{Set: set, Traces: set.Len()}}), slices.Values(parts))
	stats, critical, self := map[string]facts.Stat{}, int64(0), int64(0)
	for _, s := range facts.Stats(slices.Values(parts), facts.ByOperation()) {
		stats[s.Key] = s
		critical += s.Critical
		self += s.Self
	}
	for by, want := range map[measure]func(facts.Stat) (part, whole int64){
		byCritical: func(s facts.Stat) (int64, int64) { return s.Critical, critical },
		bySelf:     func(s facts.Stat) (int64, int64) { return s.Self, self },
	} {
		f.by = by
		viewstest.Frame(f, viewstest.Env(t), 120, 40)
		if len(f.ranks.list) < 4 {
			t.Fatalf("%d operations", len(f.ranks.list))
		}
		for _, r := range f.ranks.list {
			name := f.graph.names[r.key]
			part, whole := want(stats[name.service+" "+name.operation])
			if int64(r.amount) != part || percent(r.amount, f.ranks.all) != draw.Percent(part, whole) {
				t.Errorf("%s, %s: %v, %s; statistics have %d, %s", measureNames[by], name, r.amount, percent(r.amount, f.ranks.all), part, draw.Percent(part, whole))
			}
		}
	}
}

func TestFlameDropsWhatNobodyWaitsFor(t *testing.T) {
	tr, other := shopTrace(t, 0), viewstest.CheckoutTrace(t)
	f := New()
	late := f.Show([]views.Scope{scopeOf(other)})
	ask := f.Show([]views.Scope{scopeOf(tr)})
	answer(t, late, portions(other))
	if f.graph != nil || viewstest.Why(f, views.Down) == "" {
		t.Error("the graph of something else is shown")
	}
	ask.(views.Measure).Counted(1)
	answer(t, ask, portions(tr))
	if f.graph == nil || f.Show([]views.Scope{scopeOf(tr)}) != nil {
		t.Error("what is there is asked for again")
	}
}

func TestFlameOfMatchingSpans(t *testing.T) {
	set := tracetest.Set(t, `
gateway "GET /cart" 0ms +100ms kind=server
  cart "load" 10ms +50ms
`)
	of := views.Scope{Set: set, Traces: 1, Query: "service=cart"}
	some := func(spans []int32) iter.Seq[facts.Portion] {
		return slices.Values([]facts.Portion{{Facts: factstest.Of(set)[0], Spans: spans}})
	}
	f := New()
	answer(t, f.Show([]views.Scope{of}), some(nil))
	if ask := viewstest.Act(f, views.HideOthers); !ask.(views.Measure).Of[0].Matching {
		t.Fatalf("only matches: %#v", ask)
	} else {
		answer(t, ask, some([]int32{1}))
	}
	if got := f.about(f.matching, f.sides())[0]; got != "50 ms · 1 matching span" {
		t.Errorf("in all %s", got)
	}
	if f.Show([]views.Scope{of}) != nil {
		t.Error("that only matches count was forgotten")
	}
	if of.Query = "service=x"; f.Show([]views.Scope{of}).(views.Measure).Of[0].Matching {
		t.Error("only matches of another query count unasked")
	}
}

func TestFlameWhyNot(t *testing.T) {
	f, tr := New(), shopTrace(t, 0)
	for want, of := range map[string][]views.Scope{
		"":                    {scopeOf(tr)},
		"no trace is open":    {{}},
		"there are no traces": {{Set: tr.Set()}},
	} {
		if got := f.WhyNot(of); got != want {
			t.Errorf("why not %v: %q, want %q", of, got, want)
		}
	}
	if f.Show(nil) != nil || f.WhyNot(nil) == "" {
		t.Error("no scope is asked for")
	}
}

func TestFlameMouse(t *testing.T) {
	f := shown(t, shopTrace(t, 0))
	grid := viewstest.Frame(f, viewstest.Env(t), 120, 40)
	lines := strings.Split(grid.Plain(), "\n")
	find := func(text string) (x, y int) {
		for y, line := range lines {
			if before, _, ok := strings.Cut(line, text); ok {
				return draw.Width(before), y
			}
		}
		t.Fatalf("%s is not on the screen:\n%s", text, grid.Plain())
		return 0, 0
	}
	x, y := find("GetCart")
	f.Mouse(views.Mouse{X: x, Y: y})
	if got := at(f); got != "cart GetCart" {
		t.Errorf("a click selects %s", got)
	}
	f.Mouse(views.Mouse{X: x, Y: y + 1, Double: true})
	if f.zoom() != f.at || at(f) != "cart GetCart" {
		t.Errorf("a double click zooms to %d", f.zoom())
	}
	x, y = find("self time")
	f.Mouse(views.Mouse{X: x + 2, Y: y})
	if f.by != bySelf {
		t.Errorf("a click on a measure chooses %d", f.by)
	}
	viewstest.Frame(f, viewstest.Env(t), 120, 40)
	f.Mouse(views.Mouse{X: 5, Y: f.drawn.pathY})
	if len(f.zooms) != 0 {
		t.Error("a click on what is above does not zoom out")
	}
}

// TestSharesOfCallsThatOutliveTheRoot: what is not waited for is no part of the root's time, but of the trace's; the root says why
// its frame is wider than it took, and no share of calls at once is made up.
func TestSharesOfCallsThatOutliveTheRoot(t *testing.T) {
	set := tracetest.Set(t, `
trace 1
shop "run" 0ms +2ms
  shop "later" 10ms +20ms
  shop "last" 60ms +40ms
trace 2
shop "all" 0ms +10ms
  shop "at once" 1ms +8ms
  shop "at once" 1ms +8ms
`)
	env := viewstest.Env(t)
	f := shown(t, set.Trace(0))
	screen := viewstest.Plain(f, env, 120, 40)
	for _, want := range []string{"100 ms · 3 spans", "2 ms  2 %  async calls 60 ms", "40 ms  40 %", "20 ms  20 %", "total 2 ms · async calls 60 ms", "2 % of 100 ms"} {
		if !strings.Contains(screen, want) {
			t.Errorf("%q is not in\n%s", want, screen)
		}
	}
	viewstest.Do(f, views.Search)
	viewstest.TypeText(f, "la")
	if screen := viewstest.Plain(f, env, 120, 40); !strings.Contains(screen, "2 frames, 60 % of 100 ms") {
		t.Errorf("the share of the search is\n%s", screen)
	}
	f = shown(t, set.Trace(1))
	viewstest.Do(f, views.Down)
	screen = viewstest.Plain(f, env, 120, 40)
	if !strings.Contains(screen, "more than total time") || !strings.Contains(screen, "16 ms") || strings.Count(screen, "100 %") != 1 {
		t.Errorf("16 ms of 10 ms are shown as\n%s", screen)
	}
}
