// Package comparetest makes and opens traces for the tests of comparisons.
package comparetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/sources"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// Span is a span of a trace made by a program.
type Span struct {
	Parent        int // index, -1 for the first
	Service, Name string
	Kind          trace.Kind
	Start, End    int64 // ns
	Failed        bool
	Lost          bool              // not in the export: its children are pieces of their own
	Attrs         map[string]string // of the span
}

// Build makes one trace of spans; the keys of attrs are written in the order of names.
func Build(t testing.TB, b *trace.Builder, id uint64, spans []Span, names ...string) {
	t.Helper()
	for i, s := range spans {
		if s.Lost {
			continue
		}
		service := b.String(b.Symbol([]byte("service.name")), []byte(s.Service))
		raw := trace.RawSpan{
			Trace: trace.TraceID{Lo: id}, ID: trace.SpanID{N: uint64(i) + 1}, Name: b.Symbol([]byte(s.Name)), Kind: s.Kind,
			Start: tracetest.Epoch + s.Start, End: tracetest.Epoch + s.End,
			Origin: b.Origin(b.Resource([]trace.Attr{service}, 0), b.Scope(0, 0, nil, 0)),
		}
		if s.Parent >= 0 {
			raw.Parent = trace.SpanID{N: uint64(s.Parent) + 1}
		}
		if s.Failed {
			raw.Status = trace.StatusError
		}
		for _, name := range names {
			if v, ok := s.Attrs[name]; ok {
				raw.Attrs = append(raw.Attrs, b.String(b.Symbol([]byte(name)), []byte(v)))
			}
		}
		b.Add(&raw)
	}
}

// One makes a trace of spans and derives its facts.
func One(t testing.TB, spans []Span) *facts.Facts {
	t.Helper()
	b := trace.NewBuilder()
	Build(t, b, 1, spans)
	return factstest.Of(b.Build())[0]
}

// Random makes a trace of any shape: services, repetition, overlap, children that outlast their parents, failures.
func Random(t testing.TB, r *rand.Rand, n int) *facts.Facts {
	t.Helper()
	spans := []Span{{Parent: -1, Service: "gw", Name: "root", Kind: trace.KindServer, End: 1_000_000_000}}
	for len(spans) < n {
		p := r.IntN(len(spans))
		from := spans[p].Start + r.Int64N(spans[p].End-spans[p].Start+1)
		s := Span{
			Parent: p, Service: fmt.Sprintf("s%d", r.IntN(4)), Name: fmt.Sprintf("op%c", 'a'+rune(r.IntN(6))),
			Kind: trace.Kind(r.IntN(6)), Start: from, End: from + r.Int64N(400_000_000), Failed: r.IntN(8) == 0,
		}
		spans = append(spans, s)
	}
	for i := range spans {
		spans[i].Lost = i > 0 && n%3 == 0 && r.IntN(10) == 0
	}
	return One(t, spans)
}

// Shaped makes a trace of n spans whose parents and names are given, for benchmarks and tests of depth and width.
func Shaped(t testing.TB, n int, parent func(i int) int, name func(i int) string) *facts.Facts {
	t.Helper()
	spans := make([]Span, n)
	for i := range spans {
		spans[i] = Span{Parent: -1, Service: fmt.Sprintf("s%d", i%7), Name: name(i), End: 1e9}
		if i > 0 {
			p := parent(i)
			from := spans[p].Start + (spans[p].End-spans[p].Start)*int64(i%97)/97
			spans[i].Parent, spans[i].Start, spans[i].End = p, from, from+(spans[p].End-from)*int64(50+i%50)/100
		}
		if i%5 == 1 {
			spans[i].Kind = trace.KindClient
		}
	}
	return One(t, spans)
}

// Open reads a file.
func Open(t testing.TB, path string) *trace.Set {
	t.Helper()
	result, err := sources.Open(context.Background(), []string{path}, sources.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = result.Set.Close() })
	return result.Set
}
