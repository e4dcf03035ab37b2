package wire

import (
	"bytes"
	"encoding/binary"
	"encoding/json"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// Protobuf is one ExportTraceServiceRequest message.
func Protobuf(td ptrace.Traces) ([]byte, error) { return (&ptrace.ProtoMarshaler{}).MarshalTraces(td) }

// Records writes each message with its length in four bytes, big-endian, before
// it: the file exporter with format proto, or with compression.
func Records(messages [][]byte) []byte {
	var out []byte
	for _, m := range messages {
		out = binary.BigEndian.AppendUint32(out, uint32(len(m)))
		out = append(out, m...)
	}
	return out
}

// Each marshals every batch.
func Each(batches []ptrace.Traces, marshal func(ptrace.Traces) ([]byte, error)) ([][]byte, error) {
	var out [][]byte
	for _, td := range batches {
		m, err := marshal(td)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// ZstdFrame compresses data to one zstd frame.
func ZstdFrame(data []byte) ([]byte, error) {
	// One goroutine: with more, block boundaries depend on scheduling.
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return enc.EncodeAll(data, nil), enc.Close()
}

// Gzip compresses data, without a time stamp.
func Gzip(data []byte) ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(data); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// ProtoJSON is what generic protobuf libraries write: ids in base64, enums by
// name, and field names as in the .proto file if snake.
func ProtoJSON(m proto.Message, snake bool) ([]byte, error) {
	raw, err := protojson.MarshalOptions{UseProtoNames: snake}.Marshal(m)
	if err != nil {
		return nil, err
	}
	// protojson adds spaces at random on purpose; compacting takes them out.
	var out bytes.Buffer
	err = json.Compact(&out, raw)
	return out.Bytes(), err
}

// SnakeCase renames the fields of an OTLP JSON document to those of the .proto
// files, leaving ids as hex and enums as numbers, as some test frameworks do.
func SnakeCase(doc []byte) []byte {
	for _, name := range []struct{ camel, snake string }{
		{"resourceSpans", "resource_spans"}, {"scopeSpans", "scope_spans"}, {"schemaUrl", "schema_url"},
		{"traceId", "trace_id"}, {"spanId", "span_id"}, {"parentSpanId", "parent_span_id"}, {"traceState", "trace_state"},
		{"startTimeUnixNano", "start_time_unix_nano"}, {"endTimeUnixNano", "end_time_unix_nano"}, {"timeUnixNano", "time_unix_nano"},
		{"droppedAttributesCount", "dropped_attributes_count"}, {"droppedEventsCount", "dropped_events_count"}, {"droppedLinksCount", "dropped_links_count"},
		{"stringValue", "string_value"}, {"intValue", "int_value"}, {"boolValue", "bool_value"}, {"doubleValue", "double_value"},
		{"arrayValue", "array_value"}, {"kvlistValue", "kvlist_value"}, {"bytesValue", "bytes_value"},
	} {
		doc = bytes.ReplaceAll(doc, []byte(`"`+name.camel+`":`), []byte(`"`+name.snake+`":`))
	}
	return doc
}
