package diagnose

import (
	"context"
	"testing"

	"tracefall/sources/trace"
)

// TestChattyNeedsServices gives 100 spans that name no service to one that does: nobody knows who was called.
func TestChattyNeedsServices(t *testing.T) {
	for service, want := range map[string]int{"": 0, "cart": 1} {
		b := trace.NewBuilder()
		b.Input("test")
		origin := func(name string) uint32 {
			var attrs []trace.Attr
			if name != "" {
				attrs = append(attrs, b.String(b.Symbol([]byte("service.name")), []byte(name)))
			}
			return b.Origin(b.Resource(attrs, 0), 0)
		}
		shop, other := origin("shop"), origin(service)
		for i := range 101 {
			raw := trace.RawSpan{Trace: trace.TraceID{Lo: 1}, ID: trace.SpanID{N: uint64(i + 1)}, Origin: other, Kind: trace.KindServer}
			raw.Name, raw.Start, raw.Duration = b.Symbol([]byte("GET /item")), 1e18+int64(i)*1e7, 9e6
			if raw.Parent.N = 1; i == 0 {
				raw.Parent.N, raw.Origin, raw.Start, raw.Duration = 0, shop, 1e18, 2e9
			}
			b.Add(&raw)
		}
		r, err := Run(context.Background(), b.Build(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for i := range r.Findings {
			if r.Findings[i].Detector == "chatty" {
				found++
			}
		}
		if found != want {
			t.Errorf("calls to %q: chatty found %d times, want %d", service, found, want)
		}
	}
}
