package trace

import (
	"cmp"
	"fmt"
	"slices"
)

// Build publishes everything that was added. The builder must not be used afterwards.
func (b *Builder) Build() *Set {
	s := &b.set
	b.mixedIDs()
	order, places := b.byTrace()
	s.traces = make([]Trace, 0, len(b.traces))
	s.spans.reserve(uint32(len(b.traces)))
	sh := newShaper(b)
	kept := make([]uint32, 0, len(order))
	var dropped []uint32
	for n, t := range b.traces {
		if t.n == 0 {
			continue // named by a reader, but without spans
		}
		if t.renewed {
			dropped = append(dropped, order[places[n]:places[n+1]]...)
			continue
		}
		list, gone := sh.shape(order[places[n]:places[n+1]], t)
		s.countCopies(list, sh.copies)
		made := sh.trace(uint32(len(kept)), list)
		made.set, made.hi, made.lo = s, t.id.Hi, t.id.Lo
		made.text = s.symbols.internString(t.id.Text)
		s.traces = append(s.traces, made)
		kept = append(kept, list...)
		dropped = append(dropped, gone...)
		s.spanCount += made.SpanCount()
	}
	keep := uint32(len(kept))
	s.spans.gather(append(kept, dropped...), keep)
	slices.SortFunc(s.traces, func(a, c Trace) int {
		return cmp.Or(cmp.Compare(a.start, c.start), cmp.Compare(a.hi, c.hi), cmp.Compare(a.lo, c.lo),
			cmp.Compare(s.symbols.texts[a.text], s.symbols.texts[c.text]))
	})
	s.notices = append(b.notices, s.qualityNotices()...)
	return s
}

// byTrace sorts the spans by trace, stably: those of trace n are order[places[n]:places[n+1]].
func (b *Builder) byTrace() (order, places []uint32) {
	places = make([]uint32, len(b.traces)+1)
	for n, t := range b.traces {
		places[n+1] = places[n] + t.n
	}
	next := slices.Clone(places)
	order = make([]uint32, b.set.spans.n)
	for i := range b.set.spans.n {
		n := b.set.spans.at(i).depth
		order[next[n]] = i
		next[n]++
	}
	return order, places
}

// qualityNotices sums up what was found in the traces, one notice a kind.
func (s *Set) qualityNotices() []Notice {
	counts := []struct {
		kind    NoticeKind
		message string
		count   func(*Quality) int
	}{
		{NoticeDuplicates, "%s exported twice, duplicate removed", func(q *Quality) int { return q.Duplicates }},
		{NoticeSharedIDs, "%s shared by client and server span, separated", func(q *Quality) int { return q.SharedIDs }},
		{NoticeCollisions, "%s with a duplicate span id, renamed", func(q *Quality) int { return q.Collisions }},
		{NoticeOrphans, "%s (parent not in file)", func(q *Quality) int { return q.Orphans }},
		{NoticeTimes, "%s, repaired", func(q *Quality) int { return q.RepairedTimes }},
		{NoticeUnfinished, "%s without an end time, end of the last descendant used", func(q *Quality) int { return q.Unfinished }},
		{NoticeUntimed, "%s without start and end time", func(q *Quality) int { return q.Untimed }},
		{NoticeCycles, "%s, removed", func(q *Quality) int { return q.Cycles }},
		{NoticeDropped, "%s, events and links dropped by the SDK", func(q *Quality) int { return q.DroppedAttrs + q.DroppedEvents + q.DroppedLinks }},
		{NoticeParts, "%s exported in several parts, joined", func(q *Quality) int { return q.Parts }},
		{NoticeLinkParent, "%s whose link was exported as the parent, restored", func(q *Quality) int { return q.LinkParents }},
		{NoticeWarnings, "%s with a warning of the tracing backend (see span details)", func(q *Quality) int { return q.Warned }},
		{NoticePartial, "%s reported as partial by the backend", func(q *Quality) int {
			if q.Partial {
				return 1
			}
			return 0
		}},
	}
	nouns := map[NoticeKind]string{
		NoticeDropped: "attribute", NoticePartial: "trace", NoticeSharedIDs: "span id",
		NoticeOrphans: "orphan span", NoticeTimes: "invalid timestamp", NoticeCycles: "cyclic parent reference",
	}
	input := ""
	if len(s.inputs) == 2 {
		input = s.inputs[1]
	}
	var notices []Notice
	for _, c := range counts {
		n := Notice{Kind: c.kind, Input: input}
		for i := range s.traces {
			if t := &s.traces[i]; t.quality != nil {
				n.countIn(t.ID(), c.count(t.quality))
			}
		}
		if n.Count > 0 {
			n.Message = fmt.Sprintf(c.message, Counted(n.Count, cmp.Or(nouns[c.kind], "span")))
			notices = append(notices, n)
		}
	}
	return notices
}
