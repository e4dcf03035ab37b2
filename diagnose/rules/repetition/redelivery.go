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

// findRecorded reports attempts that are told of by a number or by events only: there is one span for all of them.
func findRecorded(p *rule.Pass, n *nesting) {
	t := p.Facts.Trace
	least := rule.ThresholdsOf[RetryStormThresholds](p).Attempts
	told := map[int]bool{} // spans of chains and their parents
	for k := range n.chains {
		if c := &n.chains[k]; !n.short[k] {
			told[c.Parent] = true
			for _, i := range c.Spans {
				told[i] = true
			}
		}
	}
	var c semconv.Canonical
	var sizes map[siblings]int // made for the first candidate
	for i := t.First(); i < t.Len(); i++ {
		span := t.Span(i)
		if kind := p.Kind(i); told[i] || kind == trace.KindServer || kind == trace.KindConsumer || p.Attempt(i) < 2 && span.Events() < 2 && p.Failure(i) != semconv.ErrorRetries {
			continue
		}
		if p.Attempt(i) >= 2 {
			p.Canonical(i, &c)
			if strings.HasSuffix(c.Key(semconv.Resend), "resend_count") && span.Events() < 2 {
				continue // each resend is a span of its own, and redirects are resends too
			}
		}
		count, source := p.Attempt(i)+1, "its number of retries"
		if r := patterns.RetriesOf(p.Facts, i); r.Events >= 2 && max(r.Count, r.Events) >= count {
			count, source = max(r.Count, r.Events), "its events"
		}
		if count < least && p.Failure(i) != semconv.ErrorRetries {
			continue
		}
		f := rule.Finding{
			Anchor: i, Evidence: p.Spans(rule.RoleOffender, i), Numbers: p.Measure([]int{i}),
			Confidence: 0.6, Checks: []rule.Check{{Name: "marked as attempts", Passed: true}, {Name: "attempts are spans", Passed: false}},
			ErrorWeight: rule.WeightHarmless, Cap: new(rule.Low),
		}
		if count >= least {
			if sizes == nil {
				sizes = families(p)
			}
			if sizes[siblings{t.Parent(i), p.OpNumber(i)}] > 1 {
				continue
			}
			f.Kind, f.Times, f.Detail, f.Numbers.Count = "retries", fmt.Sprint(count), ", recorded", count
			f.Message = fmt.Sprintf("%s recorded %d attempts in %s and lasted %s", p.Callee(i), count, source, units.Lasted(p.Raw(i)))
			f.Limits = []string{"how long each attempt took is not in the trace"}
		} else { // a proxy says that it tried again until its retries ran out
			f.Kind = "retries ran out at a proxy"
			f.Message = fmt.Sprintf("The retries of %s ran out after %s (Envoy's flag URX)", p.Callee(i), units.Lasted(p.Raw(i)))
			f.Limits = []string{"how many attempts there were, and how long each took, is not in the trace"}
		}
		f.Message += "; the attempts are not spans of their own."
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

// findRedelivery reports messages that were delivered again and again: a number says so, or one consumer has as many
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
		Kind: "redelivery loop", Times: fmt.Sprint(times), Anchor: spans[0],
		Message: fmt.Sprintf("A message of %s was delivered %d times to %s; %d of the %s in the trace failed.",
			p.Op(spans[0]).Template, times, p.Op(spans[0]).Service, failed, rule.Calls(len(spans), "delivery span")),
		Evidence:   p.Spans(rule.RoleOffender, spans...),
		Numbers:    p.Measure(spans, rule.Number{Name: "failed", Value: float64(failed)}),
		Confidence: 0.7,
		Checks:     []rule.Check{{Name: "the number of deliveries is recorded", Passed: len(spans) < times || len(spans) == 1}, {Name: "the last delivery failed", Passed: p.Failed(last)}},
		Remedies:   []string{"a dead-letter queue after a few deliveries", "a growing delay between deliveries", "refuse poison messages at once"},
		Limits:     []string{"what the broker did between the deliveries is not in the trace"},
		Risk:       rule.WeightRecovered / 2,
	}
	f.Numbers.Count = times
	if p.Failed(last) {
		f.Risk, f.Confidence = rule.WeightRecovered, 0.9
	}
	p.Report("redelivery "+p.Op(spans[0]).Label(), f)
}
