package eval

import (
	"encoding/binary"
	"encoding/hex"
	"unsafe"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// machine is the scratch memory of one goroutine: a program runs on it trace by trace without allocating.
type machine struct {
	p      *Program
	t      *trace.Trace
	lo, hi int // the window: spans lo … hi-1, bit 0 is lo
	maps   [][]uint64
	inUse  int
	caches [][]uint8 // by slot, by symbol: 0 not known, 1 no, 2 yes
	buf    []byte
	left   []query.Datum
	right  []query.Datum
	counts []int32
	pipe   pipelineMemory
	spans  []int32 // what matched in a batch
	found  []count

	inEvent, inLink bool // within event(…) or link(…): the element in question
	event           trace.Event
	link            trace.Link

	children bySpan[int32]
	self     bySpan[int64]
	critical bySpan[bool]
	marks    bySpan[[]string] // names of detectors

	met []verdict // by key: what was found of it, in any span
}

// bitmap lends a bitmap of n words with any content; release gives back the last ones.
func (m *machine) bitmap(n int) []uint64 {
	if m.inUse == len(m.maps) {
		m.maps = append(m.maps, nil)
	}
	if cap(m.maps[m.inUse]) < n {
		m.maps[m.inUse] = make([]uint64, n)
	}
	m.inUse++
	return m.maps[m.inUse-1][:n]
}

func (m *machine) release(n int) { m.inUse -= n }

// bind prepares the machine for a program; what it learnt for another is void.
func (m *machine) bind(p *Program) {
	if m.p == p {
		return
	}
	*m = machine{
		p: p, maps: m.maps, buf: m.buf[:0], left: m.left[:0], right: m.right[:0], counts: m.counts, spans: m.spans, found: m.found,
		children: bySpan[int32]{values: m.children.values}, self: bySpan[int64]{values: m.self.values},
		critical: bySpan[bool]{values: m.critical.values}, marks: bySpan[[]string]{values: m.marks.values},
		caches: make([][]uint8, p.slots),
		met:    make([]verdict, len(p.keys)),
	}
}

// window evaluates the program's tree for spans lo … hi-1 of a trace. The bitmap is valid until the next call.
func (m *machine) window(t *trace.Trace, lo, hi int) []uint64 {
	m.t, m.lo, m.hi, m.inUse = t, lo, hi, 0
	full := m.full()
	out := m.bitmap(len(full))
	m.p.root.eval(m, full, out)
	return out
}

// full lends the bitmap of all spans of the window; a synthetic root is none.
func (m *machine) full() []uint64 {
	n := m.hi - m.lo
	full := m.bitmap((n + 63) >> 6)
	for w := range full {
		full[w] = ^uint64(0)
	}
	if rest := n & 63; rest != 0 {
		full[len(full)-1] = 1<<rest - 1
	}
	if m.lo < m.t.First() && n > 0 {
		full[0] &^= 1
	}
	return full
}

// elements visits the events or links of a span that a term is about; the visitor finds the one in question in
// m.event or m.link.
func (m *machine) elements(s trace.Span, level expression.Level, visit func()) {
	if level == expression.LevelEvent {
		if m.inEvent {
			visit()
			return
		}
		for i := range s.Events() {
			m.event = s.Event(i)
			visit()
		}
		return
	}
	if m.inLink {
		visit()
		return
	}
	for _, m.link = range s.Links() {
		visit()
	}
}

func (m *machine) elementAttrs(level expression.Level) trace.Attrs {
	if level == expression.LevelEvent {
		return m.event.Attrs()
	}
	return m.link.Attrs()
}

// nestedLeft counts what opens and closes before a span opens, and the span itself: those before it in the array have
// opened, and all of them but its ancestors have closed.
func (m *machine) nestedLeft(i int) int64 {
	before, ancestors := i-m.t.First(), m.t.Span(i).Depth()-m.t.First()
	return int64(2*before - ancestors + 1)
}

// idText writes an id without allocating.
func (m *machine) idText(id trace.SpanID) string {
	if id.Text != "" {
		return id.Text
	}
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], id.N)
	m.buf = hex.AppendEncode(m.buf[:0], raw[:])
	return unsafe.String(unsafe.SliceData(m.buf), len(m.buf))
}

// bySpan holds what is known of the spans of one trace.
type bySpan[T any] struct {
	trace  *trace.Trace
	values []T
}

// of returns what is known by span; for another trace than before it is filled in, all zero at first.
func (b *bySpan[T]) of(t *trace.Trace, fill func([]T)) []T {
	if b.trace != t {
		b.trace, b.values = t, zeroed(b.values, t.Len())
		fill(b.values)
	}
	return b.values
}

// zeroed returns n zero values in the memory of old, where that suffices.
func zeroed[T any](old []T, n int) []T {
	if cap(old) < n {
		return make([]T, n)
	}
	clear(old[:n])
	return old[:n]
}

func (m *machine) childCounts() []int32 {
	return m.children.of(m.t, func(counts []int32) {
		for i := range counts {
			if p := m.t.Parent(i); p >= 0 {
				counts[p]++
			}
		}
	})
}

func (m *machine) selfTimes() []int64 {
	return m.self.of(m.t, func(dst []int64) { m.p.derived.Self(m.t, dst) })
}

func (m *machine) criticalSpans() []bool {
	return m.critical.of(m.t, func(dst []bool) { m.p.derived.Critical(m.t, dst) })
}

func (m *machine) findings() [][]string {
	return m.marks.of(m.t, func(names [][]string) {
		for _, mark := range m.p.derived.Findings(m.t) {
			if mark.Span >= 0 && mark.Span < len(names) {
				names[mark.Span] = append(names[mark.Span], mark.Detector)
			}
		}
	})
}
