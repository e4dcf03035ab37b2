package app

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/secrets"
	"tracefall/sources/query"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/baseline"
)

// current returns the trace that the screen is about, or the one under the cursor, nil for none.
func (m *model) current() *trace.Trace {
	switch m.screen() {
	case listScreen:
		return m.list.Selected()
	case waterfallScreen:
		return m.waterfall.Trace()
	default:
		return nil
	}
}

// mark marks the trace as the one to compare with, or no longer.
func (m *model) mark() {
	t := m.current()
	if m.good == t {
		m.good, m.note = nil, ""
		m.say("no longer the baseline: " + traceWords(t))
		return
	}
	m.good, m.note = t, ""
	m.say("baseline: " + m.goodWords() + " · " + m.keys.key(views.CompareGood) + " on another trace compares the two, " + m.keys.key(views.MarkNote) + " adds a note")
}

// traceWords names a trace in a message.
func traceWords(t *trace.Trace) string {
	root := t.Root()
	return fmt.Sprintf("%s %s · %s", secrets.ServiceName(root), secrets.SpanName(root), views.TraceDuration(t))
}

// compareHere compares the trace with the marked one; without a mark it offers good ones, and in a list with a query
// it compares what matches with the rest.
func (m *model) compareHere() tea.Cmd {
	t := m.current()
	switch {
	case m.good != nil && m.good != t:
		return m.compareTraces(m.good, t)
	case m.screen() == listScreen && m.where != "" && m.answer != nil && m.good == nil:
		return m.compareSplit(views.CompareGood)
	}
	set := m.set
	return m.jobs.start(m.ctx, jobBaselines, func(context.Context, func(any)) (any, error) {
		offer := baselines{bad: t}
		for _, b := range compare.Baselines(set, t) {
			if len(offer.good) == mostBaselines {
				break
			}
			offer.good = append(offer.good, baseline.Baseline{Trace: b.Trace, Reason: b.Reason})
		}
		return offer, nil
	})
}

// mostBaselines is how many traces are offered to compare with.
const mostBaselines = 100

// baselines are good traces to compare a bad one with.
type baselines struct {
	bad  *trace.Trace
	good []baseline.Baseline
}

// offer shows the traces to compare with, where the bad one is still what the screen is about.
func (m *model) offer(value any) {
	if b, ok := value.(baselines); ok && m.current() == b.bad && !m.inPalette {
		m.baselines.SetBaselines(b.bad, b.good)
		m.choosing = true
	}
}

// compareTraces compares two traces, as a job.
func (m *model) compareTraces(good, bad *trace.Trace) tea.Cmd {
	of := m.factsOf()
	m.compare.SetComparison(nil)
	m.compare.SetPending("comparing " + traceWords(bad) + " with " + traceWords(good))
	m.push(compareScreen)
	return m.jobs.start(m.ctx, jobCompare, func(context.Context, func(any)) (any, error) {
		return compare.Pair(of(good), of(bad)), nil
	})
}

// setsCompared is a comparison of two sets; names say what they are.
type setsCompared struct {
	*population.Comparison
	names [2]string
}

// comparingSets says how far the comparison of two sets is.
type comparingSets string

// compareSplit compares traces of the list with its other traces, as a job: what matches the query, what failed, or
// what was slow, with the rest.
func (m *model) compareSplit(c views.Command) tea.Cmd {
	a := m.answer
	return m.compareSets(m.splitWords(c), func(all []*facts.Facts) (population.Split, [2]string) { return splitFor(c, all, a) })
}

// splitFor divides traces into good and bad ones as a command says, and names the two.
func splitFor(c views.Command, all []*facts.Facts, a *answered) (population.Split, [2]string) {
	switch c {
	case views.CompareErrors:
		return population.SplitByErrors(all), [2]string{"did not fail", "failed"}
	case views.CompareSlowest:
		return population.SplitBySlowness(all), [2]string{"the rest", "the slowest tenth"}
	}
	matches := func(t *trace.Trace) bool {
		_, ok := a.in(t)
		return ok
	}
	s := population.SplitBy(all, func(t *trace.Trace) bool { return !matches(t) }, matches)
	s.Asked = askedAbout(a.text)
	return s, [2]string{"the rest", a.text}
}

// askedAbout returns what queries ask about; those that are none ask about nothing.
func askedAbout(texts ...string) query.About {
	var all query.About
	for _, text := range texts {
		q, err := query.Parse(text)
		if err != nil {
			continue
		}
		a := q.About()
		all.Keys = append(all.Keys, a.Keys...)
		all.Errors, all.Durations = all.Errors || a.Errors, all.Durations || a.Durations
	}
	return all
}

// compared shows a comparison, or how far it is.
func (m *model) compared(value any) {
	switch c := value.(type) {
	case *compare.Comparison:
		m.compare.SetPending("")
		m.compare.SetComparison(c)
		m.difference = differenceOf(c)
		m.tell()
	case comparingSets:
		m.sets.SetPending(string(c))
	case setsCompared:
		m.sets.SetPending("")
		m.sets.SetSets(c.Comparison, c.names)
	}
}

// chosen closes the baselines when they return anything but a message. It reports whether that was all they asked for.
func (m *model) chosen(action views.Action) bool {
	if _, says := action.(views.Say); !m.choosing || action == nil || says {
		return false
	}
	m.choosing = false
	_, leave := action.(views.Leave)
	return leave
}
