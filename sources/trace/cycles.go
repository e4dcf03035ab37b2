package trace

import "slices"

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
	x := s.b.set.extras.at(r.extra)
	for _, l := range s.b.set.links.slice(x.links, x.nlinks) {
		id, text := l.span, Flags(0)
		if l.spanText != 0 {
			id, text = uint64(l.spanText), flagIDText
		}
		if id == r.parent && text == idText(r) && s.sameTrace(&l, s.id) {
			return true
		}
	}
	return false
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
