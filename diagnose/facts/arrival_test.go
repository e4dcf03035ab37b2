package facts_test

import (
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/sources/tracetest"
)

func TestArrival(t *testing.T) {
	for _, tt := range []struct {
		span string
		want facts.Arrival
	}{
		{`http.response.status_code=200`, facts.ArrivedAtService},
		{``, facts.ArrivedAtService},
		{`http.response.status_code=404`, facts.ArrivedAtService},
		{`http.response.status_code=500 status=error`, facts.ArrivedAtService},
		{`rpc.system=grpc rpc.grpc.status_code=13`, facts.ArrivedAtService},
		{`http.response.status_code=502 status=error`, facts.ArrivedSomewhere},
		{`http.response.status_code=429`, facts.ArrivedSomewhere},
		{`http.response.status_code=403`, facts.ArrivedSomewhere},
		{`http.response.status_code=504 status=error`, facts.ArrivedSomewhere},
		{`error="read timed out"`, facts.ArrivedSomewhere},
		{`rpc.system=grpc rpc.grpc.status_code=4`, facts.ArrivedSomewhere},
		{`error="connect timed out"`, facts.ArrivedNowhere},
		{`error="connect ETIMEDOUT 10.0.0.1:443"`, facts.ArrivedNowhere},
		{`error="dial tcp 10.0.0.1:443: i/o timeout"`, facts.ArrivedNowhere},
		{`error.type=UnknownHostException status=error`, facts.ArrivedNowhere},
		{`error="fetch failed"`, facts.ArrivedNowhere},
		{`error="connect ECONNREFUSED"`, facts.ArrivedNowhere},
		{`response_flags=UF http.status_code=503`, facts.ArrivedNowhere},
		{`response_flags=FI http.status_code=500`, facts.ArrivedNowhere},
	} {
		set := tracetest.Set(t, `web GET 0ms +9ms kind=client http.request.method=GET url.full="http://pay/x" `+tt.span+"\n")
		f := factstest.Of(set)[0]
		if got := facts.ArrivalOf(f, 0, &facts.Canonical{}); got != tt.want {
			t.Errorf("%s: arrival %d, want %d", tt.span, got, tt.want)
		}
	}
}
