package facts_test

import (
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// FuzzFacts makes traces of bytes, four a span: parent, kind and host, start and length by one of a few scales. However
// clocks contradict each other, effective intervals lie in those of parents that wait, self times in durations,
// children come in order, and the critical path is one line from the start of the first span to its end.
func FuzzFacts(f *testing.F) {
	f.Add([]byte{0, 0, 0, 200, 0, 2, 10, 60, 1, 9, 140, 40, 0, 2, 100, 60, 3, 9, 230, 40})
	f.Add([]byte{0, 0, 0, 100, 9, 11, 0, 200, 0, 64, 7, 7, 1, 201, 250, 9, 3, 83, 1, 250})
	f.Fuzz(func(t *testing.T, data []byte) {
		set := fuzzed(data)
		ops := facts.NewOps(set)
		for i := range set.Len() {
			f := facts.New(set.Trace(i), ops)
			checkPath(t, f)
			checkTiming(t, f)
		}
	})
}

// fuzzed makes the traces.
func fuzzed(data []byte) *trace.Set {
	b := trace.NewBuilder()
	kinds := [...]trace.Kind{trace.KindUnspecified, trace.KindInternal, trace.KindClient, trace.KindServer, trace.KindProducer, trace.KindConsumer}
	scales := [...]int64{1, 1000, 1e6, 40e9, 1 << 52}
	host, name := b.Symbol([]byte("host.name")), b.Symbol([]byte("shop.Cart/Get"))
	for n := 0; len(data) >= 4 && n < 200; n, data = n+1, data[4:] {
		at, scale := data[1], scales[int(data[0]>>5)%len(scales)]
		raw := trace.RawSpan{
			Trace: trace.TraceID{Lo: 1}, ID: trace.SpanID{N: uint64(n) + 1}, Name: name, Kind: kinds[int(at)%len(kinds)],
			Start: tracetest.Epoch + (int64(data[2])-64)*scale, Duration: int64(data[3]) * scale,
			Origin: b.Origin(b.Resource([]trace.Attr{b.String(host, []byte{'a' + at/6%4})}, 0), 0),
		}
		if n > 0 {
			raw.Parent.N = uint64(data[0]&31)%uint64(n) + 1
		}
		b.Add(&raw)
	}
	return b.Build()
}

func checkTiming(t *testing.T, f *facts.Facts) {
	t.Helper()
	for i := range f.Trace.Len() {
		e, s := f.Timing.Effective(i), f.Trace.Span(i)
		if p := s.Parent(); p >= 0 && !f.Timing.Async(i) {
			if up := f.Timing.Effective(p); e.Start < up.Start || e.End > up.End || e.End < e.Start {
				t.Fatalf("span %d counts from %d to %d, its parent from %d to %d", i, e.Start, e.End, up.Start, up.End)
			}
		}
		own := f.Timing.Own(i)
		if f.Self[i] < 0 || f.Self[i] > own.Duration() || !s.Synthetic() && own.Duration() != s.Duration() {
			t.Fatalf("span %d: self %d of %d, recorded %d", i, f.Self[i], own.Duration(), s.Duration())
		}
		last := int64(-1 << 62)
		for c := range f.Children(i) {
			if start := f.Timing.Own(c).Start; start < last {
				t.Fatalf("child %d of span %d starts at %d, after one that starts at %d", c, i, start, last)
			} else {
				last = start
			}
		}
	}
}

// checkPath verifies that the critical path is one line: its steps follow each other from the start of the first span to
// its end, each in its own span, and what a span has of it is the sum of its steps.
func checkPath(t *testing.T, f *facts.Facts) {
	t.Helper()
	at, times := f.Timing.Effective(0).Start, make([]int64, f.Trace.Len())
	for _, s := range f.Path.Steps {
		if e := f.Timing.Effective(s.Span); s.Start != at || s.End <= s.Start || s.Start < e.Start || s.End > e.End {
			t.Fatalf("step %+v begins at %d, want %d, in a span %+v", s, s.Start, at, e)
		}
		at = s.End
		times[s.Span] += s.Duration()
	}
	if at != f.Timing.Effective(0).End {
		t.Fatalf("the path ends at %d, want %d", at, f.Timing.Effective(0).End)
	}
	for i, want := range times {
		if got := f.Path.Time(i); got != want {
			t.Fatalf("span %d is on the path for %d ns, its steps for %d", i, got, want)
		}
	}
}
