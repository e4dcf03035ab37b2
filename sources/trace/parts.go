package trace

import "slices"

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
	of            int32
	whole         bool // it has what the other lacks, so that its attributes count first
	attrs, nattrs uint32
	extra         uint32
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
	part := spanPart{of: known, attrs: r.attrs, nattrs: r.nattrs, extra: r.extra}
	part.whole = a.flags&FlagUnfinished != 0 && r.flags&FlagUnfinished == 0
	s.parts = append(s.parts, part)
	if part.whole {
		a.dur, a.flags = r.dur, a.flags&^(FlagUnfinished|FlagTimeRepaired)|r.flags&FlagTimeRepaired
	}
	if a.start == 0 {
		a.start = r.start
	}
	if a.name == 0 {
		a.name = r.name
	}
	if s.service(a) == 0 && s.service(r) != 0 {
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
	if x, y := s.service(a), s.service(r); x != y && x != 0 && y != 0 {
		return false
	}
	none := func(x *span) bool { return x.parent == 0 && x.flags&flagParentText == 0 }
	return !sameParent || none(a) || none(r) || a.parent == r.parent && idText(a) == idText(r)
}

func (s *shaper) service(r *span) Symbol { return s.b.set.resources[s.origin(r).resource].service }

// joinParts puts the attributes, events and links of the parts together. Of a key that several parts have, those of
// the part that came to the end count, or else of the first.
func (s *shaper) joinParts() {
	if len(s.parts) == 0 {
		return
	}
	slices.SortStableFunc(s.parts, func(a, c spanPart) int { return int(a.of) - int(c.of) })
	for from := 0; from < len(s.parts); {
		to := from
		for to < len(s.parts) && s.parts[to].of == s.parts[from].of {
			to++
		}
		r := s.recs[s.parts[from].of]
		first := spanPart{attrs: r.attrs, nattrs: r.nattrs, extra: r.extra}
		s.joinLists(r, append([]spanPart{first}, s.parts[from:to]...))
		from = to
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
		own := set.attrs.slice(p.attrs, p.nattrs)
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
		if x.message == (Attr{}) {
			x.message = y.message
		}
		if x.traceState == 0 {
			x.traceState = y.traceState
		}
		x.droppedAttrs, x.droppedEvents = max(x.droppedAttrs, y.droppedAttrs), max(x.droppedEvents, y.droppedEvents)
		x.droppedLinks = max(x.droppedLinks, y.droppedLinks)
		reported := len(events)
		for _, e := range set.events.slice(y.events, y.nevents) {
			if !moments[eventID{e.time, e.name, e.nattrs}] {
				events = append(events, e)
			}
		}
		for _, e := range events[reported:] {
			moments[eventID{e.time, e.name, e.nattrs}] = true
		}
		links = append(links, set.links.slice(y.links, y.nlinks)...)
		warnings = append(warnings, set.attrs.slice(y.warnings, y.nwarnings)...)
	}
	r.attrs, r.nattrs = set.attrs.add(attrs), uint32(len(attrs))
	x.events, x.nevents = set.events.add(events), uint32(len(events))
	x.links, x.nlinks = set.links.add(links), uint32(len(links))
	x.warnings, x.nwarnings = set.attrs.add(warnings), uint32(len(warnings))
	if r.extra = 0; x != (extra{}) {
		r.extra = set.extras.add([]extra{x})
	}
}

// eventID is what two reports of one event have in common.
type eventID struct {
	time   int64
	name   Symbol
	nattrs uint32
}
