package population_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"tracefall/diagnose/compare/comparetest"
	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/sources/trace"
)

// asking is a call that a caller makes in a trace of TestCulpritsOfKinds.
type asking struct {
	caller, callee string
	name           string  // of the client's span
	gap, work      float64 // ms
	outlasts       float64 // ms that the callee's span ends after the call
	failed, alone  bool    // the call failed; nobody answered it
}

// asked makes a trace in which the gateway asks services, one after another, directly or over others.
func asked(r *rand.Rand, kinds [3]trace.Kind, own float64, list []asking) []comparetest.Span {
	ms := func(mean float64) int64 { return int64(mean * 1e6 * math.Exp(r.NormFloat64()*0.1)) }
	spans := []comparetest.Span{{Parent: -1, Service: "gateway", Name: "POST /order", Kind: kinds[0]}}
	at := ms(own)
	for _, a := range list {
		parent, over := 0, -1
		if a.caller != "gateway" {
			spans = append(spans, comparetest.Span{Parent: 0, Service: "gateway", Name: "POST", Kind: kinds[1], Start: at},
				comparetest.Span{Parent: len(spans), Service: a.caller, Name: "/" + a.caller, Kind: kinds[0], Start: at + ms(1)})
			over, parent = len(spans)-2, len(spans)-1
			at += ms(2)
		}
		gap, work := ms(a.gap), ms(a.work)
		call := len(spans)
		spans = append(spans, comparetest.Span{Parent: parent, Service: a.caller, Name: a.name, Kind: kinds[1], Start: at, End: at + gap + work, Failed: a.failed})
		if !a.alone {
			spans = append(spans, comparetest.Span{Parent: call, Service: a.callee, Name: "/api/" + a.callee, Kind: kinds[0], Start: at + gap/2, End: at + gap/2 + work + ms(a.outlasts)})
		}
		at += gap + work
		if over >= 0 {
			spans[over+1].End, spans[over].End = at+ms(1), at+ms(2)
			at += ms(2)
		}
		at += ms(0.5)
	}
	spans[0].End = at + ms(1)
	return spans
}

func askedSets(t *testing.T, seed uint64, n int, kinds [3]trace.Kind, of func(r *rand.Rand, i int) (own float64, list []asking)) []*facts.Facts {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 21))
	b := trace.NewBuilder()
	for i := range n {
		own, list := of(r, i)
		comparetest.Build(t, b, uint64(i)+1, asked(r, kinds, own, list))
	}
	return factstest.Of(b.Build())
}

// TestCulpritsOfKinds: one scene for each kind of fault that the ranking must see through, and what must be said of it.
func TestCulpritsOfKinds(t *testing.T) {
	known := [3]trace.Kind{trace.KindServer, trace.KindClient}
	three := func(slow string, by float64) []asking {
		var list []asking
		for _, name := range []string{"alpha", "beta", "gamma"} {
			a := asking{caller: "gateway", callee: name, name: "POST", gap: 3, work: 15}
			if name == slow || slow == "all" {
				a.gap += by
			}
			list = append(list, a)
		}
		return list
	}
	steady := func(list []asking) func(*rand.Rand, int) (float64, []asking) {
		return func(*rand.Rand, int) (float64, []asking) { return 2, list }
	}
	paths := func(gap float64) func(*rand.Rand, int) (float64, []asking) {
		return func(_ *rand.Rand, i int) (float64, []asking) {
			return 2, []asking{{caller: fmt.Sprintf("svc%d", i%8), callee: "contacts", name: "POST", gap: gap, work: 5}}
		}
	}
	for _, tt := range []struct {
		name      string
		kinds     [3]trace.Kind
		good, bad func(*rand.Rand, int) (float64, []asking)
		n         int // bad traces
		want      string
		says      string
	}{
		{"slow for eight callers", known, paths(3), paths(400), 16, "contacts", "for 8 of 8 callers, most for svc"},
		{"slow towards everything", known, steady(three("", 0)), steady(three("all", 60)), 30, "gateway", "for 3 of 3 callees"},
		{"stops calling", known, steady(three("", 0)), func(_ *rand.Rand, i int) (float64, []asking) {
			if i%2 == 0 {
				return 0.5, nil
			}
			return 2, three("", 0)
		}, 30, "gateway", "fewer calls: POST 1 → 0.5 per POST /order, and 2 other operations"},
		{"one name for all calls", known, steady(three("", 0)), steady(three("gamma", 200)), 30, "gamma", " per call of POST from gateway"},
		{"kinds internal", [3]trace.Kind{trace.KindInternal, trace.KindInternal}, steady(three("", 0)), steady(three("beta", 200)), 30, "beta", "from gateway"},
		{"no kinds", [3]trace.Kind{}, steady(three("", 0)), steady(three("beta", 200)), 30, "beta", "from gateway"},
		{
			"server outlasts its call", known, steady([]asking{{caller: "gateway", callee: "alpha", name: "POST", gap: 0.1, work: 20, outlasts: 30}}),
			steady([]asking{{caller: "gateway", callee: "alpha", name: "POST", gap: 300, work: 20}}), 30, "alpha",
			"network/queue time 0 → 3",
		},
		{"gone", known, steady(three("", 0)), func(r *rand.Rand, _ int) (float64, []asking) {
			list := three("", 0)
			if r.IntN(2) == 0 {
				list[1].alone, list[1].failed, list[1].work = true, true, 0
			}
			return 2, list
		}, 30, "beta", "errors originate in POST: 0 % → "},
		{"gone, no status", known, steady(three("", 0)), func(r *rand.Rand, _ int) (float64, []asking) {
			list := three("", 0)
			list[1].alone = r.IntN(2) == 0
			return 2, list
		}, 30, "beta", "calls of gateway without a server span, calls/trace 0 → 0."},
		{"a trifle", known, steady(three("", 0)), steady(three("beta", 1)), 200, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := sets(t, askedSets(t, 1, max(40, tt.n), tt.kinds, tt.good), askedSets(t, 2, tt.n, tt.kinds, tt.bad), population.Options{})
			if tt.want == "" {
				if len(c.Culprits) > 0 {
					t.Errorf("a difference that does not matter is blamed on %s: %s", c.Culprits[0].Service, c.Culprits[0].Message)
				}
				return
			}
			if len(c.Culprits) == 0 || c.Culprits[0].Service != tt.want || !strings.Contains(c.Culprits[0].Message, tt.says) || len(c.Culprits[0].Evidence) < 2 {
				t.Fatalf("%s is not first with %q: %s", tt.want, tt.says, brief(c))
			}
			if name := c.PartName(c.Contributions[0]); tt.want == "gamma" && name != "gateway → gamma POST" {
				t.Errorf("most of the difference is in %s", name)
			}
			for _, k := range c.Culprits {
				if strings.Contains(k.Message, " ns") {
					t.Errorf("nanoseconds in %q", k.Message)
				}
			}
		})
	}
}

// TestCulpritsSayOfSkew: that servers outlast the calls to them is said.
func TestCulpritsSayOfSkew(t *testing.T) {
	known := [3]trace.Kind{trace.KindServer, trace.KindClient}
	scene := func(gap, outlasts float64) func(*rand.Rand, int) (float64, []asking) {
		return func(*rand.Rand, int) (float64, []asking) {
			return 2, []asking{{caller: "gateway", callee: "alpha", name: "POST", gap: gap, work: 20, outlasts: outlasts}}
		}
	}
	c := sets(t, askedSets(t, 1, 40, known, scene(0.1, 30)), askedSets(t, 2, 40, known, scene(300, 0)), population.Options{})
	if want := "spans of alpha outlast the calls to it by up to "; len(c.Culprits) == 0 || !strings.Contains(c.Culprits[0].Message, want) {
		t.Errorf("it is not said that %q: %s", want, brief(c))
	}
}
