package capacity

import (
	"cmp"
	"fmt"
	"time"

	"tracefall/diagnose/failure"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/stats"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// measure fills in the numbers of waits: times as the spans have them, bounded as evidence is.
func (w *waits) measure(f *rule.Finding) {
	f.Numbers.Count = len(w.places)
	f.Evidence = rule.EvidenceOf(rule.RoleOffender, w.places...)
	for _, at := range w.places[:min(len(w.places), rule.MostEvidence)] {
		f.Numbers.Sum += at.Duration(at.Span)
		f.Numbers.Critical += at.CriticalTime(at.Span)
	}
	f.Numbers.Avoidable = f.Numbers.Critical
	f.Service = w.service
	f.At(w.anchor)
}

func (w *waits) median() int64 {
	lasted := make([]float64, len(w.places))
	for n, at := range w.places {
		lasted[n] = float64(at.Duration(at.Span))
	}
	return int64(stats.Median(lasted))
}

// endsIn tells how the traces of the places ended: the weight of an error that ended most of them, or did not.
func endsIn(places []rule.Place) float64 {
	n := 0
	for _, at := range places {
		if at.Failed(at.Trace.Root().Index()) {
			n++
		}
	}
	if 2*n >= len(places) {
		return rule.WeightExplains
	}
	return rule.WeightRecovered
}

func (e *exhausted) reportWaits(w *waits) {
	next := make([]float64, len(w.before))
	for n, at := range w.before {
		next[n] = float64(at.Duration(at.Span))
	}
	then := rule.Quoted(w.before[0].Op(w.before[0].Span).Label())
	for _, at := range w.before {
		if at.OpNumber(at.Span) != w.before[0].OpNumber(w.before[0].Span) {
			then = "the calls that followed"
			break
		}
	}
	f := rule.Finding{
		Kind: "waited for " + rule.Quoted(w.what),
		Message: fmt.Sprintf("%s of %s took %s%s before %s, which took %s: %s of %s waited.", rule.Quoted(w.what), w.service, units.Lasted(w.median()), rule.InMedian(len(w.places)),
			then, units.Lasted(int64(stats.Median(next))), trace.Grouped(len(w.places)), rule.Calls(w.asked, "call")),
		Checks: []rule.Check{
			{Name: "the call that followed took a tenth of the wait or less", Passed: 10*stats.Median(next) <= float64(w.median())},
			{Name: "the span is named after a pool or a lock", Passed: poolName.MatchString(w.what) || rule.LockName.MatchString(w.what)},
			{Name: "several waited", Passed: len(w.places) > 1},
			{Name: "a second or more", Passed: w.median() >= int64(time.Second)},
		},
		Confidence: 0.4,
	}
	f.Gain(0.2, 0.15, 0.1, 0.1)
	w.measure(&f)
	f.Evidence = append(f.Evidence, rule.EvidenceOf(rule.RoleBaseline, w.before...)...)
	e.p.Report("wait "+w.service+" "+w.what, f)
}

func (e *exhausted) reportMessages(w *waits) {
	first := w.places[0]
	f := rule.Finding{
		Kind: "a pool was exhausted",
		Message: fmt.Sprintf("%s of %s failed because nothing was free: %q.", rule.Calls(len(w.places), "call"), w.service,
			cmp.Or(failure.Message(first.Facts, first.Span), failure.Reason(first.Facts, first.Span))),
		Checks: []rule.Check{
			{Name: "the error says so", Passed: true},
			{Name: "several calls", Passed: len(w.places) > 1},
		},
		Confidence:  0.85,
		ErrorWeight: endsIn(w.places),
	}
	if len(w.places) > 1 {
		f.Confidence = 0.95
	}
	if w.what != "" {
		f.Kind, f.Confidence = "something was exhausted", 0.4
		f.Limits = []string{w.what + " may also mean a quota or a rate limit"}
	}
	w.measure(&f)
	e.p.Report("message "+w.service+w.what, f)
}

func (e *exhausted) reportLocks(w *waits) {
	first := w.places[0]
	usual := e.p.Baseline.Op(first.OpNumber(first.Span))
	f := rule.Finding{
		Kind: "waited for a lock",
		Message: fmt.Sprintf("%s of %s took %s%s where it usually takes %s: %s of %s.", rule.Quoted(w.what), w.service,
			units.Lasted(w.median()), rule.InMedian(len(w.places)), units.Lasted(usual.P50), trace.Grouped(len(w.places)), rule.Calls(w.asked, "call")),
		Checks: []rule.Check{
			{Name: "several waited", Passed: len(w.places) > 1},
			{Name: "a second or more", Passed: w.median() >= 1_000_000_000},
		},
		Confidence: 0.5,
	}
	f.Gain(0.15, 0.15)
	w.measure(&f)
	f.Numbers.Avoidable = max(f.Numbers.Critical-int64(len(w.places))*usual.P50, 0)
	e.nameHolder(&f, w)
	e.p.Report("lock "+w.service+" "+w.what, f)
}
