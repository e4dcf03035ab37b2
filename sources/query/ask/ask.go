package ask

import (
	"time"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// Dialect is a language in which servers are asked.
type Dialect uint8

// The dialects.
const (
	Tags    Dialect = iota // service, operation, durations and tags that are equal: Jaeger's parameters
	Filter                 // Jaeger's structured filter, RFC 0005
	TraceQL                // Tempo
)

// Options say what was learnt of a server.
type Options struct {
	Dialect   Dialect
	Victoria  bool            // VictoriaTraces, which differs in tags of events
	Exact     bool            // terms that may be answered too narrowly stay here
	Stay      map[string]bool // terms, by their text, that stay here as the server was seen to answer them too narrowly
	Refused   []string        // operators and fields of the filter that the server refused by name
	Declared  *Capabilities   // what the server says of its filter, nil where it says nothing
	MaxFilter int             // bytes of a filter, 0 for the usual bound
}

// Capabilities are what Jaeger's GET /api/v3/capabilities says.
type Capabilities struct {
	Levels         []string // that the filter can ask about
	Operators      []string
	WithoutService bool // a search needs no service
	Paginated      bool
	SpanSearch     bool
}

// Ask is what a server is asked for a query.
type Ask struct {
	ID     trace.TraceID // the query names one trace, which is asked for itself; else zero
	Parts  []Part        // requests whose traces are united; one Part without a predicate asks for every trace
	Exact  bool          // what the server answers is what the query means, trace by trace
	Here   []string      // terms that are evaluated here, as text
	Approx []Approx      // terms that are asked although the server may leave out traces that match
}

// Part is one request's predicate, in the dialect that was asked for.
type Part struct {
	Service, Operation       string            // Tags and, as a hint, Filter
	DurationMin, DurationMax time.Duration     // inclusive; 0 for none
	Tags                     map[string]string // all on one span
	Filter                   []byte            // JSON of jaeger.expression.v1.Call
	TraceQL                  string
}

// Approx is a term that a server may answer too narrowly.
type Approx struct {
	Term   string // as text
	Reason string // such as "misses 503.0"
}

// For returns what a server is asked for a query.
func For(q *query.Query, opt Options) Ask {
	return Ask{Parts: []Part{{}}, Here: here(q)}
}

func here(q *query.Query) []string {
	if text := q.String(); text != "" {
		return []string{text}
	}
	return nil
}

// String returns the request's predicate as people write it, "every trace" for none.
func (p Part) String() string {
	return p.TraceQL
}
