package population_test

import (
	"testing"

	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/factstest"
	"tracefall/sources/tracetest"
)

func TestSetsSamplers(t *testing.T) {
	text := func(attrs string, n int) string {
		list := ""
		for i := range n {
			list += "trace " + string(rune('a'+i)) + "\nweb root 0ms +10ms " + attrs + "\n"
		}
		return list
	}
	good := factstest.Of(tracetest.Set(t, text("sampler.type=probabilistic sampler.param=0.1", 6)))
	bad := factstest.Of(tracetest.Set(t, text("tailsampling.policy=errors", 6)))
	c := sets(t, good, bad, population.Options{})
	want := []population.Sampler{
		{Text: "tailsampling.policy=errors", Traces: [2]int{0, 6}, Tail: true},
		{Text: "sampler.type=probabilistic, sampler.param=0.1", Traces: [2]int{6, 0}},
	}
	if len(c.Samplers) != 2 || c.Samplers[0] != want[0] || c.Samplers[1] != want[1] {
		t.Errorf("samplers %+v, want %+v", c.Samplers, want)
	}
	if len(c.Attributes) > 0 {
		t.Errorf("how traces were sampled is told as what they have: %+v", c.Attributes)
	}
	if c = sets(t, good, good, population.Options{}); len(c.Samplers) != 1 || c.Samplers[0].Tail || c.Samplers[0].Traces != [2]int{6, 6} {
		t.Errorf("samplers of one set %+v", c.Samplers)
	}
}
