package baseline

import (
	"tracefall/diagnose/facts"
	"tracefall/diagnose/patterns"
)

// RetryRates says, for a set of traces, how often the calls of each operation were made again. It does not change
// once made.
type RetryRates struct {
	ops []*RetryRate // by number of the operation, nil where nothing was tried again
}

// RetryRate counts the calls of one operation over the traces that hold any.
type RetryRate struct {
	Traces, Calls           int // traces with the call, and how many calls they made
	RetriedTraces, Attempts int // of them the traces that tried it again, and the calls of these
	last                    int // the last trace that counted, plus one
}

// NewRetryRates counts the attempts of a set. Chains shorter than least count where the export marks them.
func NewRetryRates(all []*facts.Facts, least int) *RetryRates {
	r := &RetryRates{}
	retried := make([]map[int32]bool, len(all)) // by trace, the operations that were tried again
	for n, f := range all {
		for _, c := range patterns.Chains(f) {
			if !c.Marked && len(c.Spans) < least {
				continue
			}
			if r.ops == nil {
				r.ops = make([]*RetryRate, f.Ops.Len())
			}
			if retried[n] == nil {
				retried[n] = map[int32]bool{}
			}
			op := f.OpNumber(patterns.Call(f, c.Spans[0]))
			retried[n][op] = true
			if r.ops[op] == nil {
				r.ops[op] = &RetryRate{}
			}
		}
	}
	if r.ops == nil {
		return r
	}
	for n, f := range all {
		for i := f.Trace.First(); i < f.Trace.Len(); i++ {
			op := f.OpNumber(i)
			if rate := r.ops[op]; rate != nil {
				rate.count(n, retried[n][op])
			}
		}
	}
	return r
}

// count adds a call of trace n.
func (r *RetryRate) count(n int, retried bool) {
	first := r.last != n+1
	r.last = n + 1
	r.Calls++
	if first {
		r.Traces++
	}
	if retried {
		r.Attempts++
		if first {
			r.RetriedTraces++
		}
	}
}

// Op returns how often calls of an operation were made again; all zero where they never were.
func (r *RetryRates) Op(n int32) RetryRate {
	if int(n) >= len(r.ops) || r.ops[n] == nil {
		return RetryRate{}
	}
	return *r.ops[n]
}

// PerTrace returns how many calls the traces made that tried again, on average, and how many those that did not; 1 is
// assumed where there are none of these.
func (r RetryRate) PerTrace() (retried, otherwise float64) {
	otherwise = 1
	if others := r.Traces - r.RetriedTraces; others > 0 {
		otherwise = float64(r.Calls-r.Attempts) / float64(others)
	}
	if r.RetriedTraces > 0 {
		retried = float64(r.Attempts) / float64(r.RetriedTraces)
	}
	return retried, otherwise
}

// Amplification returns by how much attempts multiplied the calls of the whole set: calls a trace against what traces
// make that do not try again.
func (r RetryRate) Amplification() float64 {
	_, otherwise := r.PerTrace()
	if r.Traces == 0 || otherwise == 0 {
		return 1
	}
	return float64(r.Calls) / float64(r.Traces) / otherwise
}
