package app

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose"
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views"
)

// What is known of the open trace: its facts by a job of their own, so that nobody waits for the detectors to see the
// critical path; its findings and its clocks when the detectors are through.

// present puts a trace into the waterfall, with everything that is known of it by now.
func (m *model) present(t *trace.Trace) {
	m.waterfall.SetTrace(t)
	m.unknown = nil
	if !m.tell() {
		m.unknown = t
	}
}

// tell gives the waterfall what the report says of its trace. It reports whether there is such a report.
func (m *model) tell() bool {
	t := m.waterfall.Trace()
	if t == nil || m.report == nil || m.report.Set != t.Set() {
		return false
	}
	m.waterfall.SetFacts(m.report.Facts(t))
	m.waterfall.SetClocks(m.report.Clocks())
	m.waterfall.SetFindings(notable(m.findingsAbout(t)))
	return true
}

// notable leaves out findings that are only information: the panel lists them, but no row of a healthy trace is
// marked for them.
func notable(list []*diagnose.Finding) []*diagnose.Finding {
	return slices.DeleteFunc(list, func(f *diagnose.Finding) bool { return f.Severity < diagnose.Low })
}

// learn asks for the facts of the open trace, once.
func (m *model) learn() tea.Cmd {
	t := m.unknown
	if t == nil {
		return nil
	}
	m.unknown = nil
	return m.jobs.start(m.ctx, jobFacts, func(context.Context, func(any)) (any, error) {
		return facts.New(t, facts.NewOps(t.Set())), nil
	})
}

// learned takes the facts of a trace.
func (m *model) learned(value any) {
	if f, ok := value.(*facts.Facts); ok && f.Trace == m.waterfall.Trace() {
		m.waterfall.SetFacts(f)
	}
}

// factsOf returns how to get the facts of traces: those of the report where it has them, else new ones. The function
// belongs to one job.
func (m *model) factsOf() func(t *trace.Trace) *facts.Facts {
	report, ops := m.report, map[*trace.Set]*facts.Ops{}
	return func(t *trace.Trace) *facts.Facts {
		if report != nil {
			if f := report.Facts(t); f != nil {
				return f
			}
		}
		if ops[t.Set()] == nil {
			ops[t.Set()] = facts.NewOps(t.Set())
		}
		return facts.New(t, ops[t.Set()])
	}
}

// sameIn returns the trace of a later load, nil where it is not in it.
func sameIn(set *trace.Set, t *trace.Trace) *trace.Trace {
	if t == nil || t.Set() == set {
		return t
	}
	return set.Find(t.ID())
}

// showFindings opens the panel: about the open trace, else about all.
func (m *model) showFindings() tea.Cmd {
	switch m.screen() {
	case waterfallScreen:
		return m.do(views.Do(m.waterfall.Bindings(), views.ShowFindings))
	case compareScreen:
		return m.do(views.OpenFindings{Trace: m.compare.Comparison().Bad.Trace})
	default:
		return m.do(views.OpenFindings{})
	}
}

// openFindings shows the panel about one trace or about all.
func (m *model) openFindings(a views.OpenFindings) {
	m.findingsOf = a.Trace
	m.push(findingsScreen)
	m.fillFindings()
	if a.Finding != nil {
		m.findings.Select(a.Finding)
	}
}

// fillFindings gives the panel what the detectors said.
func (m *model) fillFindings() {
	t, r := m.findingsOf, m.report
	if r == nil || t != nil && t.Set() != r.Set {
		m.findings.SetWaiting(t)
		return
	}
	m.findings.SetFindings(t, m.findingsAbout(t), r.BlindSpots, len(diagnose.Detectors()))
}

// findingsAbout returns what the detectors said of a trace, ranked, and how the latest comparison found it to differ
// from a good one; or what they said of everything where it is nil. There are none before they are through.
func (m *model) findingsAbout(t *trace.Trace) []*diagnose.Finding {
	switch {
	case m.report == nil:
		return nil
	case t == nil:
		list := make([]*diagnose.Finding, len(m.report.Findings))
		for i := range list {
			list[i] = &m.report.Findings[i]
		}
		return list
	}
	list := m.report.Of(t)
	if d := m.difference; d != nil && d.Trace == t {
		at := slices.IndexFunc(list, func(f *diagnose.Finding) bool { return f.Score() < d.Score() })
		if at < 0 {
			at = len(list)
		}
		list = slices.Insert(list, at, d)
	}
	return list
}
