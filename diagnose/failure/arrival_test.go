package failure_test

import (
	"testing"

	"tracefall/diagnose/factstest"
	"tracefall/diagnose/failure"
	"tracefall/diagnose/semconv"
	"tracefall/sources/tracetest"
)

func TestArrival(t *testing.T) {
	for _, tt := range []struct {
		span string
		want failure.Arrival
	}{
		{`http.response.status_code=200`, failure.ArrivedAtService},
		{``, failure.ArrivedAtService},
		{`http.response.status_code=404`, failure.ArrivedAtService},
		{`http.response.status_code=500 status=error`, failure.ArrivedAtService},
		{`rpc.system=grpc rpc.grpc.status_code=13`, failure.ArrivedAtService},
		{`http.response.status_code=502 status=error`, failure.ArrivedSomewhere},
		{`http.response.status_code=429`, failure.ArrivedSomewhere},
		{`http.response.status_code=403`, failure.ArrivedSomewhere},
		{`http.response.status_code=504 status=error`, failure.ArrivedSomewhere},
		{`error="read timed out"`, failure.ArrivedSomewhere},
		{`rpc.system=grpc rpc.grpc.status_code=4`, failure.ArrivedSomewhere},
		{`error="connect timed out"`, failure.ArrivedNowhere},
		{`error="connect ETIMEDOUT 10.0.0.1:443"`, failure.ArrivedNowhere},
		{`error="dial tcp 10.0.0.1:443: i/o timeout"`, failure.ArrivedNowhere},
		{`error.type=UnknownHostException status=error`, failure.ArrivedNowhere},
		{`error="fetch failed"`, failure.ArrivedNowhere},
		{`error="connect ECONNREFUSED"`, failure.ArrivedNowhere},
		{`response_flags=UF http.status_code=503`, failure.ArrivedNowhere},
		{`response_flags=FI http.status_code=500`, failure.ArrivedNowhere},
	} {
		set := tracetest.Set(t, `web GET 0ms +9ms kind=client http.request.method=GET url.full="http://pay/x" `+tt.span+"\n")
		f := factstest.Of(set)[0]
		if got := failure.ArrivalOf(f, 0, &semconv.Canonical{}); got != tt.want {
			t.Errorf("%s: arrival %d, want %d", tt.span, got, tt.want)
		}
	}
}
