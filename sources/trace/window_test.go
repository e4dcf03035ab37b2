package trace_test

import (
	"testing"

	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// TestWindow says what a trace is drawn and ranked by: its root's extent, or what its spans cover without strays.
func TestWindow(t *testing.T) {
	const day = 86_400_000
	tests := []struct {
		name, text    string
		from, to      int64 // ms after the epoch of the notation
		start, latest int64 // the extent of all spans
	}{
		{
			name: "work that nobody waited for ends after the root",
			text: `
				a root 0ms +100ms
				  a call 10ms +50ms
				  b mail 90ms +4s kind=consumer`,
			to: 100, latest: 4090,
		},
		{
			name: "one span a day early under one root",
			text: `
				a root 86400000ms +100ms
				  a call 86400010ms +50ms
				  b stray 0ms +10ms`,
			from: day, to: day + 100, latest: day + 100,
		},
		{
			name: "half of the spans lie within the root",
			text: `
				a root 0ms +10ms
				  b one 500ms +10ms`,
			to: 10, latest: 510,
		},
		{
			name: "most spans lie outside the root: it does not stand for the trace",
			text: `
				a publish 0ms +10ms
				  b one 500ms +100ms
				    b two 510ms +20ms
				    b three 540ms +20ms`,
			to: 600, latest: 600,
		},
		{
			name: "a root that takes no time",
			text: `
				a enqueue 0ms +0ms
				  b work 500ms +100ms`,
			to: 600, latest: 600,
		},
		{
			name: "two first spans and the time between them",
			text: `
				a one 0ms +5ms
				a two 205ms +5ms`,
			to: 210, latest: 210,
		},
		{
			name: "several roots, one of them a day late",
			text: `
				a one 0ms +50ms
				a two 60ms +50ms
				a three 120ms +50ms
				a stray 86400000ms +10ms`,
			to: 170, latest: day + 10,
		},
		{
			name: "neither half of the pieces is the stray one",
			text: `
				a one 0ms +50ms
				a two 86400000ms +10ms`,
			to: day + 10, latest: day + 10,
		},
		{
			name: "a minute's wait is no stray",
			text: `
				a one 0ms +50ms
				a two 10ms +50ms
				a three 60050ms +10ms`,
			to: 60060, latest: 60060,
		},
		{
			name: "ten times the rest is no stray",
			text: `
				a one 0ms +60s
				a two 10ms +50ms
				a three 600s +10ms`,
			to: 600_010, latest: 600_010,
		},
		{
			name: "one root, and orphans a day away",
			text: `
				a root 0ms +100ms
				  a call 10ms +50ms
				b lost 86400000ms +30ms parent=99`,
			to: 100, latest: day + 30,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			set := tracetest.Set(t, test.text)
			check(t, set)
			tr := set.Trace(0)
			ms := func(ns int64) int64 { return (ns - tracetest.Epoch) / 1e6 }
			if from, to := ms(tr.Start()), ms(tr.Finish()); from != test.from || to != test.to {
				t.Errorf("the window is %d to %d ms, want %d to %d", from, to, test.from, test.to)
			}
			if tr.Duration() != tr.Finish()-tr.Start() {
				t.Errorf("it takes %d ns, not from start to finish", tr.Duration())
			}
			if from, to := tr.Extent(); ms(from) != test.start || ms(to) != test.latest {
				t.Errorf("the extent is %d to %d ms, want %d to %d", ms(from), ms(to), test.start, test.latest)
			}
			if root := tr.Span(0); root.Synthetic() && (root.Start() != tr.Start() || root.Finish() != tr.Finish()) {
				t.Errorf("the synthetic root is %d to %d ms", ms(root.Start()), ms(root.Finish()))
			}
		})
	}
}

func TestWindowOfSpansThatAreMoved(t *testing.T) {
	set := tracetest.Set(t, `
trace 01
a root 0ms +100ms
  b call 2010ms +50ms
  b call 2070ms +10ms
`)
	tr := set.Trace(0)
	from, to := tr.WindowAt(func(s trace.Span) (int64, int64) {
		if s.Service() == "b" {
			return s.Start() - 2e9, s.Finish() - 2e9
		}
		return s.Start(), s.Finish()
	})
	if from != tracetest.Epoch || to != tracetest.Epoch+100e6 {
		t.Errorf("with the clock set right the window is %d to %d ns", from-tracetest.Epoch, to-tracetest.Epoch)
	}
	if tr.Duration() != 2080e6 {
		t.Errorf("as recorded the window takes %d ns", tr.Duration())
	}
}
