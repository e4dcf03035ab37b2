package servicemap

import (
	"iter"
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/viewstest"
)

// answer gives the map what it asked for.
func answer(t testing.TB, s *ServiceMap, a views.Action) {
	t.Helper()
	ask, ok := a.(views.Measure)
	if !ok {
		t.Fatalf("the map asked for %#v", a)
	}
	var parts []iter.Seq[facts.Portion]
	for _, scope := range ask.Of {
		parts = append(parts, func(yield func(facts.Portion) bool) {
			for _, f := range factstest.Of(scope.Set) {
				if (scope.Trace == nil || scope.Trace == f.Trace) && !yield(facts.Portion{Facts: f}) {
					return
				}
			}
		})
	}
	if action := ask.Count(parts)(); action != nil {
		t.Errorf("showing what was counted gave %#v", action)
	}
}

// scopesOf are sets as what a map is about.
func scopesOf(sets ...*trace.Set) []views.Scope {
	var of []views.Scope
	for _, set := range sets {
		of = append(of, views.Scope{Set: set, Traces: set.Len()})
	}
	return of
}

// shown shows the map of sets.
func shown(t testing.TB, sets ...*trace.Set) *ServiceMap {
	t.Helper()
	s := New()
	answer(t, s, s.Show(scopesOf(sets...)))
	viewstest.Frame(s, viewstest.Env(t), 120, 40)
	return s
}

const shop = `
trace 1
gateway "GET /cart" 0ms +100ms kind=server error=failed
  gateway "GET /cart" 5ms +90ms kind=client error=failed
    cart "GET /cart" 10ms +80ms kind=server error=failed
      cart "SELECT cart" 20ms +30ms kind=client db.system=postgresql db.namespace=carts error="deadlock detected"
      cart "GET k" 60ms +2ms kind=client db.system=redis server.address=cache server.port=6379
trace 2
gateway "GET /cart" 0ms +50ms kind=server
  gateway "GET /cart" 5ms +40ms kind=client
    cart "GET /cart" 10ms +30ms kind=server
      cart "SELECT cart" 20ms +10ms kind=client db.system=postgresql db.namespace=carts
  gateway "GET /orders" 46ms +2ms kind=client
    orders "GET /orders" 46ms +2ms kind=server
      orders "SELECT orders" 47ms +1ms kind=client db.system=postgresql db.namespace=carts
trace 3
gateway "GET /pay" 0ms +60ms kind=server
  gateway "POST /charge" 5ms +50ms kind=client server.address=api.stripe.com http.request.method=POST url.full=https://api.stripe.com/charge
  gateway "publish" 56ms +1ms kind=producer messaging.system=kafka messaging.destination.name=paid server.address=broker server.port=9092
`

func TestLook(t *testing.T) {
	s := shown(t, tracetest.Set(t, shop))
	for _, size := range [][2]int{{120, 36}, {80, 21}} {
		t.Log("\n" + viewstest.Plain(s, viewstest.Env(t), size[0], size[1]))
	}
	for _, name := range []string{"shared-dependency.jsonl.gz", "retry-storm.jsonl.gz", "exhaustion.jsonl.gz", "partial-failure.jsonl.gz"} {
		s := shown(t, viewstest.OpenDemo(t, name))
		t.Log(name)
		t.Log("\n" + viewstest.Plain(s, viewstest.Env(t), 120, 36))
		t.Log("\n" + viewstest.Plain(s, viewstest.Env(t), 80, 21))
	}
}
