package tracetest

import "tracefall/sources/trace"

// Copy fills raw with everything that a span holds, in the symbols of a builder that the copy will be added to. A
// test changes what it wants to and adds it.
func Copy(b *trace.Builder, s trace.Span, raw *trace.RawSpan) {
	raw.Reset()
	raw.Trace, raw.ID, raw.Parent = s.Trace().ID(), s.ID(), s.ParentID()
	raw.ParentAt = s.ParentAt()
	raw.Name, raw.Kind, raw.Status = b.Symbol([]byte(s.Name())), s.Kind(), s.Status()
	raw.Start, raw.Duration, raw.State = s.Start(), s.Duration(), b.Symbol([]byte(s.TraceState()))
	if s.Has(trace.FlagUnfinished) {
		raw.Duration = trace.NoDuration
	}
	if s.Has(trace.FlagTimeRepaired) { // so that it is repaired again
		if raw.Duration == 0 {
			raw.Duration = -1
		} else {
			raw.Start = 0
		}
	}
	if text := s.StatusMessage(); text != "" {
		raw.Message = b.String(0, []byte(text))
	}
	attrs, events, links := s.Dropped()
	raw.DroppedAttrs, raw.DroppedEvents, raw.DroppedLinks = uint32(attrs), uint32(events), uint32(links)
	raw.Origin = CopyOrigin(b, s)
	raw.Attrs = CopyAttrs(b, s.Attrs())
	for _, text := range s.Warnings() {
		raw.Warnings = append(raw.Warnings, b.String(0, []byte(text)))
	}
	for i := range s.Events() {
		e := s.Event(i)
		raw.Events = append(raw.Events, trace.RawEvent{
			Time: e.Time(), Name: b.Symbol([]byte(e.Name())), Attrs: CopyAttrs(b, e.Attrs()), Dropped: uint32(e.Dropped()),
		})
	}
	for _, l := range s.Links() {
		raw.Links = append(raw.Links, trace.RawLink{
			Kind: l.Kind(), Trace: l.TraceID(), Span: l.SpanID(), State: b.Symbol([]byte(l.TraceState())),
			Attrs: CopyAttrs(b, l.Attrs()), Dropped: uint32(l.Dropped()),
		})
	}
}

// CopyOrigin makes a span's resource and scope in a builder.
func CopyOrigin(b *trace.Builder, s trace.Span) uint32 {
	r, sc := s.Resource(), s.Scope()
	return b.Origin(b.Resource(CopyAttrs(b, r.Attrs()), uint32(r.Dropped())),
		b.Scope(b.Symbol([]byte(sc.Name())), b.Symbol([]byte(sc.Version())), CopyAttrs(b, sc.Attrs()), uint32(sc.Dropped())))
}

// CopyAttrs makes attributes in a builder.
func CopyAttrs(b *trace.Builder, attrs trace.Attrs) []trace.Attr {
	var list []trace.Attr
	for key, v := range attrs.All() {
		k := b.Symbol([]byte(key))
		switch v.Type() {
		case trace.TypeString:
			list = append(list, b.String(k, []byte(v.Text())))
		case trace.TypeBool:
			list = append(list, trace.Bool(k, v.Bool()))
		case trace.TypeInt:
			list = append(list, trace.Int(k, v.Int()))
		case trace.TypeFloat:
			list = append(list, trace.Float(k, v.Float()))
		case trace.TypeBytes:
			list = append(list, b.Bytes(k, []byte(v.Text())))
		case trace.TypeJSON:
			list = append(list, b.JSON(k, []byte(v.Text())))
		case trace.TypeNone:
		}
	}
	return list
}
