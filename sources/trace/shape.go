package trace

import (
	"cmp"
	"slices"
	"strings"
)

// shape works out the shape of the trace with those members and returns their places in pre-order, and the
// places of the exact duplicates that were dropped. Both are valid until the next call.
func (s *shaper) shape(members []uint32, t rawTrace) (list, gone []uint32) {
	s.q, s.id = Quality{Partial: t.partial, Truncated: t.truncated}, t.id
	s.load(members)
	s.distinct()
	s.choose()
	s.repairStarts()
	s.sortByStart()
	s.cutCycles()
	root := s.link()
	s.walk(root)
	s.finish()
	return s.list, s.gone
}

func (s *shaper) load(members []uint32) {
	s.recs, s.refs, s.gone = s.recs[:0], s.refs[:0], s.gone[:0]
	for _, m := range members {
		s.recs = append(s.recs, s.b.set.spans.at(m))
		s.refs = append(s.refs, m)
	}
}

// distinct fills the id table, drops exact duplicates and tells spans apart that share an id.
func (s *shaper) distinct() {
	size := 8
	for size < 2*len(s.recs) {
		size *= 2
	}
	if cap(s.table) < size {
		s.table = make([]int32, size)
	}
	s.table = s.table[:size]
	clear(s.table)
	s.clash.reset()
	s.parts = s.parts[:0]
	kept := int32(0)
	for i, r := range s.recs {
		s.recs[kept], s.refs[kept] = r, s.refs[i]
		slot, known := s.find(r.id, r.flags&flagIDText)
		if known >= 0 {
			if s.copyOf(r, known, kept) {
				s.q.Duplicates++
				s.gone = append(s.gone, s.refs[i])
				continue
			}
			if s.joined(known, r) {
				s.gone = append(s.gone, s.refs[i])
				continue
			}
			s.separate(slot, known, kept)
		} else {
			s.table[slot] = kept + 1
		}
		kept++
	}
	s.recs, s.refs = s.recs[:kept], s.refs[:kept]
	s.joinParts()
}

// repairStarts gives spans without a start the start of their nearest ancestor that has one, else the earliest
// start of the trace.
func (s *shaper) repairStarts() {
	var earliest int64
	missing := false
	for _, r := range s.recs {
		missing = missing || r.start == 0
		if r.start != 0 && (earliest == 0 || r.start < earliest) {
			earliest = r.start
		}
	}
	if !missing {
		return
	}
	if earliest == 0 {
		for _, r := range s.recs {
			r.flags |= FlagTimeRepaired
		}
		return
	}
	var path []int32
	for i := range s.recs {
		start := earliest
		path = path[:0]
		for p := int32(i); p >= 0; p = s.parents[p] {
			if s.recs[p].start != 0 {
				start = s.recs[p].start
				break
			}
			if len(path) > len(s.recs) {
				break // a cycle without any start
			}
			path = append(path, p)
		}
		for _, p := range path {
			if r := s.recs[p]; r.start == 0 {
				r.start, r.flags = start, r.flags|FlagTimeRepaired
			}
		}
	}
}

// sortByStart orders the spans by start, the longer first among equals, then by id, so that the result does not
// depend on the order of the export.
func (s *shaper) sortByStart() {
	s.sorted = s.sorted[:0]
	for i := range s.recs {
		s.sorted = append(s.sorted, int32(i))
	}
	before := func(i, k int32) int {
		a, c := s.recs[i], s.recs[k]
		if a.start != c.start {
			return cmp.Compare(a.start, c.start)
		}
		return cmp.Or(cmp.Compare(c.dur, a.dur), s.compareIDs(a, c))
	}
	if !slices.IsSortedFunc(s.sorted, before) {
		slices.SortFunc(s.sorted, before)
	}
}

// link makes lists of children, siblings by start, and returns the local number of the only root, after adding
// a synthetic one where there are several.
func (s *shaper) link() int32 {
	n := len(s.recs)
	s.first = slices.Grow(s.first[:0], n+1)[:n]
	s.next = slices.Grow(s.next[:0], n+1)[:n]
	for i := range s.first {
		s.first[i] = -1
	}
	roots, top := 0, int32(-1)
	for i := n - 1; i >= 0; i-- {
		c := s.sorted[i]
		p := s.parents[c]
		if p >= 0 {
			s.next[c], s.first[p] = s.first[p], c
			continue
		}
		s.next[c], top = top, c
		roots++
	}
	if roots != 1 {
		s.q.Roots = roots
		return s.addRoot(top)
	}
	return top
}

// addRoot adds the synthetic root above the list of spans that starts with top.
func (s *shaper) addRoot(top int32) int32 {
	root := span{flags: FlagSyntheticRoot}
	s.b.set.spans.add(&root)
	place := s.b.set.spans.n - 1
	s.refs = append(s.refs, place)
	s.recs = append(s.recs, s.b.set.spans.at(place))
	s.first = append(s.first, top)
	s.next = append(s.next, -1)
	return int32(len(s.recs) - 1)
}

// walk lists the spans in pre-order and writes depth and parent. Each local number becomes its index plus 1 in
// parents once it is listed.
func (s *shaper) walk(root int32) {
	s.list, s.ends = s.list[:0], s.ends[:0]
	at, depth := root, uint32(0)
	path := make([]int32, 0, 64)
	for {
		r := s.recs[at]
		r.depth = depth
		if r.flags&(FlagOrphan|FlagCycleCut) == 0 {
			r.parent = 0
			if depth > 0 {
				r.parent = uint64(s.recs[path[depth-1]].end)
			}
		}
		s.list = append(s.list, s.refs[at])
		s.ends = append(s.ends, r)
		r.end = uint32(len(s.list)) // its index + 1, until the subtree is done
		if s.first[at] >= 0 {
			path = append(path[:depth], at)
			depth++
			at = s.first[at]
			continue
		}
		for {
			if depth == 0 {
				s.recs[at].end = uint32(len(s.list))
				return
			}
			if s.next[at] >= 0 {
				s.recs[at].end = uint32(len(s.list))
				at = s.next[at]
				break
			}
			s.recs[at].end = uint32(len(s.list))
			depth--
			at = path[depth]
		}
	}
}

// finish gives unfinished spans the end of their last descendant and the synthetic root its bounds, and counts
// what the trace's quality record holds.
func (s *shaper) finish() {
	recs := s.ends // in pre-order, so that going backwards meets descendants first
	s.latest = slices.Grow(s.latest[:0], len(recs))[:len(recs)]
	clear(s.latest)
	var earliest int64
	for i := len(recs) - 1; i >= 0; i-- {
		r := recs[i]
		if r.flags&FlagSyntheticRoot != 0 {
			r.start, r.dur = earliest, s.latest[i]-earliest
			continue
		}
		if r.flags&FlagUnfinished != 0 {
			r.dur = max(r.dur, s.latest[i]-r.start)
		}
		if i == len(recs)-1 || r.start < earliest {
			earliest = r.start
		}
		s.latest[i] = max(s.latest[i], r.finish())
		if i > 0 {
			p := 0
			if r.flags&(FlagOrphan|FlagCycleCut) == 0 {
				p = int(r.parent) - 1
			}
			s.latest[p] = max(s.latest[p], s.latest[i])
		}
		s.count(r)
	}
}

func (s *shaper) count(r *span) {
	switch {
	case r.untimed():
		s.q.Untimed++
	default:
		if r.flags&FlagTimeRepaired != 0 {
			s.q.RepairedTimes++
		}
		if r.flags&FlagUnfinished != 0 {
			s.q.Unfinished++
		}
	}
	if r.flags&FlagWarned != 0 {
		s.q.Warned++
	}
	if r.flags&(FlagOrphan|FlagCycleCut) == 0 && r.parent > 0 {
		p := s.ends[r.parent-1]
		if p.flags&FlagSyntheticRoot == 0 &&
			(r.start < p.start || r.finish() > p.finish()) {
			s.q.OutsideParent++
		}
	}
	x := s.b.set.extras.at(r.extra)
	s.q.DroppedAttrs += int(x.droppedAttrs)
	s.q.DroppedEvents += int(x.droppedEvents)
	s.q.DroppedLinks += int(x.droppedLinks)
	if r.attrs.n == sdkAttrLimit {
		s.q.FullAttrs++
	}
	for _, a := range s.b.set.attrs.slice(r.attrs) {
		if a.key != s.cut && a.key != s.cutOld {
			continue
		}
		if CutShort((Value{&s.b.set, a}).Text()) {
			s.q.CutStatements++
		}
	}
}

// tempoValueLimit is how many bytes of a value Tempo stores by default: "Configure Tempo", max_attribute_bytes.
const tempoValueLimit = 2048

// CutShort reports whether a statement or an address was cut off before it came here: it ends in "...", or it is exactly as
// long as a store lets values be.
func CutShort(text string) bool {
	return len(text) > 3 && strings.HasSuffix(text, "...") || len(text) == tempoValueLimit
}

// sdkAttrLimit is the SDKs' default limit on attributes a span: OpenTelemetry specification, "Span Limits".
const sdkAttrLimit = 128

// trace sums up the trace that was shaped last; its spans will start at first.
func (s *shaper) trace(first uint32, list []uint32) Trace {
	t := Trace{first: first, n: uint32(len(list))}
	s.stamp++
	rootOrphan := true
	parentless := 0 // and no orphans
	for i, r := range s.ends {
		if r.flags&FlagSyntheticRoot != 0 {
			t.synth = true
			continue
		}
		end := r.finish()
		if i == t.First() || r.start < t.earliest {
			t.earliest = r.start
		}
		if i == t.First() || end > t.latest {
			t.latest = end
		}
		if r.flags&flagError != 0 {
			t.errors++
		}
		number := s.service[s.origin(r).resource]
		if s.seen[number] != s.stamp {
			s.seen[number] = s.stamp
			if s.named[number] {
				t.services++
			}
		}
		if top := r.depth == uint32(t.First()); top {
			orphan := r.flags&(FlagOrphan|FlagCycleCut) != 0
			if rootOrphan && (!orphan || i == t.First()) {
				t.root, rootOrphan = uint32(i), orphan
			}
			if !orphan {
				parentless++
			}
		}
	}
	s.setWindow(&t, parentless == 1 || !t.synth)
	if s.q != (Quality{}) {
		q := s.q
		t.quality = &q
	}
	return t
}
