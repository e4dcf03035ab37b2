package timing_test

import (
	"testing"

	"tracefall/diagnose/timing"
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
	tm := timing.New(tr, nil)
	self := timing.SelfTimes(tm)
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
	tm := timing.New(tr, nil)
	if !tm.Async(1) {
		t.Error("the span that follows from its parent is waited for")
	}
	if self := timing.SelfTimes(tm); self[0] != 100 {
		t.Errorf("self time of the parent %d, want 100", self[0])
	}
}
