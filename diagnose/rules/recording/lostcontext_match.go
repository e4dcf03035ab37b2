package recording

import (
	"cmp"
	"slices"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/failure"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// match looks for the continuation of every call without a server span.
func (l *lost) match(f *facts.Facts) {
	t := f.Trace
	for i := t.First(); i < t.Len(); i++ {
		if f.Kind(i) != trace.KindClient || f.Class(i) != semconv.ClassHTTP && f.Class(i) != semconv.ClassRPC || !l.unanswered(f, i) {
			continue
		}
		peer := f.Op(i).Peer
		callee, known := l.services[peer]
		if !known {
			callee, known = l.services[f.ServiceLabel(peer)]
		}
		if !known || l.pointed[spanKey{t.ID(), t.Span(i).ID()}] {
			continue
		}
		c := call{Place: rule.Place{Facts: f, Span: i}, sure: failure.ArrivalOf(f, i, &l.canon) == failure.ArrivedAtService}
		l.continuations(&c, callee)
		l.pairs.Add(pairOfServices{t.Span(i).Service(), callee}, c)
	}
}

// unanswered reports whether nothing below a call ran in another process, although the call seems to have arrived.
func (l *lost) unanswered(f *facts.Facts, i int) bool {
	return rule.StaysWithin(f, i) && failure.ArrivalOf(f, i, &l.canon) != failure.ArrivedNowhere
}

// continuations finds the traces that began in the called service during the call.
//
//	caller's trace   |-----call-----|
//	other trace         |--server--|       fits
//	other trace                 |------|   ends too late
func (l *lost) continuations(c *call, callee string) {
	const enough = 64 // a call that so many traces fit is joined with none
	s := c.Data()
	clocks := l.toCaller(s, callee)
	for n, process := range l.roots[callee] {
		known := clocks[n]
		slack := int64(l.th.Grain) + min(known.Uncertainty, s.Duration()/2)
		from, to := s.Start()-slack-known.Offset, s.Finish()+slack-known.Offset // on the process's clock
		at, _ := slices.BinarySearch(process.starts, from)
		for ; at < len(process.began) && c.fits < enough; at++ {
			r := process.began[at]
			if process.starts[at] > to {
				break
			}
			fit := c.Ops.Fits(c.OpNumber(c.Span), r.OpNumber(r.Span))
			if r.Trace == c.Trace || r.Data().Finish() > to || fit == facts.RouteOther {
				continue
			}
			c.fits++
			r.calls++
			c.first, c.named = r, fit == facts.RouteSame
		}
	}
}

// begin takes in a trace that begins with a server span.
func (l *lost) begin(at rule.Place) {
	resource := at.Data().Resource()
	p := l.processes.Of(resource.Index())
	if p.began == nil {
		p.resource = resource
		l.roots[resource.Service()] = append(l.roots[resource.Service()], p)
	}
	p.began = append(p.began, &begun{Place: at})
}

// sort puts the traces of each process in order of time: a trace may begin with something else.
func (l *lost) sort() {
	for _, p := range l.processes.All() {
		slices.SortStableFunc(p.began, func(a, b *begun) int { return cmp.Compare(a.Data().Start(), b.Data().Start()) })
		for _, r := range p.began {
			p.starts = append(p.starts, r.Data().Start())
		}
	}
}

// toCaller returns for each process of a service what to add to its times to be on the clock of a caller.
func (l *lost) toCaller(caller trace.Span, callee string) []rule.ClockOffset {
	began := caller.Trace().Root().Start()
	k := callersClock{caller.Resource().Index(), callee, began / clocks.DriftBucket}
	return l.clocks.Of(k, func() (list []rule.ClockOffset) {
		for _, process := range l.roots[callee] {
			offset, uncertainty, known := l.p.Clocks.Between(caller.Resource(), process.resource, began)
			list = append(list, rule.ClockOffset{Offset: offset, Uncertainty: uncertainty, Known: known})
		}
		return list
	})
}

type callersClock struct {
	caller int
	callee string
	bucket int64
}
