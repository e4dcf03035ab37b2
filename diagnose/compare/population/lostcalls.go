package population

import (
	"math"
	"slices"
)

// profile is whom a service usually calls when it is asked for an operation.
type profile struct {
	visits float64
	to     []usually
	ends   []ending
}

// usually is how many visits call a service, and the sum of its places in the order of their calls.
type usually struct {
	to       int32
	n, place float64
}

// ending is how many visits, good and bad, call a service last.
type ending struct {
	last int32
	n    [2]float64
}

// lostCall is a call that failed, that reached nobody, and whose operation does not say whom it should have reached.
type lostCall struct {
	at, span int32
	key      int32
	service  int32
	entry    int32
	took     float64
	failed   bool
	called   []int32 // services that the visit reached
}

// learn takes in whom a visit called in which nothing failed.
func (o *observed) learn(at int32, v *visit) {
	x := o.profiles.of([2]int32{v.service, v.entry})
	x.visits++
	last := nobody
	for _, c := range v.calls {
		if c.to != nobody && c.to != v.service {
			last = c.to
		}
	}
	end := slices.IndexFunc(x.ends, func(e ending) bool { return e.last == last })
	if end < 0 && len(x.ends) < profileMost {
		end = len(x.ends)
		x.ends = append(x.ends, ending{last: last})
	}
	if end >= 0 {
		x.ends[end].n[o.sides[at]]++
	}
	for place, c := range v.calls {
		if c.to == nobody {
			continue
		}
		n := slices.IndexFunc(x.to, func(k usually) bool { return k.to == c.to })
		if n < 0 {
			if len(x.to) == profileMost {
				continue
			}
			n = len(x.to)
			x.to = append(x.to, usually{to: c.to})
		}
		x.to[n].n++
		x.to[n].place += float64(place)
	}
}

// stopsAfter returns the service after whose answer a service stops, when it is asked for an operation and makes fewer
// calls than it did: the last one that most such visits call. It is the service itself where they stop of their own.
//
//	before  order → seat, price, food
//	now     order → seat, price          price
func (o *observed) stopsAfter(service, entry int32) int32 {
	const most = 0.6 // of the visits that stop early
	x := o.profiles.at[[2]int32{service, entry}]
	if x == nil {
		return service
	}
	var all [2]float64
	for _, e := range x.ends {
		all[0], all[1] = all[0]+e.n[0], all[1]+e.n[1]
	}
	best, more, sum := nobody, 0.0, 0.0
	for _, e := range x.ends {
		by := e.n[1]/max(all[1], 1) - e.n[0]/max(all[0], 1)
		if by > more {
			best, more = e.last, by
		}
		sum += max(by, 0)
	}
	if best == nobody || more < most*sum {
		return service
	}
	return best
}

// profileMost is the number of services that a profile remembers.
const profileMost = 64

// find works out whom a call should have reached: of the services that the visit usually calls and did not reach, the
// one that it usually calls first.
//
//	usually  order → seat, price, food
//	now      order → seat, ?              price
func (o *observed) find(l *lostCall) {
	const usual = 0.3 // of the visits
	to, first := nobody, math.Inf(1)
	if x := o.profiles.at[[2]int32{l.service, l.entry}]; x != nil {
		for _, c := range x.to {
			if place := c.place / c.n; c.n >= usual*x.visits && place < first && !slices.Contains(l.called, c.to) {
				to, first = c.to, place
			}
		}
	}
	switch {
	case to == nobody:
		o.note(trackKey{ownTime, nobody, l.service, l.key}, l.at, int(l.span), l.took)
		if l.failed {
			o.failed(l, l.service)
		}
		return
	case !l.failed:
		o.note(trackKey{unanswered, l.service, to, l.key}, l.at, int(l.span), l.took)
		o.add(seriesKey{unanswered, l.service, to, l.entry, l.key, o.roots[l.at]}, l.at, 1, 1)
		return
	}
	o.note(trackKey{gapTime, l.service, to, l.key}, l.at, int(l.span), l.took)
	o.add(seriesKey{gapTime, l.service, to, l.entry, l.key, o.roots[l.at]}, l.at, 1, l.took)
	o.failed(l, to)
}

func (o *observed) failed(l *lostCall, to int32) {
	o.note(trackKey{failures, nobody, to, l.key}, l.at, int(l.span), 1)
	from := l.service
	if to == from {
		from = nobody
	}
	o.add(seriesKey{failures, from, to, l.entry, l.key, o.roots[l.at]}, l.at, 1, 1)
}
