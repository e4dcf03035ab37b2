package compare_test

import (
	"testing"

	"tracefall/diagnose/compare"
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
	good := factsOf(tracetest.Set(t, text("sampler.type=probabilistic sampler.param=0.1", 6)))
	bad := factsOf(tracetest.Set(t, text("tailsampling.policy=errors", 6)))
	c := sets(t, good, bad, compare.SetOptions{})
	want := []compare.Sampler{
		{Text: "tailsampling.policy=errors", Traces: [2]int{0, 6}, Tail: true},
		{Text: "sampler.type=probabilistic, sampler.param=0.1", Traces: [2]int{6, 0}},
	}
	if len(c.Samplers) != 2 || c.Samplers[0] != want[0] || c.Samplers[1] != want[1] {
		t.Errorf("samplers %+v, want %+v", c.Samplers, want)
	}
	if len(c.Attributes) > 0 {
		t.Errorf("how traces were sampled is told as what they have: %+v", c.Attributes)
	}
	if c = sets(t, good, good, compare.SetOptions{}); len(c.Samplers) != 1 || c.Samplers[0].Tail || c.Samplers[0].Traces != [2]int{6, 6} {
		t.Errorf("samplers of one set %+v", c.Samplers)
	}
}

func TestKeptShare(t *testing.T) {
	for _, tt := range []struct {
		state string
		share float64
		ok    bool
	}{
		{"ot=th:c", 0.25, true},
		{"vendor=1, ot=rv:6e6d1a75832a2f;th:8", 0.5, true},
		{"ot=th:0", 1, true},
		{"ot=th:fd70a4", 0.01, true},
		{"ot=th:xyz", 0, false},
		{"ot=th:", 0, false},
		{"rojo=00f067aa0ba902b7", 0, false},
		{"", 0, false},
	} {
		share, ok := compare.KeptShare(tt.state)
		if ok != tt.ok || share < tt.share-1e-4 || share > tt.share+1e-4 {
			t.Errorf("%q keeps %v, %v; want %v, %v", tt.state, share, ok, tt.share, tt.ok)
		}
	}
}
