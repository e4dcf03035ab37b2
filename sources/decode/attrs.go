package decode

import (
	"bytes"
	"slices"

	"tracefall/sources/trace"
)

// AddEvent appends an event to raw, reusing the attributes' memory of an earlier span.
func (r *Reader) AddEvent() *trace.RawEvent {
	n := len(r.Span.Events)
	r.Span.Events = slices.Grow(r.Span.Events, 1)[:n+1]
	e := &r.Span.Events[n]
	*e = trace.RawEvent{Attrs: e.Attrs[:0]}
	return e
}

// AddLink appends a link to raw, reusing the attributes' memory of an earlier span.
func (r *Reader) AddLink() *trace.RawLink {
	n := len(r.Span.Links)
	r.Span.Links = slices.Grow(r.Span.Links, 1)[:n+1]
	l := &r.Span.Links[n]
	*l = trace.RawLink{Attrs: l.Attrs[:0]}
	return l
}

// ParentPlace reads OTLP's span flags: whether it is known if the parent's context came from another process, and
// whether it did.
func ParentPlace(flags uint32) trace.ParentPlace {
	switch {
	case flags&flagKnown == 0:
		return trace.ParentAnywhere
	case flags&flagRemote != 0:
		return trace.ParentRemote
	}
	return trace.ParentLocal
}

// SpanFlags is ParentPlace the other way round.
func SpanFlags(at trace.ParentPlace) int {
	switch at {
	case trace.ParentLocal:
		return flagKnown
	case trace.ParentRemote:
		return flagKnown | flagRemote
	case trace.ParentAnywhere:
	}
	return 0
}

// The bits of OTLP's span flags that say whether it is known where the parent's context came from, and whether that
// was another process.
const (
	flagKnown  = 0x100
	flagRemote = 0x200
)

// LinkKind takes the kind of a Jaeger reference, if the link was one, from the link's attributes.
func (r *Reader) LinkKind(attrs []trace.Attr) (trace.LinkKind, []trace.Attr) {
	for i, a := range attrs {
		if a.Key() != r.Names.refType || a.Type() != trace.TypeString {
			continue
		}
		if kind := RefKind([]byte(r.B.Text(r.B.Interned(a)))); kind != trace.LinkPlain {
			return kind, slices.Delete(attrs, i, i+1)
		}
	}
	return trace.LinkPlain, attrs
}

// RefKind reads the type of a reference: as Jaeger writes it, or as the collector keeps it on a link.
func RefKind(text []byte) trace.LinkKind {
	switch {
	case bytes.EqualFold(text, []byte("CHILD_OF")):
		return trace.LinkChildOf
	case bytes.EqualFold(text, []byte("FOLLOWS_FROM")):
		return trace.LinkFollowsFrom
	}
	return trace.LinkPlain
}

// SoleParent turns the one reference that most spans have into what it means: the parent. As a link it would take
// three times the memory.
func (r *Reader) SoleParent() {
	raw := &r.Span
	if len(raw.Links) != 1 || !raw.Parent.IsZero() {
		return
	}
	if l := &raw.Links[0]; l.Kind == trace.LinkChildOf && l.Trace == raw.Trace {
		raw.Parent, raw.Links = l.Span, raw.Links[:0]
	}
}

// NameEvent takes the event's name from its first attribute "event".
func (r *Reader) NameEvent(e *trace.RawEvent) {
	for i, a := range e.Attrs {
		if a.Key() == r.Names.event && a.Type() == trace.TypeString {
			e.Name, e.Attrs = r.B.Interned(a), slices.Delete(e.Attrs, i, i+1)
			return
		}
	}
}

// keyNames are the symbols that reading Jaeger, or what came from it, needs often.
type keyNames struct {
	Service, event trace.Symbol
	refType        trace.Symbol // by which the collector keeps the kind of a reference on an OTLP link
}

func newNames(b *trace.Builder) keyNames {
	return keyNames{
		Service: b.Symbol([]byte(ServiceKey)), event: b.Symbol([]byte("event")), refType: b.Symbol([]byte(RefTypeKey)),
	}
}

// Owner is what an SDK's object says beside the span itself. The zero Owner is the empty resource and the empty scope,
// which every builder begins with.
type Owner struct {
	Resource uint32
	Scope    uint32
}

// AddOwned adds raw unless it was cut short.
func (r *Reader) AddOwned(own Owner) {
	if r.Err == nil {
		r.Span.Origin = r.B.Origin(own.Resource, own.Scope)
		r.B.Add(&r.Span)
		r.Good = r.Pos
	}
}

// ServiceKey is the attribute that names the service of a resource.
const ServiceKey = "service.name"

// Tags by which Jaeger keeps what its model has no field for, as the collector writes them.
const (
	KeyKind          = "span.kind"
	KeyError         = "error"
	KeyStatus        = "otel.status_code"
	KeyMessage       = "otel.status_description"
	KeyScopeName     = "otel.scope.name"
	KeyScopeVersion  = "otel.scope.version"
	KeyTraceState    = "w3c.tracestate"
	KeyDroppedAttrs  = "otel.dropped_attributes_count"
	KeyDroppedEvents = "otel.dropped_events_count"
	KeyDroppedLinks  = "otel.dropped_links_count"
)

// RefTypeKey is the attribute by which the collector keeps the kind of a Jaeger reference on an OTLP link.
const RefTypeKey = "opentracing.ref_type"
