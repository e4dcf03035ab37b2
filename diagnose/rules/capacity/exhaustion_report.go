package capacity

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"tracefall/diagnose/failure"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

func (e *exhausted) reportWaits(w *waits) {
	next, first := medianOf(w.before), w.before[0]
	then := rule.Quoted(first.Op(first.Span).Label())
	if slices.ContainsFunc(w.before, func(at rule.Place) bool { return at.OpNumber(at.Span) != first.OpNumber(first.Span) }) {
		then = "the following calls"
	}
	f := rule.Finding{
		Kind:  w.title(),
		Where: w.service,
		Message: fmt.Sprintf("%s waited %s%s for %s before %s (%s); %s of %s waited.", rule.Named(w.service), rule.MedianOf(len(w.places)), units.Lasted(w.median()), rule.Quoted(w.what),
			then, units.Lasted(int64(next)), trace.Grouped(len(w.places)), rule.Calls(w.asked, "call")),
		Checks: []rule.Check{
			{Name: "following call took ≤ 10 % of the wait", Passed: 10*next <= float64(w.median())},
			{Name: "span name is a pool or lock operation", Passed: poolName.MatchString(w.what) || rule.LockName.MatchString(w.what)},
			{Name: "more than one call waited", Passed: len(w.places) > 1},
			{Name: "median wait ≥ 1 s", Passed: w.median() >= int64(time.Second)},
		},
		Confidence: 0.4,
	}
	f.Gain(0.2, 0.15, 0.1, 0.1)
	w.measure(&f)
	f.Evidence = append(f.Evidence, rule.EvidenceOf(rule.RoleBaseline, w.before...)...)
	e.p.Report(w.anchor, "wait "+w.service+" "+w.what, f)
}

func (e *exhausted) reportMessages(w *waits) {
	first := w.places[0]
	f := rule.Finding{
		Kind: "connection pool exhausted",
		Message: fmt.Sprintf("%s of %s failed because the pool was exhausted: %q.", rule.Calls(len(w.places), "call"), rule.Named(w.service),
			cmp.Or(failure.Message(first.Facts, first.Span), failure.Reason(first.Facts, first.Span))),
		Checks: []rule.Check{
			{Name: "reported by the error or a proxy's response flag", Passed: true},
			{Name: "more than one call", Passed: len(w.places) > 1},
		},
		Confidence:  0.85,
		ErrorWeight: endsIn(w.places),
	}
	f.Gain(0, 0.1)
	if w.what != "" {
		f.Kind, f.Confidence = "resource exhaustion", 0.4
		f.Message = fmt.Sprintf("%s of %s failed with %s: %q.", rule.Calls(len(w.places), "call"), rule.Named(w.service), w.what,
			cmp.Or(failure.Message(first.Facts, first.Span), failure.Reason(first.Facts, first.Span)))
		f.Limits = []string{w.what + " may also mean a quota or a rate limit"}
	}
	w.measure(&f)
	e.p.Report(w.anchor, "message "+w.service+w.what, f)
}

func (e *exhausted) reportLocks(w *waits) {
	first := w.places[0]
	usual := e.p.Baseline.Op(first.OpNumber(first.Span))
	f := rule.Finding{
		Kind: "lock wait",
		Message: fmt.Sprintf("%s of %s took %s%s against a p50 of %s in the file; %s of %s waited.", rule.Quoted(w.what), rule.Named(w.service),
			rule.MedianOf(len(w.places)), units.Lasted(w.median()), units.Lasted(usual.P50), trace.Grouped(len(w.places)), rule.Calls(w.asked, "call")),
		Checks: []rule.Check{
			{Name: "more than one call waited", Passed: len(w.places) > 1},
			{Name: "median wait ≥ 1 s", Passed: w.median() >= int64(time.Second)},
		},
		Confidence: 0.5,
	}
	f.Gain(0.15, 0.15)
	w.measure(&f)
	f.Numbers.Avoidable = max(f.Numbers.Critical-int64(len(w.places))*usual.P50, 0)
	e.nameHolder(&f, w)
	e.p.Report(w.anchor, "lock "+w.service+" "+w.what, f)
}
