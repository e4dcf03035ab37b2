package facts

// Arrival is how far a call got, as far as its own span tells.
type Arrival uint8

// The arrivals.
const (
	ArrivedNowhere   Arrival = iota // it failed before anybody had it: no address, no connection, an open breaker
	ArrivedSomewhere                // a proxy may have answered in the service's stead, or nobody did in time
	ArrivedAtService                // it ended well, or with what only the service says
)

// ArrivalOf tells how far the call of span i got.
func ArrivalOf(f *Facts, i int, c *Canonical) Arrival {
	if f.Outcome(i) <= OutcomeHandled {
		return ArrivedAtService
	}
	f.Canonical(i, c)
	status, answered := c.Int(HTTPStatus)
	code := RPCCode(c)
	switch f.Failure(i) {
	case ErrorRefused, ErrorReset, ErrorBreakerOpen, ErrorPool, ErrorCancelled, ErrorInjected, ErrorRetries:
		return ArrivedNowhere
	case ErrorTimeout:
		if NeverSent(f, i) {
			return ArrivedNowhere
		}
		return ArrivedSomewhere
	case ErrorOverload, ErrorAuth:
		return ArrivedSomewhere
	case ErrorNone, ErrorConflict, ErrorClient, ErrorOther:
	}
	switch {
	case !answered && code == "":
		return ArrivedNowhere // there was no answer, and no wait for one ran out
	case status == 502:
		return ArrivedSomewhere
	}
	return ArrivedAtService
}
