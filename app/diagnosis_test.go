package app

import (
	"strings"
	"testing"

	"tracefall/sources/tracetest"
	"tracefall/views"
)

// TestDiagnosingIsSeen follows how far the detectors are, in the list and in the panel, until their findings come.
func TestDiagnosingIsSeen(t *testing.T) {
	set := tracetest.Set(t, shop)
	m := testModel(t, set)
	cmd := m.diagnose(set)
	step := func(done int) {
		m.Update(result{kind: jobDiagnose, generation: m.jobs.current[jobDiagnose], value: views.Diagnosing{Done: done, Total: 50}})
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
	a.watch.Store(&watch)
	if _, err := a.Report(); err != nil || most != set.Len() {
		t.Errorf("%v, told of %d traces, want %d", err, most, set.Len())
	}
}
