package app

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose/rule"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/viewstest"
)

// TestDiagnosingIsSeen follows how far the detectors are, in the list and in the panel, until their findings come.
func TestDiagnosingIsSeen(t *testing.T) {
	set := tracetest.Set(t, shop)
	m := testModel(t, set)
	cmd := m.diagnosis.start(set)
	step := func(done int) {
		m.Update(result{kind: jobDiagnose, generation: m.jobs.current[jobDiagnose], show: func() tea.Cmd {
			return m.diagnosis.underWay(views.Diagnosing{Done: done, Total: 50})
		}})
	}
	step(9)
	if got := screenText(m); !strings.Contains(got, "diagnosing 18 %") {
		t.Errorf("the list does not say how far the detectors are:\n%s", got)
	}
	press(t, m, "a")
	step(20)
	if got := screenText(m); !strings.Contains(got, "diagnosing 40 % of 50 traces") {
		t.Errorf("the panel does not say how far the detectors are:\n%s", got)
	}
	settle(m, cmd)
	press(t, m, "q")
	if got := screenText(m); strings.Contains(got, "diagnosing") || !strings.Contains(got, "findings") {
		t.Errorf("the detectors are through, and the list says\n%s", got)
	}
}

// TestAnalysisTellsWhoWatches checks that whoever watches an analysis hears of it, even one that a query asked for.
func TestAnalysisTellsWhoWatches(t *testing.T) {
	set := tracetest.Set(t, shop)
	m := testModel(t, set)
	m.analysis = nil
	a := m.analysisOf(set)
	most := 0
	watch := func(_, total int) { most = max(most, total) }
	a.Watch.Store(&watch)
	if _, err := a.Report(); err != nil || most != set.Len() {
		t.Errorf("%v, told of %d traces, want %d", err, most, set.Len())
	}
}

// TestOneSignForASeverity checks that a finding has in the list the sign that it has everywhere else.
func TestOneSignForASeverity(t *testing.T) {
	set := tracetest.Set(t, `api "GET /convert" 0ms +150ms kind=server
  api "GET /rates" 6ms +60ms kind=client
    currency "GET /rates" 16ms +40ms kind=server
`)
	m := testModel(t, set)
	settle(m, m.diagnosis.start(set))
	worst := m.report.Of(set.Trace(0))[0]
	if worst.Severity != rule.Low {
		t.Fatalf("the worst is %v %q, want a low one", worst.Severity, worst.Title)
	}
	sign, _ := views.LevelGlyph(views.LevelOf(rule.Low), m.opt.Theme)
	if got := viewstest.Plain(m.list, m.env(true), 100, 20); !strings.Contains(got, sign+" "+worst.Title[:10]) {
		t.Errorf("a low finding has not the sign %q in the list:\n%s", sign, got)
	}
}
