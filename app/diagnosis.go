package app

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/diagnose"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/findings"
	"tracefall/views/tracelist"
)

// diagnosis is what the detectors say, in the list, the waterfall and the panel of findings.
type diagnosis struct{ *workspace }

// fill gives a panel what the detectors said of a trace, or of everything where it is nil.
func (d *diagnosis) fill(panel *findings.Findings, t *trace.Trace) {
	r := d.report
	if r == nil || t != nil && t.Set() != r.Set {
		panel.SetWaiting(t)
		return
	}
	panel.SetFacts(r.Facts)
	panel.SetFindings(t, d.findingsAbout(t), r.BlindSpots, len(diagnose.Detectors()))
}

// count returns how many findings a trace has, or everything where it is nil, without those that are only information.
func (d *diagnosis) count(t *trace.Trace) int {
	if t == nil {
		return d.report.Counts().Total()
	}
	return diagnose.Count(d.findingsAbout(t)).Total()
}

// follow asks the detectors about what there is, however reading it came to its end, but not while there is more to come.
func (d *diagnosis) follow() tea.Cmd {
	if d.set == nil || d.set == d.judged || d.loading || d.jobs.busy(jobMore) {
		return nil
	}
	return d.start(d.set)
}

// start asks the detectors about everything that was loaded, as a job: opening a trace never waits for it.
func (d *diagnosis) start(set *trace.Set) tea.Cmd {
	d.judged, d.report = set, nil
	of := d.analysisOf(set)
	type diagnosed struct {
		*diagnose.Report
		rows *tracelist.Arrangement
	}
	arranger := d.list.Arranger()
	return start(&d.jobs, jobDiagnose, func(_ context.Context, soFar progress) (diagnosed, error) {
		say := session.Throttle(session.ProgressAfter, session.ProgressEvery, func(p views.Diagnosing) {
			soFar(func() tea.Cmd { return d.underWay(p) })
		})
		watch := func(done, total int) { say(views.Diagnosing{Done: done, Total: total}) }
		of.Watch.Store(&watch)
		r, err := of.Report()
		if err != nil {
			return diagnosed{}, err
		}
		return diagnosed{r, arranger.OfFindings(listFindings(r))}, nil
	}, func(all diagnosed) tea.Cmd {
		d.list.Use(all.rows)
		d.finished(all.Report)
		return nil
	})
}

// underWay shows how far the detectors are.
func (d *diagnosis) underWay(p views.Diagnosing) tea.Cmd {
	d.list.SetDiagnosing(p)
	for _, panel := range screensOf[*findings.Findings](d.byID) {
		panel.SetDiagnosing(p)
	}
	return nil
}

// finished shows what the detectors found.
func (d *diagnosis) finished(r *diagnose.Report) {
	if r.Set != d.set {
		return
	}
	d.report = r
	d.list.SetFindings(listFindings(r))
	d.setReported()
	d.diagnostics.SetFailed(r.Set, r.Notices)
}

// listFindings is what the list shows of a report.
func listFindings(r *diagnose.Report) tracelist.Findings {
	return tracelist.Findings{Set: r.Set, Worst: r.Worst, Facts: r.FactsAt, Counts: r.Counts()}
}

// showAsked goes to the finding that the command line names, once all else that it asks for is open and the detectors are
// through. Who has gone elsewhere meanwhile is left there.
func (d *diagnosis) showAsked() {
	if !d.asked.opened || d.report == nil || d.report.Set != d.set {
		return
	}
	name, at := d.asked.Finding, d.asked.at
	d.asked = asked{}
	panel, listed := d.top().(*findings.Findings)
	f := findingNamed(d.findingsAbout(d.about()), name)
	switch {
	case !listed && d.screen() != waterfallScreen:
	case f == nil:
		d.complain("no finding " + name + " here")
	case listed:
		panel.Select(f)
	case !d.waterfall.ShowFinding(f, d.waterfall.Trace().Find(at)):
		d.say("the finding " + name + " is only information: " + d.keys.key(views.ShowFindings) + " lists it")
	}
}

// findingName names a finding of a trace: by its detector where that found nothing worse in it, else by its fingerprint.
func findingName(list []*rule.Finding, f *rule.Finding) string {
	if f == nil {
		return ""
	}
	if findingNamed(list, f.Detector) == f {
		return f.Detector
	}
	return f.Fingerprint
}

// findingNamed returns the first of the findings that a detector or a fingerprint names, nil for none.
func findingNamed(list []*rule.Finding, name string) *rule.Finding {
	i := slices.IndexFunc(list, func(f *rule.Finding) bool { return f.Detector == name || f.Fingerprint == name })
	if i < 0 {
		return nil
	}
	return list[i]
}
