package diagnose

import (
	"fmt"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

// findDetours looks for long chains of services on the critical path, and for calls that come back.
func findDetours(p *Pass) {
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
	if deepest >= 0 && int(hops[deepest]) >= ThresholdsOf[ChattyThresholds](p).Hops {
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

// entrance tells whether span i belongs to what every call goes through: the root's service, a gateway, a sidecar.
func entrance(p *Pass, i int) bool {
	t := p.Facts.Trace
	if t.Span(i).ServiceSymbol() == t.Root().ServiceSymbol() {
		return true
	}
	name := strings.ToLower(t.Span(i).Service())
	for _, word := range [...]string{"gateway", "proxy", "envoy", "istio", "ingress", "sidecar", "nginx", "traefik", "linkerd"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

func reportDepth(p *Pass, deepest, hops int) {
	t := p.Facts.Trace
	var chain []int
	for i := deepest; i >= t.First(); i = t.Parent(i) {
		if parent := t.Parent(i); parent >= t.First() && t.Span(parent).ServiceSymbol() != t.Span(i).ServiceSymbol() {
			chain = append(chain, i)
		}
	}
	p.Report("depth", Finding{
		Kind: fmt.Sprintf("chain of %d services", hops+1), Counted: true, Anchor: t.Root().Index(), Cap: new(Info), Confidence: 0.7,
		Message: fmt.Sprintf("%d calls from service to service lay one inside another on the critical path, down to %s %s.", hops,
			t.Span(deepest).Service(), quoted(p.Op(deepest).Label())),
		Evidence: p.Spans(RoleOffender, chain...),
		Numbers:  Numbers{Count: hops},
		Checks:   []Check{{"on the critical path", true}},
	})
}

func reportBack(p *Pass, back []int) {
	t := p.Facts.Trace
	var ways []string
	seen := map[string]bool{}
	for _, i := range back {
		from, to := t.Span(t.Parent(i)).Service(), t.Span(i).Service()
		if way := to + " → … → " + from + " → " + to; !seen[way] {
			seen[way] = true
			ways = append(ways, way)
		}
	}
	p.Report("back "+ways[0], Finding{
		Kind: "calls came back", Times: fmt.Sprint(len(back)), Counted: true, Anchor: back[0], Cap: new(Info), Confidence: 0.7,
		Message:  fmt.Sprintf("%s came back to a service that was waiting above: %s.", calls(len(back), "call"), listed(ways)),
		Evidence: p.Spans(RoleOffender, back...),
		Numbers:  Numbers{Count: len(back), Sum: p.Sum(back), Union: p.Union(back)},
		Checks:   []Check{{"the service is no gateway by its name or place", true}},
	})
}

// findSmallMessages looks for many small messages to one destination.
func findSmallMessages(p *Pass) {
	th := *ThresholdsOf[ChattyThresholds](p)
	var order []int32
	small := map[int32][]int{}
	var c facts.Canonical
	for i := p.Facts.Trace.First(); i < p.Facts.Trace.Len(); i++ {
		if p.Kind(i) != trace.KindProducer {
			continue
		}
		p.Canonical(i, &c)
		size, ok := c.Int(facts.BodySize)
		if !ok || size >= th.Body {
			continue
		}
		op := p.OpNumber(i)
		if small[op] == nil {
			order = append(order, op)
		}
		small[op] = append(small[op], i)
	}
	for _, op := range order {
		spans := small[op]
		if len(spans) < th.Messages {
			continue
		}
		f := chattyCalls(p, spans)
		f.Cap, f.Anchor = new(Low), p.covering(spans)
		f.Kind, f.Times, f.Counted = "small messages", grouped(len(spans)), true
		f.Message = fmt.Sprintf("%s of less than %s went to %s in one trace: %s.", calls(len(spans), "message"), calls(int(th.Body), "byte"),
			quoted(p.Ops.Op(op).Template), facts.Lasted(f.Numbers.Union))
		p.Report("messages "+p.Ops.Op(op).Template, f)
	}
}
