package app

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/diagnose"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/tracelist"
)

// diagnosis is what the detectors say, in the list, the waterfall and the panel of findings.
type diagnosis struct {
	*workspace
	querying *querying
	of       *trace.Trace // what the panel is about, nil for everything
}

// show opens the panel: about the open trace, else about all.
func (d *diagnosis) show() tea.Cmd {
	var a views.OpenFindings
	switch d.screen() {
	case waterfallScreen:
		a, _ = views.Do(d.waterfall.Bindings(), views.ShowFindings).(views.OpenFindings)
	case compareScreen:
		a.Trace = d.compare.Comparison().Bad.Trace
	default:
	}
	d.open(a)
	return d.follow()
}

// open shows the panel about one trace or about all.
func (d *diagnosis) open(a views.OpenFindings) {
	d.of = a.Trace
	d.push(findingsScreen)
	d.fill()
	if a.Finding != nil {
		d.findings.Select(a.Finding)
	}
}

// fill gives the panel what the detectors said.
func (d *diagnosis) fill() {
	t, r := d.of, d.report
	if r == nil || t != nil && t.Set() != r.Set {
		d.findings.SetWaiting(t)
		return
	}
	d.findings.SetFacts(r.Facts)
	d.findings.SetFindings(t, d.findingsAbout(t), r.BlindSpots, len(diagnose.Detectors()))
}

// start asks the detectors about everything that was loaded, as a job: opening a trace never waits for it.
func (d *diagnosis) start(set *trace.Set) tea.Cmd {
	d.report = nil
	of := d.analysisOf(set)
	return start(&d.jobs, jobDiagnose, func(_ context.Context, soFar progress) (*diagnose.Report, error) {
		say := session.Throttle(session.ProgressAfter, session.ProgressEvery, func(p views.Diagnosing) {
			soFar(func() tea.Cmd { return d.underWay(p) })
		})
		watch := func(done, total int) { say(views.Diagnosing{Done: done, Total: total}) }
		of.Watch.Store(&watch)
		return of.Report()
	}, d.finished)
}

// underWay shows how far the detectors are.
func (d *diagnosis) underWay(p views.Diagnosing) tea.Cmd {
	d.list.SetDiagnosing(p)
	d.findings.SetDiagnosing(p)
	return nil
}

// finished shows what the detectors found.
func (d *diagnosis) finished(r *diagnose.Report) tea.Cmd {
	if r.Set != d.set {
		return nil
	}
	d.report = r
	var again tea.Cmd
	d.list.SetFindings(listFindings(r))
	d.setReported()
	if d.screen() == findingsScreen {
		d.of = sameIn(r.Set, d.of)
		d.fill()
		if text := d.findings.Query(); text != "" {
			again = d.querying.queryFindings(text) // what it found belongs to what was loaded before
		}
	}
	d.showAsked()
	d.diagnostics.SetFailed(r.Set, r.Notices)
	return again
}

// listFindings says the worst of each trace in a few words.
func listFindings(r *diagnose.Report) tracelist.Findings {
	return tracelist.Findings{
		Set: r.Set, Critical: r.Count(rule.Critical), Total: r.Count(rule.Low),
		Of: func(i int) tracelist.TraceFinding {
			for _, f := range r.Of(r.Set.Trace(i)) {
				if f.Severity >= rule.Low {
					return tracelist.TraceFinding{Text: f.Title, Cost: findingCost(f), Level: views.LevelOf(f.Severity), Weight: f.Numbers.Avoidable}
				}
			}
			return tracelist.TraceFinding{}
		},
	}
}

// findingCost is the time that a finding of one trace cost, "" where that says nothing: where it is a trifle, is
// that of many traces, or stands beside a time that the title ends with.
func findingCost(f *rule.Finding) string {
	if f.File || f.Numbers.Avoidable < int64(10*time.Millisecond) || f.Took > 0 {
		return ""
	}
	return units.Lasted(f.Numbers.Avoidable)
}

// showAsked goes to the finding that the command line names, as soon as the detectors are through.
func (d *diagnosis) showAsked() {
	name := d.asked.Finding
	if name == "" || d.report == nil || d.report.Set != d.set {
		return
	}
	var t *trace.Trace
	switch d.screen() {
	case waterfallScreen:
		t = d.waterfall.Trace()
	case findingsScreen:
		t = d.of
	default:
		return
	}
	d.asked.Finding = ""
	f := findingNamed(d.findingsAbout(t), name)
	switch {
	case f == nil:
		d.complain("no finding " + name + " here")
	case d.screen() == findingsScreen:
		d.findings.Select(f)
	case !d.waterfall.ShowFinding(f, d.asked.at):
		d.say("the finding " + name + " is only information: " + d.keys.key(views.ShowFindings) + " lists it")
	}
}
