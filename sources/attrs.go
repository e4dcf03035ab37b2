package sources

import (
	"bytes"
	"slices"
	"tracefall/sources/trace"
)

// addEvent appends an event to raw, reusing the attributes' memory of an earlier span.
func (r *reader) addEvent() *trace.RawEvent {
	events := r.raw.Events
	if n := len(events); n < cap(events) {
		events = events[:n+1]
		events[n] = trace.RawEvent{Attrs: events[n].Attrs[:0]}
	} else {
		events = append(events, trace.RawEvent{})
	}
	r.raw.Events = events
	return &events[len(events)-1]
}

// addLink appends a link to raw, reusing the attributes' memory of an earlier span.
func (r *reader) addLink() *trace.RawLink {
	links := r.raw.Links
	if n := len(links); n < cap(links) {
		links = links[:n+1]
		links[n] = trace.RawLink{Attrs: links[n].Attrs[:0]}
	} else {
		links = append(links, trace.RawLink{})
	}
	r.raw.Links = links
	return &links[len(links)-1]
}

// parentPlace reads OTLP's span flags: whether it is known if the parent's context came from another process, and
// whether it did.
func parentPlace(flags uint32) trace.ParentPlace {
	switch {
	case flags&flagKnown == 0:
		return trace.ParentAnywhere
	case flags&flagRemote != 0:
		return trace.ParentRemote
	}
	return trace.ParentLocal
}

// spanFlags is parentPlace the other way round.
func spanFlags(at trace.ParentPlace) int {
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

// linkKind takes the kind of a Jaeger reference, if the link was one, from the link's attributes.
func (r *reader) linkKind(attrs []trace.Attr) (trace.LinkKind, []trace.Attr) {
	for i, a := range attrs {
		if a.Key() != r.names.refType || a.Type() != trace.TypeString {
			continue
		}
		if kind := refKind([]byte(r.b.Text(r.b.Interned(a)))); kind != trace.LinkPlain {
			return kind, slices.Delete(attrs, i, i+1)
		}
	}
	return trace.LinkPlain, attrs
}

// refKind reads the type of a reference: as Jaeger writes it, or as the collector keeps it on a link.
func refKind(text []byte) trace.LinkKind {
	switch {
	case bytes.EqualFold(text, []byte("CHILD_OF")):
		return trace.LinkChildOf
	case bytes.EqualFold(text, []byte("FOLLOWS_FROM")):
		return trace.LinkFollowsFrom
	}
	return trace.LinkPlain
}

// soleParent turns the one reference that most spans have into what it means: the parent. As a link it would take
// three times the memory.
func (r *reader) soleParent() {
	raw := &r.raw
	if len(raw.Links) != 1 || !raw.Parent.IsZero() {
		return
	}
	if l := &raw.Links[0]; l.Kind == trace.LinkChildOf && l.Trace == raw.Trace {
		raw.Parent, raw.Links = l.Span, raw.Links[:0]
	}
}

// nameEvent takes the event's name from its first attribute "event".
func (r *reader) nameEvent(e *trace.RawEvent) {
	for i, a := range e.Attrs {
		if a.Key() != r.names.event || a.Type() != trace.TypeString {
			continue
		}
		e.Name = r.b.Interned(a)
		e.Attrs = append(e.Attrs[:i], e.Attrs[i+1:]...)
		return
	}
}

// keyNames are the symbols that reading Jaeger, or what came from it, needs often.
type keyNames struct {
	service, event trace.Symbol
	refType        trace.Symbol // by which the collector keeps the kind of a reference on an OTLP link
}

func newNames(b *trace.Builder) keyNames {
	return keyNames{
		service: b.Symbol([]byte(serviceKey)), event: b.Symbol([]byte("event")), refType: b.Symbol([]byte(refTypeKey)),
	}
}

// sdkSpan is what an SDK's object says beside the span itself.
type sdkSpan struct {
	resource uint32
	scope    uint32
}

// addSDKSpan adds raw unless it was cut short.
func (r *reader) addSDKSpan(own sdkSpan) {
	if r.err == nil {
		r.raw.Origin = r.b.Origin(own.resource, own.scope)
		r.b.Add(&r.raw)
		r.good = r.pos
	}
}

// serviceKey is the attribute that names the service of a resource.
const serviceKey = "service.name"

// Tags by which Jaeger keeps what its model has no field for, as the collector writes them.
const (
	keyKind          = "span.kind"
	keyError         = "error"
	keyStatus        = "otel.status_code"
	keyMessage       = "otel.status_description"
	keyScopeName     = "otel.scope.name"
	keyScopeVersion  = "otel.scope.version"
	keyTraceState    = "w3c.tracestate"
	keyDroppedAttrs  = "otel.dropped_attributes_count"
	keyDroppedEvents = "otel.dropped_events_count"
	keyDroppedLinks  = "otel.dropped_links_count"
)

// refTypeKey is the attribute by which the collector keeps the kind of a Jaeger reference on an OTLP link.
const refTypeKey = "opentracing.ref_type"
