package trace

import (
	"math"
	"slices"
)

// span is the stored form of a span: 64 bytes, no pointers.
type span struct {
	id     uint64
	start  int64  // ns since the epoch; 0 only while building
	dur    int64  // ns
	parent uint64 // while building, and for good under FlagOrphan or FlagCycleCut: the parent's id; else its index + 1, 0 for none
	name   Symbol
	origin uint32 // resource, scope and input
	attrs  run
	extra  uint32 // index into Set.extras; 0 for none
	end    uint32 // index after the subtree's last span
	depth  uint32 // while building: the trace's number
	kind   Kind
	status Status
	flags  Flags
}

func (r *span) finish() int64 { return saturatingAdd(r.start, r.dur) }

func (r *span) untimed() bool { return r.start == 0 && r.dur == 0 && r.flags&FlagTimeRepaired != 0 }

func saturatingAdd(a, b int64) int64 {
	if b > 0 && a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// extra is what few spans have.
type extra struct {
	message                                   Attr
	events, links                             run
	warnings                                  run // of the backend, as attributes without a key
	traceState                                Symbol
	droppedAttrs, droppedEvents, droppedLinks uint32
}

type event struct {
	time    int64
	name    Symbol
	attrs   run
	dropped uint32
}

type link struct {
	hi, lo, span        uint64
	traceText, spanText Symbol
	state               Symbol
	attrs               run
	dropped             uint32
	kind                LinkKind
}

// target is the id of the span that the link points to, as find takes it.
func (l *link) target() (id uint64, text Flags) {
	if l.spanText != 0 {
		return uint64(l.spanText), flagIDText
	}
	return l.span, 0
}

// owner is a resource, whose name is that of its service, or an instrumentation scope.
type owner struct {
	name, version Symbol
	attrs         run
	dropped       uint32
}

type origin struct {
	resource, scope, input uint32
	parts                  bool // its spans may come in parts
}

// spanStore holds spans in chunks, so that it grows without copying and can be reordered in place.
type spanStore struct {
	chunks [][]span
	n      uint32
}

const (
	spanBits  = 14
	spanChunk = 1 << spanBits
)

func (s *spanStore) at(i uint32) *span { return &s.chunks[i>>spanBits][i&(spanChunk-1)] }

func (s *spanStore) add(r *span) {
	if s.n&(spanChunk-1) == 0 {
		size := spanChunk
		if s.n == 0 {
			size = 64 // small files stay small; append grows the first chunk
		}
		s.chunks = append(s.chunks, make([]span, 0, size))
	}
	last := &s.chunks[len(s.chunks)-1]
	*last = append(*last, *r)
	s.n++
}

// reserve makes sure that adding so many more moves no span that is there.
func (s *spanStore) reserve(more uint32) {
	if s.n < spanChunk && s.n > 0 {
		s.chunks[0] = slices.Grow(s.chunks[0], int(min(more, spanChunk-s.n)))
	}
}

func (s *spanStore) clone() spanStore {
	c := spanStore{n: s.n, chunks: make([][]span, len(s.chunks))}
	for i, chunk := range s.chunks {
		c.chunks[i] = slices.Clone(chunk)
	}
	return c
}

// gather reorders the spans so that the new span i is the old span order[i], dropping those not named in the
// first keep entries. order is a permutation and is used up. It walks the permutation's cycles in place.
func (s *spanStore) gather(order []uint32, keep uint32) {
	for i := range order {
		if order[i] == uint32(i) {
			continue
		}
		saved := *s.at(uint32(i))
		to := uint32(i)
		for {
			from := order[to]
			order[to] = to
			if from == uint32(i) {
				*s.at(to) = saved
				break
			}
			*s.at(to) = *s.at(from)
			to = from
		}
	}
	s.n = keep
	s.chunks = s.chunks[:(keep+spanChunk-1)>>spanBits]
	if len(s.chunks) > 0 {
		last := len(s.chunks) - 1
		s.chunks[last] = s.chunks[last][:keep-uint32(last)<<spanBits]
	}
}
