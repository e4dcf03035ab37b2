package app

import (
	"context"
	"errors"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/sources/query"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/prompt"
	"tracefall/views/tracelist"
)

// answered is an answer with the time that it took.
type answered struct {
	*answer
	took time.Duration
}

// query runs a query as a job: for the open trace where the waterfall asks, else for all traces; "" shows
// everything again. While the text is being typed the last good answer stays on the screen.
func (m *model) query(q views.Query) tea.Cmd {
	var keep tea.Cmd
	if q.Done {
		keep = m.remember(q.Text)
	}
	switch m.screen() {
	case waterfallScreen:
		return tea.Batch(m.queryTrace(q.Text), keep)
	case findingsScreen:
		return tea.Batch(m.queryFindings(q.Text), keep)
	default:
		return tea.Batch(m.queryAll(q.Text), keep)
	}
}

// filtered is the answer to a query for the spans that findings rest on, or what is wrong with it.
type filtered struct {
	text string
	*answer
	err error
}

// queryFindings runs a query for the spans that the findings of the panel rest on.
func (m *model) queryFindings(text string) tea.Cmd {
	m.jobs.stop(jobFilter)
	set := m.set
	if set == nil {
		return nil
	}
	if err := checkQuery(text); err != nil {
		m.findings.SetQueryError(text, wrongAt(err))
		return nil
	}
	vocabulary, of := m.words.of(set), m.analysisOf(set)
	return m.jobs.start(m.ctx, jobFilter, func(ctx context.Context, _ func(any)) (any, error) {
		a, err := runQueryWith(ctx, of, text, vocabulary)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return filtered{text, a, err}, nil
	})
}

// sifted shows the findings that rest on a span that matches.
func (m *model) sifted(value any) {
	f, ok := value.(filtered)
	switch {
	case !ok:
	case f.err != nil:
		m.findings.SetQueryError(f.text, wrongAt(f.err))
	default:
		m.findings.SetMatches(f.text, func(t *trace.Trace, span int) bool {
			_, found := slices.BinarySearch(f.spans[t], int32(span))
			return found
		})
	}
}

// queryAll runs a query for all traces.
func (m *model) queryAll(text string) tea.Cmd {
	m.jobs.stop(jobQuery)
	m.where = text
	if text == "" {
		m.answer = nil
		m.list.SetFilter(nil)
		return nil
	}
	set := m.set
	if set == nil {
		return nil
	}
	if err := checkQuery(text); err != nil {
		m.list.SetQueryError(wrongAt(err))
		m.where = m.list.Shown()
		return nil
	}
	vocabulary, of := m.words.of(set), m.analysisOf(set)
	return m.jobs.start(m.ctx, jobQuery, func(ctx context.Context, _ func(any)) (any, error) {
		start := time.Now()
		a, err := runQueryWith(ctx, of, text, vocabulary)
		return answered{a, time.Since(start)}, err
	})
}

// found is what a query found in the open trace.
type found struct {
	trace   *trace.Trace
	matches []bool
	notes   []string
	apart   string // the query to ask for, where no span satisfies all terms but different ones do
	took    time.Duration
}

// queryTrace runs a query for the open trace.
func (m *model) queryTrace(text string) tea.Cmd {
	m.jobs.stop(jobSearch)
	t := m.waterfall.Trace()
	m.found = nil
	if text == "" || t == nil {
		m.matches = nil
		m.waterfall.SetMatches(nil, false)
		return nil
	}
	if err := checkQuery(text); err != nil {
		m.waterfall.SetQueryError(wrongAt(err))
		return nil
	}
	vocabulary, of := m.words.ofOne(t), m.analysisOf(t.Set())
	return m.jobs.start(m.ctx, jobSearch, func(context.Context, func(any)) (any, error) {
		return queryOne(of, t, text, vocabulary)
	})
}

// wrongAt says where a query is wrong, and what is wrong with it.
func wrongAt(err error) prompt.Error {
	var syntax *query.SyntaxError
	if !errors.As(err, &syntax) {
		return prompt.Error{Offset: -1, Message: err.Error()}
	}
	text := syntax.Message
	if syntax.Suggestion != "" {
		text += "; did you mean " + syntax.Suggestion + "?"
	}
	return prompt.Error{Offset: syntax.Offset, Length: syntax.Length, Message: text}
}

// answered shows the traces that a query found.
func (m *model) answered(value any) tea.Cmd {
	a, ok := value.(answered)
	if !ok {
		return nil
	}
	m.list.SetFilter(&tracelist.Filter{
		Set: a.set, Query: a.text, Traces: a.places, Spans: a.counts, Took: a.took, Notes: a.notes, Apart: a.apartTraces,
	})
	if m.list.Shown() != a.text {
		return nil // the answer to half a word: what was shown before still is
	}
	m.answer = &a
	w := m.waterfall
	if t := w.Trace(); t != nil && m.screen() == waterfallScreen && !w.Typing() && (w.Query() == "" || w.Query() == a.text) {
		untouched := w.Selected() <= t.First() // it was opened before there was an answer
		if m.inherit(t); untouched {
			w.ToFirstMatch()
		}
	}
	return tea.Batch(m.renewStatistics(), m.follow())
}

// marked shows the spans that a query found in the open trace.
func (m *model) marked(value any) tea.Cmd {
	if f, ok := value.(found); ok && f.trace == m.waterfall.Trace() {
		m.found, m.matches = &f, f.matches
		m.waterfall.SetMatches(m.matches, m.hide)
		notes := prompt.Notes{Took: f.took, Lines: f.notes}
		if f.apart != "" {
			notes.Apart = 1
		}
		m.waterfall.SetNotes(notes)
	}
	return m.follow()
}

// inherit marks in the open trace what the list's query found in it.
func (m *model) inherit(t *trace.Trace) {
	m.matches, m.found, m.inherited = nil, nil, ""
	if m.answer != nil {
		if spans, ok := m.answer.in(t); ok {
			m.matches = make([]bool, t.Len())
			for _, i := range spans {
				m.matches[i] = true
			}
			m.inherited = m.answer.text
		}
	}
	m.waterfall.SetQuery(m.inherited)
	m.waterfall.SetMatches(m.matches, m.hide)
	if m.inherited != "" {
		m.waterfall.SetNotes(prompt.Notes{Took: m.answer.took, Lines: m.answer.notes})
	}
}

// askAgain asks in another load of the open trace what was asked there.
func (m *model) askAgain() tea.Cmd {
	m.matches, m.found = nil, nil
	if text := m.waterfall.Query(); text != "" && text != m.where {
		return m.queryTrace(text)
	}
	return nil // nothing, or the list's query, whose answer for what was loaded is on its way
}

// outdated reports whether the open trace, entered from the list, shows another query than the list.
func (m *model) outdated(t *trace.Trace) bool {
	if m.screen() != listScreen {
		return false
	}
	text := ""
	if m.answer != nil {
		if _, ok := m.answer.in(t); ok {
			text = m.answer.text
		}
	}
	if text == "" {
		return m.inherited != "" // what it shows was the list's
	}
	return m.waterfall.Query() != text
}

// ask puts a query into the line of the waterfall, or of the list where no trace is open, and runs it. It goes into
// the history as if it had been typed.
func (m *model) ask(text string) tea.Cmd {
	keep := m.remember(text)
	if slices.Contains(m.stack, waterfallScreen) {
		m.push(waterfallScreen)
		m.waterfall.SetQuery(text)
		return tea.Batch(m.queryTrace(text), keep)
	}
	m.push(listScreen)
	m.list.SetQuery(text)
	return tea.Batch(m.queryAll(text), keep)
}

// apart asks for what matches on different spans.
func (m *model) apart() tea.Cmd {
	switch text := m.apartText(); {
	case text == "":
		return nil
	case m.screen() == waterfallScreen:
		m.waterfall.SetQuery(text)
		return m.queryTrace(text)
	default:
		m.list.SetQuery(text)
		return m.queryAll(text)
	}
}

// apartText is the query that apart asks, "" where none was offered.
func (m *model) apartText() string {
	switch {
	case m.screen() == waterfallScreen && m.found != nil:
		return m.found.apart
	case m.screen() == listScreen && m.answer != nil:
		return m.answer.apart
	}
	return ""
}
