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
	Critical time.Duration `toml:"critical" source:"own choice: half a second of the critical path"`
	Share    float64       `toml:"share" unit:"share of the critical path" source:"own choice"`
	Calls    int           `toml:"calls" unit:"calls in the file" source:"from so many on their median says what is usual"`
}

// SlowExternal finds: slow external call on the request path.
var SlowExternal = rule.Detector{
	ID: "D04", Name: "slow-external", Title: "Slow external call on the request path",
	Thresholds: &SlowExternalThresholds{Critical: 500 * time.Millisecond, Share: 0.30, Calls: 20},
	Doc: "A call to somebody else's service took most of the request, and the request waited for it. What others run gets slow without notice; " +
		"whoever waits for it is as slow as it is.",
	Rule: "a call to a public host, without a serving span in the trace, for which the critical path waits at least `critical` and `share`. " +
		"Timeouts, calls that timeout-wait says had no limit, streams, long polls and large bodies are left out; where nobody waits for the root (a consumer, " +
		"a job) it is low at most. " +
		"From `calls` on their median is told.",
	Example:   "POST api.sendgrid.com/v3/mail/send took 7.85 s of 8 s (98 % of the critical path) and returned 200; the caller waited for it.",
	Remedies:  []string{"hand the call to a queue", "a timeout with a fallback", "cache the answer", "hedge the call"},
	Limits:    []string{"whether the caller needed the answer is not in the trace", "whether a host is external is told by its name"},
	Trace:     findSlowExternal,
	Relations: rule.Relations{Strength: 6},
}

func findSlowExternal(p *rule.Pass) {
	t, th := p.Facts.Trace, *rule.ThresholdsOf[SlowExternalThresholds](p)
	gate := max(int64(th.Critical), int64(th.Share*float64(p.Total())))
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
	what := externalLabel(p, i, host)
	f := rule.Finding{
		Kind: "slow external call", Detail: " · ", Took: p.Duration(i),
		Anchor:   i,
		Evidence: p.Spans(rule.RoleOffender, i),
		Numbers:  p.Measure([]int{i}),
		Message: fmt.Sprintf("%s took %s of %s (%s of the critical path) and %s; the caller waited for it.", what, units.Lasted(p.Duration(i)),
			units.Lasted(p.Total()), rule.Percent(float64(critical)/float64(p.Total())), ended(p, i)),
	}
	f.Numbers.Avoidable = critical
	if p.Class(i) == semconv.ClassGenAI {
		f.Kind = "slow model call"
	}
	last := lastCall(p, i)
	if last {
		f.Message += " No other call followed it."
	}
	if background(p) {
		if p.Kind(p.Facts.Trace.Root().Index()) == trace.KindConsumer {
			f.Message += " Nobody waited for the root: it is a consumer span."
		} else {
			f.Message += " Whether somebody waited for the root, an internal span, is not in the trace."
		}
		f.Cap = new(rule.Low)
	}
	f.Checks = []rule.Check{
		{Name: "public host", Passed: true},
		{Name: "no serving span in the trace", Passed: true},
		{Name: "it was the last call", Passed: last},
	}
	f.Confidence = 0.8
	f.Gain(0, 0, 0.1)
	if usual := p.Baseline.Op(p.OpNumber(i)); usual.Calls >= rule.ThresholdsOf[SlowExternalThresholds](p).Calls {
		// The median: with a few incidents among the calls the p95 is theirs.
		slower, format := p.Duration(i) >= 2*usual.P50, " That is usual in the file: the median of %s was %s."
		if slower {
			format = " The median of %s in the file was %s."
		}
		f.Message += fmt.Sprintf(format, rule.Calls(usual.Calls, "such call"), units.Lasted(usual.P50))
		f.Checks = append(f.Checks, rule.Check{Name: "twice as slow as is usual in the file", Passed: slower})
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

// ended says how a call ended, as the status tells.
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
