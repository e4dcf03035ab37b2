package recording

import (
	"fmt"
	"strings"
	"time"

	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/timing"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// BlindSpotsThresholds say from when on missing instrumentation is reported.
type BlindSpotsThresholds struct {
	Self  time.Duration `toml:"self" source:"default"`
	Share float64       `toml:"share" unit:"share of the critical path" source:"default"`
}

// BlindSpots finds: limited visibility, uninstrumented time.
var BlindSpots = rule.Detector{
	ID: "D24", Name: "blind-spots", Title: "Limited visibility and uninstrumented time",
	Thresholds: &BlindSpotsThresholds{Self: 500 * time.Millisecond, Share: 0.5},
	Doc:        "What the trace cannot show, and which detectors are limited by it. Few findings do not prove a healthy trace.",
	Rule: "uninstrumented time: a span with children and without events whose self time on the critical path is at least `self` and `share` of the path; streams and " +
		"waiting for messages do not count. " +
		"Limited visibility: data dropped or truncated; missing parents, root spans, end times, statements, parameters or status codes; spans that started after the root " +
		"span ended; each with the detectors it limits.",
	Example:  "POST /pdf has 1.96 s of self time without events, 98 % of the 2 s critical path.",
	Remedies: []string{"add spans or events around the work", "raise the SDK's limits", "record db.query.text (sanitised if the values are secret)"},
	Trace:    findBlindSpots,
}

func findBlindSpots(p *rule.Pass) {
	t, th := p.Facts.Trace, *rule.ThresholdsOf[BlindSpotsThresholds](p)
	gate := max(int64(th.Self), int64(th.Share*float64(p.PathLength())))
	for i := t.First(); i < t.Len(); i++ {
		if p.Path.Time(i) < gate || p.Leaf(i) || t.Span(i).Events() > 0 || p.Kind(i) == trace.KindClient || listens(p, i) {
			continue
		}
		if self := selfOnPath(p, i); self >= gate {
			reportUninstrumented(p, i, self)
		}
	}
	var b blindness
	b.look(p.Facts)
	if reasons := b.reasons(p.Detectors); len(reasons) > 0 {
		reportQuality(p, reasons)
	}
}

// listens reports whether span i lasts because it waits for what comes: a stream, a long poll, a consumer's receive.
func listens(p *rule.Pass, i int) bool {
	return patterns.Streams(p.Facts, i) || p.Kind(i) == trace.KindConsumer && p.Op(i).Name == "receive"
}

// selfOnPath returns for how many nanoseconds the critical path runs through span i while none of its children ran: the path
// may also run through a span while it has children that nothing waits for.
func selfOnPath(p *rule.Pass, i int) int64 {
	waits := timing.Waits(p.Facts.Trace, i, p.Timing.Own, nil)
	self := p.Path.Time(i)
	for _, step := range p.Path.Steps {
		if step.Span != i {
			continue
		}
		for len(waits) > 0 && waits[0].End <= step.Start {
			waits = waits[1:]
		}
		for n := 0; n < len(waits) && waits[n].Start < step.End; n++ {
			self -= min(waits[n].End, step.End) - max(waits[n].Start, step.Start)
		}
	}
	return self
}

func reportUninstrumented(p *rule.Pass, i int, self int64) {
	p.Report("uninstrumented", rule.Finding{
		Kind: "uninstrumented time", Took: self, Anchor: i, Cap: new(rule.Info), Confidence: p.UnlessCut(0.8),
		Message: fmt.Sprintf("%s has %s of self time without events, %s of the %s critical path.",
			p.Quoted(i), units.Lasted(self), units.PercentOf(p.Share(self)), units.Lasted(p.PathLength())),
		Evidence: p.Spans(rule.RoleOffender, i),
		Numbers:  rule.Numbers{Count: 1, Union: self, Sum: self, Critical: self},
		Checks:   []rule.Check{{Name: "has child spans, so the library is instrumented", Passed: true}, {Name: "no events recorded", Passed: true}},
	})
}

func reportQuality(p *rule.Pass, reasons []reason) {
	parts, blind := make([]string, 0, len(reasons)), make([]string, 0, len(reasons))
	for n, r := range reasons {
		if n == 0 || r.gap != reasons[n-1].gap {
			parts = append(parts, r.fact)
		}
		blind = append(blind, strings.Join(r.detectors, ", ")+": "+r.effect)
	}
	p.Report("quality", rule.Finding{
		Kind: "limited visibility: " + parts[0], Placed: true, Anchor: p.Facts.Trace.Root().Index(), Cap: new(rule.Info), Confidence: 1,
		Message: "Limited visibility: " + strings.Join(parts, "; ") + ".",
		Numbers: rule.Numbers{Count: len(parts)},
		Checks:  []rule.Check{{Name: "counted while reading or reported by the SDK", Passed: true}},
		Limits:  blind,
	})
}
