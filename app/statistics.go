package app

import (
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose/facts"
	"tracefall/sources/query"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/statistics"
)

// stats are spans in groups, or how far counting them is.
type stats struct {
	of      views.StatScope
	by      string
	counted int // traces, while it goes on
	done    bool
	stats   []facts.Stat
	keys    []string // nil where they were not asked for
}

// openStatistics opens the panel, of one trace or of those that the list shows.
func (m *model) openStatistics(t *trace.Trace) tea.Cmd {
	if t == nil && m.set != nil && m.set.Len() == 1 {
		t = m.set.Trace(0)
	}
	m.push(statisticsScreen)
	by := m.statistics.By()
	if m.asked.by != "" {
		by, m.asked.by = m.asked.by, ""
	}
	return m.do(m.statistics.ShowBy(m.statScope(t), by))
}

// statScope is what the statistics of a trace, or of the list where it is nil, are about.
func (m *model) statScope(t *trace.Trace) views.StatScope {
	switch {
	case t != nil:
		of := views.StatScope{Set: t.Set(), Trace: t, Traces: 1}
		if t == m.waterfall.Trace() && m.matches != nil {
			of.Query = m.waterfall.Query()
		}
		return of
	case m.answer != nil:
		return views.StatScope{Set: m.answer.set, Traces: m.answer.traces, Query: m.answer.text}
	case m.set != nil:
		return views.StatScope{Set: m.set, Traces: m.set.Len()}
	}
	return views.StatScope{}
}

// renewStatistics shows the statistics of the list again when it came to show other traces.
func (m *model) renewStatistics() tea.Cmd {
	of := m.statistics.Scope()
	if m.screen() != statisticsScreen || of.Set == nil {
		return nil
	}
	if of.Trace != nil {
		t := sameIn(m.set, of.Trace)
		if t == nil || t == of.Trace {
			return nil
		}
		return m.do(m.statistics.Show(m.statScope(t)))
	}
	return m.do(m.statistics.Show(m.statScope(nil)))
}

// summarize measures spans in groups, as a job. Facts that the detectors have not made are made and dropped again.
func (m *model) summarize(a views.Summarize) tea.Cmd {
	var traces []*trace.Trace
	spansOf := func(*trace.Trace) []int32 { return nil }
	switch matches := m.matches; {
	case a.Of.Trace != nil:
		traces = []*trace.Trace{a.Of.Trace}
		if a.Of.Matching {
			spansOf = func(*trace.Trace) []int32 { return places(matches) }
		}
	case a.Of.Query != "" && m.answer != nil:
		answer := m.answer.answer
		for _, n := range answer.places {
			traces = append(traces, answer.set.Trace(n))
		}
		if a.Of.Matching {
			spansOf = func(t *trace.Trace) []int32 { return answer.spans[t] }
		}
	default:
		for n := range a.Of.Set.Len() {
			traces = append(traces, a.Of.Set.Trace(n))
		}
	}
	of := m.factsOf()
	return m.jobs.start(m.ctx, jobStats, func(ctx context.Context, report func(any)) (any, error) {
		tell := throttle(progressAfter, progressEvery, report)
		portions := func(yield func(facts.Portion) bool) {
			for n, t := range traces {
				if ctx.Err() != nil || !yield(facts.Portion{Facts: of(t), Spans: spansOf(t)}) {
					return
				}
				tell(stats{of: a.Of, by: a.By, counted: n + 1})
			}
		}
		s := stats{of: a.Of, by: a.By, done: true, stats: statistics.GroupStats(portions, a.By)}
		if a.Keys && ctx.Err() == nil {
			s.keys = statistics.AttributeKeys(a.Of.Set, slices.Values(traces))
		}
		return s, ctx.Err()
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

// summarized shows them.
func (m *model) summarized(value any) {
	s, ok := value.(stats)
	switch {
	case !ok:
	case !s.done:
		m.statistics.SetCounted(s.of, s.counted)
	default:
		m.statistics.SetStats(s.of, s.by, s.stats)
		if s.keys != nil {
			m.statistics.SetKeys(s.of, s.keys)
		}
	}
}

// narrowTo asks for what has a value: in the waterfall where that is asked for in the statistics of its trace, in the
// list where they are of all.
func (m *model) narrowTo(n views.Narrow) tea.Cmd {
	for part := &n; part != nil; part = part.And {
		if holdsSecret(part.Field, part.Value) || holdsSecret("", part.Field) || holdsSecret("", part.Value) {
			m.say(statistics.MaskedValue)
			return nil
		}
	}
	if m.screen() == statisticsScreen {
		if m.statistics.Scope().Trace != nil {
			m.push(waterfallScreen)
		} else {
			m.push(listScreen)
		}
	}
	var parts []string
	for part := &n; part != nil; part = part.And {
		parts = append(parts, query.Equals(part.Field, part.Value))
	}
	return m.ask(m.narrowed(strings.Join(parts, " ")))
}

// narrowed is a query for what a query of the list asks for and a further condition. In the waterfall it is the
// condition alone.
func (m *model) narrowed(text string) string {
	if m.screen() == waterfallScreen || m.where == "" || strings.Contains(m.where, text) {
		return text
	}
	both := m.where + " " + text
	if strings.Contains(m.where, "OR") || strings.Contains(m.where, "||") {
		both = "(" + m.where + ") " + text
	}
	if checkQuery(both) != nil {
		return text
	}
	return both
}
