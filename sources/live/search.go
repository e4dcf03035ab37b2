package live

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tracefall/sources/query/ask"
	"tracefall/sources/trace"
)

// The kinds of notices about an answer, beside NoticePartialAnswer.
const (
	NoticeAskedHere   trace.NoticeKind = "asked-here"        // terms that the server answers too narrowly
	NoticeServerLimit trace.NoticeKind = "server-limit"      // it stopped before the window's start
	NoticeMayGrow     trace.NoticeKind = "may-grow"          // traces that ended a moment before they were fetched
	NoticeCutSlice    trace.NoticeKind = "cut-slice"         // slices that did not come whole
	NoticeRefused     trace.NoticeKind = "refused-by-server" // what was then asked in another way
)

// Bounds of one search, whatever is asked for.
const (
	mostTraces = 10_000
	mostBytes  = 1 << 30
)

// growing is how long after its last span a trace may get more of them.
const growing = time.Minute

// Search is a question under way: what a server was asked, and how far. It is used by one goroutine.
//
//	Question --ask--> parts --strands--> slices, the newest first --answers--> feed
//	                    ^                   |
//	                    '---- refused, or answered too narrowly: put more simply, and asked anew
type Search struct {
	b        *Backend
	q        Question
	server   server
	asked    ask.Ask
	strands  []*strand
	seen     map[trace.TraceID]bool // traces that came, and whether they match
	fetched  map[trace.TraceID]bool // of rows
	listed   map[trace.TraceID]bool // of rows that are not read
	counted  map[trace.TraceID]bool // that match, or are listed, and came in an answer which is believed
	growing  map[trace.TraceID]bool
	checked  bool // the terms that may be answered too narrowly were tried
	notices  []trace.Notice
	rows     []Row // that were listed
	bytes    int64 // of documents
	requests int
	wire     int64
	took     time.Duration
	matching int    // of the traces seen
	begun    bool   // the strands are there
	broken   string // why the first slice that was given up did not come whole, "" for none
}

// Search begins a question. It asks for nothing yet.
func (b *Backend) Search(q Question) *Search {
	return &Search{b: b, q: q, seen: map[trace.TraceID]bool{}, fetched: map[trace.TraceID]bool{}, listed: map[trace.TraceID]bool{}, counted: map[trace.TraceID]bool{}, growing: map[trace.TraceID]bool{}}
}

// strand is one request's predicate, asked for slice by slice.
type strand struct {
	part ask.Part
	*slicing
	pending []Row // of the slices that were read, the newest first
}

// complete is the time from which on a strand has everything.
func (t *strand) complete() time.Time {
	if len(t.pending) == 0 {
		return t.down
	}
	if at := t.pending[0].Window.From.Add(1); at.After(t.down) {
		return at
	}
	return t.down
}

func (t *strand) over() bool { return t.done() && len(t.pending) == 0 }

// answer says what was asked and how far. Of a failure the error says how far.
func (s *Search) answer(failed bool) *Answer {
	a := &Answer{
		Backend: s.b.Name(), URL: s.b.URL(), Window: s.q.Window, Complete: s.complete(),
		Terms: s.asked.Asked, Here: s.asked.Here, Approx: s.asked.Approx, Requests: s.requests, Bytes: s.wire, Took: s.took,
		Notices: slices.Clone(s.notices), Rest: s.rest(),
	}
	if s.server != nil {
		a.Server = s.server.About()
	}
	for _, t := range s.strands {
		a.Asked = append(a.Asked, t.part.String())
		a.Cut = append(a.Cut, t.cut...)
	}
	if !s.asked.ID.IsZero() {
		a.Asked = []string{"trace " + s.asked.ID.String()}
	}
	slices.SortFunc(a.Cut, func(x, y Window) int { return cmp.Or(y.From.Compare(x.From), y.To.Compare(x.To)) })
	a.Cut = slices.CompactFunc(a.Cut, func(x, y Window) bool { return x.From.Equal(y.From) && x.To.Equal(y.To) })
	if n := len(a.Cut); n > 0 {
		notice := s.notice(NoticeCutSlice, n, fmt.Sprintf("%s may lack traces: %s", trace.Counted(n, "slice"), cmp.Or(s.broken, "more than the server gives, or one that it cannot write")))
		for _, w := range a.Cut[:min(n, 20)] {
			notice.Places = append(notice.Places, clock(w.From)+" to "+clock(w.To))
		}
		a.Notices = append(a.Notices, notice)
	}
	if !failed && a.Complete.After(a.Window.From) {
		advice := "--all asks for all"
		if s.full() {
			advice = fmt.Sprintf("at most %s traces or 1 GiB are asked for: narrow the window or the query", trace.Grouped(mostTraces))
		}
		a.Notices = append(a.Notices, s.notice(NoticeServerLimit, s.known(),
			fmt.Sprintf("complete from %s on, older traces were not asked for (%s)", clock(a.Complete), advice)))
	}
	if a.Rest != nil {
		n, open := len(a.Rest.Rows), 0
		for _, r := range a.Rest.Rows {
			if r.Open {
				open++
			}
		}
		text := tracesOf(n) + " were listed without their spans"
		if open > 0 {
			text += fmt.Sprintf("; of %d of them it is not known whether they match (?)", open)
		}
		a.Notices = append(a.Notices, s.notice(NoticeListed, n, text))
	}
	if s.q.Light == RowsOnly && s.server != nil && !s.lists() {
		a.Notices = append(a.Notices, s.notice(NoticeNoRows, 1, "--light: this server has no summaries of traces, so all are read whole"))
	}
	if n := len(s.growing); n > 0 {
		a.Notices = append(a.Notices, s.notice(NoticeMayGrow, n, tracesOf(n)+" ended less than a minute before being fetched and may still grow"))
	}
	return a
}

// full reports whether no search asks for more.
func (s *Search) full() bool { return s.known() >= mostTraces || s.bytes >= mostBytes }

func (s *Search) notice(kind trace.NoticeKind, count int, message string) trace.Notice {
	return trace.Notice{Kind: kind, Input: s.b.Name(), Count: count, Message: message}
}

// complete is the time from which on everything was asked for.
func (s *Search) complete() time.Time {
	if !s.asked.ID.IsZero() {
		return s.q.Window.From
	}
	if !s.begun {
		return s.q.Window.To
	}
	at := s.q.Window.From
	for _, t := range s.strands {
		if c := t.complete(); c.After(at) {
			at = c
		}
	}
	return at
}

// begin plans what to ask, by what was learnt so far, and begins with the newest again: what came stays.
func (s *Search) begin(ctx context.Context) error {
	s.asked = s.b.learnt.question(s.server, s.q.Query, s.q.Exact)
	s.strands, s.begun = nil, false
	if !s.asked.ID.IsZero() {
		return nil
	}
	parts, err := s.parts(ctx, s.asked)
	if err != nil {
		return err
	}
	for _, part := range parts {
		s.strands = append(s.strands, &strand{part: part, slicing: s.slicing(s.q.Window)})
	}
	s.begun = true
	return nil
}

// slicing begins a window with the limit and the grain of the server.
func (s *Search) slicing(w Window) *slicing {
	limit, grain := firstLimit, time.Millisecond
	if s.server.Dialect() == ask.TraceQL {
		limit, grain = rowsLimit, time.Second
	}
	return newSlicing(w, grain, limit, s.b.learnt.highest())
}

const (
	firstLimit = 100 // traces of one answer with spans
	rowsLimit  = 500 // rows of one answer: they are small, and the grain is coarse
)

// parts are the requests of a question: where the server wants a service and none is named, one for each.
func (s *Search) parts(ctx context.Context, a ask.Ask) (parts []ask.Part, err error) {
	var names []string
	for _, part := range a.Parts {
		if !s.b.learnt.needsService(part) {
			parts = append(parts, part)
			continue
		}
		if names == nil {
			if names, err = s.services(ctx); err != nil {
				return nil, err
			}
		}
		for _, name := range names {
			parts = append(parts, part.WithService(name, a.Dialect))
		}
	}
	return parts, nil
}

// mostServices is how many services are asked one by one.
const mostServices = 50

// services lists those to be asked one by one. It is an error that they are too many.
func (s *Search) services(ctx context.Context) ([]string, error) {
	names, err := s.server.Services(ctx)
	if err != nil {
		return nil, err
	}
	if names = sorted(names); len(names) <= mostServices {
		return names, nil
	}
	const shown = 12
	return nil, fmt.Errorf("%s: this server searches within one service, and has %d: add service= to the query (%s, …)",
		s.b.Name(), len(names), joined(names[:shown]))
}

// simpler takes an error that a part of the question met, and reports whether the question can be put more simply now.
func (s *Search) simpler(err error, part ask.Part) bool {
	if errors.Is(err, errService) && part.Service == "" {
		s.b.learnt.wantsService(part)
		return true
	}
	var refused *refusedError
	if !errors.As(err, &refused) || !s.b.learnt.takes(refused, s.asked.Dialect) {
		return false
	}
	s.notices = append(s.notices, s.notice(NoticeRefused, 1, "a part of the question was refused by the server and is answered here: "+refused.what))
	return true
}

func tracesOf(n int) string { return trace.Counted(n, "trace") }

// clock is a time as notices write it.
func clock(t time.Time) string { return t.UTC().Format("15:04:05.000 UTC") }

func joined(names []string) string { return strings.Join(names, ", ") }

// lists reports whether the server can answer with rows that say what a list shows.
func (s *Search) lists() bool { return s.server.Dialect() == ask.TraceQL || summaries(s.server) != nil }

// light reports whether rows stand for traces now.
func (s *Search) light() bool {
	switch {
	case s.q.Light == Whole || !s.lists():
		return false
	case s.q.Light == RowsOnly || s.server.Dialect() == ask.TraceQL:
		return true
	}
	return s.b.learnt.heavy()
}

// find asks for traces, or for rows of them.
func (s *Search) find(ctx context.Context, part ask.Part, w Window, limit int) (page, error) {
	if one := summaries(s.server); one != nil && s.light() {
		return one.Summaries(ctx, part, w, limit)
	}
	return s.server.Find(ctx, part, w, limit)
}

// known is how many traces were read or listed.
func (s *Search) known() int { return len(s.seen) + len(s.listed) }

// rest returns what was not read, nil where everything was.
func (s *Search) rest() *Rest {
	rows := slices.DeleteFunc(slices.Clone(s.rows), func(r Row) bool { return !s.listed[r.ID] })
	if len(rows) == 0 {
		return nil
	}
	sortNewest(rows)
	return &Rest{Rows: rows, b: s.b, q: s.q}
}
