package app

import (
	"context"
	"io"
	"runtime"
	"time"

	"tracefall/sources/query"
	"tracefall/sources/query/eval"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// answer is what a query found in a set.
type answer struct {
	set       *trace.Set
	text      string // of the query
	all       bool   // no query: everything
	traces    int
	spanCount int
	spans     map[*trace.Trace][]int32
	places    []int // of the traces in the set, ascending
	counts    []int // matching spans of each
	notes     []string

	columns []query.Column                            // that the query selects
	values  func(t *trace.Trace, most int) [][]string // of them, of the matching spans of a trace; nil without columns

	apart       string // the query to ask for, where the terms hold on different spans
	apartTraces int    // how many traces it finds
}

// in returns which spans of a trace matched, in order, and whether the trace belongs to the answer. Without a
// query every trace does, and the spans are nil for all of them.
func (a *answer) in(t *trace.Trace) ([]int32, bool) {
	if a.all {
		return nil, true
	}
	spans, ok := a.spans[t]
	return spans, ok
}

// checkQuery says what is wrong with a query.
func checkQuery(text string) error {
	_, err := query.Parse(text)
	return err
}

// runQuery finds what matches in the set of an analysis; "" finds everything.
func runQuery(ctx context.Context, of *analysis, text string) (*answer, error) {
	return runQueryWith(ctx, of, text, nil)
}

// runQueryWith is runQuery with the vocabulary of the set, which spares counting keys; nil where it is not known.
func runQueryWith(ctx context.Context, of *analysis, text string, vocabulary *query.Vocabulary) (*answer, error) {
	set := of.set
	if text == "" {
		return &answer{set: set, all: true, traces: set.Len(), spanCount: set.SpanCount()}, nil
	}
	q, err := query.Parse(text)
	if err != nil {
		return nil, err
	}
	d := &derived{analysis: of}
	program, err := eval.Compile(q, set, d)
	if err != nil {
		return nil, err
	}
	program.Use(vocabulary)
	r, err := program.Run(ctx, runtime.GOMAXPROCS(0))
	if err == nil {
		err = d.err()
	}
	if err != nil {
		return nil, err
	}
	a := &answer{set: set, text: text, traces: len(r.Traces), spanCount: r.Spans, spans: make(map[*trace.Trace][]int32, len(r.Traces))}
	for _, m := range r.Traces {
		a.spans[set.Trace(m.Trace)] = m.Spans
		a.places = append(a.places, m.Trace)
		a.counts = append(a.counts, len(m.Spans))
	}
	if a.columns = q.Selected(); len(a.columns) > 0 {
		a.values = func(t *trace.Trace, most int) [][]string { return program.Values(t, a.spans[t], most) }
	}
	for _, n := range r.Notes {
		a.notes = append(a.notes, n.Text)
	}
	if r.Apart > 0 {
		a.apart, a.apartTraces = r.ApartQuery.String(), r.Apart
	}
	return a, nil
}

// queryOne finds which spans of a trace match, a trace of the set of an analysis. The vocabulary of the trace may be
// nil.
func queryOne(of *analysis, t *trace.Trace, text string, vocabulary *query.Vocabulary) (found, error) {
	start := time.Now()
	q, err := query.Parse(text)
	if err != nil {
		return found{}, err
	}
	d := &derived{analysis: of}
	program, err := eval.Compile(q, t.Set(), d)
	if err != nil {
		return found{}, err
	}
	program.Use(vocabulary)
	var out eval.Matches
	notes, apart := program.One(t, &out)
	if err := d.err(); err != nil {
		return found{}, err
	}
	f := found{trace: t, matches: make([]bool, t.Len())}
	for i := out.Next(0); i >= 0; i = out.Next(i + 1) {
		f.matches[i] = true
	}
	for _, n := range notes {
		f.notes = append(f.notes, n.Text)
	}
	if apart != nil {
		f.apart = apart.String()
	}
	f.took = time.Since(start)
	return f, nil
}

// match writes "1 trace matches", "12 traces match".
func match(n int) string {
	if n == 1 {
		return "1 trace matches"
	}
	return draw.CountNoun(n, "", "traces") + " match"
}

// explainQuery prints what a query means.
func explainQuery(w io.Writer, text string) error {
	q, err := query.Parse(text)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, q.Explain())
	return err
}
