package sources

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"

	"tracefall/sources/otlpproto"
)

func record(payload []byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(payload))), payload...)
}

func oneSpanMessage(t testing.TB, id byte) []byte {
	return marshalProto(t, &tracepb.TracesData{ResourceSpans: []*tracepb.ResourceSpans{{ScopeSpans: []*tracepb.ScopeSpans{{
		Spans: []*tracepb.Span{protoSpan(id, id-1, fmt.Sprintf("span %d", id))},
	}}}}})
}

func TestOTLPRecords(t *testing.T) {
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	frame := encoder.EncodeAll(oneSpanMessage(t, 2), nil)
	plain := append(record(oneSpanMessage(t, 1)), record(oneSpanMessage(t, 2))...)
	broken := bytes.Clone(frame)
	broken[len(broken)-1] ^= 0xff // of the checksum
	damaged := func(message string) []string { return []string{"damaged-input 1 " + message} }
	tests := []struct {
		name    string
		data    []byte
		spans   int
		notices []string
	}{
		{"protobuf", plain, 2, nil},
		{"zstd", append(record(oneSpanMessage(t, 1)), record(frame)...), 2, nil},
		{"the last one cut short", plain[:len(plain)-3], 1, []string{"truncated-input 1 file truncated within a record, read up to there (record 2 at byte 66)"}},
		{"garbage between", concat(record(oneSpanMessage(t, 1)), record([]byte("garbage")), record(oneSpanMessage(t, 2))), 2,
			damaged("record skipped: neither OTLP protobuf nor JSON (record 2 at byte 66)")},
		{"a header cut short", append(bytes.Clone(plain), 0, 0), 2, []string{"truncated-input 1 file truncated within a record, read up to there (record 3 at byte 142)"}},
		{"a damaged frame, then a good one", concat(record(broken), record(oneSpanMessage(t, 1))), 1,
			damaged("compressed record damaged (CRC check failed), partly read (record 1 at byte 0)")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if !otlpproto.IsRecord(tt.data) {
				t.Error("not recognised")
			}
			set := readProtoRecords(t, tt.data)
			if set.SpanCount() != tt.spans {
				t.Errorf("%d spans, want %d", set.SpanCount(), tt.spans)
			}
			if diff := cmp.Diff(tt.notices, noticeTexts(set)); diff != "" {
				t.Errorf("notices (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRecordThatGrowsTooLarge(t *testing.T) {
	t.Parallel()
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	bomb := encoder.EncodeAll(make([]byte, otlpproto.RecordLimit+1), nil)
	set := readProtoRecords(t, concat(record(oneSpanMessage(t, 1)), record(bomb), record(oneSpanMessage(t, 2))))
	want := []string{"damaged-input 1 compressed record damaged (more than 128 MB decompressed), partly read (record 2 at byte 66)"}
	if diff := cmp.Diff(want, noticeTexts(set)); diff != "" || set.SpanCount() != 2 {
		t.Errorf("%d spans, notices (-want +got):\n%s", set.SpanCount(), diff)
	}
}

func TestJSONRecords(t *testing.T) {
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	document := func(id byte) []byte {
		return []byte(pdataText(t, oneSpanMessage(t, id)))
	}
	frame := func(id byte) []byte { return record(encoder.EncodeAll(document(id), nil)) }
	broken := frame(1)
	broken[len(broken)-1] ^= 0xff // of the checksum
	last := frame(3)
	tests := []struct {
		name    string
		data    []byte
		spans   int
		notices []string
	}{
		{"zstd", concat(frame(1), frame(2)), 2, nil},
		{"plain", concat(record(document(1)), record(document(2))), 2, nil},
		{"one damaged, one cut short", concat(frame(1), broken, frame(2), last[:len(last)-9]), 2, []string{
			"damaged-input 1 compressed record damaged (CRC check failed), partly read (record 2 at byte 162)",
			"truncated-input 1 file truncated within a record, read up to there (record 4 at byte 495)",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set := readText(t, string(tt.data))
			if set.SpanCount() != tt.spans {
				t.Errorf("%d spans, want %d", set.SpanCount(), tt.spans)
			}
			if diff := cmp.Diff(tt.notices, noticeTexts(set)); diff != "" {
				t.Errorf("notices (-want +got):\n%s", diff)
			}
		})
	}
}
