//go:build unix

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// incident is one of the demo's, moved to the present.
type incident struct {
	name  string
	file  string // its traces as one OTLP JSON document
	spans int
}

// incidents returns the demo's incidents as the program exports them, and last all of them together: more traces than a
// server is asked for at once.
func incidents(t *testing.T) []incident {
	t.Helper()
	const demo = "../demo"
	text, err := os.ReadFile(filepath.Join(demo, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var index struct {
		Incidents []struct {
			Name  string   `json:"name"`
			Files []string `json:"files"`
		} `json:"incidents"`
	}
	if err := json.Unmarshal(text, &index); err != nil {
		t.Fatal(err)
	}
	var all []incident
	together := ptrace.NewTraces()
	for _, in := range index.Incidents {
		args := []string{"export", "--to", "otlp"}
		for _, f := range in.Files {
			args = append(args, filepath.Join(demo, f))
		}
		exported := play(t, nil, args...)
		if exported.code != 0 {
			t.Fatalf("%s: %s", in.Name, exported.err)
		}
		traces, err := (&ptrace.JSONUnmarshaler{}).UnmarshalTraces([]byte(exported.out))
		if err != nil {
			t.Fatalf("%s: %v", in.Name, err)
		}
		toThePresent(traces)
		all = append(all, incident{in.Name, save(t, traces), traces.SpanCount()})
		traces.ResourceSpans().MoveAndAppendTo(together.ResourceSpans())
	}
	if len(all) < 20 {
		t.Fatalf("the demo has %d incidents", len(all))
	}
	return append(all, incident{"together", save(t, together), together.SpanCount()})
}

// toThePresent moves all times so that the last span ended 5 s ago, by whole milliseconds: a store of microseconds then
// cuts nothing that was not cut before.
func toThePresent(traces ptrace.Traces) {
	var last pcommon.Timestamp
	for s := range spansOf(traces) {
		last = max(last, s.EndTimestamp())
	}
	by := time.Now().Add(-5 * time.Second).Sub(last.AsTime()).Truncate(time.Millisecond)
	move := func(at pcommon.Timestamp) pcommon.Timestamp {
		if at == 0 { // not known
			return 0
		}
		return pcommon.NewTimestampFromTime(at.AsTime().Add(by))
	}
	for s := range spansOf(traces) {
		s.SetStartTimestamp(move(s.StartTimestamp()))
		s.SetEndTimestamp(move(s.EndTimestamp()))
		for _, e := range s.Events().All() {
			e.SetTimestamp(move(e.Timestamp()))
		}
	}
}

// save writes traces as OTLP JSON to a file, and returns its path.
func save(t *testing.T, traces ptrace.Traces) string {
	t.Helper()
	document, err := (&ptrace.JSONMarshaler{}).MarshalTraces(traces)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "traces.json")
	if err := os.WriteFile(file, document, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func spansOf(traces ptrace.Traces) func(yield func(ptrace.Span) bool) {
	return func(yield func(ptrace.Span) bool) {
		for _, r := range traces.ResourceSpans().All() {
			for _, scope := range r.ScopeSpans().All() {
				for _, s := range scope.Spans().All() {
					if !yield(s) {
						return
					}
				}
			}
		}
	}
}
