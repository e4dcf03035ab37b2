package skew

import (
	"fmt"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/stats"
	"tracefall/sources/trace"
)

// emitter is who made spans: an instrumentation scope of a service. Each writes its durations in one unit.
type emitter struct {
	service trace.Symbol
	scope   int
}

// unitPair is the calls from one emitter's spans to another's.
type unitPair struct {
	all    int
	places []rule.Place // callees that outlast their callers by a factor between units
	ratios []float64    // theirs
	factor int64        // of the first
}

// durationUnits looks for spans that outlast the spans that waited for them a thousand or a million times, call after
// call, although what they did themselves lies within the thousandth part: one side writes another unit.
//
//	caller  |------|
//	callee   |-----------------------------------------------------…   1,000 times too long
//	 child     |--…                                                    but begun early
func durationUnits(p *rule.FilePass, th *ClockSkewThresholds) {
	type key struct{ caller, callee emitter }
	var pairs rule.Groups[key, unitPair]
	for _, f := range p.Traces {
		t := f.Trace
		for i := t.First(); i < t.Len(); i++ {
			up := t.Parent(i)
			if up < t.First() || !sameMeasure(f, up, i) {
				continue
			}
			s, call := t.Span(i), t.Span(up)
			k := key{emitter{call.ServiceSymbol(), call.Scope().Index()}, emitter{s.ServiceSymbol(), s.Scope().Index()}}
			if k.caller != k.callee {
				pairs.Of(k).add(f, up, i)
			}
		}
	}
	for _, pair := range pairs.All() {
		if n := len(pair.places); n >= th.Calls && float64(n) >= th.Share*float64(pair.all) {
			reportUnits(p, pair)
		}
	}
}

// sameMeasure reports whether the durations of span i and of the span that called it say something of each other.
func sameMeasure(f *facts.Facts, up, i int) bool {
	s, call := f.Trace.Span(i), f.Trace.Span(up)
	for _, x := range [...]trace.Span{s, call} {
		if repaired(x) || x.Has(trace.FlagUnfinished) || x.Duration() == 0 {
			return false
		}
	}
	return !s.FollowsFrom() && f.Kind(i) != trace.KindConsumer && f.Kind(up) != trace.KindProducer && !f.Failed(up)
}

func (u *unitPair) add(f *facts.Facts, up, i int) {
	u.all++
	took := f.Trace.Span(i).Duration()
	ratio := float64(took) / float64(f.Trace.Span(up).Duration())
	for _, factor := range [...]int64{1_000, 1_000_000} {
		// A callee works for a quarter of the call or more; besides, clocks and rounding may be a little off.
		if ratio < float64(factor)/4 || ratio > 1.05*float64(factor) || u.factor != 0 && u.factor != factor {
			continue
		}
		for c := range f.Children(i) {
			if f.Trace.Span(c).Start()-f.Trace.Span(i).Start() > took/factor {
				return // it was at work for longer
			}
		}
		if patterns.Streams(f, up) {
			u.all-- // it says nothing of units
			return
		}
		u.factor = factor
		u.places, u.ratios = append(u.places, rule.Place{Facts: f, Span: i}), append(u.ratios, ratio)
	}
}

func reportUnits(p *rule.FilePass, u *unitPair) {
	first := u.places[0]
	caller := first.Trace.Span(first.Trace.Parent(first.Span))
	name := func(s trace.Span) string {
		service := rule.Named(s.Service())
		if s.Service() == caller.Service() && first.Data().Service() == caller.Service() && s.Scope().Name() != "" {
			return service + " (" + rule.Quoted(s.Scope().Name()) + ")"
		}
		return service
	}
	f := rule.Finding{
		Kind: "duration unit mismatch", Times: int(u.factor), Possible: true,
		Message: fmt.Sprintf("In %s of %s from %s to %s the server span is longer than the client span, by a median factor of %s; divided by %s its duration would fit: "+
			"one of the two may export durations in another unit.", trace.Grouped(len(u.places)), rule.Calls(u.all, "call"), name(caller), name(first.Data()),
			trace.Grouped(int(stats.Median(u.ratios))), trace.Grouped(int(u.factor))),
		Evidence:   rule.EvidenceOf(rule.RoleOffender, u.places...),
		Numbers:    rule.Numbers{Count: len(u.places), More: []rule.Number{{Name: "factor", Value: float64(u.factor)}}},
		Checks:     []rule.Check{{Name: "seen in 100 % of the calls", Passed: len(u.places) == u.all}, {Name: "child spans fit the smaller duration", Passed: true}},
		Confidence: 0.4,
		Risk:       0.1,
		Cap:        new(rule.Low),
	}
	f.Gain(0.05)
	p.Report(first, fmt.Sprintf("units %q", []string{caller.Service(), caller.Scope().Name(), first.Data().Service(), first.Data().Scope().Name()}), f)
}
