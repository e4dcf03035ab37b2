package facts_test

import (
	"slices"
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
)

// TestEdges reads the calls of a trace: no step from one service to another is lost, and none counts twice.
func TestEdges(t *testing.T) {
	for name, c := range map[string]struct {
		trace string
		want  []string // in the order of the spans
	}{
		"a service that names itself as the peer": {`
customer "GET /customer" 0ms +100ms kind=server
  mysql "SQL SELECT" 10ms +60ms kind=client peer.service=mysql
`, []string{"customer → mysql"}},
		"a database as a service of its own, which names its system": {`
gateway "GET /" 0ms +100ms kind=server
  auth "GET /validate" 2ms +12ms
    auth-db "SELECT sessions" 4ms +3ms db.system=postgresql
`, []string{"gateway → auth", "auth → auth-db"}},
		"the same with an address": {`
driver "GET /" 0ms +100ms kind=server
  redis "GetDriver" 2ms +12ms kind=client server.address=redis-1 server.port=6379
  redis "GetDriver" 20ms +12ms kind=client server.address=redis-1 server.port=6379
`, []string{"driver → redis", "driver → redis"}},
		"the same below the caller's own call": {`
fraud "check" 0ms +100ms kind=server
  fraud "query" 2ms +50ms kind=client db.system=postgresql db.name=history
    postgres "SELECT" 4ms +30ms kind=client db.system=postgresql
`, []string{"fraud → postgres"}},
		"a service that works is called, and calls": {`
gateway "GET /" 0ms +100ms kind=server
  cart "load" 2ms +50ms
    cart "SELECT" 4ms +30ms kind=client db.system=postgresql db.name=carts
`, []string{"gateway → cart", "cart → postgresql/carts"}},
		"two requests of one client": {`
gateway "GET /" 0ms +100ms kind=server
  gateway "POST" 2ms +90ms kind=client server.address=any
    cart "POST /a" 4ms +30ms kind=server
    orders "POST /a" 40ms +30ms kind=server
`, []string{"gateway → cart", "gateway → orders"}},
		"a call through two clients of one service": {`
gateway "GET /" 0ms +100ms kind=server
  gateway "POST" 2ms +90ms kind=client url.full="http://cart/a"
    gateway "cart.post" 3ms +80ms kind=client url.full="http://cart/a"
      cart "POST /a" 4ms +30ms kind=server
`, []string{"gateway → cart"}},
		"the attempts of one call": {`
gateway "GET /" 0ms +100ms kind=server
  gateway "POST" 2ms +90ms kind=client url.full="http://cart/a"
    gateway "POST" 3ms +30ms kind=client url.full="http://cart/a"
      cart "POST /a" 4ms +20ms kind=server
    gateway "POST" 43ms +30ms kind=client url.full="http://cart/a"
      cart "POST /a" 44ms +20ms kind=server
`, []string{"gateway → cart", "gateway → cart"}},
		"a service of ours by its address": {`
gateway "GET /" 0ms +100ms kind=server
  gateway "cart.Cart/Get" 2ms +10ms kind=client rpc.system=grpc rpc.service=cart.Cart rpc.method=Get server.address=cart server.port=7070
  gateway "GET" 22ms +10ms kind=client http.request.method=GET url.full="http://cart-db:8080/a"
  gateway "GET" 42ms +10ms kind=client http.request.method=GET url.full="http://gateway:8080/a"
  cart "GET /b" 52ms +10ms kind=server
`, []string{"gateway → cart", "gateway → cart-db", "gateway → cart"}},
	} {
		f, edges := factstest.One(t, c.trace), facts.NewEdges()
		var got []string
		for i := f.Trace.First(); i < f.Trace.Len(); i++ {
			if edge, ok := edges.Of(f, i); ok {
				got = append(got, edge.String())
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
