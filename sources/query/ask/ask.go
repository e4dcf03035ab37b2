package ask

import (
	"slices"
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

// dialectNames are how the dialects are called.
var dialectNames = [...]string{Tags: "Jaeger, tags", Filter: "Jaeger, filter", TraceQL: "Tempo, TraceQL"}

func (d Dialect) String() string { return dialectNames[d] }

// Options say what was learnt of a server.
type Options struct {
	Dialect   Dialect
	Victoria  bool            // VictoriaTraces, which differs in tags of resources and events
	Exact     bool            // terms that may be answered too narrowly stay here
	Stay      map[string]bool // terms, by their text, that stay here as the server was seen to answer them too narrowly
	Refused   []string        // operators, levels and fields (regex, event, span.status) that the server refused by name
	Declared  *Capabilities   // its filter as the server declares it, nil where it does not
	MaxFilter int             // bytes of a filter or a TraceQL query, 0 for the usual bound
}

// Capabilities are what Jaeger's GET /api/v3/capabilities says.
type Capabilities struct {
	Levels         []string // that the filter can ask about; nil where it does not say
	Operators      []string // nil where it does not say
	WithoutService bool     // a search needs no service
	Paginated      bool
	SpanSearch     bool
}

// Ask is what a server is asked for a query.
type Ask struct {
	ID      trace.TraceID // the query names one trace, which is asked for itself; else zero. A pasted id is no term to evaluate
	Dialect Dialect       // of the parts: Tags where a filter would be larger or deeper than servers take
	Parts   []Part        // requests whose traces are united; one Part without a predicate asks for every trace
	Service string        // the service that each part asks for, "" for several or none
	Exact   bool          // what the server answers is what the query means, trace by trace
	Asked   []string      // terms that the server is asked, exactly or wider, as text
	Here    []string      // terms that the server is not asked, as text
	Approx  []Approx      // terms that are asked although the server may leave out traces that match
}

// Part is one request's predicate, in the dialect of the Ask.
type Part struct {
	Service, Operation       string            // Tags only: the filter excludes the API's other parameters
	DurationMin, DurationMax time.Duration     // inclusive, whole microseconds; 0 for none
	Tags                     map[string]string // all on one span
	Filter                   []byte            // JSON of jaeger.expression.v1.Call, on one line
	TraceQL                  string            // without with (…)
}

// Approx is a term that a server may answer too narrowly.
type Approx struct {
	Term   string // as text
	Reason string // such as: misses "503.0"
}

// maxFilter is how many bytes a filter or a TraceQL query may have: servers take 128 KiB, of which its escapes in a URL
// need a share.
const maxFilter = 100_000

// For returns what a server is asked for a query: the weakest useful question that the query implies.
func For(q *query.Query, opt Options) Ask {
	if opt.MaxFilter == 0 {
		opt.MaxFilter = maxFilter
	}
	a := ask(q, opt)
	if id, named := traceOf(q.Root); named != nil {
		rest := slices.DeleteFunc(slices.Clone(conjuncts(q.Root)), func(t *query.Term) bool { return t == named })
		a = Ask{ID: id, Dialect: a.Dialect, Parts: []Part{{}}, Exact: len(rest) == 0, Asked: texts([]*query.Term{named}), Here: texts(rest)}
	}
	if len(q.Stages) > 0 {
		a.Exact = false
		a.Here = []string{q.String()}
	}
	return a
}

// ask asks for the spans of the query, before its stages.
func ask(q *query.Query, opt Options) Ask {
	switch opt.Dialect {
	case Filter:
		if a, ok := askFilter(q.Root, opt); ok {
			return a
		}
		opt.Dialect = Tags
		return ask(q, opt)
	case TraceQL:
		return askTraceQL(q.Root, opt)
	default:
		return askTags(q.Root, opt)
	}
}

// traceOf returns the id of the one trace that a term names, alone or beside others, or that stands there as pasted, and
// the term that names it; nil where none does.
func traceOf(t *query.Term) (id trace.TraceID, named *query.Term) {
	for _, one := range conjuncts(t) {
		if one.Kind == query.KindCompare && one.Ref.Field == query.FieldTraceID && one.Op == query.OpEq {
			return trace.ParseTraceID(one.Values[0].Text), one
		}
	}
	if t.Kind == query.KindText && len(t.Values[0].Text) >= idDigits {
		if id = trace.ParseTraceID(t.Values[0].Text); id.Text == "" {
			return id, t
		}
	}
	return trace.TraceID{}, nil
}

// idDigits is the length of a trace id as it is pasted. A shorter text of such digits may be anything.
const idDigits = 32
