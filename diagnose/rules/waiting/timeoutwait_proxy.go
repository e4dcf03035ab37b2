package waiting

import (
	"cmp"
	"fmt"

	"tracefall/diagnose/failure"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// givenUp returns the call that origin i gave up on, and the span that records it: i itself for both, but where a proxy's
// request timed out and its call was only cancelled.
//
//	proxy    |--------------504 UT|     says that it was a timeout
//	  egress  |-----------canceled|     the call that was given up
//	    app     |---------------200--|  ran on
func (w *waiting) givenUp(i int) (call, recorder int) {
	p, t := w.p, w.p.Facts.Trace
	grain := max(int64(w.th.Cascade), p.Raw(i)/20)
	if p.Kind(i) == trace.KindClient {
		up := t.Parent(i)
		if p.Failure(i) != semconv.ErrorTimeout && up >= t.First() && p.Failure(up) == semconv.ErrorTimeout && t.Span(up).ServiceSymbol() == t.Span(i).ServiceSymbol() &&
			p.Raw(up)-p.Raw(i) < grain {
			return i, up
		}
		return i, i
	}
	for c := range p.Children(i) {
		if p.Kind(c) == trace.KindClient && t.Span(c).ServiceSymbol() == t.Span(i).ServiceSymbol() && p.Raw(i)-p.Raw(c) < grain {
			return c, i
		}
	}
	return i, i
}

// recorded reports whether the error of origin i is recorded as a timeout: its own, or that of the request that it was
// made for.
func (w *waiting) recorded(i int) bool {
	_, recorder := w.givenUp(i)
	return w.p.Failure(recorder) == semconv.ErrorTimeout
}

// proxyStatus returns how a span ended, with the flags that a proxy gives for it.
func (w *waiting) proxyStatus(i int) string {
	var c semconv.Canonical
	w.p.Canonical(i, &c)
	reason := failure.Reason(w.p.Facts, i)
	if flags := c.Text(semconv.MeshFlags); flags != "" && flags != "-" {
		return fmt.Sprintf("%s (proxy timeout, response_flags=%s)", reason, flags)
	}
	return reason + " (timeout)"
}

// wentOn names the server of a call whose caller had given up: for how long it worked on, or that it was still at work.
func (w *waiting) wentOn(f *rule.Finding, i int) {
	p := w.p
	call, recorder := w.givenUp(i)
	server := w.upstream(call)
	if server < 0 {
		return
	}
	after := p.Raw(server) - p.Raw(call) // of two durations: whatever the clocks say
	name := cmp.Or(p.Op(server).Service, p.Quoted(server))
	switch {
	case after >= int64(w.th.Cascade):
		f.Message += fmt.Sprintf(" Its server %s continued for at least %s.", name, units.Lasted(after))
		f.Numbers.More = append(f.Numbers.More, rule.Number{Name: "orphaned_nano", Value: float64(after)})
	case (call != recorder || p.Server(call) < 0) && after >= -p.Raw(call)/1000 && !p.Failed(server): // up to a proxy's limit or just beyond
		answer := "finished without an error"
		var c semconv.Canonical
		if p.Canonical(server, &c); c.Has(semconv.HTTPStatus) {
			answer = "responded with " + c.Text(semconv.HTTPStatus)
		}
		f.Message += fmt.Sprintf(" Its server %s was still working: it %s after %s.", name, answer, units.Lasted(p.Raw(server)))
	default:
		return
	}
	f.Evidence = append(f.Evidence, p.Spans(rule.RoleCause, server)...)
}

// ranOn reports whether the server of a cancelled call worked on, and no call beside it explains why it was cancelled:
// one that was under way when it ended may have answered first, or failed.
func (w *waiting) ranOn(i int) bool {
	p, t := w.p, w.p.Facts.Trace
	server, up := p.Server(i), t.Parent(i)
	if server < 0 || up < t.First() || p.Raw(server)-p.Raw(i) < int64(w.th.Cascade) {
		return false
	}
	own := p.Timing.Own(i)
	return !rule.Any(p.Children(up), func(c int) bool {
		beside := p.Timing.Own(c)
		return c != i && beside.Start < own.End && beside.End > own.Start
	})
}

// upstream returns the span that served call i, or of a proxy's only span the one that it handed the request to.
func (w *waiting) upstream(i int) int {
	p, t := w.p, w.p.Facts.Trace
	if server := p.Server(i); server >= 0 {
		return server
	}
	last := -1
	for c := range p.Children(i) {
		if p.Kind(c) == trace.KindServer && t.Span(c).ServiceSymbol() != t.Span(i).ServiceSymbol() {
			last = c
		}
	}
	return last
}
