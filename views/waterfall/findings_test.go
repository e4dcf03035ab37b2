package waterfall

import (
	"strings"
	"testing"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/rule"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/timeline"
	"tracefall/views/viewstest"
)

// foundWaterfall shows checkoutTrace with facts and findings.
func foundWaterfall(t testing.TB) *Waterfall {
	t.Helper()
	tr := viewstest.CheckoutTrace(t)
	w := openWaterfall(t, tr)
	w.SetFacts(viewstest.FactsOf(tr))
	w.SetClocks(clocks.New(tr.Set()))
	w.SetFindings(viewstest.CheckoutFindings(tr))
	return w
}

// TestTheNextFindingIsClicked clicks on the hint of the key that goes to the next finding, and beside it.
func TestTheNextFindingIsClicked(t *testing.T) {
	for _, width := range []int{80, 120} {
		w := foundWaterfall(t)
		line, _, _ := strings.Cut(bodyGrid(w, keyed(t), width, 30).Plain(), "\n")
		before, _, shown := strings.Cut(line, "f next")
		if !shown {
			t.Fatalf("no key of the next finding: %s", line)
		}
		at := draw.Width(before)
		if a, ok := w.Mouse(views.Mouse{X: at - 1}).(views.OpenFindings); !ok {
			t.Errorf("a click on the finding gave %v, want the tab of findings", a)
		}
		for _, x := range []int{at, at + len("f next") - 1} {
			if a := w.Mouse(views.Mouse{X: x}); a != nil {
				t.Errorf("at %d cells a click on cell %d gave %v", width, x, a)
			}
		}
		if w.finds.at != 1 { // the first click goes to the one that is named already
			t.Errorf("at %d cells two clicks lead to finding %d, want the second", width, w.finds.at)
		}
	}
}

func TestFindingsAreWalked(t *testing.T) {
	w := foundWaterfall(t)
	posts := viewstest.Called(w.Trace(), "getUserPosts")[0]
	viewstest.Do(w, views.FoldAll, views.Bottom)
	if a := viewstest.Act(w, views.NextFinding); a != nil {
		t.Errorf("the first finding gave %v", a)
	}
	wantSelected(t, w, 0)
	wantRow(t, w, viewstest.Called(w.Trace(), "POST /charge")[3])
	for _, i := range viewstest.Called(w.Trace(), "POST /charge") {
		if w.rows.focus.of[i] >= 0 {
			t.Error("failed attempts are grouped")
		}
	}
	viewstest.Do(w, views.NextFinding)
	wantSelected(t, w, viewstest.Called(w.Trace(), "Authorize card with the acquiring bank")[0])
	viewstest.Do(w, views.NextFinding)
	wantSelected(t, w, posts)
	viewstest.Do(w, views.Down)
	if r, _ := w.row(); r.kind != groupRow || w.rows.runs().starting(int(r.span)).n != 50 {
		t.Errorf("under the N+1 is %+v, want a group of 50", r)
	}
	if a, ok := viewstest.Act(w, views.NextFinding).(views.Say); !ok || !strings.Contains(a.Text, "first") {
		t.Errorf("walking on from the last finding gave %v", a)
	}
	wantSelected(t, w, 0)
	if len(w.rows.list) > 20 {
		t.Error("the runs of a finding are apart after leaving it")
	}
	viewstest.Do(w, views.PrevFinding)
	wantSelected(t, w, posts)
	w.SetFindings(nil)
	if got := viewstest.Why(w, views.NextFinding); got == "" {
		t.Error("findings can be walked though there are none")
	}
	viewstest.Do(w, views.OpenAll)
	if len(w.rows.list) != w.Trace().Len() {
		t.Errorf("%d rows are left without findings, want %d", len(w.rows.list), w.Trace().Len())
	}
}

// wantRow checks that a span has a row of its own.
func wantRow(t *testing.T, w *Waterfall, span int) {
	t.Helper()
	if r := w.rows.list[w.rows.find(span, spanRow)]; r.kind != spanRow || int(r.span) != span {
		t.Errorf("span %d has no row of its own", span)
	}
}

func TestHatchIsWhatIsAvoidable(t *testing.T) {
	w := foundWaterfall(t)
	charges := viewstest.Called(w.Trace(), "POST /charge")
	var sum int64
	for k, i := range charges {
		from, to, ok := w.finds.avoidable(i)
		sum += to - from
		if ok != (k < 4) && to-from > 100_000_000 {
			t.Errorf("attempt %d is hatched: %v, %d ms", k+1, ok, (to-from)/1_000_000)
		}
	}
	// 4 attempts of 880 ms, and the 20 ms before each of the next: 3.6 s.
	if want := int64(4 * 880_000_000); sum != want {
		t.Errorf("%d ns are hatched, want %d", sum, want)
	}
}

// Retries that wait: two attempts of 100 ms, 400 ms apart.
func TestWaitsBetweenAttemptsAreAvoidable(t *testing.T) {
	m := viewstest.NewMaker()
	root := m.Span(0, "a", "root", 0, 1_000_000)
	for i := range int64(2) {
		m.Span(root, "b", "call", 100_000+i*500_000, 100_000, viewstest.Failed("no"))
	}
	tr := m.Trace(t)
	w := openWaterfall(t, tr)
	w.SetFacts(viewstest.FactsOf(tr))
	f := &rule.Finding{Title: "retries", Trace: tr, Evidence: viewstest.Evidence(tr, rule.RoleOffender, 1, 2)}
	f.Numbers.Avoidable = 500_000_000
	w.SetFindings([]*rule.Finding{f})
	start := tr.Start()
	if want := (timeline.Window{From: start + 200_000_000, To: start + 600_000_000}); len(w.finds.waits) != 1 || w.finds.waits[0] != want {
		t.Errorf("the waits are %v, want %v", w.finds.waits, want)
	}
	if len(w.finds.hatch) != 1 || w.finds.hatch[0].span != 1 {
		t.Errorf("hatched is %v, want the first attempt", w.finds.hatch)
	}
	if text := viewstest.Plain(w, viewstest.Env(t), 120, 20); strings.Contains(text, "╱") {
		t.Errorf("avoidable time is drawn before the finding was gone to:\n%s", text)
	}
	viewstest.Do(w, views.NextFinding)
	lines := bodyLines(w, viewstest.Env(t), 120, 20)[w.drawn.bodyY():]
	for row, want := range []int{20, 5, 0} { // the wait between the attempts at their parent, and the first attempt
		if got := strings.Count(lines[row], "╱"); got < want-1 || got > want+1 {
			t.Errorf("row %d has %d cells of avoidable time, want about %d: %s", row, got, want, lines[row])
		}
	}
	// An N+1 of the same calls has no waits: what the parent does between is its own.
	f.Numbers.Avoidable = 100_000_000
	w.SetFindings([]*rule.Finding{f})
	if w.finds.waits != nil || len(w.finds.hatch) != 1 {
		t.Errorf("waits %v, hatched %v", w.finds.waits, w.finds.hatch)
	}
}

func TestOffendersBeneathEachOtherAreNoSeries(t *testing.T) {
	tr := familyTrace(t)
	w := openWaterfall(t, tr)
	w.SetFindings([]*rule.Finding{{Title: "x", Trace: tr, Evidence: viewstest.Evidence(tr, rule.RoleOffender, 1, 2, 4)}})
	if n, of := w.finds.ordinal(2); n != 0 || of != 0 {
		t.Errorf("a span beneath an offender is %d of %d", n, of)
	}
	w.SetFindings([]*rule.Finding{{Title: "x", Trace: tr, Evidence: viewstest.Evidence(tr, rule.RoleOffender, 4, 1)}})
	if n, of := w.finds.ordinal(1); n != 0 || of != 0 {
		t.Errorf("a span beneath an offender is %d of %d", n, of)
	}
	w.SetFindings([]*rule.Finding{{Title: "x", Trace: tr, Evidence: viewstest.Evidence(tr, rule.RoleOffender, 7, 6, 8)}})
	if n, of := w.finds.ordinal(7); n != 2 || of != 3 {
		t.Errorf("the second of three is %d of %d", n, of)
	}
}

func TestRootCauseGoesToTheCause(t *testing.T) {
	w := foundWaterfall(t)
	bank := viewstest.Called(w.Trace(), "Authorize card with the acquiring bank")
	viewstest.Do(w, views.Bottom, views.RootCause)
	wantSelected(t, w, bank[0])
	if w.finds.current().Detector != "error-origin" {
		t.Errorf("the banner shows %s", w.finds.current().Detector)
	}
	if a, ok := viewstest.Act(w, views.RootCause).(views.Say); !ok || a.Text == "" {
		t.Error("nothing is said where the cursor is there already")
	}
	// Without a detector's word: the first error to end of those with errors all the way up.
	w.SetFindings(nil)
	viewstest.Do(w, views.Bottom, views.RootCause)
	wantSelected(t, w, bank[0])

	m := viewstest.NewMaker()
	root := m.Span(0, "a", "root", 0, 1000, viewstest.Failed("x"))
	ok := m.Span(root, "a", "handled", 10, 500)
	m.Span(ok, "a", "swallowed", 20, 10, viewstest.Failed("early"))
	m.Span(root, "a", "fatal", 600, 100, viewstest.Failed("late"))
	w = openWaterfall(t, m.Trace(t))
	viewstest.Do(w, views.RootCause)
	wantSelected(t, w, 3)
}

func TestEvidenceOfOtherTracesIsLeftOut(t *testing.T) {
	tr, other := viewstest.CheckoutTrace(t), viewstest.BigTrace(t)
	w := openWaterfall(t, tr)
	w.SetFindings([]*rule.Finding{{
		Title: "bad instance", File: true, Trace: other, Anchor: 900,
		Evidence: append(viewstest.Evidence(other, rule.RoleOffender, 1000), viewstest.Evidence(tr, rule.RoleOffender, 5)...),
	}})
	viewstest.Do(w, views.NextFinding)
	wantSelected(t, w, 5)
	viewstest.CheckSize(t, viewstest.Frame(w, viewstest.Env(t), 100, 30))
}

func TestFindingStaysInTheBannerAcrossReports(t *testing.T) {
	w := foundWaterfall(t)
	viewstest.Do(w, views.NextFinding, views.NextFinding, views.NextFinding)
	again := viewstest.CheckoutFindings(w.Trace())
	again[0], again[2] = again[2], again[0]
	w.SetFindings(again)
	if got := w.finds.current().Detector; got != "n-plus-one" {
		t.Errorf("the banner shows %s", got)
	}
	if !w.ShowFinding(again[1], -1) || w.finds.current() != again[1] {
		t.Error("a finding that was given cannot be shown")
	}
	if w.ShowFinding(&rule.Finding{}, -1) {
		t.Error("a finding that was not given is shown")
	}
}

func TestFoldedRowsTellOfFindingsBeneath(t *testing.T) {
	w := foundWaterfall(t)
	viewstest.Do(w, views.FoldAll, views.Top, views.Fold)
	text := viewstest.Plain(w, viewstest.Env(t), 120, 20)
	if !strings.Contains(text, "+1△") {
		t.Errorf("the folded root does not count the findings beneath it:\n%s", text)
	}
}

func TestPrintHasTheFindings(t *testing.T) {
	w := foundWaterfall(t)
	viewstest.Do(w, views.NextFinding, views.Gaps, views.CriticalPath)
	var text strings.Builder
	err := w.Print(120, viewstest.Env(t), func(g *draw.Grid) error {
		viewstest.CheckSize(t, g)
		text.WriteString(g.Plain() + "\n")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"▲ retry storm ×5 · payment POST /charge · 3.60 s avoidable", " •  ▾ payment POST /charge", "╱╱╱╱", "━━━━"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is missing in\n%s", want, text.String())
		}
	}
}

func TestWaterfallFindingFrames(t *testing.T) {
	for _, test := range []struct {
		name string
		open func() *Waterfall
	}{
		{"findings", func() *Waterfall { return foundWaterfall(t) }},
		{"finding-run", func() *Waterfall {
			w := foundWaterfall(t)
			viewstest.Do(w, views.NextFinding, views.NextFinding, views.NextFinding, views.NextFinding, views.PrevFinding)
			return w
		}},
		{"finding-folded", func() *Waterfall {
			w := foundWaterfall(t)
			viewstest.Do(w, views.NextFinding, views.FoldAll)
			return w
		}},
		{"path", func() *Waterfall {
			w := foundWaterfall(t)
			viewstest.Do(w, views.CriticalPath)
			return w
		}},
		{"path-only", func() *Waterfall {
			w := foundWaterfall(t)
			w.SetFindings(nil)
			viewstest.Do(w, views.CriticalPath, views.CriticalPath)
			return w
		}},
		{"clocks", func() *Waterfall {
			w := skewedWaterfall(t)
			viewstest.Do(w, views.ClockOffsets)
			return w
		}},
		{"gaps", func() *Waterfall {
			w := openWaterfall(t, gapsTrace(t))
			viewstest.Do(w, views.Gaps, views.Down, views.Down)
			return w
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := test.open()
			viewstest.CheckFrames(t, "waterfall-"+test.name, w, viewstest.EnvOf(t, views.Scope{Set: w.Trace().Set()}))
		})
	}
}

func TestWaterfallFindingsInASCII(t *testing.T) {
	w := foundWaterfall(t)
	viewstest.Do(w, views.NextFinding)
	viewstest.CheckASCII(t, "waterfall-findings-ascii", 100, 30, w)
}
