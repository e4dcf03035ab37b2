package eval

import (
	"context"
	"fmt"
	"testing"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// million builds a million spans in traces of the given size, with ten attributes each: what a busy HTTP and SQL
// service exports.
func million(size int) *trace.Set {
	b := trace.NewBuilder()
	sym := func(s string) trace.Symbol { return b.Symbol([]byte(s)) }
	keys := []trace.Symbol{
		sym("http.request.method"), sym("http.response.status_code"), sym("url.full"), sym("http.route"),
		sym("server.address"), sym("db.query.text"), sym("thread.id"), sym("retry.count"), sym("user.id"), sym("net.time"),
	}
	var origins []uint32
	service := sym("service.name")
	for i := range 20 {
		r := b.Resource([]trace.Attr{
			b.String(service, fmt.Appendf(nil, "service-%d", i)),
			b.String(sym("k8s.pod.name"), fmt.Appendf(nil, "service-%d-7f9c", i)),
		}, 0)
		origins = append(origins, b.Origin(r, b.Scope(sym("lib"), 0, nil, 0)))
	}
	var raw trace.RawSpan
	for i := range 1_000_000 {
		raw.Reset()
		raw.Trace = trace.TraceID{Hi: 1, Lo: uint64(i/size) + 1}
		raw.ID = trace.SpanID{N: uint64(i) + 1}
		if n := i % size; n > 0 {
			raw.Parent = trace.SpanID{N: uint64(i-n) + 1 + uint64(n-1)/2}
		}
		raw.Name = sym(fmt.Sprintf("GET /api/%d", i%300))
		raw.Kind = trace.Kind(i % 6)
		raw.Start = int64(i+1) * 1000
		raw.Duration = int64(i%2000) * 1_000_000
		raw.Origin = origins[i%len(origins)]
		if i%50 == 0 {
			raw.Status = trace.StatusError
		}
		raw.Attrs = append(raw.Attrs,
			b.String(keys[0], []byte("GET")),
			trace.Int(keys[1], int64(200+i%5*100)),
			b.String(keys[2], fmt.Appendf(nil, "https://shop.example.com/api/items/%d?page=%d&sort=price", i, i%7)),
			b.String(keys[3], fmt.Appendf(nil, "/api/%d", i%300)),
			b.String(keys[4], fmt.Appendf(nil, "host-%d", i%40)),
			b.String(keys[5], fmt.Appendf(nil, "SELECT id, price FROM items WHERE id = %d AND shop = 'x'", i)),
			trace.Int(keys[6], int64(i%64)),
			trace.Int(keys[7], int64(i%6)),
			b.String(keys[8], fmt.Appendf(nil, "u-%d", i%50_000)),
			trace.Float(keys[9], float64(i)/3),
		)
		b.Add(&raw)
	}
	return b.Build()
}

var benchmarks = []struct{ name, text string }{
	{"conjunction", `duration>1s error=true http.status_code=200`},
	{"apart", `duration>1s error=true http.status_code=503`},
	{"duration", `duration>1s`},
	{"service", `service=service-7`},
	{"number", `http.status_code>=500`},
	{"equal", `user.id=u-77`},
	{"prefix", `server.address=~"^host-1"`},
	{"contains", `db.statement~"shop = 'y'"`},
	{"regex", `url.full=~"items/999[0-9]+"`},
	{"missing", `nosuchkey=1`},
	{"text", `"connection refused"`},
	{"digits", `"77123"`},
	{"ancestor", `ancestor(http.status_code=503) error=true`},
	{"calculation", `{ .retry.count * 2 > 6 && duration / 2 > 300ms }`},
	{"pipeline", `error=true | by(service) | count() > 3`},
}

func BenchmarkQuery(b *testing.B) {
	for _, size := range []int{10, 1_000_000} {
		set := million(size)
		for _, bench := range benchmarks {
			b.Run(fmt.Sprintf("spans=1M/trace=%d/%s", size, bench.name), func(b *testing.B) {
				q, err := query.Parse(bench.text)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportAllocs()
				for b.Loop() {
					p, err := Compile(q, set, nil)
					if err != nil {
						b.Fatal(err)
					}
					r, err := p.Run(context.Background(), 2)
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(r.Spans), "matches")
				}
			})
		}
		b.Run(fmt.Sprintf("spans=1M/trace=%d/vocabulary", size), func(b *testing.B) {
			for b.Loop() {
				query.BuildVocabulary(set, nil)
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	for b.Loop() {
		if _, err := query.Parse(benchmarks[0].text); err != nil {
			b.Fatal(err)
		}
	}
}
