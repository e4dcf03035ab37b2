package sources

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protowire"

	"tracefall/sources/trace"
)

// tempoAnswer is what Tempo gives for a trace when it is asked for protobuf, with more fields behind its trace and metrics.
func tempoAnswer(message []byte, more ...byte) []byte {
	answer := protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), message)
	return append(protowire.AppendBytes(protowire.AppendTag(answer, 2, protowire.BytesType), nil), more...)
}

// partialAnswer are the fields by which Tempo says that its answer is not whole.
func partialAnswer(why string) []byte {
	status := protowire.AppendVarint(protowire.AppendTag(nil, 3, protowire.VarintType), 1)
	return protowire.AppendString(protowire.AppendTag(status, 4, protowire.BytesType), why)
}

// TestTempoAnswersInProtobuf reads what Tempo gives for a trace when it is asked for protobuf: the trace is a field of
// the answer, and a status may say that it is not all. Its traces are those of the answer in JSON.
func TestTempoAnswersInProtobuf(t *testing.T) {
	raw, err := os.ReadFile(shop(t, "shop.pb"))
	if err != nil {
		t.Fatal(err)
	}
	spans, err := os.ReadFile(shop(t, "shop.otlp.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		more []byte
		json string
	}{
		"complete":         {nil, `{"trace":%s,"metrics":{}}`},
		"partial":          {partialAnswer("too large"), `{"trace":%s,"metrics":{},"status":"PARTIAL","message":"too large"}`},
		"partial, no text": {partialAnswer("too \xff large"), `{"trace":%s,"metrics":{},"status":1,"message":"too ? large"}`},
	} {
		want := open(t, Options{}, writeFile(t, "trace.json", fmt.Appendf(nil, c.json, spans)))
		got := open(t, Options{}, writeFile(t, "trace.pb", tempoAnswer(raw, c.more...)))
		if diff := cmp.Diff(skeleton(want, 1), skeleton(got, 1)); diff != "" {
			t.Errorf("%s (-JSON +protobuf):\n%s", name, diff)
		}
		if q := got.Trace(0).Quality(); q != want.Trace(0).Quality() || q.Partial != (c.more != nil) {
			t.Errorf("%s: %+v", name, q)
		}
		if diff := cmp.Diff(noticeMessages(want), noticeMessages(got)); diff != "" {
			t.Errorf("%s: notices (-JSON +protobuf):\n%s", name, diff)
		}
	}
}

// noticeMessages are what notices say, without where.
func noticeMessages(s *trace.Set) (all []string) {
	place := regexp.MustCompile(` \((line|byte) .*\)$`)
	for _, n := range s.Notices() {
		all = append(all, place.ReplaceAllString(n.Message, ""))
	}
	return all
}

// TestTempoAnswersInParts reads Tempo's answer cut anywhere, damaged, and with several workers: the spans before are there.
func TestTempoAnswersInParts(t *testing.T) {
	first, second := protoSpan(1, 0, "first"), protoSpan(2, 1, "second")
	message := marshalProto(t, &tracepb.TracesData{ResourceSpans: []*tracepb.ResourceSpans{
		{ScopeSpans: []*tracepb.ScopeSpans{{Spans: []*tracepb.Span{first}}}},
		{ScopeSpans: []*tracepb.ScopeSpans{{Spans: []*tracepb.Span{second}}}},
	}})
	whole := tempoAnswer(message)
	ends := map[int]int{} // of the spans
	for i, name := range []string{"first", "second"} {
		span := marshalProto(t, []*tracepb.Span{first, second}[i])
		ends[i] = bytes.Index(whole, span) + len(span)
		if !bytes.Contains(span, []byte(name)) {
			t.Fatal(name)
		}
	}
	for n := range len(whole) + 1 {
		want := 0
		for _, end := range ends {
			if n >= end {
				want++
			}
		}
		set := readProtoMessage(t, whole[:n])
		if set.SpanCount() != want {
			t.Errorf("%d of %d bytes: %d spans, want %d", n, len(whole), set.SpanCount(), want)
		}
		between := n == 0 || n == len(whole)-2 || n == len(whole) // fields: a cut there cannot be known
		if said := strings.Contains(fmt.Sprint(noticeTexts(set)), "truncated"); said == between {
			t.Errorf("%d of %d bytes: %q", n, len(whole), noticeTexts(set))
		}
	}
	damaged := bytes.Replace(whole, []byte("\x2a\x06second"), []byte("\x2a\x7fsecond"), 1)
	want := []string{"damaged-input 1 span, scope or resource skipped: invalid OTLP protobuf (byte 70)"}
	if diff := cmp.Diff(want, noticeTexts(readProtoMessage(t, damaged))); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
}
