package servicemap

import "slices"

// Unit is what calls are counted by.
type Unit uint8

// The units.
const (
	Each      Unit = iota // of one trace: the calls as they are
	PerTrace              // calls for each trace
	PerSecond             // calls in each second
)

// String returns the unit as screens and JSON spell it.
func (u Unit) String() string { return [...]string{"calls", "calls/trace", "calls/s"}[u] }

// Rate is how often calls were made: so many for so much.
type Rate struct {
	Unit Unit
	Over float64 // traces or seconds that calls are divided by; 1 for Each
}

// Of returns the rate of calls.
func (r Rate) Of(calls int) float64 { return float64(calls) / r.Over }

// What calls per second need: less is an export that was picked by hand, of which the time between traces says nothing.
const (
	rateTraces  = 100
	rateSeconds = 30
	// The longest time without a trace may be this part of the whole, in percent.
	rateGap = 20
)

// Rates returns how the calls of graphs are counted: all in the same unit, so that they can be compared.
//
//	one trace                                          calls
//	traces that follow each other without large gaps   calls/s
//	anything else, such as traces that were picked     calls/trace
func Rates(graphs ...*Graph) []Rate {
	unit := Each
	for _, g := range graphs {
		if g.Traces > 1 {
			unit = PerSecond
		}
	}
	for _, g := range graphs {
		if unit == PerSecond && !g.continuous() {
			unit = PerTrace
		}
	}
	rates := make([]Rate, len(graphs))
	for i, g := range graphs {
		rates[i] = Rate{Unit: unit, Over: 1}
		switch unit {
		case PerTrace:
			rates[i].Over = float64(max(g.Traces, 1))
		case PerSecond:
			rates[i].Over = float64(g.extent()) / 1e9
		case Each:
		}
	}
	return rates
}

// extent is the time from the first start of a trace to the last end of one, in ns.
func (g *Graph) extent() int64 {
	if len(g.starts) == 0 {
		return 0
	}
	return max(g.end-slices.Min(g.starts), 0) // beyond 292 years there is no rate
}

// continuous reports whether traces lie close enough in time for calls per second.
func (g *Graph) continuous() bool {
	whole := g.extent()
	if g.Traces < rateTraces || whole < rateSeconds*1e9 {
		return false
	}
	starts := slices.Sorted(slices.Values(g.starts))
	for i := 1; i < len(starts); i++ {
		if starts[i]-starts[i-1] > whole/100*rateGap {
			return false
		}
	}
	return true
}
