package waiting

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tracefall/diagnose/failure"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// TimeoutWaitThresholds are the gates of timeout-wait.
type TimeoutWaitThresholds struct {
	Wait     time.Duration `toml:"wait" source:"measured; shorter waits are not reported"`
	Share    float64       `toml:"share" unit:"share of the critical path" source:"measured"`
	NoLimit  time.Duration `toml:"no-limit" source:"common client and proxy default: 30 s"`
	Cascade  time.Duration `toml:"cascade" source:"measured; a caller at most so much longer waited for the same call"`
	Nearness float64       `toml:"nearness" unit:"share of the timeout" source:"measured; timers fire late, rarely early"`
	Calls    int           `toml:"calls" unit:"calls in the file" source:"default; fewer calls have no reliable median"`
}

// TimeoutWait finds: waiting for a timeout.
var TimeoutWait = rule.Detector{
	ID: "D05", Name: "timeout-wait", Title: "Waiting for a timeout",
	Thresholds: &TimeoutWaitThresholds{Wait: time.Second, Share: 0.3, NoLimit: 30 * time.Second, Cascade: 50 * time.Millisecond, Nearness: 0.03, Calls: 5},
	Doc: "A call got no response, and its caller waited until the timeout; all callers further up waited just as long. If a callee's timeout is longer " +
		"than its caller's, work continues after the caller has left; without a timeout, a request can wait forever.",
	Rule: "calls of one operation that timed out, or failed within `nearness` of a common timeout value, and took `wait` and `share` of the critical path in total; " +
		"or calls of several operations that only reach this together. Services that other traces of the file reached and this one did not are listed. " +
		"Also calls that took `no-limit` or have no end time, and did not fail. With ≥ `calls` calls in the file the median is shown.",
	Example:   "auth-service waited 4.48 s for GET /users/{int} at user-service and failed (java.net.SocketTimeoutException). 3 ancestor spans waited just as long: api-gateway → auth-service.",
	Remedies:  []string{"a timeout shorter than the caller's", "propagate deadlines with the call", "add a fallback", "add a circuit breaker"},
	Limits:    []string{"configured timeouts are not recorded in traces"},
	Trace:     findTimeoutWaits,
	Relations: rule.Relations{Strength: 5},
	Blind: []rule.Blind{
		{Gap: rule.GapUnfinished, Effect: "duration unknown"},
	},
}

func findTimeoutWaits(p *rule.Pass) {
	w := waiting{p, rule.ThresholdsOf[TimeoutWaitThresholds](p), waitGate(p)}
	if p.Total() < int64(w.th.Wait) {
		return // no wait can reach the gate
	}
	spread := failure.NewSpread(p.Facts)
	var rest []int // origins of operations that stay below the gate by themselves
	short, groups := 0, w.origins()
	for _, origins := range groups.All() {
		if patterns.Streams(p.Facts, origins[0]) {
			continue // its deadline is how it ends
		}
		if p.CriticalOf(origins) >= w.gate {
			w.report(origins, spread)
			continue
		}
		rest = append(rest, origins...)
		short++
	}
	if short > 1 && p.CriticalOf(rest) >= w.gate {
		w.reportSum(rest, short, spread)
	}
	w.findUnlimited()
}

// waiting is the search for waits in one trace.
type waiting struct {
	p    *rule.Pass
	th   *TimeoutWaitThresholds
	gate int64 // ns of the critical path
}

// origins returns, by operation in order of the first, the spans that timed out while nothing below them did.
func (w *waiting) origins() (groups rule.Lists[int32, int]) {
	p, t := w.p, w.p.Facts.Trace
	waited, failed := make([]bool, t.Len()), make([]bool, t.Len()) // something below did
	var found []int
	for i := t.Len() - 1; i >= t.First(); i-- {
		wait := p.Failure(i) == semconv.ErrorTimeout || !failed[i] && w.cutOff(i)
		if wait && !waited[i] {
			found = append(found, i)
		}
		if parent := t.Parent(i); parent >= 0 && !p.Timing.Async(i) {
			waited[parent] = waited[parent] || waited[i] || wait
			failed[parent] = failed[parent] || failed[i] || p.Failed(i)
		}
	}
	for _, i := range slices.Backward(found) {
		groups.Add(p.OpNumber(i), i)
	}
	return groups
}

// limits are the round numbers that people write into configurations.
var limits = [...]time.Duration{1e9, 2e9, 25e8, 3e9, 45e8, 5e9, 8e9, 10e9, 15e9, 20e9, 25e9, 29e9, 30e9, 45e9, 50e9, 60e9, 75e9, 90e9, 100e9, 120e9, 180e9, 300e9}

// cutOff reports whether a call failed, without saying of what, after a time that is a usual limit.
func (w *waiting) cutOff(i int) bool {
	p := w.p
	if !p.Failed(i) || p.Kind(i) != trace.KindClient {
		return false
	}
	switch p.Failure(i) {
	case semconv.ErrorCancelled:
		if up := p.Facts.Trace.Parent(i); up < p.Facts.Trace.First() || p.Failure(up) == semconv.ErrorCancelled {
			return false // whoever asked went away
		}
		if w.ranOn(i) {
			return true
		}
		fallthrough
	case semconv.ErrorOther, semconv.ErrorReset, semconv.ErrorRefused:
		return w.usualLimit(i)
	default: // the error names another cause
	}
	return false
}

// usualLimit reports whether span i lasted as long as one of the usual limits.
func (w *waiting) usualLimit(i int) bool {
	return slices.ContainsFunc(limits[:], func(limit time.Duration) bool {
		off := float64(w.p.Raw(i))/float64(limit) - 1
		return off > -w.th.Nearness/3 && off < w.th.Nearness
	})
}

func (w *waiting) report(origins []int, spread *failure.Spread) {
	p := w.p
	longest := slices.MaxFunc(origins, func(a, b int) int { return cmp.Compare(p.CriticalTime(a), p.CriticalTime(b)) })
	callers := w.cascade(longest)
	f := rule.Finding{
		Kind: "timeout", Detail: " after ", Took: p.Duration(longest),
		Anchor: longest, Service: p.Op(longest).Service,
		Evidence:    append(p.Spans(rule.RoleParent, callers...), p.Spans(rule.RoleOffender, origins...)...),
		Numbers:     p.Measure(origins, rule.Number{Name: "cascade", Value: float64(len(callers))}),
		ErrorWeight: p.ErrorWeight(spread, longest), Confidence: 0.9,
	}
	f.Numbers.Avoidable = max(f.Numbers.Critical-w.usual(origins[0])*int64(len(origins)), 0)
	recorded := w.recorded(longest)
	f.Message = w.story(longest, callers)
	if len(origins) > 1 {
		f.Kind, f.Times, f.Detail, f.Took = "timeout", len(origins), "", f.Numbers.Sum
		f.Message += fmt.Sprintf(" %s took %s in total.", rule.Calls(len(origins), "such call"), units.Lasted(f.Numbers.Sum))
	}
	if usual := p.Baseline.Op(p.OpNumber(longest)); usual.Calls >= w.th.Calls {
		f.Message += fmt.Sprintf(" The median of %s in the file is %s.", rule.Calls(usual.Calls, "successful call"), units.Lasted(usual.P50))
	}
	if !recorded {
		f.Confidence, f.Cap = 0.6, new(rule.Medium)
		f.Kind, f.Times, f.Detail, f.Took, f.Possible = "timeout", 0, " after ", p.Duration(longest), true
		why := "but its duration matches a common timeout value"
		if !w.usualLimit(longest) {
			f.Kind, f.Possible = "call cancelled", false
			why = "but the call was cancelled while its server was working"
		}
		f.Message += " The error is not recorded as a timeout, " + why + "."
	}
	if !w.inverted(&f, origins, longest) {
		w.wentOn(&f, longest)
	}
	w.unreached(&f)
	f.Checks = append([]rule.Check{{Name: "error recorded as a timeout", Passed: recorded}, {Name: "callers waited just as long", Passed: len(callers) > 0}}, f.Checks...)
	p.Report(p.Op(longest).Label(), f)
}

// cascade returns the callers of span i that lasted hardly longer, the nearest first.
func (w *waiting) cascade(i int) []int {
	p, t := w.p, w.p.Facts.Trace
	const most = 100 // evidence that a person looks at
	var callers []int
	for len(callers) < most {
		up := t.Parent(i)
		if up < t.First() || p.Timing.Async(i) {
			break
		}
		longer := p.Duration(up) - p.Duration(i)
		if longer >= max(int64(w.th.Cascade), p.Duration(i)/20) {
			break
		}
		callers, i = append(callers, up), up
	}
	return callers
}

// story is the sentence about who waited for whom, and who waited above.
func (w *waiting) story(i int, callers []int) string {
	p := w.p
	service := cmp.Or(p.Op(i).Service, "the caller")
	how := "waited " + units.Lasted(p.Duration(i)) + " for " + p.Callee(i)
	call, recorder := w.givenUp(i)
	switch server := w.upstream(call); {
	case call != recorder || p.Kind(i) != trace.KindClient && server >= 0:
		asked := p.Callee(call)
		if call == i && server >= 0 && p.Kind(i) != trace.KindClient {
			asked = p.Callee(server) + " in " + cmp.Or(p.Op(server).Service, "its upstream")
		}
		return fmt.Sprintf("%s timed out on %s after %s and responded with %s.", service, asked, units.Lasted(p.Raw(call)), w.proxyStatus(recorder)) + w.above(callers)
	case failure.StatementKilled(p.Facts, i):
		return fmt.Sprintf("%s ran %s, which was cancelled after %s%s.", service, p.Quoted(i), units.Lasted(p.Duration(i)), failure.InBrackets(p.Facts, i)) + w.above(callers)
	case p.Kind(i) != trace.KindClient:
		how = "spent " + units.Lasted(p.Duration(i)) + " in " + p.Quoted(i)
	}
	return fmt.Sprintf("%s %s and failed%s.", service, how, failure.InBrackets(p.Facts, i)) + w.above(callers)
}

// above says who waited as long further up, "" for nobody.
func (w *waiting) above(callers []int) string {
	p := w.p
	if len(callers) == 0 {
		return ""
	}
	var services []string
	for _, c := range slices.Backward(callers) {
		if s := p.Op(c).Service; s != "" && !slices.Contains(services, s) {
			services = append(services, s)
		}
	}
	return fmt.Sprintf(" %s waited just as long: %s.", rule.Calls(len(callers), "ancestor span"), strings.Join(services, " → "))
}
