package repetition

import (
	"fmt"
	"slices"
	"strings"

	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
)

// findDetours looks for long chains of services on the critical path, and for calls that come back.
func findDetours(p *rule.Pass) {
	t := p.Facts.Trace
	hops := make([]int32, t.Len())
	deepest, waiting := -1, ancestry{}
	var back []int
	for i := t.First(); i < t.Len(); i++ {
		parent, service := t.Parent(i), t.Span(i).ServiceSymbol()
		waiting.leave(i)
		if parent >= t.First() {
			hops[i] = hops[parent]
			if service != t.Span(parent).ServiceSymbol() {
				hops[i]++
				if !p.Timing.Async(i) && waiting.above[service] > 0 && !entrance(p, i) {
					back = append(back, i)
				}
			}
		}
		waiting.enter(t.End(i), service)
		if p.Path.Time(i) > 0 && (deepest < 0 || hops[i] > hops[deepest]) {
			deepest = i
		}
	}
	if deepest >= 0 && int(hops[deepest]) >= rule.ThresholdsOf[ChattyThresholds](p).Hops {
		reportDepth(p, deepest, int(hops[deepest]))
	}
	if len(back) > 0 {
		reportBack(p, back)
	}
}

// ancestry knows, while a trace is walked in pre-order, which services the ancestors of a span belong to.
type ancestry struct {
	open  []opened
	above map[trace.Symbol]int
}

type opened struct {
	end     int
	service trace.Symbol
}

func (a *ancestry) leave(i int) {
	for len(a.open) > 0 && a.open[len(a.open)-1].end <= i {
		a.above[a.open[len(a.open)-1].service]--
		a.open = a.open[:len(a.open)-1]
	}
}

func (a *ancestry) enter(end int, service trace.Symbol) {
	if a.above == nil {
		a.above = map[trace.Symbol]int{}
	}
	a.open = append(a.open, opened{end, service})
	a.above[service]++
}

// entrance reports whether span i belongs to what every call goes through: the root's service, a gateway, a sidecar.
func entrance(p *rule.Pass, i int) bool {
	t := p.Facts.Trace
	if t.Span(i).ServiceSymbol() == t.Root().ServiceSymbol() {
		return true
	}
	name := strings.ToLower(t.Span(i).Service())
	return slices.ContainsFunc([]string{"gateway", "proxy", "envoy", "istio", "ingress", "sidecar", "nginx", "traefik", "linkerd"},
		func(word string) bool { return strings.Contains(name, word) })
}

func reportDepth(p *rule.Pass, deepest, hops int) {
	t := p.Facts.Trace
	var chain []int
	for i := deepest; i >= t.First(); i = t.Parent(i) {
		if parent := t.Parent(i); parent >= t.First() && t.Span(parent).ServiceSymbol() != t.Span(i).ServiceSymbol() {
			chain = append(chain, i)
		}
	}
	p.Report("depth", rule.Finding{
		Kind: "deep call chain: " + rule.Calls(hops+1, "service"), Counted: true, Anchor: t.Root().Index(), Cap: new(rule.Info), Confidence: 0.7,
		Message: fmt.Sprintf("%s between services on the critical path, down to %s %s.", rule.Calls(hops, "nested call"),
			rule.Named(t.Span(deepest).Service()), p.Quoted(deepest)),
		Evidence: p.Spans(rule.RoleOffender, chain...),
		Numbers:  rule.Numbers{Count: hops},
		Checks:   []rule.Check{{Name: "on the critical path", Passed: true}},
	})
}

func reportBack(p *rule.Pass, back []int) {
	t := p.Facts.Trace
	ways := rule.Distinct(back, func(i int) string {
		from, to := t.Span(t.Parent(i)).Service(), t.Span(i).Service()
		return to + " → … → " + from + " → " + to
	})
	p.Report("back "+ways[0], rule.Finding{
		Kind: "circular calls", Times: len(back), Counted: true, Anchor: back[0], Cap: new(rule.Info), Confidence: 0.7,
		Message:  fmt.Sprintf("%s went back to a service that was already waiting: %s.", rule.Calls(len(back), "call"), rule.Listed(ways)),
		Evidence: p.Spans(rule.RoleOffender, back...),
		Numbers:  rule.Numbers{Count: len(back), Sum: p.Sum(back), Union: p.Union(back)},
		Checks:   []rule.Check{{Name: "the service is not a gateway or proxy", Passed: true}},
	})
}
