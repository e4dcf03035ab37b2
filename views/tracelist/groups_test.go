package tracelist

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/stats"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/viewstest"
)

// shops are five traces of two operations; the first three are alike but for their durations and an error.
const shops = `
trace 01
shop "GET /cart" 0s +100ms kind=server
trace 02
shop "GET /cart" 1s +300ms kind=server
trace 03
shop "GET /cart" 2s +200ms kind=server error=boom
trace 04
shop "POST /buy" 3s +250ms kind=server
trace 05
shop "POST /buy" 4s +50ms kind=server
`

// lines returns the roots of the lines, with how many traces they stand for, and what is inside of a group indented.
func lines(l *List) []string {
	var all []string
	for line := range l.lines {
		e := l.entryAt(line)
		text := l.cellOf(e).text(ColumnRoot, views.Clock{})
		if e.inside {
			text = "  " + text
		}
		all = append(all, text)
	}
	return all
}

// found makes findings: by place of a trace the fingerprint of what was found, "" for nothing.
func found(set *trace.Set, fingerprints ...string) Findings {
	list := make([]*rule.Finding, len(fingerprints))
	for i, f := range fingerprints {
		if f != "" {
			list[i] = &rule.Finding{Detector: "d", Fingerprint: f, Title: f, Severity: rule.Low}
		}
	}
	return Findings{Set: set, Worst: func(i int) *rule.Finding { return list[i] }, Counts: diagnose.Counts{By: [...]int{rule.Low: 1, rule.Critical: 0}}}
}

func checkLines(t *testing.T, what string, l *List, want ...string) {
	t.Helper()
	if got := lines(l); !slices.Equal(got, want) {
		t.Errorf("%s: the lines are\n\t%s\nwant\n\t%s", what, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func TestTracesThatAreAlikeAreOneLine(t *testing.T) {
	set := tracetest.Set(t, shops)
	l := New()
	l.SetSet(set)
	checkLines(t, "by duration", l, "shop GET /cart ×3", "shop POST /buy ×2")
	if s := l.sumOf(l.entryAt(0)); s.least != 100e6 || s.middle != 200e6 || s.most != 300e6 || s.errors != 1 || s.first != set.Trace(0).Start() || s.last != set.Trace(2).Start() {
		t.Errorf("the first group is summed up as %+v", *s)
	}
	l.SortBy(ColumnDuration, false)
	checkLines(t, "the shortest first", l, "shop POST /buy ×2", "shop GET /cart ×3")
	l.SortBy(ColumnStart, true)
	checkLines(t, "the latest first", l, "shop POST /buy ×2", "shop GET /cart ×3")
	l.SortBy(ColumnFindings, true)
	l.SetFindings(found(set, "slow", "slow", "", "retry", ""))
	checkLines(t, "with findings", l, "shop GET /cart ×2", "shop POST /buy", "shop GET /cart", "shop POST /buy")
	viewstest.Act(l, views.Group)
	checkLines(t, "apart", l, "shop GET /cart", "shop POST /buy", "shop GET /cart", "shop GET /cart", "shop POST /buy")
	viewstest.Act(l, views.Group)
	l.SetFilter(&Filter{Set: set, Traces: []int{0, 1, 3}, Spans: []int{1, 2, 1}})
	checkLines(t, "filtered", l, "shop GET /cart ×2", "shop POST /buy")
	if n := l.sumOf(l.entryAt(0)).matched; n != 3 {
		t.Errorf("%d spans of the group match, want 3", n)
	}
	l.SetFilter(&Filter{Set: set, Traces: []int{0, 1}})
	checkLines(t, "of one kind only", l, "shop GET /cart", "shop GET /cart")
}

func TestGroupsOpen(t *testing.T) {
	set := tracetest.Set(t, shops)
	l := New()
	l.SetSet(set)
	viewstest.Frame(l, viewstest.Env(t), 120, 40)
	closed := []string{"shop GET /cart ×3", "shop POST /buy ×2"}
	open := []string{"shop GET /cart ×3", "  shop GET /cart", "  shop GET /cart", "  shop GET /cart", "shop POST /buy ×2"}
	at := func(what string, line int, lines ...string) {
		t.Helper()
		checkLines(t, what, l, lines...)
		if l.Row != line {
			t.Errorf("%s: the cursor is in line %d, want %d", what, l.Row, line)
		}
	}
	viewstest.Act(l, views.Fold)
	at("space opens", 0, open...)
	viewstest.Act(l, views.Right)
	at("right goes in", 1, open...)
	viewstest.Act(l, views.Down)
	viewstest.Act(l, views.Left)
	at("left goes to the group", 0, open...)
	viewstest.Act(l, views.Left)
	at("left closes", 0, closed...)
	viewstest.Act(l, views.Right)
	viewstest.Act(l, views.Bottom)
	at("right opens", 4, open...)
	viewstest.Act(l, views.Up)
	viewstest.Act(l, views.Fold)
	at("space closes from within", 0, closed...)
	viewstest.Act(l, views.OpenAll)
	at("all open", 0, append(slices.Clone(open), "  shop POST /buy", "  shop POST /buy")...)
	viewstest.Act(l, views.FoldAll)
	at("all closed", 0, closed...)
	l.SetFilter(&Filter{Set: set, Traces: []int{0, 3}})
	if why := viewstest.Why(l, views.Fold); why == "" {
		t.Error("a single trace can be opened as a group")
	}
}

// TestEnterOpensTheWorstOfAGroup opens from a closed group the trace with the gravest finding, else one that failed.
func TestEnterOpensTheWorstOfAGroup(t *testing.T) {
	set := tracetest.Set(t, shops)
	l := New()
	l.SetSet(set)
	opens := func(want int) {
		t.Helper()
		if got := viewstest.Act(l, views.Enter); got != (views.OpenTrace{Trace: set.Trace(want), Span: -1}) {
			t.Errorf("enter gives %#v, want trace %s", got, set.Trace(want).ID())
		}
	}
	opens(2) // it failed
	f := found(set, "slow", "slow", "slow", "", "")
	f.Worst(0).Severity = rule.Critical
	l.SetFindings(f)
	opens(0)
	if e := l.entryAt(0); l.sumOf(e) == nil || l.rows[e.row] != 0 {
		t.Errorf("the line of the group stands for %+v", e)
	}
}

// TestLateFindingsLeaveTheCursorOnItsTrace divides open and closed groups while the cursor is on a trace of them.
func TestLateFindingsLeaveTheCursorOnItsTrace(t *testing.T) {
	set := tracetest.Set(t, shops)
	for _, open := range []bool{false, true} {
		for i := range 3 {
			l := New()
			l.SetSet(set)
			viewstest.Frame(l, viewstest.Env(t), 120, 40)
			if open {
				viewstest.Act(l, views.Fold)
			}
			l.Select(set.Trace(i).ID())
			l.SetFindings(found(set, "slow", "slow", "", "", ""))
			if l.Selected() != set.Trace(i) {
				t.Errorf("open %v: the cursor went from trace %d to %s", open, i, l.Selected().ID())
			}
			if e := l.entryAt(l.Row); open && i < 2 && !e.inside {
				t.Error("the group of the cursor was open and is closed")
			}
		}
	}
}

// TestGroupsStayWhileLoading gives fuller sets: what was opened stays open, and the cursor on its trace.
func TestGroupsStayWhileLoading(t *testing.T) {
	l := New()
	l.SetSet(viewstest.ListSet(t, 100, "x"))
	viewstest.Frame(l, viewstest.Env(t), 120, 40)
	viewstest.Act(l, views.Down)
	viewstest.Act(l, views.Fold)
	viewstest.Act(l, views.Down)
	viewstest.Act(l, views.Down)
	id, root := l.Selected().ID(), l.Selected().Root().Name()
	whole := viewstest.ListSet(t, 100, "x again")
	l.SetSet(whole)
	if l.Selected().ID() != id || !l.entryAt(l.Row).inside {
		t.Errorf("the cursor left its trace in the open group: line %d, %+v", l.Row, l.entryAt(l.Row))
	}
	for n, g := range l.list {
		if is := l.set.Trace(int(l.rows[g.from])).Root().Name() == root; g.open != is {
			t.Errorf("group %d is open: %v, want %v", n, g.open, is)
		}
	}
}

// TestRootsNamedAfterAMethod says the call where the root is called GET.
func TestRootsNamedAfterAMethod(t *testing.T) {
	set := tracetest.Set(t, `
trace 01
shop GET 0s +100ms kind=server http.request.method=GET http.route=/cart
trace 02
shop GET 1s +100ms kind=server http.request.method=GET http.route=/items
trace 03
shop GET 2s +100ms kind=server http.request.method=GET http.route=/cart
`)
	l := New()
	l.SetSet(set)
	ops := facts.NewOps(set)
	f := found(set, "", "", "")
	var of []*facts.Facts
	for i := range set.Len() {
		of = append(of, facts.New(set.Trace(i), ops))
	}
	f.Facts = func(i int) *facts.Facts { return of[i] }
	l.SetFindings(f)
	checkLines(t, "by call", l, "shop GET /cart ×2", "shop GET /items")
}

func TestBaselineIsMarked(t *testing.T) {
	set := tracetest.Set(t, shops)
	env := viewstest.Env(t)
	l := New()
	l.SetSet(set)
	marked := func() (text string) {
		for line := range strings.Lines(viewstest.Plain(l, env, 120, 40)) {
			if strings.Contains(line, env.Theme.Glyphs.Baseline) {
				text += line
			}
		}
		return text
	}
	if text := marked(); text != "" {
		t.Errorf("a baseline before there is one:\n%s", text)
	}
	l.SetMarked(set.Trace(4))
	if text := marked(); strings.Count(text, "\n") != 1 || !strings.Contains(text, "POST /buy") {
		t.Errorf("the baseline is in a closed group:\n%s", text)
	}
	viewstest.Act(l, views.OpenAll)
	if text := marked(); strings.Count(text, "\n") != 2 || !strings.Contains(text, "50.0 ms") {
		t.Errorf("the baseline is in an open group:\n%s", text)
	}
	l.SetMarked(nil)
	if text := marked(); text != "" {
		t.Errorf("a baseline that is none any more:\n%s", text)
	}
}

// TestEveryLineIsItsRow compares lines and rows of groups that are opened and closed at random.
func TestEveryLineIsItsRow(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	l := New()
	set := viewstest.ListSet(t, 200, "x")
	l.SetSet(set)
	l.SetFindings(findingsOf(set))
	for range 200 {
		n := rng.IntN(len(l.list))
		if l.list[n].to-l.list[n].from > 1 {
			l.setOpen(&l.shown, n, rng.IntN(2) == 0)
			l.lay(len(l.rows))
		}
		l.SortBy(Column(rng.IntN(len(specs))), rng.IntN(2) == 0)
		met := make([]bool, len(l.rows))
		for line := range l.lines {
			e := l.entryAt(line)
			if l.sumOf(e) != nil {
				for row := l.list[e.group].from; row < l.list[e.group].to; row++ {
					met[row] = met[row] || !l.list[e.group].open
				}
				continue
			}
			if met[e.row] {
				t.Fatalf("row %d stands in two lines", e.row)
			}
			met[e.row] = true
			if at := l.lineOf(e.row); at != line {
				t.Fatalf("row %d of line %d is looked for in line %d", e.row, line, at)
			}
		}
		if slices.Contains(met, false) {
			t.Fatal("a row stands in no line")
		}
	}
}

// farOutside are two traces with a span far outside of their roots, which are one group, and others.
func farOutside(t *testing.T) *List {
	const stray = `
trace 0%d
shop "GET /cart" 36000%[1]ds +300ms
  stock "GET /stock" 36000%[1]d.01s +100ms
  members check 0ms +5ms
`
	l := New()
	l.SetSet(tracetest.Set(t, fmt.Sprintf(stray, 1)+fmt.Sprintf(stray, 2)+shops[strings.Index(shops, "trace 04"):]))
	l.SortBy(ColumnDuration, true)
	return l
}

// TestSpansFarOutsideAreMarked gives the distance of one trace, and of several only that there is one.
func TestSpansFarOutsideAreMarked(t *testing.T) {
	l, env := farOutside(t), viewstest.Env(t)
	if text := viewstest.Plain(l, env, 120, 40); strings.Count(text, "△") != 1 || strings.Contains(text, "100 h") {
		t.Errorf("a closed group:\n%s", text)
	}
	viewstest.Act(l, views.OpenAll)
	if text := viewstest.Plain(l, env, 120, 40); strings.Count(text, "△ −4 d 4 h") != 2 || strings.Contains(text, "4 d 4 h earlier") {
		t.Errorf("an open group:\n%s", text)
	}
	if text := viewstest.Plain(l, env, 200, 40); strings.Count(text, "△ 4 d 4 h earlier") != 2 {
		t.Errorf("an open group where there is room:\n%s", text)
	}
	viewstest.WantText(t, viewstest.Frame(l, env, 200, 40), "△ 4 d 4 h earlier", env.Theme.Warn)
	if top := l.plot.took.linear.To; top != 300e6 {
		t.Errorf("the chart reaches to %d ns, want what the roots took", top)
	}
}

// TestTheCursorComesBack filters its trace away, moves nowhere, and ends the filter.
func TestTheCursorComesBack(t *testing.T) {
	set := tracetest.Set(t, shops)
	l := New()
	l.SetSet(set)
	viewstest.Frame(l, viewstest.Env(t), 120, 40)
	viewstest.Act(l, views.OpenAll)
	l.Select(set.Trace(2).ID())
	l.SetFilter(&Filter{Set: set, Traces: []int{0, 1, 3, 4}})
	if got := l.Selected(); got != set.Trace(int(l.rows[l.entryAt(0).row])) {
		t.Errorf("%s is selected in line %d", got.ID(), l.Row)
	}
	l.SetFilter(nil)
	if got := l.Selected(); got != set.Trace(2) || !l.entryAt(l.Row).inside {
		t.Errorf("%s is selected in line %d", got.ID(), l.Row)
	}
}

// TestErrorsInClosedGroups goes from line to line with a failed trace, whether that shows or is in a group.
func TestErrorsInClosedGroups(t *testing.T) {
	set := tracetest.Set(t, shops)
	l := New()
	l.SetSet(set)
	l.SortBy(ColumnStart, true)
	viewstest.Act(l, views.NextError)
	if l.Row != 1 {
		t.Errorf("the next error is in line %d, want the closed group", l.Row)
	}
	viewstest.Act(l, views.Fold)
	viewstest.Act(l, views.NextError)
	if e := l.entryAt(l.Row); !e.inside || l.Selected() != set.Trace(2) {
		t.Errorf("the next error is in line %d, want the trace in the open group", l.Row)
	}
	if got := viewstest.Act(l, views.NextError); got != (views.Say{Text: "the only trace with an error"}) {
		t.Errorf("said %v of the only error, whose group is open", got)
	}
}

// TestTracesOfAGroupSayTheSecond has traces of two days: those of a group of one day are told apart by their seconds.
func TestTracesOfAGroupSayTheSecond(t *testing.T) {
	set := tracetest.Set(t, shops+`
trace 06
shop "GET /day" 90000s +50ms kind=server
`)
	l := New()
	l.SetSet(set)
	viewstest.Act(l, views.OpenAll)
	env := viewstest.Env(t)
	clock := env.Clock
	text := viewstest.Plain(l, env, 120, 40)
	for i := range 3 {
		if start := set.Trace(i).Start(); !strings.Contains(text, " "+clock.Brief(start, views.NoDates)+" ") || !strings.Contains(text, clock.Brief(start, views.Days)) {
			t.Errorf("the start of trace %d is not told:\n%s", i, text)
		}
	}
}

func TestMedian(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		of := make([]uint64, 1+rng.IntN(40))
		for n := range of {
			of[n] = rng.Uint64() >> rng.IntN(64)
			if rng.IntN(3) == 0 {
				of[n] = 7
			}
		}
		sorted := slices.Sorted(slices.Values(of))
		if got, want := median(of), stats.Percentile(sorted, 50); got != want {
			t.Fatalf("the median of %v is %d, want %d", sorted, got, want)
		}
	}
}

// TestTheFooterSaysWhatSpaceDoes opens and closes a group: the key is called by what it does next.
func TestTheFooterSaysWhatSpaceDoes(t *testing.T) {
	l := New()
	l.SetSet(tracetest.Set(t, shops))
	viewstest.Frame(l, viewstest.Env(t), 120, 40)
	for _, want := range []string{"expand", "collapse", "expand"} {
		at := slices.IndexFunc(l.Bindings(), func(b views.Binding) bool { return b.Name == views.Fold })
		if got := l.Bindings()[at].Title(); got != want {
			t.Errorf("the key is called %q, want %q", got, want)
		}
		viewstest.Act(l, views.Fold)
	}
}

// TestRangesInFewCells: both ends in one unit where two digits tell them apart and say nothing wrong of the shortest, else the
// longest alone.
func TestRangesInFewCells(t *testing.T) {
	const ms = int64(1_000_000)
	for want, of := range map[string][2]int64{
		"78–138 ms":  {78_100_000, 138 * ms},
		"0.7–1.3 s":  {654 * ms, 1_260 * ms},
		"9.5–10.0 s": {9_500 * ms, 9_990 * ms},
		"14–32 s":    {13_900 * ms, 31_500 * ms},
		"≤ 1.26 s":   {52 * ms, 1_260 * ms},    // 0.1 s would be twice as long
		"≤ 4.24 s":   {4_230 * ms, 4_240 * ms}, // the same in two digits
		"≤ 1 m 18 s": {30_000 * ms, 78_000 * ms},
		"≤ 2.10 ms":  {0, 2_100_000},
		"0.7–2.1 ms": {700_000, 2_100_000},
		"≤ 85.0 µs":  {12_000, 85_000},
		"≤ 1.00 s":   {100 * ms, 999_700_000}, // a cell too wide
	} {
		got := cell{sum: &sum{least: of[0], most: of[1]}}.briefRange()
		if got != want {
			t.Errorf("%d to %d ns: %q, want %q", of[0], of[1], got, want)
		}
	}
}

// TestGroupNamesItsSlowestService checks that the line of a group names the service that the critical paths of all its traces
// ran through most, not that of the trace that stands for it.
func TestGroupNamesItsSlowestService(t *testing.T) {
	var text strings.Builder
	for n, cart := range []int{10, 20, 70} { // the longest stands for all
		fmt.Fprintf(&text, "trace %02d\nshop \"GET /cart\" %ds +%dms kind=server\n  cart load %ds +%dms\n  stock load %dms +60ms\n",
			n+1, n, 65+cart, n, cart, 1000*n+cart+1)
	}
	set := tracetest.Set(t, text.String()+"trace 04\nshop \"POST /buy\" 9s +9ms kind=server\n")
	f := found(set, "", "", "", "")
	all := factstest.Of(set)
	f.Facts = func(i int) *facts.Facts { return all[i] }
	l := New()
	l.SetSet(set)
	l.SetFindings(f)
	got := ""
	for line := range l.lines {
		if of := l.cellOf(l.entryAt(line)); of.sum != nil {
			got = of.text(ColumnPath, views.Clock{})
		}
	}
	if want := "critical path: stock 61 %"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
