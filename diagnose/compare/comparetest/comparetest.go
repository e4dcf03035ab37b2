// Package comparetest makes and opens traces for the tests of comparisons.
package comparetest

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
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

// RandomSets makes sixty pairs of sets of random traces.
func RandomSets(t testing.TB) iter.Seq2[[]*facts.Facts, []*facts.Facts] {
	t.Helper()
	r := rand.New(rand.NewPCG(4, 4))
	list := func() (list []*facts.Facts) {
		for range 1 + r.IntN(12) {
			list = append(list, Random(t, r, 1+r.IntN(40)))
		}
		return list
	}
	return func(yield func(good, bad []*facts.Facts) bool) {
		for range 60 {
			if good := list(); !yield(good, list()) {
				return
			}
		}
	}
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

// Checkouts are requests of a shop, mostly of one operation: usual ones, a slow one and failed ones.
const Checkouts = `
trace 01
web "GET /cart/17" 0ms +100ms kind=server
trace 02
web "GET /cart/18" 9s +110ms kind=server
trace 03
web "GET /cart/19" 10s +3s kind=server error=late
  db query 10001ms +2990ms
trace 04
web "GET /cart/20" 11s +900ms kind=server
trace 05
web "GET /cart/21" 12s +105ms kind=server
  cache get 12001ms +1ms error=miss
trace 06
web "GET /cart/22" 9500ms +50ms kind=server error=no
trace 07
web "GET /list" 10s +100ms kind=server
trace 08
web "GET /cart/23" 10500ms +95ms kind=server
  web lost 10501ms +1ms parent=77
`

// Open reads files, named from the top of the module: of testdata, or of the collection beside it, without
// which the test is skipped aloud.
func Open(t testing.TB, pattern string) *trace.Set {
	t.Helper()
	top := ".."
	for _, err := os.Stat(filepath.Join(top, "go.mod")); err != nil; _, err = os.Stat(filepath.Join(top, "go.mod")) {
		if top = filepath.Join(top, ".."); len(top) > 100 {
			t.Fatal("no module above the package")
		}
	}
	name := filepath.Join(top, filepath.FromSlash(pattern))
	if strings.HasPrefix(pattern, "../shared/") {
		tracetest.Corpus(t)
	}
	if found, _ := filepath.Glob(name); len(found) == 0 {
		t.Fatalf("%s is not there", pattern)
	}
	result, err := sources.Open(context.Background(), []string{name}, sources.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = result.Set.Close() })
	return result.Set
}
