package compare_test

import (
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// part is a span of a trace that is being changed: where it comes from, and what may differ from there.
type part struct {
	from       int // span index in the source trace, -1 for a span that is made up
	parent     int // index in draft.parts, -1 for the first
	start, end int64
	name       string // instead of the source's, where not ""
	failed     bool
	dropped    bool // left out when building, its children stay
}

// draft is a trace that is being changed.
type draft struct {
	source *trace.Trace
	parts  []part
}

func newDraft(t *trace.Trace) *draft {
	d := &draft{source: t}
	for i := range t.Len() {
		s := t.Span(i)
		d.parts = append(d.parts, part{from: i, parent: s.Parent(), start: s.Start(), end: s.Finish()})
	}
	return d
}

// under tells whether part i is below part top, or is it.
func (d *draft) under(i, top int) bool {
	for ; i >= 0; i = d.parts[i].parent {
		if i == top {
			return true
		}
	}
	return false
}

// shift makes room of so many nanoseconds (or takes it away) at the end of part at: its ancestors grow, what starts
// later moves. What is below it stays.
func (d *draft) shift(at int, by int64) {
	end := d.parts[at].end
	for i := range d.parts {
		p := &d.parts[i]
		switch {
		case i == at || d.under(i, at):
		case d.under(at, i):
			p.end += by
		case p.start >= end:
			p.start, p.end = p.start+by, p.end+by
		}
	}
}

// copies appends a copy of everything below part at, moved by so many nanoseconds, without its children if bare.
func (d *draft) copies(at int, by int64, bare bool) int {
	places := map[int]int{}
	first := len(d.parts)
	for i := range first {
		if i != at && (bare || !d.under(i, at)) {
			continue
		}
		p := d.parts[i]
		p.start, p.end = p.start+by, p.end+by
		if parent, ok := places[p.parent]; ok {
			p.parent = parent
		}
		places[i] = len(d.parts)
		d.parts = append(d.parts, p)
	}
	return first
}

// remove takes out part at and everything below it.
func (d *draft) remove(at int) {
	for i := range d.parts {
		if d.under(i, at) {
			d.parts[i].dropped = true
		}
	}
}

// add writes the trace into a builder under an id.
func (d *draft) add(b *trace.Builder, id uint64) {
	for i, p := range d.parts {
		if p.dropped {
			continue
		}
		raw := trace.RawSpan{Trace: trace.TraceID{Lo: id}, ID: trace.SpanID{N: uint64(i) + 1}, Start: p.start, End: p.end}
		if p.end == p.start {
			raw.End, raw.Duration = 0, 0
		}
		if p.parent >= 0 {
			raw.Parent = trace.SpanID{N: uint64(p.parent) + 1}
		}
		source := p.from
		if source < 0 {
			source = d.parts[p.parent].from // made up: by the same process as its parent
		}
		s := d.source.Span(source)
		raw.Origin = b.Origin(b.Resource(tracetest.CopyAttrs(b, s.Resource().Attrs()), 0), b.Scope(0, 0, nil, 0))
		raw.Name = b.Symbol([]byte(s.Name()))
		if p.name != "" {
			raw.Name = b.Symbol([]byte(p.name))
		}
		if p.from >= 0 {
			raw.Kind, raw.Status, raw.Attrs = s.Kind(), s.Status(), tracetest.CopyAttrs(b, s.Attrs())
		}
		if p.failed {
			raw.Status = trace.StatusError
		}
		b.Add(&raw)
	}
}
