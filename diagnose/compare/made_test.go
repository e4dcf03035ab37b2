package compare_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// made is a span of a trace made by a program.
type made struct {
	parent        int // index, -1 for the first
	service, name string
	kind          trace.Kind
	start, end    int64 // ns
	failed        bool
	lost          bool              // not in the export: its children are pieces of their own
	attrs         map[string]string // of the span
}

// build makes one trace of spans; the keys of attrs are written in the order of names.
func build(t testing.TB, b *trace.Builder, id uint64, spans []made, names ...string) {
	t.Helper()
	for i, s := range spans {
		if s.lost {
			continue
		}
		service := b.String(b.Symbol([]byte("service.name")), []byte(s.service))
		raw := trace.RawSpan{
			Trace: trace.TraceID{Lo: id}, ID: trace.SpanID{N: uint64(i) + 1}, Name: b.Symbol([]byte(s.name)), Kind: s.kind,
			Start: tracetest.Epoch + s.start, End: tracetest.Epoch + s.end,
			Origin: b.Origin(b.Resource([]trace.Attr{service}, 0), b.Scope(0, 0, nil, 0)),
		}
		if s.parent >= 0 {
			raw.Parent = trace.SpanID{N: uint64(s.parent) + 1}
		}
		if s.failed {
			raw.Status = trace.StatusError
		}
		for _, name := range names {
			if v, ok := s.attrs[name]; ok {
				raw.Attrs = append(raw.Attrs, b.String(b.Symbol([]byte(name)), []byte(v)))
			}
		}
		b.Add(&raw)
	}
}

// random makes a trace of any shape: services, repetition, overlap, children that outlast their parents, failures.
func random(t testing.TB, r *rand.Rand, n int) *facts.Facts {
	t.Helper()
	spans := []made{{parent: -1, service: "gw", name: "root", kind: trace.KindServer, end: 1_000_000_000}}
	for len(spans) < n {
		p := r.IntN(len(spans))
		from := spans[p].start + r.Int64N(spans[p].end-spans[p].start+1)
		s := made{
			parent: p, service: fmt.Sprintf("s%d", r.IntN(4)), name: fmt.Sprintf("op%c", 'a'+rune(r.IntN(6))),
			kind: trace.Kind(r.IntN(6)), start: from, end: from + r.Int64N(400_000_000), failed: r.IntN(8) == 0,
		}
		spans = append(spans, s)
	}
	for i := range spans {
		spans[i].lost = i > 0 && n%3 == 0 && r.IntN(10) == 0
	}
	b := trace.NewBuilder()
	build(t, b, 1, spans)
	set := b.Build()
	return facts.New(set.Trace(0), facts.NewOps(set))
}
