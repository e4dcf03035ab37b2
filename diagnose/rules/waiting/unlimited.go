package waiting

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"

	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// onPurpose are names of calls that are meant to last.
var onPurpose = regexp.MustCompile(`(?i)poll|watch|stream|subscribe|listen|events|websocket|\bwait`)

// findUnlimited reports calls that lasted long without failing, and calls that never ended: no limit took effect.
func (w *waiting) findUnlimited() {
	p, t := w.p, w.p.Facts.Trace
	place := map[int32]int{}
	var long [][]int // by operation
	open := map[int][]int{}
	var parents []int
	for i := t.First(); i < t.Len(); i++ {
		switch parent := t.Parent(i); {
		case unended(t.Span(i)):
			if p.Kind(i) != trace.KindClient || p.Failure(i) != semconv.ErrorNone || onPurpose.MatchString(p.Op(i).Label()) {
				continue
			}
			if parent >= t.First() && p.Path.Time(parent) >= w.gate {
				if open[parent] == nil {
					parents = append(parents, parent)
				}
				open[parent] = append(open[parent], i)
			}
		case unlimited(p, i):
			n, ok := place[p.OpNumber(i)]
			if !ok {
				n = len(long)
				place[p.OpNumber(i)] = n
				long = append(long, nil)
			}
			long[n] = append(long[n], i)
		}
	}
	for _, spans := range long {
		if p.CriticalOf(spans) >= w.gate {
			w.reportLong(spans)
		}
	}
	for _, parent := range parents {
		w.reportUnended(parent, open[parent])
	}
}

// unended reports whether a span has no usable end. Jaeger writes a missing one as a negative duration.
func unended(s trace.Span) bool {
	return s.Has(trace.FlagUnfinished) || s.Has(trace.FlagTimeRepaired) && s.Duration() == 0
}

// unlimited reports whether call i lasted so long without failing that a limit should have ended it, and not by design:
// an answer that there is nothing is what a long poll ends with.
func unlimited(p *rule.Pass, i int) bool {
	if p.Kind(i) != trace.KindClient || p.Raw(i) < int64(rule.ThresholdsOf[TimeoutWaitThresholds](p).NoLimit) || unended(p.Facts.Trace.Span(i)) || p.Failure(i) != semconv.ErrorNone ||
		p.Class(i) != semconv.ClassHTTP && p.Class(i) != semconv.ClassRPC || onPurpose.MatchString(p.Op(i).Label()) || patterns.Streams(p.Facts, i) {
		return false
	}
	var c semconv.Canonical
	p.Canonical(i, &c)
	status, _ := c.Int(semconv.HTTPStatus)
	return status != 204 && status != 304
}

func (w *waiting) reportLong(spans []int) {
	p := w.p
	longest := slices.MaxFunc(spans, func(a, b int) int { return cmp.Compare(p.Raw(a), p.Raw(b)) })
	critical := p.CriticalOf(spans)
	f := rule.Finding{
		Kind: "no limit below", Detail: " ", Took: p.Raw(longest),
		Message:  fmt.Sprintf("%s took %s and did not fail: no limit below that took effect.", p.Callee(longest), units.Lasted(p.Raw(longest))),
		Anchor:   longest,
		Evidence: p.Spans(rule.RoleOffender, spans...),
		Numbers: rule.Numbers{Count: len(spans), Union: p.Union(spans), Sum: p.Sum(spans), Critical: critical,
			Avoidable: max(critical-w.usualLong()*int64(len(spans)), 0)},
		Confidence: 0.5, Cap: new(rule.Medium),
		Checks: []rule.Check{{Name: "the failure says that it was a timeout", Passed: false}},
	}
	if _, external := external(p, longest); external { // what others run is slow for certain, limit or not
		f.Confidence, f.Cap, f.Also = 0.8, nil, []string{SlowExternal.Name}
		f.Message += fmt.Sprintf(" The caller waited for it for %s of the critical path.", rule.Percent(float64(critical)/float64(p.Total())))
		f.Checks = append(f.Checks, rule.Check{Name: "public host", Passed: true})
	}
	if k := p.Kind(p.Facts.Trace.First()); k == trace.KindConsumer || k == trace.KindInternal || k == trace.KindUnspecified {
		f.Cap = new(rule.Low) // nobody waits for it
	}
	p.Report("no limit "+p.Op(longest).Label(), f)
}

func (w *waiting) usualLong() int64 { return int64(rule.ThresholdsOf[TimeoutWaitThresholds](w.p).Wait) }

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
		Kind: "a call that never ended", Detail: ": ", Took: waited,
		Message: fmt.Sprintf("%s has no end in the trace; after it began %s went on for %s without a call that explains it.",
			p.Callee(spans[0]), p.Op(parent).Label(), units.Lasted(waited)),
		Anchor:     spans[0],
		Evidence:   append(p.Spans(rule.RoleParent, parent), p.Spans(rule.RoleOffender, spans...)...),
		Numbers:    rule.Numbers{Count: len(spans), Critical: waited, Avoidable: max(waited-w.usualLong(), 0)},
		Confidence: 0.5, Cap: new(rule.Medium),
		Checks: []rule.Check{{Name: "the failure says that it was a timeout", Passed: false}, {Name: "the call ended", Passed: false}},
		Limits: []string{"a call that was not over when its process stopped sending looks the same"},
	})
}
