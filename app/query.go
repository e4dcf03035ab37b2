package app

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/sources/query"
	"tracefall/sources/trace"
	"tracefall/views"
)

// answered is an answer with the time that it took.
type answered struct {
	*answer
	took time.Duration
	done bool // the query was finished, not only being typed
}

// query runs a query as a job: for the open trace where the waterfall asks, else for all traces; "" shows
// everything again. While the text is being typed the last good answer stays on the screen.
func (m *model) query(q views.Query) tea.Cmd {
	if m.screen() == waterfallScreen {
		return m.queryTrace(q)
	}
	return m.queryAll(q)
}

// queryAll runs a query for all traces.
func (m *model) queryAll(q views.Query) tea.Cmd {
	m.jobs.stop(jobQuery)
	m.where = q.Text
	if q.Text == "" {
		m.answer = nil
		m.list.SetFilter(nil)
		return nil
	}
	set := m.set
	if set == nil {
		return nil
	}
	if err := checkQuery(q.Text); err != nil {
		m.list.SetQueryError(wrongAt(err))
		return nil
	}
	of := m.analysisOf(set)
	return m.jobs.start(m.ctx, jobQuery, func(ctx context.Context, _ func(any)) (any, error) {
		start := time.Now()
		a, err := runQuery(ctx, of, q.Text)
		return answered{a, time.Since(start), q.Done}, err
	})
}

// found is what a query found in the open trace.
type found struct {
	trace   *trace.Trace
	matches []bool
}

// queryTrace runs a query for the open trace.
func (m *model) queryTrace(q views.Query) tea.Cmd {
	m.jobs.stop(jobSearch)
	t := m.waterfall.Trace()
	if q.Text == "" || t == nil {
		m.matches = nil
		m.waterfall.SetMatches(nil, false)
		return nil
	}
	if err := checkQuery(q.Text); err != nil {
		m.waterfall.SetQueryError(wrongAt(err))
		return nil
	}
	of := m.analysisOf(t.Set())
	return m.jobs.start(m.ctx, jobSearch, func(context.Context, func(any)) (any, error) {
		matches, err := queryOne(of, t, q.Text)
		return found{t, matches}, err
	})
}

// wrongAt says where a query is wrong, in bytes or -1, and what is wrong with it.
func wrongAt(err error) (int, string) {
	var syntax *query.SyntaxError
	if !errors.As(err, &syntax) {
		return -1, err.Error()
	}
	text := syntax.Message
	if syntax.Suggestion != "" {
		text += "; did you mean " + syntax.Suggestion + "?"
	}
	return syntax.Offset, text
}

// answered shows the traces that a query found.
func (m *model) answered(value any) tea.Cmd {
	a, ok := value.(answered)
	if !ok {
		return nil
	}
	m.answer = &a
	m.list.SetFilter(&views.ListFilter{Set: a.set, Traces: a.places, Spans: a.counts, Took: a.took})
	if a.done && len(a.notes) > 0 {
		m.say(strings.Join(a.notes, " · "))
	}
	return nil
}

// marked shows the spans that a query found in the open trace.
func (m *model) marked(value any) tea.Cmd {
	if f, ok := value.(found); ok && f.trace == m.waterfall.Trace() {
		m.matches = f.matches
		m.waterfall.SetMatches(m.matches, m.hide)
	}
	return m.follow()
}

// inherit marks in a trace that is being opened what the list's query found in it.
func (m *model) inherit(t *trace.Trace) {
	m.matches = nil
	if m.answer != nil {
		if spans, ok := m.answer.in(t); ok {
			m.matches = make([]bool, t.Len())
			for _, i := range spans {
				m.matches[i] = true
			}
			m.waterfall.SetQuery(m.answer.text)
		}
	}
	m.waterfall.SetMatches(m.matches, m.hide)
}

// narrow asks for what has a value as well as what is asked for already.
func (m *model) narrow(n views.Narrow) tea.Cmd {
	text := n.Field + "=" + quoted(n.Value)
	if m.screen() == waterfallScreen {
		m.waterfall.SetQuery(text)
		return m.query(views.Query{Text: text, Done: true})
	}
	if m.where != "" && !strings.Contains(m.where, text) {
		text = m.where + " " + text
	}
	m.list.SetQuery(text)
	return m.query(views.Query{Text: text, Done: true})
}

// quoted quotes a value for a query where it is more than a plain word.
func quoted(value string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' || r == '.'
	}
	if value != "" && strings.IndexFunc(value, func(r rune) bool { return !plain(r) }) < 0 {
		return value
	}
	return strconv.Quote(value)
}
