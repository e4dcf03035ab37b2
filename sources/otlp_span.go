package sources

import (
	"bytes"

	"tracefall/sources/trace"
)

func (r *reader) spans(doc *otlpDocument, origin uint32) {
	if !r.enterArray("spans") {
		return
	}
	for r.element() {
		r.tick()
		if r.span(); r.err != nil {
			return // a span that was cut short is not a span
		}
		if r.raw.ID != (trace.SpanID{}) || r.raw.Name != 0 || r.raw.Start != 0 {
			r.raw.Origin = origin
			doc.seenTrace(r.raw.Trace)
			r.b.Add(&r.raw)
			r.good = r.pos
		}
	}
}

// span reads one OTLP span into raw.
func (r *reader) span() {
	off := r.valueAt()
	r.raw.Reset()
	if !r.quickSpan() && !r.enterObject("spans") {
		return
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		r.spanField(key)
	}
	if r.err == nil {
		r.needsIDs(off)
	}
}

// needsIDs notes what the span at off is not identified by.
func (r *reader) needsIDs(off int) {
	if r.raw.Trace.IsZero() {
		r.bad("traceId", "an id", off)
	}
	if r.raw.ID.IsZero() {
		r.bad("spanId", "an id", off)
	}
}

func (r *reader) spanField(key []byte) {
	raw := &r.raw
	switch string(key) {
	case "traceId":
		raw.Trace = r.traceIDOf("traceId")
	case "spanId":
		raw.ID = r.spanIDOf("spanId")
	case "parentSpanId":
		raw.Parent = r.spanIDOf("parentSpanId")
	case "name":
		raw.Name = r.symbolOf("name")
	case "kind":
		raw.Kind = r.kindOf("kind")
	case "startTimeUnixNano":
		raw.Start = r.nanosOf("startTimeUnixNano")
	case "endTimeUnixNano":
		raw.End = r.nanosOf("endTimeUnixNano")
	case "attributes":
		raw.Attrs = r.attributes(raw.Attrs)
	case "status":
		r.status()
	case "events":
		r.events()
	case "links":
		r.links()
	case "traceState":
		raw.State = r.symbolOf("traceState")
	case "flags":
		raw.ParentAt = parentPlace(r.countOf("flags"))
	case "droppedAttributesCount":
		raw.DroppedAttrs = r.countOf("droppedAttributesCount")
	case "droppedEventsCount":
		raw.DroppedEvents = r.countOf("droppedEventsCount")
	case "droppedLinksCount":
		raw.DroppedLinks = r.countOf("droppedLinksCount")
	default:
		r.oddField(key, r.spanField)
	}
}

// The bits of OTLP's span flags that say whether it is known where the parent's context came from, and whether that
// was another process.
const (
	flagKnown  = 0x100
	flagRemote = 0x200
)

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

// oddField reads a field under its camel-case name where it has another spelling, and skips it where not.
func (r *reader) oddField(key []byte, read func([]byte)) {
	camel := r.camel(key)
	if string(camel) == string(key) {
		r.skip()
		return
	}
	read(camel)
}

func (r *reader) traceIDOf(field string) trace.TraceID {
	if r.next() != '"' {
		return r.ids.traceID(r.idTextOf(field))
	}
	t := r.quoted()
	if t.plain && bytes.Equal(t.raw, r.idText) {
		return r.idTrace
	}
	id := r.ids.traceID(r.say(t))
	if t.plain {
		r.idText, r.idTrace = t.raw, id
	}
	return id
}

func (r *reader) spanIDOf(field string) trace.SpanID { return r.ids.spanID(r.idTextOf(field)) }

func (r *reader) status() {
	if !r.enterObject("status") {
		return
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(r.camel(key)) {
		case "code":
			r.raw.Status = r.statusOf("status.code")
		case "message":
			r.raw.Message = r.stringAttr(0, "status.message")
		default:
			r.skip()
		}
	}
}

func (r *reader) events() {
	if !r.enterArray("events") {
		return
	}
	for r.element() {
		if r.enterObject("events") {
			e := r.addEvent()
			for key, ok := r.key(); ok; key, ok = r.key() {
				r.eventField(e, key)
			}
		}
	}
}

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

func (r *reader) eventField(e *trace.RawEvent, key []byte) {
	switch string(key) {
	case "timeUnixNano":
		e.Time = r.nanosOf("timeUnixNano")
	case "name":
		e.Name = r.symbolOf("name")
	case "attributes":
		e.Attrs = r.attributes(e.Attrs)
	case "droppedAttributesCount":
		e.Dropped = r.countOf("droppedAttributesCount")
	default:
		r.oddField(key, func(key []byte) { r.eventField(e, key) })
	}
}

func (r *reader) links() {
	if !r.enterArray("links") {
		return
	}
	for r.element() {
		if r.enterObject("links") {
			l := r.addLink()
			for key, ok := r.key(); ok; key, ok = r.key() {
				r.linkField(l, key)
			}
			l.Kind, l.Attrs = r.linkKind(l.Attrs)
		}
	}
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

func (r *reader) linkField(l *trace.RawLink, key []byte) {
	switch string(key) {
	case "traceId":
		l.Trace = r.ids.traceID(r.idTextOf("links.traceId"))
	case "spanId":
		l.Span = r.spanIDOf("links.spanId")
	case "traceState":
		l.State = r.symbolOf("links.traceState")
	case "attributes":
		l.Attrs = r.attributes(l.Attrs)
	case "droppedAttributesCount":
		l.Dropped = r.countOf("droppedAttributesCount")
	case "flags":
		r.skip()
	default:
		r.oddField(key, func(key []byte) { r.linkField(l, key) })
	}
}
