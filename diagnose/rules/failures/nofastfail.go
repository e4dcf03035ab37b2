package failures

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/failure"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// NoFastFailThresholds are the gates of no-fast-fail.
type NoFastFailThresholds struct {
	Run    int           `toml:"run" unit:"calls" source:"common circuit breaker default: 5 failures"`
	InOne  int           `toml:"in-one" unit:"calls" source:"default; within one trace"`
	Wait   time.Duration `toml:"wait" source:"measured; a shorter failure counts as fast"`
	Times  int           `toml:"times" unit:"times the median duration of successful calls" source:"measured"`
	Share  float64       `toml:"share" unit:"share of the failed calls" source:"measured; as many must have waited"`
	Spread int           `toml:"spread" unit:"times the median wait" source:"default; concurrent calls cannot learn from each other"`
}

// NoFastFail finds: calls to a dead dependency that do not fail fast.
var NoFastFail = rule.Detector{
	ID: "D06", Name: "no-fast-fail", Title: "No fail-fast (no circuit breaker)",
	Thresholds: &NoFastFailThresholds{Run: 5, InOne: 3, Wait: time.Second, Times: 5, Share: 0.8, Spread: 2},
	Doc: "A dependency was down, and its callers waited for each call before it failed. Such requests are slow and have no chance of success, and they hold " +
		"threads and connections meanwhile.",
	Rule: "at least `run` consecutive failed calls from one service to one peer (`in-one` within one trace), of which `share` lasted at least `wait` and `times` times " +
		"the median duration of successful calls, spread over at least `spread` times the median wait. Info if a circuit breaker opened or was open, unless the calls " +
		"record that it is disabled.",
	Example:   "10 consecutive calls from order-service to inventory-service failed, each after 30 s (ETIMEDOUT); no call failed fast.",
	Remedies:  []string{"add a circuit breaker", "shorten the connect timeout", "remove dead instances by health checks", "add a fallback"},
	Limits:    []string{"a circuit breaker that has not opened yet, or exists on some instances only, looks the same", "unsampled calls are missing"},
	File:      findNoFastFail,
	Relations: rule.Relations{Absence: rule.AbsenceSpans},
}

func findNoFastFail(p *rule.FilePass) {
	d := dependencies{p: p, th: rule.ThresholdsOf[NoFastFailThresholds](p)}
	if len(p.Traces) == 0 || !d.read() {
		return
	}
	d.collect()
	for _, e := range d.edges.All() {
		slices.SortStableFunc(e.calls, func(a, b dependencyCall) int { return cmp.Compare(a.start, b.start) })
		d.judge(e.calls)
	}
}

// edge is who calls whom.
type edge struct{ service, peer string }

// dependencyCall is one call of an edge.
type dependencyCall struct {
	rule.Place
	start int64 // ns
	took  int64 // ns
	fails semconv.ErrorClass
	open  bool // the breaker was, and the call did not wait
}

// edgeCalls is what one service asked of one peer.
type edgeCalls struct {
	slow  int              // failures that took long
	calls []dependencyCall // where these are enough
}

// dependencies is the search for dead ones among the peers of a file's services.
type dependencies struct {
	p     *rule.FilePass
	th    *NoFastFailThresholds
	edges rule.Groups[edge, edgeCalls]
	byOp  []*edgeCalls // the same, by operation
}

// read counts the slow failures of each edge, and reports whether some edge has enough.
func (d *dependencies) read() (enough bool) {
	d.byOp = make([]*edgeCalls, d.p.Traces[0].Ops.Len())
	for _, f := range d.p.Traces {
		for i := f.Trace.First(); i < f.Trace.Len(); i++ {
			if f.Kind(i) != trace.KindClient || !f.Class(i).Remote() {
				continue
			}
			e := d.byOp[f.OpNumber(i)]
			if e == nil {
				e = d.edges.Of(edge{f.Op(i).Service, cmp.Or(f.Op(i).Peer, f.Op(i).Label())})
				d.byOp[f.OpNumber(i)] = e
			}
			switch took := f.Trace.Span(i).Duration(); {
			case took < int64(d.th.Wait) && failure.BreakerOpen(f, i):
				e.slow += d.th.InOne // worth a look
			case took >= int64(d.th.Wait) && dead(f.Failure(i)):
				e.slow++
			}
			enough = enough || e.slow >= d.th.InOne
		}
	}
	return enough
}

// collect gathers the calls of the edges that may be worth it. A call that failed because of one below it says
// nothing about its own peer.
func (d *dependencies) collect() {
	for _, f := range d.p.Traces {
		spread := failure.NewSpread(f)
		for i := f.Trace.First(); i < f.Trace.Len(); i++ {
			if f.Kind(i) != trace.KindClient || !f.Class(i).Remote() {
				continue
			}
			e, s := d.byOp[f.OpNumber(i)], f.Trace.Span(i)
			if e.slow >= d.th.InOne && (!f.Failed(i) || spread.Origin(i) || failedThere(f, spread, i)) {
				open := s.Duration() < int64(d.th.Wait) && failure.BreakerOpen(f, i)
				e.calls = append(e.calls, dependencyCall{rule.Place{Facts: f, Span: i}, s.Start(), s.Duration(), f.Failure(i), open})
			}
		}
	}
}

// failedThere reports whether what failed below a call is the callee itself, not something that it called.
func failedThere(f *facts.Facts, spread *failure.Spread, i int) bool {
	return i+1 < f.Trace.End(i) && f.Kind(i+1) == trace.KindServer && spread.Origin(i+1)
}

// silent are the failures of peers that do not answer.
var silent = []semconv.ErrorClass{semconv.ErrorTimeout, semconv.ErrorRefused, semconv.ErrorReset, semconv.ErrorOverload, semconv.ErrorOther}

// dead reports whether a failure is of a sort that says the peer does not answer.
func dead(e semconv.ErrorClass) bool {
	return slices.Contains(silent, e)
}

// judge looks at the longest run of failures.
func (d *dependencies) judge(list []dependencyCall) {
	var best, opened []dependencyCall
	var fine []int64
	from := 0 // where the run began
	for n, c := range list {
		switch {
		case c.open:
			opened = append(opened, c)
		case dead(c.fails):
			if run := list[from : n+1]; len(run) > len(best) {
				best = run
			}
			continue
		case c.fails == semconv.ErrorNone:
			fine = append(fine, c.took)
		}
		from = n + 1
	}
	th := d.th
	least := int64(th.Wait)
	if len(fine) > 0 {
		slices.Sort(fine)
		least = max(least, int64(min(float64(th.Times)*float64(fine[len(fine)/2]), math.MaxInt64/2)))
	}
	var waits []int64
	for _, c := range best {
		if c.took >= least {
			waits = append(waits, c.took)
		}
	}
	slices.Sort(waits)
	if len(best) < th.InOne || len(best) < th.Run && best[0].Facts != best[len(best)-1].Facts || len(waits) == 0 ||
		float64(len(waits)) < th.Share*float64(len(best)) || !th.spread(best, waits[len(waits)/2]) {
		d.reportOpen(opened, len(list))
		return
	}
	d.report(best, waits, len(list), len(opened))
}

// spread reports whether the calls of a run, of which the median waited so many nanoseconds, could learn from each other:
// concurrent ones cannot.
func (th *NoFastFailThresholds) spread(run []dependencyCall, wait int64) bool {
	last := run[len(run)-1]
	over := last.start + last.took - run[0].start
	return float64(over) >= float64(th.Spread)*float64(wait)
}

// reportOpen reports calls that a breaker answered, where no run of failures shows why.
func (d *dependencies) reportOpen(open []dependencyCall, all int) {
	if len(open) == 0 {
		return
	}
	first := open[0]
	op := first.Op(first.Span)
	peer := cmp.Or(op.Peer, op.Label())
	longest := slices.MaxFunc(open, func(a, b dependencyCall) int { return cmp.Compare(a.took, b.took) }).took
	f := rule.Finding{
		Kind: "circuit breaker open", Times: len(open), Service: op.Service,
		Message: fmt.Sprintf("%s of %s from %s to %s found the circuit breaker open and failed within %s.", trace.Grouped(len(open)), rule.Calls(all, "call"),
			cmp.Or(op.Service, "one service"), rule.Quoted(peer), units.Lasted(longest)),
		Numbers:    rule.Numbers{Count: len(open), More: []rule.Number{{Name: "calls", Value: float64(all)}}},
		Confidence: 0.9, Cap: new(rule.Info), Checks: []rule.Check{{Name: "circuit breaker recorded as open", Passed: true}},
	}
	for _, c := range open {
		f.Evidence = append(f.Evidence, c.As(rule.RoleOffender))
		f.Numbers.Sum = clocks.Add(f.Numbers.Sum, c.took)
	}
	d.p.Report(first.Place, "open "+op.Service+" "+peer, f)
}

func (d *dependencies) report(run []dependencyCall, waits []int64, all, opened int) {
	first := run[0]
	op := first.Op(first.Span)
	peer := cmp.Or(op.Peer, op.Label())
	f := rule.Finding{
		Kind: "no fail-fast", Times: len(run), Detail: " (no circuit breaker)", Service: op.Service,
		Numbers:     rule.Numbers{Count: len(run), More: []rule.Number{{Name: "waited", Value: float64(len(waits))}, {Name: "calls", Value: float64(all)}, {Name: "median_wait_nano", Value: float64(waits[len(waits)/2])}}},
		ErrorWeight: 0.4, Confidence: 0.8,
	}
	instances, largest := map[int]int{}, 0
	places := make([]rule.Place, len(run))
	for n, c := range run {
		places[n] = c.Place
		f.Evidence = append(f.Evidence, c.As(rule.RoleOffender))
		critical := c.CriticalTime(c.Span)
		f.Numbers.Sum = clocks.Add(f.Numbers.Sum, c.took)
		f.Numbers.Critical = clocks.Add(f.Numbers.Critical, critical)
		if n >= d.th.Run {
			f.Numbers.Avoidable = clocks.Add(f.Numbers.Avoidable, critical) // a breaker would have been open by now
		}
		at := c.Data().Resource().Index()
		instances[at]++
		largest = max(largest, instances[at])
	}
	waited, slow := "each", true
	if len(waits) < len(run) {
		waited, slow = trace.Grouped(len(waits))+" of them", false
	}
	f.Message = fmt.Sprintf("%s from %s to %s failed%s, %s after %s", rule.Calls(len(run), "consecutive call"), cmp.Or(op.Service, "one service"), rule.Quoted(peer),
		reasonsOf(places), waited, rule.Between(waits[0], waits[len(waits)-1]))
	state, off := d.breaker(run)
	if slow && (off || opened == 0) {
		f.Message += "; no call failed fast"
	}
	switch {
	case opened > 0 && !off:
		f.Kind, f.Times, f.Detail, f.Cap = "circuit breaker opened after "+rule.Calls(len(run), "failure"), 0, "", new(rule.Info)
		f.Message += fmt.Sprintf("; then the circuit breaker was open for %s.", rule.Calls(opened, "call"))
	case off:
		f.Confidence = 0.95
		f.Message += ". The circuit breaker is recorded as disabled"
		if opened > 0 { // it came afterwards: it does not take back what was waited without it
			f.Message += "; " + rule.Calls(opened, "later call") + " found it open"
		}
		f.Message += "."
	default:
		f.Message += "."
	}
	if state != "" && opened == 0 {
		f.Message += " Recorded circuit breaker state: " + state + "."
		if !off { // there is one, and it let every call through
			f.Detail = " (circuit breaker " + strings.ToLower(state) + ")"
		}
	}
	if largest < min(d.th.Run, len(run)) {
		f.Confidence -= 0.3
	}
	f.Checks = []rule.Check{
		{Name: "circuit breaker recorded as disabled", Passed: off},
		{Name: fmt.Sprintf("≥ %s on one caller instance", rule.Calls(min(d.th.Run, len(run)), "failure")), Passed: largest >= min(d.th.Run, len(run))},
		{Name: "no call failed fast", Passed: (opened == 0 || off) && slow},
	}
	d.p.Report(first.Place, op.Service+" "+peer, f)
}

// breaker reads the state of the circuit breaker that the calls recorded.
func (d *dependencies) breaker(run []dependencyCall) (state string, off bool) {
	var c semconv.Canonical
	for _, call := range run {
		call.Canonical(call.Span, &c)
		off = off || c.Text(semconv.BreakerEnabled) == "false"
		state = cmp.Or(c.Text(semconv.BreakerState), state)
	}
	return state, off
}
