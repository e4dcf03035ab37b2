package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"tracefall/diagnose"
	"tracefall/sources"
	"tracefall/sources/live"
	"tracefall/sources/query"
	"tracefall/sources/query/ask"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// Open reads the inputs of a command that prints; those that are backends' are asked for what a query selects, "" for
// everything. Inputs that cannot be read are said on standard error; the error is ErrFailedInputs then, and the result
// holds what the others gave.
func (s *Settings) Open(ctx context.Context, inputs []string, where string) (*sources.Result, error) {
	return s.open(ctx, inputs, where, live.Whole)
}

// OpenListed is Open for a command that lists traces: with --light backends answer with rows where they have them.
func (s *Settings) OpenListed(ctx context.Context, inputs []string, where string) (*sources.Result, error) {
	if s.Backends.Scope.Light {
		return s.open(ctx, inputs, where, live.RowsOnly)
	}
	return s.Open(ctx, inputs, where)
}

func (s *Settings) open(ctx context.Context, inputs []string, where string, light live.Light) (*sources.Result, error) {
	w, opt := s.World, s.World.Reading
	requests, err := s.Backends.Requests(inputs, where)
	if err != nil {
		return nil, err
	}
	if opt.Remote, err = s.Backends.Ask(requests, light); err != nil {
		return nil, err
	}
	show := newProgressLine(w.Stderr)
	opt.Progress = func(p sources.Progress) {
		if opt.Remote[p.Input] == nil {
			show.say(func() string { return ProgressText(p) })
		}
	}
	for _, r := range requests {
		r.Watch = func(p live.Progress) { show.say(func() string { return r.ProgressText(s.Clock, p) }) }
	}
	result, err := OpenInputs(ctx, inputs, w.Stdin, w.Demo, opt)
	show.clear()
	s.Answered = append(s.Answered, requests...)
	if err != nil {
		return nil, err
	}
	for _, failure := range result.Failures {
		Complain(w.Stderr, failure)
		err = ErrFailedInputs
	}
	for _, r := range requests {
		notes := r.Notes(s.Clock)
		if r.Answer != nil && !r.Failed && r.ID.IsZero() && result.Set.Len() == 0 && len(notes) == 0 {
			notes = append(notes, fmt.Sprintf("%s: no trace from %s: --since, --from and --to choose another window", r.Backend.Name, WindowText(s.Clock, r.Window)))
		}
		for _, text := range notes {
			Complain(w.Stderr, errors.New(text))
		}
	}
	return result, err
}

// Ask returns how inputs are read that backends answer, by input, and whether with rows.
func (b *Backends) Ask(requests []*Request, light live.Light) (map[string]sources.Remote, error) {
	remotes := map[string]sources.Remote{}
	for _, r := range requests {
		server, err := b.connect(r.Backend)
		if err != nil {
			return nil, err
		}
		q, err := query.Parse(r.Query)
		if err != nil {
			return nil, err
		}
		r.server = server.Backend
		r.search = server.Search(live.Question{
			Query: q, Window: r.Window, Exact: b.Scope.Exact, Light: light, Match: b.matching(r.Query), OnlyMatching: !restsOnOthers(q),
		})
		remotes[r.Input] = func(ctx context.Context, feed *sources.Feed) error {
			reply, err := b.AskOn(ctx, r, r.Goal, feed)
			r.Take(reply)
			return err
		}
	}
	return remotes, nil
}

// Reply is what a request came to.
type Reply struct {
	Answer *live.Answer // nil where nothing was answered
	Halted bool         // it was halted before the end
	Failed bool         // it ended with an error
}

// Take notes what a request came to.
func (r *Request) Take(reply Reply) {
	r.Answer, r.Halted, r.Failed = reply.Answer, reply.Halted, reply.Failed
}

// AskOn asks a request of Ask on, for so many traces more that match, 0 for all, and adds them to a feed. It writes
// nothing into the request, so that others may read it meanwhile; but no request is asked twice at the same time.
func (b *Backends) AskOn(ctx context.Context, r *Request, limit int, feed *sources.Feed) (reply Reply, err error) {
	b.asking.Add(1)
	defer b.asking.Done()
	halt := r.halt
	asking, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(halt, cancel)()
	if r.ID.IsZero() {
		reply.Answer, err = r.search.More(asking, limit, feed, r.Watch)
	} else {
		reply.Answer, err = r.server.Trace(asking, r.ID, r.Window, feed)
	}
	if halt.Err() != nil && ctx.Err() == nil && errors.Is(err, context.Canceled) {
		reply.Halted, err = true, nil
	}
	if ctx.Err() == nil {
		b.ended(r.Backend.Name, err)
	}
	if reply.Failed = err != nil; reply.Failed { // which may name the backend by itself
		problem := strings.TrimPrefix(err.Error(), r.Backend.Name+": ")
		if errors.Is(err, live.ErrNoTrace) {
			problem += r.wholeID() + b.elsewhere(r)
		}
		return reply, &sources.InputError{Input: r.Backend.Name, Problem: problem, Err: err}
	}
	return reply, nil
}

// wholeID says that a backend wants all of an id, where what was named looks like the beginning of one.
func (r *Request) wholeID() string {
	if _, id, _ := strings.Cut(r.Input, ":"); isLink(r.Input) || id == "" || len(id) >= 16 {
		return ""
	}
	return "; a backend finds whole ids only, the beginning of one finds traces in files"
}

// Fetch asks the backend of a request for one trace more.
func (b *Backends) Fetch(ctx context.Context, r *Request, id trace.TraceID, feed *sources.Feed) error {
	_, err := r.server.Trace(ctx, id, live.Window{}, feed)
	if ctx.Err() == nil {
		b.ended(r.Backend.Name, err)
	}
	return err
}

// restsOnOthers reports whether it depends on other traces which ones match: what a detector finds in one rests on what is usual.
func restsOnOthers(q *query.Query) bool { return q.AsksAbout(query.FieldFinding) }

// matching tells which traces of a set match a query, nil for every one.
func (b *Backends) matching(text string) func(context.Context, *trace.Set) (func(trace.TraceID) bool, error) {
	if text == "" {
		return nil
	}
	opt := diagnose.Options{Thresholds: b.settings.Thresholds()}
	return func(ctx context.Context, set *trace.Set) (func(trace.TraceID) bool, error) {
		found, err := RunQuery(ctx, NewAnalysis(ctx, set, opt), text, nil)
		if err != nil {
			return nil, err
		}
		matches := make(map[trace.TraceID]bool, len(found.Places))
		for _, place := range found.Places {
			matches[set.Trace(place).ID()] = true
		}
		return func(id trace.TraceID) bool { return found.All || matches[id] }, nil
	}
}

// ProgressText says who is asked, and how far asking is.
func (r *Request) ProgressText(clock views.ClockMode, p live.Progress) string {
	return "asking " + r.Backend.Name + " · " + CountsText(clock, p)
}

// CountsText says how far asking is.
func CountsText(clock views.ClockMode, p live.Progress) string {
	parts := []string{draw.CountNoun(p.Requests, "request", "requests"), draw.Bytes(p.Bytes), draw.CountNoun(p.Traces, "trace", "traces")}
	if p.Rows > 0 {
		parts = append(parts, draw.Count(p.Rows)+" "+views.NotRead)
	}
	if p.Matching != p.Traces {
		parts = append(parts, draw.Count(p.Matching)+" match")
	}
	if !p.Down.IsZero() {
		parts = append(parts, "back to "+WindowTime(clock, p.Down))
	}
	return strings.Join(parts, " · ")
}

// Notes say what may be missing of an answer, and who answered what against what was expected.
func (r *Request) Notes(clock views.ClockMode) []string {
	a := r.Answer
	if a == nil {
		return nil
	}
	var notes []string
	for _, n := range a.Notices {
		if n.Kind == live.NoticeServerLimit {
			continue // which is said below, with the times of the clock
		}
		notes = append(notes, r.Backend.Name+": "+n.Message)
	}
	if r.ID.IsZero() && !r.Failed && a.Complete.After(a.Window.From) {
		note := fmt.Sprintf("%s: complete back to %s only, the window begins at %s", r.Backend.Name, WindowTime(clock, a.Complete), WindowTime(clock, a.Window.From))
		if r.Limit > 0 && !r.Halted {
			note += fmt.Sprintf(": --limit %d was reached, --all asks for all", r.Limit)
		}
		notes = append(notes, note)
	}
	return notes
}

// Explain prints how a query is read and what of it a backend is asked, by its name or by its kind. It is not asked which server it is, so
// each language is explained that it may be asked in.
func (b *Backends) Explain(w io.Writer, text, name string) error {
	q, err := query.Parse(text)
	if err != nil {
		return err
	}
	kind := live.Kind(name)
	if one, err := b.named(name); err == nil {
		kind = one.Kind
	} else if kind != live.Jaeger && kind != live.Tempo {
		return err
	}
	dialects := []ask.Dialect{ask.Tags, ask.Filter, ask.TraceQL}
	switch kind {
	case live.Jaeger:
		dialects = dialects[:2]
	case live.Tempo:
		dialects = dialects[2:]
	default:
	}
	read, names := q.Reading()
	if _, err := io.WriteString(w, read+names); err != nil {
		return err
	}
	for _, d := range dialects {
		if _, err := io.WriteString(w, "\n"+ask.Explain(q, ask.Options{Dialect: d, Exact: b.Scope.Exact})); err != nil {
			return err
		}
	}
	return nil
}

// Sparing says whether a screen is answered with rows instead of traces: where the window of one backend is all that is
// open: beside other inputs a row would be of a trace that may be there in part.
func (b *Backends) Sparing(inputs []string, requests []*Request) live.Light {
	switch {
	case len(inputs) != 1 || len(requests) != 1 || !requests[0].ID.IsZero():
		return live.Whole
	case b.Scope.Light:
		return live.RowsOnly
	}
	return live.Sparing
}
