package session

import (
	"context"
	"io"
	"runtime"
	"slices"
	"time"

	"tracefall/sources/query"
	"tracefall/sources/query/eval"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// Answer is what a query found in a set.
type Answer struct {
	Set       *trace.Set
	Text      string // of the query
	All       bool   // no query: everything
	Traces    int
	SpanCount int
	Spans     map[*trace.Trace][]int32
	Places    []int // of the traces in the set, ascending
	Counts    []int // matching spans of each
	Notes     []string
	Took      time.Duration

	Columns []query.Column                            // that the query selects
	Values  func(t *trace.Trace, most int) [][]string // of them, of the matching spans of a trace; nil without columns

	Apart       string // the query to ask for, where the terms hold on different spans
	ApartTraces int    // how many traces it finds
}

// In returns which spans of a trace matched, in order, and whether the trace belongs to the answer. Without a
// query every trace does, and the spans are nil for all of them.
func (a *Answer) In(t *trace.Trace) ([]int32, bool) {
	if a.All {
		return nil, true
	}
	spans, ok := a.Spans[t]
	return spans, ok
}

// Listed are the traces of the answer, in the order of the set.
func (a *Answer) Listed() []*trace.Trace {
	return slices.DeleteFunc(Traces(a.Set), func(t *trace.Trace) bool {
		_, ok := a.In(t)
		return !ok
	})
}

// CheckQuery says what is wrong with a query.
func CheckQuery(text string) error {
	_, err := query.Parse(text)
	return err
}

// AskedAbout returns what queries ask about; those that are none ask about nothing.
func AskedAbout(texts ...string) query.About {
	var all query.About
	for _, text := range texts {
		q, err := query.Parse(text)
		if err != nil {
			continue
		}
		a := q.About()
		all.Keys = append(all.Keys, a.Keys...)
		all.Errors, all.Durations = all.Errors || a.Errors, all.Durations || a.Durations
	}
	return all
}

// compile reads a query for the set of an analysis. The vocabulary spares counting keys; nil where it is not known.
func compile(of *Analysis, text string, vocabulary *query.Vocabulary) (*query.Query, *eval.Program, *Derived, error) {
	q, err := query.Parse(text)
	if err != nil {
		return nil, nil, nil, err
	}
	d := &Derived{analysis: of}
	program, err := eval.Compile(q, of.Set, d)
	if err != nil {
		return nil, nil, nil, err
	}
	program.Use(vocabulary)
	return q, program, d, nil
}

// RunQuery finds what matches in the set of an analysis; "" finds everything. The vocabulary of the set may be nil.
func RunQuery(ctx context.Context, of *Analysis, text string, vocabulary *query.Vocabulary) (*Answer, error) {
	set, start := of.Set, time.Now()
	if text == "" {
		return &Answer{Set: set, All: true, Traces: set.Len(), SpanCount: set.SpanCount()}, nil
	}
	q, program, d, err := compile(of, text, vocabulary)
	if err != nil {
		return nil, err
	}
	r, err := program.Run(ctx, runtime.GOMAXPROCS(0))
	if err == nil {
		err = d.err()
	}
	if err != nil {
		return nil, err
	}
	a := &Answer{Set: set, Text: text, Traces: len(r.Traces), SpanCount: r.Spans, Spans: make(map[*trace.Trace][]int32, len(r.Traces))}
	for _, m := range r.Traces {
		a.Spans[set.Trace(m.Trace)] = m.Spans
		a.Places = append(a.Places, m.Trace)
		a.Counts = append(a.Counts, len(m.Spans))
	}
	if a.Columns = q.Selected(); len(a.Columns) > 0 {
		a.Values = func(t *trace.Trace, most int) [][]string { return program.Values(t, a.Spans[t], most) }
	}
	for _, n := range r.Notes {
		a.Notes = append(a.Notes, n.Text)
	}
	if r.Apart > 0 {
		a.Apart, a.ApartTraces = r.ApartQuery.String(), r.Apart
	}
	a.Took = time.Since(start)
	return a, nil
}

// TraceAnswer is what a query found in the open trace.
type TraceAnswer struct {
	Trace   *trace.Trace
	Matches []bool
	Notes   []string
	Apart   string // the query to ask for, where no span satisfies all terms but different ones do
	Took    time.Duration
}

// QueryTrace finds which spans of a trace match, a trace of the set of an analysis. The vocabulary of the trace may be
// nil.
func QueryTrace(of *Analysis, t *trace.Trace, text string, vocabulary *query.Vocabulary) (TraceAnswer, error) {
	start := time.Now()
	_, program, d, err := compile(of, text, vocabulary)
	if err != nil {
		return TraceAnswer{}, err
	}
	var out eval.Matches
	notes, apart := program.One(t, &out)
	if err := d.err(); err != nil {
		return TraceAnswer{}, err
	}
	f := TraceAnswer{Trace: t, Matches: make([]bool, t.Len())}
	for i := out.Next(0); i >= 0; i = out.Next(i + 1) {
		f.Matches[i] = true
	}
	for _, n := range notes {
		f.Notes = append(f.Notes, n.Text)
	}
	if apart != nil {
		f.Apart = apart.String()
	}
	f.Took = time.Since(start)
	return f, nil
}

// TracesMatch writes "1 trace matches", "12 traces match".
func TracesMatch(n int) string {
	if n == 1 {
		return "1 trace matches"
	}
	return draw.CountNoun(n, "", "traces") + " match"
}

// ExplainQuery prints what a query means.
func ExplainQuery(w io.Writer, text string) error {
	q, err := query.Parse(text)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, q.Explain())
	return err
}
