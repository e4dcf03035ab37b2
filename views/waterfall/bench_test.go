package waterfall

import (
	"fmt"
	"testing"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

// BenchmarkFrame is the budget of a frame: at most 1 ms at 200×50, and no growth with the trace.
func BenchmarkFrame(b *testing.B) {
	viewstest.BenchSizes(b, func(b *testing.B, tr *trace.Trace) {
		w := New()
		w.SetTrace(tr)
		w.Select(tr.Len() / 2)
		viewstest.BenchFrames(b, w, views.Down)
	})
}

func BenchmarkRows(b *testing.B) {
	viewstest.BenchSizes(b, func(b *testing.B, tr *trace.Trace) {
		w := New()
		w.SetTrace(tr)
		for b.Loop() {
			w.rows.build()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(tr.Len()), "ns/span")
	})
}

func BenchmarkSetTrace(b *testing.B) {
	viewstest.BenchSizes(b, func(b *testing.B, tr *trace.Trace) {
		for b.Loop() {
			New().SetTrace(tr)
		}
	})
}

func BenchmarkGroup(b *testing.B) {
	viewstest.BenchSizes(b, func(b *testing.B, tr *trace.Trace) {
		for b.Loop() {
			findRepeats(tr, rawTimes(tr))
		}
	})
}

// BenchmarkGroupFrame has one group of all spans on screen.
func BenchmarkGroupFrame(b *testing.B) {
	for _, n := range []int{1_000, 1_000_000} {
		tr := viewstest.WideTrace(b, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := New()
			w.SetTrace(tr)
			viewstest.Act(w, views.Group)
			grid, env := draw.NewGrid(200, 50), viewstest.Env(b)
			for b.Loop() {
				w.Draw(grid.All(), env)
			}
		})
	}
}

// BenchmarkFoundFrame is BenchmarkFrame with everything shown that was found: marks, a finding of half the spans, the
// critical path, adjusted clocks, gaps.
func BenchmarkFoundFrame(b *testing.B) {
	viewstest.BenchSizes(b, func(b *testing.B, tr *trace.Trace) {
		w := New()
		w.SetTrace(tr)
		w.SetFacts(viewstest.FactsOf(tr))
		found := &rule.Finding{Title: "N+1", Trace: tr, Message: "many calls", Severity: rule.High}
		for i := 1; i < tr.Len(); i += 2 {
			found.Evidence = append(found.Evidence, rule.Evidence{Role: rule.RoleOffender, Trace: tr, Span: i})
		}
		found.Numbers.Avoidable = tr.Duration()
		w.SetFindings([]*rule.Finding{found, found, found, found})
		w.clocks.known, w.clocks.offsets = true, make([]int64, tr.Len())
		viewstest.Do(w, views.NextFinding, views.CriticalPath, views.Gaps, views.ClockOffsets)
		w.Select(tr.Len() / 2)
		viewstest.BenchFrames(b, w, views.Down)
	})
}

// BenchmarkFoundFoldedFrame has a screen of folded rows with findings beneath.
func BenchmarkFoundFoldedFrame(b *testing.B) {
	viewstest.BenchSizes(b, func(b *testing.B, tr *trace.Trace) {
		w := New()
		w.SetTrace(tr)
		w.SetFacts(viewstest.FactsOf(tr))
		var list []*rule.Finding
		for n := range 40 {
			f := &rule.Finding{Title: "slow call", Trace: tr, Anchor: n, Message: "one call", Severity: rule.High}
			for i := n; i < tr.Len(); i += 80 {
				f.Evidence = append(f.Evidence, rule.Evidence{Role: rule.RoleOffender, Trace: tr, Span: i})
			}
			list = append(list, f)
		}
		w.SetFindings(list)
		viewstest.Do(w, views.CriticalPath, views.FoldAll)
		grid, env := draw.NewGrid(200, 50), viewstest.Env(b)
		for b.Loop() {
			viewstest.Act(w, views.Down)
			w.Draw(grid.All(), env)
		}
	})
}

// BenchmarkFindingStep is a press of f at which the rows change.
func BenchmarkFindingStep(b *testing.B) {
	viewstest.BenchSizes(b, func(b *testing.B, tr *trace.Trace) {
		w := New()
		w.SetTrace(tr)
		w.SetFacts(viewstest.FactsOf(tr))
		w.SetFindings([]*rule.Finding{
			{Title: "a", Trace: tr, Evidence: viewstest.Evidence(tr, rule.RoleOffender, 1, 2, 3)},
			{Title: "b", Trace: tr, Evidence: viewstest.Evidence(tr, rule.RoleOffender, 4, 5, 6)},
		})
		for b.Loop() {
			viewstest.Act(w, views.NextFinding)
		}
	})
}
