package wire

import (
	"bytes"
	"context"
	"math"

	"github.com/openzipkin/zipkin-go/model"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/stdout/stdouttrace"
	"go.opentelemetry.io/otel/exporters/zipkin"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// Zipkin is the Zipkin v2 array that the SDK's Zipkin exporter posts.
func Zipkin(spans []sdktrace.ReadOnlySpan) ([]byte, error) {
	return encode(zipkin.SpanModels(spans), "")
}

// Stdout is what the Go SDK's stdouttrace exporter prints: one object a span,
// indented if pretty. The exporter gives up at NaN and infinity; attributes
// with such values are left out.
func Stdout(spans []sdktrace.ReadOnlySpan, pretty bool) ([]byte, error) {
	var out bytes.Buffer
	options := []stdouttrace.Option{stdouttrace.WithWriter(&out)}
	if pretty {
		options = append(options, stdouttrace.WithPrettyPrint())
	}
	exporter, err := stdouttrace.New(options...)
	if err != nil {
		return nil, err
	}
	finite := make([]sdktrace.ReadOnlySpan, len(spans))
	for i, s := range spans {
		finite[i] = finiteSpan{s}
	}
	if err := exporter.ExportSpans(context.Background(), finite); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// finiteSpan hides attributes that encoding/json cannot write.
type finiteSpan struct{ sdktrace.ReadOnlySpan }

// Attributes are those of the span without NaN and infinity.
func (s finiteSpan) Attributes() []attribute.KeyValue {
	var out []attribute.KeyValue
	for _, kv := range s.ReadOnlySpan.Attributes() {
		if kv.Value.Type() == attribute.FLOAT64 && (math.IsNaN(kv.Value.AsFloat64()) || math.IsInf(kv.Value.AsFloat64(), 0)) {
			continue
		}
		out = append(out, kv)
	}
	return out
}

// ZipkinShared is the same array as Brave and other Zipkin-native tracers write
// it: the server span of a call has the client span's id, and is marked shared.
func ZipkinShared(spans []sdktrace.ReadOnlySpan) ([]byte, error) {
	models := zipkin.SpanModels(spans)
	byID := map[model.ID]int{}
	for i, m := range models {
		byID[m.ID] = i
	}
	renamed := map[model.ID]model.ID{}
	for i := range models {
		m := &models[i]
		if m.Kind != model.Server || m.ParentID == nil {
			continue
		}
		client, ok := byID[*m.ParentID]
		if !ok || models[client].Kind != model.Client {
			continue
		}
		renamed[m.ID] = *m.ParentID
		m.ID, m.ParentID, m.Shared = models[client].ID, models[client].ParentID, true
	}
	for i := range models {
		if p := models[i].ParentID; p != nil {
			if id, ok := renamed[*p]; ok {
				models[i].ParentID = &id
			}
		}
	}
	return encode(models, "")
}
