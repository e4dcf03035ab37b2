package views

import (
	"fmt"
	"slices"
	"testing"

	"tracefall/diagnose"
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// benchTrace has n spans: handlers with ten calls each, one in a hundred failed.
func benchTrace(b *testing.B, n int) *trace.Trace {
	m := newTraceMaker()
	root := m.span(0, "batch", "nightly-import", 0, int64(n)*100)
	services := []string{"orders", "payment", "stock", "mailer", "search", "users", "audit"}
	for i := 0; i < n; i += 11 {
		h := m.span(root, services[i%7], "handle message", int64(i)*100, 1000)
		for k := range 10 {
			if (i+k)%100 == 0 {
				m.span(h, "store", "SELECT item WHERE id=?", int64(i+k)*100, 90, failed("deadlock"))
				continue
			}
			m.span(h, "store", "SELECT item WHERE id=?", int64(i+k)*100, 90, attr("db.rows", i))
		}
	}
	return m.trace(b)
}

func benchSizes(b *testing.B, run func(b *testing.B, tr *trace.Trace)) {
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		tr := benchTrace(b, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) { run(b, tr) })
	}
}

// benchFrames does a command and draws the frame after it, again and again.
func benchFrames(b *testing.B, s Screen, c Command) {
	b.Helper()
	grid, env := draw.NewGrid(200, 50), testEnv(b)
	for b.Loop() {
		Do(s.Bindings(), c)
		s.Draw(grid.All(), env)
		s.Status(env)
	}
}

// BenchmarkFrame is the budget of a frame: at most 1 ms at 200×50, and no growth with the trace.
func BenchmarkFrame(b *testing.B) {
	benchSizes(b, func(b *testing.B, tr *trace.Trace) {
		w := NewWaterfall()
		w.SetTrace(tr)
		w.Select(tr.Len() / 2)
		benchFrames(b, w, Down)
	})
}

func BenchmarkRows(b *testing.B) {
	benchSizes(b, func(b *testing.B, tr *trace.Trace) {
		w := NewWaterfall()
		w.SetTrace(tr)
		for b.Loop() {
			w.st.build()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(tr.Len()), "ns/span")
	})
}

func BenchmarkSetTrace(b *testing.B) {
	benchSizes(b, func(b *testing.B, tr *trace.Trace) {
		for b.Loop() {
			NewWaterfall().SetTrace(tr)
		}
	})
}

func BenchmarkGroup(b *testing.B) {
	benchSizes(b, func(b *testing.B, tr *trace.Trace) {
		for b.Loop() {
			findRepeats(tr, rawTimes(tr))
		}
	})
}

func BenchmarkMatchText(b *testing.B) {
	benchSizes(b, func(b *testing.B, tr *trace.Trace) {
		for b.Loop() {
			MatchText(tr, "not there")
		}
	})
}

// BenchmarkGroupFrame has one group of all spans on screen.
func BenchmarkGroupFrame(b *testing.B) {
	for _, n := range []int{1_000, 1_000_000} {
		tr := wideTrace(b, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := NewWaterfall()
			w.SetTrace(tr)
			w.Do(Group)
			grid, env := draw.NewGrid(200, 50), testEnv(b)
			for b.Loop() {
				w.Draw(grid.All(), env)
			}
		})
	}
}

// BenchmarkFoundFrame is BenchmarkFrame with everything shown that was found: marks, a finding of half the spans, the
// critical path, adjusted clocks, gaps.
func BenchmarkFoundFrame(b *testing.B) {
	benchSizes(b, func(b *testing.B, tr *trace.Trace) {
		w := NewWaterfall()
		w.SetTrace(tr)
		w.SetFacts(factsOf(tr))
		found := &diagnose.Finding{Title: "N+1", Trace: tr, Message: "many calls", Severity: diagnose.High}
		for i := 1; i < tr.Len(); i += 2 {
			found.Evidence = append(found.Evidence, diagnose.Evidence{Role: diagnose.RoleOffender, Trace: tr, Span: i})
		}
		found.Numbers.Avoidable = tr.Duration()
		w.SetFindings([]*diagnose.Finding{found, found, found, found})
		w.clocks.known, w.clocks.offsets = true, make([]int64, tr.Len())
		do(w, NextFinding, CriticalPath, Gaps, ClockOffsets)
		w.Select(tr.Len() / 2)
		benchFrames(b, w, Down)
	})
}

// BenchmarkFoundFoldedFrame has a screen of folded rows with findings beneath.
func BenchmarkFoundFoldedFrame(b *testing.B) {
	benchSizes(b, func(b *testing.B, tr *trace.Trace) {
		w := NewWaterfall()
		w.SetTrace(tr)
		w.SetFacts(factsOf(tr))
		var list []*diagnose.Finding
		for n := range 40 {
			f := &diagnose.Finding{Title: "slow call", Trace: tr, Anchor: n, Message: "one call", Severity: diagnose.High}
			for i := n; i < tr.Len(); i += 80 {
				f.Evidence = append(f.Evidence, diagnose.Evidence{Role: diagnose.RoleOffender, Trace: tr, Span: i})
			}
			list = append(list, f)
		}
		w.SetFindings(list)
		do(w, CriticalPath, FoldAll)
		grid, env := draw.NewGrid(200, 50), testEnv(b)
		for b.Loop() {
			w.Do(Down)
			w.Draw(grid.All(), env)
		}
	})
}

// BenchmarkFindingStep is a press of f at which the rows change.
func BenchmarkFindingStep(b *testing.B) {
	benchSizes(b, func(b *testing.B, tr *trace.Trace) {
		w := NewWaterfall()
		w.SetTrace(tr)
		w.SetFacts(factsOf(tr))
		w.SetFindings([]*diagnose.Finding{
			{Title: "a", Trace: tr, Evidence: evidence(tr, diagnose.RoleOffender, 1, 2, 3)},
			{Title: "b", Trace: tr, Evidence: evidence(tr, diagnose.RoleOffender, 4, 5, 6)},
		})
		for b.Loop() {
			w.Do(NextFinding)
		}
	})
}

func BenchmarkStatistics(b *testing.B) {
	benchSizes(b, func(b *testing.B, tr *trace.Trace) {
		f := slices.Values([]facts.Portion{{Facts: factsOf(tr)}})
		for b.Loop() {
			GroupStats(f, GroupOperation)
		}
	})
}
