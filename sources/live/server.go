package live

import (
	"context"
	"slices"
	"sync"
	"time"

	"tracefall/sources"
	"tracefall/sources/query/ask"
	"tracefall/sources/trace"
)

// server is one kind of server: how it is asked, and what it answers. Its methods are called from several goroutines.
type server interface {
	// About names the server and its API in words, such as "Jaeger 2.0 to 2.18 (api_v3)".
	About() string
	// Dialect says what of a query it can be asked.
	Dialect() ask.Dialect
	// Find asks for the traces of a window that a part of a question selects, at most limit of them, the newest first
	// where the server can.
	Find(ctx context.Context, part ask.Part, w Window, limit int) (page, error)
	// Trace asks for one trace. Where there is none the error is ErrNoTrace, or the document has no spans. A zero window is
	// no hint.
	Trace(ctx context.Context, id trace.TraceID, w Window) (document, error)
	// Services lists the names of services.
	Services(ctx context.Context) ([]string, error)
	// Operations lists the names of the operations of a service.
	Operations(ctx context.Context, service string) ([]string, error)
}

// particular is a server that package ask has to know more of than its dialect.
type particular interface {
	// Options are what is known of it: the dialect, what it declares, and whether it is VictoriaTraces.
	Options() ask.Options
}

// summarizer is a server that may list traces without their spans too.
type summarizer interface {
	// Summarizes reports whether it does.
	Summarizes() bool
	// Summaries asks as Find does, and answers with rows.
	Summaries(ctx context.Context, part ask.Part, w Window, limit int) (page, error)
}

// NoticePartialAnswer is the notice of an answer that did not come whole.
const NoticePartialAnswer trace.NoticeKind = "partial-answer"

// page is an answer to Find: documents with spans, or rows whose spans are asked for by id. It is never both. Which traces
// the documents hold is what the feed says that reads them: found is empty then, and has the ids of the rows otherwise.
type page struct {
	found     []trace.TraceID // of the rows, each once
	documents []document
	rows      []Row  // of a server that answers without spans
	all       bool   // the server says that there are no more, however many there are
	partial   string // why the answer is not whole, "" where it is
}

// document is the text of an answer that holds spans.
type document struct {
	name  string // what notices call it
	data  []byte
	cut   string // why it is not whole, "" where it is
	notes []trace.Notice
}

// add appends a row. No server makes a trace end before it starts.
func (p *page) add(r Row) {
	r.Took = max(r.Took, 0)
	if r.Window.To.Before(r.Window.From) {
		r.Window.To = r.Window.From
	}
	p.found = append(p.found, r.ID)
	p.rows = append(p.rows, r)
}

// lookedFor is how far around its window a trace is looked for: spans may have come since, or lie outside.
const lookedFor = 15 * time.Minute

// timed reports whether a window says when a trace was: that of a row without times does not.
func (w Window) timed() bool { return w.From.Unix() > 0 }

// around is the window in which a trace of this window is looked for.
func (w Window) around() Window { return Window{w.From.Add(-lookedFor), w.To.Add(lookedFor)} }

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

// answered is what came of a request.
type answered[T any] struct {
	value T
	err   error
}

// lookEvery is how often what came is shown while an answer is waited for.
const lookEvery = 50 * time.Millisecond

// concurrently asks for each of a few at the same time. While it waits, what the feed holds is shown.
func concurrently[T, R any](feed *sources.Feed, of []T, do func(T) (R, error)) []answered[R] {
	answers := make([]answered[R], len(of))
	var wait sync.WaitGroup
	for i := range of {
		wait.Go(func() { answers[i].value, answers[i].err = do(of[i]) })
	}
	all := make(chan struct{})
	go func() {
		wait.Wait()
		close(all)
	}()
	looks := time.NewTicker(lookEvery)
	defer looks.Stop()
	for {
		select {
		case <-all:
			return answers
		case <-looks.C:
			feed.Look()
		}
	}
}
