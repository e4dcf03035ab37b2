package viewstest

import (
	"math"
	"math/rand/v2"
	"testing"

	"tracefall/sources/trace"
)

// The second in ns, and when the traces of ListSet begin.
const (
	Second = 1_000_000_000
	Epoch  = 1_772_460_131_000_000_000 // 2026-03-02T14:02:11Z
)

// rootKinds are services, operations and usual durations (ns) of the traces of listSet.
var rootKinds = []struct {
	service, name string
	typical       float64
}{
	{"api-gateway", "POST /api/checkout", 180e6},
	{"api-gateway", "GET /api/dashboard", 320e6},
	{"web-frontend-europe-west", "GET /products/{id}/recommendations", 45e6},
	{"billing-worker", "invoice.created process", 900e6},
	{"", "cron", 12e6},
	{"cart", "/hipstershop.CartService/GetCart", 8e6},
}

// ListSet makes n traces over 15 minutes; the same n makes the same traces. Few of them fail, some lack their
// root.
func ListSet(t testing.TB, n int, input string) *trace.Set {
	t.Helper()
	b := trace.NewBuilder()
	b.Input(input)
	rng := rand.New(rand.NewPCG(7, 7))
	origins := make([]uint32, len(rootKinds))
	for i, k := range rootKinds {
		attrs := []trace.Attr{b.String(b.Symbol([]byte("service.name")), []byte(k.service))}
		origins[i] = b.Origin(b.Resource(attrs, 0), b.Scope(0, 0, nil, 0))
	}
	var raw trace.RawSpan
	for i := range n {
		k := rng.IntN(len(rootKinds))
		raw.Reset()
		raw.Trace = trace.TraceID{Hi: rng.Uint64(), Lo: rng.Uint64()}
		raw.Origin = origins[k]
		raw.Name = b.Symbol([]byte(rootKinds[k].name))
		raw.Start = Epoch + int64(float64(i)/float64(n)*898*Second) + rng.Int64N(Second)
		raw.Duration = int64(rootKinds[k].typical * math.Exp(rng.NormFloat64()/2))
		failed := rng.IntN(40) == 0
		if failed {
			raw.Duration = raw.Duration*4 + 2*Second
			raw.Status = trace.StatusError
		}
		raw.ID = trace.SpanID{N: 1}
		if rng.IntN(50) == 0 {
			raw.Parent = trace.SpanID{N: 99} // not in the export
		}
		b.Add(&raw)
		if n > 10_000 {
			continue // enough spans to be many
		}
		raw.Parent, raw.Status = trace.SpanID{N: 1}, trace.StatusUnset
		for c := range rng.IntN(30) {
			raw.ID, raw.Duration = trace.SpanID{N: uint64(c) + 2}, raw.Duration/2
			raw.Origin = origins[(k+c)%len(origins)]
			b.Add(&raw)
		}
	}
	return b.Build()
}
