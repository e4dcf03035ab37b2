package clocks

import (
	"cmp"
	"slices"

	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// Clocks estimates how far the clocks of hosts are apart, from calls between them. A call that host A waited for
// and host B served cannot have been served before it was made, nor answered after it ended, so what must be
// added to B's clock lies between two bounds:
//
//	A  |------------------|
//	B        |-----|             c.start − s.start ≤ δ ≤ c.end − s.end
//
// The bounds of all calls of a pair of hosts are intersected. When what is left excludes zero, the clocks are
// proven to be apart; when it contains zero nothing is claimed; when nothing is left the clocks drift or a call
// was not waited for, and nothing is claimed either. Raw times are never changed.
type Clocks struct {
	hosts []string
	of    []int32 // by resource: number of its host
	pairs map[hostPair]*bounds
	order []hostPair            // of pairs, in a defined order
	edges map[hostAt][]compared // from either host of a pair to the other
	shift map[hostAt]int64      // ns to add to be on the clock that the host was aligned to
	set   *trace.Set
	codes *semconv.Fields // made when a call failed
}

// DriftBucket is for how long, in nanoseconds, a pair's offset is taken to stay the same. All calls of a trace count
// for the time at which it began: its hosts may disagree on what time that was.
const DriftBucket = int64(10 * 60 * 1_000_000_000) // ns

type hostPair struct {
	a, b   int32
	bucket int64
}

// hostAt is a host in one bucket of time.
type hostAt struct {
	host   int32
	bucket int64
}

// Skew is a pair of hosts whose clocks are proven apart.
type Skew struct {
	A, B   string
	Offset int64 // ns to add to B's clock to be on A's
	Error  int64 // ns, either way
	Calls  int   // that it rests on
	Since  int64 // start of the ten minutes that it holds for, ns since the epoch
}

// New reads the calls between hosts in all traces of the set.
func New(set *trace.Set) *Clocks {
	c := &Clocks{set: set, of: make([]int32, set.Resources()), pairs: map[hostPair]*bounds{}}
	c.nameHosts(set)
	if len(c.hosts) > 1 {
		for i := range set.Len() {
			c.read(set.Trace(i))
		}
	}
	slices.SortFunc(c.order, func(p, q hostPair) int {
		return cmp.Or(cmp.Compare(p.bucket, q.bucket), cmp.Compare(p.a, q.a), cmp.Compare(p.b, q.b))
	})
	c.connect()
	c.alignAll(set)
	return c
}

// nameHosts numbers the hosts. A resource that names none is its service's host: clocks are asked only between
// different ones.
func (c *Clocks) nameHosts(set *trace.Set) {
	numbers := map[string]int32{}
	for i := range c.of {
		name := semconv.HostOf(set.Resource(i))
		n, ok := numbers[name]
		if !ok {
			n = int32(len(c.hosts))
			numbers[name] = n
			c.hosts = append(c.hosts, name)
		}
		c.of[i] = n
	}
}

// SameHost reports whether two resources run on one host.
func (c *Clocks) SameHost(a, b trace.Resource) bool { return c.of[a.Index()] == c.of[b.Index()] }

// Host returns the name of the host that a resource runs on, or of its service where the export names no host.
func (c *Clocks) Host(r trace.Resource) string { return c.hosts[c.of[r.Index()]] }

func (c *Clocks) read(t *trace.Trace) {
	bucket := t.Root().Start() / DriftBucket
	for i := t.First(); i < t.Len(); i++ {
		s := t.Span(i)
		p := s.Parent()
		if p < t.First() {
			continue
		}
		call := t.Span(p)
		a, b := c.of[call.Resource().Index()], c.of[s.Resource().Index()]
		if a == b || s.Duration() > call.Duration() || !usable(call) || !usable(s) {
			continue
		}
		promised := call.Kind() == trace.KindClient || sides(call, s)
		if late := s.Start() >= call.Start() && s.Finish() > call.Finish(); late && (!promised || !s.Error() && c.gaveUp(call)) || !waited(call, s) {
			continue // only a start before the call needs no promise to wait
		}
		c.note(hostPair{a, b, bucket}, call.Start()-s.Start(), call.Finish()-s.Finish())
	}
}

// usable reports whether the times of a span are its own, and such that differences of them can be told.
func usable(s trace.Span) bool {
	const farthest = int64(1) << 61 // ns from 1970: 73 years
	return !s.Has(trace.FlagTimeRepaired) && s.Start() > -farthest && s.Finish() < farthest
}

// gaveUp reports whether a call ended by a limit of the caller's own. Where the server did not fail its end says nothing.
func (c *Clocks) gaveUp(call trace.Span) bool {
	if !call.Error() {
		return false
	}
	if c.codes == nil {
		c.codes = semconv.NewFields(c.set)
	}
	var attrs semconv.Canonical
	c.codes.Read(call, &attrs)
	class := semconv.ErrorClassOf(call, &attrs)
	return class == semconv.ErrorTimeout || class == semconv.ErrorCancelled
}

// waited reports whether a child's parent waited for it, as far as kinds can tell.
func waited(parent, child trace.Span) bool {
	if semconv.HandedOver(parent, child) || child.Kind() == trace.KindConsumer {
		return false
	}
	return parent.Kind() == trace.KindClient || parent.Kind() == trace.KindUnspecified || child.Kind() == trace.KindServer ||
		parent.Kind() == trace.KindInternal && child.Kind() == trace.KindInternal && parent.ServiceSymbol() != child.ServiceSymbol()
}

// sides reports whether two spans are both sides of an RPC, by exporters that know no kinds: one name in two services.
func sides(call, served trace.Span) bool {
	return call.Kind() == trace.KindInternal && served.Kind() == trace.KindInternal && call.NameSymbol() == served.NameSymbol() && semconv.IsRPCName(call.Name())
}

func (c *Clocks) note(pair hostPair, low, high int64) {
	if pair.a > pair.b {
		pair.a, pair.b, low, high = pair.b, pair.a, -high, -low
	}
	known := c.pairs[pair]
	if known == nil {
		c.pairs[pair] = &bounds{low, high, 1}
		c.order = append(c.order, pair)
		return
	}
	known.low, known.high = max(known.low, low), min(known.high, high)
	known.calls++
}

// Proven lists the pairs of hosts whose clocks are proven apart.
func (c *Clocks) Proven() []Skew {
	var list []Skew
	for _, pair := range c.order {
		b := c.pairs[pair]
		if offset, half, ok := b.proven(); ok {
			list = append(list, Skew{c.hosts[pair.a], c.hosts[pair.b], offset, half, b.calls, pair.bucket * DriftBucket})
		}
	}
	return list
}
