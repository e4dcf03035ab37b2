package app

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/sources/live"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/palette"
	"tracefall/views/tracelist"
)

// refresh asks the same again, as far down as before: up to now where the window has no end of its own. A beginning of its own
// stays, so that no trace leaves the window. Selection, folds and query stay, and what is new is counted.
func (a *asking) refresh() tea.Cmd {
	if a.feed != nil {
		a.again = true
	}
	a.list.Hold()
	a.tellNew(session.Known(a.set, a.requests))
	return a.load()
}

// current is the window of the latest request.
func (a *asking) current() live.Window {
	for _, r := range a.requests {
		if r.ID.IsZero() {
			return r.Window
		}
	}
	return live.Window{}
}

// moveWindow asks about the time half a window earlier or later, not past now: one that comes to now is the latest such time
// from then on.
func (a *asking) moveWindow(later bool) tea.Cmd {
	w := a.current()
	length := w.To.Sub(w.From)
	half := length / 2
	if !later {
		half = -half
	}
	atNow := false
	if past := time.Until(w.To.Add(half)); past > 0 {
		half, atNow = half-past, later
	}
	if later && half < time.Second {
		a.say("the window ends now: " + a.keys.key(views.Refresh) + " asks again")
		return nil
	}
	scope := a.opt.Backends.Scope
	if scope.From, scope.To = w.From.Add(half), w.To.Add(half); atNow {
		scope.Since, scope.From, scope.To = length, time.Time{}, time.Time{}
	}
	return a.look(scope)
}

// setWindow asks about a window as it was chosen or typed.
func (a *asking) setWindow(text string) tea.Cmd {
	scope, err := a.opt.Backends.Scope.Within(a.opt.Clock, text)
	if err != nil {
		a.complain(err.Error())
		return nil
	}
	return a.look(scope)
}

// look asks about another window.
func (a *asking) look(scope session.Scope) tea.Cmd {
	a.opt.Backends.Scope = scope
	a.tellNew(nil)
	a.list.Hold()
	return a.load()
}

// chooseWindow opens the windows to choose.
func (a *asking) chooseWindow() {
	item := func(text string) palette.Item {
		return palette.Item{Text: "last " + text, Action: views.SetWindow{Text: text}}
	}
	var items []palette.Item
	now, w := a.opt.Backends.Scope, a.current()
	length := w.To.Sub(w.From).Round(time.Second)
	for _, since := range []string{"5m", "15m", "1h", "6h", "24h", "7d"} {
		one := item(since)
		if scope, err := now.Within(a.opt.Clock, since); err == nil && scope.Since == length && now.From.IsZero() && now.To.IsZero() {
			one.Note = "shown now"
		}
		items = append(items, one)
	}
	a.palette.OpenFor(palette.Choice{
		Title: "Time window", Placeholder: "30m, 14:02–14:31 or 2026-11-28 14:02–15:02", Verb: "ask",
		Typed: func(text string) (palette.Item, error) {
			scope, err := a.opt.Backends.Scope.Within(a.opt.Clock, text)
			switch {
			case err != nil:
				return palette.Item{}, err
			case scope.Since > 0:
				return item(text), nil
			}
			return palette.Item{Text: session.WindowText(a.opt.Clock, scope.Window(time.Now())), Action: views.SetWindow{Text: text}}, nil
		},
	}, items)
	a.inPalette = true
}

// chooseBackend opens the backends to choose.
func (a *asking) chooseBackend() {
	var items []palette.Item
	for _, one := range a.opt.Backends.List() {
		note := one.Kind + " · " + one.Place
		if one.Failed != "" {
			note += " · " + one.Failed
		}
		items = append(items, palette.Item{Text: one.Name, Note: note, Action: views.OpenBackend{Name: one.Name}})
	}
	a.palette.OpenFor(palette.Choice{Title: "Backends", Placeholder: "name of a backend", Verb: "open"}, items)
	a.inPalette = true
}

// goOn asks on when somebody went down to the end of the list.
func (a *asking) goOn() tea.Cmd {
	switch a.list.Wants() {
	case tracelist.WantMore:
		return a.more(false)
	case tracelist.WantAll:
		return a.more(true)
	default:
	}
	return nil
}

// loadAll asks for everything of the window.
func (a *asking) loadAll() tea.Cmd { return a.more(true) }

func (a *asking) whyNotAll() string {
	switch {
	case len(a.requests) == 0:
		return a.whyNoBackend()
	case a.loading || a.feed == nil:
		return "the backend is still being asked"
	case len(a.open()) == 0:
		return "all traces of the window are loaded"
	}
	return ""
}

// open are the requests that can be asked on.
func (a *asking) open() (open []*session.Request) {
	for _, r := range a.requests {
		if !r.Whole() {
			open = append(open, r)
		}
	}
	return open
}

// further is what asking on came to.
type further struct {
	set     *trace.Set
	rows    *tracelist.Arrangement
	replies []session.Reply
	err     error // what came stays
}

// more asks on, for as many traces as at first, or for all. The list stays as it is until there are some.
func (a *asking) more(toEnd bool) tea.Cmd {
	if a.whyNotAll() != "" {
		return nil
	}
	if a.toEnd = a.toEnd || toEnd; a.jobs.busy(jobMore) {
		return nil
	}
	open, feed, backends, arranger := a.open(), a.feed, a.opt.Backends, a.list.Arranger()
	limits := make([]int, len(open))
	for i, r := range open {
		r.Resume()
		if limits[i] = r.Limit; toEnd {
			limits[i] = 0
		}
		if r.Goal += limits[i]; limits[i] == 0 {
			r.Goal = 0
		}
	}
	a.list.Hold()
	asked := start(&a.jobs, jobMore, func(ctx context.Context, soFar progress) (further, error) {
		feed.Lock()
		defer feed.Unlock()
		var f further
		next := time.Now()
		for i, r := range open {
			said := session.Throttle(0, session.ProgressEvery, func(p live.Progress) {
				soFar(func() tea.Cmd { return a.underWay(r, p) })
			})
			r.Watch = func(p live.Progress) {
				said(p)
				if began := time.Now(); began.After(next) {
					set := feed.Set()
					soFar(func() tea.Cmd { return a.showMore(set) })
					next = time.Now().Add(max(leastBetween, shareOfShowing*time.Since(began)))
				}
			}
			reply, err := backends.AskOn(ctx, r, limits[i], feed.Feed)
			if ctx.Err() != nil {
				return f, ctx.Err()
			}
			f.replies = append(f.replies, reply)
			if f.err == nil {
				f.err = err
			}
		}
		f.set = feed.Set()
		f.rows = arranger.OfSet(f.set)
		return f, nil
	}, func(f further) tea.Cmd {
		for i, reply := range f.replies {
			open[i].Take(reply)
		}
		return a.cameTo(f, toEnd)
	})
	a.showSource()
	return asked
}

// How often rows are shown while it is asked on: not in all of the time, however many there are.
const (
	leastBetween   = 100 * time.Millisecond
	shareOfShowing = 10
)

// underWay says in the list how far asking on is.
func (a *asking) underWay(r *session.Request, p live.Progress) tea.Cmd {
	a.list.SetGoing(askingOn(r.Backend.Name) + " · " + session.CountsText(a.opt.Clock, p) + " · " + a.keys.key(views.Back) + " stops")
	return nil
}

// showMore shows what has come so far, where that is looked at.
func (a *asking) showMore(set *trace.Set) tea.Cmd {
	if a.screen() != listScreen || set.Len() == a.set.Len() {
		return nil
	}
	return a.show(set)
}

// cameTo shows what asking on came to.
func (a *asking) cameTo(f further, toEnd bool) tea.Cmd {
	if f.err != nil {
		a.toEnd = false
		a.complainOf(jobMore, firstLine(f.err))
	}
	a.reported()
	a.list.Use(f.rows)
	shown := a.show(f.set)
	if a.toEnd && !toEnd {
		return tea.Batch(shown, a.more(true)) // somebody wanted all of them meanwhile
	}
	a.toEnd = false
	return shown
}

// opened is something that lies behind what is open.
type opened struct {
	questions
	inputs   []string
	set      *trace.Set
	where    string
	selected trace.TraceID
	stories  []session.Incident
	incident *session.Incident
}

// openBackend opens the window of a backend. What is open stays behind it, with everything that was loaded.
func (a *asking) openBackend(name string) tea.Cmd {
	if a.loading {
		a.again = false
		a.jobs.stop(jobLoad)
		a.stopLoading()
	}
	a.stopAdding()
	if a.set != nil {
		o := opened{questions: a.questions, inputs: a.inputs, set: a.set, where: a.where, stories: a.stories, incident: a.opt.Incident}
		o.scope = a.opt.Backends.Scope
		if t := a.list.Selected(); t != nil {
			o.selected = t.ID()
		}
		a.behind = append(a.behind, o)
	}
	a.questions, a.was = questions{}, nil
	a.opt.Backends.Scope.From, a.opt.Backends.Scope.To = time.Time{}, time.Time{}
	return tea.Batch(a.turnTo(opened{inputs: []string{name + ":"}, set: trace.NewBuilder().Build()}), a.load())
}

// comeBack shows again what lies behind what is open, without asking.
func (a *asking) comeBack() tea.Cmd {
	n := len(a.behind) - 1
	o := a.behind[n]
	a.behind = a.behind[:n]
	for _, r := range a.requests {
		r.Halt()
	}
	a.jobs.stop(jobLoad)
	a.stopLoading()
	a.stopAdding()
	a.questions, a.was, a.again = o.questions, nil, false
	a.opt.Backends.Scope = o.scope
	shown := a.turnTo(o)
	a.list.Select(o.selected)
	if len(a.requests) > 0 && a.feed == nil {
		return tea.Batch(shown, a.load()) // it was left before it was answered
	}
	a.reported()
	return shown
}

// turnTo shows the list of something that was opened.
func (a *asking) turnTo(o opened) tea.Cmd {
	a.restack(listScreen)
	a.inputs, a.where, a.answer = o.inputs, o.where, nil
	a.stories, a.opt.Incident = o.stories, o.incident
	a.list.SetInputs(session.ShownInputs(a.inputs))
	a.list.SetFailures(nil)
	a.jobs.stop(jobDiagnose)
	a.judged, a.report = nil, nil
	a.jobs.stop(jobComplete)
	a.jobs.stop(jobVocabulary)
	a.words = newVocabularies() // another backend knows other ones
	a.list.Forget()
	a.tellNew(nil)
	a.list.SetDiagnosing(views.Diagnosing{})
	a.list.SetQuery(o.where)
	a.list.SetFilter(nil)
	return a.show(o.set)
}

// canFetch reports whether a trace that is not loaded can be asked for by itself.
func (a *asking) canFetch(id trace.TraceID) bool {
	return a.feed != nil && a.set != nil && a.set.Find(id) == nil && len(a.requests) > 0 && !id.IsZero() && id.Text == "" && a.absent != id
}

// fetched is a set with a trace more, or why it was not had.
type fetched struct {
	set *trace.Set
	err error
}

// fetch asks the backends for one trace, adds it to what is loaded, and goes on with it.
func (a *asking) fetch(id trace.TraceID, then func()) tea.Cmd {
	requests, feed, backends := a.requests, a.feed, a.opt.Backends
	a.say("asking for trace " + id.String() + " · " + a.keys.key(views.Back) + " stops")
	return start(&a.jobs, jobFetch, func(ctx context.Context, _ progress) (f fetched, err error) {
		feed.Lock()
		defer feed.Unlock()
		for _, r := range requests {
			err := backends.Fetch(ctx, r, id, feed.Feed)
			if err == nil {
				f.err = nil
				break
			}
			if f.err == nil || !errors.Is(err, live.ErrNoTrace) {
				f.err = err // a backend that did not answer may have it
			}
		}
		if ctx.Err() != nil {
			return f, ctx.Err()
		}
		f.set = feed.Set()
		return f, nil
	}, func(f fetched) tea.Cmd {
		if f.err != nil {
			if a.asked = (asked{}); errors.Is(f.err, live.ErrNoTrace) {
				a.absent = id
			}
			a.complain(firstLine(f.err))
			return nil
		}
		a.hush()
		shown := a.show(f.set)
		if then != nil {
			then()
		}
		return tea.Batch(shown, a.follow())
	})
}
