package trace

import (
	"cmp"
	"slices"
)

// Zipkin's instrumentation may report a span apart, where no one place knows all of it: a client writes down the name
// when a call begins and the rest when it ends, a proxy adds tags. Parts have one id and nothing in them contradicts the
// others:
//
//	{"id":"2","kind":"CLIENT","name":"post","timestamp":10}
//	{"id":"2","kind":"CLIENT","timestamp":10,"duration":50,"tags":{"error":"500"}}
//
// They are joined into one span. A client and its server share an id too, but differ in kind and are told apart.

// spanPart is a part that was joined with the span of a local number, whose lists are put together in the end.
type spanPart struct {
	of    int32
	whole bool // it has what the other lacks, so that its attributes count first
	attrs run
	extra uint32
}

// joined joins r with the span that has its id, or with the server that shares the id with that one, and reports whether
// it was a part of one of them.
func (s *shaper) joined(known int32, r *span) bool {
	if r.id == 0 && r.flags&flagIDText == 0 || !s.origin(r).parts {
		return false // spans without an id have nothing in common
	}
	if !s.fits(s.recs[known], r, true) {
		server, ok := s.clash.servers[known]
		if !ok || !s.fits(s.recs[server], r, false) {
			return false
		}
		known = server
	}
	a := s.recs[known]
	part := spanPart{of: known, attrs: r.attrs, extra: r.extra}
	part.whole = a.flags&FlagUnfinished != 0 && r.flags&FlagUnfinished == 0
	s.parts = append(s.parts, part)
	if part.whole {
		a.dur, a.flags = r.dur, a.flags&^(FlagUnfinished|FlagTimeRepaired)|r.flags&FlagTimeRepaired
	}
	a.start, a.name = cmp.Or(a.start, r.start), cmp.Or(a.name, r.name)
	if s.serviceOf(a) == 0 && s.serviceOf(r) != 0 {
		a.origin = r.origin
	}
	a.kind, a.status = max(a.kind, r.kind), max(a.status, r.status)
	if a.parent == 0 && a.flags&flagParentText == 0 {
		a.parent, a.flags = r.parent, a.flags|r.flags&flagParentText
	}
	a.flags |= r.flags & (flagError | FlagWarned | flagParentLocal | flagParentRemote)
	s.q.Parts++
	return true
}

// fits reports whether r may be another part of a: one of them lacks something, and nothing that both have differs. The
// parent of a server that was told apart from its client is not the one that was written.
func (s *shaper) fits(a, r *span, sameParent bool) bool {
	lacking := func(x *span) bool { return x.flags&FlagUnfinished != 0 || x.start == 0 || x.name == 0 }
	if !s.origin(a).parts || !lacking(a) && !lacking(r) {
		return false
	}
	differ := a.name != r.name && a.name != 0 && r.name != 0 ||
		a.kind != r.kind && a.kind != 0 && r.kind != 0 ||
		a.start != r.start && a.start != 0 && r.start != 0 ||
		a.dur != r.dur && (a.flags|r.flags)&FlagUnfinished == 0
	if differ {
		return false
	}
	if x, y := s.serviceOf(a), s.serviceOf(r); x != y && x != 0 && y != 0 {
		return false
	}
	none := func(x *span) bool { return x.parent == 0 && x.flags&flagParentText == 0 }
	return !sameParent || none(a) || none(r) || a.parent == r.parent && idText(a) == idText(r)
}

func (s *shaper) serviceOf(r *span) Symbol { return s.b.set.resources[s.origin(r).resource].name }

// joinParts puts the attributes, events and links of the parts together. Of a key that several parts have, those of
// the part that came to the end count, or else of the first.
func (s *shaper) joinParts() {
	slices.SortStableFunc(s.parts, func(a, c spanPart) int { return int(a.of) - int(c.of) })
	for i, j := 0, 0; i < len(s.parts); i = j {
		for j < len(s.parts) && s.parts[j].of == s.parts[i].of {
			j++
		}
		r := s.recs[s.parts[i].of]
		first := spanPart{attrs: r.attrs, extra: r.extra}
		s.joinLists(r, append([]spanPart{first}, s.parts[i:j]...))
	}
}

func (s *shaper) joinLists(r *span, parts []spanPart) {
	slices.SortStableFunc(parts, func(a, c spanPart) int {
		switch {
		case a.whole == c.whole:
			return 0
		case a.whole:
			return -1
		}
		return 1
	})
	set := &s.b.set
	var attrs []Attr
	has := map[Symbol]bool{}
	x := extra{}
	var events []event
	var links []link
	var warnings []Attr
	moments := map[eventID]bool{}
	for _, p := range parts {
		own := set.attrs.slice(p.attrs)
		before := len(attrs)
		for _, a := range own {
			if !has[a.key] {
				attrs = append(attrs, a)
			}
		}
		for _, a := range attrs[before:] {
			has[a.key] = true
		}
		y := set.extras.at(p.extra)
		x.message, x.traceState = cmp.Or(x.message, y.message), cmp.Or(x.traceState, y.traceState)
		x.droppedAttrs, x.droppedEvents = max(x.droppedAttrs, y.droppedAttrs), max(x.droppedEvents, y.droppedEvents)
		x.droppedLinks = max(x.droppedLinks, y.droppedLinks)
		reported := len(events)
		for _, e := range set.events.slice(y.events) {
			if !moments[eventID{e.time, e.name, e.attrs.n}] {
				events = append(events, e)
			}
		}
		for _, e := range events[reported:] {
			moments[eventID{e.time, e.name, e.attrs.n}] = true
		}
		links = append(links, set.links.slice(y.links)...)
		warnings = append(warnings, set.attrs.slice(y.warnings)...)
	}
	r.attrs, x.events, x.links, x.warnings = set.attrs.add(attrs), set.events.add(events), set.links.add(links), set.attrs.add(warnings)
	if r.extra = 0; x != (extra{}) {
		r.extra = set.extras.add([]extra{x}).at
	}
}

// eventID is what two reports of one event have in common.
type eventID struct {
	time   int64
	name   Symbol
	nattrs uint32
}
