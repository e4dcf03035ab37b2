package repetition

import (
	"fmt"
	"strings"

	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// findRecorded reports attempts that are recorded by a number or by events only: there is one span for all of them.
func findRecorded(p *rule.Pass, n *nesting) {
	t := p.Facts.Trace
	least := rule.ThresholdsOf[RetryStormThresholds](p).Attempts
	reported := map[int]bool{} // spans of chains and their parents
	for k := range n.chains {
		if c := &n.chains[k]; !n.short[k] {
			reported[c.Parent] = true
			for _, i := range c.Spans {
				reported[i] = true
			}
		}
	}
	var c semconv.Canonical
	var sizes map[siblings]int // made for the first candidate
	for i := t.First(); i < t.Len(); i++ {
		span := t.Span(i)
		if kind := p.Kind(i); reported[i] || kind == trace.KindServer || kind == trace.KindConsumer || p.Attempt(i) < 2 && span.Events() < 2 && p.Failure(i) != semconv.ErrorRetries {
			continue
		}
		if p.Attempt(i) >= 2 {
			p.Canonical(i, &c)
			if strings.HasSuffix(c.Key(semconv.Resend), "resend_count") && span.Events() < 2 {
				continue // each resend is a span of its own, and redirects are resends too
			}
		}
		count, source := p.Attempt(i)+1, "an attribute"
		if r := patterns.RetriesOf(p.Facts, i); r.Events >= 2 && max(r.Count, r.Events) >= count {
			count, source = max(r.Count, r.Events), "span events"
		}
		if count < least && p.Failure(i) != semconv.ErrorRetries {
			continue
		}
		f := rule.Finding{
			Anchor: i, Evidence: p.Spans(rule.RoleOffender, i), Numbers: p.Measure([]int{i}),
			Confidence: 0.6, Checks: []rule.Check{{Name: "marked as retries by the SDK", Passed: true}, {Name: "one span per attempt"}},
			ErrorWeight: rule.WeightHarmless, Cap: new(rule.Low),
		}
		if count >= least {
			if sizes == nil {
				sizes = families(p)
			}
			if sizes[siblings{t.Parent(i), p.OpNumber(i)}] > 1 {
				continue
			}
			f.Kind, f.Times, f.Detail, f.Numbers.Count = "retries", count, " in one span", count
			f.Message = fmt.Sprintf("%s took %s for %s (recorded in %s)", p.Callee(i), units.Lasted(p.Raw(i)), rule.Calls(count, "attempt"), source)
			f.Limits = []string{"duration of each attempt is not recorded"}
		} else { // a proxy recorded that it used up its retries
			f.Kind = "retry limit reached at proxy"
			f.Message = fmt.Sprintf("The proxy used up its retries for %s after %s (Envoy response flag URX)", p.Callee(i), units.Lasted(p.Raw(i)))
			f.Limits = []string{"number and duration of the attempts are not recorded"}
		}
		f.Message += "; the attempts have no spans."
		p.Report(p.Op(i).Label(), f)
	}
}

// siblings is a group of siblings with one operation.
type siblings struct {
	parent int
	op     int32
}

// families counts siblings by operation: where a recorded number of attempts has twins beside it, it counts these,
// which did not fail (redirects count as resends too).
func families(p *rule.Pass) map[siblings]int {
	t := p.Facts.Trace
	sizes := map[siblings]int{}
	for i := t.First(); i < t.Len(); i++ {
		sizes[siblings{t.Parent(i), p.OpNumber(i)}]++
	}
	return sizes
}

// delivery is a message at one consumer.
type delivery struct {
	op   int32
	id   string
	sent int // the producer span above it where no id is recorded, else 0
}

// findRedelivery reports messages that were delivered again and again: a number is recorded, or one consumer has as many
// spans with one message id, or below one producer span without an id, of which all but the last failed.
func findRedelivery(p *rule.Pass) {
	t := p.Facts.Trace
	least := rule.ThresholdsOf[RetryStormThresholds](p).Redeliveries
	var deliveries rule.Lists[delivery, int]
	var c semconv.Canonical
	for i := t.First(); i < t.Len(); i++ {
		if p.Kind(i) != trace.KindConsumer {
			continue
		}
		p.Canonical(i, &c)
		if n, ok := c.Int(semconv.MsgDeliveries); ok && n >= int64(least) && n < 1_000_000 {
			reportRedelivery(p, []int{i}, int(n))
			continue
		}
		key := delivery{op: p.OpNumber(i), id: c.Text(semconv.MsgID)}
		if up := t.Parent(i); key.id == "" && up >= t.First() && p.Kind(up) == trace.KindProducer {
			key.sent = up + 1
		}
		if p.Class(i) == semconv.ClassMessage && (key.id != "" || key.sent > 0) {
			deliveries.Add(key, i)
		}
	}
	for key, list := range deliveries.All() {
		if len(list) >= least && (key.id != "" || p.CountFailed(list[:len(list)-1]) == len(list)-1) {
			reportRedelivery(p, list, len(list))
		}
	}
}

func reportRedelivery(p *rule.Pass, spans []int, times int) {
	failed := p.CountFailed(spans)
	last := spans[len(spans)-1]
	f := rule.Finding{
		Kind: "redelivery loop", Times: times, Anchor: spans[0],
		Message: fmt.Sprintf("A message from %s was delivered %s to %s; %s of %s failed.",
			rule.Quoted(p.Op(spans[0]).Template), rule.Calls(times, "time"), rule.Named(p.Op(spans[0]).Service), trace.Grouped(failed), rule.Calls(len(spans), "recorded attempt")),
		Evidence:   p.Spans(rule.RoleOffender, spans...),
		Numbers:    p.Measure(spans, rule.Number{Name: "failed", Value: float64(failed)}),
		Confidence: 0.7,
		Checks:     []rule.Check{{Name: "delivery count recorded", Passed: len(spans) < times || len(spans) == 1}, {Name: "last delivery failed", Passed: p.Failed(last)}},
		Remedies:   []string{"a dead-letter queue after a few deliveries", "backoff between deliveries", "reject poison messages at once"},
		Limits:     []string{"broker activity between deliveries is not recorded"},
		Risk:       rule.WeightRecovered / 2,
	}
	f.Numbers.Count = times
	if p.Failed(last) {
		f.Risk, f.Confidence = rule.WeightRecovered, 0.9
	}
	p.Report("redelivery "+p.Op(spans[0]).Label(), f)
}
