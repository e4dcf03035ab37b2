package app

import (
	"context"
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/sources/query"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/findings"
	"tracefall/views/prompt"
	"tracefall/views/statistics"
	"tracefall/views/tracelist"
)

// querying answers queries: for all traces, for the open one, and for what findings rest on.
type querying struct {
	*workspace
	history history
}

// run runs a query as a job: for the open trace where the waterfall asks, else for all traces; "" shows
// everything again. While the text is being typed the last good answer stays on the screen.
func (q *querying) run(a views.Query) tea.Cmd {
	answer := q.queryAll
	switch {
	case q.screen() == waterfallScreen:
		answer = q.queryTrace
	case q.onTab(views.ShowFindings):
		answer = q.queryFindings
	}
	return tea.Batch(answer(a.Text), q.keep(a))
}

// keep puts a finished query into the history.
func (q *querying) keep(a views.Query) tea.Cmd {
	if !a.Done {
		return nil
	}
	return q.remember(a.Text)
}

// queryFindings runs a query for the spans that the findings of the panel on the screen rest on.
func (q *querying) queryFindings(text string) tea.Cmd {
	q.jobs.stop(jobFilter)
	set := q.set
	panel, ok := q.top().(*findings.Findings)
	if set == nil || !ok {
		return nil
	}
	if err := session.CheckQuery(text); err != nil {
		panel.SetQueryError(text, wrongAt(err))
		return nil
	}
	vocabulary, of := q.words.ofSet.about(set), q.analysisOf(set)
	type filtered struct {
		*session.Answer
		err error
	}
	return start(&q.jobs, jobFilter, func(ctx context.Context, _ progress) (filtered, error) {
		a, err := session.RunQuery(ctx, of, text, vocabulary)
		return filtered{a, err}, ctx.Err()
	}, func(f filtered) tea.Cmd {
		if f.err != nil {
			panel.SetQueryError(text, wrongAt(f.err))
			return nil
		}
		panel.SetMatches(text, func(t *trace.Trace, span int) bool {
			_, found := slices.BinarySearch(f.Spans[t], int32(span))
			return found
		})
		return nil
	})
}

// queryAll runs a query for all traces.
func (q *querying) queryAll(text string) tea.Cmd {
	q.jobs.stop(jobQuery)
	q.where = text
	if text == "" {
		q.answer = nil
		q.list.SetFilter(nil)
		return nil
	}
	set := q.set
	if set == nil {
		return nil
	}
	if err := session.CheckQuery(text); err != nil {
		q.list.SetQueryError(wrongAt(err))
		q.where = q.list.Shown()
		return nil
	}
	vocabulary, of := q.words.ofSet.about(set), q.analysisOf(set)
	arranger := q.list.Arranger()
	return start(&q.jobs, jobQuery, func(ctx context.Context, _ progress) (listAnswer, error) {
		a, err := session.RunQuery(ctx, of, text, vocabulary)
		if err != nil {
			return listAnswer{}, err
		}
		filter := &tracelist.Filter{
			Set: a.Set, Query: a.Text, Traces: a.Places, Spans: a.Counts, Took: a.Took, Notes: a.Notes, Apart: a.ApartTraces,
		}
		return listAnswer{a, filter, arranger.OfFilter(filter)}, nil
	}, q.answered)
}

// listAnswer is what a query found, as the list shows it.
type listAnswer struct {
	*session.Answer
	filter *tracelist.Filter
	rows   *tracelist.Arrangement
}

// answered shows the traces that a query found.
func (q *querying) answered(found listAnswer) tea.Cmd {
	a := found.Answer
	q.list.Use(found.rows)
	q.list.SetFilter(found.filter)
	if q.list.Shown() != a.Text {
		return nil // the answer to half a word: what was shown before still is
	}
	q.answer = a
	w := q.waterfall
	if t := w.Trace(); t != nil && slices.Contains(q.stack, waterfallScreen) && !w.Typing() && (w.Query() == "" || w.Query() == a.Text) {
		untouched := w.Selected() <= t.First() // it was opened before there was an answer
		if q.inherit(t); untouched {
			w.ToFirstMatch()
		}
	}
	return q.follow()
}

// queryTrace runs a query for the open trace.
func (q *querying) queryTrace(text string) tea.Cmd {
	q.jobs.stop(jobSearch)
	t := q.waterfall.Trace()
	q.found = nil
	if text == "" || t == nil {
		q.matches = nil
		q.waterfall.SetMatches(nil, false)
		return nil
	}
	if err := session.CheckQuery(text); err != nil {
		q.waterfall.SetQueryError(wrongAt(err))
		return nil
	}
	vocabulary, of := q.words.ofTrace.about(t), q.analysisOf(t.Set())
	return start(&q.jobs, jobSearch, func(context.Context, progress) (session.TraceAnswer, error) {
		return session.QueryTrace(of, t, text, vocabulary)
	}, q.marked)
}

// marked shows the spans that a query found in the open trace.
func (q *querying) marked(f session.TraceAnswer) tea.Cmd {
	if f.Trace == q.waterfall.Trace() {
		q.found, q.matches = &f, f.Matches
		q.waterfall.SetMatches(q.matches, q.hide)
		notes := prompt.Notes{OfOne: true, Took: f.Took, Lines: f.Notes}
		if f.Apart != "" {
			notes.Apart = 1
		}
		q.waterfall.SetNotes(notes)
	}
	return q.follow()
}

// note is what is worth knowing about the answer to the query of the screen, "" for nothing. The list says it itself where
// nothing matches.
func (q *querying) note(env *views.Env) string {
	noted, ok := q.top().(interface{ QueryNote(*views.Env) string })
	if !ok || q.screen() == listScreen && q.list.Rows() == 0 {
		return ""
	}
	return noted.QueryNote(env)
}

// wrongAt says where a query is wrong, and what is wrong with it.
func wrongAt(err error) prompt.Error {
	syntax, ok := errors.AsType[*query.SyntaxError](err)
	if !ok {
		return prompt.Error{Offset: -1, Message: err.Error()}
	}
	text := syntax.Message
	if syntax.Suggestion != "" {
		text += "; did you mean " + syntax.Suggestion + "?"
	}
	return prompt.Error{Offset: syntax.Offset, Length: syntax.Length, Message: text}
}

// askAgain asks in another load of the open trace what was asked there.
func (q *querying) askAgain() tea.Cmd {
	q.matches, q.found = nil, nil
	if text := q.waterfall.Query(); text != "" && text != q.where {
		return q.queryTrace(text)
	}
	return nil // nothing, or the list's query, whose answer for what was loaded is on its way
}

// ask puts a query into the line of the waterfall, or of the list where no trace is open, and runs it. It goes into
// the history as if it had been typed.
func (q *querying) ask(text string) tea.Cmd {
	keep := q.remember(text)
	target := listScreen
	if slices.Contains(q.stack, waterfallScreen) {
		target = waterfallScreen
	}
	q.push(target)
	return tea.Batch(q.put(text), keep)
}

// put puts a query into the line of the waterfall where that is on the screen, else of the list, and runs it.
func (q *querying) put(text string) tea.Cmd {
	if q.screen() == waterfallScreen {
		q.waterfall.SetQuery(text)
		return q.queryTrace(text)
	}
	q.list.SetQuery(text)
	return q.queryAll(text)
}

// apart asks for what matches on different spans.
func (q *querying) apart() tea.Cmd {
	if text := q.apartText(); text != "" {
		return q.put(text)
	}
	return nil
}

// apartText is the query that apart asks, "" where none was offered.
func (q *querying) apartText() string {
	switch {
	case q.screen() == waterfallScreen && q.found != nil:
		return q.found.Apart
	case q.screen() == listScreen && q.answer != nil:
		return q.answer.Apart
	}
	return ""
}

// otherPane asks for matches on different spans where that was offered, else the keys go to the other pane.
func (q *querying) otherPane() tea.Cmd {
	if q.apartText() == "" {
		q.inDetail = !q.inDetail
	}
	return q.apart()
}

func (q *querying) whyNoOtherPane() string {
	switch {
	case q.apartText() != "":
		return ""
	case q.screen() == listScreen:
		return "no query matches on different spans"
	case !q.detailOpen:
		return "the detail is not open: " + q.keys.key(views.Enter) + " opens it"
	}
	return ""
}

// narrowTo asks for what has a value: in the waterfall where that is asked for in the statistics of its trace, in the
// list where they are of all.
func (q *querying) narrowTo(n views.Narrow) tea.Cmd {
	var parts []string
	for part := &n; part != nil; part = part.And {
		if session.HoldsSecret(part.Field, part.Value) || session.HoldsSecret("", part.Field) || session.HoldsSecret("", part.Value) {
			q.say(statistics.MaskedValue)
			return nil
		}
		parts = append(parts, query.Equals(part.Field, part.Value))
	}
	if q.tabOf(q.screen()) != nil {
		in, _ := q.scope()
		q.push(scopeScreens[in])
	}
	return q.ask(q.narrowed(strings.Join(parts, " ")))
}

// narrowed is a query for what a query of the list asks for and a further condition, which is not said twice. In the waterfall
// it is the condition alone.
func (q *querying) narrowed(text string) string {
	asked, err := query.Parse(q.where)
	if q.screen() == waterfallScreen || q.where == "" || err != nil {
		return text
	}
	both, terms := q.where+" "+text, []*query.Term{asked.Root}
	switch asked.Root.Kind {
	case query.KindAnd:
		terms = asked.Root.Terms
	case query.KindOr, query.KindEither:
		both = "(" + q.where + ") " + text
	default:
	}
	switch {
	case slices.ContainsFunc(terms, func(t *query.Term) bool { return q.where[t.At:t.End] == text }):
		return q.where
	case session.CheckQuery(both) != nil:
		return text
	}
	return both
}
