package waiting

import (
	"fmt"
	"time"

	"tracefall/diagnose/baseline"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// EdgeGapThresholds are the gates of edge-gap; all must be reached.
type EdgeGapThresholds struct {
	Gap   time.Duration `toml:"gap" source:"own choice"`
	Share float64       `toml:"share" unit:"share of the caller's duration" source:"own choice"`
	Usual float64       `toml:"usual" unit:"times the median gap between the two services" source:"own choice"`
	Calls int           `toml:"calls" unit:"calls in the file" source:"from so many on their median says what is usual"`
}

// EdgeGap finds: gap between caller and callee.
var EdgeGap = rule.Detector{
	ID: "D22", Name: "edge-gap", Title: "Gap between caller and callee",
	Thresholds: &EdgeGapThresholds{Gap: 20 * time.Millisecond, Share: 0.30, Usual: 5, Calls: 5},
	Doc: "A call lasted much longer for the caller than the callee worked on it. The time went by between them: on the way, in a queue before " +
		"the handler, or in setting up the connection. Both durations are measured by one clock each, so clocks that are apart explain none of it.",
	Rule: "a call whose duration exceeds its serving span's by at least `gap` and `share` of its own, and by `usual` times the median gap of the two " +
		"services where the file has `calls` of their calls. Streams, large bodies, calls of several tries, calls that were given up, and servers that answer " +
		"before their work is done are left out. " +
		"Without other calls to compare with it is low at most, unless the gap is longer than the server worked.",
	Example:  "shop.Currency/Convert took 352 ms for the caller, 1 ms in the server; the server started 349 ms after the call began.",
	Remedies: []string{"keep connections open", "look at the proxy's and the accept queue's own metrics", "more workers or threads for the callee", "the callee's garbage collector and CPU limits"},
	Limits: []string{"possible causes that the trace cannot tell apart: connection set-up, TLS, a proxy, an accept queue, a thread pool, garbage collection, the network",
		"a server span may begin late, after the body was read"},
	Trace: findEdgeGap,
	Blind: []rule.Blind{
		{Gap: rule.GapUnpaired, Effect: "caller and callee cannot be compared"},
		{Gap: rule.GapNoKind, Effect: "who called and who served was inferred"},
	},
}

// gapped is the calls of one operation to one service with a gap.
type gapped struct {
	spans   []int
	gaps    []int64
	servers []int
}

func findEdgeGap(p *rule.Pass) {
	t, least := p.Facts.Trace, int64(rule.ThresholdsOf[EdgeGapThresholds](p).Gap)
	type way struct {
		op int32
		to trace.Symbol
	}
	var found rule.Groups[way, gapped]
	for i := t.First(); i < t.Len(); i++ {
		if p.Kind(i) != trace.KindClient || p.Leaf(i) || t.Span(i).Duration() < least {
			continue
		}
		gap, server, ok := baseline.Gap(p.Facts, i)
		if !ok || !wideGap(p, i, server, gap) || patterns.Streams(p.Facts, i) || answeredEarly(p, server, gap) || gaveUp(p, i) {
			continue
		}
		g := found.Of(way{p.OpNumber(i), t.Span(server).ServiceSymbol()})
		g.spans, g.gaps, g.servers = append(g.spans, i), append(g.gaps, gap), append(g.servers, server)
	}
	for _, g := range found.All() {
		reportGap(p, g)
	}
}

func wideGap(p *rule.Pass, i, server int, gap int64) bool {
	th, t := rule.ThresholdsOf[EdgeGapThresholds](p), p.Facts.Trace
	if gap < int64(th.Gap) || float64(gap) < th.Share*float64(t.Span(i).Duration()) {
		return false
	}
	usual := p.Baseline.Gap(t.Span(i), t.Span(server))
	return usual.Calls < th.Calls || float64(gap) >= th.Usual*float64(usual.P50)
}

// gaveUp reports whether the caller did not wait for the answer: how long it lasted is its own limit.
func gaveUp(p *rule.Pass, i int) bool {
	return p.Failure(i) == semconv.ErrorTimeout || p.Failure(i) == semconv.ErrorCancelled
}

// answeredEarly reports whether the server's span ended while work below it went on for much of the gap: it says when
// the handler returned, not when the answer was there.
func answeredEarly(p *rule.Pass, server int, gap int64) bool {
	end := p.Timing.Own(server).End
	return rule.Any(p.Children(server), func(c int) bool { return p.Timing.Own(c).End-end >= gap/2 })
}

// measureGaps returns the numbers of a finding about calls with a gap, the sum of their gaps in nanoseconds, and which
// of them is the widest.
func measureGaps(p *rule.Pass, g *gapped, usual baseline.Typical) (numbers rule.Numbers, sum int64, widest int) {
	numbers = rule.Numbers{Count: len(g.spans), Union: p.Union(g.spans), Sum: p.Sum(g.spans)}
	for n, i := range g.spans {
		if g.gaps[n] > g.gaps[widest] {
			widest = n
		}
		sum += g.gaps[n]
		waited := p.CriticalTime(i) - p.CriticalTime(g.servers[n])
		numbers.Critical += waited
		numbers.Avoidable += max(min(g.gaps[n]-usual.P50, waited), 0)
	}
	numbers.More = []rule.Number{{Name: "gap_nano", Value: float64(sum)}, {Name: "usual_nano", Value: float64(usual.P50)}}
	return numbers, sum, widest
}

func reportGap(p *rule.Pass, g *gapped) {
	t := p.Facts.Trace
	usual := p.Baseline.Gap(t.Span(g.spans[0]), t.Span(g.servers[0]))
	if usual.Calls < rule.ThresholdsOf[EdgeGapThresholds](p).Calls {
		usual = baseline.Typical{}
	}
	numbers, sum, widest := measureGaps(p, g, usual)
	i, server, gap := g.spans[widest], g.servers[widest], g.gaps[widest]
	to := t.Span(server).Service()
	label := rule.Quoted(p.Op(i).Label())
	f := rule.Finding{
		Kind:   fmt.Sprintf("gap of %s on the way to %s", units.Lasted(gap), to),
		Anchor: i, Service: to,
		Evidence: append(p.Spans(rule.RoleOffender, g.spans...), p.Spans(rule.RoleBaseline, g.servers...)...),
		Numbers:  numbers,
		Message:  fmt.Sprintf("%s took %s for the caller, %s in the server", label, units.Lasted(t.Span(i).Duration()), units.Lasted(t.Span(server).Duration())),
	}
	if len(g.spans) > 1 {
		f.Kind, f.Times, f.Detail = "gaps", fmt.Sprint(len(g.spans)), fmt.Sprintf(" of %s on the way to %s", units.Lasted(sum), to)
		f.Message = fmt.Sprintf("%d calls of %s lasted %s longer for the caller than in the server; the widest took %s for the caller, %s in the server",
			len(g.spans), label, units.Lasted(sum), units.Lasted(t.Span(i).Duration()), units.Lasted(t.Span(server).Duration()))
	}
	trusted := legs(p, &f, i, server, gap)
	if usual.Calls > 0 {
		f.Message += fmt.Sprintf("; the median gap of %s between the two is %s", rule.Calls(usual.Calls, "call"), units.Lasted(usual.P50))
	}
	if connect := connecting(p, i); connect > 0 {
		f.Message += fmt.Sprintf("; connecting took %s of it", units.Lasted(connect))
	}
	var c semconv.Canonical
	if p.Canonical(server, &c); c.Text(semconv.ColdStart) == "true" {
		f.Message += "; the server recorded a cold start"
	}
	f.Message += "."
	f.Checks = []rule.Check{
		{Name: "both sides recorded, each by its own clock", Passed: true},
		{Name: "other calls between the two had smaller gaps", Passed: usual.Calls > 0},
		{Name: "the clocks agree well enough to tell before from after", Passed: trusted},
	}
	f.Confidence = 0.6
	f.Gain(0, 0.2, 0.1)
	if usual.Calls == 0 && gap <= t.Span(server).Duration() {
		f.Cap = new(rule.Low) // it may be what this way always takes
	}
	doubtCaller(p, &f, i, usual)
	p.Report(label+" "+to, f)
}

// doubtCaller lowers a finding about a call that is one only by its neighbours: without other calls to compare with, and
// where its service records the kinds of its calls, the caller may have worked itself all the while.
func doubtCaller(p *rule.Pass, f *rule.Finding, i int, usual baseline.Typical) {
	if p.Class(i) != semconv.ClassCall || p.Facts.Trace.Span(i).Kind() == trace.KindClient {
		return
	}
	f.Confidence -= 0.2
	f.Limits = []string{"kinds are not recorded: work of the caller's span itself would look the same"}
	f.Checks = append(f.Checks, rule.Check{Name: "the caller's span is recorded as a call", Passed: false})
	if usual.Calls == 0 || p.Surmised(i) {
		f.Cap = new(rule.Low)
	}
}

// legs adds when the server started and how long after its end the caller had the answer, if the clocks of the two
// can be compared to a fifth of the gap. A server that worked outside the call shows that they cannot.
func legs(p *rule.Pass, f *rule.Finding, i, server int, gap int64) (trusted bool) {
	const part = 5
	call, s := p.Facts.Trace.Span(i), p.Facts.Trace.Span(server)
	offset, uncertainty, ok := p.Clocks.Between(call.Resource(), s.Resource(), p.Facts.Trace.Root().Start())
	if !ok || part*uncertainty > gap {
		return false
	}
	before, after := s.Start()+offset-call.Start(), call.Finish()-s.Finish()-offset
	if -part*min(before, after) > gap {
		return false
	}
	if before >= after {
		f.Message += fmt.Sprintf("; the server started %s after the call began", units.Lasted(max(before, 0)))
	} else {
		f.Message += fmt.Sprintf("; the call went on for %s after the server had ended", units.Lasted(after))
	}
	return true
}

// connecting sums what the call's own spans say about setting up the connection.
func connecting(p *rule.Pass, i int) int64 {
	var sum int64
	for c := range p.Children(i) {
		if p.Class(c) == semconv.ClassConnect {
			sum += p.Duration(c)
		}
	}
	return sum
}
