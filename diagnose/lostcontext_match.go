package diagnose

import (
	"cmp"
	"slices"
	"time"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

// match looks for the continuation of every call without a server span.
func (l *lost) match(f *facts.Facts) {
	t := f.Trace
	for i := t.First(); i < t.Len(); i++ {
		if f.Kind(i) != trace.KindClient || f.Class(i) != facts.ClassHTTP && f.Class(i) != facts.ClassRPC || !l.unanswered(f, i) {
			continue
		}
		peer := f.Op(i).Peer
		callee, known := l.services[peer]
		if !known {
			callee, known = l.services[label(peer)]
		}
		if !known || l.pointed[spanKey{t.ID(), t.Span(i).ID()}] {
			continue
		}
		c := call{place: place{f, i}}
		l.continuations(&c, callee)
		pair := pairOfServices{t.Span(i).Service(), callee}
		u := l.pairs[pair]
		if u == nil {
			u = &unlinked{pairOfServices: pair}
			l.pairs[pair] = u
			l.order = append(l.order, u)
		}
		u.calls = append(u.calls, c)
	}
}

// unanswered tells whether nothing below a call ran in another process, although the call seems to have arrived.
func (l *lost) unanswered(f *facts.Facts, i int) bool {
	const deep = 16 // spans of a client library
	t := f.Trace
	switch f.Failure(i) {
	case facts.ErrorRefused, facts.ErrorBreakerOpen, facts.ErrorPool, facts.ErrorCancelled, facts.ErrorReset:
		return false
	}
	if t.End(i)-i > deep {
		return false
	}
	own := t.Span(i).Resource().Index()
	for k := i + 1; k < t.End(i); k++ {
		if t.Span(k).Resource().Index() != own || f.Class(k).Remote() {
			return false
		}
	}
	return true
}

// continuations finds the traces that began in the called service during the call.
//
//	caller's trace   |-----call-----|
//	other trace         |--server--|       fits
//	other trace                 |------|   ends too late
func (l *lost) continuations(c *call, callee string) {
	const enough = 64 // a call that so many traces fit is joined with none
	s := c.data()
	for _, process := range l.roots[callee] {
		known := l.between(s, process.resource)
		slack := int64(l.th.Grain) + min(known.uncertainty, s.Duration()/2)
		from, to := s.Start()-slack-known.offset, s.Finish()+slack-known.offset // on the process's clock
		at, _ := slices.BinarySearchFunc(process.began, from, func(r *begun, t int64) int { return cmp.Compare(r.data().Start(), t) })
		for ; at < len(process.began) && c.fits < enough; at++ {
			r := process.began[at]
			if r.data().Start() > to {
				break
			}
			fit := c.Ops.Fits(c.OpNumber(c.span), r.OpNumber(r.span))
			if r.Trace == c.Trace || r.data().Finish() > to || fit == facts.RouteOther {
				continue
			}
			c.fits++
			r.calls++
			c.first, c.named = r, fit == facts.RouteSame
		}
	}
}

// begin takes in a trace that begins with a server span.
func (l *lost) begin(at place) {
	resource := at.data().Resource()
	list := l.roots[resource.Service()]
	n := slices.IndexFunc(list, func(p *process) bool { return p.resource.Index() == resource.Index() })
	if n < 0 {
		n = len(list)
		list = append(list, &process{resource: resource})
		l.roots[resource.Service()] = list
	}
	list[n].began = append(list[n].began, &begun{place: at})
}

// sort puts the traces of each process in order of time: a trace may begin with something else.
func (l *lost) sort() {
	for _, list := range l.roots {
		for _, p := range list {
			slices.SortStableFunc(p.began, func(a, b *begun) int { return cmp.Compare(a.data().Start(), b.data().Start()) })
		}
	}
}

type clockKey struct {
	a, b   int
	bucket int64
}

type clockOffset struct{ offset, uncertainty int64 }

// between asks the clocks once for each pair of resources and ten minutes.
func (l *lost) between(a trace.Span, b trace.Resource) clockOffset {
	const bucket = 10 * int64(time.Minute)
	k := clockKey{a.Resource().Index(), b.Index(), a.Start() / bucket}
	known, ok := l.offsets[k]
	if !ok {
		known.offset, known.uncertainty, _ = l.p.Clocks.Between(a.Resource(), b, a.Start())
		l.offsets[k] = known
	}
	return known
}
