package waiting

import (
	"cmp"
	"fmt"
	"slices"

	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// findUnlimited reports calls that lasted long without failing, and calls that never ended: no limit took effect.
func (w *waiting) findUnlimited() {
	p, t := w.p, w.p.Facts.Trace
	var long rule.Lists[int32, int] // by operation
	var open rule.Lists[int, int]   // by parent
	for i := t.First(); i < t.Len(); i++ {
		switch parent := t.Parent(i); {
		case unended(t.Span(i)):
			if p.Kind(i) != trace.KindClient || p.Failure(i) != semconv.ErrorNone || onPurpose.MatchString(p.Op(i).Label()) {
				continue
			}
			if parent >= t.First() && p.Path.Time(parent) >= w.gate {
				open.Add(parent, i)
			}
		case unlimited(p, i):
			long.Add(p.OpNumber(i), i)
		}
	}
	for _, spans := range long.All() {
		if p.CriticalOf(spans) >= w.gate {
			w.reportLong(spans)
		}
	}
	for parent, spans := range open.All() {
		w.reportUnended(parent, spans)
	}
}

// withoutTimeout are the common fixes where nothing ended a wait.
var withoutTimeout = []string{"set a timeout on the call, shorter than its caller's", "add a fallback", "move the call off the request path"}

func (w *waiting) reportLong(spans []int) {
	p := w.p
	longest := slices.MaxFunc(spans, func(a, b int) int { return cmp.Compare(p.Raw(a), p.Raw(b)) })
	f := rule.Finding{
		Kind: "no timeout", Detail: ": waited ", Took: p.Raw(longest),
		Message:  fmt.Sprintf("%s took %s and did not fail: no shorter timeout took effect.", p.Callee(longest), units.Lasted(p.Raw(longest))),
		Anchor:   longest,
		Evidence: p.Spans(rule.RoleOffender, spans...), Numbers: p.Measure(spans),
		Confidence: 0.5, Cap: new(rule.Medium),
		Checks:   []rule.Check{{Name: "call ended without an error", Passed: true}},
		Remedies: withoutTimeout,
	}
	critical := f.Numbers.Critical
	f.Numbers.Avoidable = max(critical-int64(w.th.Wait)*int64(len(spans)), 0)
	if _, external := external(p, longest); external { // what others run is slow for certain, limit or not
		f.Confidence, f.Cap, f.Also = 0.8, nil, []string{SlowExternal.Name}
		f.Message += fmt.Sprintf(" It took %s of the critical path.", units.PercentOf(p.Share(critical)))
		f.Checks = append(f.Checks, rule.Check{Name: "public host", Passed: true})
	}
	if k := p.Kind(p.Facts.Trace.First()); k == trace.KindConsumer || k == trace.KindInternal || k == trace.KindUnspecified {
		f.Cap = new(rule.Low) // nobody waits for it
	}
	p.Report("no limit "+p.Op(longest).Label(), f)
}

// reportUnended reports the calls under one span that never ended, where the trace waited in that span afterwards.
func (w *waiting) reportUnended(parent int, spans []int) {
	p := w.p
	began := p.Timing.Own(spans[0]).Start
	var waited int64
	for _, step := range p.Path.Steps {
		if step.Span == parent {
			waited += max(step.End-max(step.Start, began), 0)
		}
	}
	if waited < w.gate {
		return
	}
	p.Report("unended "+p.Op(spans[0]).Label(), rule.Finding{
		Kind: "unfinished call", Detail: ": waited ", Took: waited,
		Message: fmt.Sprintf("%s has no end time; after it started, %s waited %s without any other call.",
			p.Callee(spans[0]), p.Quoted(parent), units.Lasted(waited)),
		Anchor:     spans[0],
		Evidence:   append(p.Spans(rule.RoleParent, parent), p.Spans(rule.RoleOffender, spans...)...),
		Numbers:    rule.Numbers{Count: len(spans), Critical: waited, Avoidable: max(waited-int64(w.th.Wait), 0)},
		Confidence: 0.5, Cap: new(rule.Medium),
		Checks:   []rule.Check{{Name: "error recorded as a timeout", Unseen: true}, {Name: "end of the call recorded"}},
		Limits:   []string{"a call still running when its process stopped exporting looks the same"},
		Remedies: withoutTimeout,
	})
}
