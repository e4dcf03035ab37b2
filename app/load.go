package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/sources"
	"tracefall/sources/trace"
	"tracefall/views/importreport"
	"tracefall/views/tracelist"
)

// openInputs opens what was named, or the demo incidents where nothing was.
func openInputs(ctx context.Context, inputs []string, stdin io.Reader, demo fs.FS, opt sources.Options) (*sources.Result, error) {
	opt.Stdin = stdin
	if len(inputs) > 0 {
		return sources.Open(ctx, inputs, opt)
	}
	all, err := demoReader(demo)
	if err != nil {
		return nil, fmt.Errorf("the built-in demo: %w", err)
	}
	opt.Stdin, opt.StdinName = all, demoName
	return sources.Open(ctx, []string{"-"}, opt)
}

// shownInputs says what is being opened, before anything is known of it.
func shownInputs(inputs []string) []string {
	if len(inputs) == 0 {
		return []string{demoName}
	}
	shown := slices.Clone(inputs)
	for i, name := range shown {
		if name == "-" {
			shown[i] = "standard input"
		}
	}
	return shown
}

// demoName is what the built-in incidents are called on the screen.
const demoName = "built-in demo"

// everything is what loading came to in the end.
type everything struct {
	*sources.Result
	report importreport.LoadReport
}

// openAll is openInputs with an account of how it went.
func openAll(ctx context.Context, inputs []string, stdin io.Reader, demo fs.FS, opt sources.Options) (everything, error) {
	start := time.Now()
	var e everything
	first := opt.First
	opt.First = func(set *trace.Set) {
		if e.report.First == 0 {
			e.report.First = time.Since(start)
		}
		first(set)
	}
	r, err := openInputs(ctx, inputs, stdin, demo, opt)
	if err != nil {
		return e, err
	}
	e.Result = r
	e.report.Took = time.Since(start)
	e.report.Inputs = inputReports(r)
	return e, nil
}

// inputReports counts what each input gave.
func inputReports(r *sources.Result) []importreport.InputReport {
	var reports []importreport.InputReport
	at := map[string]int{}
	for _, name := range r.Set.Inputs() {
		report := importreport.InputReport{Name: name}
		if info, err := os.Stat(name); err == nil {
			report.Bytes = info.Size()
		}
		at[name] = len(reports)
		reports = append(reports, report)
	}
	seen := make([]int, len(reports)) // the last trace that an input had a part of, from 1
	for i := range r.Set.Len() {
		t := r.Set.Trace(i)
		for k := t.First(); k < t.Len(); k++ {
			n, ok := at[t.Span(k).Input()]
			if !ok {
				continue
			}
			reports[n].Spans++
			if seen[n] != i+1 {
				seen[n] = i + 1
				reports[n].Traces++
			}
		}
	}
	for _, f := range r.Failures {
		reports = append(reports, importreport.InputReport{Name: f.Input, Failed: f.Problem})
	}
	return reports
}

// firstLine is the first of joined errors.
func firstLine(err error) string {
	text, _, _ := strings.Cut(err.Error(), "\n")
	return text
}

// result takes what a job sent.
func (m *model) result(r result) tea.Cmd {
	switch {
	case r.err != nil:
		return m.jobFailed(r)
	case r.kind == jobLoad:
		return m.loaded(r.value)
	case r.kind == jobQuery:
		return m.answered(r.value)
	case r.kind == jobSearch:
		return m.marked(r.value)
	case r.kind == jobDiagnose:
		return m.diagnosed(r.value)
	case r.kind == jobFilter:
		m.sifted(r.value)
	case r.kind == jobVocabulary:
		m.learnedWords(r.value)
	case r.kind == jobFacts:
		m.learned(r.value)
	case r.kind == jobStats:
		m.summarized(r.value)
	case r.kind == jobBaselines:
		m.offer(r.value)
	case r.kind == jobCompare:
		m.compared(r.value)
	}
	return nil
}

// jobFailed says why a job came to nothing. What there was before stays.
func (m *model) jobFailed(r result) tea.Cmd {
	var c *crash
	switch {
	case errors.Is(r.err, context.Canceled):
	case errors.As(r.err, &c):
		m.crashed(c)
		if m.crash != nil {
			return tea.Quit
		}
	case r.kind == jobQuery:
		m.list.SetQueryError(wrongAt(r.err))
	case r.kind == jobSearch:
		m.waterfall.SetQueryError(wrongAt(r.err))
	default:
		m.complain(firstLine(r.err))
	}
	if r.kind == jobCompare && (m.screen() == compareScreen || m.screen() == setsScreen) {
		m.leave() // there is nothing to show on it
	}
	if r.kind == jobLoad {
		m.loading = false
		m.list.SetProgress(tracelist.LoadProgress{})
		if m.set == nil && r.err != nil {
			m.list.SetFailures(strings.Split(r.err.Error(), "\n")) // joined errors are a line each
		}
	}
	return nil
}

// loaded takes progress, a snapshot, or everything.
func (m *model) loaded(value any) tea.Cmd {
	switch v := value.(type) {
	case sources.Progress:
		m.read = v
		m.list.SetProgress(tracelist.LoadProgress{
			Loading: true, Input: v.Input, Bytes: v.Bytes, Total: v.Total, Traces: v.Traces, Spans: v.Spans})
	case *trace.Set:
		return m.show(v)
	case everything:
		m.loading = false
		m.list.SetProgress(tracelist.LoadProgress{})
		var failures []string
		for _, f := range v.Failures {
			failures = append(failures, f.Error())
		}
		m.list.SetFailures(failures)
		if len(failures) > 0 {
			m.complain(failures[0])
		}
		m.diagnostics.SetLoad(v.report)
		return tea.Batch(m.show(v.Set), m.diagnose(v.Set))
	}
	return nil
}

// show shows a set: the first snapshot, a later one, or everything.
func (m *model) show(set *trace.Set) tea.Cmd {
	m.set = set
	m.good = sameIn(set, m.good)
	m.list.SetSet(set)
	m.diagnostics.SetSet(set)
	var again tea.Cmd
	if old := m.waterfall.Trace(); old != nil {
		if t := sameIn(set, old); t != nil {
			m.present(t)
			again = m.askAgain()
		}
	}
	if set.Len() == 1 && !m.loading && m.screen() == listScreen && m.asked.trace == "" {
		m.present(set.Trace(0))
		m.stack = []screenID{waterfallScreen} // a list of one says nothing
	}
	shown := m.showAsked()
	var all tea.Cmd
	if m.where != "" {
		if !m.list.Typing() {
			m.list.SetQuery(m.where)
		}
		all = m.queryAll(m.where)
	}
	return tea.Batch(again, all, shown, m.renewStatistics(), m.learnWords(), m.follow())
}
