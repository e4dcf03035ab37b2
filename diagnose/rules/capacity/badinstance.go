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
	Errors   int           `toml:"errors" unit:"failed requests" source:"fewer are no pattern"`
	Requests int           `toml:"requests" unit:"requests, of the instance and of the others" source:"fewer say nothing"`
	Share    float64       `toml:"share" unit:"share of the service's errors" source:"own choice: most of them"`
	Lift     float64       `toml:"lift" unit:"failures, times what the others' rates would give" source:"own choice"`
	Ratio    float64       `toml:"ratio" unit:"duration, times the others'" source:"own choice: half as long again"`
	Slower   time.Duration `toml:"slower" source:"own choice: less is noise"`
	Q        float64       `toml:"q" unit:"share of false findings" source:"strict, because instances are many; Benjamini-Hochberg"`
}

// BadInstance finds: one bad instance.
var BadInstance = rule.Detector{
	ID: "D09", Name: "bad-instance", Title: "One bad instance",
	Thresholds: &BadInstanceThresholds{Errors: 3, Requests: 5, Share: 0.6, Lift: 3, Ratio: 1.5, Slower: 5 * time.Millisecond, Q: 0.01},
	Doc: "One of several instances of a service failed, or was slow, while the others were well: a bad host, a full disk, an exhausted pool, " +
		"a bad deploy. Averages over the service hide it.",
	Rule: "errors: `errors` or more of at least `requests` requests failed on one instance, `share` of the service's errors, `lift` times the others' rate, " +
		"q below `q` (Fisher's exact test). Slowness: `ratio` times the others' duration for the same operation (Hodges-Lehmann) and `slower` more, q below `q` " +
		"(Mann-Whitney). Only requests that others served too are compared: the same operations and shards, and, but for versions, instances that ran at the " +
		"same time; the others' " +
		"rates count by operation. Instances that got mostly further attempts are left out. Versions, zones, nodes, regions and tenants are looked at where instances " +
		"say nothing, and where the service left no spans the addresses that its callers reached.",
	Example:   "All 12 errors of api came from instance server-3: 12 of 31 requests failed there, 0 of 64 on server-1 and server-2.",
	Remedies:  []string{"take the instance out of the load balancer", "compare its host, version and configuration with the others'", "restart it, after a dump"},
	Limits:    []string{"what is wrong with the instance is not in the traces", "an instance that gets other requests differs for that reason"},
	File:      findBadInstance,
	Relations: rule.Relations{Absorbs: rule.Absorption{Detector: "error-origin", FileOnly: true}},
	Blind: []rule.Blind{
		{Gap: rule.GapAnonymous, Effect: "instances cannot be compared"},
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
		Kind: fmt.Sprintf("%s fails on %s", rule.Quoted(s.service.name), rule.Quoted(s.name)),
		Message: fmt.Sprintf("%s of %s came from %s %s: %s of %s failed there, %s of %s on %s%s.",
			outOf(len(s.failed), failed), rule.Quoted(s.service.name), what, rule.Quoted(s.name),
			trace.Grouped(s.k), rule.Calls(s.n, "request"), trace.Grouped(s.otherK), trace.Grouped(s.otherN), s.service.others(s.part, s.apart), s.compared()),
		Evidence: append(rule.EvidenceOf(rule.RoleOffender, s.failed...), rule.EvidenceOf(rule.RoleBaseline, s.service.examples(s.part)...)...),
		Numbers: rule.Numbers{Count: s.k, More: []rule.Number{
			{Name: "requests", Value: float64(s.n)}, {Name: "failed_share", Value: float64(s.k) / float64(s.n)}, {Name: "others_failed_share", Value: float64(s.otherK) / float64(max(s.otherN, 1))}, {Name: "q", Value: q},
		}},
		Checks: []rule.Check{
			{Name: "every error came from it", Passed: len(s.failed) == failed},
			{Name: "ten requests or more", Passed: s.n >= 10},
			{Name: "every request on it failed", Passed: s.k == s.n},
			{Name: "one chance in a thousand or less", Passed: q <= 0.001},
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

// remediesOf are the usual ones where the part is no instance.
var remediesOf = map[string][]string{
	"version": {"roll the version back", "compare the two versions' changes and configuration"},
	"zone":    {"take the zone out of the load balancer", "compare what its instances depend on with the others'"},
	"region":  {"route around the region", "compare what its instances depend on with the others'"},
	"node":    {"drain the node", "compare its load, disks and network with the others'"},
	"tenant":  {"look at what the tenant asks for, how often, and of how much data", "a limit for each tenant"},
}

// compared says which requests were compared where these are not all.
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
		Kind: fmt.Sprintf("%s is slow on %s", rule.Quoted(s.service.name), rule.Quoted(s.name)),
		Message: fmt.Sprintf("%s took %.1f times as long on %s %s as on %s: %s against %s in the median of %s and %s.",
			rule.Quoted(s.service.name), s.ratio, what, rule.Quoted(s.name), s.service.others(s.part, s.apart)+s.compared(),
			units.Lasted(int64(s.typical)), units.Lasted(int64(stats.Median(s.otherLasted))), trace.Grouped(len(s.own)), rule.Calls(len(s.others), "request")),
		Evidence: append(rule.EvidenceOf(rule.RoleOffender, s.served...), rule.EvidenceOf(rule.RoleBaseline, s.service.examples(s.part)...)...),
		Numbers: rule.Numbers{Count: len(s.served), More: []rule.Number{
			{Name: "ratio", Value: s.ratio}, {Name: "typical_nano", Value: s.typical}, {Name: "q", Value: q},
		}},
		Checks: []rule.Check{
			{Name: "twice as long or more", Passed: s.ratio >= 2},
			{Name: "ten requests or more", Passed: len(s.own) >= 10},
			{Name: "three instances or more", Passed: len(s.service.parts.Keys) > 2},
			{Name: "one chance in a thousand or less", Passed: q <= 0.001},
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
