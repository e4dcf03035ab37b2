package facts

import (
	"testing"

	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

func TestKindsInferredFromServices(t *testing.T) {
	f := allFacts(tracetest.Set(t, `
front "shop.Frontend/Recv." 0ms +90ms kind=internal
  front shop.Currency/Convert 1ms +50ms kind=internal
    currency shop.Currency/Convert 2ms +40ms kind=internal
      currency convert 3ms +1ms kind=internal
  front GET 60ms +20ms http.method=GET http.url=http://ads/x
    ads GET 61ms +10ms http.method=GET http.url=http://ads/x
  front "middleware" 85ms +1ms kind=internal http.route=/a http.method=GET
  front GET 86ms +1ms http.method=GET http.url=http://other/x
  front shop.Cart/Get 87ms +100us kind=internal
  front shop.Cart/Get 88ms +1ms kind=internal
    cart shop.Cart/Get 88100us +100us kind=internal
  front shop.Cart/Empty 89ms +100us kind=internal
`))[0]
	for i, want := range []trace.Kind{trace.KindInternal, trace.KindClient, trace.KindServer, trace.KindInternal,
		trace.KindClient, trace.KindServer, trace.KindInternal, trace.KindClient,
		trace.KindClient, trace.KindClient, trace.KindServer, trace.KindInternal} {
		if got := f.Kind(i); got != want {
			t.Errorf("span %d (%s): %s, want %s", i, f.Trace.Span(i).Name(), got, want)
		}
	}
	entry := allFacts(tracetest.Set(t, `
trace 1
edge "GET /a" 0ms +90ms http.method=GET http.url=http://edge/a peer.address=10.0.0.9:51234
  edge route 1ms +50ms
trace 2
edge "GET /a" 0ms +90ms http.method=GET http.target=/a
  cart "GET /a" 1ms +50ms http.method=GET http.target=/a
trace 3
probe GET 0ms +90ms http.method=GET http.url=http://edge/a
  edge "GET /a" 1ms +50ms http.method=GET http.target=/a
`))
	for n, want := range []trace.Kind{trace.KindServer, trace.KindServer, trace.KindClient} {
		if got := entry[n].Kind(0); got != want {
			t.Errorf("the first span of trace %d: %s, want %s", n+1, got, want)
		}
	}
	if f.Server(1) != 2 || f.Server(4) != 5 {
		t.Errorf("servers: %d and %d", f.Server(1), f.Server(4))
	}
}
