package sources

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/collector/pdata/ptrace"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	metricspb "go.opentelemetry.io/proto/otlp/metrics/v1"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"tracefall/sources/decode"
	"tracefall/sources/export"
	"tracefall/sources/otlpproto"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

const protoStart = 1_772_460_131_000_000_000

func stringKV(key, value string) *commonpb.KeyValue {
	return &commonpb.KeyValue{Key: key, Value: &commonpb.AnyValue{Value: &commonpb.AnyValue_StringValue{StringValue: value}}}
}

func anyKV(key string, value *commonpb.AnyValue) *commonpb.KeyValue {
	return &commonpb.KeyValue{Key: key, Value: value}
}

func intValue(n int64) *commonpb.AnyValue {
	return &commonpb.AnyValue{Value: &commonpb.AnyValue_IntValue{IntValue: n}}
}

func doubleValue(f float64) *commonpb.AnyValue {
	return &commonpb.AnyValue{Value: &commonpb.AnyValue_DoubleValue{DoubleValue: f}}
}

func arrayValue(values ...*commonpb.AnyValue) *commonpb.AnyValue {
	return &commonpb.AnyValue{Value: &commonpb.AnyValue_ArrayValue{ArrayValue: &commonpb.ArrayValue{Values: values}}}
}

func mapValue(pairs ...*commonpb.KeyValue) *commonpb.AnyValue {
	return &commonpb.AnyValue{Value: &commonpb.AnyValue_KvlistValue{KvlistValue: &commonpb.KeyValueList{Values: pairs}}}
}

func protoTraceID(n byte) []byte { return []byte{0x4b, 15: n} }
func protoSpanID(n byte) []byte  { return []byte{0xa1, 7: n} }

func protoSpan(id, parent byte, name string) *tracepb.Span {
	s := &tracepb.Span{
		TraceId: protoTraceID(1), SpanId: protoSpanID(id), Name: name, Kind: tracepb.Span_SPAN_KIND_INTERNAL,
		StartTimeUnixNano: protoStart + uint64(id)*1000, EndTimeUnixNano: protoStart + 100_000,
	}
	if parent != 0 {
		s.ParentSpanId = protoSpanID(parent)
	}
	return s
}

// fullMessage has every field of OTLP that the program keeps.
func fullMessage() *tracepb.TracesData {
	root := protoSpan(1, 0, "POST /checkout")
	root.Kind = tracepb.Span_SPAN_KIND_SERVER
	root.TraceState = "vendor=1"
	root.Status = &tracepb.Status{Code: tracepb.Status_STATUS_CODE_ERROR, Message: "no \"luck\"\n"}
	root.DroppedAttributesCount, root.DroppedEventsCount, root.DroppedLinksCount = 1, 2, 3
	root.Attributes = []*commonpb.KeyValue{
		stringKV("http.route", "/checkout"),
		stringKV("long", strings.Repeat("é long value ", 5)),
		anyKV("n", intValue(math.MinInt64)),
		anyKV("ratio", doubleValue(0.25)),
		anyKV("tiny", doubleValue(1e-9)),
		anyKV("nan", doubleValue(math.NaN())),
		anyKV("yes", &commonpb.AnyValue{Value: &commonpb.AnyValue_BoolValue{BoolValue: true}}),
		anyKV("raw", &commonpb.AnyValue{Value: &commonpb.AnyValue_BytesValue{BytesValue: []byte{0, 255, 'a'}}}),
		anyKV("list", arrayValue(intValue(1), doubleValue(2.5), stringKV("", "x,]").Value, arrayValue(), nil)),
		anyKV("map", mapValue(stringKV("k\"", "v"), anyKV("in", mapValue()), anyKV("deep", arrayValue(mapValue(anyKV("n", intValue(7))))))),
		anyKV("nothing", &commonpb.AnyValue{}),
	}
	root.Events = []*tracepb.Span_Event{
		{TimeUnixNano: protoStart + 5000, Name: "exception", Attributes: []*commonpb.KeyValue{stringKV("exception.type", "Timeout")}, DroppedAttributesCount: 4},
		{TimeUnixNano: protoStart + 6000},
	}
	root.Links = []*tracepb.Span_Link{
		{TraceId: protoTraceID(9), SpanId: protoSpanID(9), TraceState: "a=b", Attributes: []*commonpb.KeyValue{stringKV("why", "batch")}, DroppedAttributesCount: 5},
		{TraceId: protoTraceID(9), SpanId: protoSpanID(2), Attributes: []*commonpb.KeyValue{stringKV(decode.RefTypeKey, export.RefFollowsFrom)}},
	}
	unfinished := protoSpan(2, 1, "waits")
	unfinished.EndTimeUnixNano = 0
	orphan := protoSpan(3, 77, "lost")
	orphan.Status = &tracepb.Status{Code: tracepb.Status_STATUS_CODE_OK}
	return &tracepb.TracesData{ResourceSpans: []*tracepb.ResourceSpans{
		{
			Resource: &resourcepb.Resource{
				Attributes:             []*commonpb.KeyValue{stringKV("service.name", "shop"), anyKV("pid", intValue(42))},
				DroppedAttributesCount: 6,
			},
			ScopeSpans: []*tracepb.ScopeSpans{
				{
					Scope: &commonpb.InstrumentationScope{
						Name: "http", Version: "1.2", DroppedAttributesCount: 7,
						Attributes: []*commonpb.KeyValue{stringKV("lib", "net")},
					},
					Spans: []*tracepb.Span{root},
				},
				{Scope: &commonpb.InstrumentationScope{Name: "work"}, Spans: []*tracepb.Span{unfinished}},
			},
		},
		{
			Resource:   &resourcepb.Resource{},
			ScopeSpans: []*tracepb.ScopeSpans{{Scope: &commonpb.InstrumentationScope{}, Spans: []*tracepb.Span{orphan}}},
		},
	}}
}

func marshalProto(t testing.TB, m proto.Message) []byte {
	t.Helper()
	data, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// readBinary reads a whole input with one format's function.
func readBinary(t testing.TB, data []byte, read func(*decode.Reader)) *trace.Set {
	t.Helper()
	b := trace.NewBuilder()
	b.Input("in")
	r := decode.NewInput(b, data)
	read(r)
	for i := range r.Notes {
		b.Notice(r.Notes[i].Notice("in", data))
	}
	return checkedSet(t, b)
}

func readProtoMessage(t testing.TB, data []byte) *trace.Set {
	t.Helper()
	return readBinary(t, data, otlpproto.ReadMessage)
}

func readProtoRecords(t testing.TB, data []byte) *trace.Set {
	t.Helper()
	return readBinary(t, data, otlpproto.ReadRecords)
}

func checkedSet(t testing.TB, b *trace.Builder) *trace.Set {
	t.Helper()
	set := b.Build()
	if err := tracetest.Check(set); err != nil {
		t.Fatal(err)
	}
	return set
}

func setTraces(set *trace.Set) []*trace.Trace {
	var traces []*trace.Trace
	for i := range set.Len() {
		traces = append(traces, set.Trace(i))
	}
	return traces
}

func otlpText(t testing.TB, set *trace.Set) string {
	t.Helper()
	var out bytes.Buffer
	if err := export.WriteOTLP(&out, setTraces(set), export.Options{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// pdataText is the collector's JSON of a protobuf message.
func pdataText(t testing.TB, data []byte) string {
	t.Helper()
	td, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(data)
	if err != nil {
		t.Fatal(err)
	}
	text, err := (&ptrace.JSONMarshaler{}).MarshalTraces(td)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func noticeTexts(set *trace.Set) []string {
	var texts []string
	for _, n := range set.Notices() {
		texts = append(texts, fmt.Sprintf("%s %d %s", n.Kind, n.Count, n.Message))
	}
	return texts
}

func TestOTLPProtoEqualsTheCollector(t *testing.T) {
	data := marshalProto(t, fullMessage())
	if !otlpproto.IsMessage(data) {
		t.Error("the message is not recognised")
	}
	set := readProtoMessage(t, data)
	if diff := cmp.Diff(strings.Split(pdataText(t, data), ","), strings.Split(otlpText(t, set), ",")); diff != "" {
		t.Errorf("read and written (-collector +ours):\n%s", diff)
	}
	tr := set.Trace(0)
	root := tr.Span(tr.Find(trace.SpanID{N: 0xa1<<56 | 1}))
	if got := root.Attrs().Get("list").Text(); got != `[1,2.5,"x,]",[],null]` {
		t.Errorf("array: %s", got)
	}
	if got := root.Attrs().Get("map").Text(); got != `{"k\"":"v","in":{},"deep":[{"n":7}]}` {
		t.Errorf("map: %s", got)
	}
	if got := root.Links()[1].Kind(); got != trace.LinkFollowsFrom {
		t.Errorf("the reference kept as a link is of kind %v", got)
	}
}

func TestOTLPProtoOldScopeField(t *testing.T) {
	msg := &tracepb.ScopeSpans{Scope: &commonpb.InstrumentationScope{Name: "old"}, Spans: []*tracepb.Span{protoSpan(1, 0, "a")}}
	var resourceSpans []byte
	resourceSpans = protowire.AppendTag(resourceSpans, otlpproto.FieldLibrarySpans, protowire.BytesType)
	resourceSpans = protowire.AppendBytes(resourceSpans, marshalProto(t, msg))
	// The resource may come after the spans.
	resourceSpans = protowire.AppendTag(resourceSpans, otlpproto.FieldResource, protowire.BytesType)
	resourceSpans = protowire.AppendBytes(resourceSpans, marshalProto(t, &resourcepb.Resource{Attributes: []*commonpb.KeyValue{stringKV("service.name", "shop")}}))
	data := protowire.AppendTag(nil, otlpproto.FieldResourceSpans, protowire.BytesType)
	data = protowire.AppendBytes(data, resourceSpans)
	if !otlpproto.IsMessage(data) {
		t.Error("the message is not recognised")
	}
	root := readProtoMessage(t, data).Trace(0).Root()
	if root.Service() != "shop" || root.Scope().Name() != "old" || root.Name() != "a" {
		t.Errorf("got service %q, scope %q, name %q", root.Service(), root.Scope().Name(), root.Name())
	}
}

func TestOTLPProtoDamage(t *testing.T) {
	two := &tracepb.TracesData{ResourceSpans: []*tracepb.ResourceSpans{{ScopeSpans: []*tracepb.ScopeSpans{{
		Spans: []*tracepb.Span{protoSpan(1, 0, "first"), protoSpan(2, 1, "second")},
	}}}}}
	whole := marshalProto(t, two)
	metric := marshalProto(t, &metricspb.MetricsData{ResourceMetrics: []*metricspb.ResourceMetrics{{
		Resource:     &resourcepb.Resource{Attributes: []*commonpb.KeyValue{stringKV("service.name", "shop")}},
		ScopeMetrics: []*metricspb.ScopeMetrics{{Metrics: []*metricspb.Metric{{Name: "cpu"}, {Name: "sixteen.letters_", Unit: "s"}}}},
	}}})
	tests := []struct {
		name    string
		data    []byte
		spans   int
		notices []string
	}{
		{"whole", whole, 2, nil},
		{"cut in the second span", whole[:len(whole)-5], 1, []string{
			"truncated-input 1 file truncated: last trace may be incomplete (byte 124)",
		}},
		{"a span that does not decode", bytes.Replace(whole, []byte("\x2a\x05first"), []byte("\x2a\x7ffirst"), 1), 1, []string{
			"damaged-input 1 span, scope or resource skipped: invalid OTLP protobuf (byte 6)",
			"orphan-spans 1 1 orphan span (parent not in file)",
		}},
		{"text that is not UTF-8", bytes.Replace(whole, []byte("first"), []byte("fi\xffst"), 1), 2, []string{
			"invalid-utf8 1 invalid UTF-8, shown as ? (byte 6)",
		}},
		{"metrics", metric, 0, []string{
			"skipped-records 2 entry without trace id (metric or log record) skipped, only spans are read (2 times, first at byte 32)",
		}},
		{"a length beyond all bounds", append(bytes.Clone(whole), 0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f), 2, []string{
			"truncated-input 1 file truncated: last trace may be incomplete (byte 135)",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set := readProtoMessage(t, tt.data)
			if set.SpanCount() != tt.spans {
				t.Errorf("%d spans, want %d", set.SpanCount(), tt.spans)
			}
			if diff := cmp.Diff(tt.notices, noticeTexts(set)); diff != "" {
				t.Errorf("notices (-want +got):\n%s", diff)
			}
			if tt.name == "text that is not UTF-8" {
				if got := set.Trace(0).Root().Name(); got != "fi?st" {
					t.Errorf("name %q", got)
				}
			}
		})
	}
}

func concat(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func TestOTLPProtoIsNotText(t *testing.T) {
	for _, text := range []string{"", "\n", "\n\n\n", "\n{\"a\":1}", "# a\n", "service,duration\na,1\n", "PK\x03\x04", "\x1f\x8b\x08\x00"} {
		if otlpproto.IsMessage([]byte(text)) || otlpproto.IsRecord([]byte(text)) {
			t.Errorf("%q is taken for OTLP protobuf", text)
		}
	}
}

// wantSpans holds what was read of spans against what the generated package reads, where an id names one span.
func wantSpans(t *testing.T, set *trace.Set, want *tracepb.TracesData) {
	spans := map[string][]*tracepb.Span{}
	for _, rs := range want.ResourceSpans {
		for _, ss := range rs.ScopeSpans {
			for _, s := range ss.Spans {
				if id := bytes.TrimLeft(s.SpanId, "\x00"); len(s.TraceId) == decode.TraceIDLength && len(s.SpanId) == decode.SpanIDLength && len(id) > 0 {
					key := string(s.TraceId) + string(id)
					spans[key] = append(spans[key], s)
				}
			}
		}
	}
	for _, same := range spans {
		if len(same) > 1 {
			continue
		}
		s := same[0]
		tr := set.Find(decode.BytesTraceID(s.TraceId))
		if tr == nil || tr.Find(decode.BytesSpanID(s.SpanId)) < 0 {
			t.Fatalf("span %x of trace %x is not read", s.SpanId, s.TraceId)
		}
		got := tr.Span(tr.Find(decode.BytesSpanID(s.SpanId)))
		if got.Name() != s.Name || got.StatusMessage() != s.Status.GetMessage() || got.Attrs().Len() != len(s.Attributes) ||
			got.Events() != len(s.Events) {
			t.Errorf("span %x is read as %q %q with %d attributes, %d events; want %v", s.SpanId, got.Name(), got.StatusMessage(),
				got.Attrs().Len(), got.Events(), s)
		}
	}
}

func FuzzOTLPProto(f *testing.F) {
	data := marshalProto(f, fullMessage())
	f.Add(data)
	f.Add(data[:len(data)/2])
	f.Add(append(record(data), record(data[:20])...))
	f.Add(tempoAnswer(data, partialAnswer("too large")...))
	f.Add(tempoAnswer(data)[:len(data)/2])
	f.Add(append([]byte("C100000000"), data...)) // a group without an end
	f.Fuzz(func(t *testing.T, data []byte) {
		set := readProtoMessage(t, data)
		readProtoRecords(t, data)
		var generated tracepb.TracesData
		if proto.Unmarshal(data, &generated) == nil {
			wantSpans(t, set, &generated)
		}
		td, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(data)
		if err != nil {
			return
		}
		for _, n := range set.Notices() {
			if n.Kind == decode.NoticeDamaged || n.Kind == decode.NoticeSkipped || n.Kind == trace.NoticeDuplicates {
				return
			}
		}
		if set.SpanCount() != td.SpanCount() {
			t.Errorf("%d spans without a notice, the collector reads %d", set.SpanCount(), td.SpanCount())
		}
		message, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(td) // without unknown fields
		if err != nil {
			t.Fatal(err)
		}
		if got, want := readProtoMessage(t, tempoAnswer(message)), readProtoMessage(t, message); got.SpanCount() != want.SpanCount() {
			t.Errorf("%d spans of Tempo's answer, %d of the message in it", got.SpanCount(), want.SpanCount())
		}
	})
}

// TestOTLPProtoNestedDeep reads a value of arrays within arrays, far deeper than the generated package goes.
func TestOTLPProtoNestedDeep(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("deep")
	}
	const depth = 20_000
	value := marshalProto(t, intValue(7))
	for range depth {
		element := protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), value)
		value = protowire.AppendBytes(protowire.AppendTag(nil, 5, protowire.BytesType), element)
	}
	pair := protowire.AppendBytes(protowire.AppendTag(nil, 2, protowire.BytesType), value)
	span := marshalProto(t, protoSpan(1, 0, "deep"))
	span = protowire.AppendBytes(protowire.AppendTag(span, 9, protowire.BytesType), pair)
	wrap := func(number protowire.Number, msg []byte) []byte {
		return protowire.AppendBytes(protowire.AppendTag(nil, number, protowire.BytesType), msg)
	}
	set := readProtoMessage(t, wrap(otlpproto.FieldResourceSpans, wrap(otlpproto.FieldScopeSpans, wrap(otlpproto.FieldSpan, span))))
	want := strings.Repeat("[", depth) + "7" + strings.Repeat("]", depth)
	if got := set.Trace(0).Root().Attrs().Value(0).Text(); got != want {
		t.Errorf("read %d bytes, want %d", len(got), len(want))
	}
}

// TestOTLPProtoLastOneWins reads fields that come more than once, or in a type that is not theirs, as the generated
// package does.
func TestOTLPProtoLastOneWins(t *testing.T) {
	span := marshalProto(t, protoSpan(1, 0, "first"))
	span = append(span, marshalProto(t, &tracepb.Span{Name: "second", Kind: tracepb.Span_SPAN_KIND_SERVER, Status: &tracepb.Status{Message: "no"}})...)
	span = append(span, marshalProto(t, &tracepb.Span{Status: &tracepb.Status{Code: tracepb.Status_STATUS_CODE_ERROR}})...)
	span = protowire.AppendVarint(protowire.AppendTag(span, 5, protowire.VarintType), 99) // a name cannot be a number
	span = protowire.AppendVarint(protowire.AppendTag(span, 6, protowire.VarintType), 77) // no such kind
	var want tracepb.Span
	if err := proto.Unmarshal(span, &want); err != nil {
		t.Fatal(err)
	}
	msg := marshalProto(t, &tracepb.TracesData{ResourceSpans: []*tracepb.ResourceSpans{{ScopeSpans: []*tracepb.ScopeSpans{{}}}}})
	scope := protowire.AppendBytes(protowire.AppendTag(nil, otlpproto.FieldSpan, protowire.BytesType), span)
	resource := protowire.AppendBytes(protowire.AppendTag(nil, otlpproto.FieldScopeSpans, protowire.BytesType), scope)
	msg = append(msg, protowire.AppendBytes(protowire.AppendTag(nil, otlpproto.FieldResourceSpans, protowire.BytesType), resource)...)
	got := readProtoMessage(t, msg).Trace(0).Root()
	if got.Name() != want.Name || got.StatusMessage() != want.Status.Message || got.Status() != trace.StatusError || got.Kind() != trace.KindUnspecified {
		t.Errorf("read %q, %q, %v, %v; want what %v says", got.Name(), got.StatusMessage(), got.Status(), got.Kind(), &want)
	}
}
