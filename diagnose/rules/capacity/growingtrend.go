package capacity

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/stats"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// GrowingTrendThresholds are the gates of growing-trend.
type GrowingTrendThresholds struct {
	Tau       float64       `toml:"tau" unit:"rank correlation with time" source:"default"`
	P         float64       `toml:"p" unit:"probability" source:"common significance level"`
	Q         float64       `toml:"q" unit:"false discovery rate" source:"common level (Benjamini-Hochberg)"`
	Ratio     float64       `toml:"ratio" unit:"times the first value" source:"default; for the last value"`
	Points    int           `toml:"points" unit:"traces" source:"default; fewer cannot be split into windows"`
	FewP      float64       `toml:"few-p" unit:"probability" source:"4 rising points have p 0.042"`
	FewRatio  float64       `toml:"few-ratio" unit:"times the first value" source:"default; few points need a stronger rise"`
	FewPoints int           `toml:"few-points" unit:"traces" source:"3 rising points have p 0.17"`
	Together  float64       `toml:"together" unit:"rank correlation with time" source:"default; from here on the duration counts as rising"`
	Rise      time.Duration `toml:"rise" source:"default; least rise of a duration"`
}

// GrowingTrend finds: growing resource or latency.
var GrowingTrend = rule.Detector{
	ID: "D08", Name: "growing-trend", Title: "Growing resource use or latency",
	Thresholds: &GrowingTrendThresholds{
		Tau: 0.7, P: 0.01, Q: 0.05, Ratio: 1.5, Points: 20, FewP: 0.05, FewRatio: 2, FewPoints: 4, Together: 0.6, Rise: 10 * time.Millisecond,
	},
	Doc: "A recorded number (cache size, queue depth) or the self time of an operation grows throughout the file. " +
		"A leak is visible this way long before the process runs out of memory.",
	Rule: "with ≥ `points` traces, split into at most 12 windows: rank correlation with time (Mann-Kendall) ≥ `tau`, p < `p`, " +
		"q < `q` over all series, last value ≥ `ratio` times the first. With ≥ `few-points` traces: monotonic rise, p ≤ `few-p`, last value " +
		"≥ `few-ratio` times the first, for numbers that rise together with the duration (its rank correlation ≥ `together`) or whose name is an amount (size, count, bytes). " +
		"A duration must rise by at least `rise`. Ids, timestamps, counters and series that reset do not count. A rise in one step to `ratio` times the value before is " +
		"reported as a step change (Pettitt's test), low at most.",
	Example:  "cache.size on user-service GET /users/:id rose monotonically over 4 requests (1,000 → 5,000 → 15,000 → 50,000) within 3 h 00 m (rank correlation 1.0, p 0.042); duration rose 100 ms → 800 ms.",
	Remedies: []string{"bound the cache (LRU and TTL)", "check the heap profile", "check for resources that are opened but not closed"},
	Limits:   []string{"memory use is not recorded in traces", "growing traffic can have the same effect"},
	File:     findGrowingTrend,
}

func findGrowingTrend(p *rule.FilePass) {
	th := rule.ThresholdsOf[GrowingTrendThresholds](p)
	work := patterns.NewWork(p.Traces, th.FewPoints)
	numbers, durations := tendencies(work, th)
	grown := map[*patterns.Work]bool{}
	var rising rule.Lists[grownKey, *tendency] // what grew, one list for all instances
	for _, td := range numbers {
		if td.rises() {
			grown[td.work] = true
			rising.Add(grownKey{td.series.Op, td.series.Key}, td)
		}
	}
	for _, td := range durations {
		if !grown[td.work] && td.rises() && td.last()-td.values[0] >= float64(th.Rise) {
			rising.Add(grownKey{td.series.Op, td.series.Key}, td)
		}
	}
	for _, instances := range rising.All() {
		reportTrend(p, instances)
	}
	reported := map[grownKey]bool{}
	for _, s := range steps(work, th) {
		if k := (grownKey{s.series.Op, s.series.Key}); rising.Of(k) == nil && !reported[k] {
			reported[k] = true
			reportStep(p, &s)
		}
	}
}

// grownKey is what instances have in common: an operation and what grew.
type grownKey struct {
	op  int32
	key string
}

// reportTrend reports what grew on one instance or more, by the one that has most points.
func reportTrend(p *rule.FilePass, instances []*tendency) {
	th := rule.ThresholdsOf[GrowingTrendThresholds](p)
	td := slices.MaxFunc(instances, func(a, b *tendency) int { return cmp.Compare(len(a.series.Points), len(b.series.Points)) })
	points := td.series.Points
	places := placesOf(p, points)
	last := places[len(places)-1]
	op := last.Op(last.Span)
	duration := td.series.Key == ""
	took, takes := td.lasted[0], td.lasted[len(td.lasted)-1]
	slower := td.latency.Tau >= th.Together && takes >= th.Ratio*took && takes-took >= float64(th.Rise)
	f := rule.Finding{
		Kind:     grows(td.series),
		Where:    strings.TrimSpace(op.Service + " " + rule.Quoted(op.Label())),
		Evidence: rule.EvidenceOf(rule.RoleOffender, places...),
		Numbers: rule.Numbers{Count: len(points), More: []rule.Number{
			{Name: "first", Value: td.values[0]}, {Name: "last", Value: td.last()}, {Name: "rank_correlation", Value: td.trend.Tau}, {Name: "p", Value: td.trend.P},
			{Name: "slope_per_window", Value: stats.SenSlope(td.values)},
		}},
		Checks: []rule.Check{
			{Name: "≥ " + rule.Calls(th.Points, "trace"), Passed: !td.few()},
			{Name: "rises from each value to the next", Passed: td.trend.Tau == 1},
		},
	}
	if !duration {
		f.Checks = append(f.Checks, rule.Check{Name: "duration rises too", Passed: slower},
			rule.Check{Name: "attribute name is an amount (size, count, bytes)", Passed: patterns.Quantity(td.series.Key)})
	}
	f.Message = fmt.Sprintf("%s on %s %s %s (%s) within %s (rank correlation %.1f, %s)", sentenceName(td.series), rule.Named(op.Service), rule.Quoted(op.Label()), td.often(), td.course(),
		units.Lasted(points[len(points)-1].Time-points[0].Time), td.trend.Tau, probability(td.trend.P))
	if slower && !duration {
		f.Message += fmt.Sprintf("; duration rose %s → %s", units.Lasted(int64(took)), units.Lasted(int64(takes)))
	}
	f.Message += "."
	if td.series.Instance != "" {
		f.Message += " Instance: " + rule.Quoted(td.series.Instance)
		if others := len(instances) - 1; others > 0 {
			f.Message += fmt.Sprintf(" and %s", rule.Calls(others, "other"))
		}
		f.Message += "."
	}
	if rate := td.load(); rate >= th.Tau {
		f.Message += fmt.Sprintf(" The request rate rose too (rank correlation %.1f).", rate)
	}
	td.weigh(&f, slower || duration)
	p.Report(last, op.Service+" "+op.Label()+" "+td.series.Key, f)
}

// weigh rates how much a trend matters: a number that the duration rises with more than one that it does not.
func (td *tendency) weigh(f *rule.Finding, slower bool) {
	const (
		much   = 0.3  // high
		some   = 0.12 // medium
		little = 0.05 // low
	)
	switch {
	case td.few():
		f.Confidence, f.Risk = 0.5, little
		if slower {
			f.Confidence, f.Risk = 0.6, some
		}
	case slower:
		f.Confidence, f.Risk = 0.8, much
	case patterns.Quantity(td.series.Key):
		f.Confidence, f.Risk = 0.7, some
	default:
		f.Confidence, f.Risk = 0.6, little
	}
	if td.trend.Tau == 1 && !td.few() {
		f.Confidence += 0.1
	}
}

func (td *tendency) often() string {
	if td.few() {
		return fmt.Sprintf("rose monotonically over %s", rule.Calls(len(td.values), "request"))
	}
	size := trace.Grouped(len(td.series.Points) / len(td.values))
	if len(td.series.Points)%len(td.values) != 0 {
		size += " or " + trace.Grouped(len(td.series.Points)/len(td.values)+1)
	}
	return fmt.Sprintf("rose over %d windows of %s requests each", len(td.values), size)
}

// course writes the values of the windows; of many the first three and the last.
func (td *tendency) course() string {
	const most = 6
	values := td.values
	var parts []string
	for n, v := range values {
		switch {
		case len(values) <= most || n < 3 || n == len(values)-1:
			parts = append(parts, write(td.series, v))
		case n == 3:
			parts = append(parts, "…")
		}
	}
	return strings.Join(parts, " → ")
}
