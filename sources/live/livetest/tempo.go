// Package livetest stands in for servers in tests where no real one can run.
package livetest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"tracefall/sources/export"
	"tracefall/sources/trace"
)

// Tempo answers as Grafana Tempo does: searches with rows, in whole seconds and milliseconds, and traces by their ids, in protobuf
// where that is asked for.
type Tempo struct {
	Traces []*trace.Trace                             // the newest first
	Finds  func(of *trace.Trace, traceql string) bool // whether a query finds a trace, "" for { }; nil where each finds all
}

// ServeHTTP answers a request.
func (s Tempo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.Answer(w, r.URL.Path, r.URL.Query(), r.Header.Get("Accept")) {
		http.NotFound(w, r)
	}
}

// Answer answers a request for a path in a format, and reports whether there is such a path.
func (s Tempo) Answer(w http.ResponseWriter, path string, q url.Values, format string) bool {
	id, one := strings.CutPrefix(path, "/api/v2/traces/")
	var body []byte
	var err error
	switch {
	case path == "/api/echo":
		body = []byte("echo")
	case path == "/api/search":
		body, err = json.Marshal(map[string]any{"traces": s.rows(q), "metrics": map[string]any{}})
	case one:
		body, err = s.trace(trace.ParseTraceID(id), format)
	default:
		return false
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return true
	}
	_, _ = w.Write(body) // who went away needs no answer
	return true
}

// rows are the newest traces whose extent overlaps a window.
func (s Tempo) rows(q url.Values) []any {
	number := func(name string, usual int64) int64 {
		if n, err := strconv.ParseInt(q.Get(name), 10, 64); err == nil {
			return n
		}
		return usual
	}
	start, end, limit := number("start", 0), number("end", 1<<33), int(number("limit", 20))
	query := strings.TrimSpace(strings.TrimSuffix(q.Get("q"), "with (most_recent=true)"))
	if query == "{ }" {
		query = ""
	}
	rows := []any{}
	for _, one := range s.Traces {
		from, to := one.Extent()
		if len(rows) < limit && from < end*int64(time.Second) && to >= start*int64(time.Second) && (s.Finds == nil || s.Finds(one, query)) {
			rows = append(rows, row(one))
		}
	}
	return rows
}

// row is a trace without its spans.
func row(of *trace.Trace) any {
	type counts struct {
		Spans  int `json:"spanCount"`
		Errors int `json:"errorCount,omitempty"`
	}
	stats := map[string]counts{}
	for i := of.First(); i < of.Len(); i++ {
		span := of.Span(i)
		c := stats[span.Service()]
		c.Spans++
		if span.Error() {
			c.Errors++
		}
		stats[span.Service()] = c
	}
	from, to := of.Extent()
	return map[string]any{
		"traceID": strings.TrimLeft(of.ID().String(), "0"), "rootServiceName": of.Root().Service(), "rootTraceName": of.Root().Name(),
		"startTimeUnixNano": strconv.FormatInt(from, 10), "durationMs": (to - from) / int64(time.Millisecond), "serviceStats": stats,
	}
}

// trace is the trace of an id, an empty one where there is none.
func (s Tempo) trace(id trace.TraceID, format string) ([]byte, error) {
	spans := ptrace.NewTraces()
	for _, one := range s.Traces {
		if one.ID() != id {
			continue
		}
		var lines bytes.Buffer
		if err := export.WriteOTLP(&lines, []*trace.Trace{one}, export.Options{}); err != nil {
			return nil, err
		}
		for line := range bytes.Lines(lines.Bytes()) {
			part, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(line)
			if err != nil {
				return nil, err
			}
			part.ResourceSpans().MoveAndAppendTo(spans.ResourceSpans())
		}
	}
	message, err := (&ptrace.ProtoMarshaler{}).MarshalTraces(spans)
	if err != nil {
		return nil, err
	}
	if format == "application/protobuf" { // trace, metrics
		answer := protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), message)
		return protowire.AppendBytes(protowire.AppendTag(answer, 2, protowire.BytesType), nil), nil
	}
	var data tracepb.TracesData // in which protobuf's own JSON has ids in base64, and names for numbers, as Tempo has
	if err := proto.Unmarshal(message, &data); err != nil {
		return nil, err
	}
	text, err := protojson.Marshal(&data)
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"trace": json.RawMessage(text), "metrics": map[string]any{}})
}
