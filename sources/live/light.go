package live

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"tracefall/sources"
	"tracefall/sources/trace"
)

// A trace with its spans may be hundreds of kilobytes, a row of it two hundred bytes. So a question can be answered with
// rows, of which those that are looked at are read:
//
//	Search --rows--> Answer.Rest --Rest.Read--> feed
//	                      ^            |
//	                      '--- gone ---'

// Light says whether a question may be answered with rows, which are traces without their spans.
type Light uint8

// The ways to read.
const (
	Whole    Light = iota // every trace is read with its spans
	Sparing               // rows where the server answers with them, or its traces are large
	RowsOnly              // rows wherever the server has them
)

// The kinds of notices about rows.
const (
	NoticeListed trace.NoticeKind = "not-read"     // traces that were listed without their spans
	NoticeNoRows trace.NoticeKind = "no-summaries" // rows were asked for, and whole traces came
)

// Row is a trace as a list of traces without spans tells of it.
type Row struct {
	ID            trace.TraceID
	Window        Window        // its extent, rounded up to what the server tells
	Took          time.Duration // its extent as the server tells it: Tempo in whole milliseconds
	Service, Name string        // of the root
	Spans, Errors int
	Services      int  // 0 where that is not told
	Open          bool // whether it matches the query is only known when it was read
}

// summaries returns how a server lists traces without their spans beside those with them; nil where it cannot.
func summaries(s server) summarizer {
	if one, ok := s.(summarizer); ok && one.Summarizes() {
		return one
	}
	return nil
}

func sortNewest(rows []Row) {
	slices.SortStableFunc(rows, func(a, b Row) int { return b.Window.From.Compare(a.Window.From) })
}

// Rest is what a search listed and did not read. It is used by one goroutine.
type Rest struct {
	Rows []Row // the newest first

	b *Backend
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
	docs := concurrently(rows, func(row Row) (document, error) { return server.Trace(ctx, row.ID, row.Window) })
	for i, d := range docs {
		id := rows[i].ID
		switch {
		case errors.Is(d.err, errNoTrace):
			done = append(done, id)
		case d.err != nil && err == nil:
			err = r.b.failed(d.err, id, Window{})
		case d.err != nil:
		default:
			if _, fault := feed.Add(d.value.name, d.value.data, d.value.notes...); fault != nil && err == nil {
				err = fault
			} else if fault == nil {
				done = append(done, id)
			}
		}
	}
	return done, err
}

// answered is what came of a request.
type answered[T any] struct {
	value T
	err   error
}

// concurrently asks for each of a few at the same time.
func concurrently[T, R any](of []T, do func(T) (R, error)) []answered[R] {
	answers := make([]answered[R], len(of))
	var wait sync.WaitGroup
	for i := range of {
		wait.Go(func() { answers[i].value, answers[i].err = do(of[i]) })
	}
	wait.Wait()
	return answers
}
