package app

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/sources/live"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/importreport"
	"tracefall/views/logs"
)

// logging is what the explorer does with log stores: it asks one when the tab of logs wants to know, and no sooner.
type logging struct {
	*workspace
	fetching *fetching
}

// panel returns the tab of logs.
func (l *logging) panel() *logs.Logs {
	panel, _ := l.byID[l.tabID(views.ShowLogs, ofTrace)].(*logs.Logs)
	return panel
}

// whyNot says why a trace has no log store, "" where it has one.
func (l *logging) whyNot(t *trace.Trace) string {
	if _, err := l.opt.Backends.LogStore(t); err != nil {
		return err.Error()
	}
	return ""
}

// ask asks the log store of a trace for its lines, as a job, or ends that.
func (l *logging) ask(a views.AskLogs) tea.Cmd {
	l.jobs.stop(jobLogs)
	panel, t := l.panel(), a.Trace
	if a.Limit == 0 {
		return nil
	}
	cfg, err := l.opt.Backends.LogStore(t)
	if err != nil {
		panel.SetFailed(err.Error())
		return nil
	}
	panel.SetPlace(session.LogPlace(cfg))
	type came struct {
		answer live.LogAnswer
		lines  *logs.Lines
		ready  func(*trace.Trace)
		n      int
		err    error
	}
	backends := l.opt.Backends
	return start(&l.jobs, jobLogs, func(ctx context.Context, _ progress) (came, error) {
		lines, answer, err := backends.LogLines(ctx, cfg, t, a.Limit)
		if ctx.Err() != nil {
			return came{}, ctx.Err()
		}
		return came{answer, logs.Read(t, lines), func(of *trace.Trace) {
			l.detail.SetLogs(of, lines)
			l.waterfall.SetLogs(of, lines)
		}, len(lines), err}, nil
	}, func(c came) tea.Cmd {
		l.report(cfg, c.answer)
		if c.err != nil {
			panel.SetFailed(c.err.Error())
			return nil
		}
		panel.SetLines(c.lines, session.LogNotes(c.answer, c.n, l.opt.ClockFor(t.Start())), c.answer.More)
		c.ready(t)
		return nil
	})
}

// askAgain asks the log store again where its tab is on the screen, else the backend.
func (l *logging) askAgain() tea.Cmd {
	if !l.onTab(views.ShowLogs) {
		return l.fetching.refresh()
	}
	if again, ok := l.panel().Again().(views.AskLogs); ok {
		return l.ask(again)
	}
	return nil
}

// whyNotAgain says why there is nobody to ask again.
func (l *logging) whyNotAgain() string {
	if l.onTab(views.ShowLogs) {
		return ""
	}
	return l.fetching.asking.whyNoBackend()
}

// report shows in the import report what a log store was asked.
func (l *logging) report(cfg live.LogConfig, answer live.LogAnswer) {
	r := importreport.BackendReport{
		Name: cfg.Name, URL: session.ShownURL(cfg.URL), Server: string(cfg.Kind),
		Asked: answer.Asked, Requests: answer.Requests, Bytes: answer.Bytes,
	}
	for _, e := range l.opt.Backends.LogEvents(cfg.Name) {
		r.Events = append(r.Events, eventText(e))
	}
	l.diagnostics.SetLogs(r)
}
