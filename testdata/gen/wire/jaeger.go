package wire

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// JaegerTrace is one trace as Jaeger's query service answers it and its UI
// downloads it.
type JaegerTrace struct {
	TraceID   string                   `json:"traceID"`
	Spans     []JaegerSpan             `json:"spans"`
	Processes map[string]JaegerProcess `json:"processes"`
	Warnings  []string                 `json:"warnings"`
}

// JaegerSpan is one span; times are microseconds.
type JaegerSpan struct {
	TraceID       string            `json:"traceID"`
	SpanID        string            `json:"spanID"`
	Flags         int               `json:"flags"`
	OperationName string            `json:"operationName"`
	References    []JaegerReference `json:"references"`
	StartTime     int64             `json:"startTime"`
	Duration      int64             `json:"duration"`
	Tags          []JaegerTag       `json:"tags"`
	Logs          []JaegerLog       `json:"logs"`
	ProcessID     string            `json:"processID"`
	Warnings      []string          `json:"warnings"`
}

// JaegerReference points at a parent or a linked span.
type JaegerReference struct {
	RefType string `json:"refType"`
	TraceID string `json:"traceID"`
	SpanID  string `json:"spanID"`
}

// JaegerTag is a typed attribute.
type JaegerTag struct {
	Key   string `json:"key"`
	Type  string `json:"type"`
	Value any    `json:"value"`
}

// JaegerLog is an event; its name is the field "event".
type JaegerLog struct {
	Timestamp int64       `json:"timestamp"`
	Fields    []JaegerTag `json:"fields"`
}

// JaegerProcess is a resource.
type JaegerProcess struct {
	ServiceName string      `json:"serviceName"`
	Tags        []JaegerTag `json:"tags"`
}

// Jaeger converts td by the mapping that OpenTelemetry's "OTel to Jaeger"
// compatibility document and Jaeger's own translator follow.
func Jaeger(td ptrace.Traces) ([]JaegerTrace, error) {
	spans := each(td)
	var out []JaegerTrace
	for _, id := range traceIDs(spans) {
		t := JaegerTrace{TraceID: id.String(), Processes: map[string]JaegerProcess{}}
		processes := map[pcommon.Resource]string{}
		for _, s := range spans {
			if s.TraceID() != id {
				continue
			}
			pid, ok := processes[s.resource]
			if !ok {
				p, err := jaegerProcess(s.resource)
				if err != nil {
					return nil, err
				}
				pid = fmt.Sprintf("p%d", len(processes)+1)
				processes[s.resource] = pid
				t.Processes[pid] = p
			}
			js, err := jaegerSpan(s)
			if err != nil {
				return nil, err
			}
			js.ProcessID = pid
			t.Spans = append(t.Spans, js)
		}
		out = append(out, t)
	}
	return out, nil
}

// JaegerDocument is the answer of /api/traces, as the UI saves it.
func JaegerDocument(traces []JaegerTrace) ([]byte, error) {
	return encode(map[string]any{"data": traces, "total": 0, "limit": 0, "offset": 0, "errors": nil}, "")
}

func jaegerProcess(r pcommon.Resource) (JaegerProcess, error) {
	p := JaegerProcess{Tags: []JaegerTag{}}
	for key, value := range r.Attributes().All() {
		if key == "service.name" {
			p.ServiceName = value.AsString()
			continue
		}
		tag, err := jaegerTag(key, value)
		if err != nil {
			return p, err
		}
		p.Tags = append(p.Tags, tag)
	}
	return p, nil
}

func jaegerSpan(s spanAt) (JaegerSpan, error) {
	js := JaegerSpan{
		TraceID: s.TraceID().String(), SpanID: s.SpanID().String(), Flags: int(s.Flags() & 1),
		OperationName: s.Name(), References: []JaegerReference{}, Logs: []JaegerLog{}, Tags: []JaegerTag{},
		StartTime: micros(s.StartTimestamp()), Duration: micros(s.EndTimestamp()) - micros(s.StartTimestamp()),
	}
	if !s.ParentSpanID().IsEmpty() {
		js.References = append(js.References, JaegerReference{"CHILD_OF", js.TraceID, s.ParentSpanID().String()})
	}
	for _, l := range s.Links().All() {
		js.References = append(js.References, JaegerReference{"FOLLOWS_FROM", l.TraceID().String(), l.SpanID().String()})
	}
	var err error
	if js.Tags, err = jaegerTags(js.Tags, s.Attributes()); err != nil {
		return js, err
	}
	js.Tags = append(js.Tags, standardTags(s)...)
	for _, e := range s.Events().All() {
		fields := []JaegerTag{{"event", "string", e.Name()}}
		if fields, err = jaegerTags(fields, e.Attributes()); err != nil {
			return js, err
		}
		js.Logs = append(js.Logs, JaegerLog{micros(e.Timestamp()), fields})
	}
	return js, nil
}

// standardTags are the tags that OTLP fields without a Jaeger field become.
func standardTags(s spanAt) []JaegerTag {
	var out []JaegerTag
	add := func(key, kind string, value any) { out = append(out, JaegerTag{key, kind, value}) }
	if s.scope.Name() != "" {
		add("otel.scope.name", "string", s.scope.Name())
	}
	if s.scope.Version() != "" {
		add("otel.scope.version", "string", s.scope.Version())
	}
	if kind := map[ptrace.SpanKind]string{
		ptrace.SpanKindClient: "client", ptrace.SpanKindServer: "server", ptrace.SpanKindProducer: "producer",
		ptrace.SpanKindConsumer: "consumer", ptrace.SpanKindInternal: "internal",
	}[s.Kind()]; kind != "" {
		add("span.kind", "string", kind)
	}
	switch s.Status().Code() {
	case ptrace.StatusCodeError:
		add("otel.status_code", "string", "ERROR")
		add("error", "bool", true)
	case ptrace.StatusCodeOk:
		add("otel.status_code", "string", "OK")
	case ptrace.StatusCodeUnset:
	}
	if m := s.Status().Message(); m != "" {
		add("otel.status_description", "string", m)
	}
	if state := s.TraceState().AsRaw(); state != "" {
		add("w3c.tracestate", "string", state)
	}
	for _, d := range []struct {
		key string
		n   uint32
	}{
		{"otel.dropped_attributes_count", s.DroppedAttributesCount()},
		{"otel.dropped_events_count", s.DroppedEventsCount()},
		{"otel.dropped_links_count", s.DroppedLinksCount()},
	} {
		if d.n > 0 {
			add(d.key, "int64", int64(d.n))
		}
	}
	return out
}

func jaegerTags(out []JaegerTag, m pcommon.Map) ([]JaegerTag, error) {
	for key, value := range m.All() {
		tag, err := jaegerTag(key, value)
		if err != nil {
			return nil, err
		}
		out = append(out, tag)
	}
	return out, nil
}

// jaegerTag types a value. Jaeger has no lists: they become JSON strings. Whole
// numbers that JavaScript would round are strings, and so are NaN and infinity.
func jaegerTag(key string, v pcommon.Value) (JaegerTag, error) {
	switch v.Type() {
	case pcommon.ValueTypeBool:
		return JaegerTag{key, "bool", v.Bool()}, nil
	case pcommon.ValueTypeInt:
		const safe = 1<<53 - 1
		if v.Int() > safe || v.Int() < -safe {
			return JaegerTag{key, "int64", v.AsString()}, nil
		}
		return JaegerTag{key, "int64", v.Int()}, nil
	case pcommon.ValueTypeDouble:
		if f := v.Double(); !math.IsNaN(f) && !math.IsInf(f, 0) {
			return JaegerTag{key, "float64", f}, nil
		}
		return JaegerTag{key, "float64", floatName(v.Double())}, nil
	case pcommon.ValueTypeBytes:
		return JaegerTag{key, "binary", base64.StdEncoding.EncodeToString(v.Bytes().AsRaw())}, nil
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
		raw, err := json.Marshal(plain(v))
		return JaegerTag{key, "string", string(raw)}, err
	case pcommon.ValueTypeStr, pcommon.ValueTypeEmpty:
		return JaegerTag{key, "string", v.AsString()}, nil
	}
	return JaegerTag{}, fmt.Errorf("attribute %s: type %s has no Jaeger form", key, v.Type())
}

func micros(t pcommon.Timestamp) int64 { return int64(t) / 1000 }

func floatName(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case f < 0:
		return "-Infinity"
	}
	return "Infinity"
}

// plain is a value as encoding/json takes it.
func plain(v pcommon.Value) any {
	switch v.Type() {
	case pcommon.ValueTypeMap:
		out := map[string]any{}
		for key, value := range v.Map().All() {
			out[key] = plain(value)
		}
		return out
	case pcommon.ValueTypeSlice:
		out := []any{}
		for _, value := range v.Slice().All() {
			out = append(out, plain(value))
		}
		return out
	case pcommon.ValueTypeDouble:
		if f := v.Double(); math.IsNaN(f) || math.IsInf(f, 0) {
			return floatName(f)
		}
		return v.Double()
	case pcommon.ValueTypeBytes:
		return base64.StdEncoding.EncodeToString(v.Bytes().AsRaw())
	case pcommon.ValueTypeBool:
		return v.Bool()
	case pcommon.ValueTypeInt:
		return v.Int()
	case pcommon.ValueTypeStr:
		return v.Str()
	case pcommon.ValueTypeEmpty:
		return nil
	}
	return v.AsString()
}
