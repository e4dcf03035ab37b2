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
	Gap   time.Duration `toml:"gap" source:"default"`
	Share float64       `toml:"share" unit:"share of the client span's duration" source:"default"`
	Usual float64       `toml:"usual" unit:"times the median gap between the two services" source:"default"`
	Calls int           `toml:"calls" unit:"calls in the file" source:"default; fewer calls have no reliable median"`
}

// EdgeGap finds: network and queue time between client and server span.
var EdgeGap = rule.Detector{
	ID: "D22", Name: "edge-gap", Title: "Network/queue gap between client and server",
	Thresholds: &EdgeGapThresholds{Gap: 20 * time.Millisecond, Share: 0.30, Usual: 5, Calls: 5},
	Doc: "The client span is much longer than its server span. The time was spent in between: on the network, in a queue before " +
		"the handler, or in connection setup. Each duration comes from one clock, so clock skew does not explain the gap.",
	Rule: "a client span longer than its server span by at least `gap` and `share` of its duration, and by `usual` times the median gap between the two " +
		"services if the file has at least `calls` of their calls. Not counted: streams, large bodies, retried or abandoned calls, and servers that respond " +
		"before their work is done. Without other calls to compare with: low at most, unless the gap is longer than the server span.",
	Example:  "shop.Currency/Convert took 352 ms in the client span, 1 ms in the server span; the server span started 349 ms after the client span.",
	Remedies: []string{"keep connections open", "check metrics of the proxy and the accept queue", "more workers or threads in the server", "check garbage collection and CPU limits of the server"},
	Limits: []string{"the trace cannot separate connection setup, TLS, proxy, accept queue, thread pool, garbage collection and network",
		"a server span may start late, after the body was read"},
	Trace: findEdgeGap,
	Blind: []rule.Blind{
		{Gap: rule.GapUnpaired, Effect: "cannot compare client and server spans"},
		{Gap: rule.GapNoKind, Effect: "client and server inferred"},
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
	label := p.Quoted(i)
	f := rule.Finding{
		Kind:   "network/queue gap " + g.place(p, to),
		Detail: ": ", Took: gap, Placed: true,
		Anchor: i, Service: to,
		Evidence: append(p.Spans(rule.RoleOffender, g.spans...), p.Spans(rule.RoleBaseline, g.servers...)...),
		Numbers:  numbers,
		Message:  fmt.Sprintf("%s took %s in the client span, %s in the server span", label, units.Lasted(t.Span(i).Duration()), units.Lasted(t.Span(server).Duration())),
	}
	if len(g.spans) > 1 {
		f.Detail, f.Took = ": "+rule.Calls(len(g.spans), "call")+", ", sum
		f.Message = fmt.Sprintf("%s of %s spent %s between client and server span; the worst took %s in the client span, %s in the server span",
			rule.Calls(len(g.spans), "call"), label, units.Lasted(sum), units.Lasted(t.Span(i).Duration()), units.Lasted(t.Span(server).Duration()))
	}
	before, after, trusted := legs(p, i, server, gap)
	switch {
	case !trusted:
	case before >= after:
		f.Message += fmt.Sprintf("; the server span started %s after the client span", units.Lasted(max(before, 0)))
	default:
		f.Message += fmt.Sprintf("; the client span ended %s after the server span", units.Lasted(after))
	}
	if usual.Calls > 0 {
		f.Message += fmt.Sprintf("; the median gap of %s between the two services is %s", rule.Calls(usual.Calls, "call"), units.Lasted(usual.P50))
	}
	if connect := connecting(p, i); connect > 0 {
		f.Message += fmt.Sprintf("; connection setup took %s of it", units.Lasted(connect))
	}
	var c semconv.Canonical
	if p.Canonical(server, &c); c.Text(semconv.ColdStart) == "true" {
		f.Message += "; the server recorded a cold start"
	}
	f.Message += "."
	f.Checks = []rule.Check{
		{Name: "client and server span recorded", Passed: true},
		{Name: "other calls between the two services had smaller gaps", Passed: usual.Calls > 0, Unseen: usual.Calls == 0},
		{Name: "clock offset known to ±20 % of the gap", Passed: trusted},
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
	f.Limits = []string{"span kinds are not recorded: work of the calling span itself would look the same"}
	f.Checks = append(f.Checks, rule.Check{Name: "calling span has kind client", Unseen: true})
	if usual.Calls == 0 || p.Surmised(i) {
		f.Cap = new(rule.Low)
	}
}

// place says where the gaps lie: before the server, after it, or, where that is not known of all of them, between caller and
// server.
func (g *gapped) place(p *rule.Pass, to string) string {
	var first, last int64
	for n, i := range g.spans {
		before, after, trusted := legs(p, i, g.servers[n], g.gaps[n])
		if !trusted {
			return p.Facts.Trace.Span(i).Service() + " → " + to
		}
		first, last = first+before, last+after
	}
	if last > first {
		return "after " + to
	}
	return "before " + to
}

// legs returns how long after the call began the server did, and how long after the server's end the caller had the answer.
// They are trusted if the clocks of the two can be compared to a fifth of the gap. A server that worked outside the call
// shows that they cannot.
func legs(p *rule.Pass, i, server int, gap int64) (before, after int64, trusted bool) {
	const part = 5
	call, s := p.Facts.Trace.Span(i), p.Facts.Trace.Span(server)
	offset, uncertainty, ok := p.Clocks.Between(call.Resource(), s.Resource(), p.Facts.Trace.Root().Start())
	if !ok || part*uncertainty > gap {
		return 0, 0, false
	}
	before, after = s.Start()+offset-call.Start(), call.Finish()-s.Finish()-offset
	return before, after, -part*min(before, after) <= gap
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
