package app

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/statistics"
)

// summaries measure spans in groups, for the panel of statistics.
type summaries struct{ *workspace }

// open opens the panel, of one trace or of those that the list shows.
func (s *summaries) open(t *trace.Trace) tea.Cmd {
	if t == nil && s.set != nil && s.set.Len() == 1 {
		t = s.set.Trace(0)
	}
	s.push(statisticsScreen)
	by := s.statistics.By()
	if s.asked.By != "" {
		by, s.asked.By = s.asked.By, ""
	}
	return s.ask(s.statistics.ShowBy(s.scope(t), by))
}

// ask carries out what the panel asks for when it is shown.
func (s *summaries) ask(action views.Action) tea.Cmd {
	if a, ok := action.(views.Summarize); ok {
		return s.summarize(a)
	}
	return s.follow()
}

// scope is what the statistics of a trace, or of the list where it is nil, are about.
func (s *summaries) scope(t *trace.Trace) views.Scope {
	switch {
	case t != nil:
		of := views.Scope{Set: t.Set(), Trace: t, Traces: 1}
		if t == s.waterfall.Trace() && s.matches != nil {
			of.Query = s.waterfall.Query()
		}
		return of
	case s.answer != nil:
		return views.Scope{Set: s.answer.Set, Traces: s.answer.Traces, Query: s.answer.Text}
	case s.set != nil:
		return views.Scope{Set: s.set, Traces: s.set.Len()}
	}
	return views.Scope{}
}

// renew shows the statistics again when their trace was loaded again, or the list came to show other traces.
func (s *summaries) renew() tea.Cmd {
	of := s.statistics.Scope()
	t := sameIn(s.set, of.Trace)
	if s.screen() != statisticsScreen || of.Set == nil || of.Trace != nil && (t == nil || t == of.Trace) {
		return nil
	}
	return s.ask(s.statistics.Show(s.scope(t)))
}

// summarize measures spans in groups, as a job. Facts that the detectors have not made are made and dropped again.
func (s *summaries) summarize(a views.Summarize) tea.Cmd {
	var traces []*trace.Trace
	spansOf := func(*trace.Trace) []int32 { return nil }
	switch matches := s.matches; {
	case a.Of.Trace != nil:
		traces = []*trace.Trace{a.Of.Trace}
		if a.Of.Matching {
			spansOf = func(*trace.Trace) []int32 { return places(matches) }
		}
	case a.Of.Query != "" && s.answer != nil:
		answer := s.answer
		for _, n := range answer.Places {
			traces = append(traces, answer.Set.Trace(n))
		}
		if a.Of.Matching {
			spansOf = func(t *trace.Trace) []int32 { return answer.Spans[t] }
		}
	default:
		traces = session.Traces(a.Of.Set)
	}
	of := s.factsOf()
	type groups struct {
		stats []facts.Stat
		keys  []string // nil where they were not asked for
	}
	return start(&s.jobs, jobStats, func(ctx context.Context, soFar progress) (g groups, err error) {
		tell := session.Throttle(session.ProgressAfter, session.ProgressEvery, soFar)
		portions := func(yield func(facts.Portion) bool) {
			for n, t := range traces {
				if ctx.Err() != nil || !yield(facts.Portion{Facts: of(t), Spans: spansOf(t)}) {
					return
				}
				tell(func() tea.Cmd { s.statistics.SetCounted(a.Of, n+1); return nil })
			}
		}
		g.stats = statistics.GroupStats(portions, a.By)
		if a.Keys && ctx.Err() == nil {
			g.keys = facts.AttributeKeys(a.Of.Set, slices.Values(traces))
		}
		return g, ctx.Err()
	}, func(g groups) tea.Cmd {
		s.statistics.SetStats(a.Of, a.By, g.stats)
		if g.keys != nil {
			s.statistics.SetKeys(a.Of, g.keys)
		}
		return nil
	})
}

// places lists where a slice is true; it is never nil.
func places(is []bool) []int32 {
	list := []int32{}
	for i, yes := range is {
		if yes {
			list = append(list, int32(i))
		}
	}
	return list
}
