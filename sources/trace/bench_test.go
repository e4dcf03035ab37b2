package trace_test

import (
	"fmt"
	"testing"

	"tracefall/sources/trace"
)

// fill adds n spans of traces of the given size, each with eight attributes, as a file exporter would write them.
func fill(b *trace.Builder, n, size int) {
	keys := make([]trace.Symbol, 8)
	for i := range keys {
		keys[i] = b.Symbol(fmt.Appendf(nil, "attribute.%d", i))
	}
	origin := b.Origin(b.Resource([]trace.Attr{b.String(b.Symbol([]byte("service.name")), []byte("api"))}, 0), 0)
	attrs := make([]trace.Attr, len(keys))
	raw := trace.RawSpan{Origin: origin, Name: b.Symbol([]byte("GET /"))}
	for i := range n {
		for k, key := range keys {
			attrs[k] = trace.Int(key, int64(i+k))
		}
		raw.Trace.Hi, raw.Trace.Lo = uint64(i/size)*0x9e3779b97f4a7c15, 1
		raw.ID.N, raw.Parent.N = uint64(i+1), 0
		if i%size > 0 {
			raw.Parent.N = uint64(i - i%size + (i%size-1)/3 + 1)
		}
		raw.Start, raw.Duration, raw.Attrs = int64(1e18+i*1000), 1000, attrs
		b.Add(&raw)
	}
}

func BenchmarkBuild(b *testing.B) {
	for _, size := range []int{10, 1_000_000} {
		b.Run(fmt.Sprintf("spans=1M/trace=%d", size), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				builder := trace.NewBuilder()
				fill(builder, 1_000_000, size)
				b.StartTimer()
				builder.Build()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1e6, "ns/span")
		})
	}
}

func BenchmarkAdd(b *testing.B) {
	for b.Loop() {
		fill(trace.NewBuilder(), 1_000_000, 10)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1e6, "ns/span")
}
