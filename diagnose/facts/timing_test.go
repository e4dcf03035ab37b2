package facts

import (
	"testing"

	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

const timingTrace = `
	gw checkout 0ms +100ms                       // self 0–10, 60–70
	  cart read 10ms +20ms                       // self: all of it
	  cart write 20ms +40ms kind=producer        // overlaps read; self 20–30, 50–60
	    disk fsync 30ms +20ms                    // 30–50
	    mail consume 35ms +500ms kind=consumer   // handed over
	  db insert 70ms +50ms                       // reaches 20 ms beyond the parent
	    db flush 110ms +5ms                      // after the end of what counts of its parent
	  audit late 150ms +10ms                     // after the parent's end
	    audit child 152ms +4ms
`

func TestTiming(t *testing.T) {
	const ms = 1_000_000
	tr := tracetest.One(t, timingTrace)
	tm := NewTiming(tr, nil)
	self := SelfTimes(tm)
	want := []struct {
		name       string
		start, end int64 // effective, ms
		async      bool
		self       int64 // ms
	}{
		{"checkout", 0, 100, false, 20},
		{"read", 10, 30, false, 20},
		{"write", 20, 60, false, 20},
		{"fsync", 30, 50, false, 20},
		{"consume", 35, 535, true, 500},
		{"insert", 70, 100, false, 45},
		{"flush", 110, 115, true, 5},
		{"late", 150, 160, true, 6},
		{"child", 152, 156, false, 4},
	}
	if tr.Len() != len(want) {
		t.Fatalf("%d spans, want %d", tr.Len(), len(want))
	}
	zero := tr.Start()
	for i, w := range want {
		s := tr.Span(i)
		if s.Name() != w.name {
			t.Fatalf("span %d is %s, want %s", i, s.Name(), w.name)
		}
		e := tm.Effective(i)
		if e.Start != zero+w.start*ms || e.End != zero+w.end*ms {
			t.Errorf("%s: effective %d–%d ms, want %d–%d", w.name, (e.Start-zero)/ms, (e.End-zero)/ms, w.start, w.end)
		}
		if tm.Async(i) != w.async {
			t.Errorf("%s: async %v, want %v", w.name, tm.Async(i), w.async)
		}
		if self[i] != w.self*ms {
			t.Errorf("%s: self %d ms, want %d", w.name, self[i]/ms, w.self)
		}
	}
}

// TestFollowsFrom checks that a parent does not wait for what follows from it.
func TestFollowsFrom(t *testing.T) {
	b := trace.NewBuilder()
	raw := trace.RawSpan{Trace: trace.TraceID{Lo: 1}, ID: trace.SpanID{N: 1}, Start: 1000, Duration: 100}
	b.Add(&raw)
	raw = trace.RawSpan{Trace: trace.TraceID{Lo: 1}, ID: trace.SpanID{N: 2}, Start: 1010, Duration: 20,
		Links: []trace.RawLink{{Kind: trace.LinkFollowsFrom, Trace: trace.TraceID{Lo: 1}, Span: trace.SpanID{N: 1}}}}
	b.Add(&raw)
	tr := b.Build().Trace(0)
	if tr.Span(1).Parent() != 0 {
		t.Fatalf("the parent of span 1 is %d, want 0", tr.Span(1).Parent())
	}
	tm := NewTiming(tr, nil)
	if !tm.Async(1) {
		t.Error("the span that follows from its parent is waited for")
	}
	if self := SelfTimes(tm); self[0] != 100 {
		t.Errorf("self time of the parent %d, want 100", self[0])
	}
}

// TestTimingOnOtherClocks checks that a host whose clock is proven to be 2 s behind counts when it really worked, and
// that one of which nothing is proven is clipped.
func TestTimingOnOtherClocks(t *testing.T) {
	const ms = 1_000_000
	tr := tracetest.One(t, `
		gw checkout 0ms +400ms kind=server
		  cart read -1990ms +80ms kind=server
		    cart sum -1980ms +30ms
		  gw call 20ms +100ms kind=client
		    cart serve -1970ms +80ms kind=server
		  gw call 200ms +100ms kind=client
		    cart serve -1780ms +60ms kind=server
		    disk flush 250ms +120ms
	`)
	clocks := NewClocks(tr.Set())
	tm := NewTiming(tr, clocks)
	self := SelfTimes(tm)
	want := []struct {
		name             string
		start, end, self int64 // ms
		async            bool
	}{
		{"checkout", 0, 400, 190, false},
		{"read", 10, 90, 50, false},
		{"sum", 20, 50, 30, false},
		{"call", 20, 120, 20, false},
		{"serve", 30, 110, 80, false},
		{"call", 200, 300, 20, false},
		{"serve", 220, 280, 60, false},
		{"flush", 250, 300, 120, false},
	}
	zero := tr.Span(0).Start()
	seen := make([]int, len(want))
	for i := range tr.Len() {
		name, e := tr.Span(i).Name(), tm.Effective(i)
		n := -1
		for k, w := range want {
			if seen[k] == 0 && w.name == name && zero+w.start*ms == e.Start {
				n = k
			}
		}
		if n < 0 {
			t.Errorf("%s counts from %d to %d ms, which nobody expects", name, (e.Start-zero)/ms, (e.End-zero)/ms)
			continue
		}
		w := want[n]
		seen[n]++
		if e.End != zero+w.end*ms || tm.Async(i) != w.async || self[i] != w.self*ms {
			t.Errorf("%s: ends at %d ms, async %v, self %d ms; want %+v", name, (e.End-zero)/ms, tm.Async(i), self[i]/ms, w)
		}
		if tm.Own(i).Start-tm.Offset(i) != tr.Span(i).Start() {
			t.Errorf("%s: its start less its offset is not the recorded one", name)
		}
	}
	f := New(tr, NewOps(tr.Set()))
	last := int64(0)
	for c := range f.Children(0) {
		if start := f.Timing.Own(c).Start; start < last {
			t.Errorf("%s comes after a sibling that started later", tr.Span(c).Name())
		} else {
			last = start
		}
	}
	checkPath(t, tm, f.Path)
}

// TestPiecesUnderNoRoot: what stands over the pieces of a trace does nothing itself, and hands nothing over: a piece that
// follows from a span that is not there is waited for like any other.
func TestPiecesUnderNoRoot(t *testing.T) {
	tr := tracetest.One(t, `
		gw order 0ms +10ms
		mail send 30ms +20ms parent=9
		  follows 9
		stock book 90ms +10ms
	`)
	f := New(tr, NewOps(tr.Set()))
	const ms = int64(1_000_000)
	want := []int64{0, 10, 20, 10}
	for i := range tr.Len() {
		if f.Self[i] != want[i]*ms || f.Timing.Async(i) {
			t.Errorf("span %d: self %d ms, async %v; want %d ms, and waited for", i, f.Self[i]/ms, f.Timing.Async(i), want[i])
		}
	}
	if apart := f.Path.Time(0); apart != 60*ms {
		t.Errorf("%d ms lie between the pieces, want 60", apart/ms)
	}
}
