package views

import (
	"fmt"
	"testing"

	"tracefall/diagnose/compare"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// diffTrace has about n spans: handlers that differ in name, so that there are as many rows.
func diffTrace(b testing.TB, n int, slower int64) *trace.Trace {
	m := newTraceMaker()
	root := m.span(0, "batch", "nightly-import", 0, int64(n)*100*slower)
	for i := 0; i < n; i += 4 {
		h := m.span(root, "orders", "handle "+letters(i/4), int64(i)*100*slower, 300*slower)
		m.span(h, "store", "SELECT item WHERE id=?", int64(i)*100*slower, 90)
		m.span(h, "store", "SELECT item WHERE id=?", int64(i)*100*slower+100, 90)
		m.span(h, "users", "GET user", int64(i)*100*slower+200, 90*slower)
	}
	return m.trace(b)
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
	for _, merged := range []bool{false, true} {
		compareSizes(b, func(b *testing.B, c *compare.Comparison) {
			v := NewCompare()
			v.SetComparison(c)
			do(v, OpenAll, Bottom, PageUp)
			v.merged = merged
			benchFrames(b, v, Up)
		})
	}
}

func BenchmarkCompareRows(b *testing.B) {
	compareSizes(b, func(b *testing.B, c *compare.Comparison) {
		v := NewCompare()
		v.SetComparison(c)
		do(v, OpenAll)
		for b.Loop() {
			v.tree.build()
		}
		b.ReportMetric(float64(len(v.tree.rows)), "rows")
	})
}

func BenchmarkSetComparison(b *testing.B) {
	compareSizes(b, func(b *testing.B, c *compare.Comparison) {
		for b.Loop() {
			NewCompare().SetComparison(c)
		}
	})
}

// BenchmarkCompareGroup has one pair of rows that stand for all calls, drawn one by one.
func BenchmarkCompareGroup(b *testing.B) {
	c := pairTraces(wideTrace(b, 100_000), wideTrace(b, 90_000))
	v := NewCompare()
	v.SetComparison(c)
	grid, env := draw.NewGrid(200, 50), testEnv(b)
	v.Draw(grid.All(), env)
	do(v, OpenAll)
	for b.Loop() {
		v.Do(Down)
		v.Draw(grid.All(), env)
	}
}
