package session

import (
	"context"
	"slices"
	"strings"
	"time"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/normalize"
	"tracefall/sources"
	"tracefall/sources/live"
	"tracefall/sources/query"
	"tracefall/sources/trace"
	"tracefall/views"
)

// enoughGood is how many good traces are asked for.
const enoughGood = 10

// GoodTraces asks the backend of a request for traces that a bad one is best compared with: of the same root operation,
// succeeded and whole. The time before the bad one comes first, as far as the request's window reaches, then the
// time after it, and then the same hour a day and a week before, until there are enough. Those with the nearest set of calls
// come first. What came is returned beside an error too.
func (b *Backends) GoodTraces(ctx context.Context, r *Request, bad *trace.Trace, watch func(live.Progress)) ([]compare.Baseline, error) {
	server, err := b.connect(r.Backend)
	if err != nil {
		return nil, err
	}
	text := query.Equals("service", bad.Root().Service())
	if name := bad.Root().Name(); normalize.Name(name) == name { // else there is an id in it, and no other trace has that
		text += " " + query.Equals("name", name)
	}
	q, err := query.Parse(text)
	if err != nil {
		return nil, err
	}
	feed := sources.NewFeed(b.settings.World.Reading)
	var before live.Progress // of the windows so far
	matching := map[trace.TraceID]bool{}
	for _, w := range goodWindows(r.Window, bad) {
		var now live.Progress
		question := live.Question{Query: q, Window: w, Limit: enoughGood - len(matching), Match: func(_ context.Context, set *trace.Set) (func(trace.TraceID) bool, error) {
			for i := range set.Len() {
				if t := set.Trace(i); compare.Suits(t, bad) {
					matching[t.ID()] = true
				}
			}
			return func(id trace.TraceID) bool { return matching[id] }, nil
		}}
		_, err = server.Find(ctx, question, feed, func(p live.Progress) {
			now = p
			p.Requests, p.Bytes, p.Traces, p.Matching = before.Requests+p.Requests, before.Bytes+p.Bytes, before.Traces+p.Traces, len(matching)
			watch(p)
		})
		if err != nil || len(matching) >= enoughGood {
			break
		}
		before.Requests, before.Bytes, before.Traces = before.Requests+now.Requests, before.Bytes+now.Bytes, before.Traces+now.Traces
	}
	return compare.BaselinesByShape(feed.Set(), bad), err
}

// nearest is how far from a bad trace good ones are looked for, where no window is named, and on the days before.
const nearest = 30 * time.Minute

// goodWindow is the window to ask about first: around the bad trace where none is named.
func goodWindow(asked live.Window, bad *trace.Trace) live.Window {
	if asked == (live.Window{}) {
		at := time.Unix(0, bad.Start())
		asked = live.Window{From: at.Add(-nearest), To: at.Add(nearest)}
	}
	return asked
}

// GoodTimes says when good traces were looked for that a bad one could be compared with.
func GoodTimes(clock views.ClockMode, r *Request, bad *trace.Trace) string {
	return "in " + WindowText(clock, goodWindow(r.Window, bad)) + ", or in the same hour a day or a week before"
}

// goodWindows are the windows to ask about, in this order.
func goodWindows(asked live.Window, bad *trace.Trace) []live.Window {
	const half, day = nearest, 24 * time.Hour
	at := time.Unix(0, bad.Start())
	asked = goodWindow(asked, bad)
	before, after := asked, asked
	if at.Before(before.To) {
		before.To = at
	}
	if at.After(after.From) {
		after.From = at
	}
	var windows []live.Window
	for _, w := range []live.Window{
		before, after, // the newest come first: of the time before, the nearest
		{From: at.Add(-day - half), To: at.Add(-day + half)}, {From: at.Add(-7*day - half), To: at.Add(-7*day + half)},
	} {
		if w.From.Before(w.To) {
			windows = append(windows, w)
		}
	}
	return windows
}

// BackendOf returns the request whose backend answered with a trace, nil for none.
func BackendOf(requests []*Request, t *trace.Trace) *Request {
	for _, r := range requests {
		if t.Root().Input() == r.Backend.Name {
			return r
		}
	}
	return nil
}

// Word is the input that is a trace of the request's backend.
func (r *Request) Word(id string) string {
	if isLink(r.Input) {
		return strings.TrimRight(r.Backend.URL, "/") + "/trace/" + id
	}
	return r.Backend.Name + ":" + id
}

// Windowed returns the request of an input that is a window of a backend, nil for any other.
func (b *Backends) Windowed(input string) *Request {
	requests, err := b.Requests([]string{input}, "")
	if err != nil || len(requests) == 0 || !requests[0].ID.IsZero() || isLink(input) {
		return nil
	}
	return requests[0]
}

// Widen lets good traces be looked for around the bad one, not in the last hour, where nobody named a window.
func (b *Backends) Widen(r *Request) {
	if s := b.Scope; s.Since == 0 && s.From.IsZero() && s.To.IsZero() {
		r.Window = live.Window{}
	}
}

// GoodTraces is Backends.GoodTraces for a command that prints, with its progress on standard error. What came counts, also
// where a part of it failed.
func (s *Settings) GoodTraces(ctx context.Context, r *Request, bad *trace.Trace) ([]compare.Baseline, error) {
	show := newProgressLine(s.World.Stderr)
	good, err := s.Backends.GoodTraces(ctx, r, bad, func(p live.Progress) { show.say(func() string { return r.ProgressText(s.Clock, p) }) })
	show.clear()
	if err != nil && len(good) > 0 && ctx.Err() == nil {
		Complain(s.World.Stderr, err)
		return good, nil
	}
	return good, err
}

// DiffWords are the words of a command line that compare two traces of the backend of a request: flags, and what is given
// to diff. A window is none of them, as the baseline may be of another day.
func (b *Backends) DiffWords(r *Request, good, bad *trace.Trace) (flags, diff []string) {
	for _, t := range []*trace.Trace{good, bad} {
		diff = append(diff, ShellQuote(r.Word(t.ID().String())))
	}
	return slices.Clone(b.words), diff
}
