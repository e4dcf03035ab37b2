package app

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"sync"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/diagnose/rule"
	"tracefall/sources"
	"tracefall/sources/live"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/importreport"
	"tracefall/views/prompt"
	"tracefall/views/tracelist"
)

// asking is what the explorer does with inputs that backends answer.
type asking struct {
	*workspace
	load func() tea.Cmd           // reads all inputs anew
	show func(*trace.Set) tea.Cmd // in the place of what was shown

	questions
	was    *questions               // those answered before, while others are under way; nil for none
	again  bool                     // the same is asked again: what was loaded before stays until it is answered
	toEnd  bool                     // it is asked on for everything
	known  func(trace.TraceID) bool // whether a trace was there before it was asked again; nil where it was not
	behind []opened
}

// questions are the requests of a load, and what came of them.
type questions struct {
	requests []*session.Request
	text     string        // the query that they ask
	scope    session.Scope // the window is of
	feed     *growing      // nil until they are answered
	absent   trace.TraceID // the trace that was asked for by itself and is not there
	account  importreport.LoadReport
}

// growing is the feed of what was loaded. Only one job at a time asks on.
type growing struct {
	sync.Mutex
	*sources.Feed
}

// begin makes the requests of a load, for the query in force, and says how their inputs are read.
func (a *asking) begin(opt *sources.Options) error {
	a.stopAdding()
	requests, err := a.opt.Backends.Requests(a.inputs, a.where)
	if err == nil {
		opt.Remote, err = a.opt.Backends.Ask(requests, a.light(requests))
	}
	if err != nil {
		a.again = false
		return err
	}
	if opt.Grow = len(requests) > 0; a.again {
		for i, r := range a.requests {
			if i < len(requests) {
				requests[i].Goal = r.Goal // as far as before
			}
		}
		if len(requests) == 1 && requests[0].Goal > 0 {
			requests[0].Goal = max(requests[0].Goal, a.matching()) // what watching added stays too
		}
	}
	if a.was == nil && a.feed != nil {
		was := a.questions
		a.was = &was
	}
	for _, r := range a.requests {
		r.Halt()
	}
	a.questions = questions{requests: requests, text: a.where, scope: a.opt.Backends.Scope}
	a.list.SetRemote(len(a.requests) > 0)
	a.showSource()
	return nil
}

// matching is how many of the loaded traces match the query in force.
func (a *asking) matching() int {
	switch {
	case a.answer != nil:
		return a.answer.Traces
	case a.set == nil || a.where != "":
		return 0
	}
	return a.set.Len()
}

// tellNew counts what is new against what was there, from now on; nil: nothing is.
func (a *asking) tellNew(there func(trace.TraceID) bool) {
	a.known = there
	a.list.SetBefore(there)
}

// stopAdding ends what adds to what was loaded, as something else takes its place.
func (a *asking) stopAdding() {
	for _, kind := range []jobKind{jobMore, jobFetch, jobUnread, jobReread, jobWatch} {
		a.jobs.stop(kind)
	}
	a.toEnd = false
}

// errStopped is why an answer that somebody stopped does not take the place of what was there.
var errStopped = errors.New("stopped asking")

// failed goes back to what was asked before, and says why in at most width cells, and what stays.
func (a *asking) failed(err error, width int) string {
	if a.again = false; a.was == nil || a.set == nil {
		return firstLine(err)
	}
	a.questions, a.was = *a.was, nil
	a.opt.Backends.Scope = a.scope
	a.showSource()
	if failure, ok := errors.AsType[*live.KeptError](err); ok {
		err = &sources.InputError{Input: a.requests[0].Backend.Name, Problem: strings.TrimPrefix(failure.Err.Error(), a.requests[0].Backend.Name+": ")}
	}
	why, kept, short := firstLine(err), a.kept(), draw.Amount(a.set.Len(), "trace")+" kept"
	// Where there is no room, why is cut: what is refused or unknown stands at its beginning.
	return cmp.Or(draw.FirstFitting(width, why+"; "+kept, why+"; "+short), short+": "+why)
}

// kept says what stays where asking again failed.
func (a *asking) kept() string {
	text := draw.Amount(a.set.Len(), "trace")
	if r := a.requests[0]; r.Answer != nil && r.ID.IsZero() {
		text += " down to " + session.WindowTime(a.opt.Clock, r.Answer.Complete)
	}
	return text + " " + rule.Verb(a.set.Len(), "is", "are") + " kept; " + a.keys.key(views.Refresh) + " asks again"
}

// notWhole returns why an answer does not take the place of what was there: it is asked again, and did not come whole.
func (a *asking) notWhole(r *sources.Result) error {
	if !a.again {
		return nil
	}
	for _, q := range a.requests {
		if q.Halted {
			return errStopped
		}
	}
	for _, f := range r.Failures {
		return f
	}
	return nil
}

// light says whether rows may stand for traces: not where the command line asks for something in one of them.
func (a *asking) light(requests []*session.Request) live.Light {
	if a.asked != (asked{}) || a.opt.AskedSets != nil {
		return live.Whole
	}
	return a.opt.Backends.Sparing(a.inputs, requests)
}

// watch shows how far the requests are. It is called by the job of the load, with its copy.
func (a *asking) watch(soFar progress) {
	for _, r := range a.requests {
		r.Watch = session.Throttle(0, session.ProgressEvery, func(p live.Progress) {
			soFar(func() tea.Cmd {
				a.list.SetProgress(tracelist.LoadProgress{Loading: true, Input: r.Input, Text: r.ProgressText(a.opt.Clock, p)})
				return nil
			})
		})
	}
}

// answers reports whether an input is a backend's.
func (a *asking) answers(input string) bool {
	for _, r := range a.requests {
		if r.Input == input {
			return true
		}
	}
	return false
}

// window reports whether a request is for a window of time, whose answer changes with the time.
func (a *asking) window() bool {
	for _, r := range a.requests {
		if r.ID.IsZero() {
			return true
		}
	}
	return false
}

// halt ends asking, and reports whether anything was asked. What came stays.
func (a *asking) halt() bool {
	for _, r := range a.requests {
		r.Halt()
	}
	a.toEnd = false
	return len(a.requests) > 0
}

// ended takes note of the answers, and of what was read.
func (a *asking) ended(report importreport.LoadReport, feed *sources.Feed) {
	switch {
	case feed == nil:
		a.feed = nil
	case a.was != nil && a.was.feed != nil && a.was.feed.Feed == feed: // with its lock, which a job may hold
		a.feed = a.was.feed
	default:
		a.feed = &growing{Feed: feed}
	}
	a.was, a.again = nil, false
	a.account = report
	a.reported()
}

// reported shows in the list and in the import report what the backends answered.
func (a *asking) reported() {
	a.showSource()
	a.account.Backends = a.reports()
	a.diagnostics.SetLoad(a.account)
}

// reports are the import report's parts for the backends.
func (a *asking) reports() (reports []importreport.BackendReport) {
	for _, r := range a.requests {
		one := importreport.BackendReport{Name: r.Backend.Name, URL: r.Place()}
		for _, e := range a.opt.Backends.Events(r.Backend.Name) {
			one.Events = append(one.Events, eventText(e))
		}
		if answer := r.Answer; answer != nil {
			one.Server, one.Asked, one.Here = answer.Server, answer.Asked, answer.Here
			one.Requests, one.Bytes = answer.Requests, answer.Bytes
			for _, approx := range answer.Approx {
				one.Approx = append(one.Approx, approx.Term+": "+approx.Reason)
			}
		}
		one.Notes = r.Notes(a.opt.Clock)
		reports = append(reports, one)
	}
	return reports
}

// eventText writes a request, or what was learnt, as a line.
func eventText(e live.Event) string {
	parts := []string{e.At.UTC().Format("15:04:05")}
	if e.Request != "" {
		parts = append(parts, e.Request)
	}
	if e.Status != 0 {
		parts = append(parts, fmt.Sprintf("%d · %s · %s", e.Status, draw.Bytes(e.Bytes), draw.Duration(int64(e.Took))))
	}
	if e.Text != "" {
		parts = append(parts, e.Text)
	}
	return strings.Join(parts, "  ")
}

// showSource shows in the list which backend and window the traces come from, and who answered what.
func (a *asking) showSource() {
	if len(a.requests) == 0 || len(a.requests) < len(a.inputs) || !a.window() {
		a.list.SetSource(nil)
		return
	}
	r := a.requests[0]
	source := &tracelist.Source{Name: r.Title(), Brief: r.Backend.Name, Window: session.WindowText(a.opt.Clock, r.Window)}
	if len(a.requests) > 1 {
		more := fmt.Sprintf(" and %d more", len(a.requests)-1)
		source.Name += more
		source.Brief += more
	}
	for _, r := range a.requests {
		if source.More = source.More || r.Answer != nil && !r.Whole(); source.More && source.Down == "" {
			source.Down = session.WindowShort(a.opt.Clock, r.Answer.Complete)
		}
	}
	if answer := r.Answer; answer != nil {
		source.Partial, source.Notes = len(answer.Cut) > 0, r.Notes(a.opt.Clock)
		source.Answered = answeredParts(answer)
	}
	if a.jobs.busy(jobMore) {
		source.Going = askingOn(source.Brief)
	}
	a.list.SetSource(source)
}

// askingOn says that a backend is asked on.
func askingOn(name string) string { return "asking " + name + " for older traces" }

// answeredParts say who answered which part of a question, and how long it took. A server's language stands in the import
// report.
func answeredParts(answer *live.Answer) []string {
	var parts []string
	if asked := strings.Join(answer.Terms, " "); asked != "" {
		parts = append(parts, "server: "+asked)
	}
	if here := strings.Join(answer.Here, " "); here != "" {
		parts = append(parts, "here: "+here)
	}
	return append(parts, prompt.Notes{Took: answer.Took}.TookText(), draw.Amount(answer.Requests, "request"))
}

// whyNoBackend says why there is nothing to ask; "" where there is.
func (a *asking) whyNoBackend() string {
	if len(a.requests) == 0 {
		return "no backend is open"
	}
	return ""
}

// whyNoWindow says why there is no window to move; "" where there is one.
func (a *asking) whyNoWindow() string {
	if a.screen() != listScreen || !a.window() {
		return views.NotHere
	}
	return ""
}

// askedAnew asks the backends for a query that was entered, where they were asked for another one.
func (a *asking) askedAnew(q views.Query) tea.Cmd {
	if !q.Done || a.screen() != listScreen || !a.window() || q.Text == a.text || session.CheckQuery(q.Text) != nil {
		return nil
	}
	a.tellNew(nil)
	a.list.Hold()
	return a.load()
}

// firstLine is the first of joined errors.
func firstLine(err error) string {
	text, _, _ := strings.Cut(err.Error(), "\n")
	return text
}
