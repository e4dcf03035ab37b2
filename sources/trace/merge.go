package trace

import "slices"

// Merge adds everything of another builder, whose blobs, inputs and closers move here. The other builder must
// not be used afterwards. The result is the same as if this builder had read both, in this order.
func (b *Builder) Merge(other *Builder) {
	m := merger{b: b, o: other}
	m.symbols()
	m.blobs()
	m.attrs()
	m.origins()
	m.events()
	m.links()
	m.extras()
	m.spans()
	b.notices = append(b.notices, other.notices...)
	b.set.closers = append(b.set.closers, other.set.closers...)
}

// MergeAnew is Merge, but the traces of the other builder take the place of those with their ids that are here: what came
// last counts, also where it has fewer spans. It returns their ids in the order in which they were met. The memory of
// what they replace is kept until the builder is compacted.
func (b *Builder) MergeAnew(other *Builder) []TraceID {
	ids := make([]TraceID, 0, len(other.traces))
	for i := range other.traces {
		if t := &other.traces[i]; t.counts() {
			b.renew(t.id)
			ids = append(ids, t.id)
		}
	}
	b.Merge(other)
	return ids
}

// Forget lets a trace no longer count. Its memory is kept until the builder is compacted.
func (b *Builder) Forget(id TraceID) { b.renew(id) }

// merger translates the numbers of one builder into those of another.
type merger struct {
	b, o   *Builder
	symbol []Symbol
	origin []uint32
	blob   uint32 // added to blob numbers
	list   bases  // of attributes
	event  bases
	link   bases
	extra  bases
}

func (m *merger) symbols() {
	texts := m.o.set.symbols.texts
	m.symbol = make([]Symbol, len(texts))
	for i, text := range texts {
		m.symbol[i] = m.b.set.symbols.internString(text)
	}
	for key, v := range m.o.variety[:min(varietyKeys, len(texts))] {
		m.b.variety.learn(m.symbol[key], v)
	}
}

// blobs moves the blobs; the empty blob 0 exists on both sides.
func (m *merger) blobs() {
	m.blob = uint32(len(m.b.set.blobs) - 1)
	m.b.set.blobs = append(m.b.set.blobs, m.o.set.blobs[1:]...)
}

func (m *merger) attr(a Attr) Attr {
	a.key = m.symbol[a.key]
	switch {
	case a.meta&attrRef != 0:
		a.meta += m.blob << 8
	case a.Type() == TypeString || a.Type() == TypeBytes || a.Type() == TypeJSON:
		a.bits = uint64(m.symbol[a.bits])
	}
	return a
}

func (m *merger) attrs() {
	for a := range m.o.set.attrs.all() {
		*a = m.attr(*a)
	}
	m.list = m.b.set.attrs.adopt(&m.o.set.attrs)
}

func (m *merger) origins() {
	attrs := func(r run) []Attr { return m.b.set.attrs.slice(m.list.run(r)) }
	resources := make([]uint32, len(m.o.set.resources))
	for i, r := range m.o.set.resources {
		resources[i] = m.b.Resource(attrs(r.attrs), r.dropped)
	}
	scopes := make([]uint32, len(m.o.set.scopes))
	for i, s := range m.o.set.scopes {
		scopes[i] = m.b.Scope(m.symbol[s.name], m.symbol[s.version], attrs(s.attrs), s.dropped)
	}
	m.origin = make([]uint32, len(m.o.set.origins))
	before := m.b.input
	for i, o := range m.o.set.origins {
		if m.b.input = 0; o.input > 0 {
			m.b.Input(m.o.set.inputs[o.input])
		}
		m.origin[i] = m.b.originOf(origin{resources[o.resource], scopes[o.scope], m.b.input, o.parts})
	}
	for _, name := range m.o.set.inputs[1:] {
		m.b.Input(name)
	}
	m.b.input = before
}

func (m *merger) events() {
	for e := range m.o.set.events.all() {
		e.name, e.attrs = m.symbol[e.name], m.list.run(e.attrs)
	}
	m.event = m.b.set.events.adopt(&m.o.set.events)
}

func (m *merger) links() {
	for l := range m.o.set.links.all() {
		l.traceText, l.spanText, l.state = m.symbol[l.traceText], m.symbol[l.spanText], m.symbol[l.state]
		l.attrs = m.list.run(l.attrs)
	}
	m.link = m.b.set.links.adopt(&m.o.set.links)
}

func (m *merger) extras() {
	for x := range m.o.set.extras.all() {
		x.message, x.traceState = m.attr(x.message), m.symbol[x.traceState]
		x.warnings, x.events, x.links = m.list.run(x.warnings), m.event.run(x.events), m.link.run(x.links)
	}
	m.extra = m.b.set.extras.adopt(&m.o.set.extras)
}

func (m *merger) spans() {
	numbers := make([]uint32, len(m.o.traces))
	for i, t := range m.o.traces {
		if t.renewed {
			continue
		}
		numbers[i] = m.b.number(t.id)
		into := &m.b.traces[numbers[i]]
		into.n += t.n
		into.partial = into.partial || t.partial
		into.truncated = into.truncated || t.truncated
	}
	for c, chunk := range m.o.set.spans.chunks {
		for i := range chunk {
			r := &chunk[i]
			if m.o.traces[r.depth].renewed {
				continue
			}
			if r.flags&flagIDText != 0 {
				r.id = uint64(m.symbol[r.id])
			}
			if r.flags&flagParentText != 0 {
				r.parent = uint64(m.symbol[r.parent])
			}
			r.name, r.origin, r.depth = m.symbol[r.name], m.origin[r.origin], numbers[r.depth]
			r.attrs = m.list.run(r.attrs)
			if r.extra != 0 {
				r.extra = m.extra.ref(r.extra)
			}
			m.b.set.spans.add(r)
		}
		m.o.set.spans.chunks[c] = nil // let it go while the rest is copied
	}
}

// Snapshot publishes what was added so far and leaves the builder as it is, for a first look while loading. Its
// values live as long as those of the final set; closing it does nothing. The notices are added to the builder's own.
func (b *Builder) Snapshot(notices ...Notice) *Set {
	c := &Builder{
		joinIDs: b.joinIDs, snapshot: true,
		roster: roster{traces: slices.Clone(b.traces)}, notices: slices.Concat(b.notices, notices),
	}
	c.set = Set{
		symbols: b.set.symbols.share(), spans: b.set.spans.clone(),
		attrs: b.set.attrs.share(), extras: b.set.extras.share(), events: b.set.events.share(), links: b.set.links.share(),
		resources: slices.Clone(b.set.resources), scopes: slices.Clone(b.set.scopes),
		origins: slices.Clone(b.set.origins), inputs: slices.Clone(b.set.inputs), blobs: slices.Clone(b.set.blobs),
	}
	return c.Build()
}
