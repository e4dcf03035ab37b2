package app

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/sources"
	"tracefall/sources/live"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/importreport"
	"tracefall/views/palette"
	"tracefall/views/tracelist"
)

// asking is what the explorer does with inputs that backends answer.
type asking struct {
	*workspace
	load     func() tea.Cmd     // reads all inputs anew
	requests []*session.Request // of the latest load
	text     string             // the query that they ask
	again    bool               // what was loaded before stays until they are answered
	answered *tracelist.Source  // of what is shown, nil for files
}

// begin makes the requests of a load, for the query in force, and says how their inputs are read.
func (a *asking) begin(opt *sources.Options) error {
	for _, r := range a.requests {
		r.Halt()
	}
	var err error
	if a.requests, err = a.opt.Backends.Requests(a.inputs, a.where); err != nil {
		return err
	}
	a.text, a.again = a.where, a.set != nil && len(a.requests) == len(a.inputs)
	a.list.SetRemote(len(a.requests) > 0)
	a.showSource()
	opt.Remote, err = a.opt.Backends.Ask(a.requests)
	return err
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

// window returns whether a window of time is asked about: its answer changes with the time.
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
	return len(a.requests) > 0
}

// ended takes note of the answers, and returns what the import report says of them.
func (a *asking) ended() []importreport.BackendReport {
	a.answered = a.showSource()
	return a.reports()
}

// failed takes note that nothing came, and returns what the import report says of it: what was answered before is shown.
func (a *asking) failed() []importreport.BackendReport {
	if a.set != nil {
		a.list.SetSource(a.answered)
	}
	return a.reports()
}

// reports are what the import report says of the latest requests.
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
		parts = append(parts, fmt.Sprintf("%d · %s · %s", e.Status, draw.Bytes(e.Bytes), e.Took.Round(time.Millisecond)))
	}
	if e.Text != "" {
		parts = append(parts, e.Text)
	}
	return strings.Join(parts, "  ")
}

// showSource says in the list who is asked about which window, and who answered what. It returns what the list is told.
func (a *asking) showSource() *tracelist.Source {
	if len(a.requests) == 0 || len(a.requests) < len(a.inputs) || !a.window() {
		a.list.SetSource(nil)
		return nil
	}
	r := a.requests[0]
	source := &tracelist.Source{Name: r.Title(), Window: session.WindowText(a.opt.Clock, r.Window)}
	if len(a.requests) > 1 {
		source.Name += fmt.Sprintf(" and %d more", len(a.requests)-1)
	}
	if answer := r.Answer; answer != nil {
		if source.More = answer.Complete.After(answer.Window.From); source.More {
			source.Down = session.WindowTime(a.opt.Clock, answer.Complete)
		}
		source.Partial, source.Notes = len(answer.Cut) > 0, r.Notes(a.opt.Clock)
		source.Answered = answeredText(answer)
	}
	a.list.SetSource(source)
	return source
}

// answeredText says who answered which part of a question.
func answeredText(answer *live.Answer) string {
	var parts []string
	switch n := len(answer.Asked); {
	case n == 1:
		parts = append(parts, "server: "+answer.Asked[0])
	case n > 1: // one by one they stand in the import report
		parts = append(parts, fmt.Sprintf("server: %s and %d more", answer.Asked[0], n-1))
	}
	if here := strings.Join(answer.Here, " "); here != "" {
		parts = append(parts, "here: "+here)
	}
	return strings.Join(append(parts, draw.Duration(int64(answer.Took)), draw.Amount(answer.Requests, "request")), " · ")
}

// whyNoBackend says why there is nothing to ask; "" where there is.
func (a *asking) whyNoBackend() string {
	if len(a.requests) == 0 {
		return "what is open is no backend"
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

// toNow moves the window to now: it keeps its length.
func (a *asking) toNow() {
	scope := &a.opt.Backends.Scope
	if w := a.current(); !scope.From.IsZero() || !scope.To.IsZero() {
		scope.Since, scope.From, scope.To = w.To.Sub(w.From), time.Time{}, time.Time{}
	}
}

// move moves the window by half of its length, not past now.
func (a *asking) move(later bool) {
	w := a.current()
	half := w.To.Sub(w.From) / 2
	if !later {
		half = -half
	}
	if past := time.Until(w.To.Add(half)); past > 0 {
		half -= past
	}
	scope := &a.opt.Backends.Scope
	scope.From, scope.To = w.From.Add(half), w.To.Add(half)
}

// current is the window that was asked about.
func (a *asking) current() live.Window {
	for _, r := range a.requests {
		if r.ID.IsZero() {
			return r.Window
		}
	}
	return live.Window{}
}

// since makes the window the time from some time ago to now.
func (a *asking) since(text string) error {
	d, err := session.ParseSince(text)
	if err != nil {
		return err
	}
	scope := &a.opt.Backends.Scope
	scope.Since, scope.From, scope.To = d, time.Time{}, time.Time{}
	return nil
}

// windowItems are the windows to choose.
func windowItems() []palette.Item {
	var items []palette.Item
	for _, since := range []string{"5m", "15m", "1h", "6h", "24h", "7d"} {
		items = append(items, palette.Item{Kind: palette.KindCommand, Text: "last " + since, Action: views.SetWindow{Since: since}})
	}
	return items
}

// backendItems are the backends to choose.
func (a *asking) backendItems() []palette.Item {
	var items []palette.Item
	for _, one := range a.opt.Backends.List() {
		note := one.Kind + " · " + one.Place
		if one.Failed != "" {
			note += " · " + one.Failed
		}
		items = append(items, palette.Item{Kind: palette.KindCommand, Text: one.Name, Note: note, Action: views.OpenBackend{Name: one.Name}})
	}
	return items
}

// choose opens the palette with nothing but these items.
func (a *asking) choose(items []palette.Item) {
	a.palette.SetItems(items)
	a.palette.Open("")
	a.inPalette = true
}

// refresh asks again about the time until now. Selection, folds and query stay.
func (a *asking) refresh() tea.Cmd {
	a.toNow()
	return a.load()
}

// moveWindow asks about the time half a window earlier or later.
func (a *asking) moveWindow(later bool) tea.Cmd {
	a.move(later)
	return a.load()
}

// askedAnew asks the backends for a query that was entered, where they were asked for another one.
func (a *asking) askedAnew(q views.Query) tea.Cmd {
	if !q.Done || a.screen() != listScreen || !a.window() || q.Text == a.text || session.CheckQuery(q.Text) != nil {
		return nil
	}
	return a.load()
}

// openBackend opens the window of a backend in place of what is open.
func (a *asking) openBackend(name string) tea.Cmd {
	a.inputs, a.set, a.stack = []string{name + ":"}, nil, []screenID{listScreen}
	a.list.SetInputs(a.inputs)
	return a.load()
}
