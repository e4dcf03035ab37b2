package app

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"tracefall/sources"
	"tracefall/sources/trace"
)

// TestInputsAreCountedWhole reads a file, a copy of it, and one with half of its spans: each has what it has, copies told apart.
func TestInputsAreCountedWhole(t *testing.T) {
	const before = `{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"cart"}}]},"scopeSpans":[{"spans":[` +
		`{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b1","name":"GET /cart","startTimeUnixNano":"1767225600000000000","endTimeUnixNano":"1767225601000000000"}`
	const second = `,{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b2","parentSpanId":"00f067aa0ba902b1","name":"read","startTimeUnixNano":"1767225600100000000","endTimeUnixNano":"1767225600200000000"}`
	dir := t.TempDir()
	var names []string
	for name, spans := range map[string]string{"a.json": second, "b.json": second, "c.json": ""} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(before+spans+"]}]}]}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		names = append(names, path)
	}
	e, err := openAll(context.Background(), names, nil, nil, sources.Options{First: func(*trace.Set) {}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Set.Close() }()
	if e.Set.Len() != 1 || e.Set.SpanCount() != 2 {
		t.Fatalf("%d traces of %d spans were read, want 1 of 2", e.Set.Len(), e.Set.SpanCount())
	}
	copies := 0
	for _, r := range e.report.Inputs {
		want := 2
		if filepath.Base(r.Name) == "c.json" {
			want = 1
		}
		if r.Traces != 1 || r.Spans != want {
			t.Errorf("%s: %d traces and %d spans are counted, want 1 and %d", filepath.Base(r.Name), r.Traces, r.Spans, want)
		}
		copies += r.Copies
	}
	if copies != 3 {
		t.Errorf("%d copies are told, want the 3 of 5 spans that were dropped", copies)
	}
}
