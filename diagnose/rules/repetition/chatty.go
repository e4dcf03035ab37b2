package repetition

import (
	"fmt"
	"slices"
	"time"

	"tracefall/diagnose/baseline"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// ChattyThresholds are the gates of chatty.
type ChattyThresholds struct {
	FanOut   int     `toml:"fan-out" unit:"calls of one span" source:"perf-sentinel: 20"`
	Pair     int     `toml:"pair" unit:"calls between two services" source:"perf-sentinel: 15 in a trace"`
	Hops     int     `toml:"hops" unit:"services in one call chain" source:"default"`
	Messages int     `toml:"messages" unit:"messages to one destination" source:"default"`
	Body     int64   `toml:"body" unit:"bytes" source:"default; smaller messages count as small"`
	Share    float64 `toml:"share" unit:"share of the critical path" source:"default; below it severity is low at most"`
}

// Chatty finds: chatty calls, high fan-out, deep call chains.
var Chatty = rule.Detector{
	ID: "D19", Name: "chatty", Title: "Chatty calls / high fan-out / deep call chain",
	Thresholds: &ChattyThresholds{FanOut: 20, Pair: 15, Hops: 8, Messages: 20, Body: 1024, Share: 0.25},
	Doc: "Many small calls where fewer larger ones would do: each call pays its network round trip. Deep call chains and circular calls " +
		"add latency and points of failure.",
	Rule: "more than `fan-out` remote calls of one span; more than `pair` calls between two services in one trace; a chain of at least `hops` services " +
		"on the critical path; calls back to a service that is waiting further up (circular call); at least `messages` messages of less than `body` bytes to one " +
		"destination. Low at most unless the calls take `share` of the critical path.",
	Example:   "22 calls of 22 operations from web to content in one trace: 132 ms, 82 % of the critical path; 10.6 ms of it is network/queue time.",
	Remedies:  []string{"a batch or aggregate endpoint", "batch the calls", "move data that is always read together to one service"},
	Limits:    []string{"the trace does not show what a larger call would cost"},
	Trace:     findChatty,
	Relations: rule.Relations{Strength: 1, Counts: true},
}

func findChatty(p *rule.Pass) {
	paired := map[int]bool{} // calls that a finding about their pair of services has
	pairs := servicePairs(p)
	for pair, spans := range pairs.All() {
		slices.Sort(spans)
		if spans = slices.Compact(spans); len(spans) > rule.ThresholdsOf[ChattyThresholds](p).Pair {
			reportPair(p, pair, spans)
			for _, i := range spans {
				paired[i] = true
			}
		}
	}
	findFanOut(p, paired)
	findDetours(p)
	findSmallMessages(p)
}

// servicePair is a service that calls another, or a host that reports no spans.
type servicePair struct{ caller, callee string }

// servicePairs lists the calls between services that were waited for, in order of the first. A call is there as often
// as it was served.
func servicePairs(p *rule.Pass) (pairs rule.Lists[servicePair, int]) {
	t := p.Facts.Trace
	add := func(caller, callee string, call int) {
		if caller != "" && callee != "" { // a span without a service is not a call between services
			pairs.Add(servicePair{caller, callee}, call)
		}
	}
	for i := t.First(); i < t.Len(); i++ {
		parent := t.Parent(i)
		switch {
		case parent >= t.First() && t.Span(parent).ServiceSymbol() != t.Span(i).ServiceSymbol():
			if p.Timing.Async(i) {
				continue
			}
			call := i
			if p.Kind(parent) == trace.KindClient {
				call = parent
			}
			add(t.Span(parent).Service(), t.Span(i).Service(), call)
		case unanswered(p, i):
			add(t.Span(i).Service(), p.Op(i).Peer, i)
		}
	}
	return pairs
}

// unanswered reports whether span i is the outermost span of a call to a service that reports no spans.
func unanswered(p *rule.Pass, i int) bool {
	if class := p.Class(i); class != semconv.ClassHTTP && class != semconv.ClassRPC || p.Kind(i) != trace.KindClient || p.Op(i).Peer == "" {
		return false
	}
	t := p.Facts.Trace
	if parent := t.Parent(i); parent >= t.First() && p.Kind(parent) == trace.KindClient {
		return false
	}
	return !rule.Any(p.Children(i), func(c int) bool {
		return t.Span(c).ServiceSymbol() != t.Span(i).ServiceSymbol() || p.Kind(c) == trace.KindServer
	})
}

func reportPair(p *rule.Pass, pair servicePair, spans []int) {
	f := chattyCalls(p, spans)
	f.Anchor, f.Service = p.Covering(spans), pair.caller
	f.Kind, f.Counted, f.Placed = fmt.Sprintf("chatty calls %s → %s: %s", pair.caller, pair.callee, rule.Calls(len(spans), "call")), true, true
	f.Message = fmt.Sprintf("%s of %s from %s to %s in one trace: %s, %s%s.", rule.Calls(len(spans), "call"), rule.Calls(len(distinctOps(p, spans)), "operation"),
		pair.caller, pair.callee, units.Lasted(f.Numbers.Union), p.OnPath(f.Numbers.Union, f.Numbers.Critical), onTheWay(f.Numbers.Avoidable))
	p.Report(pair.caller+" "+pair.callee, f)
}

// onTheWay gives the network and queue time of the calls, where that is known.
func onTheWay(gap int64) string {
	if gap < int64(time.Millisecond) {
		return ""
	}
	return fmt.Sprintf("; %s of it is network/queue time", units.Lasted(gap))
}

// chattyCalls measures calls that are many. Larger calls would at most save the ways between caller and callee, as
// far as these are on the critical path and both sides are in the trace.
func chattyCalls(p *rule.Pass, spans []int) rule.Finding {
	var saved int64
	for _, i := range spans {
		if gap, server, ok := baseline.Gap(p.Facts, i); ok {
			saved += max(min(gap, p.CriticalTime(i)-p.CriticalTime(server)), 0)
		}
	}
	how, peak := patterns.Arrange(p.Facts, spans)
	share := rule.ThresholdsOf[ChattyThresholds](p).Share
	f := rule.Finding{
		Evidence: p.Spans(rule.RoleOffender, spans...), Numbers: p.Measure(spans, rule.Number{Name: "peak", Value: float64(peak)}),
		Confidence: 0.7,
	}
	f.Numbers.Avoidable = saved
	f.Checks = []rule.Check{
		{Name: "calls are sequential", Passed: how == patterns.Sequential},
		{Name: fmt.Sprintf("≥ %s of the critical path", units.PercentOf(share)), Passed: p.Share(f.Numbers.Critical) >= share},
		{Name: "network/queue time measured", Passed: saved > 0},
	}
	if !f.Checks[1].Passed {
		f.Cap = new(rule.Low)
	}
	return f
}

// findFanOut looks for spans with many calls, unless these are a finding already.
func findFanOut(p *rule.Pass, paired map[int]bool) {
	t, most := p.Facts.Trace, rule.ThresholdsOf[ChattyThresholds](p).FanOut
	for i := t.First(); i < t.Len(); i++ {
		if t.End(i)-i <= most {
			continue
		}
		var spans []int
		known := 0
		for c := range p.Children(i) {
			if p.Class(c).Remote() && p.Kind(c) != trace.KindServer && p.Kind(c) != trace.KindConsumer {
				spans = append(spans, c)
				if paired[c] {
					known++
				}
			}
		}
		if len(spans) <= most || 2*known > len(spans) {
			continue
		}
		f := chattyCalls(p, spans)
		f.Anchor = i
		f.Kind = fmt.Sprintf("high fan-out: %s from one span", rule.Calls(len(spans), "call"))
		f.Message = fmt.Sprintf("%s made %s of %s: %s, %s, peak concurrency %s%s.", p.Quoted(i), rule.Calls(len(spans), "call"),
			rule.Calls(len(distinctOps(p, spans)), "operation"), units.Lasted(f.Numbers.Union), p.OnPath(f.Numbers.Union, f.Numbers.Critical),
			trace.Grouped(int(f.Numbers.More[0].Value)), onTheWay(f.Numbers.Avoidable))
		p.Report("fan-out", f)
	}
}

// findSmallMessages looks for many small messages to one destination.
func findSmallMessages(p *rule.Pass) {
	th := rule.ThresholdsOf[ChattyThresholds](p)
	var small rule.Lists[int32, int] // by operation
	var c semconv.Canonical
	for i := p.Facts.Trace.First(); i < p.Facts.Trace.Len(); i++ {
		if p.Kind(i) != trace.KindProducer {
			continue
		}
		p.Canonical(i, &c)
		if size, ok := c.Int(semconv.BodySize); ok && size < th.Body {
			small.Add(p.OpNumber(i), i)
		}
	}
	for op, spans := range small.All() {
		if len(spans) < th.Messages {
			continue
		}
		f := chattyCalls(p, spans)
		f.Cap, f.Anchor = new(rule.Low), p.Covering(spans)
		f.Kind, f.Times, f.Counted = "small messages", len(spans), true
		f.Message = fmt.Sprintf("%s of less than %s sent to %s in one trace: %s.", rule.Calls(len(spans), "message"), rule.Calls(int(th.Body), "byte"),
			rule.Quoted(p.Ops.Op(op).Template), units.Lasted(f.Numbers.Union))
		p.Report("messages "+p.Ops.Op(op).Template, f)
	}
}
