package rule

import (
	"cmp"
	"fmt"

	"tracefall/diagnose/failure"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
)

// How much a failure matters by how far it went, 0 to 1: what grade takes for its share.
const (
	WeightExplains  = 1.0 // the root failed because of it
	WeightHandled   = 0.6 // a caller failed because of it, the root did not
	WeightRecovered = 0.3 // no caller failed
	WeightHarmless  = 0.05
)

// ErrorWeight weighs the failure of span i by how far it went.
func (p *Pass) ErrorWeight(spread *failure.Spread, i int) float64 {
	if spread == nil || spread.Highest(i) < 0 {
		return 0
	}
	top := spread.Highest(i)
	switch {
	case p.Facts.Trace.Parent(top) < p.Facts.Trace.First() && !p.Timing.Async(top):
		return WeightExplains
	case top != i:
		return WeightHandled
	}
	return WeightRecovered
}

// Quoted names the operation of span i, cut to what a sentence holds.
func (p *Pass) Quoted(i int) string { return Quoted(p.Op(i).Label()) }

// Callee names what span i calls: the operation, and its peer where the operation does not contain it.
func (p *Pass) Callee(i int) string {
	op := p.Op(i)
	if op.Peer != "" && (op.Class == semconv.ClassHTTP || op.Class == semconv.ClassRPC) {
		return p.Quoted(i) + " at " + op.Peer
	}
	return p.Quoted(i)
}

// Reasons names how the failed ones among the spans failed: "503", or "503 and others".
func (p *Pass) Reasons(spans []int) string {
	first, others := "", false
	for _, i := range spans {
		reason := failure.Reason(p.Facts, i)
		first = cmp.Or(first, reason)
		others = others || reason != "" && reason != first
	}
	if others {
		return first + " and others"
	}
	return first
}

// Raw returns the recorded duration of span i, not clipped to its parent's.
func (p *Pass) Raw(i int) int64 { return p.Facts.Trace.Span(i).Duration() }

// Between writes a range of durations, or one where both are the same.
func Between(low, high int64) string {
	if units.Lasted(low) == units.Lasted(high) {
		return units.Lasted(low)
	}
	return fmt.Sprintf("%s to %s", units.Lasted(low), units.Lasted(high))
}
