package capacity

import (
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// population is the requests of one service by the part of it that served them.
type population struct {
	name        string
	parts       rule.Groups[string, part]
	all, failed int // requests
	work        rule.Groups[stratum, stratumWork]
}

// part is one instance of a service, or one version, zone, node, region, tenant or address.
type part struct {
	name        string
	served      []rule.Place // requests that did not fail
	failed      []rule.Place
	strata      rule.Groups[stratum, stratumPart]
	first, last int64 // when its requests began, ns
	again       int   // requests that were further attempts
}

// stratumPart is what a part did of one stratum.
type stratumPart struct {
	n, k      int
	durations []float64 // ns, of those that did not fail
}

// stratum is what requests have to have in common to be compared: the operation, and the shard of the data.
type stratum struct {
	op    int32
	shard string
}

// request is one request that did not fail: where it was served, and how long it took.
type request struct {
	part     *part
	duration float64 // ns
}

// stratumWork is the requests of one stratum.
type stratumWork struct {
	n, k     int
	requests []request // that did not fail
	median   float64   // ns, of these; known once they are compared
}

func (s *population) add(name string, at rule.Place, shard string, again bool) {
	b, k, span := s.parts.Of(name), stratum{at.OpNumber(at.Span), shard}, at.Data()
	w, own := s.work.Of(k), b.strata.Of(k)
	w.n++
	s.all++
	own.n++
	start := span.Start()
	if b.name == "" {
		b.name, b.first, b.last = name, start, start
	}
	b.first, b.last = min(b.first, start), max(b.last, start)
	if again {
		b.again++
	}
	if at.Failed(at.Span) {
		own.k++
		w.k++
		s.failed++
		b.failed = append(b.failed, at)
		return
	}
	r := request{b, float64(span.Duration())}
	w.requests = append(w.requests, r)
	own.durations = append(own.durations, r.duration)
	b.served = append(b.served, at)
}

// populations gathers requests by service, in order of their first appearance.
type populations = rule.Groups[string, population]

// populationsBy reads what the services served, by a dimension of their resources or, where these do not say it, by a
// field of the requests.
func populationsBy(p *rule.FilePass, dimension *semconv.Instances) (ps populations) {
	several := severalParts(p.Set, dimension)
	ofRequest := dimension.What == "tenant" && semconv.Carries(p.Set, semconv.Tenant)
	if len(several) == 0 && !ofRequest {
		return ps
	}
	sharded := semconv.Carries(p.Set, semconv.Shard)
	var c semconv.Canonical
	for _, f := range p.Traces {
		again := furtherAttempts(f)
		for i := f.Trace.First(); i < f.Trace.Len(); i++ {
			r := f.Trace.Span(i).Resource()
			if !several[r.Service()] && !ofRequest || !f.Entry(i) {
				continue
			}
			name, shard := dimension.Of(r), ""
			if sharded || ofRequest && name == "" {
				f.Canonical(i, &c)
				shard = c.Text(semconv.Shard)
			}
			if ofRequest && name == "" {
				name = c.Text(semconv.Tenant)
			}
			if name != "" {
				ps.Of(r.Service()).add(name, rule.Place{Facts: f, Span: i}, shard, again[f.Trace.Parent(i)])
			}
		}
	}
	return ps
}

// furtherAttempts returns which calls of a trace repeat one that failed.
func furtherAttempts(f *facts.Facts) map[int]bool {
	again := map[int]bool{}
	for _, c := range patterns.Chains(f) {
		for _, i := range c.Spans[1:] {
			again[i] = true
		}
	}
	return again
}

// severalParts returns which services have resources of more than one part.
func severalParts(set *trace.Set, dimension *semconv.Instances) map[string]bool {
	first, several := map[string]string{}, map[string]bool{}
	for n := range set.Resources() {
		r := set.Resource(n)
		name := dimension.Of(r)
		if name == "" {
			continue
		}
		if known, ok := first[r.Service()]; ok && known != name {
			several[r.Service()] = true
		}
		first[r.Service()] = name
	}
	return several
}

// called reads what was asked of services that left no spans, by the address that their callers reached.
func called(p *rule.FilePass) (ps populations) {
	var c semconv.Canonical
	for _, f := range p.Traces {
		again := furtherAttempts(f)
		for i := f.Trace.First(); i < f.Trace.Len(); i++ {
			if f.Kind(i) != trace.KindClient || f.Op(i).Peer == "" || !rule.StaysWithin(f, i) {
				continue
			}
			f.Canonical(i, &c)
			if address := c.Text(semconv.NetPeer); address != "" {
				ps.Of(f.Op(i).Peer).add(address, rule.Place{Facts: f, Span: i}, c.Text(semconv.Shard), again[i])
			}
		}
	}
	return ps
}

// apart lists the parts that did not run while another one did, or for less than half of what the shorter of the two
// ran: one took the place of the other. Lifetimes are compared and not times of requests: clocks of hosts differ.
func (s *population) apart(b *part) map[*part]bool {
	apart := map[*part]bool{}
	for _, other := range s.parts.All() {
		if both := min(b.last, other.last) - max(b.first, other.first); 2*both < min(b.last-b.first, other.last-other.first) {
			apart[other] = true
		}
	}
	return apart
}

// others returns the durations of the requests that other parts served, one of every so many.
func (w *stratumWork) others(b *part, apart map[*part]bool, every int) []float64 {
	var list []float64
	for n := 0; n < len(w.requests); n += every {
		if r := &w.requests[n]; r.part != b && !apart[r.part] {
			list = append(list, r.duration)
		}
	}
	return list
}

// others names the parts besides one and those apart from it.
func (s *population) others(b *part, apart map[*part]bool) string {
	var names []string
	for _, other := range s.parts.All() {
		if other != b && !apart[other] {
			names = append(names, rule.Quoted(other.name))
		}
	}
	slices.Sort(names)
	return rule.And(names)
}

// examples returns one request of each of a few other parts that ended well.
func (s *population) examples(b *part) []rule.Place {
	const most = 3
	var list []rule.Place
	for _, other := range s.parts.All() {
		if other != b && len(other.served) > 0 && len(list) < most {
			list = append(list, other.served[0])
		}
	}
	return list
}
