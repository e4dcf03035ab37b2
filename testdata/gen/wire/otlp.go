package wire

import (
	"bytes"
	"context"
	"fmt"

	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// catcher is an OTLP client that keeps what would have been sent.
type catcher struct{ sent []*tracepb.ResourceSpans }

// Start does nothing: there is no connection.
func (c *catcher) Start(context.Context) error { return nil }

// Stop does nothing: there is no connection.
func (c *catcher) Stop(context.Context) error { return nil }

// UploadTraces keeps the spans.
func (c *catcher) UploadTraces(_ context.Context, spans []*tracepb.ResourceSpans) error {
	c.sent = append(c.sent, spans...)
	return nil
}

// Proto transforms spans as the SDK's OTLP exporter does, one ResourceSpans per
// resource in order of first appearance.
func Proto(spans []sdktrace.ReadOnlySpan) (*tracepb.TracesData, error) {
	ctx := context.Background()
	client := &catcher{}
	exporter, err := otlptrace.New(ctx, client)
	if err != nil {
		return nil, err
	}
	// The exporter's own grouping by resource has no defined order, so it is
	// given one resource at a time.
	for _, group := range byResource(spans) {
		if err := exporter.ExportSpans(ctx, group); err != nil {
			return nil, err
		}
	}
	return &tracepb.TracesData{ResourceSpans: client.sent}, exporter.Shutdown(ctx)
}

func byResource(spans []sdktrace.ReadOnlySpan) [][]sdktrace.ReadOnlySpan {
	var groups [][]sdktrace.ReadOnlySpan
	index := map[any]int{}
	for _, s := range spans {
		key := s.Resource().Equivalent()
		i, ok := index[key]
		if !ok {
			i = len(groups)
			index[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], s)
	}
	return groups
}

// OTLP transforms spans to the collector's pdata.
func OTLP(spans []sdktrace.ReadOnlySpan) (ptrace.Traces, error) {
	data, err := Proto(spans)
	if err != nil {
		return ptrace.Traces{}, err
	}
	raw, err := proto.Marshal(data)
	if err != nil {
		return ptrace.Traces{}, err
	}
	return (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(raw)
}

// Batches cuts the spans, in export order, into batches of n spans: what a
// batch processor passes on and a file exporter writes a line for.
func Batches(spans []sdktrace.ReadOnlySpan, n int) ([]ptrace.Traces, error) {
	var out []ptrace.Traces
	for len(spans) > 0 {
		cut := min(n, len(spans))
		td, err := OTLP(spans[:cut])
		if err != nil {
			return nil, err
		}
		out = append(out, td)
		spans = spans[cut:]
	}
	return out, nil
}

// JSON is one OTLP JSON document.
func JSON(td ptrace.Traces) ([]byte, error) { return (&ptrace.JSONMarshaler{}).MarshalTraces(td) }

// Lines is what the file exporter writes: one OTLP JSON document a line.
func Lines(batches []ptrace.Traces) ([]byte, error) {
	var out bytes.Buffer
	for i, td := range batches {
		doc, err := JSON(td)
		if err != nil {
			return nil, fmt.Errorf("batch %d: %w", i, err)
		}
		out.Write(doc)
		out.WriteByte('\n')
	}
	return out.Bytes(), nil
}
