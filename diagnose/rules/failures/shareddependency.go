package failures

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/failure"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// SharedDependencyThresholds are the gates of shared-dependency.
type SharedDependencyThresholds struct {
	Support float64 `toml:"support" unit:"share of the failing traces" source:"default; the support of TraceRCA"`
	Failing float64 `toml:"failing" unit:"share of the calls" source:"default; the confidence of TraceRCA"`
	Callers int     `toml:"callers" unit:"services" source:"default; one caller is not shared"`
	Count   int     `toml:"count" unit:"failures" source:"default"`
}

// SharedDependency finds: shared failing dependency.
var SharedDependency = rule.Detector{
	ID: "D07", Name: "shared-dependency", Title: "Shared failing dependency",
	Thresholds: &SharedDependencyThresholds{Support: 0.5, Failing: 0.5, Callers: 2, Count: 3},
	Doc: "Several services failed because of one dependency they share: a database, a cache, a service. " +
		"Each service's alert names another cause; this names the common one.",
	Rule: "at least `count` root-cause errors at one dependency, from at least `callers` services and in at least `support` of the failing traces; in fewer than " +
		"`count` traces, from at least `count` services. At least `failing` of the calls to it failed: of those between the first and the last failure if the " +
		"failures are clustered in time (p < 0.01), else of all. Handled errors do not count.",
	Example:   "auth, user and order failed at redis:6379 (ECONNREFUSED) in 41 of 44 failing traces; 58 of 58 calls to it failed.",
	Remedies:  []string{"fix the dependency before its callers", "add a fallback or a cached response where it is optional", "add a circuit breaker in each caller"},
	Limits:    []string{"the traces do not show why the dependency failed", "calls without spans are not counted"},
	File:      findSharedDependency,
	Relations: rule.Relations{Absorbs: rule.Absorption{Detector: "error-origin", FileOnly: true}},
}

func findSharedDependency(p *rule.FilePass) {
	s := shared{p: p, known: map[string]*dependency{}, services: map[string]bool{}, ops: map[int32]*dependency{}}
	for n := range p.Set.Resources() {
		s.services[p.Set.Resource(n).Service()] = true
	}
	for _, f := range p.Traces {
		s.read(f)
	}
	s.join()
	var found []*dependency
	th := rule.ThresholdsOf[SharedDependencyThresholds](p)
	for _, d := range s.order {
		if d.failed(th) && float64(d.traces) >= th.Support*float64(s.failing) {
			found = append(found, d)
		}
	}
	s.count(found)
	for _, d := range found {
		if d.confidence() >= th.Failing && !d.oneInstance() {
			s.report(d)
		}
	}
}

// shared gathers where the failures of the file began.
type shared struct {
	p        *rule.FilePass
	known    map[string]*dependency
	order    []*dependency
	services map[string]bool
	ops      map[int32]*dependency // operations whose failures name it in their message only; nil for several
	failing  int                   // traces
	met      *trace.Trace          // the trace that callers is about
	callers  []int32               // by span: the nearest one above it of another service, -1 for none
	canon    semconv.Canonical
}

// dependency is something that failures began at.
type dependency struct {
	name          string
	service       bool         // it has spans of its own
	origins       []rule.Place // of failures
	callers       []string
	traces        int          // failing ones that it explains; known once all are read
	named         []rule.Place // origins that name it in their message only
	from, to      int64        // ns: when the first of the failures began, and the last
	calls         int          // in that time, or in the whole file where the time may be chance
	failures      int
	outside       int          // calls before and after that time
	outsideFailed int          // of these
	instances     map[int]bool // resources of its server spans
	bad           map[int]bool // of those, the ones that failed
}

// failed reports whether so much failed at it: in several traces, or by several services in one.
func (d *dependency) failed(th *SharedDependencyThresholds) bool {
	return len(d.origins) >= th.Count && len(d.callers) >= th.Callers && (d.traces >= th.Count || len(d.callers) >= th.Count)
}

// confidence is the share of its calls that failed.
func (d *dependency) confidence() float64 {
	return float64(d.failures) / float64(max(d.calls, 1))
}

// oneInstance: one of several replicas failed; that is bad-instance's finding.
func (d *dependency) oneInstance() bool { return len(d.instances) > 1 && len(d.bad) == 1 }

// read takes in the failures of one trace.
func (s *shared) read(f *facts.Facts) {
	origins := failure.Origins(f)
	if len(origins) == 0 {
		return
	}
	s.failing++
	for _, i := range origins {
		switch f.Failure(i) {
		case semconv.ErrorClient, semconv.ErrorAuth, semconv.ErrorConflict, semconv.ErrorCancelled:
			continue // about what was asked for, not about who was asked
		}
		name, caller, how := s.where(f, i)
		if name == "" {
			continue
		}
		d := s.known[name]
		if d == nil {
			d = &dependency{name: name, service: how == byService}
			s.known[name] = d
			s.order = append(s.order, d)
		}
		d.origins = append(d.origins, rule.Place{Facts: f, Span: i})
		if how == byMessage {
			d.named = append(d.named, rule.Place{Facts: f, Span: i})
			s.claim(f.OpNumber(i), d)
		}
		d.addCallers(caller)
	}
}

// addCallers notes services that called a dependency.
func (d *dependency) addCallers(services ...string) {
	for _, s := range services {
		if !slices.Contains(d.callers, s) {
			d.callers = append(d.callers, s)
		}
	}
}

// claim notes that a failure of an operation names a dependency in its message.
func (s *shared) claim(op int32, d *dependency) {
	if known, met := s.ops[op]; met && known != d {
		d = nil
	}
	s.ops[op] = d
}

// How a dependency is known.
const (
	byAttribute = iota
	byMessage
	byService
)

// where names what a failure began at, and who called it.
func (s *shared) where(f *facts.Facts, i int) (name, caller string, how int) {
	caller = f.Trace.Span(i).Service()
	if name = f.Peer(i, &s.canon); name == "" {
		name, how = failure.PeerOf(f, i, &s.canon), byMessage
	}
	if name == "" { // the service itself failed: whoever called it is the caller
		if by := s.calledBy(f, i); by >= 0 {
			return caller, f.Trace.Span(by).Service(), byService
		}
		return "", "", byService
	}
	if service := s.service(f, name); service != "" {
		return service, caller, byService
	}
	return name, caller, how
}

// calledBy returns the nearest span above span i that is of another service, -1 where there is none. It is worked out
// for all spans of a trace at once: many may have failed far down.
func (s *shared) calledBy(f *facts.Facts, i int) int {
	t := f.Trace
	if s.met != t {
		s.met, s.callers = t, make([]int32, t.Len())
		for k := t.First(); k < t.Len(); k++ {
			switch p := t.Parent(k); {
			case p < t.First():
				s.callers[k] = -1
			case t.Span(p).ServiceSymbol() != t.Span(k).ServiceSymbol():
				s.callers[k] = int32(p)
			default:
				s.callers[k] = s.callers[p]
			}
		}
	}
	return int(s.callers[i])
}

// service returns the service of ours that a peer is, "" for anything else.
func (s *shared) service(f *facts.Facts, peer string) string {
	host, _, _ := strings.Cut(peer, ":")
	if name := f.ServiceLabel(host); s.services[name] {
		return name
	}
	return ""
}

// join adds what is named without a port to the one that has the same name with a port, where there is just one; then
// it is known how many traces each explains.
func (s *shared) join() {
	ports := map[string][]*dependency{}
	for _, d := range s.order {
		if host, _, ok := strings.Cut(d.name, ":"); ok {
			ports[host] = append(ports[host], d)
		}
	}
	s.order = slices.DeleteFunc(s.order, func(d *dependency) bool {
		with := ports[d.name]
		if len(with) != 1 {
			return false
		}
		with[0].origins = append(with[0].origins, d.origins...)
		with[0].named = append(with[0].named, d.named...)
		with[0].addCallers(d.callers...)
		for _, at := range d.named {
			if s.ops[at.OpNumber(at.Span)] == d {
				s.ops[at.OpNumber(at.Span)] = with[0]
			}
		}
		s.known[d.name] = with[0]
		return true
	})
	for _, d := range s.order {
		d.traces = len(rule.Distinct(d.origins, func(at rule.Place) *trace.Trace { return at.Trace }))
	}
}

// count counts the calls to the dependencies that may be reported, from the first failure to the last where these lie
// too close together for chance: how long all was well before and after says nothing of an outage.
//
//	calls     ok ok ok ✗ ✗ ok ✗ ✗ ok ok
//	counted            |========|
func (s *shared) count(found []*dependency) {
	const slack = int64(time.Millisecond) // a failure may have begun in the caller and not in the call
	if len(found) == 0 {
		return
	}
	for _, d := range found {
		for _, at := range d.named {
			if s.ops[at.OpNumber(at.Span)] == nil { // the operation has to do with others as well
				d.calls++
				d.failures++
			}
		}
		d.instances, d.bad = map[int]bool{}, map[int]bool{}
		d.from, d.to = d.origins[0].Data().Start(), d.origins[0].Data().Start()
		for _, at := range d.origins {
			d.from, d.to = min(d.from, at.Data().Start()), max(d.to, at.Data().Start())
		}
	}
	for _, f := range s.p.Traces {
		for i := f.Trace.First(); i < f.Trace.Len(); i++ {
			d := s.called(f, i)
			if d == nil || d.instances == nil {
				continue
			}
			if d.service {
				r := f.Trace.Span(i).Resource().Index()
				d.instances[r] = true
				if f.Failed(i) {
					d.bad[r] = true
				}
			}
			if start := f.Trace.Span(i).Start(); start < d.from-slack || start > d.to+slack {
				d.outside++
				if f.Failed(i) {
					d.outsideFailed++
				}
				continue
			}
			d.calls++
			if f.Failed(i) {
				d.failures++
			}
		}
	}
	for _, d := range found {
		d.settle()
	}
}

// settle counts the whole file where it may be by chance that the failures lie so close together: n points that are
// dealt evenly over a length all lie within a share r of it with probability n·r^(n−1) − (n−1)·r^n.
func (d *dependency) settle() {
	const chance = 0.01
	n, r := float64(len(d.origins)), float64(d.calls)/float64(max(d.calls+d.outside, 1))
	if n*math.Pow(r, n-1)-(n-1)*math.Pow(r, n) >= chance {
		d.calls, d.failures = d.calls+d.outside, d.failures+d.outsideFailed
		d.outside, d.outsideFailed = 0, 0
	}
}

// called returns what span i is a call to: of a service its server spans count, of anything else the client's.
func (s *shared) called(f *facts.Facts, i int) *dependency {
	if f.Kind(i) == trace.KindServer {
		if d := s.known[f.Trace.Span(i).Service()]; d != nil && d.service {
			return d
		}
		return nil
	}
	if d := s.ops[f.OpNumber(i)]; d != nil {
		return d
	}
	peer := f.Peer(i, &s.canon)
	if peer == "" {
		return nil
	}
	if d := s.known[peer]; d != nil && !d.service {
		return d
	}
	if f.Leaf(i) {
		if d := s.known[s.service(f, peer)]; d != nil && d.service {
			return d // the called service left no span
		}
	}
	return nil
}

// mean is what dependencies are ranked by: TraceRCA's harmonic mean of support and confidence.
func (s *shared) mean(d *dependency) float64 {
	support, confidence := float64(d.traces)/float64(max(s.failing, 1)), d.confidence()
	return 2 * support * confidence / (support + confidence)
}

func (s *shared) report(d *dependency) {
	slices.Sort(d.callers)
	callers := rule.Distinct(d.callers, rule.Named)
	when := ""
	if d.outside > 0 {
		when = "from the first to the last failure, "
	}
	f := rule.Finding{
		Kind: "shared dependency failed: " + rule.Quoted(d.name), Detail: " (" + rule.Calls(len(d.callers), "service") + " affected)", Placed: true,
		Message: fmt.Sprintf("%s failed at %s%s in %s of %s; %s%s of %s to it failed.", rule.And(callers), rule.Quoted(d.name), reasonsOf(d.origins),
			trace.Grouped(d.traces), rule.Calls(s.failing, "failing trace"), when, trace.Grouped(d.failures), rule.Calls(d.calls, "call")),
		Evidence: rule.EvidenceOf(rule.RoleOffender, d.origins...),
		Numbers: rule.Numbers{Count: len(d.origins), More: []rule.Number{
			{Name: "failing_traces_share", Value: float64(d.traces) / float64(s.failing)}, {Name: "failed_calls_share", Value: d.confidence()}, {Name: "callers", Value: float64(len(d.callers))},
		}},
		Checks: []rule.Check{
			{Name: "≥ 3 calling services", Passed: len(d.callers) > 2},
			{Name: "≥ 80 % of its calls failed", Passed: d.confidence() >= 0.8},
			{Name: "≥ 5 failures", Passed: len(d.origins) >= 5},
			{Name: "root cause of ≥ 80 % of the failing traces", Passed: float64(d.traces) >= 0.8*float64(s.failing)},
		},
		Confidence:  0.4,
		ErrorWeight: s.mean(d),
		Service:     d.callers[0],
	}
	f.Gain(0.2, 0.15, 0.1, 0.1)
	s.p.Report(d.origins[0], d.name, f)
}

// reasonsOf names in brackets how calls failed, each reason once: " (ECONNREFUSED, timeout)"; "" where none is recorded.
func reasonsOf(failed []rule.Place) string {
	const most = 3
	list := rule.Distinct(failed, func(at rule.Place) string { return failure.Reason(at.Facts, at.Span) })
	list = slices.DeleteFunc(list, func(reason string) bool { return reason == failure.Unspecified })
	if len(list) == 0 {
		return ""
	}
	if len(list) > most {
		list = append(list[:most], "…")
	}
	return " (" + strings.Join(list, ", ") + ")"
}
