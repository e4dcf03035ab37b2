package facts

import (
	"testing"

	"tracefall/sources/tracetest"
)

func TestOutcome(t *testing.T) {
	for _, tt := range []struct {
		span    string
		outcome Outcome
		failure string
	}{
		{`kind=server response_flags=DI http.status_code=200`, OutcomeOK, ""},
		{`kind=server response_flags=DI http.status_code=503`, OutcomeHard, "fault-injection"},
		{`kind=server response_flags=FI http.status_code=200`, OutcomeHard, "fault-injection"},
		{`kind=client response_flags="UF,URX" http.status_code=503`, OutcomeHard, "retries-exhausted"},
		{`kind=client response_flags=UO http.status_code=503`, OutcomeHard, "breaker-open"},
		{`kind=client response_flags=UT http.status_code=504`, OutcomeHard, "timeout"},
		{`kind=client response_flags=UH http.status_code=503`, OutcomeHard, "unavailable"},
		{`kind=client response_flags=UMSDR`, OutcomeHard, "timeout"},
		{`kind=client response_flags=UPE http.status_code=502`, OutcomeHard, "reset"},
		{`kind=client response_flags=NC http.status_code=503`, OutcomeHard, "unavailable"},
		{`kind=client response_flags=- http.status_code=200`, OutcomeOK, ""},
		{`kind=client http.status_code=404 status=error`, OutcomeSoft, "client"},
		{`kind=client http.status_code=404 error="no such page"`, OutcomeHard, "client"},
		{`kind=client http.status_code=400 status=error`, OutcomeHard, "client"},
		{`kind=server http.status_code=404`, OutcomeSoft, "client"},
		{`kind=server rpc.system=grpc rpc.grpc.status_code=5`, OutcomeSoft, "client"},
		{`kind=client rpc.system=grpc rpc.grpc.status_code=5`, OutcomeHard, "client"},
		{`kind=server rpc.system=grpc rpc.grpc.status_code=4`, OutcomeHard, "timeout"},
		{`kind=server rpc.system=grpc rpc.grpc.status_code=1`, OutcomeSoft, "cancelled"},
	} {
		set := tracetest.Set(t, "web GET 0ms +9ms "+tt.span+"\n")
		f := New(set.Trace(0), NewOps(set))
		if f.Outcome(0) != tt.outcome || f.Failure(0).String() != tt.failure {
			t.Errorf("%s: outcome %d, failure %q; want %d, %q", tt.span, f.Outcome(0), f.Failure(0), tt.outcome, tt.failure)
		}
	}
}

// TestPoolTexts: what pools of many sorts say when nothing is free, and what only sounds like it.
func TestPoolTexts(t *testing.T) {
	for text, want := range map[string]ErrorClass{
		"HikariPool-1 - Connection is not available, request timed out after 30000ms.":                                    ErrorPool,
		"QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00":                              ErrorPool,
		"Knex: Timeout acquiring a connection. The pool is probably full. Are you missing a .transacting(trx) call?":      ErrorPool,
		"Timed out while checking out a connection from connection pool. Details: maxPoolSize: 10":                        ErrorPool,
		"Timed out fetching a new connection from the connection pool. More info: http://pris.ly/d/connection-pool":       ErrorPool,
		"Timeout expired. The timeout period elapsed prior to obtaining a connection from the pool.":                      ErrorPool,
		"Could not get a resource from the pool":                                                                          ErrorPool,
		"redis: connection pool timeout":                                                                                  ErrorPool,
		"[http-nio-8080-exec-7] Timeout: Pool empty. Unable to fetch a connection in 30 seconds, none available":          ErrorPool,
		"reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException: Pool#acquire(Duration) has been pending": ErrorPool,
		"FATAL: sorry, too many clients already":                                                                          ErrorPool,
		"remaining connection slots are reserved for non-replication superuser connections":                               ErrorPool,
		"query_wait_timeout":                               ErrorPool,
		"Bulkhead 'pricing' is full":                       ErrorPool,
		"connect ETIMEDOUT 10.0.0.7:5432":                  ErrorTimeout,
		"connection reset by peer":                         ErrorReset,
		"read tcp 10.0.0.1:1234->10.0.0.2:80: i/o timeout": ErrorTimeout,
		"the swimming pool was closed for the season":      ErrorOther,
	} {
		if got := textClass(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestProxiesWords(t *testing.T) {
	f := allFacts(tracetest.Set(t, `
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
	for i, want := range []ErrorClass{ErrorCancelled, ErrorTimeout, ErrorTimeout, ErrorOther, ErrorTimeout, ErrorTimeout, ErrorCancelled, ErrorTimeout, ErrorCancelled} {
		if got := f.Failure(f.Trace.First() + i); got != want {
			t.Errorf("%s: %s, want %s", f.Trace.Span(f.Trace.First()+i).Name(), got, want)
		}
	}
}
