package calltree

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/sources/tracetest"
)

const twoTraces = `
trace 1
gateway "GET /cart" 0ms +100ms kind=server
  cart "load" 10ms +50ms
    redis "HGETALL" 20ms +20ms
  cart "load" 60ms +30ms
trace 2
gateway "GET /cart" 0ms +200ms kind=server
  cart "load" 10ms +80ms
    redis "HGETALL" 20ms +60ms error="LOADING"
    redis "HGETALL" 20ms +60ms
  audit "write" 150ms +20ms
`

// contextsOf adds the traces of a text: to side 0, or in turn to both.
func contextsOf(t *testing.T, text string, sides int) (*Contexts, Kids) {
	c := NewContexts(NewKeys())
	for i, f := range factstest.Of(tracetest.Set(t, text)) {
		c.Add(i%sides, facts.Portion{Facts: f})
	}
	return c, c.Finish()
}

const ms = 1_000_000

func TestContextsMergeCallsOfOnePath(t *testing.T) {
	c, kids := contextsOf(t, twoTraces, 1)
	roots := kids.Of(0)
	if len(roots) != 1 || len(c.Nodes) != 5 || c.Traces[0] != 2 {
		t.Fatalf("%d roots, %d nodes, %d traces", len(roots), len(c.Nodes), c.Traces[0])
	}
	below := kids.Of(roots[0])
	if len(below) != 2 || c.Op(below[0]).Service != "cart" || c.Op(below[1]).Service != "audit" {
		t.Fatalf("below the root are %v", below)
	}
	cart, redis := c.Nodes[below[0]], c.Nodes[kids.Of(below[0])[0]]
	if got := cart.Sides[0]; got.Count != 3 || got.Total != 160*ms || got.Self != 80*ms || got.Failed != 0 {
		t.Errorf("cart has %+v", got)
	}
	// The two calls of the second trace run at once: 120 ms of calls in 80 ms leave nothing of it apart.
	if got := cart.Sides[0].Apart; got != 60*ms {
		t.Errorf("cart has %d ms apart, want 60", got/ms)
	}
	if got := redis.Sides[0]; got.Count != 3 || got.Total != 140*ms || got.Failed != 1 || redis.Depth != 3 {
		t.Errorf("redis has %+v at depth %d", got, redis.Depth)
	}
	if redis.Longest.Span(int(redis.Span)).Duration() != 60*ms {
		t.Errorf("the longest call of redis takes %d", redis.Longest.Span(int(redis.Span)).Duration())
	}
}

func TestContextsOfTwoSides(t *testing.T) {
	c, kids := contextsOf(t, twoTraces, 2)
	root := kids.Of(0)[0]
	audit := c.Nodes[kids.Of(root)[1]]
	if audit.Sides[0].Count != 0 || audit.Sides[1].Total != 20*ms {
		t.Errorf("audit has %+v", audit.Sides)
	}
	if n := c.Nodes[root]; n.Sides[0].Total != 100*ms || n.Sides[1].Total != 200*ms || n.Longest.Duration() != 200*ms {
		t.Errorf("the root has %+v, the longest %d", n.Sides, n.Longest.Duration())
	}
}

func TestContextsOfSomeSpans(t *testing.T) {
	f := factstest.One(t, twoTraces)
	c := NewContexts(NewKeys())
	c.Add(0, facts.Portion{Facts: f, Spans: []int32{2}})
	c.Add(0, facts.Portion{Facts: f, Spans: []int32{}})
	c.Finish()
	if len(c.Nodes) != 4 {
		t.Fatalf("%d nodes, want the way to one span", len(c.Nodes))
	}
	own := make([]float64, len(c.Nodes))
	for n := range c.Nodes {
		own[n] = float64(c.Nodes[n].Sides[0].Apart)
	}
	if sums := c.Below(own); sums[0] != 20*ms || own[1] != 0 || own[3] != 20*ms {
		t.Errorf("own %v, sums %v", own, sums)
	}
}

// randomTrace writes a trace of n spans whose children begin and end anywhere.
func randomTrace(rng *rand.Rand, n int) string {
	var b strings.Builder
	for i, depth := 0, 0; i < n; i, depth = i+1, rng.IntN(depth+1)+1 {
		fmt.Fprintf(&b, "%sservice-%d op%d %dms +%dms\n", strings.Repeat("  ", depth), rng.IntN(3), rng.IntN(3), rng.IntN(100), rng.IntN(100))
	}
	return b.String()
}

// TestContextsSums checks on random trees that nothing is lost: what the nodes have of their own is what the facts of the
// spans have, and no child is wider than its parent.
func TestContextsSums(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 7))
	for range 200 {
		f := factstest.One(t, randomTrace(rng, 30))
		c := NewContexts(NewKeys())
		c.Add(0, facts.Portion{Facts: f})
		kids := c.Finish()
		var want, got Spent
		for i := f.Trace.First(); i < f.Trace.Len(); i++ {
			want.Self += f.Self[i]
			want.Critical += f.Path.Time(i)
			want.Total += f.Trace.Span(i).Duration()
			want.Count++
		}
		apart := make([]float64, len(c.Nodes))
		for n := range c.Nodes {
			s := c.Nodes[n].Sides[0]
			got.Self, got.Critical, got.Total, got.Count = got.Self+s.Self, got.Critical+s.Critical, got.Total+s.Total, got.Count+s.Count
			apart[n] = float64(s.Apart)
		}
		if got != want {
			t.Fatalf("nodes have %+v, spans %+v", got, want)
		}
		width := c.Below(apart)
		for n := range c.Nodes {
			sum := 0.0
			for _, k := range kids.Of(int32(n)) {
				sum += width[k]
			}
			if sum > width[n] || width[n] < float64(c.Nodes[n].Sides[0].Total) {
				t.Fatalf("node %d is %v wide, its children %v, its spans take %d", n, width[n], sum, c.Nodes[n].Sides[0].Total)
			}
		}
	}
}
