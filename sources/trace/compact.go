package trace

import "slices"

// Compact returns a builder of what counts in another: what was read anew is let go of, as is what values were read from.
// The other must not be used afterwards; what it published stays.
func Compact(b *Builder) *Builder {
	c := compaction{from: b, to: b.Sibling()}
	c.to.joinIDs, c.to.notices, c.to.set.closers = b.joinIDs, b.notices, b.set.closers
	c.to.set.inputs = slices.Clone(b.set.inputs)
	c.origins = make([]uint32, len(b.set.origins))
	for i := range b.traces {
		if t := &b.traces[i]; t.counts() {
			to := &c.to.traces[c.to.number(t.id)]
			to.n, to.partial, to.truncated = t.n, t.partial, t.truncated
		}
	}
	for _, chunk := range b.set.spans.chunks {
		for i := range chunk {
			if t := &b.traces[chunk[i].depth]; t.counts() {
				c.span(chunk[i], t.id)
			}
		}
	}
	c.to.input = b.input
	return c.to
}

// compaction copies what counts of one builder into another.
type compaction struct {
	from, to *Builder
	origins  []uint32 // of the other by that of the one, plus 1; 0 for those that were not met yet
	lists    []Attr
}

func (c *compaction) symbol(s Symbol) Symbol { return c.to.set.symbols.internString(c.from.Text(s)) }

func (c *compaction) span(r span, id TraceID) {
	r.depth = c.to.number(id)
	if r.flags&flagIDText != 0 {
		r.id = uint64(c.symbol(Symbol(r.id)))
	}
	if r.flags&flagParentText != 0 {
		r.parent = uint64(c.symbol(Symbol(r.parent)))
	}
	r.name, r.origin, r.attrs = c.symbol(r.name), c.origin(r.origin), c.attrs(r.attrs)
	if r.extra != 0 {
		r.extra = c.extra(*c.from.set.extras.at(r.extra))
	}
	c.to.set.spans.add(&r)
}

func (c *compaction) origin(n uint32) uint32 {
	if c.origins[n] == 0 {
		o := c.from.set.origins[n]
		r, s := c.from.set.resources[o.resource], c.from.set.scopes[o.scope]
		o.resource = c.to.Resource(c.list(r.attrs), r.dropped)
		o.scope = c.to.Scope(c.symbol(s.name), c.symbol(s.version), c.list(s.attrs), s.dropped)
		c.origins[n] = c.to.originOf(o) + 1
	}
	return c.origins[n] - 1
}

func (c *compaction) extra(x extra) uint32 {
	if x.message != (Attr{}) {
		x.message = c.attr(x.message)
	}
	x.traceState, x.warnings = c.symbol(x.traceState), c.attrs(x.warnings)
	events := slices.Clone(c.from.set.events.slice(x.events))
	for i := range events {
		events[i].name, events[i].attrs = c.symbol(events[i].name), c.attrs(events[i].attrs)
	}
	links := slices.Clone(c.from.set.links.slice(x.links))
	for i := range links {
		l := &links[i]
		l.traceText, l.spanText, l.state = c.symbol(l.traceText), c.symbol(l.spanText), c.symbol(l.state)
		l.attrs = c.attrs(l.attrs)
	}
	x.events, x.links = c.to.set.events.add(events), c.to.set.links.add(links)
	return c.to.set.extras.add([]extra{x}).at
}

func (c *compaction) attrs(r run) run { return c.to.set.attrs.add(c.list(r)) }

// list copies attributes to where they stay until the next call.
func (c *compaction) list(r run) []Attr {
	c.lists = append(c.lists[:0], c.from.set.attrs.slice(r)...)
	for i, a := range c.lists {
		c.lists[i] = c.attr(a)
	}
	return c.lists
}

func (c *compaction) attr(a Attr) Attr {
	key := c.symbol(a.key)
	switch t := a.Type(); {
	case a.meta&attrRef != 0:
		return c.to.text(key, t, []byte(Value{&c.from.set, a}.Text()))
	case t == TypeString || t == TypeBytes || t == TypeJSON:
		a.bits = uint64(c.symbol(Symbol(a.bits)))
	}
	a.key = key
	return a
}
