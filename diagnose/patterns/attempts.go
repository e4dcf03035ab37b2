package patterns

import (
	"slices"
	"time"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// Chain is a run of attempts at one thing: siblings of one operation and with the same visible values, each begun
// after the one before it had failed.
//
//	parent    |-----------------------------------|
//	attempt 1   |--✗|
//	attempt 2           |--✗|
//	attempt 3                     |-----|            the last one failed or did not
type Chain struct {
	Parent  int
	Spans   []int // the attempts, in order of their start; two or more
	Visible bool  // the values that they were called with are visible, and equal
	Marked  bool  // the export itself says that they are attempts: numbers, names or events
	Beside  int   // further calls of the operation beside them, where their values are not visible: it may be a loop
}

// Last returns the last attempt.
func (c *Chain) Last() int { return c.Spans[len(c.Spans)-1] }

// mostWrapped is how many spans with a single child may lie around an attempt's call.
const mostWrapped = 4

// Chains finds the attempts of the trace, in order of their parents. A chain may lie within an attempt of another.
func Chains(f *facts.Facts) []Chain {
	t := f.Trace
	parents := make([]bool, t.Len())
	failed := false
	for i := t.First(); i < t.Len(); i++ {
		if !attemptGaveUp(f, i) {
			continue
		}
		at, p := i, t.Parent(i)
		for range mostWrapped {
			if p < t.First() {
				break
			}
			parents[p], failed = true, true
			if !f.Class(p).Bare() || p+1 != at {
				break
			}
			at, p = p, t.Parent(p)
		}
	}
	if !failed {
		return nil
	}
	var chains []Chain
	for p, failing := range parents {
		if !failing {
			continue
		}
		for _, g := range Groups(f, p) {
			if len(g.Spans) > 1 && f.Kind(g.Spans[0]) != trace.KindConsumer { // deliveries are the broker's
				chains = cutChains(f, chains, p, g.Spans)
			}
		}
	}
	return chains
}

// cutChains appends the chains among siblings of one operation: first apart by their values, then where one ended well.
func cutChains(f *facts.Facts, chains []Chain, parent int, spans []int) []Chain {
	var order []uint64
	byValues := map[uint64][]int{}
	for _, i := range spans {
		h := valuesOf(f, i)
		if byValues[h] == nil {
			order = append(order, h)
		}
		byValues[h] = append(byValues[h], i)
	}
	for _, h := range order {
		list := byValues[h]
		from := 0
		for n := 1; n <= len(list); n++ {
			if n < len(list) && triedAgain(f, list[n-1], list[n]) {
				continue
			}
			if n-from > 1 && !challenged(f, list[from:], n-from) {
				c := Chain{Parent: parent, Spans: list[from:n:n], Visible: h != 0 && !Hides(f, Call(f, list[from]))}
				if !c.Visible {
					c.Beside = len(list) - len(c.Spans)
				}
				c.Marked = markedChain(f, &c)
				chains = append(chains, c)
			}
			from = n
		}
	}
	return chains
}

// valuesOf hashes what attempt i was called with. A wrapper that is named after the attempt stands for its call.
func valuesOf(f *facts.Facts, i int) uint64 {
	for range mostWrapped {
		if !f.Class(i).Bare() || !attemptWord(f.Trace.Span(i).Name()) || f.Leaf(i) {
			break
		}
		i++
	}
	if f.Class(i).Bare() && attemptWord(f.Trace.Span(i).Name()) {
		return 0
	}
	return f.Params(i)
}

// Call returns the call that span i wraps: the only child of a wrapper, of that the only child, a few times; i itself
// where it is no wrapper.
func Call(f *facts.Facts, i int) int {
	call := i
	for range mostWrapped {
		if f.Class(call) != semconv.ClassInternal || f.Leaf(call) || f.Trace.End(call+1) != f.Trace.End(call) {
			break
		}
		call++
	}
	if f.Class(call) == semconv.ClassInternal {
		return i
	}
	return call
}

// CallWithin returns the first span below span i that leaves the process, -1 where there is none among the next
// thousand.
func CallWithin(f *facts.Facts, i int) int {
	const most = 1000
	for k := i + 1; k < min(f.Trace.End(i), i+most); k++ {
		if f.Class(k).Remote() {
			return k
		}
	}
	return -1
}

// attemptGaveUp reports whether a caller may try again after span i: it failed, or was refused for now.
func attemptGaveUp(f *facts.Facts, i int) bool {
	outcome, why := f.Outcome(i), f.Failure(i)
	return outcome == semconv.OutcomeHard || outcome == semconv.OutcomeSoft && (why == semconv.ErrorTimeout || why == semconv.ErrorOverload || why == semconv.ErrorCancelled)
}

// attemptFailed is gaveUp, of a wrapper that does not say itself how its only call ended too.
func attemptFailed(f *facts.Facts, i int) bool {
	for range mostWrapped {
		if attemptGaveUp(f, i) {
			return true
		}
		if !f.Class(i).Bare() || f.Leaf(i) || f.Trace.End(i+1) != f.Trace.End(i) {
			return false
		}
		i++
	}
	return false
}

// triedAgain reports whether b is a further attempt at a: begun when a had failed, not much later, and not the answer to a
// challenge. Both were made by one process: their clocks agree.
func triedAgain(f *facts.Facts, a, b int) bool {
	const (
		grain   = int64(time.Millisecond)
		longest = int64(time.Minute)
		share   = 10 // of the attempt's duration
	)
	if !attemptFailed(f, a) {
		return false
	}
	one, two := f.Trace.Span(a), f.Trace.Span(b)
	gap := two.Start() - one.Finish()
	if gap < -min(grain, one.Duration()/share) || gap > max(longest, saturate(one.Duration(), share)) {
		return false
	}
	return f.Failure(a) != semconv.ErrorAuth || attemptFailed(f, b)
}

// challenged reports whether the first n calls were turned away until one behind them proved who is asking, as the legs
// of NTLM and Negotiate are.
func challenged(f *facts.Facts, calls []int, n int) bool {
	return n < len(calls) && !attemptFailed(f, calls[n]) &&
		!slices.ContainsFunc(calls[:n], func(i int) bool { return f.Failure(i) != semconv.ErrorAuth })
}

func saturate(n, times int64) int64 {
	if n > (1<<63-1)/times {
		return 1<<63 - 1
	}
	return n * times
}

// markedChain reports whether the export says that the spans of a chain are attempts.
func markedChain(f *facts.Facts, c *Chain) bool {
	for n, i := range c.Spans {
		if n > 0 && f.Attempt(i) > 0 || attemptWord(f.Trace.Span(i).Name()) {
			return true
		}
	}
	parent := f.Trace.Span(c.Parent)
	if f.Class(c.Parent).Bare() && !parent.Synthetic() && attemptWord(parent.Name()) {
		return true
	}
	return RetriesOf(f, c.Parent).Events > 0 || RetriesOf(f, c.Spans[0]).Events > 0
}
