package diagnose

import (
	"context"
	"strings"
	"testing"

	"tracefall/sources/trace"
)

// TestUnnamedService: what spans of no service did is told in a whole sentence.
func TestUnnamedService(t *testing.T) {
	b := trace.NewBuilder()
	b.Input("test")
	for i := range 2 {
		raw := trace.RawSpan{Trace: trace.TraceID{Lo: 1}, ID: trace.SpanID{N: uint64(i + 1)}, Origin: b.Origin(b.Resource(nil, 0), 0), Kind: trace.KindServer}
		raw.Name, raw.Start, raw.Duration = b.Symbol([]byte("GET /item")), 1e18+int64(i)*1e7, 9e8
		if raw.Parent.N = uint64(i); i == 1 {
			raw.Status = trace.StatusError
			raw.Attrs = append(raw.Attrs, b.String(b.Symbol([]byte("db.password")), []byte("hunter2hunter2")),
				b.String(b.Symbol([]byte("exception.message")), []byte("connection pool exhausted")))
		}
		b.Add(&raw)
	}
	r, err := Run(context.Background(), b.Build(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for i := range r.Findings {
		f := &r.Findings[i]
		found[f.Detector] = true
		if strings.Contains(f.Message, "  ") || strings.Contains(f.Message, " of :") || strings.Contains(f.Message, " :") {
			t.Errorf("%s says %q", f.Detector, f.Message)
		}
	}
	for _, name := range []string{"sensitive-data", "exhaustion", "bottleneck"} {
		if !found[name] {
			t.Errorf("no finding of %s", name)
		}
	}
}
