package live

import (
	"context"
	"time"

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
	// Trace asks for one trace. Where there is none the error is errNoTrace. A zero window is no hint.
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

// add appends a row.
func (p *page) add(r Row) {
	p.found = append(p.found, r.ID)
	p.rows = append(p.rows, r)
}

// lookedFor is how far around its window a trace is looked for: spans may have come since, or lie outside.
const lookedFor = 15 * time.Minute

// around is the window in which a trace of this window is looked for.
func (w Window) around() Window { return Window{w.From.Add(-lookedFor), w.To.Add(lookedFor)} }
