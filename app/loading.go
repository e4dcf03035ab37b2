package app

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/sources"
	"tracefall/sources/trace"
	"tracefall/views/importreport"
	"tracefall/views/tracelist"
)

// load opens the inputs as a job: snapshots and progress while it runs, then the result.
func (m *model) load() tea.Cmd {
	m.loading, m.read = true, sources.Progress{Input: session.ShownInputs(m.inputs)[0]}
	m.list.SetProgress(tracelist.LoadProgress{Loading: true, Input: m.read.Input})
	stdin, demo, inputs, opt := m.opt.World.Stdin, m.opt.World.Demo, m.inputs, m.opt.World.Reading
	if err := m.asking.begin(&opt); err != nil {
		m.stopLoading()
		if m.set == nil || m.set.Len() == 0 {
			m.list.SetFailures([]string{err.Error()})
			return nil
		}
		m.complain(err.Error())
		return nil
	}
	opt.Grow = len(m.asking.requests) > 0 && len(m.asking.requests) == len(inputs)
	ask := *m.asking // as it is for this load
	arranger, kept := m.list.Arranger(), relists(m.asking)
	return start(&m.jobs, jobLoad, func(ctx context.Context, soFar progress) (everything, error) {
		ask.watch(soFar)
		opt.Progress = session.Throttle(0, session.ProgressEvery, func(p sources.Progress) { soFar(func() tea.Cmd { return m.reading(p) }) })
		opt.First = func(set *trace.Set) {
			if ask.again {
				return // what is there stays until the answer is whole
			}
			rows := arranger.OfSet(set)
			soFar(func() tea.Cmd { m.list.Use(rows); return m.show(set) })
		}
		var all everything
		var err error
		if kept != nil {
			all, err = relist(ctx, &ask, kept, opt.Remote[inputs[0]])
		} else {
			all, err = openAll(ctx, inputs, stdin, demo, opt)
		}
		if err == nil {
			err = ask.notWhole(all.Result)
		}
		if err == nil {
			all.rows = arranger.OfSet(all.Set)
		}
		return all, err
	}, m.loaded)
}

// whyNotJoinIDs says why there is nothing to join; "" where there is.
func (m *model) whyNotJoinIDs() string {
	switch {
	case m.loading || m.set == nil:
		return "the inputs are still being read"
	case slices.Contains(m.inputs, "-"):
		return "standard input cannot be read again: start with --join-ids"
	case m.opt.World.Reading.JoinIDs:
		return ""
	}
	mixed := func(n trace.Notice) bool { return n.Kind == trace.NoticeMixedIDs }
	if !slices.ContainsFunc(m.set.Notices(), mixed) {
		return "no traces share their lower 64 id bits"
	}
	return ""
}

// toggleJoinIDs reads the inputs again, with such traces joined or apart.
func (m *model) toggleJoinIDs() tea.Cmd {
	m.opt.World.Reading.JoinIDs = !m.opt.World.Reading.JoinIDs
	top := m.screen()
	m.story.comeBack()
	m.restack(listScreen) // the other screens are about traces that may not be there any more
	if top == diagnosticsScreen {
		m.push(top)
	}
	how := "kept apart"
	if m.opt.World.Reading.JoinIDs {
		how = "joined"
	}
	m.say("reading again, traces with the same lower 64 bits of their ids " + how)
	return m.load()
}

// reading shows how far reading is.
func (m *model) reading(p sources.Progress) tea.Cmd {
	m.read = p
	if m.asking.answers(p.Input) {
		return nil // which says itself how far it is
	}
	m.list.SetProgress(tracelist.LoadProgress{
		Loading: true, Input: p.Input, Bytes: p.Bytes, Total: p.Total})
	return nil
}

// loaded shows everything.
func (m *model) loaded(all everything) tea.Cmd {
	m.stopLoading()
	var failures []string
	for _, f := range all.Failures {
		failures = append(failures, f.Error())
	}
	m.list.SetFailures(failures)
	if len(failures) > 0 {
		m.complainOf(jobLoad, failures[0])
	}
	m.asking.ended(all.report, all.Feed)
	m.fetching.read = m.fetching.now().Add(-all.report.Took)
	var watched tea.Cmd
	if m.opt.Watch {
		m.opt.Watch = false
		if why := m.watching.whyNot(); why != "" {
			m.complain("--watch: " + why)
		} else {
			watched = m.watching.begin()
		}
	}
	m.list.Use(all.rows)
	return tea.Batch(m.show(all.Set), watched)
}

// show shows a set: the first snapshot, a later one, or everything.
func (m *model) show(set *trace.Set) tea.Cmd {
	m.set = set
	m.comparing.good = sameIn(set, m.comparing.good)
	m.list.SetMarked(m.comparing.good)
	m.setSet(set)
	m.opt.Theme = session.ServiceColours(m.opt.Theme, set)
	var again tea.Cmd
	if old := m.waterfall.Trace(); old != nil {
		if t := sameIn(set, old); t != nil {
			m.setTrace(t)
			again = m.querying.askAgain()
		}
	}
	if set.Len() == 1 && !m.loading && m.screen() == listScreen && m.asked.Trace == "" && !m.asking.window() {
		m.setTrace(set.Trace(0))
		m.restack(waterfallScreen) // a list of one says nothing
	}
	compared := m.comparing.renew()
	shown := m.showAsked()
	var all tea.Cmd
	if m.where != "" {
		if !m.list.Typing() {
			m.list.SetQuery(m.where)
		}
		all = m.querying.queryAll(m.where)
	}
	return tea.Batch(again, all, compared, shown, m.tabs.follow(), m.learnWords(), m.follow())
}

// jobFailed says why a job came to nothing. What there was before stays.
func (m *model) jobFailed(r result) tea.Cmd {
	_, crashed := errors.AsType[*session.Crash](r.err)
	switch {
	case errors.Is(r.err, context.Canceled):
	case crashed:
		m.crashed(r.err)
		if m.crash != nil {
			return tea.Quit
		}
	case r.kind == jobQuery:
		m.list.SetQueryError(wrongAt(r.err))
	case r.kind == jobSearch:
		m.waterfall.SetQueryError(wrongAt(r.err))
	case r.kind == jobLoad:
		m.loadFailed(r.err)
	default:
		m.complainOf(r.kind, firstLine(r.err))
	}
	if r.kind == jobMore {
		m.asking.toEnd = false
	}
	if r.kind == jobCompare && (m.screen() == compareScreen || m.screen() == setsScreen) {
		m.leave() // there is nothing to show on it
	}
	if r.kind == jobLoad {
		m.stopLoading()
	}
	return nil
}

// loadFailed shows why nothing could be read, and what was asked. What there was before stays.
func (m *model) loadFailed(err error) {
	lines := strings.Split(err.Error(), "\n") // joined errors are a line each
	report := importreport.LoadReport{Failed: lines, Backends: m.asking.reports()}
	const sign = 4 // cells, with the margins
	why := m.asking.failed(err, m.w-sign)
	switch {
	case errors.Is(err, errStopped):
		m.say(why)
		m.asking.reported()
		return
	case m.set != nil:
		m.complainOf(jobLoad, why) // else the list has nothing but this to say
	}
	m.list.SetFailures(lines)
	m.diagnostics.SetLoad(report)
}

// crashed takes note of a panic: a file that changed leaves nothing to show, anything else ends the program.
func (m *model) crashed(err error) {
	c, ok := errors.AsType[*session.Crash](err)
	if ok && c.FileChanged() {
		m.trouble = "the file changed while it was open: it is shorter than it was; open it again"
		return
	}
	m.crash = c
}

// everything is what loading came to in the end.
type everything struct {
	*sources.Result
	report importreport.LoadReport
	rows   *tracelist.Arrangement // of all traces
}

// openAll is session.OpenInputs with an account of how it went.
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
	r, err := session.OpenInputs(ctx, inputs, stdin, demo, opt)
	if err != nil {
		return e, err
	}
	e.Result = r
	e.report.Took = time.Since(start)
	e.report.Inputs = inputReports(r)
	return e, nil
}

// relists returns what the rows of the same question were read into before: it is kept. It is nil where everything is read
// anew. It is called when the question is begun.
func relists(a *asking) *growing {
	if !a.again || a.was == nil || len(a.requests) != 1 || len(session.NotRead(a.was.requests)) == 0 {
		return nil
	}
	return a.was.feed
}

// relist asks for rows again, beside the traces of them that were read: of those only the ones that ended before the window,
// or have more spans now, are let go of.
func relist(ctx context.Context, a *asking, kept *growing, remote sources.Remote) (everything, error) {
	kept.Lock()
	defer kept.Unlock()
	var e everything
	began := time.Now()
	err := remote(ctx, kept.Feed)
	if err == nil {
		err = cmp.Or(ctx.Err(), a.notWhole(&sources.Result{}))
	}
	if err != nil {
		return e, err
	}
	kept.Forget(a.requests[0].Outdated(kept.Set()))
	e.Result = &sources.Result{Set: kept.Set(), Feed: kept.Feed}
	e.report.Took, e.report.Inputs = time.Since(began), inputReports(e.Result)
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
