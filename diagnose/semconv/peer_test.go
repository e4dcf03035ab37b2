package semconv_test

import (
	"testing"

	"tracefall/diagnose/factstest"
	"tracefall/diagnose/semconv"
	"tracefall/sources/tracetest"
)

func TestPeerAddress(t *testing.T) {
	f := factstest.Of(tracetest.Set(t, `
api root 0ms +100ms
  api a 0ms +1ms kind=client url.full=https://user:pw@API.Example.org:8443/x?y=1
  api b 0ms +1ms kind=client server.address=Vision.GoogleAPIs.com. server.port=443
  api c 0ms +1ms kind=client http.url=http://[2001:db8::1]:80/x
  api d 0ms +1ms kind=client net.peer.name=10.0.0.1:80
  api e 0ms +1ms kind=client url.full=/only/a/path
`))[0]
	var c semconv.Canonical
	for i, want := range []string{"", "api.example.org", "vision.googleapis.com", "2001:db8::1", "10.0.0.1", ""} {
		f.Canonical(i, &c)
		if got := semconv.PeerAddress(&c); got != want {
			t.Errorf("span %d: %q, want %q", i, got, want)
		}
	}
}
