package sets

import (
	"strings"
	"testing"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/population"
	"tracefall/views"
	"tracefall/views/viewstest"
)

// TestCompareSetsTail: the slowest traces have a section of their own where they say something else than the mean.
func TestCompareSetsTail(t *testing.T) {
	s := openSets(t)
	if text := viewstest.Plain(s, viewstest.Env(t), 140, 60); strings.Contains(text, "slowest 5 %") {
		t.Errorf("the slowest are told although they say the same:\n%s", text)
	}
	c := *s.c
	c.Tail = &population.Tail{Traces: [2]int{6, 5}, Delta: 3e9, Contributions: []compare.Contribution{
		{Node: 0, Kind: compare.KindDuration, Delta: 2e9, Message: "self time +2 s per trace"},
		{Node: 1, Kind: compare.KindDuration, Delta: 1e9, Message: "self time +1 s per trace"},
	}}
	s.SetSets(&c, [2]string{"a", "b"})
	text := viewstest.Plain(s, viewstest.Env(t), 140, 60)
	for _, want := range []string{"Contributors to the difference of the slowest 5 % (2)  6 baseline and 5 bad traces: mean +3.00 s", "+2.00 s   67 %  api POST /checkout"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not said:\n%s", want, text)
		}
	}
	s.to(t, setTail, setItem)
	places := c.Calls[0].Example
	if got := viewstest.Act(s, views.Enter); got != (views.OpenTrace{Trace: places[1].Facts.Trace, Span: places[1].Span}) {
		t.Errorf("enter on a part of the tail gives %#v", got)
	}
	if !strings.Contains(s.Markdown(), "- +2.00 s api POST /checkout: self time +2 s per trace") {
		t.Errorf("the tail is missing in:\n%s", s.Markdown())
	}
}

// TestCompareSetsPace: a way on which traces became slower opens an example of either side.
func TestCompareSetsPace(t *testing.T) {
	s := openSets(t)
	c := *s.c
	good, bad := c.Good[0], c.Bad[0]
	c.Paces = []population.Pace{{
		Good: 3, Bad: 4, Of: [2]int{5, 6}, Cost: 4e9, Times: population.Measure{Mean: [2]float64{1e9, 2e9}, Q: 0.01, SpreadQ: 1}, Node: 1, Message: "here",
	}}
	c.Paces[0].Example[0], c.Paces[0].Example[1] = good, bad
	c.Shapes = nil
	s.SetSets(&c, [2]string{"a", "b"})
	s.to(t, setShapes, setItem)
	r, _ := s.at()
	if got, want := s.line(r), "slower: 3 of 5 → 4 of 6 traces, q 0.010; 4 × +1.00 s = +4.00 s; here"; got != want {
		t.Errorf("the way reads %q, want %q", got, want)
	}
	if got := viewstest.Act(s, views.Inspect); got != (views.CompareTraces{Good: good.Trace, Bad: bad.Trace}) {
		t.Errorf("asking what differs gives %#v", got)
	}
}

// TestCompareSetsSamplers: how traces were sampled is said, and what it does to shares where whole traces were chosen.
func TestCompareSetsSamplers(t *testing.T) {
	s := openSets(t)
	c := *s.c
	c.Samplers = []population.Sampler{{Text: "tailsampling.policy=errors", Traces: [2]int{0, 40}, Tail: true}, {Text: "sampler.param=0.1", Traces: [2]int{60, 0}}}
	s.SetSets(&c, [2]string{"a", "b"})
	text := s.Markdown()
	for _, want := range []string{
		"Sampling:\n- tailsampling.policy=errors: 0 of 60 baseline, 40 of 40 bad; tail-sampled: failed and slow traces are over-represented",
		"- sampler.param=0.1: 60 of 60 baseline, 0 of 40 bad\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not said:\n%s", want, text)
		}
	}
}
