package capacity

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/stats"
	"tracefall/diagnose/units"
)

// GrowingTrendThresholds are the gates of growing-trend.
type GrowingTrendThresholds struct {
	Tau       float64       `toml:"tau" unit:"rank correlation with time" source:"own choice: nine of ten pairs in order"`
	P         float64       `toml:"p" unit:"probability" source:"usual level"`
	Q         float64       `toml:"q" unit:"share of false findings" source:"usual level, Benjamini-Hochberg"`
	Ratio     float64       `toml:"ratio" unit:"last to first" source:"own choice: half as much again"`
	Points    int           `toml:"points" unit:"traces" source:"fewer cannot be cut into windows"`
	FewP      float64       `toml:"few-p" unit:"probability" source:"four points that rise have 0.042"`
	FewRatio  float64       `toml:"few-ratio" unit:"last to first" source:"few points have to say more"`
	FewPoints int           `toml:"few-points" unit:"traces" source:"three points in order happen by chance once in six"`
	Together  float64       `toml:"together" unit:"rank correlation with time" source:"from here on the duration counts as rising too"`
	Rise      time.Duration `toml:"rise" source:"own choice: what durations have to rise by"`
}

// GrowingTrend finds: growing resource or latency.
var GrowingTrend = rule.Detector{
	ID: "D08", Name: "growing-trend", Title: "Growing resource or latency",
	Thresholds: &GrowingTrendThresholds{
		Tau: 0.7, P: 0.01, Q: 0.05, Ratio: 1.5, Points: 20, FewP: 0.05, FewRatio: 2, FewPoints: 4, Together: 0.6, Rise: 10 * time.Millisecond,
	},
	Doc: "A number that requests report — the size of a cache, the depth of a queue — or their duration rose all through the file. " +
		"A leak shows so long before it ends the process.",
	Rule: "with `points` traces or more, cut into at most 12 windows: rank correlation with time (Mann-Kendall) at least `tau` with p below `p`, " +
		"q below `q` over all series, and last to first at least `ratio`. With `few-points` traces or more: never falling, p at most `few-p`, " +
		"at least `few-ratio`, for numbers that the duration rises with, by `together`, or whose name says that they measure an amount. " +
		"Ids, times, counters and series that fall back do not count. A series that rose in one step, by `ratio`, is told as that (Pettitt's test), low at most.",
	Example:  "cache.size on user-service GET /users/:id rose over 4 requests and never fell, 1,000 → 5,000 → 15,000 → 50,000, within 3 h 00 m; the duration rose 100 ms → 800 ms (rank correlation 1.0, p 0.042).",
	Remedies: []string{"bound the cache: least recently used, and a time to live", "look at the heap profile", "look for what is opened and not closed"},
	Limits:   []string{"memory itself is not in the traces", "traffic that grows can do the same"},
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
	told := map[grownKey]bool{}
	for _, s := range steps(work, th) {
		if k := (grownKey{s.series.Op, s.series.Key}); rising.Of(k) == nil && !told[k] {
			told[k] = true
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
		Kind:     "growing " + nameOf(td.series),
		Evidence: rule.EvidenceOf(rule.RoleOffender, places...),
		Numbers: rule.Numbers{Count: len(points), More: []rule.Number{
			{Name: "first", Value: td.values[0]}, {Name: "last", Value: td.last()}, {Name: "rank_correlation", Value: td.trend.Tau}, {Name: "p", Value: td.trend.P},
			{Name: "slope_per_window", Value: stats.SenSlope(td.values)},
		}},
		Checks: []rule.Check{
			{Name: "20 traces or more", Passed: !td.few()},
			{Name: "the duration rose too", Passed: slower || duration},
			{Name: "the name says that it measures an amount", Passed: patterns.Quantity(td.series.Key)},
			{Name: "it rose in every window", Passed: td.trend.Tau == 1},
		},
	}
	f.Message = fmt.Sprintf("%s on %s %s %s, %s, within %s", nameOf(td.series), op.Service, rule.Quoted(op.Label()), td.often(), td.course(),
		units.Lasted(points[len(points)-1].Time-points[0].Time))
	if slower && !duration {
		f.Message += fmt.Sprintf("; the duration rose %s → %s", units.Lasted(int64(took)), units.Lasted(int64(takes)))
	}
	f.Message += fmt.Sprintf(" (rank correlation %.1f, p %s).", td.trend.Tau, digits(td.trend.P, 2))
	if td.series.Instance != "" {
		f.Message += " That was on instance " + rule.Quoted(td.series.Instance)
		if others := len(instances) - 1; others > 0 {
			f.Message += fmt.Sprintf("; it rose on %s as well", rule.Calls(others, "other instance"))
		}
		f.Message += "."
	}
	if rate := td.load(); rate >= th.Tau {
		f.Message += fmt.Sprintf(" Requests came faster as well (rank correlation %.1f).", rate)
	}
	td.weigh(&f, slower || duration)
	p.Report(last, op.Service+" "+op.Label()+" "+td.series.Key, f)
}

// weigh says how much a trend matters: a number that the duration rises with more than one that it does not.
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
		return fmt.Sprintf("rose over %s and never fell", rule.Calls(len(td.values), "request"))
	}
	size := strconv.Itoa(len(td.series.Points) / len(td.values))
	if len(td.series.Points)%len(td.values) != 0 {
		size += fmt.Sprintf(" or %d", len(td.series.Points)/len(td.values)+1)
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
