package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"tracefall/sources"
	"tracefall/sources/export"
	"tracefall/sources/live"
	"tracefall/sources/query"
	"tracefall/sources/query/ask"
	"tracefall/sources/trace"
)

// Growth is what backends answered, to which later answers are added. Its methods are called by jobs, which may overlap.
type Growth struct {
	backends *Backends
	mu       sync.Locker
	feed     *sources.Feed
	exact    bool // as the scope says, which may change while jobs run
}

// Grow returns what a feed holds, to add to it what these backends answer. The lock is held meanwhile: others may add to the
// feed too.
func (b *Backends) Grow(feed *sources.Feed, lock sync.Locker) *Growth {
	return &Growth{b, lock, feed, b.Scope.Exact}
}

// add lets a question add to the feed, and returns everything there is then.
func (g *Growth) add(ask func(*sources.Feed) error) (*trace.Set, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := ask(g.feed); err != nil {
		return nil, err
	}
	return g.feed.Set(), nil
}

// traceMargin is how far before and after what is known of a trace a server looks for more of it.
const traceMargin = 15 * time.Minute

// Reread asks the backend of a request for a trace that is there, which may have more spans now, and returns everything with
// it.
func (g *Growth) Reread(ctx context.Context, r *Request, t *trace.Trace) (*trace.Set, error) {
	server, err := g.backends.connect(r.Backend)
	if err != nil {
		return nil, err
	}
	from, to := t.Extent()
	hint := live.Window{From: time.Unix(0, from).Add(-traceMargin), To: time.Unix(0, to).Add(traceMargin)}
	set, err := g.add(func(feed *sources.Feed) error {
		_, err := server.Trace(ctx, t.ID(), hint, feed)
		return err
	})
	if ctx.Err() == nil {
		g.backends.ended(r.Backend.Name, err)
	}
	return set, err
}

// Newer asks the backends of requests for what began from some time until now, and returns everything with it, and the
// traces that were not there before. What is older stays.
func (g *Growth) Newer(ctx context.Context, requests []*Request, w live.Window) (set *trace.Set, fresh int, err error) {
	set, err = g.add(func(feed *sources.Feed) error {
		before := feed.Set().Len()
		for _, r := range requests {
			if !r.ID.IsZero() {
				continue
			}
			server, err := g.backends.connect(r.Backend)
			if err != nil {
				return err
			}
			q, err := query.Parse(r.Query)
			if err != nil {
				return err
			}
			_, err = server.Find(ctx, live.Question{
				Query: q, Window: w, Limit: r.Limit, Exact: g.exact, Match: g.backends.matching(r.Query), OnlyMatching: !restsOnOthers(q),
			}, feed, nil)
			if ctx.Err() == nil {
				g.backends.ended(r.Backend.Name, err)
			}
			if err != nil {
				return err
			}
		}
		fresh = feed.Set().Len() - before
		return nil
	})
	return set, fresh, err
}

// stillGrowing is how long after its newest span a trace may get more of them.
const stillGrowing = time.Minute

// MayGrow reports whether a trace that was read at some time may have got spans since.
func MayGrow(t *trace.Trace, read time.Time) bool {
	_, latest := t.Extent()
	return read.Sub(time.Unix(0, latest)) < stillGrowing
}

// SaveTraces writes traces as OTLP JSON, a line each, to a new file in the working directory that is named after a backend
// and a time, and returns the name. Secrets are masked as in exports unless they are to be revealed.
func SaveTraces(ctx context.Context, backend string, at time.Time, set *trace.Set, reveal bool) (string, error) {
	if set == nil || set.SpanCount() == 0 {
		return "", errors.New("there are no traces to save")
	}
	var opt export.Options
	if !reveal {
		opt.Redact, opt.RedactText = Redact, RedactText
	}
	return WriteNew(fmt.Sprintf("%s-%s.jsonl", fileName(backend), at.UTC().Format("20060102T150405Z")), func(w io.Writer) error {
		for i := range set.Len() {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			err := export.WriteOTLP(w, []*trace.Trace{set.Trace(i)}, opt)
			if err == nil {
				_, err = io.WriteString(w, "\n")
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// fileName is the name of a backend as a part of a file's: that of a link has a port.
func fileName(backend string) string {
	name := []byte(backend)
	for i, c := range name {
		if !isBackendName("x" + string(rune(c))) {
			name[i] = '-'
		}
	}
	return string(name)
}

// narrowed asks a backend for the values of a key beside the rest of a query; nil where it does not narrow them.
func narrowed(ctx context.Context, server *live.Backend, wanted query.Wanted) []string {
	q, err := query.Parse(wanted.Beside)
	if err != nil || wanted.Keys || !slices.Contains([]query.Field{query.FieldNone, query.FieldService, query.FieldName}, wanted.Ref.Field) {
		return nil
	}
	narrowing := ask.Narrowing(q)
	if narrowing == "" {
		return nil
	}
	names, err := server.Values(ctx, query.FormatRef(wanted.Ref), narrowing)
	if err != nil {
		return nil
	}
	return names
}

// Known asks the backends of requests for words that complete a query. What fails is left out: nobody asked for it.
func (b *Backends) Known(ctx context.Context, requests []*Request, wanted query.Wanted) (words []string) {
	for _, r := range requests {
		server, err := b.connect(r.Backend)
		if err != nil {
			continue
		}
		names := narrowed(ctx, server.Backend, wanted)
		switch {
		case names != nil:
		case wanted.Keys:
			names, _ = server.Keys(ctx)
		case wanted.Ref.Field == query.FieldService:
			names, _ = server.Services(ctx)
		case wanted.Ref.Field == query.FieldName && wanted.Service != "":
			names, _ = server.Operations(ctx, wanted.Service)
		case wanted.Ref.Field == query.FieldNone:
			names, _ = server.Values(ctx, query.FormatRef(wanted.Ref), "")
		}
		words = append(words, names...)
	}
	return words
}

// Services are those of a backend, with what it counted of them itself; the most errors first, then the most calls.
type Services struct {
	List      []live.ServiceNumber
	Uncounted string // why nothing is counted, "" where it is
}

// Services asks the backend of a request for its services in the request's window.
func (b *Backends) Services(ctx context.Context, r *Request) (all Services, err error) {
	server, err := b.connect(r.Backend)
	if err != nil {
		return all, err
	}
	names, err := server.Services(ctx)
	if ctx.Err() == nil {
		b.ended(r.Backend.Name, err)
	}
	if err != nil {
		return all, err
	}
	counted, err := server.ServiceNumbers(ctx, r.Window)
	switch {
	case ctx.Err() != nil:
		return all, ctx.Err()
	case errors.Is(err, live.ErrNoNumbers):
		all.Uncounted = "the server has no metrics"
	case err != nil:
		all.Uncounted = strings.TrimPrefix(err.Error(), r.Backend.Name+": ")
	case len(counted) == 0:
		all.Uncounted = "the server counted no calls in this window"
	}
	numbers := map[string]live.ServiceNumber{}
	for _, n := range counted {
		numbers[n.Service] = n
	}
	for _, name := range names {
		n := numbers[name]
		n.Service = name
		all.List = append(all.List, n)
	}
	slices.SortFunc(all.List, func(x, y live.ServiceNumber) int {
		return cmp.Or(cmp.Compare(y.Errors, x.Errors), cmp.Compare(y.Calls, x.Calls), cmp.Compare(x.Service, y.Service))
	})
	return all, nil
}
