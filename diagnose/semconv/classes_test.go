package semconv_test

import (
	"testing"

	"tracefall/diagnose/factstest"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

func TestKindsInferredFromServices(t *testing.T) {
	f := factstest.Of(tracetest.Set(t, `
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
	entry := factstest.Of(tracetest.Set(t, `
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

	bare := factstest.Of(tracetest.Set(t, `
trace 1
gw "POST /order" 0ms +90ms kind=internal
  gw charge 1ms +20ms kind=internal
    pay /charge 2ms +10ms kind=internal
      pay work 3ms +1ms kind=internal
  gw "collect" 30ms +20ms
    pay /a 31ms +5ms
    stock /b 37ms +5ms
  gw charge 60ms +1ms error=true
  gw charge 70ms +20ms
    pay /charge 71ms +5ms
trace 2
gw "POST /order" 0ms +90ms kind=server
  gw charge 1ms +20ms kind=internal
    pay /charge 2ms +10ms kind=server
  gw "orders publish" 30ms +2ms kind=producer
    mail "on order" 33ms +5ms kind=internal
  gw GetDriver 40ms +5ms kind=client
trace 3
gw "GET /" 0ms +90ms http.method=GET http.url=http://gw.prod/
  pay "GET /p" 1ms +20ms http.method=GET http.target=/p
trace 4
pay /charge 0ms +90ms
  "" /x 1ms +20ms
`))
	for n, want := range [][]trace.Kind{
		{trace.KindInternal, trace.KindClient, trace.KindServer, trace.KindInternal, trace.KindInternal, trace.KindServer, trace.KindServer, trace.KindClient, trace.KindClient, trace.KindServer},
		{trace.KindServer, trace.KindClient, trace.KindServer, trace.KindProducer, trace.KindInternal, trace.KindClient},
		{trace.KindServer, trace.KindServer},
		{trace.KindInternal, trace.KindInternal},
	} {
		for i, kind := range want {
			if got := bare[n].Kind(i); got != kind {
				t.Errorf("span %d of trace %d (%s): %s, want %s", i, n+1, bare[n].Trace.Span(i).Name(), got, kind)
			}
			if got := bare[n].Class(i); (got == semconv.ClassCall) != (kind == trace.KindClient) {
				t.Errorf("span %d of trace %d is of class %s", i, n+1, got)
			}
		}
	}
	if bare[0].Server(1) != 2 || bare[1].Server(1) != 2 {
		t.Errorf("servers: %d and %d", bare[0].Server(1), bare[1].Server(1))
	}
	if !bare[1].Surmised(1) || bare[1].Surmised(5) {
		t.Error("a function around a call without a span is not told from a call")
	}
}
