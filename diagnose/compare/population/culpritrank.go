package population

import (
	"cmp"
	"fmt"
	"slices"

	"tracefall/diagnose/units"
)

// rank scores the suspects and sorts them.
//
//	time   own work, calls under way where many at the service are, calls that it makes more often; by the mean of a trace
//	fails  share of the traces in which failures begin in it
//	acts   share of its visits that lack calls, or of its work that it no longer does
func (b *board) rank() {
	whole := 0.0
	for _, s := range b.all {
		b.weighTime(s)
	}
	for _, s := range b.all {
		whole += s.time
	}
	scale := max(whole+b.mean, 1)
	for _, s := range b.all {
		s.time /= scale
		s.fails = s.failing
		s.acts = (weightLess*max(s.less, s.lost) + weightFaster*s.faster) * max(b.mean, 1) / scale
	}
	b.passDown()
	whole = 0
	for _, s := range b.all {
		if s.score = s.time + s.fails + s.acts; s.score > 0 {
			b.list = append(b.list, s)
			whole += s.score
		}
	}
	for _, s := range b.list {
		s.score /= whole
	}
	slices.SortStableFunc(b.list, func(x, y *suspect) int {
		return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.name, y.name))
	})
	b.demoteGateway()
}

// weighTime sums up the time that points to a service. What calls take longer on their way is either side's: the
// callee's as far as its other callers see it too, the caller's as far as its other callees do. Edges that cannot be
// told say nothing.
//
//	a ──slow──┐               c is slow for all: c
//	b ──slow── c
//	            ┌──slow── b   a is slow towards all: a
//	          a ┴──slow── c
func (b *board) weighTime(s *suspect) {
	if s.ownSure {
		b.weighOwn(s)
	}
	for _, e := range s.in {
		share := calleeShare(e)
		s.gap += e.gap * share
		s.time += e.gap * share * strength(&e.change)
	}
	for _, e := range s.out {
		if e.gap > 0 {
			share := 1 - calleeShare(e)
			s.gap += e.gap * share
			s.time += e.gap * share * strength(&e.change)
			s.leads = append(s.leads, lead{to: e.to, time: e.gap * share})
		}
	}
	s.time += s.more
}

// weighOwn weighs the own work of a service. Where its calls have no spans of their own, that holds the time that they
// are under way, which may be its callees'.
func (b *board) weighOwn(s *suspect) {
	time := s.own.excess / float64(b.o.size[1])
	parts := 1.0
	for _, e := range s.mixed {
		if e.state == edgeInflated {
			parts += agreement(e.to.in)
		}
	}
	s.time += time / parts * strength(&s.own)
	for _, e := range s.mixed {
		if e.state == edgeInflated {
			share := agreement(e.to.in) / parts
			e.to.gap += time * share
			e.to.time += time * share * strength(&s.own)
			s.leads = append(s.leads, lead{to: e.to, time: time * share})
		}
	}
}

// calleeShare is how much of what an edge takes longer is its callee's, by how far the other edges of both agree. A
// service whose calls in both directions take longer accounts for all of them: it is its network that is slow.
func calleeShare(e *edge) float64 {
	in, out := agreement(e.to.in), weightOut*agreement(e.from.out)
	if inflated(e.to.out) {
		in = max(in, agreement(e.to.in, e.to.out))
	}
	if inflated(e.from.in) {
		out = max(out, agreement(e.from.in, e.from.out))
	}
	return in / (in + out)
}

func inflated(edges []*edge) bool {
	return slices.ContainsFunc(edges, func(e *edge) bool { return e.state == edgeInflated })
}

// strength is the share of a time that is excess: three times as long says more than a fifth longer, though it be the
// same time.
func strength(c *change) float64 { return c.excess / (c.before + c.excess) }

// agreement is the share of edges that take longer, of those that can be told; a single one is no proof.
func agreement(lists ...[]*edge) float64 {
	inflated, calm := 0.5, 0.5
	for _, edges := range lists {
		for _, e := range edges {
			switch e.state {
			case edgeInflated:
				inflated++
			case edgeCalm:
				calm++
			default:
			}
		}
	}
	return inflated / (inflated + calm)
}

// passDown lets a callee account for what its caller does after it was answered: a caller that stops after it was
// answered, and one that fails then although the callee does not, which acts differently itself.
func (b *board) passDown() {
	const rounds = 8 // levels of callers
	for range rounds {
		moved := false
		for _, u := range b.all {
			if v := b.stopper(u); v != u && u.acts > v.acts*1e-3 {
				v.acts += weightMoved * u.acts
				v.passed = append(v.passed, u)
				u.acts, moved = (1-weightMoved)*u.acts, true
				u.stops = u
			}
			if u.fails == 0 {
				continue
			}
			var best *suspect
			for _, e := range u.out {
				if v := e.to; v != u && v.acts > 0 && v.failing == 0 && max(v.less, v.faster) >= u.failing/2 && (best == nil || v.acts > best.acts) {
					best = v
				}
			}
			if best != nil {
				best.acts += weightMoved * u.fails
				u.fails, moved = (1-weightMoved)*u.fails, true
			}
		}
		if !moved {
			return
		}
	}
}

// stopper returns the service after whose answers another one makes fewer calls than before, or that service itself.
func (b *board) stopper(u *suspect) *suspect {
	if u.stops == nil {
		u.stops = u
		for _, x := range u.counts {
			if x.excess < 0 {
				u.stops = b.all[b.o.stopsAfter(u.id, x.entry)]
				break
			}
		}
	}
	return u.stops
}

// The measures of a gateway.
const (
	gatewayShare = 0.8 // of the traces that enter through it
	gatewayOwn   = 0.1 // of the mean time that it spends itself
)

// demoteGateway puts a service that most traces only enter through, and that only calls more often, behind the first
// service behind it that is a suspect itself: what is wrong behind a gateway makes it try again.
func (b *board) demoteGateway() {
	entered, own := map[string]int{}, map[string]float64{}
	for i := range b.c.Calls {
		n := &b.c.Calls[i]
		if n.Parent < 0 {
			entered[n.Worker] += n.Traces[1]
		}
		own[n.Worker] += n.meanCritical[1] - n.meanCallerOwn[1]
	}
	for at, s := range b.list {
		if float64(entered[s.name]) < gatewayShare*float64(b.p.size(1)) || own[s.name] > gatewayOwn*float64(b.c.Of[1].Mean) {
			continue
		}
		if s.more <= s.gap || s.ownSure {
			return
		}
		reached := b.reached(s, func(s *suspect) []*edge { return s.out }, func(e *edge) *suspect { return e.to })
		if behind := slices.IndexFunc(b.list[at+1:], func(s *suspect) bool { return reached[s] }); behind >= 0 {
			copy(b.list[at:], b.list[at+1:at+behind+2])
			b.list[at+behind+1] = s
			b.gateway = s
			b.passing = fmt.Sprintf("%s of the bad traces enter through it, %s of their time is its self time: what it calls stands before it",
				units.PercentOf(float64(entered[s.name])/float64(b.p.size(1))), units.PercentOf(own[s.name]/float64(b.c.Of[1].Mean)))
		}
		return
	}
}

// reached returns the services that are next to a service or next to one of these.
func (b *board) reached(s *suspect, edges func(*suspect) []*edge, end func(*edge) *suspect) map[*suspect]bool {
	reached := map[*suspect]bool{}
	for queue := []*suspect{s}; len(queue) > 0; queue = queue[1:] {
		for _, e := range edges(queue[0]) {
			if next := end(e); !reached[next] {
				reached[next] = true
				queue = append(queue, next)
			}
		}
	}
	return reached
}

// explain notes with the culprits before the one in place n how much of its excess time is in calls that lead to them.
func (b *board) explain(list []Culprit, n int) {
	u := b.list[n]
	own := 0.0
	if u.ownSure {
		own = u.own.excess / float64(b.o.size[1])
	}
	whole := own + u.gap + u.more
	for v := range list[:n] {
		time := 0.0
		leading := b.reached(b.list[v], func(s *suspect) []*edge { return s.in }, func(e *edge) *suspect { return e.from })
		for _, l := range u.leads {
			if l.to == b.list[v] || l.beyond && leading[l.to] {
				time += l.time
			}
		}
		if share := time / whole; whole > 0 && share >= explainLeast {
			list[v].Explains = append(list[v].Explains, Explained{u.name, min(share, 1)})
		}
	}
	if u == b.gateway {
		list[n].Passing = b.passing
	}
}
