package capacity

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/stats"
	"tracefall/sources/trace"
)

// step is a series that rose once and stayed there: a deploy, a failover, another load. It is no growth.
//
//	          ________
//	         |
//	_________|
//	       before
type step struct {
	series *patterns.Series
	values []float64
	before int     // so many points lie before it
	p, q   float64 // Pettitt's test
}

// steps tests the series that are long enough, those of durations and of what measures an amount, and returns the ones
// that stepped.
func steps(work []patterns.Work, th *GrowingTrendThresholds) []step {
	var list []step
	for n := range work {
		w := &work[n]
		if len(w.Self.Points) >= th.Points {
			list = append(list, newStep(&w.Self))
		}
		for a := range w.Attrs {
			if s := &w.Attrs[a]; len(s.Points) >= th.Points && patterns.Quantity(s.Key) {
				list = append(list, newStep(s))
			}
		}
	}
	for n, q := range stats.BenjaminiHochberg(rule.Floats(list, func(s step) float64 { return s.p })) {
		list[n].q = q
	}
	return slices.DeleteFunc(list, func(s step) bool { return !s.stepped(th) })
}

func newStep(series *patterns.Series) step {
	s := step{series: series, values: series.Values()}
	s.before, s.p = stats.Pettitt(s.values)
	return s
}

// levels returns the medians before and after.
func (s *step) levels() (before, after float64) {
	return stats.Median(s.values[:s.before]), stats.Median(s.values[s.before:])
}

// stepped reports whether the two sides are apart, and whether it happened at once: a slope rises within them too.
func (s *step) stepped(th *GrowingTrendThresholds) bool {
	const (
		side  = 5    // values that a level needs
		share = 0.75 // of the rise, between the values next to it
		tail  = 0.1
	)
	if s.p >= th.P || s.q >= th.Q || s.before < side || len(s.values)-s.before < side {
		return false
	}
	before, after := s.levels()
	if after < th.Ratio*before || s.series.Key == "" && after-before < float64(th.Rise) {
		return false
	}
	left, right := slices.Sorted(slices.Values(s.values[:s.before])), slices.Sorted(slices.Values(s.values[s.before:]))
	if right[int(tail*float64(len(right)))] <= left[len(left)-1-int(tail*float64(len(left)))] {
		return false
	}
	at := stats.Median(s.values[s.before:s.before+side]) - stats.Median(s.values[s.before-side:s.before])
	return at >= share*(after-before) && at*share <= after-before
}

func reportStep(p *rule.FilePass, s *step) {
	points := s.series.Points
	places := placesOf(p, points[s.before:])
	first := places[0]
	op := first.Op(first.Span)
	before, after := s.levels()
	most := rule.Info
	if s.series.Key == "" {
		most = rule.Low
	}
	f := rule.Finding{
		Kind:  "step change in " + nameOf(s.series),
		Where: strings.TrimSpace(op.Service + " " + rule.Quoted(op.Label())),
		Message: fmt.Sprintf("%s on %s %s changed from a median of %s to %s at %s UTC (%s before, %s after).",
			sentenceName(s.series), rule.Named(op.Service), rule.Quoted(op.Label()), write(s.series, before), write(s.series, after),
			time.Unix(0, points[s.before].Time).UTC().Format(time.TimeOnly), rule.Calls(s.before, "request"), trace.Grouped(len(places))),
		Evidence: append(rule.EvidenceOf(rule.RoleOffender, places...), rule.EvidenceOf(rule.RoleBaseline, placesOf(p, points[s.before-1:s.before])...)...),
		Numbers:  rule.Numbers{Count: len(places), More: []rule.Number{{Name: "before", Value: before}, {Name: "after", Value: after}, {Name: "p", Value: s.p}}},
		Checks: []rule.Check{
			{Name: "≥ 2× the value before", Passed: after >= 2*before},
			{Name: "≥ 20 requests before and after", Passed: min(s.before, len(places)) >= 20},
			{Name: "q ≤ 0.001", Passed: s.q <= 0.001},
		},
		Confidence: 0.5,
		Risk:       0.05,
		Cap:        new(most),
		Remedies:   []string{"check what changed at that time: deploy, configuration, failover, load"},
	}
	f.Gain(0.1, 0.1, 0.1)
	if s.series.Instance != "" {
		f.Message += " Instance: " + rule.Quoted(s.series.Instance) + "."
	}
	p.Report(first, "step "+op.Service+" "+op.Label()+" "+s.series.Key, f)
}
