package trace

import (
	"fmt"
	"slices"
)

// clashes remembers, for one trace, the spans that share an id. It costs nothing where ids are unique, and is
// linear where a thousand spans have the same one.
type clashes struct {
	byContent map[uint64][]int32 // local numbers by content, for the spans whose id is shared
	counts    map[clashID]int    // how many spans an id was given to
	servers   map[int32]int32    // the server of a client that shared its id with it
}

type clashID struct {
	id   uint64
	text Flags
}

func (c *clashes) reset() {
	if c.counts != nil {
		*c = clashes{}
	}
}

// copyOf reports whether r, which would get the local number self, is an exact copy of a span with its id.
func (s *shaper) copyOf(r *span, known, self int32) bool {
	c := &s.clash
	if s.same(s.recs[known], r) {
		return true
	}
	if c.counts == nil {
		*c = clashes{map[uint64][]int32{}, map[clashID]int{}, map[int32]int32{}}
	}
	at := clashID{r.id, r.flags & flagIDText}
	if c.counts[at] == 0 {
		c.counts[at] = 1
		h := s.content(s.recs[known])
		c.byContent[h] = append(c.byContent[h], known)
	}
	h := s.content(r)
	for _, n := range c.byContent[h] {
		if s.same(s.recs[n], r) {
			return true
		}
	}
	c.byContent[h] = append(c.byContent[h], self)
	return false
}

// separate tells two spans apart that share the id of that table slot: one keeps it, the other gets the id and a
// counter. When they are the client and the server of one call, as Zipkin writes them, or the producer and the consumer
// of one message, the client keeps it, and the server becomes its child and takes its other children over, whichever of the two came first.
func (s *shaper) separate(slot uint64, known, self int32) {
	first, second := s.recs[known], s.recs[self]
	_, served := s.clash.servers[known]
	keeper, renamed, shared := known, self, false
	switch {
	case served:
	case first.kind == KindClient && second.kind == KindServer:
		shared = true
	case first.kind == KindProducer && second.kind == KindConsumer:
		shared = true
	case first.kind == KindServer && second.kind == KindClient, first.kind == KindConsumer && second.kind == KindProducer:
		keeper, renamed, shared = self, known, true
	}
	r := s.recs[renamed]
	old, oldText := r.id, r.flags&flagIDText
	r.id, r.flags = s.freshID(clashID{old, oldText}), r.flags|flagIDText|FlagDuplicateID
	s.table[slot] = keeper + 1
	free, _ := s.find(r.id, flagIDText)
	s.table[free] = renamed + 1
	if !shared {
		s.recs[keeper].flags |= FlagDuplicateID
		s.q.Collisions++
		return
	}
	s.q.SharedIDs++
	s.clash.servers[keeper] = renamed
	r.parent, r.flags = old, r.flags&^flagParentText|parentText(oldText)
}

// freshID returns a text id that no span of the trace has yet.
func (s *shaper) freshID(shared clashID) uint64 {
	written := s.b.set.spanID(shared.id, shared.text != 0)
	for {
		s.clash.counts[shared]++
		id := uint64(s.b.Symbol(fmt.Appendf(nil, "%s#%d", written, s.clash.counts[shared])))
		if _, taken := s.find(id, flagIDText); taken < 0 {
			return id
		}
	}
}

// serving returns the span that a child of p belongs under: p, or the server that shared p's id.
func (s *shaper) serving(self, p int32) int32 {
	if server, ok := s.clash.servers[p]; ok && server != self {
		return server
	}
	return p
}

// content hashes what two copies of one span have in common, but for ids and texts.
func (s *shaper) content(r *span) uint64 {
	h := uint64(r.start)
	for _, part := range [...]uint64{uint64(r.dur), uint64(r.name), uint64(r.kind), uint64(r.attrs.n)} {
		h = (h ^ part) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	for _, a := range s.b.set.attrs.slice(r.attrs) {
		h ^= uint64(a.key)
		switch a.Type() {
		case TypeBool, TypeInt, TypeFloat: // a text may be interned in one copy and not in the other
			h ^= a.bits << 17
		default:
		}
		h *= 0x9e3779b97f4a7c15
	}
	return h
}

// same reports whether two spans with one id are exact copies. A span that was told apart before has lost its
// parent reference, so that does not count.
func (s *shaper) same(a, c *span) bool {
	if a.start != c.start || a.dur != c.dur || a.name != c.name || a.kind != c.kind || a.status != c.status ||
		(a.flags^c.flags)&flagError != 0 || a.attrs.n != c.attrs.n ||
		a.parent != c.parent && a.flags&FlagDuplicateID == 0 ||
		s.origin(a).resource != s.origin(c).resource || s.origin(a).scope != s.origin(c).scope {
		return false
	}
	set := &s.b.set
	x, y := set.extras.at(a.extra), set.extras.at(c.extra)
	if !set.sameAttrs(a.attrs, c.attrs) ||
		!(Value{set, x.message}).Equal(Value{set, y.message}) {
		return false
	}
	sameEvent := func(e, f event) bool {
		return e.time == f.time && e.name == f.name && set.sameAttrs(e.attrs, f.attrs)
	}
	sameLink := func(l, m link) bool {
		same := set.sameAttrs(l.attrs, m.attrs)
		l.attrs, m.attrs = run{}, run{}
		return same && l == m
	}
	return slices.EqualFunc(set.events.slice(x.events), set.events.slice(y.events), sameEvent) &&
		slices.EqualFunc(set.links.slice(x.links), set.links.slice(y.links), sameLink)
}

func (s *Set) sameAttrs(a, c run) bool {
	return slices.EqualFunc(s.attrs.slice(a), s.attrs.slice(c), func(x, y Attr) bool {
		return x.key == y.key && Value{s, x}.Equal(Value{s, y})
	})
}
