package failure

import (
	"tracefall/diagnose/facts"
	"tracefall/diagnose/semconv"
)

// Arrival is how far a call got, as far as its own span tells.
type Arrival uint8

// The arrivals.
const (
	ArrivedNowhere   Arrival = iota // it failed before anybody had it: no address, no connection, an open breaker
	ArrivedSomewhere                // a proxy may have answered in the service's stead, or nobody did in time
	ArrivedAtService                // it ended well, or with what only the service says
)

// ArrivalOf tells how far the call of span i got.
func ArrivalOf(f *facts.Facts, i int, c *semconv.Canonical) Arrival {
	if f.Outcome(i) <= semconv.OutcomeHandled {
		return ArrivedAtService
	}
	f.Canonical(i, c)
	status, answered := c.Int(semconv.HTTPStatus)
	code := semconv.RPCCode(c)
	switch f.Failure(i) {
	case semconv.ErrorRefused, semconv.ErrorReset, semconv.ErrorBreakerOpen, semconv.ErrorPool, semconv.ErrorCancelled, semconv.ErrorInjected, semconv.ErrorRetries:
		return ArrivedNowhere
	case semconv.ErrorTimeout:
		if NeverSent(f, i) {
			return ArrivedNowhere
		}
		return ArrivedSomewhere
	case semconv.ErrorOverload, semconv.ErrorAuth:
		return ArrivedSomewhere
	case semconv.ErrorNone, semconv.ErrorConflict, semconv.ErrorClient, semconv.ErrorOther:
	}
	switch {
	case !answered && code == "":
		return ArrivedNowhere // there was no answer, and no wait for one ran out
	case status == 502:
		return ArrivedSomewhere
	}
	return ArrivedAtService
}
