package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

func generate(t *testing.T, o options) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out, o); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestJSONLinesArePdatas holds the text against the collector: pdata must read
// every line, and write it back byte for byte.
func TestJSONLinesArePdatas(t *testing.T) {
	for _, shape := range []string{"many", "one", "deep", "wide"} {
		const n = 20_000
		doc := generate(t, options{spans: n, shape: shape, format: "otlp", seed: 1})
		parents, ids := map[pcommon.SpanID]int{}, map[pcommon.SpanID]bool{}
		traces, roots, spans, failed := map[pcommon.TraceID]bool{}, 0, 0, 0
		for i, line := range bytes.Split(bytes.TrimSuffix(doc, []byte("\n")), []byte("\n")) {
			td, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces(line)
			if err != nil {
				t.Fatalf("%s: line %d: %v", shape, i+1, err)
			}
			if back, err := (&ptrace.JSONMarshaler{}).MarshalTraces(td); err != nil || !bytes.Equal(back, line) {
				at := 0
				for at < min(len(back), len(line)) && back[at] == line[at] {
					at++
				}
				t.Fatalf("%s: line %d: pdata writes it differently (%v) from byte %d:\n%.120s\n%.120s", shape, i+1, err, at, line[max(0, at-40):], back[max(0, at-40):])
			}
			for _, rs := range td.ResourceSpans().All() {
				for _, ss := range rs.ScopeSpans().All() {
					for _, s := range ss.Spans().All() {
						spans++
						ids[s.SpanID()] = true
						traces[s.TraceID()] = true
						if s.Status().Code() == ptrace.StatusCodeError {
							failed++
						}
						if s.ParentSpanID().IsEmpty() {
							roots++
						} else {
							parents[s.ParentSpanID()]++
						}
						if s.EndTimestamp() < s.StartTimestamp() {
							t.Fatalf("%s: span %s ends before it starts", shape, s.SpanID())
						}
					}
				}
			}
		}
		if spans != n || len(ids) != n || roots != len(traces) {
			t.Errorf("%s: %d spans with %d ids, %d roots of %d traces; want %d spans, one root a trace", shape, spans, len(ids), roots, len(traces), n)
		}
		for p := range parents {
			if !ids[p] {
				t.Errorf("%s: parent %s is not in the file", shape, p)
			}
		}
		widest := 0
		for _, c := range parents {
			widest = max(widest, c)
		}
		switch shape {
		case "many":
			if mean := n / len(traces); mean < 10 || mean > 50 {
				t.Errorf("many: %d spans a trace, want 10 to 50", mean)
			}
			if failed < n/200 || failed > n/50 {
				t.Errorf("many: %d of %d spans failed, want about 1 %%", failed, n)
			}
			if size := len(doc) / n; size < 880 || size > 1050 {
				t.Errorf("many: %d bytes a span, want 900 to 1000", size)
			}
		case "deep":
			if len(parents) != n-1 || widest != 1 {
				t.Errorf("deep: %d parents, the widest with %d children; want a chain", len(parents), widest)
			}
		case "wide":
			if widest != n-1 {
				t.Errorf("wide: the widest parent has %d children, want %d", widest, n-1)
			}
		}
		t.Logf("%s: %d bytes a span, %d traces, %d failed", shape, len(doc)/n, len(traces), failed)
	}
}

// TestProtoSaysTheSame compares the records with the lines.
func TestProtoSaysTheSame(t *testing.T) {
	lines := bytes.Split(generate(t, options{spans: 3000, shape: "many", format: "otlp", seed: 7}), []byte("\n"))
	records := generate(t, options{spans: 3000, shape: "many", format: "proto", seed: 7})
	for i := 0; len(records) > 0; i++ {
		size := binary.BigEndian.Uint32(records)
		td, err := (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(records[4 : 4+size])
		if err != nil {
			t.Fatalf("record %d: %v", i, err)
		}
		doc, err := (&ptrace.JSONMarshaler{}).MarshalTraces(td)
		if err != nil || !bytes.Equal(doc, lines[i]) {
			t.Fatalf("record %d differs from line %d (%v)", i, i+1, err)
		}
		records = records[4+size:]
	}
}

// TestJaegerDocument counts spans and checks that each has a process.
func TestJaegerDocument(t *testing.T) {
	var doc struct {
		Data []struct {
			Spans []struct {
				ProcessID string
				Logs      []struct{ Fields []struct{ Key, Value string } }
			}
			Processes map[string]struct{ ServiceName string }
		}
	}
	if err := json.Unmarshal(generate(t, options{spans: 3000, shape: "many", format: "jaeger", seed: 7}), &doc); err != nil {
		t.Fatal(err)
	}
	spans := 0
	for _, trace := range doc.Data {
		for _, s := range trace.Spans {
			spans++
			if trace.Processes[s.ProcessID].ServiceName == "" {
				t.Fatalf("process %q has no service name", s.ProcessID)
			}
		}
	}
	if spans != 3000 {
		t.Errorf("%d spans, want 3000", spans)
	}
}

// TestWriteRefuses names the flag that is wrong.
func TestWriteRefuses(t *testing.T) {
	for _, o := range []options{{spans: 0, shape: "many", format: "otlp"}, {spans: 1, shape: "round", format: "otlp"}, {spans: 1, shape: "many", format: "csv"}} {
		if err := write(&bytes.Buffer{}, o); err == nil {
			t.Errorf("%+v: no error", o)
		}
	}
}
