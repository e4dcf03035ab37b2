package recording

import (
	"fmt"
	"strings"
	"time"

	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// BlindSpotsThresholds say from when on missing instrumentation is told.
type BlindSpotsThresholds struct {
	Self  time.Duration `toml:"self" source:"own choice"`
	Share float64       `toml:"share" unit:"share of the critical path" source:"own choice"`
}

// BlindSpots finds: trace quality and blind spots.
var BlindSpots = rule.Detector{
	ID: "D24", Name: "blind-spots", Title: "Trace quality and blind spots",
	Thresholds: &BlindSpotsThresholds{Self: 500 * time.Millisecond, Share: 0.5},
	Doc:        "What the trace cannot show, and which detectors ran blind because of it. A thin report is no clean bill.",
	Rule: "time without instrumentation: a span with children and without events whose own time on the critical path is at least `self` and `share`, streams and " +
		"waiting for messages left out. " +
		"Quality: anything dropped, cut off, without parent, first span, end, statement, parameters or status, or begun after the first span had ended; " +
		"each with the detectors that it makes blind.",
	Example:  "POST /pdf spent 1.96 s of 2 s by itself, without a span or an event inside: what it did is not in the trace.",
	Remedies: []string{"spans or events around the work", "raise the SDK's limits", "record db.query.text, with its values taken out where they are secret"},
	Trace:    findBlindSpots,
}

func findBlindSpots(p *rule.Pass) {
	t, th := p.Facts.Trace, *rule.ThresholdsOf[BlindSpotsThresholds](p)
	gate := max(int64(th.Self), int64(th.Share*float64(p.Total())))
	for i := t.First(); i < t.Len(); i++ {
		if p.Path.Time(i) >= gate && !p.Leaf(i) && t.Span(i).Events() == 0 && p.Kind(i) != trace.KindClient && !listens(p, i) {
			reportUninstrumented(p, i)
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

func reportUninstrumented(p *rule.Pass, i int) {
	own := p.Path.Time(i)
	p.Report("uninstrumented", rule.Finding{
		Kind: "uninstrumented", Detail: " ", Took: own, Anchor: i, Cap: new(rule.Info), Confidence: p.UnlessCut(0.8),
		Message: fmt.Sprintf("%s spent %s of %s by itself, without a span or an event inside: what it did is not in the trace.",
			rule.Quoted(p.Op(i).Label()), units.Lasted(own), units.Lasted(p.Total())),
		Evidence: p.Spans(rule.RoleOffender, i),
		Numbers:  rule.Numbers{Count: 1, Union: own, Sum: own, Critical: own},
		Checks:   []rule.Check{{Name: "it has children, so its library is instrumented", Passed: true}, {Name: "it has no events", Passed: true}},
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
		Kind: "blind spots: " + parts[0], Anchor: p.Facts.Trace.Root().Index(), Cap: new(rule.Info), Confidence: 1,
		Message: "Less is certain here: " + strings.Join(parts, "; ") + ".",
		Numbers: rule.Numbers{Count: len(parts)},
		Checks:  []rule.Check{{Name: "counted by the reader or by the SDKs", Passed: true}},
		Limits:  blind,
	})
}
