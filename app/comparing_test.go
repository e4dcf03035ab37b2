package app

import (
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose/rule"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
)

const nights = `
	trace 1
	gateway "GET /cart" 0ms +40ms
	  db "SELECT cart" 2ms +10ms
	trace 2
	gateway "GET /cart" 60s +3s error=late
	  db "SELECT cart" 60002ms +2900ms
	trace 3
	gateway "GET /cart" 90s +42ms
	  db "SELECT cart" 90002ms +11ms
`

// TestMarkAndCompare compares with the marked trace from the list, looks at both waterfalls, and goes back.
func TestMarkAndCompare(t *testing.T) {
	m := testModel(t, tracetest.Set(t, nights))
	settle(m, m.diagnosis.start(m.set))
	slow := m.list.Selected()
	if slow.Duration() < 3e9 {
		t.Fatalf("the first trace of the list takes %d ns, want the slowest", slow.Duration())
	}
	press(t, m, "j", "m")
	good := m.comparing.good
	if good == nil || good == slow {
		t.Fatalf("marked %v, want the second of the list", good)
	}
	press(t, m, "k")
	if got := screenText(m); !strings.Contains(got, "baseline: ") {
		t.Errorf("the list does not say which trace is marked:\n%s", got)
	}
	press(t, m, "=")
	c := m.compare.Comparison()
	if m.screen() != compareScreen || c == nil || c.Good.Trace != good || c.Bad.Trace != slow {
		t.Fatalf("screen %d with %v, want the comparison of the two", m.screen(), c)
	}
	press(t, m, "enter")
	first := m.waterfall.Trace()
	press(t, m, "q", "b", "enter")
	if second := m.waterfall.Trace(); first == second || m.screen() != waterfallScreen {
		t.Errorf("enter opens %v and then %v, want one of each side", first.ID(), second.ID())
	}
	press(t, m, "q")
	if m.screen() != compareScreen || m.compare.Comparison() != c {
		t.Errorf("screen %d, want the comparison again", m.screen())
	}
	press(t, m, "q", "m", "m")
	if m.screen() != listScreen || m.comparing.good != nil {
		t.Errorf("screen %d with %v marked, want the list with no mark", m.screen(), m.comparing.good)
	}
}

// TestNote marks a trace with a note, which stands in the list and goes into what is shared of the comparison.
func TestNote(t *testing.T) {
	m := testModel(t, tracetest.Set(t, nights))
	press(t, m, "j", "M")
	m.paste("before q the")
	press(t, m, "space", "d", "q", "enter", "k")
	if got := screenText(m); m.comparing.note != "before q the dq" || !strings.Contains(got, "before q the dq") {
		t.Fatalf("the note is %q:\n%s", m.comparing.note, got)
	}
	press(t, m, "=")
	if got := m.comparing.noteMarkdown(); got != "\nNote on the baseline trace: before q the dq\n" {
		t.Errorf("shared of the comparison: %q", got)
	}
	press(t, m, "q")
	if got := m.comparing.noteMarkdown(); got != "" {
		t.Errorf("shared of another trace: %q", got)
	}
	press(t, m, "j", "M", "x", "esc")
	if m.comparing.note != "before q the dq" || m.comparing.noting != nil {
		t.Errorf("esc leaves %q", m.comparing.note)
	}
	press(t, m, "m", "m")
	if m.comparing.note != "" {
		t.Errorf("a new mark has the old note %q", m.comparing.note)
	}
}

// TestOpenFromComparisonComesBack compares the open trace, opens the good one above it, and goes back down.
func TestOpenFromComparisonComesBack(t *testing.T) {
	m := testModel(t, tracetest.Set(t, nights))
	press(t, m, "enter")
	slow := m.waterfall.Trace()
	press(t, m, "j", "=")
	if !m.choosing || !strings.Contains(screenText(m), "Choose a baseline") {
		t.Fatalf("= offers nothing:\n%s", screenText(m))
	}
	press(t, m, "esc")
	if m.choosing || m.screen() != waterfallScreen {
		t.Fatalf("esc leaves the baselines open, or more: screen %d", m.screen())
	}
	press(t, m, "=", "enter", "b", "enter")
	if m.waterfall.Trace() == slow {
		t.Fatal("the waterfall shows the bad trace, want the good one")
	}
	press(t, m, "q", "q")
	if m.screen() != waterfallScreen || m.waterfall.Trace() != slow || m.waterfall.Selected() != 1 {
		t.Errorf("screen %d at span %d, want the waterfall of the bad trace as it was", m.screen(), m.waterfall.Selected())
	}
	press(t, m, "q")
	if m.screen() != listScreen {
		t.Errorf("screen %d, want the list", m.screen())
	}
}

// TestComingBackKeepsTheQuery opens another trace over one that shows the query of the list, and goes back down.
func TestComingBackKeepsTheQuery(t *testing.T) {
	m := testModel(t, tracetest.Set(t, nights))
	typeQuery(t, m, "duration>0ns")
	press(t, m, "enter")
	first := m.waterfall.Trace()
	if m.waterfall.Query() != "duration>0ns" || m.matches == nil {
		t.Fatalf("the trace shows the query %q, want that of the list", m.waterfall.Query())
	}
	press(t, m, "=", "enter", "b", "enter")
	if m.waterfall.Trace() == first {
		t.Fatal("the waterfall shows the same trace")
	}
	press(t, m, "q", "q")
	if m.waterfall.Trace() != first || m.waterfall.Query() != "duration>0ns" || m.matches == nil {
		t.Errorf("back at the trace its query is %q and %v matches, want those of the list", m.waterfall.Query(), m.matches)
	}
}

// TestOpeningATraceFocusesIt opens a trace while the detail of another has the focus.
func TestOpeningATraceFocusesIt(t *testing.T) {
	set := tracetest.Set(t, nights)
	m := testModel(t, set)
	press(t, m, "enter", "enter")
	m.inDetail = true
	other := set.Trace(0)
	if other == m.waterfall.Trace() {
		other = set.Trace(1)
	}
	m.openTrace(other, -1)
	press(t, m, "j")
	if m.inDetail || m.waterfall.Selected() != 1 {
		t.Errorf("the focus is in the detail: %v, the cursor at span %d, want at the second", m.inDetail, m.waterfall.Selected())
	}
}

// setsHead returns the first line of the comparison of two sets.
func setsHead(m *model) string {
	grid := draw.NewGrid(120, 1)
	m.sets.Head(grid.All(), m.env(true))
	return grid.Plain()
}

// TestCompareTheMatches compares what a query finds with the rest, and what failed.
func TestCompareTheMatches(t *testing.T) {
	m := testModel(t, tracetest.Set(t, nights))
	press(t, m, "/")
	press(t, m, strings.Split("duration>1s", "")...)
	press(t, m, "enter", "=")
	if got := setsHead(m); m.screen() != setsScreen || !strings.Contains(got, "baseline 2 traces · the rest   ⇄   bad 1 trace · duration>1s") {
		t.Errorf("= in a list with a query:\n%s", got)
	}
	press(t, m, "q")
	cmd := m.command(views.CompareErrors)
	m.Update(result{kind: jobCompare, generation: m.jobs.current[jobCompare], show: func() tea.Cmd {
		m.sets.SetPending("comparing 3 traces · 40 %")
		return nil
	}})
	if got := screenText(m); !strings.Contains(got, "comparing 3 traces · 40 %") {
		t.Errorf("how far the comparison is:\n%s", got)
	}
	settle(m, cmd)
	if got := setsHead(m); !strings.Contains(got, "⇄   bad 1 trace · failed") {
		t.Errorf("comparing the errors:\n%s", got)
	}
	press(t, m, "q")
	settle(m, m.command(views.CompareSlowest))
	if !m.failed || !strings.Contains(m.message, "slowest 10 %") || m.screen() != listScreen {
		t.Errorf("with nothing to compare: screen %d, %q", m.screen(), m.message)
	}
}

// TestWhyNot checks that what cannot be used says why.
func TestWhyNot(t *testing.T) {
	m := testModel(t, tracetest.Set(t, "shop checkout 0ms +10ms\n"))
	for c, want := range map[views.Command]string{
		views.CompareGood:  "no other trace: open the file of a baseline as well",
		views.NextFinding:  "detectors are still running",
		views.RootCause:    "no errors in this trace",
		views.ClockOffsets: "clock skew is being computed",
	} {
		if got := m.can(c); got != want {
			t.Errorf("%s: %q, want %q", c, got, want)
		}
	}
}

// TestFactsDoNotWaitForTheDetectors shows the critical path before the detectors are through, and findings after.
func TestFactsDoNotWaitForTheDetectors(t *testing.T) {
	m := testModel(t, tracetest.Set(t, nights))
	press(t, m, "enter")
	if got := m.can(views.CriticalPath); got != "" {
		t.Errorf("the critical path cannot be shown: %s", got)
	}
	if m.report != nil {
		t.Fatal("there is a report already")
	}
	press(t, m, "a")
	if got := screenText(m); !strings.Contains(got, "have not finished") {
		t.Errorf("the panel does not wait:\n%s", got)
	}
	settle(m, m.diagnosis.start(m.set))
	if got := screenText(m); strings.Contains(got, "have not finished") || !strings.Contains(got, "root-cause error") {
		t.Errorf("the panel does not show what came:\n%s", got)
	}
	press(t, m, "q")
	if got := m.can(views.NextFinding); got != "" {
		t.Errorf("the waterfall has no findings: %s", got)
	}
}

// What a comparison finds first is a finding about the bad trace: in its panel and its waterfall.
func TestDifferenceIsAFinding(t *testing.T) {
	m := testModel(t, tracetest.Set(t, `
		trace 1
		api "POST /join" 0ms +300ms kind=server
		  elb Describe 10ms +20ms kind=client
		  elb Register 40ms +20ms kind=client
		trace 2
		api "POST /join" 1s +250ms kind=server
		  elb Describe 1010ms +20ms kind=client
	`))
	settle(m, m.diagnosis.start(m.set))
	bad := m.set.Trace(1)
	settle(m, m.do(views.CompareTraces{Good: m.set.Trace(0), Bad: bad}))
	press(t, m, "a")
	mustShow(t, m, "missing call: Register", "elb Register missing")
	press(t, m, "R", "tab", "G")
	mustShow(t, m, "the first structural difference", "✓ both traces are complete")
	if got := m.sharing.reopening(); got.Found != "baseline-difference" {
		t.Errorf("the finding is reopened as %q", got.Found)
	}
	settle(m, m.do(views.OpenTrace{Trace: bad, Span: -1}))
	mustShow(t, m, "missing call: Register")
	if list := m.findingsAbout(m.set.Trace(0)); slices.ContainsFunc(list, func(f *rule.Finding) bool { return f == m.difference }) {
		t.Error("the good trace has the finding as well")
	}
}
