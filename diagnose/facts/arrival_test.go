package facts

import (
	"testing"

	"tracefall/sources/tracetest"
)

func TestArrival(t *testing.T) {
	for _, tt := range []struct {
		span string
		want Arrival
	}{
		{`http.response.status_code=200`, ArrivedAtService},
		{``, ArrivedAtService},
		{`http.response.status_code=404`, ArrivedAtService},
		{`http.response.status_code=500 status=error`, ArrivedAtService},
		{`rpc.system=grpc rpc.grpc.status_code=13`, ArrivedAtService},
		{`http.response.status_code=502 status=error`, ArrivedSomewhere},
		{`http.response.status_code=429`, ArrivedSomewhere},
		{`http.response.status_code=403`, ArrivedSomewhere},
		{`http.response.status_code=504 status=error`, ArrivedSomewhere},
		{`error="read timed out"`, ArrivedSomewhere},
		{`rpc.system=grpc rpc.grpc.status_code=4`, ArrivedSomewhere},
		{`error="connect timed out"`, ArrivedNowhere},
		{`error="connect ETIMEDOUT 10.0.0.1:443"`, ArrivedNowhere},
		{`error="dial tcp 10.0.0.1:443: i/o timeout"`, ArrivedNowhere},
		{`error.type=UnknownHostException status=error`, ArrivedNowhere},
		{`error="fetch failed"`, ArrivedNowhere},
		{`error="connect ECONNREFUSED"`, ArrivedNowhere},
		{`response_flags=UF http.status_code=503`, ArrivedNowhere},
		{`response_flags=FI http.status_code=500`, ArrivedNowhere},
	} {
		set := tracetest.Set(t, `web GET 0ms +9ms kind=client http.request.method=GET url.full="http://pay/x" `+tt.span+"\n")
		f := New(set.Trace(0), NewOps(set))
		if got := f.Arrival(0, &Canonical{}); got != tt.want {
			t.Errorf("%s: arrival %d, want %d", tt.span, got, tt.want)
		}
	}
}
