package waiting

import (
	"cmp"
	"fmt"

	"tracefall/diagnose/failure"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// inverted adds what a call above did that gave up before: the limits are the wrong way round, or those of several
// calls add up to more than the one above them, and work went on. It reports whether there was one.
//
//	client, gave up  |-------✗|
//	  server         |-------------------✗|
//	    client        |-----------------✗|   origin
func (w *waiting) inverted(f *rule.Finding, origins []int, i int) bool {
	p, t := w.p, w.p.Facts.Trace
	grain := int64(w.th.Cascade)
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
			inCalls = fmt.Sprintf(" in %s", rule.Calls(parts, "sequential call"))
		}
		f.Kind, f.Times, f.Detail, f.Took, f.Possible = "inverted timeouts: caller "+units.Lasted(p.Raw(up)), 0, " < callee ", waited, false
		f.Message = fmt.Sprintf("%s timed out on %s after %s%s, but its callee %s waited %s for %s%s: at least %s of work continued after the caller had left.",
			cmp.Or(p.Op(up).Service, "the caller"), p.Callee(up), units.Lasted(p.Raw(up)), failure.InBrackets(p.Facts, up), cmp.Or(p.Op(i).Service, "the callee"),
			below, p.Callee(i), inCalls, units.Lasted(orphaned))
		f.Evidence = append(f.Evidence, p.Spans(rule.RoleCause, up)...)
		f.Numbers.More = append(f.Numbers.More, rule.Number{Name: "orphaned_nano", Value: float64(orphaned)})
		f.Checks = append(f.Checks, rule.Check{Name: "caller's timeout is shorter than the callee's", Passed: true})
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
