// Package querytest makes random traces and random queries that meet, for tests.
package querytest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// The generated traces and queries draw on the same few keys and values, so that they meet.
var (
	someKeys   = []string{"a", "b", "http.status_code", "http.response.status_code", "odd key"}
	someValues = []string{"1", "2", "x", "X", "abc", "1.0", "-3", "5e2", "true", "150ms", "0.15s", "", "xyz abc", "500", strings.Repeat("long ", 9) + "abc"}
)

// Set builds small traces of every shape: orphans, several roots, events, links, scopes, all value types.
func Set(t testing.TB, seed uint64, traces int) *trace.Set {
	t.Helper()
	rnd := rand.New(rand.NewPCG(seed, 1))
	b := trace.NewBuilder()
	sym := func(s string) trace.Symbol { return b.Symbol([]byte(s)) }
	attr := func() trace.Attr {
		key := sym(someKeys[rnd.IntN(len(someKeys))])
		switch rnd.IntN(6) {
		case 0:
			return trace.Int(key, int64(rnd.IntN(5)-1)*125)
		case 1:
			return trace.Float(key, float64(rnd.IntN(8))/2)
		case 2:
			return trace.Bool(key, rnd.IntN(2) == 0)
		case 3:
			if rnd.IntN(4) == 0 {
				return b.JSON(key, []byte(`["x","abc"]`))
			}
			return b.Bytes(key, []byte("abc"))
		default:
			return b.String(key, []byte(someValues[rnd.IntN(len(someValues))]))
		}
	}
	attrs := func(most int) []trace.Attr {
		var list []trace.Attr
		for range rnd.IntN(most + 1) {
			list = append(list, attr())
		}
		return list
	}
	var origins []uint32
	for i := range 5 {
		list := attrs(2)
		if i > 0 {
			list = append(list, b.String(sym("service.name"), fmt.Appendf(nil, "s%d", i%3)))
		}
		scope := b.Scope(sym([]string{"", "lib", "other"}[i%3]), sym([]string{"", "1"}[i%2]), attrs(1), 0)
		origins = append(origins, b.Origin(b.Resource(list, 0), scope))
	}
	const epoch = 1_772_460_131_000_000_000
	var raw trace.RawSpan
	for i := range traces {
		n := 1 + rnd.IntN(9)
		for j := range n {
			raw.Reset()
			raw.Trace = trace.TraceID{Lo: uint64(i) + 1}
			raw.ID = trace.SpanID{N: uint64(j) + 1}
			switch {
			case rnd.IntN(12) == 0:
				raw.Parent = trace.SpanID{N: 999}
			case j > 0 && rnd.IntN(12) > 0:
				raw.Parent = trace.SpanID{N: uint64(rnd.IntN(j)) + 1}
			}
			raw.Name = sym([]string{"GET /x", "query", "abc", ""}[rnd.IntN(4)])
			raw.Kind = trace.Kind(rnd.IntN(6))
			raw.Status = trace.Status(rnd.IntN(3))
			if rnd.IntN(3) == 0 {
				raw.Message = b.String(0, []byte("abc failed"))
			}
			raw.Start = epoch + int64(rnd.IntN(5))*500_000_000
			raw.Duration = int64(rnd.IntN(5)) * 500_000_000
			raw.Origin = origins[rnd.IntN(len(origins))]
			raw.Attrs = append(raw.Attrs, attrs(4)...)
			if rnd.IntN(10) == 0 {
				raw.Attrs = append(raw.Attrs, b.String(sym("error"), []byte("x")))
			}
			for range rnd.IntN(3) {
				raw.Events = append(raw.Events, trace.RawEvent{Time: raw.Start + int64(rnd.IntN(3))*1_000_000, Name: sym([]string{"exception", "x", ""}[rnd.IntN(3)]), Attrs: attrs(2)})
			}
			if rnd.IntN(4) == 0 {
				raw.Links = append(raw.Links, trace.RawLink{Trace: trace.TraceID{Lo: 7}, Span: trace.SpanID{N: uint64(rnd.IntN(3))}, State: sym([]string{"", "x"}[rnd.IntN(2)]), Attrs: attrs(1)})
			}
			if rnd.IntN(4) == 0 {
				raw.State = sym("x=1")
			}
			b.Add(&raw)
		}
	}
	set := b.Build()
	if err := tracetest.Check(set); err != nil {
		t.Fatal(err)
	}
	return set
}
