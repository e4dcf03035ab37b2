package trace_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// outline writes a trace the way a test reads it: indentation, name, start, duration, id, flags.
func outline(t *trace.Trace) string {
	var b strings.Builder
	for i := range t.Len() {
		s := t.Span(i)
		fmt.Fprintf(&b, "%s%s %d+%d %s", strings.Repeat(" ", s.Depth()), s.Name(),
			(s.Start()-tracetest.Epoch)/1e6, s.Duration()/1e6, strings.TrimLeft(s.ID().String(), "0"))
		if names := s.Flags().Names(); len(names) > 0 {
			fmt.Fprintf(&b, " %s", strings.Join(names, ","))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func check(t *testing.T, s *trace.Set) {
	t.Helper()
	if err := tracetest.Check(s); err != nil {
		t.Fatal(err)
	}
}

func TestShape(t *testing.T) {
	tests := []struct {
		name, text, want string
		quality          trace.Quality
	}{
		{
			name: "siblings by start, the longer first",
			text: `
				a root 0ms +100ms
				  a late 50ms +10ms
				  a early 10ms +10ms
				  a longer 10ms +20ms
				    a leaf 11ms +1ms`,
			want: "root 0+100 1\n longer 10+20 4\n  leaf 11+1 5\n early 10+10 3\n late 50+10 2\n",
		},
		{
			name: "two roots and an orphan hang under a synthetic root",
			text: `
				a one 10ms +10ms
				a two 5ms +10ms
				a lost 7ms +30ms parent=99`,
			want:    " 5+32  synthetic-root\n two 5+10 2\n lost 7+30 3 orphan\n one 10+10 1\n",
			quality: trace.Quality{Orphans: 1, Roots: 3},
		},
		{
			name:    "a lone orphan needs no synthetic root",
			text:    `a lost 7ms +30ms parent=99`,
			want:    "lost 7+30 1 orphan\n",
			quality: trace.Quality{Orphans: 1},
		},
		{
			name:    "its own parent",
			text:    `a self 0ms +1ms id=7 parent=7`,
			want:    "self 0+1 7 cycle-cut\n",
			quality: trace.Quality{Cycles: 1},
		},
		{
			name: "a cycle is cut at its earliest start",
			text: `
				a x 3ms +1ms id=1 parent=2
				a y 2ms +9ms id=2 parent=3
				a z 4ms +1ms id=3 parent=1`,
			want:    "y 2+9 2 cycle-cut\n x 3+1 1\n  z 4+1 3\n",
			quality: trace.Quality{Cycles: 1, OutsideParent: 1},
		},
		{
			name: "an exact copy is dropped",
			text: `
				a root 0ms +9ms id=1 k=v
				a root 0ms +9ms id=1 k=v
				a child 1ms +1ms id=2 parent=1`,
			want:    "root 0+9 1\n child 1+1 2\n",
			quality: trace.Quality{Duplicates: 1},
		},
		{
			name: "one id for different spans: both stay",
			text: `
				a root 0ms +9ms id=1
				a other 1ms +1ms id=2 parent=1
				a again 2ms +1ms id=2 parent=1
				a again 2ms +1ms id=2 parent=1
				a under 2ms +1ms id=3 parent=2`,
			want: "root 0+9 1\n other 1+1 2 duplicate-id\n  under 2+1 3\n again 2+1 2#2 duplicate-id\n",
			quality: trace.Quality{
				Collisions: 1, Duplicates: 1, OutsideParent: 1,
			},
		},
		{
			name: "client and server under one id, as Zipkin writes them",
			text: `
				a root 0ms +9ms id=1
				b serve 2ms +3ms id=2 parent=1 kind=server
				a call 1ms +5ms id=2 parent=1 kind=client
				b work 3ms +1ms id=3 parent=2
				b serve 2ms +3ms id=2 parent=1 kind=server`,
			want:    "root 0+9 1\n call 1+5 2\n  serve 2+3 2#2 duplicate-id\n   work 3+1 3\n",
			quality: trace.Quality{SharedIDs: 1, Duplicates: 1},
		},
		{
			name: "an id that is no number stays as written",
			text: `
				a root 0ms +9ms id="span one"
				a child 1ms +1ms id=2 parent="span one"`,
			want: "root 0+9 span one\n child 1+1 2\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := tracetest.Set(t, tt.text)
			check(t, s)
			if diff := cmp.Diff(tt.want, outline(s.Trace(0))); diff != "" {
				t.Errorf("shape (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.quality, s.Trace(0).Quality()); diff != "" {
				t.Errorf("quality (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReferencesChooseTheParent(t *testing.T) {
	b := trace.NewBuilder()
	id := trace.TraceID{Lo: 1}
	add := func(n uint64, start int64, links ...trace.RawLink) {
		b.Add(&trace.RawSpan{Trace: id, ID: trace.SpanID{N: n}, Start: start, Duration: 10, Links: links})
	}
	ref := func(kind trace.LinkKind, n uint64) trace.RawLink {
		return trace.RawLink{Kind: kind, Trace: id, Span: trace.SpanID{N: n}}
	}
	elsewhere := trace.RawLink{Kind: trace.LinkChildOf, Trace: trace.TraceID{Lo: 9}, Span: trace.SpanID{N: 1}}
	add(1, 100)
	add(2, 200, ref(trace.LinkChildOf, 1))
	add(3, 300, ref(trace.LinkFollowsFrom, 1), ref(trace.LinkChildOf, 2), ref(trace.LinkChildOf, 1))
	add(4, 400, ref(trace.LinkFollowsFrom, 2), elsewhere)
	s := b.Build()
	check(t, s)
	tr := s.Trace(0)
	for _, tt := range []struct {
		span, parent uint64
		links        int
		follows      bool
		flags        trace.Flags
	}{
		{span: 1},
		{span: 2, parent: 1},
		{span: 3, parent: 1, links: 2, flags: trace.FlagExtraParent},
		{span: 4, parent: 2, links: 1, follows: true},
	} {
		sp := tr.Span(tr.Find(trace.SpanID{N: tt.span}))
		if sp.ParentID().N != tt.parent || len(sp.Links()) != tt.links || sp.Flags() != tt.flags || sp.FollowsFrom() != tt.follows {
			t.Errorf("span %d: parent %s, %d links, flags %v, follows %v; want %+v",
				tt.span, sp.ParentID(), len(sp.Links()), sp.Flags().Names(), sp.FollowsFrom(), tt)
		}
	}
}

func TestRepairs(t *testing.T) {
	b := trace.NewBuilder()
	id := trace.TraceID{Lo: 1}
	add := func(n, parent uint64, start, end, duration int64) {
		b.Add(&trace.RawSpan{Trace: id, ID: trace.SpanID{N: n}, Parent: trace.SpanID{N: parent}, Start: start, End: end, Duration: duration})
	}
	add(1, 0, 1000, 0, trace.NoDuration) // never ended
	add(2, 1, 0, 0, 50)                  // no start
	add(3, 2, 0, 0, 70)                  // nor its child
	add(4, 1, 2000, 1990, 0)             // ends before it starts
	add(5, 1, 1990, 0, -1990)            // never ended, by a writer of durations
	s := b.Build()
	check(t, s)
	tr := s.Trace(0)
	want := map[uint64]string{
		1: "1000+1000 [unfinished]", 2: "1000+50 [time-repaired]", 3: "1000+70 [time-repaired]", 4: "2000+0 [time-repaired]",
		5: "1990+0 [unfinished]",
	}
	for n, w := range want {
		sp := tr.Span(tr.Find(trace.SpanID{N: n}))
		if got := fmt.Sprintf("%d+%d %v", sp.Start(), sp.Duration(), sp.Flags().Names()); got != w {
			t.Errorf("span %d: %s, want %s", n, got, w)
		}
	}
}

// random adds n spans of several traces with every oddity to the builders in turn, and returns them.
func random(seed uint64, n, builders int) []*trace.Builder {
	r := rand.New(rand.NewPCG(seed, 1))
	bs := make([]*trace.Builder, builders)
	for i := range bs {
		bs[i] = trace.NewBuilder()
		bs[i].Input("input")
	}
	long := strings.Repeat("long value ", 5)
	for i := range n {
		b := bs[i*builders/n]
		key := func(s string) trace.Symbol { return b.Symbol([]byte(s)) }
		raw := trace.RawSpan{
			Trace: trace.TraceID{Lo: uint64(r.IntN(5))}, ID: trace.SpanID{N: uint64(r.IntN(n))},
			Parent: trace.SpanID{N: uint64(r.IntN(n))}, Name: key(fmt.Sprintf("op %d", r.IntN(9))),
			Kind: trace.Kind(r.IntN(6)), Status: trace.Status(r.IntN(3)),
			Start: int64(r.IntN(50)), Duration: int64(r.IntN(60) - 5),
			Attrs: []trace.Attr{
				trace.Int(key("n"), int64(i)), b.String(key("short"), []byte(fmt.Sprint(r.IntN(20)))),
				b.String(key("long"), fmt.Appendf(nil, "%s%d", long, r.IntN(20))),
			},
			Events: []trace.RawEvent{{Time: int64(i), Name: key("event"), Attrs: []trace.Attr{trace.Bool(key("b"), true)}}},
		}
		if r.IntN(4) == 0 {
			raw.Duration = trace.NoDuration
		}
		if r.IntN(4) == 0 {
			raw.ID.Text, raw.ID.N = fmt.Sprintf("text-%d", r.IntN(n)), 0
		}
		if r.IntN(4) == 0 {
			raw.Parent = trace.SpanID{Text: fmt.Sprintf("text-%d", r.IntN(n))}
		}
		raw.Origin = b.Origin(b.Resource([]trace.Attr{
			b.String(key("service.name"), fmt.Appendf(nil, "service-%d", r.IntN(3))),
			b.String(key("pod"), fmt.Appendf(nil, "%s%d", long, r.IntN(2))),
		}, 0), b.Scope(key(fmt.Sprintf("scope %d", r.IntN(2))), 0, nil, 0))
		b.Add(&raw)
	}
	return bs
}

// dump writes everything a set holds.
func dump(s *trace.Set) string {
	var b strings.Builder
	attrs := func(a trace.Attrs) {
		for k, v := range a.All() {
			fmt.Fprintf(&b, " %s=%s", k, v)
		}
	}
	for i := range s.Len() {
		t := s.Trace(i)
		fmt.Fprintf(&b, "%s %+v %d services\n%s", t.ID(), t.Quality(), t.Services(), outline(t))
		for k := t.First(); k < t.Len(); k++ {
			sp := t.Span(k)
			fmt.Fprintf(&b, "%s/%s %s %s %s", sp.ParentID(), sp.ID(), sp.Kind(), sp.Scope().Name(), sp.Input())
			attrs(sp.Attrs())
			attrs(sp.Resource().Attrs())
			for e := range sp.Events() {
				fmt.Fprintf(&b, " [%s %d", sp.Event(e).Name(), sp.Event(e).Time())
				attrs(sp.Event(e).Attrs())
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

func TestMergeEqualsOneBuilder(t *testing.T) {
	for seed := range uint64(20) {
		whole := random(seed, 300, 1)[0].Build()
		parts := random(seed, 300, 3)
		for _, b := range parts[1:] {
			parts[0].Merge(b)
		}
		merged := parts[0].Build()
		check(t, whole)
		check(t, merged)
		if diff := cmp.Diff(dump(whole), dump(merged)); diff != "" {
			t.Fatalf("seed %d (-whole +merged):\n%s", seed, diff)
		}
	}
}

func TestSnapshotIsIndependent(t *testing.T) {
	b := random(7, 200, 1)[0]
	early := b.Snapshot()
	check(t, early)
	before := dump(early)
	for i := range 20_000 {
		b.Add(&trace.RawSpan{Trace: trace.TraceID{Lo: 3}, ID: trace.SpanID{N: uint64(1000 + i)}, Start: 5, Name: b.Symbol(fmt.Appendf(nil, "more %d", i))})
	}
	full := b.Build()
	check(t, full)
	if got := dump(early); got != before {
		t.Error("the snapshot changed while the builder went on")
	}
	if got := dump(random(7, 200, 1)[0].Build()); got != before {
		t.Error("a snapshot differs from a build of the same spans")
	}
}

func TestHostileShapes(t *testing.T) {
	const n = 200_000
	shapes := map[string]func(i int) trace.RawSpan{
		"chain": func(i int) trace.RawSpan {
			return trace.RawSpan{ID: trace.SpanID{N: uint64(i + 1)}, Parent: trace.SpanID{N: uint64(i)}, Start: int64(i + 1), Duration: 5}
		},
		"reversed": func(i int) trace.RawSpan {
			return trace.RawSpan{ID: trace.SpanID{N: uint64(n - i)}, Parent: trace.SpanID{N: uint64(n - i - 1)}, Start: int64(n - i), Duration: 5}
		},
		"open chain without times": func(i int) trace.RawSpan {
			return trace.RawSpan{ID: trace.SpanID{N: uint64(i + 1)}, Parent: trace.SpanID{N: uint64(i)}, Duration: trace.NoDuration}
		},
		"siblings": func(i int) trace.RawSpan {
			return trace.RawSpan{ID: trace.SpanID{N: uint64(i + 1)}, Parent: trace.SpanID{N: uint64(min(i, 1))}, Start: int64(i/3 + 1)}
		},
		"one cycle": func(i int) trace.RawSpan {
			return trace.RawSpan{ID: trace.SpanID{N: uint64(i + 1)}, Parent: trace.SpanID{N: uint64((i+1)%n + 1)}, Start: int64(i + 1)}
		},
		"one id": func(i int) trace.RawSpan { return trace.RawSpan{ID: trace.SpanID{N: 5}, Start: int64(i + 1)} },
		"no ids": func(i int) trace.RawSpan { return trace.RawSpan{Start: int64(i%7 + 1)} },
		"all orphans": func(i int) trace.RawSpan {
			return trace.RawSpan{ID: trace.SpanID{N: uint64(i + 1)}, Parent: trace.SpanID{N: n + 9}, Start: int64(i + 1)}
		},
	}
	for name, shape := range shapes {
		t.Run(name, func(t *testing.T) {
			b := trace.NewBuilder()
			for i := range n {
				raw := shape(i)
				raw.Trace = trace.TraceID{Hi: 1}
				b.Add(&raw)
			}
			check(t, b.Build())
		})
	}
}

func TestCutShort(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "...": false, "SELECT a...": true, "SELECT a": false,
		strings.Repeat("x", 2047): false, strings.Repeat("x", 2048): true, strings.Repeat("x", 2049): false,
	} {
		if got := trace.CutShort(text); got != want {
			t.Errorf("%d bytes: %v, want %v", len(text), got, want)
		}
	}
}
