package waiting

import (
	"cmp"
	"fmt"
	"slices"

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
	critical, told := p.CriticalOf(origins), 0
	usual := int64(0)
	var names []string
	named := map[string]bool{}
	for _, i := range origins {
		if p.Failure(i) == semconv.ErrorTimeout {
			told++
		}
		usual += min(w.usual(i), p.CriticalTime(i))
		if name := rule.Quoted(p.Callee(i)); !named[name] {
			named[name] = true
			names = append(names, name)
		}
	}
	f := rule.Finding{
		Kind: fmt.Sprintf("waited for %d timeouts", len(origins)), Detail: ": ", Took: critical,
		Message: fmt.Sprintf("%s of %d operations timed out and took %s of the %s critical path together, none of them much alone: %s.",
			rule.Calls(len(origins), "call"), operations, units.Lasted(critical), units.Lasted(p.Total()), rule.Listed(names)),
		Anchor:   p.Covering(origins),
		Evidence: p.Spans(rule.RoleOffender, origins...),
		Numbers: rule.Numbers{
			Count: len(origins), Union: p.Union(origins), Sum: p.Sum(origins), Critical: critical, Avoidable: critical - usual,
			More: []rule.Number{{Name: "operations", Value: float64(operations)}},
		},
		ErrorWeight: p.ErrorWeight(spread, longest), Confidence: 0.9,
		Checks: []rule.Check{{Name: "the failures say that they were timeouts", Passed: told == len(origins)}},
	}
	if told < len(origins) {
		f.Confidence, f.Cap = 0.6, new(rule.Medium)
		f.Message += fmt.Sprintf(" %d of the failures do not say that they were timeouts; their durations are those of usual limits.", len(origins)-told)
	}
	w.unreached(&f)
	p.Report("sum", f)
}

// unreached adds what the trace did not get to, where the other traces of the file show what it should have.
func (w *waiting) unreached(f *rule.Finding) {
	p := w.p
	names, of := p.Reach.Missing(p.Facts)
	if len(names) == 0 || !p.Failed(p.Facts.Trace.First()) {
		return
	}
	f.Message += fmt.Sprintf(" %s %s not reached; all %s of %s that did not fail got there.", rule.Listed(names), rule.Verb(len(names), "was", "were"), rule.Calls(of, "trace"),
		p.Op(p.Facts.Trace.First()).Label())
	f.Numbers.More = append(f.Numbers.More, rule.Number{Name: "not_reached", Value: float64(len(names))})
}

// inverted adds what a call above did that gave up before: the limits are the wrong way round, or those of several
// calls add up to more than the one above them, and work went on. It reports whether there was one.
//
//	client, gave up  |-------✗|
//	  server         |-------------------✗|
//	    client        |-----------------✗|   origin
func (w *waiting) inverted(f *rule.Finding, origins []int, i int) bool {
	p, t := w.p, w.p.Facts.Trace
	grain := int64(rule.ThresholdsOf[TimeoutWaitThresholds](p).Cascade)
	const most = 100
	for up, n := t.Parent(i), 0; up >= t.First() && n < most; up, n = t.Parent(up), n+1 {
		if p.Kind(up) != trace.KindClient || !p.Failed(up) {
			continue
		}
		waited, parts := w.waitedBelow(origins, i, up)
		if p.Raw(up)+grain >= waited {
			continue
		}
		orphaned := waited - p.Raw(up) // of durations: whatever the clocks say
		below, inCalls := units.Lasted(waited), ""
		if parts > 1 {
			inCalls = fmt.Sprintf(" in %s one after another", rule.Calls(parts, "call"))
		}
		f.Kind, f.Detail, f.Took = "inverted timeouts: "+units.Lasted(p.Raw(up)), " above ", waited
		f.Message = fmt.Sprintf("%s gave up on %s after %s (%s), while %s below it waited %s for %s%s: at least %s of work went on that nobody waited for.",
			cmp.Or(p.Op(up).Service, "the caller"), p.Callee(up), units.Lasted(p.Raw(up)), failure.Reason(p.Facts, up), cmp.Or(p.Op(i).Service, "the callee"),
			below, p.Callee(i), inCalls, units.Lasted(orphaned))
		f.Evidence = append(f.Evidence, p.Spans(rule.RoleCause, up)...)
		f.Numbers.More = append(f.Numbers.More, rule.Number{Name: "orphaned_nano", Value: float64(orphaned)})
		f.Checks = append(f.Checks, rule.Check{Name: "the limit above was shorter", Passed: true})
		return true
	}
	return false
}

// waitedBelow returns for how long the service of span i waited in the origins below a span: in one, or in several of
// which none began before the one before it had ended.
func (w *waiting) waitedBelow(origins []int, i, up int) (ns int64, parts int) {
	p, t := w.p, w.p.Facts.Trace
	var ended int64
	for _, k := range origins {
		if k <= up || k >= t.End(up) || p.Op(k).Service != p.Op(i).Service {
			continue
		}
		if parts > 0 && t.Span(k).Start() < ended {
			return p.Raw(i), 1
		}
		ns, parts, ended = ns+p.Raw(k), parts+1, t.Span(k).Finish()
	}
	return ns, parts
}
