package servicemap_test

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/compare/comparetest"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/diagnose/servicemap"
	"tracefall/sources/tracetest"
)

// whole are all spans of traces.
func whole(all []*facts.Facts) iter.Seq[facts.Portion] {
	return func(yield func(facts.Portion) bool) {
		for _, f := range all {
			if !yield(facts.Portion{Facts: f}) {
				return
			}
		}
	}
}

// of counts the traces that a text notes.
func of(t testing.TB, text string) *servicemap.Graph {
	t.Helper()
	return servicemap.Count(whole(factstest.Of(tracetest.Set(t, text))))
}

// shop has a request that fails because of its database, one that times out, and one that is well.
const shop = `
trace 1
gateway "GET /cart" 0ms +100ms kind=server error=failed
  gateway "GET /cart" 5ms +90ms kind=client error=failed
    cart "GET /cart" 10ms +80ms kind=server error=failed
      cart "SELECT cart" 20ms +30ms kind=client db.system=postgresql db.namespace=carts error="deadlock detected"
      cart "GET k" 60ms +2ms kind=client db.system=redis server.address=cache server.port=6379
trace 2
gateway "GET /cart" 0ms +50ms kind=server error=failed
  gateway "GET /cart" 5ms +40ms kind=client error="deadline exceeded"
    cart "GET /cart" 10ms +200ms kind=server
      cart "SELECT cart" 20ms +10ms kind=client db.system=postgresql db.namespace=carts
trace 3
gateway "GET /pay" 0ms +60ms kind=server
  gateway "POST /charge" 5ms +50ms kind=client server.address=api.stripe.com http.request.method=POST url.full=https://api.stripe.com/charge
  gateway "publish" 56ms +1ms kind=producer messaging.system=kafka messaging.destination.name=paid server.address=broker server.port=9092
`

// text writes a graph, a line a node and a line an edge.
func text(g *servicemap.Graph) string {
	var b strings.Builder
	numbers := func(c servicemap.Calls) string {
		return fmt.Sprintf("%d calls %d errors %d causes p50 %d p95 %d max %d", c.Count, c.Errors, c.Causes, c.P50/1e6, c.P95/1e6, c.Max/1e6)
	}
	for _, n := range g.Nodes {
		fmt.Fprintf(&b, "%s %s: %s\n", n.Kind, n.Name, numbers(n.Calls))
	}
	for _, e := range g.Edges {
		fmt.Fprintf(&b, "%s > %s: %s\n", g.Nodes[e.From].Name, g.Nodes[e.To].Name, numbers(e.Calls))
	}
	return b.String()
}

func TestCount(t *testing.T) {
	g := of(t, shop)
	const want = `service cart: 2 calls 2 errors 1 causes p50 80 p95 200 max 200
service gateway: 3 calls 2 errors 0 causes p50 60 p95 100 max 100
database postgresql/carts: 2 calls 1 errors 1 causes p50 10 p95 30 max 30
cache cache:6379: 1 calls 0 errors 0 causes p50 2 p95 2 max 2
queue broker:9092: 1 calls 0 errors 0 causes p50 1 p95 1 max 1
external api.stripe.com: 1 calls 0 errors 0 causes p50 50 p95 50 max 50
cart > postgresql/carts: 2 calls 1 errors 1 causes p50 10 p95 30 max 30
cart > cache:6379: 1 calls 0 errors 0 causes p50 2 p95 2 max 2
gateway > cart: 2 calls 2 errors 1 causes p50 40 p95 90 max 90
gateway > broker:9092: 1 calls 0 errors 0 causes p50 1 p95 1 max 1
gateway > api.stripe.com: 1 calls 0 errors 0 causes p50 50 p95 50 max 50
`
	if got := text(g); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if g.Traces != 3 || g.Spans != 12 {
		t.Errorf("%d traces, %d spans", g.Traces, g.Spans)
	}
	slowest := g.Edges[2]
	if s := slowest.Trace.Span(slowest.Span); s.Duration() != slowest.Max || s.Service() != "gateway" {
		t.Errorf("the slowest call of %+v is %s %s", slowest, s.Service(), s.Name())
	}
}

// TestMessagesNameWhomTheyAreAbout counts failures of calls that have no spans, and where they began.
func TestMessagesNameWhomTheyAreAbout(t *testing.T) {
	const unseen = `
trace 1
web "GET /" 0ms +50ms kind=server error=failed
  web "load session" 1ms +2ms error="connect ECONNREFUSED redis:6379"
  cart "GET /" 10ms +2ms kind=server error="lookup redis: no such host"
  cart "pay" 20ms +2ms kind=internal error="connect ECONNREFUSED payment:8080"
trace 2
payment "GET /" 0ms +50ms kind=server error="dial tcp api.example.org:443: connect: connection refused"
`
	const want = `service cart: 2 calls 2 errors 0 causes p50 2 p95 2 max 2
service payment: 1 calls 1 errors 1 causes p50 50 p95 50 max 50
service web: 1 calls 1 errors 0 causes p50 50 p95 50 max 50
external api.example.org:443: 0 calls 0 errors 1 causes p50 0 p95 0 max 0
uninstrumented redis:6379: 0 calls 0 errors 2 causes p50 0 p95 0 max 0
cart > payment: 0 calls 0 errors 1 causes p50 0 p95 0 max 0
cart > redis:6379: 0 calls 0 errors 1 causes p50 0 p95 0 max 0
payment > api.example.org:443: 0 calls 0 errors 1 causes p50 0 p95 0 max 0
web > cart: 2 calls 2 errors 0 causes p50 2 p95 2 max 2
web > redis:6379: 0 calls 0 errors 1 causes p50 0 p95 0 max 0
`
	if got := text(of(t, unseen)); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestCountOnlySome(t *testing.T) {
	all := factstest.Of(tracetest.Set(t, shop))
	some := slices.Values([]facts.Portion{{Facts: all[0], Spans: []int32{3}}, {Facts: all[1], Spans: []int32{}}})
	const want = `service cart: 0 calls 0 errors 0 causes p50 0 p95 0 max 0
database postgresql/carts: 1 calls 1 errors 1 causes p50 30 p95 30 max 30
cart > postgresql/carts: 1 calls 1 errors 1 causes p50 30 p95 30 max 30
`
	if got := text(servicemap.Count(some)); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestAgreesWithStatistics compares the edges with the groups of statistics by edge, for traces made at random.
func TestAgreesWithStatistics(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for range 60 {
		all := factstest.Of(tracetest.Set(t, randomTraces(rng)))
		agree(t, all)
		g := servicemap.Count(whole(all))
		slices.Reverse(all)
		if again := servicemap.Count(whole(all)); text(again) != text(g) {
			t.Fatalf("in another order:\n%s, was\n%s", text(again), text(g))
		}
	}
}

// TestAgreesWithStatisticsOfTheDemo does the same for every incident of the demo.
func TestAgreesWithStatisticsOfTheDemo(t *testing.T) {
	files, err := filepath.Glob("../../testdata/demo/*.jsonl.gz")
	if err != nil || len(files) < 10 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		if n := agree(t, factstest.Of(comparetest.Open(t, file))); n == 0 {
			t.Errorf("%s has no edges", file)
		}
	}
}

// agree compares the edges of traces with their groups of statistics by edge, and returns how many there are.
func agree(t *testing.T, all []*facts.Facts) int {
	t.Helper()
	g := servicemap.Count(whole(all))
	got := map[string]string{}
	for _, e := range g.Edges {
		if e.Count == 0 {
			continue // named in messages only
		}
		got[g.Nodes[e.From].Name+" → "+g.Nodes[e.To].Name] = fmt.Sprint(e.Count, e.Errors, e.P50, e.P95, e.P99, e.Max, e.Trace.ID(), e.Span)
	}
	groups := 0
	for _, s := range facts.Stats(whole(all), facts.ByEdge()) {
		if s.Missing {
			continue
		}
		groups++
		if want := fmt.Sprint(s.Count, s.Errors, s.P50, s.P95, s.P99, s.Max, s.Trace.ID(), s.Longest); got[s.Key] != want {
			t.Fatalf("%s is %s on the map, %s in statistics", s.Key, got[s.Key], want)
		}
	}
	if groups != len(got) {
		t.Fatalf("%d edges on the map, %d in statistics", len(got), groups)
	}
	return groups
}

// randomTraces notes traces of a few services that call each other and what left no spans.
func randomTraces(rng *rand.Rand) string {
	var b strings.Builder
	kinds := []string{"", "kind=client", "kind=server", "kind=internal", "kind=producer", "kind=consumer"}
	more := []string{"", "db.system=redis", "db.system=mysql db.namespace=shop", "server.address=a", "server.address=api.example.org", "error=lost", `error="connect ECONNREFUSED redis:6379"`, `error="lookup redis: no such host"`, "messaging.system=kafka"}
	for n := range 1 + rng.IntN(4) {
		fmt.Fprintf(&b, "trace %d\n", n+1)
		depth := 0
		for i := range 1 + rng.IntN(20) {
			depth = rng.IntN(min(depth+2, 5))
			if i == 0 {
				depth = 0
			}
			fmt.Fprintf(&b, "%s%c \"GET /%d\" %dms +%dms %s %s %s\n", strings.Repeat("  ", depth), 'a'+rune(rng.IntN(4)), rng.IntN(3), i, 1+rng.IntN(50),
				kinds[rng.IntN(len(kinds))], more[rng.IntN(len(more))], more[rng.IntN(len(more))])
		}
	}
	return b.String()
}

func TestCompare(t *testing.T) {
	bad := of(t, shop)
	good := of(t, `
gateway "GET /cart" 0ms +100ms kind=server
  gateway "GET /cart" 5ms +90ms kind=client
    cart "GET /cart" 10ms +80ms kind=server
      cart "SELECT old" 60ms +2ms kind=client db.system=mysql
`)
	m := servicemap.Compare(good, bad)
	var b strings.Builder
	for _, n := range m.Nodes {
		fmt.Fprintf(&b, "%s: %d, was %d, side %d\n", n.Name, n.Count, n.Baseline.Count, n.Side)
	}
	for _, e := range m.Edges {
		fmt.Fprintf(&b, "%s > %s: %d, was %d, side %d\n", m.Nodes[e.From].Name, m.Nodes[e.To].Name, e.Count, e.Baseline.Count, e.Side)
	}
	const want = `cart: 2, was 1, side 0
gateway: 3, was 1, side 0
mysql: 0, was 1, side 2
postgresql/carts: 2, was 0, side 1
cache:6379: 1, was 0, side 1
broker:9092: 1, was 0, side 1
api.stripe.com: 1, was 0, side 1
cart > mysql: 0, was 1, side 2
cart > postgresql/carts: 2, was 0, side 1
cart > cache:6379: 1, was 0, side 1
gateway > cart: 2, was 1, side 0
gateway > broker:9092: 1, was 0, side 1
gateway > api.stripe.com: 1, was 0, side 1
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	if m.Rates[0] != (servicemap.Rate{Unit: servicemap.PerTrace, Over: 1}) || m.Rates[1].Of(6) != 2 {
		t.Errorf("the rates are %+v", m.Rates)
	}
}

func TestRates(t *testing.T) {
	traces := func(n int, apart string) *servicemap.Graph {
		var b strings.Builder
		for i := range n {
			at := fmt.Sprint(i*400) + "ms"
			if apart != "" && i == n-1 {
				at = apart
			}
			fmt.Fprintf(&b, "trace %d\na \"GET /\" %s +10ms kind=server\n", i+1, at)
		}
		return of(t, b.String())
	}
	for _, test := range []struct {
		name string
		g    *servicemap.Graph
		unit servicemap.Unit
		rate float64
	}{
		{"one trace", traces(1, ""), servicemap.Each, 100},
		{"few traces", traces(99, ""), servicemap.PerTrace, 100. / 99},
		{"a minute", traces(150, ""), servicemap.PerSecond, 100 / 59.61},
		{"a day later", traces(150, "86400s"), servicemap.PerTrace, 100. / 150},
	} {
		rate := servicemap.Rates(test.g)[0]
		if got := rate.Of(100); rate.Unit != test.unit || got < test.rate*0.999 || got > test.rate*1.001 {
			t.Errorf("%s: %g %s, want %g %s", test.name, got, rate.Unit, test.rate, test.unit)
		}
	}
	if rates := servicemap.Rates(traces(150, ""), traces(2, "")); rates[0].Unit != servicemap.PerTrace {
		t.Errorf("beside few traces the unit is %s", rates[0].Unit)
	}
}

// TestCallsByAddress: what is called by the address of a service that emitted spans is that service, also where the call has no
// span there; a failure that nobody else tells of began with it. Two clients around one request are one call.
func TestCallsByAddress(t *testing.T) {
	got := text(of(t, `
trace 1
front "GET /" 0ms +100ms kind=server
  front "cart.Cart/Get" 5ms +20ms kind=client rpc.system=grpc rpc.service=cart.Cart rpc.method=Get server.address=cart server.port=7070 error=lost
  front "cart.Cart/Get" 30ms +20ms kind=client rpc.system=grpc rpc.service=cart.Cart rpc.method=Get server.address=cart server.port=7070
    front "POST" 31ms +18ms kind=client http.request.method=POST url.full=http://cart:7070/cart.Cart/Get
      cart "cart.Cart/Get" 32ms +10ms kind=server rpc.system=grpc rpc.service=cart.Cart rpc.method=Get
`))
	want := `service cart: 1 calls 0 errors 1 causes p50 10 p95 10 max 10
service front: 1 calls 0 errors 0 causes p50 100 p95 100 max 100
front > cart: 2 calls 1 errors 1 causes p50 18 p95 20 max 20
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
