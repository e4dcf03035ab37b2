package diagnose

import (
	"context"
	"fmt"
	"testing"

	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// different says what every trace of a set has for itself, where others have it in common.
type different struct {
	name                                            string
	service, host, operation, peer, reason, at, key bool
}

var differences = []different{
	{name: "nothing"},
	{name: "services", service: true},
	{name: "hosts", host: true},
	{name: "operations", operation: true},
	{name: "peers", peer: true},
	{name: "reasons to fail", reason: true},
	{name: "times far apart", at: true},
	{name: "attributes", key: true},
	{name: "everything", service: true, host: true, operation: true, peer: true, reason: true, at: true, key: true},
}

// make builds n traces of a request, a call that fails every other time, its server, which is 2 s ahead, and a
// message that another trace handles.
func (d different) make(n int) *trace.Set {
	b := trace.NewBuilder()
	b.Input("test")
	text := func(own bool, name string, i int) []byte {
		if !own {
			i = i % 3
		}
		return fmt.Appendf(nil, "%s-%d", name, i)
	}
	key := func(name string) trace.Symbol { return b.Symbol([]byte(name)) }
	span := func(id trace.TraceID, n, parent uint64, name []byte, kind trace.Kind, start, duration int64, origin uint32, attrs ...trace.Attr) {
		raw := trace.RawSpan{Trace: id, ID: trace.SpanID{N: n}, Parent: trace.SpanID{N: parent}, Name: b.Symbol(name), Kind: kind, Start: start, Duration: duration, Origin: origin, Attrs: attrs}
		if n == 2 && id.Lo%2 == 0 {
			raw.Status, raw.Message = trace.StatusError, b.String(0, text(d.reason, "connect ECONNREFUSED redis", int(id.Lo)))
		}
		b.Add(&raw)
	}
	for i := range n {
		id := trace.TraceID{Lo: uint64(i + 1)}
		start := 1_772_460_131_000_000_000 + int64(i)*10e6
		if d.at {
			start += int64(i) * 3600e9
		}
		var origin [2]uint32
		for side, name := range []string{"front", "back"} {
			origin[side] = b.Origin(b.Resource([]trace.Attr{
				b.String(key("service.name"), text(d.service, name, i)), b.String(key("host.name"), text(d.host, "host-"+name, i)),
			}, 0), 0)
		}
		name, peer := text(d.operation, "GET /things", i), b.String(key("server.address"), text(d.peer, "back.prod.svc", i))
		own := trace.Int(b.Symbol(text(d.key, "cache.size", i)), int64(i))
		span(id, 1, 0, name, trace.KindServer, start, 9e6, origin[0], own)
		span(id, 2, 1, name, trace.KindClient, start+1e6, 7e6, origin[0], peer, own)
		span(id, 3, 2, name, trace.KindServer, start+2e9, 5e6, origin[1], own)
		span(id, 4, 1, text(d.operation, "send", i), trace.KindProducer, start+8e6, 1e5, origin[0], peer, b.String(key("messaging.destination.name"), text(d.peer, "queue", i)))
		span(trace.TraceID{Hi: 1, Lo: uint64(i + 1)}, 5, 0, text(d.operation, "process", i), trace.KindConsumer, start+9e9, 1e6, origin[1], b.String(key("messaging.destination.name"), text(d.peer, "queue", i)))
	}
	return b.Build()
}

// TestExtremeSets runs every detector over many traces that have much in common, or nothing: none fails, and none
// takes the square of their number.
func TestExtremeSets(t *testing.T) {
	for _, d := range differences {
		t.Run(d.name, func(t *testing.T) {
			if testing.Short() {
				t.Skip("large")
			}
			tracetest.Linear(t, 100, 1600, d.make, func(set *trace.Set) {
				r, err := Run(context.Background(), set, Options{})
				if err != nil {
					t.Fatal(err)
				}
				for _, notice := range r.Notices {
					t.Error(notice.Message)
				}
			})
		})
	}
}
