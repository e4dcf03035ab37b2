package views

import (
	"strings"
	"testing"

	"tracefall/diagnose"
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// factsOf derives the facts of a trace.
func factsOf(tr *trace.Trace) *facts.Facts { return facts.New(tr, facts.NewOps(tr.Set())) }

// called returns the spans of a name, in order.
func called(tr *trace.Trace, name string) []int {
	var list []int
	for i := range tr.Len() {
		if tr.Span(i).Name() == name {
			list = append(list, i)
		}
	}
	return list
}

// evidence makes evidence of spans.
func evidence(tr *trace.Trace, role diagnose.Role, spans ...int) []diagnose.Evidence {
	var list []diagnose.Evidence
	for _, i := range spans {
		list = append(list, diagnose.Evidence{Role: role, Trace: tr, Span: i})
	}
	return list
}

// checkoutFindings is what detectors may say of checkoutTrace.
func checkoutFindings(tr *trace.Trace) []*diagnose.Finding {
	charges, likes, bank := called(tr, "POST /charge"), called(tr, "SELECT likes WHERE post_id=?"), called(tr, "Authorize card with the acquiring bank")
	posts := called(tr, "getUserPosts")[0]
	second := int64(1_000_000_000)
	return []*diagnose.Finding{
		{
			Detector: "retry-storm", Title: "retry storm ×5", Fingerprint: "1", Severity: diagnose.Critical, Confidence: 0.94,
			Message: "5 calls to payment POST /charge in one request; 4 failed with 503, gaps 20 ms (no backoff).",
			Trace:   tr, Anchor: 0, Service: "payment",
			Evidence: append(evidence(tr, diagnose.RoleParent, 0), evidence(tr, diagnose.RoleOffender, charges...)...),
			Numbers:  diagnose.Numbers{Count: 5, Critical: 44 * second / 10, Avoidable: 36 * second / 10, CriticalShare: 4.4 / 5.02, Union: 44 * second / 10, Sum: 44 * second / 10},
			Checks:   []diagnose.Check{{Name: "attempts are marked", Passed: true}, {Name: "all but the last failed", Passed: true}, {Name: "parameters recorded", Passed: false}},
			Remedies: []string{"fewer attempts", "backoff with jitter", "a retry budget"},
			Limits:   []string{"whether the server acted on attempt 2 is not visible"},
			Also:     []string{"n-plus-one"},
		},
		{
			Detector: "error-origin", Relations: diagnose.Relations{Origin: true}, Title: "error origin", Fingerprint: "2", Severity: diagnose.High, Confidence: 0.9,
			Message: "The error of the root began in bank-adapter: 503 Service Unavailable; it went through payment to api-gateway.",
			Trace:   tr, Anchor: bank[0], Service: "bank-adapter",
			Evidence: append(evidence(tr, diagnose.RoleCause, bank[0]), evidence(tr, diagnose.RoleParent, charges[0], 0)...),
		},
		{
			Detector: "n-plus-one", Title: "N+1 ×50", Fingerprint: "3", Severity: diagnose.Low, Confidence: 0.8,
			Message: "50 × SELECT likes WHERE post_id = ? ran one after another under getUserPosts: 250 ms, 5 % of the critical path; parameters not recorded.",
			Trace:   tr, Anchor: posts, Service: "posts-db",
			Evidence: append(evidence(tr, diagnose.RoleParent, posts), evidence(tr, diagnose.RoleOffender, likes...)...),
			Numbers:  diagnose.Numbers{Count: 50, Critical: second / 4, Avoidable: 245 * second / 1000, CriticalShare: 0.05, Union: second / 4, Sum: second / 4},
		},
	}
}

// foundWaterfall shows checkoutTrace with facts and findings.
func foundWaterfall(t testing.TB) *Waterfall {
	t.Helper()
	tr := checkoutTrace(t)
	w := openWaterfall(t, tr)
	w.SetFacts(factsOf(tr))
	w.SetClocks(facts.NewClocks(tr.Set()))
	w.SetFindings(checkoutFindings(tr))
	return w
}

func TestFindingsAreWalked(t *testing.T) {
	w := foundWaterfall(t)
	posts := called(w.Trace(), "getUserPosts")[0]
	do(w, FoldAll, Bottom)
	if a := w.Do(NextFinding); a != nil {
		t.Errorf("the first finding gave %v", a)
	}
	wantSelected(t, w, 0)
	wantRow(t, w, called(w.Trace(), "POST /charge")[3])
	if w.st.focus != nil {
		t.Error("failed attempts are grouped")
	}
	do(w, NextFinding)
	wantSelected(t, w, called(w.Trace(), "Authorize card with the acquiring bank")[0])
	do(w, NextFinding)
	wantSelected(t, w, posts)
	do(w, Down)
	if r, _ := w.row(); r.kind != groupRow || w.st.runs().starting(int(r.span)).n != 50 {
		t.Errorf("under the N+1 is %+v, want a group of 50", r)
	}
	if a, ok := w.Do(NextFinding).(Say); !ok || !strings.Contains(a.Text, "first") {
		t.Errorf("walking on from the last finding gave %v", a)
	}
	wantSelected(t, w, 0)
	if len(w.st.rows) < 60 {
		t.Error("the runs of a finding stay grouped after leaving it")
	}
	do(w, PrevFinding)
	wantSelected(t, w, posts)
	w.SetFindings(nil)
	if got := w.Can(NextFinding); got == "" {
		t.Error("findings can be walked though there are none")
	}
	do(w, OpenAll)
	if len(w.st.rows) != w.Trace().Len() {
		t.Errorf("%d rows are left without findings, want %d", len(w.st.rows), w.Trace().Len())
	}
}

// wantRow checks that a span has a row of its own.
func wantRow(t *testing.T, w *Waterfall, span int) {
	t.Helper()
	if r := w.st.rows[w.st.find(span, spanRow)]; r.kind != spanRow || int(r.span) != span {
		t.Errorf("span %d has no row of its own", span)
	}
}

func TestHatchIsWhatIsAvoidable(t *testing.T) {
	w := foundWaterfall(t)
	charges := called(w.Trace(), "POST /charge")
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
func TestWaitsBetweenAttemptsAreHollow(t *testing.T) {
	m := newTraceMaker()
	root := m.span(0, "a", "root", 0, 1_000_000)
	for i := range int64(2) {
		m.span(root, "b", "call", 100_000+i*500_000, 100_000, failed("no"))
	}
	tr := m.trace(t)
	w := openWaterfall(t, tr)
	w.SetFacts(factsOf(tr))
	f := &diagnose.Finding{Title: "retries", Trace: tr, Evidence: evidence(tr, diagnose.RoleOffender, 1, 2)}
	f.Numbers.Avoidable = 500_000_000
	w.SetFindings([]*diagnose.Finding{f})
	start := tr.Start()
	if want := (timeWindow{start + 200_000_000, start + 600_000_000}); len(w.finds.waits) != 1 || w.finds.waits[0] != want {
		t.Errorf("the waits are %v, want %v", w.finds.waits, want)
	}
	if len(w.finds.hatch) != 1 || w.finds.hatch[0].span != 1 {
		t.Errorf("hatched is %v, want the first attempt", w.finds.hatch)
	}
	if text := plain(w, testEnv(t), 120, 20); !strings.Contains(text, "░░░░") || !strings.Contains(text, "╱╱╱") {
		t.Errorf("wait and avoidable attempt are not drawn:\n%s", text)
	}
	// An N+1 of the same calls has no waits: what the parent does between is its own.
	f.Numbers.Avoidable = 100_000_000
	w.SetFindings([]*diagnose.Finding{f})
	if w.finds.waits != nil || len(w.finds.hatch) != 1 {
		t.Errorf("waits %v, hatched %v", w.finds.waits, w.finds.hatch)
	}
}

func TestOffendersBeneathEachOtherAreNoSeries(t *testing.T) {
	tr := familyTrace(t)
	w := openWaterfall(t, tr)
	w.SetFindings([]*diagnose.Finding{{Title: "x", Trace: tr, Evidence: evidence(tr, diagnose.RoleOffender, 1, 2, 4)}})
	if n, of := w.ordinalOffender(2); n != 0 || of != 0 {
		t.Errorf("a span beneath an offender is %d of %d", n, of)
	}
	w.SetFindings([]*diagnose.Finding{{Title: "x", Trace: tr, Evidence: evidence(tr, diagnose.RoleOffender, 4, 1)}})
	if n, of := w.ordinalOffender(1); n != 0 || of != 0 {
		t.Errorf("a span beneath an offender is %d of %d", n, of)
	}
	w.SetFindings([]*diagnose.Finding{{Title: "x", Trace: tr, Evidence: evidence(tr, diagnose.RoleOffender, 7, 6, 8)}})
	if n, of := w.ordinalOffender(7); n != 2 || of != 3 {
		t.Errorf("the second of three is %d of %d", n, of)
	}
}

func TestRootCauseGoesToTheCause(t *testing.T) {
	w := foundWaterfall(t)
	bank := called(w.Trace(), "Authorize card with the acquiring bank")
	do(w, Bottom, RootCause)
	wantSelected(t, w, bank[0])
	if w.finding().Detector != "error-origin" {
		t.Errorf("the banner shows %s", w.finding().Detector)
	}
	if a, ok := w.Do(RootCause).(Say); !ok || a.Text == "" {
		t.Error("nothing is said where the cursor is there already")
	}
	// Without a detector's word: the first error to end of those with errors all the way up.
	w.SetFindings(nil)
	do(w, Bottom, RootCause)
	wantSelected(t, w, bank[0])

	m := newTraceMaker()
	root := m.span(0, "a", "root", 0, 1000, failed("x"))
	ok := m.span(root, "a", "handled", 10, 500)
	m.span(ok, "a", "swallowed", 20, 10, failed("early"))
	m.span(root, "a", "fatal", 600, 100, failed("late"))
	w = openWaterfall(t, m.trace(t))
	do(w, RootCause)
	wantSelected(t, w, 3)
}

func TestEvidenceOfOtherTracesIsLeftOut(t *testing.T) {
	tr, other := checkoutTrace(t), bigTrace(t)
	w := openWaterfall(t, tr)
	w.SetFindings([]*diagnose.Finding{{
		Title: "bad instance", File: true, Trace: other, Anchor: 900,
		Evidence: append(evidence(other, diagnose.RoleOffender, 1000), evidence(tr, diagnose.RoleOffender, 5)...),
	}})
	do(w, NextFinding)
	wantSelected(t, w, 5)
	checkSize(t, frame(w, testEnv(t), 100, 30))
}

func TestFindingStaysInTheBannerAcrossReports(t *testing.T) {
	w := foundWaterfall(t)
	do(w, NextFinding, NextFinding, NextFinding)
	again := checkoutFindings(w.Trace())
	again[0], again[2] = again[2], again[0]
	w.SetFindings(again)
	if got := w.finding().Detector; got != "n-plus-one" {
		t.Errorf("the banner shows %s", got)
	}
	if !w.ShowFinding(again[1], -1) || w.finding() != again[1] {
		t.Error("a finding that was given cannot be shown")
	}
	if w.ShowFinding(&diagnose.Finding{}, -1) {
		t.Error("a finding that was not given is shown")
	}
}

func TestFoldedRowsTellOfFindingsBeneath(t *testing.T) {
	w := foundWaterfall(t)
	do(w, FoldAll, Top, Fold)
	text := plain(w, testEnv(t), 120, 20)
	if !strings.Contains(text, "+1△") {
		t.Errorf("the folded root does not count the findings beneath it:\n%s", text)
	}
}

func TestPrintHasTheFindings(t *testing.T) {
	w := foundWaterfall(t)
	do(w, NextFinding, Gaps, CriticalPath)
	var text strings.Builder
	err := w.Print(120, testEnv(t), func(g *draw.Grid) error {
		checkSize(t, g)
		text.WriteString(g.Plain() + "\n")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"▲ 1/3 retry storm ×5", " •  ▾ payment POST /charge", "╱╱╱╱", "━━━━"} {
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
			do(w, NextFinding, NextFinding, NextFinding, NextFinding, PrevFinding)
			return w
		}},
		{"finding-folded", func() *Waterfall {
			w := foundWaterfall(t)
			do(w, NextFinding, FoldAll)
			return w
		}},
		{"path", func() *Waterfall {
			w := foundWaterfall(t)
			do(w, CriticalPath)
			return w
		}},
		{"path-only", func() *Waterfall {
			w := foundWaterfall(t)
			w.SetFindings(nil)
			do(w, CriticalPath, CriticalPath)
			return w
		}},
		{"clocks", func() *Waterfall {
			w := skewedWaterfall(t)
			do(w, ClockOffsets)
			return w
		}},
		{"gaps", func() *Waterfall {
			w := openWaterfall(t, gapsTrace(t))
			do(w, Gaps, Down, Down)
			return w
		}},
	} {
		t.Run(test.name, func(t *testing.T) { checkFrames(t, "waterfall-"+test.name, test.open(), testEnv(t)) })
	}
}
