package waiting

import (
	"regexp"

	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// waitGate is from how many nanoseconds of the critical path on a wait is worth a finding.
func waitGate(p *rule.Pass) int64 {
	th := rule.ThresholdsOf[TimeoutWaitThresholds](p)
	return max(int64(th.Wait), int64(th.Share*float64(p.PathLength())))
}

// onPurpose are names of calls that are meant to last.
var onPurpose = regexp.MustCompile(`(?i)poll|watch|stream|subscribe|listen|events|websocket|\bwait`)

// unended reports whether a span has no usable end. Jaeger writes a missing one as a negative duration.
func unended(s trace.Span) bool {
	return s.Has(trace.FlagUnfinished) || s.Has(trace.FlagTimeRepaired) && s.Duration() == 0
}

// unlimited reports whether call i lasted so long without failing that a limit should have ended it, and not by design:
// an answer that there is nothing is what a long poll ends with.
func unlimited(p *rule.Pass, i int) bool {
	if p.Kind(i) != trace.KindClient || p.Raw(i) < int64(rule.ThresholdsOf[TimeoutWaitThresholds](p).NoLimit) || unended(p.Facts.Trace.Span(i)) || p.Failure(i) != semconv.ErrorNone ||
		p.Class(i) != semconv.ClassHTTP && p.Class(i) != semconv.ClassRPC || onPurpose.MatchString(p.Op(i).Label()) || patterns.Streams(p.Facts, i) {
		return false
	}
	var c semconv.Canonical
	p.Canonical(i, &c)
	status, _ := c.Int(semconv.HTTPStatus)
	return status != 204 && status != 304
}

// external returns whom call i went to, if that is somebody else.
func external(p *rule.Pass, i int) (host string, ok bool) {
	switch p.Class(i) {
	case semconv.ClassHTTP, semconv.ClassRPC, semconv.ClassGenAI:
	default:
		return "", false
	}
	var c semconv.Canonical
	p.Canonical(i, &c)
	host = semconv.PeerAddress(&c)
	if host == "" && c.Text(semconv.RPCSystem) == "aws-api" {
		return "AWS", p.Server(i) < 0 && !patterns.Streams(p.Facts, i)
	}
	return host, p.External(host) && p.Server(i) < 0 && !patterns.Streams(p.Facts, i)
}

// background reports whether nobody waits for the trace: its root consumes messages or is a job of its own. A request is
// none, whatever an exporter that knows no kinds calls it.
func background(p *rule.Pass) bool {
	root := p.Facts.Trace.Root()
	kind := p.Kind(root.Index())
	return kind == trace.KindConsumer || root.Kind() == trace.KindInternal && kind == trace.KindInternal
}
