package app

import (
	"context"
	"iter"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/diagnose"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/findings"
	"tracefall/views/prompt"
	"tracefall/views/spans"
	"tracefall/views/style"
	"tracefall/views/tabline"
)

// tabs are the views of what a scope holds: they stand above the first screen of the scope, one at a time.
//
//	[list] --8--> [list, findings of the list] --enter--> [list, findings of the list, waterfall] --3--> [… waterfall, statistics of the trace]
//
// Each is there once for each kind of scope, so that the one of the list is found as it was left.
type tabs struct {
	*workspace
	querying  *querying
	comparing *comparing
	diagnosis *diagnosis
	logging   *logging
	shown     map[screenID]shownTab
	line      tabline.Line
}

// shownTab is what a tab was made of when it came to the front last.
type shownTab struct {
	of         []views.Scope
	report     *diagnose.Report
	difference *rule.Finding
}

// same reports whether a tab would be made of the same.
func (s shownTab) same(other shownTab) bool {
	return s.report == other.report && s.difference == other.difference && slices.Equal(s.of, other.of)
}

// of returns what the tabs of a scope are about: one scope, or a baseline and what is compared with it. There is none
// before the comparison is made.
func (t *tabs) of(in scope) []views.Scope {
	switch in {
	case ofTrace:
		if shown := t.waterfall.Trace(); shown != nil {
			of := scopeOf(shown)
			if t.matches != nil {
				of.Query = t.waterfall.Query()
			}
			return []views.Scope{of}
		}
	case ofPair:
		if c := t.compare.Comparison(); c != nil {
			return []views.Scope{scopeOf(c.Good.Trace), scopeOf(c.Bad.Trace)}
		}
	case ofSets:
		return t.comparing.setScopes
	default:
		return []views.Scope{t.listScope()}
	}
	return nil
}

// scopeOf is one trace as what a tab is about.
func scopeOf(t *trace.Trace) views.Scope { return views.Scope{Set: t.Set(), Trace: t, Traces: 1} }

// listScope is what the list shows as what a tab is about.
func (t *tabs) listScope() views.Scope {
	if t.answer != nil {
		return views.Scope{Set: t.answer.Set, Traces: t.answer.Traces, Query: t.answer.Text}
	}
	return t.everything()
}

// everything is all that was read as what a tab is about.
func (t *tabs) everything() views.Scope {
	if t.set == nil {
		return views.Scope{}
	}
	return views.Scope{Set: t.set, Traces: t.set.Len()}
}

// open brings a tab of the nearest scope to the front, in the place of the one that is there.
func (t *tabs) open(c views.Command) tea.Cmd {
	in, at := t.scope()
	t.stack = t.stack[:at+1]
	if c == views.ShowMain {
		return t.workspace.follow()
	}
	id := t.tabID(c, in)
	t.stack = append(t.stack, id)
	t.shown[id] = shownTab{report: t.shown[id].report} // it is shown anew
	return t.follow()
}

// openFindings brings the findings of the nearest scope to the front, with the cursor on one of them where one is named.
func (t *tabs) openFindings(f *rule.Finding) tea.Cmd {
	cmd := t.open(views.ShowFindings)
	if panel, ok := t.top().(*findings.Findings); ok && f != nil {
		panel.Select(f)
	}
	return cmd
}

// why tells why a tab cannot be opened.
func (t *tabs) why(c views.Command) string {
	if !t.tabbed() {
		return views.NotHere
	}
	in, at := t.scope()
	if c == views.ShowMain {
		return views.When(func() bool { return at == len(t.stack)-1 }, onScreenNow)()
	}
	id := t.tabID(c, in)
	switch {
	case id == noScreen:
		return views.NotHere
	case id == t.screen():
		return onScreenNow
	}
	return t.whyEmpty(id, t.of(in))
}

// onScreenNow is why a tab that is at the front cannot be opened.
const onScreenNow = "already on the screen"

// whyEmpty tells why a tab would show nothing of scopes.
func (t *tabs) whyEmpty(id screenID, of []views.Scope) string {
	if len(of) == 0 {
		return "nothing is compared"
	}
	switch s := t.byID[id].(type) {
	case *findings.Findings:
		return views.WhyEmpty([]views.Scope{t.everything()}) // they are of all traces, whatever the query is
	case views.OfScopes:
		return s.WhyNot(of)
	}
	return ""
}

// knowing names the tabs of the scope on the screen that know a command, each with its key as in the line of tabs: "1 waterfall".
func (t *tabs) knowing(c views.Command) []string {
	in, _ := t.scope()
	var names []string
	add := func(id screenID, opener views.Command, title string) {
		if _, knows := views.Find(t.byID[id].Bindings(), c); knows && t.tabbed() {
			names = append(names, strings.TrimSpace(t.keys.key(opener)+" "+title))
		}
	}
	add(scopeScreens[in], views.ShowMain, in.title())
	for _, one := range t.tabs {
		if id := t.tabID(one.command, in); id != noScreen {
			line, _ := t.keys.named(one.command)
			add(id, one.command, line.Title())
		}
	}
	return names
}

// follow shows in the tab at the front what its scope holds now, where that has changed.
func (t *tabs) follow() tea.Cmd {
	id := t.screen()
	if t.tabOf(id) == nil {
		return nil
	}
	in, _ := t.scope()
	was, now := t.shown[id], shownTab{t.of(in), t.report, t.difference}
	if len(now.of) == 0 || was.same(now) {
		return nil
	}
	t.shown[id] = now
	switch s := t.byID[id].(type) {
	case *findings.Findings:
		t.diagnosis.fill(s, now.of[len(now.of)-1].Trace)
		if text := s.Query(); text != "" && was.report != now.report {
			return t.querying.queryFindings(text) // what it found is of what was loaded before
		}
	case views.OfScopes:
		return t.ask(id, s.Show(now.of))
	}
	return nil
}

// ask carries out what a tab asks for when it is shown.
func (t *tabs) ask(id screenID, action views.Action) tea.Cmd {
	switch a := action.(type) {
	case views.Measure:
		return t.measure(id, a)
	case views.Query:
		return t.querySpans(id, a.Text)
	case views.AskLogs:
		return t.logging.ask(a)
	}
	return t.workspace.follow()
}

// measure counts something from the facts of scopes for a tab, as a job of its own. Facts that the detectors have not made are
// made and dropped again.
func (t *tabs) measure(id screenID, a views.Measure) tea.Cmd {
	traces := make([][]*trace.Trace, len(a.Of))
	spans := make([]func(*trace.Trace) []int32, len(a.Of))
	for n, of := range a.Of {
		traces[n], spans[n] = t.resolve(of)
	}
	of := t.factsOf()
	return start(&t.jobs, jobMeasure+jobKind(id), func(ctx context.Context, soFar progress) (func() views.Action, error) {
		tell, done := session.Throttle(session.ProgressAfter, session.ProgressEvery, soFar), 0
		all := make([]iter.Seq[facts.Portion], len(traces))
		for n := range traces {
			all[n] = func(yield func(facts.Portion) bool) {
				for _, one := range traces[n] {
					if ctx.Err() != nil || !yield(facts.Portion{Facts: of(one), Spans: spans[n](one)}) {
						return
					}
					done++
					if so := done; a.Counted != nil {
						tell(func() tea.Cmd { a.Counted(so); return nil })
					}
				}
			}
		}
		show := a.Count(all)
		return show, ctx.Err()
	}, func(show func() views.Action) tea.Cmd { return t.ask(id, show()) })
}

// querySpans runs a query for a table of spans, in its trace or in all traces; "" shows all spans again.
func (t *tabs) querySpans(id screenID, text string) tea.Cmd {
	t.jobs.stop(jobSpans)
	table, ok := t.byID[id].(*spans.Spans)
	if !ok || len(table.Scopes()) == 0 {
		return nil
	}
	if text == "" {
		return t.ask(id, table.SetMatches("", nil, prompt.Notes{}))
	}
	if err := session.CheckQuery(text); err != nil {
		table.SetQueryError(wrongAt(err))
		return nil
	}
	scope := table.Scopes()[0]
	of, all, one := t.analysisOf(scope.Set), t.words.ofSet.about(scope.Set), t.words.ofTrace.about(scope.Trace)
	type found struct {
		spans func(*trace.Trace) []int32
		notes prompt.Notes
		err   error
	}
	return start(&t.jobs, jobSpans, func(ctx context.Context, _ progress) (found, error) {
		if scope.Trace == nil {
			a, err := session.RunQuery(ctx, of, text, all)
			if err != nil {
				return found{err: err}, ctx.Err()
			}
			return found{func(t *trace.Trace) []int32 { return a.Spans[t] }, prompt.Notes{Took: a.Took, Lines: a.Notes}, nil}, ctx.Err()
		}
		a, err := session.QueryTrace(of, scope.Trace, text, one)
		if err != nil {
			return found{err: err}, ctx.Err()
		}
		matches := places(a.Matches)
		return found{func(*trace.Trace) []int32 { return matches }, prompt.Notes{OfOne: true, Took: a.Took, Lines: a.Notes}, nil}, ctx.Err()
	}, func(f found) tea.Cmd {
		if f.err != nil {
			table.SetQueryError(wrongAt(f.err))
			return nil
		}
		return t.ask(id, table.SetMatches(text, f.spans, f.notes))
	})
}

// resolve returns the traces of a scope, and what of each of them counts: indices of spans, nil for all.
func (t *tabs) resolve(of views.Scope) (traces []*trace.Trace, spans func(*trace.Trace) []int32) {
	spans = func(*trace.Trace) []int32 { return nil }
	switch matches := t.matches; {
	case of.Trace != nil:
		if of.Matching {
			spans = func(*trace.Trace) []int32 { return places(matches) }
		}
		return []*trace.Trace{of.Trace}, spans
	case of.Name != "":
		for side, one := range t.comparing.setScopes {
			if one == of {
				return t.comparing.setTraces[side], spans
			}
		}
		return nil, spans
	case of.Query != "" && t.answer != nil:
		answer := t.answer
		for _, n := range answer.Places {
			traces = append(traces, answer.Set.Trace(n))
		}
		if of.Matching {
			spans = func(t *trace.Trace) []int32 { return answer.Spans[t] }
		}
		return traces, spans
	case of.Set == nil:
		return nil, spans
	}
	return session.Traces(of.Set), spans
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

// narrowing says what the query of the scope leaves of the tab at the front, and the query; "" where it leaves everything. Findings
// are counted once, whatever is looked for, so beside a list that is narrowed they say so.
func (t *tabs) narrowing() (what, query string) {
	if t.tabOf(t.screen()) == nil {
		return "", ""
	}
	switch s := t.top().(type) {
	case *findings.Findings:
		if in, _ := t.scope(); in == ofList {
			return "all traces, not only those matching", t.listScope().Query
		}
	case interface{ Scopes() []views.Scope }:
		return views.Narrowing(s.Scopes())
	}
	return "", ""
}

// drawNarrowing draws by what a tab is narrowed.
func drawNarrowing(a draw.Area, what, query string, theme *style.Theme) {
	a.Fill(theme.Text)
	x := 1 + a.TextEllipsis(1, 0, a.W()-2, what, theme.Dim)
	a.TextEllipsis(x+1, 0, a.W()-x-2, query, theme.Accent)
}

// draw draws the tabs of the scope on the screen.
func (t *tabs) draw(a draw.Area, env *views.Env) {
	if a.Empty() {
		return
	}
	in, at := t.scope()
	of := t.of(in)
	list := []tabline.Tab{{Command: views.ShowMain, Title: in.title(), Current: at == len(t.stack)-1}}
	for _, one := range t.tabs {
		id := t.tabID(one.command, in)
		if id == noScreen {
			continue
		}
		line, _ := t.keys.named(one.command)
		tab := tabline.Tab{Command: one.command, Title: line.Title(), Current: id == t.screen(), Empty: t.whyEmpty(id, of) != ""}
		if one.command == views.ShowFindings && len(of) > 0 && t.report != nil {
			tab.Count = draw.Count(t.diagnosis.count(of[len(of)-1].Trace))
		}
		if one.command == views.ShowLogs && len(of) > 0 {
			n, known := t.logging.panel().Count(of[0].Trace)
			if tab.Empty = tab.Empty || !known || n == 0; known {
				tab.Count = draw.Count(n)
			}
		}
		list = append(list, tab)
	}
	var facts []string
	if in == ofTrace {
		facts = t.tokens
	}
	t.line.Draw(a, list, facts, env)
}
