package recording

import (
	"slices"
	"time"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// LostContextThresholds are the gates of lost-context.
type LostContextThresholds struct {
	Grain time.Duration `toml:"grain" source:"default; tolerance beyond clock uncertainty"`
	Edge  time.Duration `toml:"edge" source:"default; parents near the ends of a long file may be outside it"`
	Long  time.Duration `toml:"long" source:"default; edge is not applied to shorter files"`
}

// LostContext finds: broken context propagation.
var LostContext = rule.Detector{
	ID: "D13", Name: "lost-context", Title: "Broken context propagation",
	Thresholds: &LostContextThresholds{Grain: 5 * time.Millisecond, Edge: time.Minute, Long: 10 * time.Minute},
	Doc: "The called service started a new trace instead of continuing the caller's: the trace context was not propagated. " +
		"The caller's trace cannot explain the time of the call.",
	Rule: "a client span without a server span, to a service that has server spans in the file, and exactly one trace that started in that service during the call, has no link, " +
		"matches the operation and fits no other call (within `grain` plus clock uncertainty); such calls without a matching trace, if other calls between the two services are linked; " +
		"messages without a consumer span in their trace, while consumer spans of that destination start traces without a link; orphan spans (parent not in file), grouped by " +
		"the parent's process as recorded by the SDK; additional root spans of a trace. Not counted: calls that failed before they reached the service, and spans " +
		"within `edge` of either end of a file longer than `long`.",
	Example:   "GET /api/payment of storefront (300 ms) has no server span; trace 288f17… starts in payment-service with GET /api/payment during the call and is probably its continuation.",
	Remedies:  []string{"instrument the client", "propagate traceparent", "pass the context on to threads, goroutines and queues"},
	Limits:    []string{"sampling on one side looks the same", "a gateway may start new traces on purpose"},
	File:      findLostContext,
	Relations: rule.Relations{Absence: rule.AbsenceCut},
	Blind: []rule.Blind{
		{Gap: rule.GapOrphans, Effect: "position in the call tree unknown"},
		{Gap: rule.GapEdges, Effect: "not reported, the parent may be outside the file"},
		{Gap: rule.GapManyRoots, Effect: "cannot tell which root span the other spans belong to"},
		{Gap: rule.GapWrongPlace, Effect: "position in the trace may be wrong"},
	},
}

func findLostContext(p *rule.FilePass) {
	l := &lost{
		p: p, th: rule.ThresholdsOf[LostContextThresholds](p), services: map[string]string{}, roots: map[string][]*process{}, linked: map[pairOfServices]int{},
		clocks: rule.Memo[callersClock, []rule.ClockOffset]{}, pointed: map[spanKey]bool{},
	}
	l.edges = l.th.edges(p.Set)
	for _, f := range p.Traces {
		l.read(f)
	}
	l.sort()
	if len(l.roots) > 0 || len(l.linked) > 0 {
		for _, f := range p.Traces {
			l.match(f)
		}
	}
	for pair, calls := range l.pairs.All() {
		l.decide(&unlinked{pair, calls})
	}
	l.reportTopics()
	l.loose.report(p)
}

// lost gathers calls without a server span and traces that begin in a service.
type lost struct {
	p         *rule.FilePass
	th        *LostContextThresholds
	edges     fileEdges
	services  map[string]string         // peer, as callers name it, or a service's own name -> service
	roots     map[string][]*process     // by service
	processes rule.Groups[int, process] // the same, by resource
	linked    map[pairOfServices]int
	pairs     rule.Lists[pairOfServices, call]
	loose     looseSpans
	clocks    rule.Memo[callersClock, []rule.ClockOffset]
	pointed   map[spanKey]bool // spans that a link points at
	topics    rule.Groups[string, topic]
	canon     semconv.Canonical
}

type pairOfServices struct{ caller, callee string }

type spanKey struct {
	trace trace.TraceID
	span  trace.SpanID
}

// begun is a trace that begins with a server span of a service.
type begun struct {
	rule.Place
	calls int // that it fits
}

// process is the traces that began in one process of a service, in order of time: they have one clock.
type process struct {
	resource trace.Resource
	began    []*begun
	starts   []int64 // of them
}

// unlinked is the calls between two services that have no server span.
type unlinked struct {
	pairOfServices
	calls []call
}

// call is a call without a server span and the traces that it may have caused.
type call struct {
	rule.Place
	first *begun
	fits  int
	named bool // the operations agree, not only service and time
	sure  bool // the service had it, not only a proxy
}

func (l *lost) read(f *facts.Facts) {
	t := f.Trace
	l.loose.roots(f)
	for i := t.First(); i < t.Len(); i++ {
		s := t.Span(i)
		for _, link := range s.Links() {
			l.pointed[spanKey{link.TraceID(), link.SpanID()}] = true
		}
		switch kind := f.Kind(i); {
		case s.Has(trace.FlagOrphan):
			if !l.edges.near(s.Start()) {
				l.loose.add(rule.Place{Facts: f, Span: i}, orphanWhy[s.ParentAt()])
			}
		case kind == trace.KindServer && t.Parent(i) < t.First():
			l.services[s.Service()] = s.Service()
			if len(s.Links()) == 0 { // else the link names its trace
				l.begin(rule.Place{Facts: f, Span: i})
			}
		case kind == trace.KindProducer || kind == trace.KindConsumer:
			l.message(f, i)
		case kind == trace.KindServer:
			l.services[s.Service()] = s.Service()
		case kind == trace.KindClient && !f.Leaf(i):
			if server := f.Server(i); server >= 0 {
				callee := t.Span(server).Service()
				l.linked[pairOfServices{s.Service(), callee}]++
				if peer := f.Op(i).Peer; peer != "" {
					l.services[peer] = callee
				}
			}
		}
	}
}

// decide reports the calls of a pair of services whose continuation is certain, or else, where other calls between
// the two are linked, that some are not.
func (l *lost) decide(u *unlinked) {
	var joined []call
	for _, c := range u.calls {
		if c.fits == 1 && c.first.calls == 1 {
			joined = append(joined, c)
		}
	}
	switch {
	case len(joined) > 0:
		l.reportJoined(u, joined)
	case l.linked[u.pairOfServices] > 0:
		u.calls = slices.DeleteFunc(u.calls, func(c call) bool { return !c.sure || l.edges.near(c.Data().Start()) })
		if len(u.calls) > 0 {
			l.reportUnlinked(u)
		}
	}
}
