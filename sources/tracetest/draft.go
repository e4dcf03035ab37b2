package tracetest

import "tracefall/sources/trace"

// Part is a span of a trace that is being changed: where it comes from, and what may differ from there.
type Part struct {
	From       int // span index in the source trace, -1 for a span that is made up
	Parent     int // index in Draft.Parts, -1 for the first
	Start, End int64
	Name       string // instead of the source's, where not ""
	Failed     bool
	Dropped    bool // left out when building, its children stay
	Bare       bool // without its attributes
}

// Draft is a trace that is being changed, one mutation after another, and then built anew:
//
//	d := tracetest.NewDraft(t)
//	d.Stretch(7, 5e9)
//	d.Add(b, 1)
//
// Times are mended so that the trace could have happened: what a change takes longer, the spans above it take
// longer too, and what came later comes later.
type Draft struct {
	Source *trace.Trace
	Parts  []Part
}

// NewDraft begins with the trace as it is: part i is span i.
func NewDraft(t *trace.Trace) *Draft {
	d := &Draft{Source: t}
	for i := range t.Len() {
		s := t.Span(i)
		d.Parts = append(d.Parts, Part{From: i, Parent: s.Parent(), Start: s.Start(), End: s.Finish()})
	}
	return d
}

// Under reports whether part i is below part top, or is it.
func (d *Draft) Under(i, top int) bool {
	for ; i >= 0; i = d.Parts[i].Parent {
		if i == top {
			return true
		}
	}
	return false
}

// Apart reports whether span i and all above it lie within their parents, and run while none of their siblings does,
// so that what it takes more is what the trace takes more.
func Apart(t *trace.Trace, i int) bool {
	if i == 0 || t.Span(i).Duration() == 0 {
		return false
	}
	for at := i; at > 0; at = t.Parent(at) {
		s, up := t.Span(at), t.Span(t.Parent(at))
		if s.Start() < up.Start() || s.Finish() > up.Finish() || s.FollowsFrom() || up.Kind() == trace.KindProducer && s.Kind() == trace.KindConsumer {
			return false
		}
		for c := up.Index() + 1; c < up.End(); c = t.End(c) {
			if o := t.Span(c); c != at && o.Start() < s.Finish() && o.Finish() > s.Start() {
				return false
			}
		}
	}
	return true
}

// Shift makes room of so many nanoseconds (or takes it away) at the end of part at: its ancestors grow, what starts
// later moves. What is below it stays.
func (d *Draft) Shift(at int, by int64) {
	end := d.Parts[at].End
	for i := range d.Parts {
		p := &d.Parts[i]
		switch {
		case i == at || d.Under(i, at):
		case d.Under(at, i):
			p.End += by
		case p.Start >= end:
			p.Start, p.End = p.Start+by, p.End+by
		}
	}
}

// Stretch lets part at take so many nanoseconds longer, at its end.
func (d *Draft) Stretch(at int, by int64) {
	d.Shift(at, by)
	d.Parts[at].End += by
}

// Repeat puts k copies of part at, with what is below it, behind it, one after another. It returns the nanoseconds
// that they take.
func (d *Draft) Repeat(at, k int) int64 {
	each := d.Parts[at].End - d.Parts[at].Start
	d.Shift(at, int64(k)*each)
	for n := range k {
		d.Copy(at, int64(n+1)*each, false)
	}
	return int64(k) * each
}

// Retry puts k failed attempts before part at, each of a length and with a pause behind it.
func (d *Draft) Retry(at, k int, each, pause int64) {
	by := int64(k) * (each + pause)
	d.Shift(at, by)
	for i := range d.Parts {
		if p := &d.Parts[i]; d.Under(i, at) {
			p.Start, p.End = p.Start+by, p.End+by
		}
	}
	for n := range k {
		i := d.Copy(at, int64(n-k)*(each+pause), true)
		d.Parts[i].End, d.Parts[i].Failed = d.Parts[i].Start+each, true
	}
}

// Copy appends a copy of everything below part at, moved by so many nanoseconds, without its children if bare. It
// returns the index of the first of the copies.
func (d *Draft) Copy(at int, by int64, bare bool) int {
	places := map[int]int{}
	first := len(d.Parts)
	for i := range first {
		if i != at && (bare || !d.Under(i, at)) {
			continue
		}
		p := d.Parts[i]
		p.Start, p.End = p.Start+by, p.End+by
		if parent, ok := places[p.Parent]; ok {
			p.Parent = parent
		}
		places[i] = len(d.Parts)
		d.Parts = append(d.Parts, p)
	}
	return first
}

// Remove takes out part at and everything below it.
func (d *Draft) Remove(at int) {
	for i := range d.Parts {
		if d.Under(i, at) {
			d.Parts[i].Dropped = true
		}
	}
}

// Add writes the trace into a builder under an id; part i has the span id i+1. Links and events are left out.
func (d *Draft) Add(b *trace.Builder, id uint64) {
	for i, p := range d.Parts {
		if p.Dropped {
			continue
		}
		raw := trace.RawSpan{Trace: trace.TraceID{Lo: id}, ID: trace.SpanID{N: uint64(i) + 1}, Start: p.Start, End: p.End}
		if p.End == p.Start {
			raw.End, raw.Duration = 0, 0
		}
		if p.Parent >= 0 {
			raw.Parent = trace.SpanID{N: uint64(p.Parent) + 1}
		}
		source := p.From
		if source < 0 {
			source = d.Parts[p.Parent].From // made up: by the same process as its parent
		}
		s := d.Source.Span(source)
		raw.Origin = b.Origin(b.Resource(CopyAttrs(b, s.Resource().Attrs()), 0), b.Scope(0, 0, nil, 0))
		raw.Name = b.Symbol([]byte(s.Name()))
		if p.Name != "" {
			raw.Name = b.Symbol([]byte(p.Name))
		}
		if p.From >= 0 {
			raw.Kind, raw.Status = s.Kind(), s.Status()
			if !p.Bare {
				raw.Attrs = CopyAttrs(b, s.Attrs())
			}
		}
		if p.Failed {
			raw.Status = trace.StatusError
		}
		b.Add(&raw)
	}
}
