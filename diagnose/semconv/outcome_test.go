package semconv_test

import (
	"testing"

	"tracefall/diagnose/factstest"
	"tracefall/diagnose/semconv"
	"tracefall/sources/tracetest"
)

func TestOutcome(t *testing.T) {
	for _, tt := range []struct {
		span    string
		outcome semconv.Outcome
		failure string
	}{
		{`kind=server response_flags=DI http.status_code=200`, semconv.OutcomeOK, ""},
		{`kind=server response_flags=DI http.status_code=503`, semconv.OutcomeHard, "fault injected"},
		{`kind=server response_flags=FI http.status_code=200`, semconv.OutcomeHard, "fault injected"},
		{`kind=client response_flags="UF,URX" http.status_code=503`, semconv.OutcomeHard, "retries exhausted"},
		{`kind=client response_flags=UO http.status_code=503`, semconv.OutcomeHard, "circuit breaker open"},
		{`kind=client response_flags=UT http.status_code=504`, semconv.OutcomeHard, "timeout"},
		{`kind=client response_flags=UH http.status_code=503`, semconv.OutcomeHard, "unavailable"},
		{`kind=client response_flags=UMSDR`, semconv.OutcomeHard, "timeout"},
		{`kind=client response_flags=UPE http.status_code=502`, semconv.OutcomeHard, "reset"},
		{`kind=client response_flags=NC http.status_code=503`, semconv.OutcomeHard, "unavailable"},
		{`kind=client response_flags=- http.status_code=200`, semconv.OutcomeOK, ""},
		{`kind=client http.status_code=404 status=error`, semconv.OutcomeSoft, "client"},
		{`kind=client http.status_code=404 error="no such page"`, semconv.OutcomeHard, "client"},
		{`kind=client http.status_code=400 status=error`, semconv.OutcomeHard, "client"},
		{`kind=server http.status_code=404`, semconv.OutcomeSoft, "client"},
		{`kind=server rpc.system=grpc rpc.grpc.status_code=5`, semconv.OutcomeSoft, "client"},
		{`kind=client rpc.system=grpc rpc.grpc.status_code=5`, semconv.OutcomeHard, "client"},
		{`kind=server rpc.system=grpc rpc.grpc.status_code=4`, semconv.OutcomeHard, "timeout"},
		{`kind=server rpc.system=grpc rpc.grpc.status_code=1`, semconv.OutcomeSoft, "cancelled"},
	} {
		set := tracetest.Set(t, "web GET 0ms +9ms "+tt.span+"\n")
		f := factstest.Of(set)[0]
		if f.Outcome(0) != tt.outcome || f.Failure(0).String() != tt.failure {
			t.Errorf("%s: outcome %d, failure %q; want %d, %q", tt.span, f.Outcome(0), f.Failure(0), tt.outcome, tt.failure)
		}
	}
}

func TestProxiesWords(t *testing.T) {
	f := factstest.Of(tracetest.Set(t, `
p a 0ms +90ms kind=client error=true canceled=true
p b 0ms +90ms kind=client error=true response_code_details=stream_idle_timeout
p c 0ms +90ms kind=client error=true haproxy.termination_state=sH--
p d 0ms +90ms kind=client error=true haproxy.termination_state=SC--
p e 0ms +90ms kind=client response_flags=UpstreamRequestTimeout
p f 0ms +90ms kind=client http.status_code=524
p g 0ms +90ms kind=client http.status_code=460
p h 0ms +90ms kind=client error="The upstream server is timing out"
p i 0ms +90ms kind=client error="stream terminated by RST_STREAM with error code: CANCEL"
`))[0]
	for i, want := range []semconv.ErrorClass{semconv.ErrorCancelled, semconv.ErrorTimeout, semconv.ErrorTimeout, semconv.ErrorOther, semconv.ErrorTimeout, semconv.ErrorTimeout, semconv.ErrorCancelled, semconv.ErrorTimeout, semconv.ErrorCancelled} {
		if got := f.Failure(f.Trace.First() + i); got != want {
			t.Errorf("%s: %s, want %s", f.Trace.Span(f.Trace.First()+i).Name(), got, want)
		}
	}
}
