package findings

import (
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/prompt"
	"tracefall/views/viewstest"
)

// testSpots is what detectors may not have seen.
var testSpots = []rule.BlindSpot{
	{Detector: "n-plus-one", Reason: "50 SQL calls carry no statement: whether their parameters differ is not known"},
	{Detector: "clock-skew", Reason: "no call crosses two hosts that are named"},
}

// ruledFindings is a panel whose rules do not change with the detectors.
func ruledFindings() *Findings {
	f := New()
	f.rule = func(detector string) string {
		return map[string]string{
			"retry-storm": "at least 3 failing calls in a row, less than 60 s apart",
			"n-plus-one":  "at least 5 calls of one operation with different parameters, which together took 50 ms or 5 % of the critical path",
		}[detector]
	}
	f.thresholds = func(string) []diagnose.Threshold {
		return []diagnose.Threshold{{Name: "calls", Value: "5", Source: "measured"}, {Name: "gap", Value: "60 s", Changed: true}}
	}
	return f
}

// foundPanel shows the findings of checkoutTrace.
func foundPanel(t testing.TB) *Findings {
	t.Helper()
	tr := viewstest.CheckoutTrace(t)
	f := ruledFindings()
	f.SetFindings(tr, viewstest.CheckoutFindings(tr), testSpots, 24)
	viewstest.Frame(f, viewstest.Env(t), 120, 40)
	return f
}

// manyFindings shows the findings of a file in which eight traces have the same N+1.
func manyFindings(t testing.TB) *Findings {
	t.Helper()
	set := viewstest.ListSet(t, 300, "incident.jsonl")
	var list []*rule.Finding
	for i := range 8 {
		tr := set.Trace(i * 3)
		list = append(list, &rule.Finding{
			Detector: "n-plus-one", Title: "N+1 ×12", Fingerprint: "same", Severity: rule.High, Confidence: 0.9,
			Message: "12 × SELECT ran one after another.", Trace: tr, Anchor: tr.First(), Service: tr.Root().Service(),
			Where: rule.Where(viewstest.FactsOf(tr), tr.First()), WhereService: tr.Root().Service(),
			Evidence: viewstest.Evidence(tr, rule.RoleOffender, tr.First()),
			Numbers:  rule.Numbers{Count: 12, Avoidable: int64(100-i) * 1_000_000, Critical: 120_000_000, CriticalShare: 0.4},
		})
	}
	bad := set.Trace(5)
	list = append(list, &rule.Finding{
		Detector: "bad-instance", Title: "one bad instance", Fingerprint: "file", Severity: rule.Critical, Confidence: 0.97, File: true,
		Message: "server-3 of cart served 20 % of the calls and 94 % of the errors.", Trace: bad, Anchor: bad.First(), Service: "cart",
		Evidence: slices.Concat(viewstest.Evidence(bad, rule.RoleOffender, bad.First()), viewstest.Evidence(set.Trace(9), rule.RoleOffender, 0), viewstest.Evidence(set.Trace(12), rule.RoleBaseline, 0)),
	})
	f := ruledFindings()
	f.SetFindings(nil, list, nil, 24)
	viewstest.Frame(f, viewstest.Env(t), 120, 40)
	return f
}

func TestFindingsPanelGoesToTheRows(t *testing.T) {
	f := foundPanel(t)
	tr := f.of
	viewstest.Do(f, views.Down, views.Down)
	if a, ok := viewstest.Act(f, views.Enter).(views.OpenTrace); !ok || a.Trace != tr || a.Span != f.list[2].Anchor || a.Finding != f.list[2] {
		t.Errorf("enter gave %+v", a)
	}
	// In the detail the line under the cursor is where it goes.
	viewstest.Do(f, views.Right)
	likes := viewstest.Called(tr, "SELECT likes WHERE post_id=?")
	onLine(t, f, "… 45 more spans")
	if a := viewstest.Act(f, views.Enter); a != nil {
		t.Errorf("enter on what is left out gave %+v, want all of it here", a)
	}
	viewstest.Frame(f, viewstest.Env(t), 120, 40)
	last := 0
	for n, l := range f.sheet.lines {
		if l.trace != nil {
			last = n
		}
	}
	f.sheet.Row = last
	if a, ok := viewstest.Act(f, views.Enter).(views.OpenTrace); !ok || a.Span != likes[49] {
		t.Errorf("enter on the last line of evidence gave %+v, want span %d", a, likes[49])
	}
	viewstest.Do(f, views.Back)
	if f.inSheet {
		t.Error("back stays in the detail")
	}
	viewstest.Do(f, views.Bottom)
	if f.Selected() != nil || viewstest.Why(f, views.Enter) == "" {
		t.Error("the footnote is something to go to")
	}
	if _, ok := viewstest.Act(f, views.Back).(views.Leave); !ok {
		t.Error("back does not leave the panel")
	}
}

func TestFindingsOtherPane(t *testing.T) {
	f := foundPanel(t)
	viewstest.Frame(f, viewstest.Env(t), 120, 40)
	viewstest.Do(f, views.Down, views.OtherPane, views.Down)
	if !f.inSheet || f.Row != 1 || f.sheet.Row != 1 {
		t.Errorf("in the detail %v, at finding %d, line %d", f.inSheet, f.Row, f.sheet.Row)
	}
	if viewstest.Do(f, views.OtherPane); f.inSheet {
		t.Error("the other pane of the detail is not the list")
	}
}

func TestFindingsSort(t *testing.T) {
	f := foundPanel(t)
	titles := func() string {
		var list []string
		for _, r := range f.rows {
			if r.same != nil {
				list = append(list, r.same[0].Detector)
			}
		}
		return strings.Join(list, " ")
	}
	f.list[2].Confidence = 0.99
	for _, want := range []string{
		"retry-storm error-origin n-plus-one", "retry-storm n-plus-one error-origin", "retry-storm error-origin n-plus-one",
		"n-plus-one retry-storm error-origin",
	} {
		if got := titles(); got != want {
			t.Errorf("%s: the order is %s, want %s", findingOrderNames[f.sort], got, want)
		}
		viewstest.Do(f, views.SortNext)
	}
	viewstest.Do(f, views.Bottom, views.Up, views.Up)
	at := f.Selected()
	viewstest.Do(f, views.SortFlip)
	if got := titles(); got != "n-plus-one error-origin retry-storm" || f.Selected() != at {
		t.Errorf("reversed the order is %s, the cursor on %v", got, f.Selected().Detector)
	}
	if last := f.rows[3]; last.same != nil || len(last.limited) != 2 {
		t.Errorf("the last row is %+v, want the footnote", last)
	}
}

func TestFindingsFilter(t *testing.T) {
	f := foundPanel(t)
	viewstest.Do(f, views.Search)
	viewstest.TypeText(f, "BANK origin")
	if len(f.rows) != 1 || f.Selected().Detector != "error-origin" {
		t.Errorf("%d rows are left", len(f.rows))
	}
	viewstest.TypeText(f, "x")
	if len(f.rows) != 0 || viewstest.Why(f, views.Enter) == "" {
		t.Errorf("%d rows contain nonsense", len(f.rows))
	}
	viewstest.CheckSize(t, viewstest.Frame(f, viewstest.Env(t), 120, 40))
	f.Type(viewstest.Press("esc"))
	if len(f.rows) != 4 || f.Typing() {
		t.Errorf("after esc there are %d rows, want 4", len(f.rows))
	}
	viewstest.Do(f, views.Search)
	viewstest.TypeText(f, "statement")
	f.Type(viewstest.Press("enter"))
	if len(f.rows) != 1 || f.rows[0].same != nil || len(f.rows[0].limited) != 1 {
		t.Error("what was not seen is not found by its words")
	}
	viewstest.Do(f, views.Back)
	if len(f.rows) != 4 {
		t.Errorf("back leaves %d rows, want 4", len(f.rows))
	}
}

// What compares something is a query: the program answers it with spans, and findings that rest on one stay.
func TestFindingsFilterByQuery(t *testing.T) {
	f := foundPanel(t)
	all := len(f.rows)
	viewstest.Do(f, views.Search)
	viewstest.TypeText(f, "service=bank-adapte")
	if len(f.rows) != all {
		t.Errorf("before there is an answer %d of %d rows are shown", len(f.rows), all)
	}
	if got := f.Type(viewstest.Press("r")); got != (views.Query{Text: "service=bank-adapter"}) {
		t.Fatalf("typing asked for %#v", got)
	}
	in := func(service string) func(*trace.Trace, int) bool {
		return func(tr *trace.Trace, span int) bool { return tr.Span(span).Service() == service }
	}
	f.SetMatches("service=bank", in("posts"))
	if len(f.rows) != all {
		t.Error("the answer to an older query is shown")
	}
	f.SetMatches("service=bank-adapter", in("bank-adapter"))
	for _, r := range f.rows {
		if r.same == nil || !f.matches(r.same[0]) {
			t.Errorf("%v does not rest on such a span", r)
		}
	}
	if n := len(f.rows); n == 0 || n >= all {
		t.Errorf("%d of %d rows are left", n, all)
	}
	left := len(f.rows)
	viewstest.TypeText(f, " dura")
	f.SetQueryError(f.search.Input.Text(), prompt.Error{Offset: 21, Length: 4, Message: "expected an operator"})
	if len(f.rows) != left {
		t.Errorf("a half-typed query leaves %d of %d rows", len(f.rows), left)
	}
	viewstest.WantText(t, viewstest.Frame(f, viewstest.Env(t), 120, 40), "expected an operator", viewstest.Env(t).Theme.Error)
	if got := f.Type(viewstest.Press("enter")); got != (views.Query{Text: "service=bank-adapter dura", Done: true}) {
		t.Errorf("enter asked for %#v", got)
	}
	f.SetQueryError(f.search.Input.Text(), prompt.Error{Offset: 21, Length: 4, Message: "expected an operator"})
	if !f.Typing() {
		t.Error("the field of a refused query is closed")
	}
	f.Type(viewstest.Press("enter"))
	f.SetMatches(f.search.Input.Text(), in("bank-adapter"))
	if f.Typing() {
		t.Error("the field of an answered query stays open")
	}
	viewstest.Do(f, views.Back)
	if len(f.rows) != all || f.wrong.Message != "" {
		t.Errorf("without a query %d of %d rows are shown", len(f.rows), all)
	}
}

func TestSameFindingsAreOneRow(t *testing.T) {
	f := manyFindings(t)
	if len(f.rows) != 2 || len(f.rows[0].same) != 8 {
		t.Fatalf("%d rows, the first of %d findings, want 2 and 8", len(f.rows), len(f.rows[0].same))
	}
	viewstest.Do(f, views.Right)
	viewstest.Frame(f, viewstest.Env(t), 160, 60)
	f.sheet.allTraces = true
	f.layAgain()
	f.sheet.Row = 0
	for n, l := range f.sheet.lines {
		if l.trace == f.list[7].Trace {
			f.sheet.Row = n
		}
	}
	if a, ok := viewstest.Act(f, views.Enter).(views.OpenTrace); !ok || a.Finding != f.list[7] || a.Trace != f.list[7].Trace {
		t.Errorf("enter on the last of the traces gave %+v", a)
	}
}

// sheetText is what the sheet says, without its lines.
func sheetText(f *Findings) string {
	f.laySheet()
	var b strings.Builder
	for _, l := range f.sheet.lines {
		for _, r := range l.runs {
			b.WriteString(r.Text)
		}
		b.WriteString(" ")
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// onLine puts the cursor on the line of the sheet that begins with a text.
func onLine(t *testing.T, f *Findings, text string) {
	t.Helper()
	f.laySheet()
	for n, l := range f.sheet.lines {
		line := ""
		for _, r := range l.runs {
			line += r.Text
		}
		if strings.HasPrefix(strings.TrimSpace(line), text) {
			f.inSheet, f.sheet.Row = true, n
			return
		}
	}
	t.Fatalf("no line of the sheet begins with %q", text)
}

// TestFindingsCount: the first line counts each finding once, by severity, and what the filter leaves of them.
func TestFindingsCount(t *testing.T) {
	tr := viewstest.CheckoutTrace(t)
	list := viewstest.CheckoutFindings(tr)
	for range 2 {
		list = append(list, &rule.Finding{Title: "where the time went", Severity: rule.Info, Trace: tr, Where: rule.Where(viewstest.FactsOf(tr), 0)})
	}
	f := ruledFindings()
	f.SetFindings(tr, list, nil, 24)
	first := func(w int) string {
		line, _, _ := strings.Cut(viewstest.Plain(f, viewstest.Env(t), w, 40), "\n")
		return strings.Join(strings.Fields(line), " ")
	}
	for w, want := range map[int]string{
		120: "3 findings ▲ 1 critical · 1 high △ 1 low ○ 2 info by impact ▾",
		60:  "3 findings ▲ 1 critical · 1 high △ 1 low ○ 2 info",
		46:  "3 findings ▲ 2 △ 1 ○ 2 by impact ▾",
	} {
		if got := first(w); !strings.HasPrefix(got, want) {
			t.Errorf("at %d columns the first line is %q, want %q", w, got, want)
		}
	}
	f = manyFindings(t)
	info := &rule.Finding{Title: "where the time went", Severity: rule.Info, Trace: viewstest.CheckoutTrace(t)} // in a trace that has no other
	f.SetFindings(nil, append(f.list, info), nil, 24)
	if got, want := first(120), "2 findings in 9 traces ▲ 1 critical · 1 high ○ 1 info by impact ▾"; !strings.HasPrefix(got, want) {
		t.Errorf("of many traces the first line is %q, want %q", got, want)
	}
	viewstest.Do(f, views.Search)
	viewstest.TypeText(f, "instance")
	if got, want := first(120), "1 of 2 findings · 0 of 1 info match instance"; !strings.HasPrefix(got, want) {
		t.Errorf("filtered the first line is %q, want %q", got, want)
	}
	f.Type(viewstest.Press("esc"))
	var places []string
	for n := range f.rows {
		f.Row = n
		place, _ := f.Status(viewstest.Env(t))
		places = append(places, place)
	}
	if got, want := strings.Join(places, ", "), "finding 1 of 2, finding 2 of 2, info 1 of 1"; got != want {
		t.Errorf("the rows are %q, want %q", got, want)
	}
}

// TestFindingsAreGradedAsTheyAreCounted: a finding that is worse in another trace than in its own has the sign of the worst,
// which the first line counts.
func TestFindingsAreGradedAsTheyAreCounted(t *testing.T) {
	tr := viewstest.CheckoutTrace(t)
	same := func(s rule.Severity) *rule.Finding {
		return &rule.Finding{Detector: "gaps", Title: "gap", Fingerprint: "same", Severity: s, Trace: tr}
	}
	f := ruledFindings()
	f.SetFindings(tr, []*rule.Finding{same(rule.Info), same(rule.High)}, nil, 24)
	if got := viewstest.Plain(f, viewstest.Env(t), 80, 24); strings.Count(got, "▲") != 3 { // in the first line, the row and the sheet
		t.Errorf("the finding is not high everywhere:\n%s", got)
	}
}

// TestLimitedDataIsAFootnote: what a trace does not show is no row between findings, and counts as none.
func TestLimitedDataIsAFootnote(t *testing.T) {
	tr := viewstest.CheckoutTrace(t)
	quality := func() *rule.Finding {
		return &rule.Finding{Detector: "blind-spots", Title: "limited visibility", Message: "SQL parameters are not recorded on 33 spans", Trace: tr, Limits: []string{"n-plus-one: less certain"}}
	}
	list := append([]*rule.Finding{quality()}, viewstest.CheckoutFindings(tr)...)
	f := ruledFindings()
	f.SetFindings(tr, append(list, quality()), testSpots, 24)
	if last := f.rows[3]; len(f.rows) != 4 || len(last.limited) != 3 || f.total.Least(rule.Info) != 3 {
		t.Fatalf("%d rows count %d findings, the last %+v", len(f.rows), f.total.Least(rule.Info), f.rows[len(f.rows)-1])
	}
	viewstest.Do(f, views.Bottom)
	got := viewstest.Plain(f, viewstest.Env(t), 120, 40)
	if !strings.Contains(got, "Detectors with limited data (3)") {
		t.Errorf("the list does not end in the footnote:\n%s", got)
	}
	for _, want := range []string{"SQL parameters are not recorded on 33 spans", "no call crosses two hosts"} {
		if got = sheetText(f); !strings.Contains(got, want) {
			t.Errorf("%q is not shown:\n%s", want, got)
		}
	}
	onLine(t, f, "SQL parameters")
	if a, ok := viewstest.Act(f, views.Enter).(views.OpenTrace); !ok || a.Trace != tr {
		t.Errorf("enter on what a trace does not show gave %+v", a)
	}
	f = ruledFindings()
	f.SetFindings(tr, nil, testSpots, 24)
	if got := viewstest.Plain(f, viewstest.Env(t), 120, 40); !strings.Contains(got, "✓ no issues detected") || !strings.Contains(got, "limited data (2)") {
		t.Errorf("without findings there is\n%s", got)
	}
}

// TestSheetOrder: the parts of the sheet come in the order in which one needs them, at any width.
func TestSheetOrder(t *testing.T) {
	tr := viewstest.CheckoutTrace(t)
	list := viewstest.CheckoutFindings(tr)
	list[2].Remedies, list[2].Limits, list[2].Also = []string{"one query for all"}, []string{"values are not known"}, []string{"chatty"}
	list[2].Checks = []rule.Check{{Name: "parameters differ"}, {Name: "one after another", Passed: true}}
	for _, w := range []int{80, 120, 200} {
		f := ruledFindings()
		f.SetFindings(tr, list, testSpots, 24)
		viewstest.Do(f, views.Down, views.Down)
		viewstest.Frame(f, viewstest.Env(t), w, 100)
		viewstest.Do(f, views.ShowRule)
		got, at := sheetText(f), 0
		for _, want := range []string{
			"ran one after", "Cost", "potential saving ≤ 245 ms", "Evidence", "50 affected spans", "Common fixes", "one query for all", "Checks", "✓ one after another",
			"– parameters differ", "? 50 SQL calls carry no statement", "Caveats", "values are not known", "Also found by", "Rule", "at least 5 calls", "measured",
		} {
			n := strings.Index(got[at:], want)
			if n < 0 {
				t.Fatalf("at %d columns %q is not there after what comes before it:\n%s", w, want, got)
			}
			at += n
		}
		viewstest.Do(f, views.ShowRule)
		if got := sheetText(f); strings.Contains(got, "at least 5 calls") || !strings.Contains(got, "Rule") {
			t.Errorf("at %d columns the rule is not folded again", w)
		}
	}
}

// TestFindingsNameCalls: what a finding is about and rests on is named by what was called, where that is known.
func TestFindingsNameCalls(t *testing.T) {
	m := viewstest.NewMaker()
	m.Span(0, "shop", "GET", 0, 10_000, viewstest.Attr("http.request.method", "GET"), viewstest.Attr("url.full", "http://pricing:8080/price"))
	tr := m.Trace(t)
	known := viewstest.FactsOf(tr)
	found := &rule.Finding{
		Title: "slow", Severity: rule.High, Trace: tr, Evidence: viewstest.Evidence(tr, rule.RoleOffender, 0),
		Where: rule.Where(known, 0), WhereService: "pricing",
	}
	f := ruledFindings()
	f.SetFindings(tr, []*rule.Finding{found}, nil, 1)
	viewstest.Frame(f, viewstest.Env(t), 120, 40)
	if got := sheetText(f); !strings.HasSuffix(got, "• shop GET") {
		t.Errorf("without facts the evidence is in %q", got)
	}
	f.SetFacts(func(*trace.Trace) *facts.Facts { return known })
	f.SetFindings(tr, []*rule.Finding{found}, nil, 1)
	viewstest.Frame(f, viewstest.Env(t), 120, 40)
	if got := sheetText(f); f.rows[0].where != (place{"pricing", "GET /price"}) || !strings.Contains(got, "• shop GET /price") {
		t.Errorf("the finding is about %q, its evidence is in %q", f.rows[0].where.text(), got)
	}
}

// TestTheWorstCounts: what is graded differently in several traces counts as the worst of it.
func TestTheWorstCounts(t *testing.T) {
	set := viewstest.ListSet(t, 10, "incident.jsonl")
	list := []*rule.Finding{
		{Detector: "d", Fingerprint: "1", Severity: rule.Info, Trace: set.Trace(0)}, {Detector: "d", Fingerprint: "1", Severity: rule.High, Trace: set.Trace(1)},
		{Detector: "d", Fingerprint: "2", Severity: rule.Low, Trace: set.Trace(1)},
	}
	f := ruledFindings()
	f.SetFindings(nil, list, nil, 1)
	if want := (diagnose.Counts{Traces: 1, By: [5]int{rule.Low: 1, rule.High: 1}}); f.total != want {
		t.Errorf("the count is %+v, want %+v", f.total, want)
	}
}

func TestFindingsKeepTheCursor(t *testing.T) {
	f := foundPanel(t)
	viewstest.Do(f, views.Down, views.Down)
	again := viewstest.CheckoutFindings(f.of)
	again[0], again[2] = again[2], again[0]
	f.SetFindings(f.of, again, nil, 24)
	if f.Row != 0 || f.Selected() != again[0] {
		t.Errorf("the cursor is in row %d", f.Row)
	}
	f.SetWaiting(f.of)
	if viewstest.Why(f, views.Down) == "" {
		t.Error("there are rows while detectors look")
	}
}

// TestTheWheelScrollsWhatIsUnderIt turns the wheel over the sheet while the list has the keys, and goes to another finding.
func TestTheWheelScrollsWhatIsUnderIt(t *testing.T) {
	f, env := foundPanel(t), viewstest.Env(t)
	top := func() string {
		lines := strings.Split(viewstest.Plain(f, env, 100, 14), "\n")
		return string([]rune(lines[0])[f.beside.X:])
	}
	first := top()
	f.Mouse(views.Mouse{X: f.beside.X + 3, Y: 5, Wheel: 3})
	if got := top(); got == first || f.inSheet {
		t.Errorf("the sheet still begins with %q, or has the keys (%v)", got, f.inSheet)
	}
	viewstest.Do(f, views.Down)
	top()
	viewstest.Do(f, views.Up)
	if got := top(); got != first {
		t.Errorf("after another finding the sheet begins with %q, want %q", got, first)
	}
}
