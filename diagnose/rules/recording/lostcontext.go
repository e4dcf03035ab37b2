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
	Grain time.Duration `toml:"grain" source:"own choice: what is allowed besides the error of the clocks"`
	Edge  time.Duration `toml:"edge" source:"own choice: parents near the edges of a long file may lie outside it"`
	Long  time.Duration `toml:"long" source:"own choice: shorter files have no middle"`
}

// LostContext finds: broken context propagation.
var LostContext = rule.Detector{
	ID: "D13", Name: "lost-context", Title: "Broken context propagation",
	Thresholds: &LostContextThresholds{Grain: 5 * time.Millisecond, Edge: time.Minute, Long: 10 * time.Minute},
	Doc: "A call was made, and the service that answered began a trace of its own: the trace context did not travel with the call. " +
		"The time of the call cannot be explained from its own trace.",
	Rule: "a call without a server span, to a service that has server spans in the file, during which exactly one trace began in that service " +
		"with a fitting operation and without a link, while no other such call could have caused it (within `grain` and the error of the clocks); such calls " +
		"without a single fitting trace that the service answered, where other calls between the two services are linked; messages that no span of their trace " +
		"processed, to a destination that other traces begin with processing, without a link; spans whose parent is not in the file, told apart by where the " +
		"SDK says the parent ran; spans without a parent in a trace that another span begins. Calls that failed before anybody had them do not count, nor " +
		"does what lies within `edge` of an end of a file longer than `long`.",
	Example:   "The call GET /api/payment of storefront (300 ms) has no server span, although payment-service reports spans in this file; trace 288f17… begins in payment-service at GET /api/payment within that time and probably is its continuation.",
	Remedies:  []string{"instrument the client", "propagate traceparent", "hand the context on to threads, goroutines and queues"},
	Limits:    []string{"sampling on one side looks the same", "a gateway may begin new traces on purpose"},
	File:      findLostContext,
	Relations: rule.Relations{Absence: rule.AbsenceCut},
	Blind: []rule.Blind{
		{Gap: rule.GapOrphans, Effect: "the critical path does not go through it", Many: "the critical path does not go through them"},
		{Gap: rule.GapEdges, Effect: "the file was cut there; it is not told as lost context", Many: "the file was cut there; they are not told as lost context"},
		{Gap: rule.GapManyRoots, Effect: "which of them the others belong to is not known"},
		{Gap: rule.GapWrongPlace, Effect: "it may hang in the wrong place", Many: "they may hang in the wrong place"},
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
			if len(s.Links()) == 0 { // else the link says what it belongs to
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
