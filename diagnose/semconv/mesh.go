package semconv

import (
	"cmp"
	"strings"
	"tracefall/diagnose/lex"
)

// meshFlags are Envoy's response flags that mean failure, by what they mean: Kiali's list and Envoy's own.
var meshFlags = map[string]ErrorClass{
	"UH": ErrorRefused, "UF": ErrorRefused, "NR": ErrorRefused, "NC": ErrorRefused, "LH": ErrorRefused,
	"UC": ErrorReset, "UR": ErrorReset, "LR": ErrorReset, "UPE": ErrorReset,
	"UT": ErrorTimeout, "SI": ErrorTimeout, "DT": ErrorTimeout, "UMSDR": ErrorTimeout,
	"UO": ErrorBreakerOpen, "URX": ErrorRetries, "RL": ErrorOverload, "OM": ErrorOverload,
	"DC": ErrorCancelled, "FI": ErrorInjected, DelayInjected: ErrorInjected, "UAEX": ErrorAuth,
}

// longFlags are the long names that newer versions of Envoy write for them.
var longFlags = map[string]string{
	"NoHealthyUpstream": "UH", "UpstreamConnectionFailure": "UF", "NoRouteFound": "NR", "NoClusterFound": "NC", "FailedLocalHealthCheck": "LH",
	"UpstreamConnectionTermination": "UC", "UpstreamRemoteReset": "UR", "LocalReset": "LR", "UpstreamProtocolError": "UPE",
	"UpstreamRequestTimeout": "UT", "StreamIdleTimeout": "SI", "DurationTimeout": "DT", "UpstreamMaxStreamDurationReached": "UMSDR",
	"UpstreamOverflow": "UO", "UpstreamRetryLimitExceeded": "URX", "RateLimited": "RL", "OverloadManagerTerminated": "OM",
	"DownstreamConnectionTermination": "DC", "FaultInjected": "FI", "DelayInjected": DelayInjected, "UnauthorizedExternalService": "UAEX",
}

// DelayInjected is the flag of a response that was delayed on purpose, and may be a good one.
const DelayInjected = "DI"

// meshClass returns what the flags say of a failure. That retries ran out, or that a fault was injected, says more
// than how the last attempt ended.
func meshClass(c *Canonical) ErrorClass {
	first := ErrorNone
	for flag := range meshFlagsOf(c) {
		class, ok := meshFlags[flag]
		if class == ErrorRetries || class == ErrorInjected {
			return class
		}
		if ok && first == ErrorNone {
			first = class
		}
	}
	return first
}

// meshFailed reports whether the flags say that the call failed.
func meshFailed(c *Canonical) bool {
	for flag := range meshFlagsOf(c) {
		if _, ok := meshFlags[flag]; ok && flag != DelayInjected {
			return true
		}
	}
	return false
}

// meshFlagsOf yields the flags of a response in their short form.
func meshFlagsOf(c *Canonical) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		if !c.Has(MeshFlags) {
			return
		}
		for flag := range strings.SplitSeq(c.Text(MeshFlags), ",") {
			flag = strings.TrimSpace(flag)
			if !yield(cmp.Or(longFlags[flag], flag)) {
				return
			}
		}
	}
}

// proxyClass returns what a proxy's own words for the end of a request say: Envoy's details (response_timeout,
// upstream_per_try_timeout), HAProxy's state of termination, whose first letter is "s" or "c" where the timer of the
// server's or the client's side ran out, and Envoy's mark of a call that was not waited for any longer.
func proxyClass(c *Canonical) ErrorClass {
	details, state := c.Text(MeshDetails), c.Text(Termination)
	switch {
	case strings.Contains(details, "timeout") || strings.Contains(details, "max_stream_duration"):
		return ErrorTimeout
	case strings.HasPrefix(details, "downstream_") && strings.Contains(details, "disconnect"):
		return ErrorCancelled
	case len(state) >= 2 && (state[0] == 's' || state[0] == 'c') && lex.Upper(state[1]):
		return ErrorTimeout
	case c.Text(Canceled) == "true":
		return ErrorCancelled
	}
	return ErrorNone
}
