package failure

import (
	"strings"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/semconv"
)

// BreakerOpen reports whether call i met an open circuit breaker: its failure says so, or the breaker's state is recorded.
func BreakerOpen(f *facts.Facts, i int) bool {
	if f.Failure(i) == semconv.ErrorBreakerOpen {
		return true
	}
	if !f.Ops.Breakers() {
		return false
	}
	var c semconv.Canonical
	f.Canonical(i, &c)
	return strings.EqualFold(c.Text(semconv.BreakerState), "open")
}
