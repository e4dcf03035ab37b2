package sources

import (
	"bytes"
	"testing"

	"go.opentelemetry.io/collector/pdata/ptrace"

	"tracefall/sources/trace"
)

// protoOf is about n spans as one protobuf message: the sample traces over and over.
func protoOf(b *testing.B, n int) (data []byte, spans int) {
	set := open(b, Options{}, shop(b, "shop.pb"))
	one, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces([]byte(otlpText(b, set)))
	if err != nil {
		b.Fatal(err)
	}
	message, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(one)
	if err != nil {
		b.Fatal(err)
	}
	copies := n/set.SpanCount() + 1
	return bytes.Repeat(message, copies), copies * set.SpanCount()
}

// BenchmarkProto compares reading protobuf to traces with what the collector's unmarshaler takes for its structs.
func BenchmarkProto(b *testing.B) {
	data, spans := protoOf(b, 100_000)
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			builder := trace.NewBuilder()
			otlpProto(newInput(builder, data))
			if builder.Spans() != spans {
				b.Fatalf("%d spans, want %d", builder.Spans(), spans)
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(spans), "ns/span")
	})
	b.Run("pdata", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			td, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(data)
			if err != nil || td.SpanCount() != spans {
				b.Fatal(err, td.SpanCount())
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(spans), "ns/span")
	})
}

// BenchmarkWrite measures the exports of one small set.
func BenchmarkWrite(b *testing.B) {
	set := open(b, Options{}, shop(b, "shop.pb"))
	traces := setTraces(set)
	for _, format := range []struct {
		name  string
		write func(w *count) error
	}{
		{"OTLP", func(w *count) error { return WriteOTLP(w, traces, WriteOptions{}) }},
		{"Jaeger", func(w *count) error { return WriteJaeger(w, traces, WriteOptions{}) }},
	} {
		b.Run(format.name, func(b *testing.B) {
			var w count
			b.ReportAllocs()
			for b.Loop() {
				w = 0
				if err := format.write(&w); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(w))
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(set.SpanCount()), "ns/span")
		})
	}
}

type count int

func (c *count) Write(p []byte) (int, error) { *c += count(len(p)); return len(p), nil }
