package app

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/tracelist"
)

// diagnose asks the detectors about everything that was loaded, as a job: opening a trace never waits for it.
func (m *model) diagnose(set *trace.Set) tea.Cmd {
	m.report = nil
	of := m.analysisOf(set)
	return m.jobs.start(m.ctx, jobDiagnose, func(_ context.Context, report func(any)) (any, error) {
		say := throttle(progressAfter, progressEvery, func(p views.Diagnosing) { report(p) })
		watch := func(done, total int) { say(views.Diagnosing{Done: done, Total: total}) }
		of.watch.Store(&watch)
		return of.Report()
	})
}

// diagnosed shows what the detectors found, or how far they are.
func (m *model) diagnosed(value any) tea.Cmd {
	if p, ok := value.(views.Diagnosing); ok {
		m.list.SetDiagnosing(p)
		m.findings.SetDiagnosing(p)
		return nil
	}
	r, ok := value.(*diagnose.Report)
	if !ok || r.Set != m.set {
		return nil
	}
	m.report = r
	var again tea.Cmd
	m.list.SetFindings(listFindings(r))
	m.tell()
	if m.screen() == findingsScreen {
		m.findingsOf = sameIn(r.Set, m.findingsOf)
		m.fillFindings()
		if text := m.findings.Query(); text != "" {
			again = m.queryFindings(text) // what it found belongs to what was loaded before
		}
	}
	m.showAskedFinding()
	m.diagnostics.SetFailed(r.Set, r.Notices)
	return again
}

// listFindings says the worst of each trace in a few words.
func listFindings(r *diagnose.Report) tracelist.Findings {
	return tracelist.Findings{
		Set: r.Set, Critical: r.Count(diagnose.Critical), Total: r.Count(diagnose.Low),
		Of: func(i int) tracelist.TraceFinding {
			for _, f := range r.Of(r.Set.Trace(i)) {
				if f.Severity >= diagnose.Low {
					return tracelist.TraceFinding{Text: f.Title, Cost: findingCost(f), Level: views.LevelOf(f.Severity), Weight: f.Numbers.Avoidable}
				}
			}
			return tracelist.TraceFinding{}
		},
	}
}

// findingCost is the time that a finding of one trace cost, "" where that says nothing: where it is a trifle, is
// that of many traces, or stands beside a time that the title ends with.
func findingCost(f *diagnose.Finding) string {
	if f.File || f.Numbers.Avoidable < int64(10*time.Millisecond) || f.Took > 0 {
		return ""
	}
	return units.Lasted(f.Numbers.Avoidable)
}
