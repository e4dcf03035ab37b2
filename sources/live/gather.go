package live

import (
	"context"
	"errors"
	"slices"
	"time"

	"tracefall/sources"
	"tracefall/sources/query/ask"
	"tracefall/sources/trace"
)

// gathering is one call of Search.More: it asks, adds what comes to a feed, and counts.
type gathering struct {
	*Search
	feed  *sources.Feed
	tally *tally
	show  func(Progress) // nil for none

	slice *Window         // by which the terms were to be tried that the server may answer too narrowly; nil for none
	known []trace.TraceID // its answer for that slice
}

// run asks until there are so many traces that match, 0 for all, or nothing is left.
func (g *gathering) run(ctx context.Context, goal int) error {
	if g.server == nil {
		s, err := g.b.server(ctx)
		if err != nil {
			return err
		}
		g.server = s
		if err := g.begin(ctx); err != nil {
			return err
		}
	}
	if !g.asked.ID.IsZero() {
		return g.one(ctx, g.asked.ID)
	}
	for {
		open := slices.DeleteFunc(slices.Clone(g.strands), (*strand).over)
		var err error
		if len(open) == 0 || g.enough(goal) {
			if g.checked || g.slice == nil {
				return nil
			}
			err = g.check(ctx, *g.slice, g.known)
			if g.slice = nil; err == nil && !g.checked {
				g.notices = append(g.notices, g.notice(NoticePartialAnswer, 1, "the server did not answer whether it leaves out traces that match"))
			}
		} else {
			err = g.step(ctx, open, goal)
		}
		if errors.Is(err, errAnew) {
			err = g.begin(ctx)
		}
		if err != nil {
			return err
		}
	}
}

// errAnew ends a step after which the question is another.
var errAnew = errors.New("to be asked anew")

// enough reports whether to stop before the end.
func (g *gathering) enough(goal int) bool { return goal > 0 && len(g.counted) >= goal || g.full() }

// one asks for the trace that the query names.
func (g *gathering) one(ctx context.Context, id trace.TraceID) error {
	doc, err := g.server.Trace(ctx, id, Window{})
	if errors.Is(err, ErrNoTrace) {
		return nil
	}
	if err != nil {
		return g.b.failed(err, id, Window{})
	}
	ids, err := g.add(ctx, doc)
	g.believe(ids)
	return err
}

// step asks on for the strands that are the least far, some at a time.
func (g *gathering) step(ctx context.Context, open []*strand, goal int) error {
	slices.SortStableFunc(open, func(a, c *strand) int { return c.complete().Compare(a.complete()) })
	if len(open[0].pending) > 0 {
		if g.light() {
			g.list(open[0], goal)
			return nil
		}
		return g.fetch(ctx, open[0], goal)
	}
	open = slices.DeleteFunc(open, func(t *strand) bool { return len(t.pending) > 0 })
	open = open[:min(len(open), max(1, g.b.config.Parallel))]
	answers := concurrently(g.feed, open, func(t *strand) (page, error) {
		w, limit := t.next()
		return g.find(ctx, t.part, w, limit)
	})
	var failed error
	for i, a := range answers {
		if err := g.take(ctx, open[i], a); err != nil && failed == nil {
			failed = err
		}
	}
	return failed
}

// take adds the answer for a slice, and goes on with the strand as its size says.
func (g *gathering) take(ctx context.Context, t *strand, a answered[page]) error {
	if a.err != nil {
		mended := t.failed(a.err)
		g.b.learnt.bounded(t.bound)
		switch {
		case mended:
			return nil
		case g.simpler(a.err, t.part):
			return errAnew
		}
		return a.err
	}
	w, limit := t.next()
	p := a.value
	ids, size := slices.Clone(p.found), int64(0)
	for _, doc := range p.documents {
		size += int64(len(doc.data))
		came, err := g.add(ctx, doc)
		if err != nil {
			return err
		}
		ids = append(ids, came...)
	}
	rows := len(p.documents) == 0
	found := len(ids)
	if p.all {
		found = min(found, limit-1) // it is believed, however many there are
	}
	believed := t.got(found, size, p.partial == "" || rows)
	if rows && p.partial != "" {
		t.cut = append(t.cut, w) // a search of Tempo that did not reach everywhere does no better in halves
		g.notices = append(g.notices, g.notice(NoticePartialAnswer, 1, p.partial))
	}
	if believed {
		if !rows && g.broken == "" {
			g.broken = p.partial
		}
		g.believe(ids)
		t.pending = g.newestFirst(p.rows)
		if !g.checked {
			g.slice, g.known = &w, ids
			return g.check(ctx, w, ids)
		}
	}
	g.progress()
	return nil
}

// newestFirst are the rows that were neither fetched nor listed yet.
func (g *gathering) newestFirst(rows []Row) []Row {
	rows = slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return g.fetched[r.ID] || g.listed[r.ID] })
	sortNewest(rows)
	return rows
}

// fetch asks for the spans of the next rows of a strand.
func (g *gathering) fetch(ctx context.Context, t *strand, goal int) error {
	for len(t.pending) > 0 && !g.enough(goal) {
		batch := t.pending[:min(len(t.pending), max(1, g.b.config.Parallel))]
		ids, err := g.spans(ctx, batch)
		if err != nil {
			return err
		}
		g.believe(ids)
		t.pending = t.pending[len(batch):]
		g.progress()
	}
	return nil
}

// spans fetches rows, and returns the traces that came. One that is gone is none of them.
func (g *gathering) spans(ctx context.Context, rows []Row) (ids []trace.TraceID, err error) {
	docs := concurrently(g.feed, rows, func(r Row) (document, error) {
		if g.fetched[r.ID] {
			return document{}, nil
		}
		return g.server.Trace(ctx, r.ID, r.Window)
	})
	var failed error
	for i, d := range docs {
		switch {
		case errors.Is(d.err, ErrNoTrace):
		case errors.Is(d.err, errNumber):
			g.notices = append(g.notices, g.notice(NoticePartialAnswer, 1, g.b.failed(d.err, rows[i].ID, Window{}).Error()))
		case d.err != nil:
			failed = d.err
		case g.fetched[rows[i].ID]:
			ids = append(ids, rows[i].ID)
		default:
			came, err := g.add(ctx, d.value)
			if err != nil {
				return ids, err
			}
			g.fetched[rows[i].ID] = true
			ids = append(ids, came...)
		}
	}
	return ids, failed
}

// add adds a document to the feed, and remembers which of its traces match and which may grow.
func (g *gathering) add(ctx context.Context, doc document) ([]trace.TraceID, error) {
	now := g.b.opt.Now()
	g.bytes += int64(len(doc.data))
	defer g.progress()
	ids, err := g.feed.AddSeen(doc.name, doc.data, func(set *trace.Set) error {
		matches := func(trace.TraceID) bool { return true }
		if g.q.Match != nil {
			var err error
			if matches, err = g.q.Match(ctx, set); err != nil {
				return err
			}
		}
		for i := range set.Len() {
			t := set.Trace(i)
			id := t.ID()
			delete(g.listed, id)
			if g.seen[id] {
				g.matching--
			}
			if g.seen[id] = matches(id); g.seen[id] {
				g.matching++
			}
			delete(g.growing, id)
			if _, latest := t.Extent(); now.Sub(time.Unix(0, latest)) < growing {
				g.growing[id] = true
			}
		}
		return nil
	}, doc.notes...)
	g.b.learnt.weigh(len(doc.data), len(ids))
	return ids, g.b.api.unread(doc, ids, err)
}

// believe counts the traces of an answer that is believed.
func (g *gathering) believe(ids []trace.TraceID) {
	for _, id := range ids {
		if g.seen[id] {
			g.counted[id] = true
		}
	}
}

func (g *gathering) progress() {
	if g.show == nil {
		return
	}
	g.show(Progress{
		Requests: g.requests + int(g.tally.requests.Load()), Bytes: g.wire + g.tally.bytes.Load(),
		Traces: len(g.seen), Rows: len(g.listed), Matching: g.matching, Down: g.complete(),
	})
}

// mostChecked is how many traces are asked for to see whether a server leaves any out.
const mostChecked = 50

// check asks for a slice, whose traces are known, without the terms that the server may answer too narrowly. Where a trace
// that matches is missing from its answer with them, the terms stay here from now on.
func (g *gathering) check(ctx context.Context, w Window, ids []trace.TraceID) error {
	g.checked = true
	terms := g.asked.Approx
	if len(terms) == 0 || !g.b.learnt.untried(terms) {
		return nil
	}
	wider, err := g.ids(ctx, g.b.learnt.without(g.server, g.q.Query), w, min(mostChecked, g.b.learnt.highest()))
	if err != nil {
		return g.later(ctx)
	}
	missing, seen := g.missing(wider, ids)
	if len(missing) > 0 { // it may have come since, or by another part of the question
		limit := min(firstLimit, g.b.learnt.highest())
		if ids, err = g.ids(ctx, g.asked, w, limit); err != nil || len(ids) >= limit {
			return g.later(ctx)
		}
		missing, _ = g.missing(missing, ids)
	}
	switch {
	case len(missing) > 0:
		g.b.learnt.narrow(terms)
		var names []string
		for _, t := range terms {
			names = append(names, t.Term)
		}
		g.notices = append(g.notices, g.notice(NoticeAskedHere, len(names), joined(names)+": this server leaves out traces that match; evaluated here"))
		return errAnew
	case seen:
		g.b.learnt.answers(terms)
	}
	return nil
}

// later leaves the check to the next slice: a failure of what only checks is none of the question, unless there was an end
// to asking.
func (g *gathering) later(ctx context.Context) error {
	g.checked = false
	return ctx.Err()
}

// missing are those that match and are not among ids; seen is true where any matches.
func (g *gathering) missing(of, ids []trace.TraceID) (missing []trace.TraceID, seen bool) {
	have := map[trace.TraceID]bool{}
	for _, id := range ids {
		have[id] = true
	}
	for _, id := range of {
		seen = seen || g.seen[id]
		if g.seen[id] && !have[id] {
			missing = append(missing, id)
		}
	}
	return missing, seen
}

// ids asks for a window at once, adds what comes, and returns the traces.
func (g *gathering) ids(ctx context.Context, a ask.Ask, w Window, limit int) ([]trace.TraceID, error) {
	parts, err := g.parts(ctx, a)
	if err != nil {
		return nil, err
	}
	var ids []trace.TraceID
	for _, part := range parts {
		answer := concurrently(g.feed, []ask.Part{part}, func(part ask.Part) (page, error) { return g.server.Find(ctx, part, w, limit) })[0]
		if answer.err != nil {
			return nil, answer.err
		}
		p := answer.value
		ids = append(ids, p.found...)
		for _, doc := range p.documents {
			came, err := g.add(ctx, doc)
			if err != nil {
				return nil, err
			}
			ids = append(ids, came...)
		}
		for rows := p.rows; len(rows) > 0; {
			n := min(len(rows), max(1, g.b.config.Parallel))
			if _, err := g.spans(ctx, rows[:n]); err != nil {
				return nil, err
			}
			rows = rows[n:]
		}
	}
	return ids, nil
}

// list takes the next rows of a strand as they are.
func (g *gathering) list(t *strand, goal int) {
	for len(t.pending) > 0 && !g.enough(goal) {
		r := t.pending[0]
		t.pending = t.pending[1:]
		if _, read := g.seen[r.ID]; read || g.listed[r.ID] {
			continue
		}
		r.Open = g.q.Match != nil && !g.asked.Exact
		g.listed[r.ID], g.counted[r.ID] = true, true
		g.rows = append(g.rows, r)
	}
	g.progress()
}
