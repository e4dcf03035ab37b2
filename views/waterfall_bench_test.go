package views

import (
	"fmt"
	"testing"

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

// BenchmarkFrame is DESIGN's budget: at most 1 ms at 200×50, and no growth with the trace.
func BenchmarkFrame(b *testing.B) {
	benchSizes(b, func(b *testing.B, tr *trace.Trace) {
		w := NewWaterfall()
		w.SetTrace(tr)
		w.Select(tr.Len() / 2)
		grid, env := draw.NewGrid(200, 50), testEnv(b)
		for b.Loop() {
			w.Do(Down)
			w.Draw(grid.All(), env)
			w.Status(env)
		}
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
