package waiting

import (
	"fmt"
	"strings"
	"time"

	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// SlowExternalThresholds are the gates of slow-external; both must be reached.
type SlowExternalThresholds struct {
	Critical time.Duration `toml:"critical" source:"default"`
	Share    float64       `toml:"share" unit:"share of the critical path" source:"default"`
	Calls    int           `toml:"calls" unit:"calls in the file" source:"default; fewer calls have no reliable median"`
}

// SlowExternal finds: slow external call on the request path.
var SlowExternal = rule.Detector{
	ID: "D04", Name: "slow-external", Title: "Slow external call on the request path",
	Thresholds: &SlowExternalThresholds{Critical: 500 * time.Millisecond, Share: 0.30, Calls: 20},
	Doc: "A synchronous call to a third-party service took most of the request. External services slow down without notice, and every " +
		"request that waits for them slows down too.",
	Rule: "a call to a public host, without a server span in the trace, that takes at least `critical` and `share` of the critical path. " +
		"Not counted: timeouts, calls without a timeout (see timeout-wait), streams, long polls and large bodies. Low at most in background traces (consumer or job). " +
		"With ≥ `calls` calls in the file the median is shown.",
	Example:   "POST api.sendgrid.com/v3/mail/send took 7.85 s, 98 % of the 8 s critical path, and returned 200; the caller waited for it.",
	Remedies:  []string{"move the call to a queue", "a timeout with a fallback", "cache the response", "hedge the call"},
	Limits:    []string{"the trace does not show whether the caller needed the response", "a host counts as external by its name"},
	Trace:     findSlowExternal,
	Relations: rule.Relations{Strength: 6},
}

func findSlowExternal(p *rule.Pass) {
	t, th := p.Facts.Trace, *rule.ThresholdsOf[SlowExternalThresholds](p)
	gate := max(int64(th.Critical), int64(th.Share*float64(p.PathLength())))
	for i := t.First(); i < t.Len(); i++ {
		if p.CriticalTime(i) < gate || p.Kind(i) != trace.KindClient || p.Failure(i) == semconv.ErrorTimeout ||
			p.CriticalTime(i) >= waitGate(p) && unlimited(p, i) {
			continue
		}
		host, ok := external(p, i)
		if !ok {
			continue
		}
		reportExternal(p, i, host)
		i = t.End(i) - 1 // spans below are the same call, seen by another layer
	}
}

func reportExternal(p *rule.Pass, i int, host string) {
	critical := p.CriticalTime(i)
	what, took := externalLabel(p, i, host), p.Duration(i)
	part := p.OnPath(took, critical)
	if units.Lasted(critical) == units.Lasted(took) {
		part = fmt.Sprintf("%s of the %s critical path", units.PercentOf(p.Share(critical)), units.Lasted(p.PathLength()))
	}
	f := rule.Finding{
		Kind: "slow external call", Took: p.Duration(i),
		Anchor:   i,
		Evidence: p.Spans(rule.RoleOffender, i),
		Numbers:  p.Measure([]int{i}),
		Message:  fmt.Sprintf("%s took %s, %s, and %s; the caller waited for it.", what, units.Lasted(took), part, ended(p, i)),
	}
	f.Numbers.Avoidable = critical
	if p.Class(i) == semconv.ClassGenAI {
		f.Kind = "slow model call"
	}
	last := lastCall(p, i)
	if last {
		f.Message += " It was the last call of the request."
	}
	if background(p) {
		if p.Kind(p.Facts.Trace.Root().Index()) == trace.KindConsumer {
			f.Message += " The root span is a consumer: no user waited for it."
		} else {
			f.Message += " The root span is internal: possibly no user waited for it."
		}
		f.Cap = new(rule.Low)
	}
	f.Checks = []rule.Check{
		{Name: "public host", Passed: true},
		{Name: "no server span in the trace", Passed: true},
		{Name: "last call of the request (candidate for async)", Passed: last},
	}
	f.Confidence = 0.8
	f.Gain(0, 0, 0.1)
	if usual := p.Baseline.Op(p.OpNumber(i)); usual.Calls >= rule.ThresholdsOf[SlowExternalThresholds](p).Calls {
		// The median: with a few incidents among the calls the p95 is theirs.
		slower, format := p.Duration(i) >= 2*usual.P50, " This is typical: the median of %s in the file is %s."
		if slower {
			format = " The median of %s in the file is %s."
		}
		f.Message += fmt.Sprintf(format, rule.Calls(usual.Calls, "such call"), units.Lasted(usual.P50))
		f.Checks = append(f.Checks, rule.Check{Name: "took ≥ 2× the median in the file", Passed: slower})
	}
	p.Report(host+" "+p.Op(i).Label(), f)
}

// externalLabel names a call with its host: "POST api.sendgrid.com/v3/mail/send".
func externalLabel(p *rule.Pass, i int, host string) string {
	op := p.Op(i)
	if p.Class(i) == semconv.ClassHTTP && strings.HasPrefix(op.Template, "/") {
		return strings.TrimSpace(op.Name + " " + host + rule.Quoted(op.Template))
	}
	return rule.Quoted(op.Label()) + " at " + host
}

// ended says how a call ended, by its status.
func ended(p *rule.Pass, i int) string {
	var c semconv.Canonical
	p.Canonical(i, &c)
	verb, status := "returned ", c.Text(semconv.HTTPStatus)
	if status == "" || status == "0" {
		status = semconv.RPCCode(&c)
	}
	switch {
	case p.Failed(i) && status == "":
		return "failed"
	case p.Failed(i):
		verb = "failed with "
	case status == "":
		return "did not fail"
	}
	return verb + status
}

// lastCall reports whether no call that leaves its process began after call i ended: nothing used its answer to ask on.
func lastCall(p *rule.Pass, i int) bool {
	end := p.Timing.Effective(i).End
	for k := p.Facts.Trace.First(); k < p.Facts.Trace.Len(); k++ {
		if p.Class(k).Remote() && p.Kind(k) != trace.KindServer && p.Timing.Effective(k).Start >= end {
			return false
		}
	}
	return true
}
