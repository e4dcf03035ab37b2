package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// object is a JSON object that keeps the order of its members.
type object []member

type member struct {
	key   string
	value any
}

// MarshalJSON writes the members in order.
func (o object) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			out.WriteByte(',')
		}
		key, err := encode(m.key, "")
		if err != nil {
			return nil, err
		}
		value, err := encode(m.value, "")
		if err != nil {
			return nil, err
		}
		out.Write(bytes.TrimSpace(key))
		out.WriteByte(':')
		out.Write(bytes.TrimSpace(value))
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// ConsolePython is what Python's ConsoleSpanExporter prints: indented objects
// one after another. Python writes NaN as a bare word, which is not JSON:
// nanWord keeps the words, else such attributes are left out.
func ConsolePython(td ptrace.Traces, nanWord bool) ([]byte, error) {
	var out bytes.Buffer
	for _, s := range each(td) {
		doc, err := encode(pythonSpan(s, nanWord), "    ")
		if err != nil {
			return nil, err
		}
		text := strings.NewReplacer(`"<NaN>"`, "NaN", `"<Infinity>"`, "Infinity", `"<-Infinity>"`, "-Infinity").Replace(string(doc))
		out.WriteString(asciiJSON(text))
	}
	return out.Bytes(), nil
}

// asciiJSON escapes all but ASCII, as Python's json.dumps does.
func asciiJSON(s string) string {
	var out strings.Builder
	for _, r := range s {
		switch {
		case r < 0x80:
			out.WriteRune(r)
		case r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(&out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
	}
	return out.String()
}

func pythonSpan(s spanAt, nanWord bool) object {
	attrs := func(m pcommon.Map) object {
		out := object{}
		for key, v := range m.All() {
			value := plain(v)
			if f := v.Double(); v.Type() == pcommon.ValueTypeDouble && (math.IsNaN(f) || math.IsInf(f, 0)) {
				if !nanWord {
					continue
				}
				value = "<" + floatName(f) + ">"
			}
			out = append(out, member{key, value})
		}
		return out
	}
	state := "[]"
	if raw := s.TraceState().AsRaw(); raw != "" {
		state = "['" + strings.Join(strings.Split(raw, ","), "', '") + "']"
	}
	var parent any
	if !s.ParentSpanID().IsEmpty() {
		parent = "0x" + s.ParentSpanID().String()
	}
	status := object{{"status_code", map[ptrace.StatusCode]string{0: "UNSET", 1: "OK", 2: "ERROR"}[s.Status().Code()]}}
	if m := s.Status().Message(); m != "" {
		status = append(status, member{"description", m})
	}
	events, links := []object{}, []object{}
	for _, e := range s.Events().All() {
		events = append(events, object{{"name", e.Name()}, {"timestamp", isoTime(e.Timestamp())}, {"attributes", attrs(e.Attributes())}})
	}
	for _, l := range s.Links().All() {
		links = append(links, object{{"context", pythonContext(l.TraceID(), l.SpanID(), "[]")}, {"attributes", attrs(l.Attributes())}})
	}
	return object{
		{"name", s.Name()}, {"context", pythonContext(s.TraceID(), s.SpanID(), state)},
		{"kind", "SpanKind." + strings.ToUpper(s.Kind().String())}, {"parent_id", parent},
		{"start_time", isoTime(s.StartTimestamp())}, {"end_time", isoTime(s.EndTimestamp())}, {"status", status},
		{"attributes", attrs(s.Attributes())}, {"events", events}, {"links", links},
		{"resource", object{{"attributes", attrs(s.resource.Attributes())}, {"schema_url", ""}}},
	}
}

func pythonContext(id pcommon.TraceID, span pcommon.SpanID, state string) object {
	return object{{"trace_id", "0x" + id.String()}, {"span_id", "0x" + span.String()}, {"trace_state", state}}
}

func isoTime(t pcommon.Timestamp) string {
	return t.AsTime().UTC().Format("2006-01-02T15:04:05.000000") + "Z"
}

// ConsoleJS is what the objects that JavaScript's ConsoleSpanExporter prints
// become with JSON.stringify: times in microseconds, kinds counted from
// INTERNAL = 0, NaN as null. Version 1 of the SDK named the parent's id only.
func ConsoleJS(td ptrace.Traces, version int) ([]byte, error) {
	var list []object
	for _, s := range each(td) {
		list = append(list, jsSpan(s, version))
	}
	if version == 1 {
		var out bytes.Buffer
		for _, o := range list {
			doc, err := encode(o, "")
			if err != nil {
				return nil, err
			}
			out.Write(doc)
		}
		return out.Bytes(), nil
	}
	return encode(list, "")
}

func jsSpan(s spanAt, version int) object {
	attrs := func(m pcommon.Map) object {
		out := object{}
		for key, v := range m.All() {
			out = append(out, member{key, jsValue(v)})
		}
		return out
	}
	o := object{
		{"resource", object{{"attributes", attrs(s.resource.Attributes())}}},
		{"instrumentationScope", object{{"name", s.scope.Name()}, {"version", s.scope.Version()}}},
		{"traceId", s.TraceID().String()},
	}
	if parent := s.ParentSpanID(); !parent.IsEmpty() {
		if version == 1 {
			o = append(o, member{"parentId", parent.String()})
		} else {
			o = append(o, member{"parentSpanContext", object{{"traceId", s.TraceID().String()}, {"spanId", parent.String()}, {"traceFlags", 1}, {"isRemote", s.Flags()&0x200 != 0}}})
		}
	}
	if raw := s.TraceState().AsRaw(); raw != "" {
		o = append(o, member{"traceState", raw})
	}
	status := object{{"code", int(s.Status().Code())}}
	if m := s.Status().Message(); m != "" {
		status = append(status, member{"message", m})
	}
	events, links := []object{}, []object{}
	for _, e := range s.Events().All() {
		at := e.Timestamp().AsTime()
		events = append(events, object{{"name", e.Name()}, {"attributes", attrs(e.Attributes())}, {"time", []int64{at.Unix(), int64(at.Nanosecond())}}, {"droppedAttributesCount", e.DroppedAttributesCount()}})
	}
	for _, l := range s.Links().All() {
		links = append(links, object{{"context", object{{"traceId", l.TraceID().String()}, {"spanId", l.SpanID().String()}, {"traceFlags", 1}}}, {"attributes", attrs(l.Attributes())}})
	}
	return append(o,
		member{"name", s.Name()}, member{"id", s.SpanID().String()}, member{"kind", int(s.Kind()) - 1},
		member{"timestamp", micros(s.StartTimestamp())}, member{"duration", float64(s.EndTimestamp()-s.StartTimestamp()) / float64(time.Microsecond)},
		member{"attributes", attrs(s.Attributes())}, member{"status", status}, member{"events", events}, member{"links", links})
}

// jsValue is a value after JSON.stringify: numbers are doubles, NaN is null.
func jsValue(v pcommon.Value) any {
	switch v.Type() {
	case pcommon.ValueTypeDouble:
		if f := v.Double(); math.IsNaN(f) || math.IsInf(f, 0) {
			return nil
		}
	case pcommon.ValueTypeInt:
		return json.RawMessage(fmt.Sprintf("%.0f", float64(v.Int())))
	case pcommon.ValueTypeStr, pcommon.ValueTypeBool, pcommon.ValueTypeBytes, pcommon.ValueTypeMap, pcommon.ValueTypeSlice, pcommon.ValueTypeEmpty:
	}
	return plain(v)
}
