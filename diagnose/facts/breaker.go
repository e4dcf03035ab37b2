package facts

import "strings"

// BreakerOpen reports whether call i met an open circuit breaker: its failure says so, or the breaker's state is recorded.
func BreakerOpen(f *Facts, i int) bool {
	if f.Failure(i) == ErrorBreakerOpen {
		return true
	}
	if !f.Ops.Breakers() {
		return false
	}
	var c Canonical
	f.Canonical(i, &c)
	return strings.EqualFold(c.Text(BreakerState), "open")
}
