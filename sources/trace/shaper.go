package trace

import "cmp"

// shaper gives one trace after another its shape: duplicates dropped, parents chosen, cycles cut, roots joined,
// spans in pre-order. Its scratch memory serves all traces.
//
//	members --ids--> distinct spans --parents--> forest --cuts--> tree --walk--> pre-order
type shaper struct {
	b       *Builder
	id      TraceID  // of the trace
	recs    []*span  // the trace's spans, by local number
	refs    []uint32 // local number -> place in the builder's storage
	parents []int32  // local numbers; -1 none
	sorted  []int32  // local numbers by start
	first   []int32  // first child; -1 none
	next    []int32  // next sibling; -1 none
	list    []uint32 // the result: places in pre-order
	ends    []*span  // the spans of list
	latest  []int64  // the latest end within each subtree of list
	clash   clashes
	gone    []uint32 // places of dropped duplicates
	parts   []spanPart
	table   []int32  // open addressing over ids: local number + 1
	service []uint32 // number of the service, by resource
	seen    []uint32 // stamp by service number
	named   []bool   // by service number: false for spans that name none
	stamp   uint32
	times   []interval // scratch of setWindow
	q       Quality
	cut     Symbol // attribute keys that hold statements
	cutOld  Symbol
}

func newShaper(b *Builder) *shaper {
	s := &shaper{b: b, cut: b.Symbol([]byte("db.query.text")), cutOld: b.Symbol([]byte("db.statement"))}
	numbers := map[Symbol]uint32{}
	for _, r := range b.set.resources {
		number, ok := numbers[r.name]
		if !ok {
			number = uint32(len(numbers))
			numbers[r.name] = number
			s.named = append(s.named, b.set.symbols.texts[r.name] != "")
		}
		s.service = append(s.service, number)
	}
	s.seen = make([]uint32, len(numbers))
	return s
}

// find returns the slot of an id in the table and the local number of the span that has it, -1 for none.
func (s *shaper) find(id uint64, text Flags) (slot uint64, local int32) {
	mask := uint64(len(s.table) - 1)
	h := (id ^ uint64(text)<<40) * 0x9e3779b97f4a7c15
	for slot = (h ^ h>>32) & mask; ; slot = (slot + 1) & mask {
		n := s.table[slot] - 1
		if n < 0 || s.recs[n].id == id && s.recs[n].flags&flagIDText == text {
			return slot, n
		}
	}
}

func parentText(idText Flags) Flags {
	if idText != 0 {
		return flagParentText
	}
	return 0
}

func idText(r *span) Flags {
	if r.flags&flagParentText != 0 {
		return flagIDText
	}
	return 0
}

func (s *shaper) compareIDs(a, c *span) int {
	if (a.flags|c.flags)&flagIDText == 0 {
		return cmp.Compare(a.id, c.id)
	}
	return s.b.set.idOf(a).Compare(s.b.set.idOf(c))
}

func (s *shaper) linksOf(r *span) []link {
	return s.b.set.links.slice(s.b.set.extras.at(r.extra).links)
}

func (s *shaper) origin(r *span) origin { return s.b.set.origins[r.origin] }
