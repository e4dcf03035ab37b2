package live

import (
	"context"
	"errors"
	"time"

	"tracefall/sources"
	"tracefall/sources/trace"
)

// Find asks a question and adds the traces that come to a feed. The answer is there beside an error too: what came stays.
// Progress is called from the goroutine of Find, after each document that was added; it may be nil.
func (b *Backend) Find(ctx context.Context, q Question, feed *sources.Feed, progress func(Progress)) (*Answer, error) {
	return b.Search(q).More(ctx, q.Limit, feed, progress)
}

// More asks on, for so many traces more that match, 0 for all. The answer is about everything since the search began.
func (s *Search) More(ctx context.Context, limit int, feed *sources.Feed, progress func(Progress)) (*Answer, error) {
	began := s.b.opt.Now()
	ctx, asked := tallied(ctx)
	g := &gathering{Search: s, feed: feed, tally: asked, show: progress}
	goal := 0
	if limit > 0 {
		goal = len(s.counted) + limit
	}
	before := feed.Set()
	err := g.run(ctx, goal)
	s.letGo(feed, before)
	s.requests += int(asked.requests.Load())
	s.wire += asked.bytes.Load()
	s.took += s.b.opt.Now().Sub(began)
	if ctxErr := ctx.Err(); err != nil && ctxErr != nil {
		err = ctxErr
	} else if err != nil && s.known() > 0 {
		err = &KeptError{Err: err, traces: s.known(), down: s.complete()}
	}
	return s.answer(err != nil), err
}

// letGo takes from a feed what came and does not match, where only what matches is wanted. What was there before stays.
func (s *Search) letGo(feed *sources.Feed, before *trace.Set) {
	if !s.q.OnlyMatching || s.q.Match == nil || s.matching == 0 && before.Len() == 0 {
		return
	}
	var others []trace.TraceID
	for id, matches := range s.seen {
		if !matches && before.Find(id) == nil {
			others = append(others, id)
		}
	}
	feed.Forget(others)
}

// KeptError is a failure before which traces came, which are kept.
type KeptError struct {
	Err    error
	traces int
	down   time.Time // what is newer came whole
}

func (e *KeptError) Error() string {
	verb := " are"
	if e.traces == 1 {
		verb = " is"
	}
	return e.Err.Error() + "; " + tracesOf(e.traces) + " down to " + clock(e.down) + verb + " kept"
}

// Unwrap returns the failure alone.
func (e *KeptError) Unwrap() error { return e.Err }

// Rest is what a search listed and did not read. It is used by one goroutine.
type Rest struct {
	Rows []Row // the newest first

	b *Backend
	q Question
}

// Most returns how many rows are read at a time.
func (r *Rest) Most() int { return max(1, r.b.config.Parallel) }

// Read reads rows, all at the same time, and adds them to a feed. It returns those that are no rows any more: they were
// read, or are gone.
func (r *Rest) Read(ctx context.Context, rows []Row, feed *sources.Feed) (done []trace.TraceID, err error) {
	server, err := r.b.server(ctx)
	if err != nil {
		return nil, err
	}
	docs := concurrently(feed, rows, func(row Row) (document, error) { return server.Trace(ctx, row.ID, row.Window) })
	for i, d := range docs {
		id := rows[i].ID
		switch {
		case errors.Is(d.err, ErrNoTrace):
			done = append(done, id)
		case d.err != nil && err == nil:
			err = r.b.failed(d.err, id, Window{})
		case d.err != nil:
		default:
			fault := r.add(ctx, d.value, id, feed)
			if fault == nil {
				done = append(done, id)
			} else if err == nil {
				err = fault
			}
		}
	}
	return done, err
}

// add adds a trace to a feed, unless only what matches is wanted and it does not.
func (r *Rest) add(ctx context.Context, doc document, id trace.TraceID, feed *sources.Feed) error {
	matches := true
	ids, err := feed.AddSeen(doc.name, doc.data, func(set *trace.Set) error {
		if !r.q.OnlyMatching || r.q.Match == nil {
			return nil
		}
		match, err := r.q.Match(ctx, set)
		if err == nil {
			matches = match(id)
		}
		return err
	}, doc.notes...)
	if !matches {
		feed.Forget([]trace.TraceID{id})
	}
	return r.b.api.unread(doc, ids, err)
}
