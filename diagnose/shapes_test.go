package diagnose

import (
	"context"
	"fmt"
	"testing"

	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// shape is a trace of n spans that all go wrong in one way.
type shape struct {
	name   string
	parent func(i int) int // of span i, from 1; span 0 is the root
}

var shapes = []shape{
	{name: "wide", parent: func(int) int { return 0 }},
	{name: "deep", parent: func(i int) int { return i - 1 }},
	{name: "deep pairs", parent: func(i int) int { return (i - 1) / 2 * 2 }},
	{name: "ribs", parent: func(i int) int { return max(i-1-(i-1)%2, 0) }},
}

// build makes the trace of a shape: failing calls with writes among them, each parent longer than its children.
func (s *shape) build(n int) *trace.Set {
	b := trace.NewBuilder()
	b.Input("shape")
	key := func(text string) trace.Symbol { return b.Symbol([]byte(text)) }
	text := func(k, v string) trace.Attr { return b.String(key(k), []byte(v)) }
	origin := b.Origin(b.Resource([]trace.Attr{text("service.name", "api")}, 0), 0)
	for i := range n {
		raw := trace.RawSpan{Trace: trace.TraceID{Lo: 1}, ID: trace.SpanID{N: uint64(i + 1)}, Origin: origin, Name: key("call"), Kind: trace.KindClient}
		raw.Start, raw.Duration = tracetest.Epoch+int64(i)*1_000_000, 1_000_000
		if i > 0 {
			raw.Parent.N = uint64(s.parent(i) + 1)
		}
		if s.name != "wide" || i == 0 {
			raw.Duration = int64(n-i) * 1_000_000
		}
		switch i % 5 {
		case 1:
			raw.Attrs = []trace.Attr{text("db.system.name", "postgresql"), text("db.query.text", "INSERT INTO orders VALUES (7)")}
		case 2:
			raw.Attrs = []trace.Attr{text("db.system.name", "postgresql"), text("db.query.text", "ROLLBACK")}
		default:
			raw.Status, raw.Message = trace.StatusError, text("", "request timed out")
			raw.Attrs = []trace.Attr{text("http.request.method", "POST"), text("url.full", "http://parts/a")}
		}
		b.Add(&raw)
	}
	return b.Build()
}

// TestShapes runs every detector over traces that are as deep and as wide as they come.
func TestShapes(t *testing.T) {
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			tracetest.Linear(t, 1000, 16_000, s.build, func(set *trace.Set) {
				report, err := Run(context.Background(), set, Options{})
				if err != nil {
					t.Fatal(err)
				}
				for _, n := range report.Notices {
					t.Error(n.Message)
				}
				if len(report.Findings) == 0 {
					t.Error("nothing was found in a trace full of failures")
				}
			})
		})
	}
}

func BenchmarkRun(b *testing.B) {
	for _, s := range shapes {
		b.Run(fmt.Sprintf("shape=%s/spans=100k", s.name), func(b *testing.B) {
			set := s.build(100_000)
			for b.Loop() {
				if _, err := Run(context.Background(), set, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
