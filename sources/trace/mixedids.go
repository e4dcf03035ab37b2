package trace

import "slices"

// A trace may have spans under an id of 128 bits and others under its lower 64 bits: services of one company upgrade
// one after the other, and libraries of the older kind cut what they are handed. By default they stay two traces,
// because their ids differ, and a notice says so. JoinIDs makes them one.

// JoinIDs asks Build to join traces of which one has an id of 64 bits that is the lower half of the other's.
func (b *Builder) JoinIDs() { b.joinIDs = true }

// mixedIDs notes which traces have the lower half of another's id, and joins them where that is asked for. Where the
// lower half belongs to several longer ids, it is not known to which, and nothing is joined.
func (b *Builder) mixedIDs() {
	into := lowerHalves(b.traces)
	if len(into) == 0 {
		return
	}
	n := Notice{Kind: NoticeMixedIDs}
	shared := 0
	for from, to := range into {
		if to < 0 {
			shared++
			delete(into, from)
		}
	}
	for i := range b.traces {
		if _, ok := into[uint32(i)]; ok {
			n.countIn(b.traces[i].id, 1)
		}
	}
	if n.Count > 0 {
		n.Message = Counted(n.Count, "trace") + " whose 64-bit id matches a 128-bit id, probably the same trace: --join-ids joins them"
		if b.joinIDs {
			n.Message = Counted(n.Count, "trace") + " whose 64-bit id matches a 128-bit id, joined"
			b.joinTraces(into)
		}
		b.notices = append(b.notices, n)
	}
	if shared > 0 {
		b.notices = append(b.notices, Notice{
			Kind: NoticeMixedIDs, Count: shared,
			Message: Counted(shared, "trace") + " whose 64-bit id matches several 128-bit ids",
		})
	}
}

// lowerHalves maps traces that have an id of 64 bits to the one trace that has a longer id with these lower bits, -1
// for several.
func lowerHalves(traces []rawTrace) map[uint32]int64 {
	if !slices.ContainsFunc(traces, func(t rawTrace) bool { return t.counts() && t.id.Hi != 0 }) {
		return nil
	}
	short := map[uint64]uint32{}
	for i, t := range traces {
		if t.counts() && t.id.Hi == 0 && t.id.Lo != 0 {
			short[t.id.Lo] = uint32(i)
		}
	}
	into := map[uint32]int64{}
	for i, t := range traces {
		if !t.counts() || t.id.Hi == 0 {
			continue
		}
		if from, ok := short[t.id.Lo]; ok {
			to := int64(i)
			if _, several := into[from]; several {
				to = -1
			}
			into[from] = to
		}
	}
	return into
}

// joinTraces moves the spans of some traces to others, and their links with them.
func (b *Builder) joinTraces(into map[uint32]int64) {
	wide := map[uint64]uint64{}
	for from, to := range into {
		source, target := &b.traces[from], &b.traces[to]
		target.n += source.n
		target.partial = target.partial || source.partial
		source.n = 0
		wide[target.id.Lo] = target.id.Hi
	}
	for i := range b.set.spans.n {
		r := b.set.spans.at(i)
		if to, ok := into[r.depth]; ok {
			r.depth = uint32(to)
		}
	}
	if b.snapshot {
		return // its links belong to the builder that goes on
	}
	for l := range b.set.links.all() {
		if hi, ok := wide[l.lo]; ok && l.lo != 0 && l.hi == 0 && l.traceText == 0 {
			l.hi = hi
		}
	}
}
