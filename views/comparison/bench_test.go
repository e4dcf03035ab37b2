package comparison

import (
	"fmt"
	"testing"

	"tracefall/diagnose/compare"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

// diffTrace has about n spans: handlers that differ in name, so that there are as many rows.
func diffTrace(b testing.TB, n int, slower int64) *trace.Trace {
	m := viewstest.NewMaker()
	root := m.Span(0, "batch", "nightly-import", 0, int64(n)*100*slower)
	for i := 0; i < n; i += 4 {
		h := m.Span(root, "orders", "handle "+letters(i/4), int64(i)*100*slower, 300*slower)
		m.Span(h, "store", "SELECT item WHERE id=?", int64(i)*100*slower, 90)
		m.Span(h, "store", "SELECT item WHERE id=?", int64(i)*100*slower+100, 90)
		m.Span(h, "users", "GET user", int64(i)*100*slower+200, 90*slower)
	}
	return m.Trace(b)
}

// letters spells a number in letters, so that it stays in the operation's name.
func letters(n int) string {
	text := ""
	for ; n > 0 || text == ""; n /= 26 {
		text += string(rune('a' + n%26))
	}
	return text
}

func compareSizes(b *testing.B, run func(b *testing.B, c *compare.Comparison)) {
	for _, n := range []int{1_000, 100_000} {
		c := pairTraces(diffTrace(b, n, 1), diffTrace(b, n, 2))
		b.Run(fmt.Sprint(n), func(b *testing.B) { run(b, c) })
	}
}

// BenchmarkCompareFrame is the budget of a frame: at most 1 ms at 200×50, and no growth with the traces.
func BenchmarkCompareFrame(b *testing.B) {
	for _, s := range []shape{shapeSides, shapeMerged} {
		compareSizes(b, func(b *testing.B, c *compare.Comparison) {
			v := New()
			v.SetComparison(c)
			viewstest.Do(v, views.OpenAll, views.Bottom, views.PageUp)
			v.shape = s
			viewstest.BenchFrames(b, v, views.Up)
		})
	}
}

func BenchmarkCompareRows(b *testing.B) {
	compareSizes(b, func(b *testing.B, c *compare.Comparison) {
		v := New()
		v.SetComparison(c)
		viewstest.Do(v, views.OpenAll)
		for b.Loop() {
			v.rows.build()
		}
		b.ReportMetric(float64(len(v.rows.list)), "rows")
	})
}

func BenchmarkSetComparison(b *testing.B) {
	compareSizes(b, func(b *testing.B, c *compare.Comparison) {
		for b.Loop() {
			New().SetComparison(c)
		}
	})
}

// BenchmarkCompareGroup has one pair of rows that stand for all calls, drawn one by one.
func BenchmarkCompareGroup(b *testing.B) {
	c := pairTraces(viewstest.WideTrace(b, 100_000), viewstest.WideTrace(b, 90_000))
	v := New()
	v.SetComparison(c)
	grid, env := draw.NewGrid(200, 50), viewstest.Env(b)
	v.Draw(grid.All(), env)
	viewstest.Do(v, views.OpenAll)
	for b.Loop() {
		viewstest.Act(v, views.Down)
		v.Draw(grid.All(), env)
	}
}
