package query_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/sources/query"
	"tracefall/sources/query/eval"
	"tracefall/sources/query/querytest"
	"tracefall/sources/trace"
)

// check holds a text to everything that must be true of any text.
func check(t *testing.T, text string, set *trace.Set) (matched bool) {
	t.Helper()
	q, err := query.Parse(text)
	if err != nil {
		var refused *query.SyntaxError
		if !errors.As(err, &refused) || refused.Offset < 0 || refused.Length < 0 || refused.Offset+refused.Length > len(text) || refused.Message == "" {
			t.Fatalf("Parse(%q): no position within the text: %#v", text, err)
		}
		_ = refused.Caret()
		return false
	}
	again, err := query.Parse(q.String())
	if err != nil || !query.Equal(q, again) {
		t.Fatalf("%q is written as %q, which reads as %v, %v", text, q, again, err)
	}
	filter, rest := q.AST()
	if filter != nil {
		back, err := query.FromAST(filter)
		if err != nil {
			t.Fatalf("%q: FromAST: %v", text, err)
		}
		if filter2, rest2 := back.AST(); rest2 != nil || !query.SameFilter(filter, filter2) {
			t.Fatalf("%q: the filter changes on its way to text and back:\n%s\n%s\n%v", text, query.FilterJSON(filter), query.FilterJSON(filter2), rest2)
		}
		_ = q.Explain()
	}
	p, err := eval.Compile(q, set, standIn{})
	if err != nil {
		return false
	}
	r, err := p.Run(context.Background(), 2)
	if err != nil {
		t.Fatal(err)
	}
	if want := slow(q, set, standIn{}); !cmp.Equal(want, r.Traces) {
		t.Fatalf("%s\n  read as %s\n  slow %v\n  fast %v", text, q, want, r.Traces)
	}
	if filter != nil && rest == nil {
		back, _ := query.FromAST(filter)
		if other := slow(back, set, standIn{}); !cmp.Equal(other, r.Traces) {
			t.Fatalf("%s\n  the filter means %s\n  which finds %v\n  not %v", text, back, other, r.Traces)
		}
	}
	return r.Spans > 0
}

// TestAgainstOracle compares the compiled evaluator with the slow one on random queries over random traces.
func TestAgainstOracle(t *testing.T) {
	queries, matched := 0, 0
	for seed := range uint64(40) {
		set := querytest.Set(t, seed, 12)
		w := querytest.NewWriter(seed)
		for range 150 {
			text := w.Query()
			if _, err := query.Parse(text); err != nil {
				continue
			}
			queries++
			if check(t, text, set) {
				matched++
			}
		}
	}
	if matched < queries/4 || queries < 1500 {
		t.Errorf("only %d of %d queries matched anything: the traces and the queries do not meet", matched, queries)
	}
}

func FuzzQuery(f *testing.F) {
	for _, e := range examples {
		f.Add(e.text)
	}
	for _, e := range refusals {
		f.Add(e.text)
	}
	set := querytest.Set(f, 3, 12)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) < 4096 {
			check(t, text, set)
		}
	})
}

// FuzzGenerated varies the traces and the random query together.
func FuzzGenerated(f *testing.F) {
	f.Add(uint64(1), uint64(2))
	f.Fuzz(func(t *testing.T, traces, text uint64) {
		w := querytest.NewWriter(text)
		set := querytest.Set(t, traces, 5)
		for range 20 {
			check(t, w.Query(), set)
		}
	})
}
