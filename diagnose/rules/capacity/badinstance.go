package capacity

import (
	"fmt"
	"time"

	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/stats"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// BadInstanceThresholds are the gates of bad-instance.
type BadInstanceThresholds struct {
	Errors   int           `toml:"errors" unit:"failed requests" source:"default"`
	Requests int           `toml:"requests" unit:"requests, on the instance and on the others" source:"default"`
	Share    float64       `toml:"share" unit:"share of the service's errors" source:"default"`
	Lift     float64       `toml:"lift" unit:"times the failures expected from the others' error rate" source:"default"`
	Ratio    float64       `toml:"ratio" unit:"times the others' duration" source:"default"`
	Slower   time.Duration `toml:"slower" source:"default; less is noise"`
	Q        float64       `toml:"q" unit:"false discovery rate" source:"default; strict because instances are many (Benjamini-Hochberg)"`
}

// BadInstance finds: one bad instance.
var BadInstance = rule.Detector{
	ID: "D09", Name: "bad-instance", Title: "One bad instance",
	Thresholds: &BadInstanceThresholds{Errors: 3, Requests: 5, Share: 0.6, Lift: 3, Ratio: 1.5, Slower: 5 * time.Millisecond, Q: 0.01},
	Doc: "One of several instances of a service failed or was slow while the others were healthy: a bad host, a full disk, an exhausted pool, " +
		"a bad deploy. Averages over the service hide it.",
	Rule: "errors: `errors` or more of at least `requests` requests failed on one instance, at least `share` of the service's errors and `lift` times the failures expected " +
		"from the error rate of the others, q < `q` (Fisher's exact test). Slowness: at least `ratio` times the duration of the others for the same operation (Hodges-Lehmann) and " +
		"at least `slower` more, q < `q` (Mann-Whitney). Only operations and shards that other instances served too are compared and, except for versions, only " +
		"instances that ran at the same time. Instances that served mostly retries are excluded. If instances show no difference, versions, zones, nodes, regions and " +
		"tenants are compared; if the service has no spans, the addresses that its callers reached.",
	Example:   "All 12 errors of api came from instance server-3: 12 of 31 requests failed there, 0 of 64 on server-1 and server-2.",
	Remedies:  []string{"take the instance out of the load balancer", "compare host, version and configuration with the other instances", "restart it after taking a dump"},
	Limits:    []string{"the traces do not show why the instance fails", "an instance with a different workload may differ for that reason"},
	File:      findBadInstance,
	Relations: rule.Relations{Absorbs: rule.Absorption{Detector: "error-origin", FileOnly: true}},
	Blind: []rule.Blind{
		{Gap: rule.GapAnonymous, Effect: "cannot compare instances"},
	},
}

func findBadInstance(p *rule.FilePass) {
	found := map[string]bool{} // services
	for _, dimension := range semconv.Dimensions(p.Set) {
		compareInstances(p, populationsBy(p, dimension), dimension.What, found)
	}
	if semconv.Carries(p.Set, semconv.NetPeer) {
		compareInstances(p, called(p), "address", found)
	}
}

func compareInstances(p *rule.FilePass, services populations, what string, found map[string]bool) {
	th := rule.ThresholdsOf[BadInstanceThresholds](p)
	var all []*suspect
	for name, service := range services.All() {
		service.name = name
		if len(service.parts.Keys) > 1 && !found[name] {
			all = append(all, service.suspects(th.Requests)...)
		}
	}
	for _, s := range all {
		if what != "version" && (s.failing(th) || s.slow(th)) { // versions follow one another
			if s.apart = s.service.apart(s.part); len(s.apart) > 0 {
				s.compare()
			}
		}
	}
	errors := stats.BenjaminiHochberg(rule.Floats(all, func(s *suspect) float64 { return s.fisher }))
	durations := stats.BenjaminiHochberg(rule.Floats(all, func(s *suspect) float64 { return s.mannWhitney }))
	for n, s := range all {
		switch {
		case s.failing(th) && errors[n] < th.Q:
			reportFailing(p, s, what, errors[n])
		case s.slow(th) && durations[n] < th.Q:
			reportSlow(p, s, what, durations[n])
		default:
			continue
		}
		found[s.service.name] = true
	}
}

func (s *suspect) failing(th *BadInstanceThresholds) bool {
	return s.k >= th.Errors && s.n >= th.Requests && s.otherN >= th.Requests &&
		float64(len(s.failed)) >= th.Share*float64(s.service.failed) && float64(s.k) >= th.Lift*s.expected
}

func (s *suspect) slow(th *BadInstanceThresholds) bool {
	return len(s.own) >= th.Requests && len(s.others) >= th.Requests && s.ratio >= th.Ratio &&
		s.typical*(1-1/s.ratio) >= float64(th.Slower)
}

func reportFailing(p *rule.FilePass, s *suspect, what string, q float64) {
	failed := s.service.failed
	f := rule.Finding{
		Kind: fmt.Sprintf("%s: one bad %s (%s)", rule.Quoted(s.service.name), what, rule.Quoted(s.name)), Placed: true,
		Message: fmt.Sprintf("%s of %s came from %s %s: %s of %s failed there, %s of %s on %s%s.",
			outOf(len(s.failed), failed), rule.Quoted(s.service.name), what, rule.Quoted(s.name),
			trace.Grouped(s.k), rule.Calls(s.n, "request"), trace.Grouped(s.otherK), trace.Grouped(s.otherN), s.service.others(s.part, s.apart), s.compared()),
		Evidence: append(rule.EvidenceOf(rule.RoleOffender, s.failed...), rule.EvidenceOf(rule.RoleBaseline, s.service.examples(s.part)...)...),
		Numbers: rule.Numbers{Count: s.k, More: []rule.Number{
			{Name: "requests", Value: float64(s.n)}, {Name: "failed_share", Value: float64(s.k) / float64(s.n)}, {Name: "others_failed_share", Value: float64(s.otherK) / float64(max(s.otherN, 1))}, {Name: "q", Value: q},
		}},
		Checks: []rule.Check{
			{Name: "100 % of the service's errors", Passed: len(s.failed) == failed},
			{Name: "≥ 10 requests", Passed: s.n >= 10},
			{Name: "100 % of its requests failed", Passed: s.k == s.n},
			{Name: "q ≤ 0.001", Passed: q <= 0.001},
		},
		Confidence:  0.6,
		ErrorWeight: 0.3,
		Service:     s.service.name,
		Remedies:    remediesOf[what],
	}
	if endsIn(s.failed) == rule.WeightExplains {
		f.ErrorWeight = float64(len(s.failed)) / float64(failed)
	}
	f.Gain(0.1, 0.1, 0.05, 0.1)
	p.Report(s.failed[0], "errors "+s.service.name+" "+what, f)
}

// remediesOf are the common fixes where the part is no instance.
var remediesOf = map[string][]string{
	"version": {"roll the version back", "compare changes and configuration of the two versions"},
	"zone":    {"take the zone out of the load balancer", "compare the dependencies of its instances with the others"},
	"region":  {"route around the region", "compare the dependencies of its instances with the others"},
	"node":    {"drain the node", "compare its load, disks and network with the others"},
	"tenant":  {"check the tenant's request types, rate and data size", "add a limit per tenant"},
}

// compared names the requests that were compared where these are not all.
func (s *suspect) compared() string {
	all := s.service.all
	for other := range s.apart {
		all -= len(other.served) + len(other.failed)
	}
	if s.n+s.otherN == all {
		return ""
	}
	return " for the same operations"
}

func outOf(k, n int) string {
	if k == n {
		return fmt.Sprintf("All %s", rule.Calls(n, "error"))
	}
	return fmt.Sprintf("%s of %s", trace.Grouped(k), rule.Calls(n, "error"))
}

func reportSlow(p *rule.FilePass, s *suspect, what string, q float64) {
	f := rule.Finding{
		Kind: fmt.Sprintf("%s: one slow %s (%s)", rule.Quoted(s.service.name), what, rule.Quoted(s.name)), Placed: true,
		Message: fmt.Sprintf("%s took %.1f× as long on %s %s as on %s: median %s against %s (%s and %s).",
			rule.Quoted(s.service.name), s.ratio, what, rule.Quoted(s.name), s.service.others(s.part, s.apart)+s.compared(),
			units.Lasted(int64(s.typical)), units.Lasted(int64(stats.Median(s.otherLasted))), trace.Grouped(len(s.own)), rule.Calls(len(s.others), "request")),
		Evidence: append(rule.EvidenceOf(rule.RoleOffender, s.served...), rule.EvidenceOf(rule.RoleBaseline, s.service.examples(s.part)...)...),
		Numbers: rule.Numbers{Count: len(s.served), More: []rule.Number{
			{Name: "ratio", Value: s.ratio}, {Name: "typical_nano", Value: s.typical}, {Name: "q", Value: q},
		}},
		Checks: []rule.Check{
			{Name: "≥ 2× as long", Passed: s.ratio >= 2},
			{Name: "≥ 10 requests", Passed: len(s.own) >= 10},
			{Name: "≥ 3 instances to compare", Passed: len(s.service.parts.Keys) > 2},
			{Name: "q ≤ 0.001", Passed: q <= 0.001},
		},
		Confidence: 0.5,
		Cap:        new(rule.High),
		Service:    s.service.name,
		Remedies:   remediesOf[what],
	}
	f.Numbers.AddTimes(s.served)
	f.Numbers.Avoidable = int64(float64(f.Numbers.Critical) * (1 - 1/s.ratio))
	f.Gain(0.1, 0.1, 0.1, 0.1)
	p.Report(s.served[0], "duration "+s.service.name+" "+what, f)
}
