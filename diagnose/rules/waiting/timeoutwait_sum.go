package waiting

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"tracefall/diagnose/failure"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// reportSum reports waits for different things of which none is long enough alone: limits add up.
//
//	request  |--------------------------------|
//	rates     |-----✗|
//	stock             |-----✗|
//	prices                    |-----✗|
func (w *waiting) reportSum(origins []int, operations int, spread *failure.Spread) {
	p := w.p
	slices.Sort(origins)
	longest := slices.MaxFunc(origins, func(a, b int) int { return cmp.Compare(p.CriticalTime(a), p.CriticalTime(b)) })
	critical, recorded, usual := p.CriticalOf(origins), 0, int64(0)
	for _, i := range origins {
		if p.Failure(i) == semconv.ErrorTimeout {
			recorded++
		}
		usual += min(w.usual(i), p.CriticalTime(i))
	}
	names := rule.Distinct(origins, func(i int) string { return p.Callee(i) })
	f := rule.Finding{
		Kind: "timeout", Times: len(origins), Took: critical,
		Message: fmt.Sprintf("%s of %s timed out; together they took %s of the %s critical path: %s.",
			rule.Calls(len(origins), "call"), rule.Calls(operations, "operation"), units.Lasted(critical), units.Lasted(p.PathLength()), rule.Listed(names)),
		Anchor:      p.Covering(origins),
		Evidence:    p.Spans(rule.RoleOffender, origins...),
		Numbers:     p.Measure(origins, rule.Number{Name: "operations", Value: float64(operations)}),
		ErrorWeight: p.ErrorWeight(spread, longest), Confidence: 0.9,
		Checks: []rule.Check{{Name: "errors recorded as timeouts", Passed: recorded == len(origins)}},
	}
	f.Numbers.Avoidable = critical - usual
	if recorded < len(origins) {
		f.Confidence, f.Cap = 0.6, new(rule.Medium)
		f.Message += fmt.Sprintf(" Not recorded as timeouts: %s of %s, whose durations match common timeout values.", trace.Grouped(len(origins)-recorded), trace.Grouped(len(origins)))
	}
	w.unreached(&f)
	p.Report("sum", f)
}

// unreached adds what the trace did not get to, where the other traces of the file show what it should have.
func (w *waiting) unreached(f *rule.Finding) {
	p := w.p
	if !p.Failed(p.Facts.Trace.First()) {
		return
	}
	names, of := p.Reach.Missing(p.Facts)
	if len(names) == 0 {
		return
	}
	f.Message += fmt.Sprintf(" Not reached: %s (reached in %s of %s).", rule.Listed(names), rule.Calls(of, "successful trace"),
		p.Quoted(p.Facts.Trace.First()))
	f.Numbers.More = append(f.Numbers.More, rule.Number{Name: "not_reached", Value: float64(len(names))})
}

// usual returns what calls of the operation took in the file that did not fail, the median; 1 s where there are none.
func (w *waiting) usual(i int) int64 {
	if usual := w.p.Baseline.Op(w.p.OpNumber(i)); usual.Calls > 0 {
		return usual.P50
	}
	return int64(time.Second)
}
