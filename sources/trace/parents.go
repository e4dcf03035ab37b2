package trace

import "slices"

// choose picks each span's parent: its parent field, else the earliest CHILD_OF reference that exists, else the
// earliest FOLLOWS_FROM.
func (s *shaper) choose() {
	s.parents = slices.Grow(s.parents[:0], len(s.recs))
	for i, r := range s.recs {
		s.parents = append(s.parents, s.parentOf(int32(i), r))
	}
}

func (s *shaper) parentOf(self int32, r *span) int32 {
	wanted := r.parent != 0 || r.flags&flagParentText != 0
	if wanted {
		if _, p := s.find(r.parent, idText(r)); p >= 0 {
			return s.notSelf(self, s.serving(self, p), r)
		}
	}
	best, missing := int32(-1), (*link)(nil)
	bestKind, candidates := LinkPlain, 0
	links := s.linksOf(r)
	for i := range links {
		l := &links[i]
		if l.kind == LinkPlain || !s.within(l) {
			continue
		}
		_, p := s.find(l.target())
		if p < 0 {
			if missing == nil {
				missing = l
			}
			continue
		}
		candidates++
		if best < 0 || l.kind < bestKind || l.kind == bestKind && s.recs[p].start < s.recs[best].start {
			best, bestKind = p, l.kind
		}
	}
	if candidates > 1 {
		r.flags |= FlagExtraParent
		s.q.ExtraParents++
	}
	switch {
	case best >= 0:
		r.parent, r.flags = s.recs[best].id, r.flags&^flagParentText|parentText(s.recs[best].flags&flagIDText)
		return s.notSelf(self, best, r)
	case !wanted && missing != nil:
		id, text := missing.target()
		r.parent, r.flags, wanted = id, r.flags|parentText(text), true
	}
	if wanted {
		r.flags |= FlagOrphan
		s.q.Orphans++
	}
	return -1
}

// within reports whether a link points into the own trace.
func (s *shaper) within(l *link) bool {
	if l.hi|l.lo == 0 && l.traceText == 0 {
		return true
	}
	return l.hi == s.id.Hi && l.lo == s.id.Lo && s.b.Text(l.traceText) == s.id.Text
}

func (s *shaper) notSelf(self, p int32, r *span) int32 {
	if p != self {
		return p
	}
	if s.linkedParent(r) {
		s.unlink(r)
		return -1
	}
	r.flags |= FlagCycleCut
	s.q.Cycles++
	return -1
}

// linkedParent reports whether the parent of a span, as it is written, is one of its links as well. Storages of Jaeger's
// first model turn a link into the own trace into the parent of a root, which then hangs below its own descendant.
func (s *shaper) linkedParent(r *span) bool {
	return slices.ContainsFunc(s.linksOf(r), func(l link) bool {
		id, text := l.target()
		return id == r.parent && text == idText(r) && s.within(&l)
	})
}

// unlink makes a span whose parent was one of its links a root.
func (s *shaper) unlink(r *span) {
	r.parent, r.flags = 0, r.flags&^flagParentText
	s.q.LinkParents++
}

// cutCycles makes one span of each cycle of parents a root: the earliest whose parent is but a link, else the earliest.
func (s *shaper) cutCycles() {
	// next holds, while this runs, the number of the walk that last passed a span; 0 for none.
	s.next = slices.Grow(s.next[:0], len(s.recs))[:len(s.recs)]
	clear(s.next)
	for walk, start := range s.sorted {
		mark := int32(walk + 1)
		at := start
		for at >= 0 && s.next[at] == 0 {
			s.next[at] = mark
			at = s.parents[at]
		}
		if at < 0 || s.next[at] != mark {
			continue
		}
		earliest, link := at, int32(-1)
		for p := s.parents[at]; ; p = s.parents[p] {
			if s.earlier(p, earliest) {
				earliest = p
			}
			if (link < 0 || s.earlier(p, link)) && s.linkedParent(s.recs[p]) {
				link = p
			}
			if p == at {
				break
			}
		}
		if link >= 0 {
			s.parents[link] = -1
			s.unlink(s.recs[link])
			continue
		}
		s.parents[earliest] = -1
		s.recs[earliest].flags |= FlagCycleCut
		s.q.Cycles++
	}
}

// earlier reports whether a span starts before another, which of two that start together is decided by their ids.
func (s *shaper) earlier(i, k int32) bool {
	a, c := s.recs[i], s.recs[k]
	return a.start < c.start || a.start == c.start && s.compareIDs(a, c) < 0
}
