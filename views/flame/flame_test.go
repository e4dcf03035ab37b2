package flame

import (
	"fmt"
	"iter"
	"math/rand/v2"
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
		t.Fatalf("the screen asked about %d scopes, want %d", len(ask.Of), len(of))
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
	if w := f.graph.by[byCount]; changeLevel(w.delta[f.graph.base], w.most) != 0 {
		t.Error("a frame that is called as often as before has a colour")
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
	if got := ranked(); got != "POST /charge 350 ms, Book 350 ms, Authorize card 300 ms, GET 160 ms" || f.ranks.title() != "MOST SELF TIME" {
		t.Errorf("%s: %s", f.ranks.title(), got)
	}
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
	if len(f.ranks.list) != 3 {
		t.Errorf("%d operations below the payment, want 3", len(f.ranks.list))
	}
	f = shown(t, shopTrace(t, 800_000), shopTrace(t, 0))
	if got := ranked(); !strings.HasPrefix(got, "Retry -800 ms, ") || f.ranks.title() != "LARGEST CHANGES BY CRITICAL PATH" {
		t.Errorf("%s: %s", f.ranks.title(), got)
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
		t.Error("nothing is asked about")
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

// TestFlameBoxes checks of random graphs, measures and widths that frames lie side by side within their parent's, and that
// each is found under the mouse where it was drawn.
func TestFlameBoxes(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 1))
	env := viewstest.Env(t)
	for range 150 {
		f := shown(t, randomTrace(t, rng))
		if rng.IntN(3) == 0 {
			f = shown(t, randomTrace(t, rng), randomTrace(t, rng))
		}
		f.by, f.starts = measure(rng.IntN(int(measures))), rng.IntN(2) == 0
		w := rng.IntN(100) + 1
		viewstest.Frame(f, env, w, 40)
		for n := 0; f.rows.row(n) != nil; n++ {
			checkRow(t, f, n)
			for _, b := range f.rows.row(n) {
				y := f.drawn.frames + (n-f.top)*f.drawn.height
				if n < f.top || y >= f.drawn.frames+f.drawn.lines {
					continue
				}
				x := b.x + rng.IntN(b.w)
				if f.Mouse(views.Mouse{X: x, Y: y}); f.at != b.node {
					t.Fatalf("a click at %d, %d selects %d, want %d of %+v", x, y, f.at, b.node, b)
				}
			}
		}
	}
}

func checkRow(t *testing.T, f *Flame, n int) {
	t.Helper()
	end := 0
	for _, b := range f.rows.row(n) {
		if b.w < 1 || b.x < end || b.x+b.w > f.rows.w {
			t.Fatalf("row %d has %+v, the frame before ends at %d", n, b, end)
		}
		end = b.x + b.w
		if n == 0 {
			continue
		}
		parent := b.node
		if b.rest == 0 {
			parent = f.graph.tree.Nodes[b.node].Parent
		}
		p := f.rows.row(n - 1)[f.rows.find(n-1, parent)]
		if b.x < p.x || b.x+b.w > p.x+p.w || b.at+b.width > (p.at+p.width)*(1+1e-12) {
			t.Fatalf("row %d has %+v, below %+v", n, b, p)
		}
	}
}

// TestFlameSums checks that the frames have of their own what the whole is wide, that no children are wider than their
// parent, and that the changes of all frames are the change of the whole.
func TestFlameSums(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 2))
	for range 100 {
		a, b := shown(t, randomTrace(t, rng)).graph, shown(t, randomTrace(t, rng))
		pair := newGraph([]iter.Seq[facts.Portion]{portions(randomTrace(t, rng), randomTrace(t, rng)), portions(randomTrace(t, rng))})
		for m := range measures {
			for _, g := range []*graph{a, b.graph, pair} {
				own := 0.0
				for n, w := range g.by[m].own {
					own += w
					kids := 0.0
					for _, k := range g.by[m].widest.Of(int32(n)) {
						kids += g.by[m].width[k]
					}
					if kids > g.by[m].width[n]*(1+1e-12) {
						t.Fatalf("%s: frame %d is %v wide, its children %v", measureNames[m], n, g.by[m].width[n], kids)
					}
				}
				near(t, measureNames[m]+" of all frames", own, g.by[m].width[0])
			}
			both := newGraph([]iter.Seq[facts.Portion]{portions(b.of[0].Trace), portions(b.of[0].Trace)})
			near(t, "a trace less itself", sum(both.by[m].delta), 0)
			difference := 0.0
			for n := range pair.tree.Nodes {
				difference += pair.mean(1, m.own(&pair.tree.Nodes[n].Sides[1])) - pair.mean(0, m.own(&pair.tree.Nodes[n].Sides[0]))
			}
			near(t, "changes by "+measureNames[m], sum(pair.by[m].delta), difference)
			if w := newWalk(pair, m, false, 100); m != byTotal { // durations of calls at once do not add up
				near(t, "change of the whole by "+measureNames[m], w.all(1)-w.all(0), difference)
			}
		}
	}
}

func sum(list []float64) float64 {
	all := 0.0
	for _, v := range list {
		all += v
	}
	return all
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if diff := got - want; diff > 1e-6*(1+want) && diff > 1 || diff < -1e-6*(1+want) && diff < -1 {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
}

// randomTrace has up to 60 spans whose children begin and end anywhere.
func randomTrace(t testing.TB, rng *rand.Rand) *trace.Trace {
	m := viewstest.NewMaker()
	ids := []uint64{m.Span(0, "s0", "root", 0, rng.Int64N(1000))}
	for range rng.IntN(60) {
		p := ids[rng.IntN(len(ids))]
		ids = append(ids, m.Span(p, fmt.Sprintf("s%d", rng.IntN(3)), fmt.Sprintf("op%c", 'a'+rune(rng.IntN(5))), rng.Int64N(1000), rng.Int64N(1000)))
	}
	return m.Trace(t)
}

func TestFlameDrawsAtAnySize(t *testing.T) {
	traces := []*trace.Trace{shopTrace(t, 0), viewstest.BrokenTrace(t), viewstest.HostileTrace(t), viewstest.DeepTrace(t, 300), viewstest.WideTrace(t, 500), viewstest.BigTrace(t)}
	viewstest.CheckAnything(t, viewstest.Env(t), 4, 1500, func() views.Screen { return shown(t, traces[0]) }, func(s views.Screen, rng *rand.Rand) {
		f := s.(*Flame)
		tr, other := traces[rng.IntN(len(traces))], traces[rng.IntN(len(traces))]
		switch rng.IntN(8) {
		case 0:
			f.Show(nil)
		case 1:
			f.Show([]views.Scope{scopeOf(tr)})
		case 2, 3:
			if a := f.Show([]views.Scope{scopeOf(tr), scopeOf(other)}); a != nil {
				answer(t, a, portions(tr), portions(other))
			}
		default:
			if a := f.Show([]views.Scope{scopeOf(tr)}); a != nil {
				answer(t, a, portions(tr))
			}
		}
	})
}

// TestFlameKeepsControlsOut checks that no byte of a name reaches the terminal as it is.
func TestFlameKeepsControlsOut(t *testing.T) {
	f := shown(t, viewstest.HostileTrace(t))
	for _, r := range viewstest.Plain(f, viewstest.Env(t), 120, 40) + f.line(f.sides()) {
		if r < 0x20 && r != '\n' || r == 0x202e {
			t.Fatalf("%q is drawn", r)
		}
	}
}
