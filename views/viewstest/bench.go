package viewstest

import (
	"fmt"
	"testing"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// benchTrace has n spans: handlers with ten calls each, one in a hundred failed.
func benchTrace(b *testing.B, n int) *trace.Trace {
	m := NewMaker()
	root := m.Span(0, "batch", "nightly-import", 0, int64(n)*100)
	services := []string{"orders", "payment", "stock", "mailer", "search", "users", "audit"}
	for i := 0; i < n; i += 11 {
		h := m.Span(root, services[i%7], "handle message", int64(i)*100, 1000)
		for k := range 10 {
			if (i+k)%100 == 0 {
				m.Span(h, "store", "SELECT item WHERE id=?", int64(i+k)*100, 90, Failed("deadlock"))
				continue
			}
			m.Span(h, "store", "SELECT item WHERE id=?", int64(i+k)*100, 90, Attr("db.rows", i))
		}
	}
	return m.Trace(b)
}

// BenchSizes runs a benchmark for traces of 1,000 to a million spans.
func BenchSizes(b *testing.B, run func(b *testing.B, tr *trace.Trace)) {
	for _, n := range []int{1_000, 100_000, 1_000_000} {
		tr := benchTrace(b, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) { run(b, tr) })
	}
}

// BenchFrames does a command and draws the frame after it, again and again.
func BenchFrames(b *testing.B, s views.Screen, c views.Command) {
	b.Helper()
	grid, env := draw.NewGrid(200, 50), Env(b)
	for b.Loop() {
		Act(s, c)
		fill(grid, s, env)
		s.Status(env)
	}
}
