package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/diagnose/compare"
	"tracefall/diagnose/secrets"
	"tracefall/sources/live"
	"tracefall/sources/query"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/palette"
	"tracefall/views/statistics"
	"tracefall/views/tracelist"
)

// fetching asks the backends for more than the traces of a window: for good ones to compare with, and for the open one
// again; and it saves what came.
type fetching struct {
	*workspace
	asking *asking
	now    func() time.Time

	rereadAfter []time.Duration // how long after it was opened a trace that may still grow is read again

	read   time.Time                   // when the latest load was begun
	again  map[trace.TraceID]time.Time // when traces were read again
	open   trace.TraceID               // the trace on the screen
	opened int                         // how many were on the screen before it
}

// rereadMsg says that it is time to read a trace again: where it is still open.
type rereadMsg struct{ opened int }

// growth is what was loaded, to read more into it; nil where it is not backends' alone, and while it is not there.
func (f *fetching) growth() *session.Growth {
	feed := f.asking.feed
	if feed == nil || len(f.asking.requests) < len(f.inputs) {
		return nil
	}
	return f.opt.Backends.Grow(feed.Feed, feed)
}

// asks returns the request whose backend answered with a trace, nil for none.
func (f *fetching) asks(t *trace.Trace) *session.Request {
	if t == nil || f.growth() == nil {
		return nil
	}
	return session.BackendOf(f.asking.requests, t)
}

// offer is where good traces to compare one with can be asked for, "" for nowhere.
func (f *fetching) offer(t *trace.Trace) string {
	if r := f.asks(t); r != nil {
		return "good traces from " + r.Backend.Name + " (same operation, no error)"
	}
	return ""
}

// goodTraces asks for traces to compare one with, for the overlay that is open.
func (f *fetching) goodTraces(bad *trace.Trace) tea.Cmd {
	r := f.asks(bad)
	if r == nil {
		return nil
	}
	backends, clock := f.opt.Backends, f.opt.Clock
	f.baselines.SetAsking("asking " + r.Backend.Name)
	type found struct {
		good []compare.Baseline
		err  error
	}
	return start(&f.jobs, jobBaselines, func(ctx context.Context, soFar progress) (found, error) {
		good, err := backends.GoodTraces(ctx, r, bad, session.Throttle(0, session.ProgressEvery, func(p live.Progress) {
			soFar(func() tea.Cmd {
				f.baselines.SetAsking(r.ProgressText(clock, p) + " · " + f.keys.key(views.Back) + " stops")
				return nil
			})
		}))
		return found{good, err}, ctx.Err()
	}, func(all found) tea.Cmd {
		if !f.choosing || f.baselines.Bad() != bad {
			return nil
		}
		f.baselines.SetAsking("")
		n := f.baselines.Add(all.good)
		switch {
		case all.err != nil:
			f.complain(firstLine(all.err))
		case n == 0:
			f.baselines.Offer("")
			f.say(r.Backend.Name + " has no further good trace of this operation " + session.GoodTimes(clock, r, bad))
		default:
			f.baselines.Offer("")
			f.say(draw.Amount(n, "good trace") + " from " + r.Backend.Name)
		}
		return nil
	})
}

// stopGood ends asking for traces to compare with.
func (f *fetching) stopGood() {
	f.jobs.stop(jobBaselines)
	f.baselines.SetAsking("")
	f.say("stopped asking")
}

// refresh reads the trace on the screen again, or asks for everything.
func (f *fetching) refresh() tea.Cmd {
	if f.inTrace() && f.asks(f.waterfall.Trace()) != nil {
		return f.reread(true)
	}
	return f.asking.refresh()
}

// reread reads the trace on the screen again. Selection, folds and zoom stay. Where somebody asked for it, it is said what
// came.
func (f *fetching) reread(asked bool) tea.Cmd {
	t := f.waterfall.Trace()
	r := f.asks(t)
	if r == nil {
		return nil
	}
	growth, began, arranger := f.growth(), f.now(), f.list.Arranger()
	type reread struct {
		set  *trace.Set
		rows *tracelist.Arrangement
	}
	if asked {
		f.say("asking " + r.Backend.Name + " for the trace again")
	}
	return start(&f.jobs, jobReread, func(ctx context.Context, _ progress) (reread, error) {
		set, err := growth.Reread(ctx, r, t)
		if err != nil {
			return reread{}, err
		}
		return reread{set, arranger.OfSet(set)}, nil
	}, func(all reread) tea.Cmd {
		f.again[t.ID()] = began
		if asked {
			f.say(rereadText(t, all.set.Find(t.ID())))
		}
		f.list.Hold()
		f.list.Use(all.rows)
		return f.asking.show(all.set)
	})
}

// rereadText says what reading a trace again brought.
func rereadText(old, now *trace.Trace) string {
	switch more := now.SpanCount() - old.SpanCount(); {
	case more > 0:
		return "read again: " + draw.Amount(more, "new span")
	case more < 0:
		return "read again: " + draw.Amount(-more, "span") + " fewer"
	}
	return "read again: no new spans"
}

// follow takes note of which trace is on the screen. One that may still grow says so, and is read again by itself.
func (f *fetching) follow() tea.Cmd {
	t := f.waterfall.Trace()
	if !f.inTrace() || f.asks(t) == nil {
		f.open = trace.TraceID{}
		return nil
	}
	grows := f.mayGrow(t)
	f.waterfall.SetGrows(grows)
	if f.open == t.ID() {
		return nil
	}
	f.open = t.ID()
	f.opened++
	if !grows {
		return nil
	}
	var ticks []tea.Cmd
	for _, after := range f.rereadAfter {
		msg := rereadMsg{f.opened}
		ticks = append(ticks, tea.Tick(after, func(time.Time) tea.Msg { return msg }))
	}
	return tea.Batch(ticks...)
}

// mayGrow reports whether a trace may have got spans since it was read.
func (f *fetching) mayGrow(t *trace.Trace) bool {
	read := f.read
	if again := f.again[t.ID()]; again.After(read) {
		read = again
	}
	return session.MayGrow(t, read)
}

// due reads the trace again whose time has come, where it is still open and may still grow.
func (f *fetching) due(msg rereadMsg) tea.Cmd {
	if msg.opened != f.opened || f.open.IsZero() || !f.mayGrow(f.waterfall.Trace()) {
		return nil
	}
	return f.reread(false)
}

// chooseService asks the backend of the list for its services and opens them to choose: what the server itself counted of them
// says which to look at.
func (f *fetching) chooseService() tea.Cmd {
	r, backends := f.asking.requests[0], f.opt.Backends
	f.say("asking " + r.Backend.Name + " for its services · " + f.keys.key(views.Back) + " stops")
	return start(&f.jobs, jobServices, func(ctx context.Context, _ progress) (session.Services, error) {
		return backends.Services(ctx, r)
	}, func(all session.Services) tea.Cmd {
		if f.hush(); f.whyNoServices() != "" || f.inPalette || len(f.asking.requests) == 0 || f.asking.requests[0] != r {
			return nil // something else was opened meanwhile
		}
		placeholder := "name of a service"
		if all.Uncounted != "" {
			placeholder = "name; no numbers: " + all.Uncounted
		}
		f.palette.OpenFor(palette.Choice{Title: "Services of " + r.Backend.Name, Placeholder: placeholder, Verb: "ask"}, serviceItems(all))
		f.inPalette = true
		return nil
	})
}

// serviceItems are services to choose, with what was counted in columns.
func serviceItems(all session.Services) []palette.Item {
	widest := 0
	for _, s := range all.List {
		widest = max(widest, draw.Width(draw.Clean(s.Service)))
	}
	var items []palette.Item
	for _, s := range all.List {
		item := palette.Item{Text: s.Service, Action: views.Ask{Text: query.Equals("service", s.Service)}}
		if session.HoldsSecret("service", s.Service) {
			item.Text, item.Action, item.Disabled = secrets.Masked(s.Service), nil, statistics.MaskedValue
		}
		if s.Calls > 0 {
			item.Note = strings.Repeat(" ", widest-draw.Width(draw.Clean(s.Service))) + serviceText(s)
		}
		items = append(items, item)
	}
	return items
}

// serviceText says what a server counted of a service.
func serviceText(s live.ServiceNumber) string {
	text := fmt.Sprintf("%8.2f calls/s  %6s errors", s.Calls, draw.PercentOf(s.Errors/s.Calls))
	if s.P95 > 0 {
		text += "  p95 " + draw.Duration(int64(s.P95))
	}
	return text
}

func (f *fetching) whyNoServices() string {
	switch {
	case f.asking.whyNoBackend() != "":
		return f.asking.whyNoBackend()
	case f.screen() != listScreen || !f.asking.window():
		return "only in the list of a backend"
	case f.loading:
		return "the backend is still being asked"
	}
	return ""
}

// save writes what was fetched to a new file.
func (f *fetching) save() tea.Cmd {
	set, name, at, reveal := f.set, f.asking.requests[0].Backend.Name, f.now(), f.reveal
	return start(&f.jobs, jobSave, func(ctx context.Context, _ progress) (string, error) {
		return session.SaveTraces(ctx, name, at, set, reveal)
	}, func(file string) tea.Cmd {
		text := "saved " + draw.Amount(set.Len(), "trace") + " to " + file
		if !reveal {
			text += ", secrets masked"
		}
		f.say(text)
		return nil
	})
}

// whyNotSave says why there is nothing to save; "" where there is.
func (f *fetching) whyNotSave() string {
	if why := f.asking.whyNoBackend(); why != "" {
		return why
	}
	if f.loading || f.set == nil {
		return "the backend is still being asked"
	}
	return ""
}
