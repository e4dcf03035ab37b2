package trace

// Span is one span of a trace: a small value to pass around, made by Trace.Span.
type Span struct {
	t *Trace
	r *span
	i int
}

// Trace returns the trace that the span belongs to.
func (s Span) Trace() *Trace { return s.t }

// Index returns the span's place in the pre-order array of its trace.
func (s Span) Index() int { return s.i }

// ID returns the span's id. Ids are unique within a trace.
func (s Span) ID() SpanID { return s.t.set.idOf(s.r) }

// Name returns the operation's name, as hostile as the export.
func (s Span) Name() string { return s.t.set.symbols.texts[s.r.name] }

// NameSymbol returns the operation's name as a symbol.
func (s Span) NameSymbol() Symbol { return s.r.name }

// Service returns the name of the service, "" where the export has none.
func (s Span) Service() string { return s.t.set.symbols.texts[s.ServiceSymbol()] }

// ServiceSymbol returns the name of the service as a symbol.
func (s Span) ServiceSymbol() Symbol {
	return s.t.set.resources[s.t.set.origins[s.r.origin].resource].name
}

// Start returns the start time in nanoseconds since the epoch, as written or as repaired.
func (s Span) Start() int64 { return s.r.start }

// Duration returns the duration in nanoseconds, never negative.
func (s Span) Duration() int64 { return s.r.dur }

// Finish returns the end time in nanoseconds since the epoch.
func (s Span) Finish() int64 { return s.r.finish() }

// Kind returns the span's kind.
func (s Span) Kind() Kind { return s.r.kind }

// Status returns the span's status code; see Error for what counts as failed.
func (s Span) Status() Status { return s.r.status }

// Error reports whether the span failed: its status is error, or it has an attribute "error" that says so (Failure).
func (s Span) Error() bool { return s.r.flags&flagError != 0 }

// Flags returns what the builder found or did to the span.
func (s Span) Flags() Flags { return s.r.flags & (flagError - 1) }

// Has reports whether all the flags are set.
func (s Span) Has(f Flags) bool { return s.r.flags&f == f }

// Untimed reports whether nothing is known of when the span ran and how long: it has no time at all, and no other span of
// the trace has one that could stand in.
func (s Span) Untimed() bool { return !s.Synthetic() && s.r.untimed() }

// Synthetic reports whether the builder made the span, above several roots.
func (s Span) Synthetic() bool { return s.r.flags&FlagSyntheticRoot != 0 }

// Parent returns the index of the parent, -1 for the first span.
func (s Span) Parent() int { return s.t.Parent(s.i) }

// ParentID returns the id of the parent as the export gives it: for an orphan the id that was not found, for a
// root the zero id.
func (s Span) ParentID() SpanID {
	if s.r.flags&(FlagOrphan|FlagCycleCut) != 0 {
		return s.t.set.spanID(s.r.parent, s.r.flags&flagParentText != 0)
	}
	if p := s.Parent(); p >= 0 && !s.t.Span(p).Synthetic() {
		return s.t.Span(p).ID()
	}
	return SpanID{}
}

// ParentAt returns where the parent ran, as the SDK recorded it. It is known for orphans too.
func (s Span) ParentAt() ParentPlace {
	switch {
	case s.r.flags&flagParentRemote != 0:
		return ParentRemote
	case s.r.flags&flagParentLocal != 0:
		return ParentLocal
	}
	return ParentAnywhere
}

// End returns the index after the last span of the subtree: the descendants are Index()+1 … End()-1.
func (s Span) End() int { return int(s.r.end) }

// Depth returns the number of ancestors, a synthetic root among them.
func (s Span) Depth() int { return int(s.r.depth) }

// Attrs returns the span's own attributes.
func (s Span) Attrs() Attrs { return s.t.set.attrsAt(s.r.attrs) }

// Resource returns what emitted the span.
func (s Span) Resource() Resource {
	return s.t.set.Resource(int(s.t.set.origins[s.r.origin].resource))
}

// Scope returns the instrumentation scope that made the span.
func (s Span) Scope() Scope { return s.t.set.Scope(int(s.t.set.origins[s.r.origin].scope)) }

// Input returns the name of the input that the span was read from.
func (s Span) Input() string { return s.t.set.inputs[s.t.set.origins[s.r.origin].input] }

// StatusMessage returns the message of the status, "" for none.
func (s Span) StatusMessage() string { return Value{s.t.set, s.extra().message}.Text() }

// Warnings returns what the tracing backend had to say about the span, one text each; nil for nothing.
func (s Span) Warnings() []string {
	var texts []string
	for _, a := range s.t.set.attrs.slice(s.extra().warnings) {
		texts = append(texts, warningTexts(Value{s.t.set, a})...)
	}
	return texts
}

// TraceState returns the W3C tracestate, "" for none.
func (s Span) TraceState() string { return s.t.set.symbols.texts[s.extra().traceState] }

// Dropped returns how many attributes, events and links the SDK says it dropped.
func (s Span) Dropped() (attrs, events, links int) {
	x := s.extra()
	return int(x.droppedAttrs), int(x.droppedEvents), int(x.droppedLinks)
}

func (s Span) extra() *extra { return s.t.set.extras.at(s.r.extra) }

// Events returns the number of events.
func (s Span) Events() int { return int(s.extra().events.n) }

// Event returns event i, in the order of the export.
func (s Span) Event(i int) Event {
	return Event{s.t.set, &s.t.set.events.slice(s.extra().events)[i]}
}

// Event is something that happened during a span: an OTLP event or a Jaeger log.
type Event struct {
	set *Set
	r   *event
}

// Time returns when it happened, in nanoseconds since the epoch.
func (e Event) Time() int64 { return e.r.time }

// Name returns the event's name, "" where the export has none.
func (e Event) Name() string { return e.set.symbols.texts[e.r.name] }

// Attrs returns the event's attributes.
func (e Event) Attrs() Attrs { return e.set.attrsAt(e.r.attrs) }

// Dropped returns how many attributes the SDK says it dropped.
func (e Event) Dropped() int { return int(e.r.dropped) }

// LinkKind is how a span refers to another.
type LinkKind uint8

// The kinds of reference. References that chose the parent are no links any more.
const (
	LinkPlain       LinkKind = iota // an OTLP link, or a reference of a kind we do not know
	LinkChildOf                     // a further CHILD_OF reference
	LinkFollowsFrom                 // a FOLLOWS_FROM reference
)

// Link is a reference from a span to a span that is not its parent.
type Link struct {
	set *Set
	r   *link
}

// Links returns the span's links: every reference but the one that became its parent.
func (s Span) Links() []Link {
	all := s.t.set.links.slice(s.extra().links)
	if len(all) == 0 {
		return nil
	}
	links := make([]Link, 0, len(all))
	parent, own := s.ParentID(), s.t.ID()
	for i := range all {
		l := Link{s.t.set, &all[i]}
		if all[i].kind != LinkPlain && !parent.IsZero() && l.SpanID() == parent && l.TraceID() == own {
			parent = SpanID{}
			continue
		}
		links = append(links, l)
	}
	return links
}

// FollowsFrom reports whether the reference that became the parent was a FOLLOWS_FROM: the parent did not wait.
func (s Span) FollowsFrom() bool {
	all := s.t.set.links.slice(s.extra().links)
	parent, own := s.ParentID(), s.t.ID()
	follows := false
	for i := range all {
		l := Link{s.t.set, &all[i]}
		if l.r.kind == LinkPlain || l.SpanID() != parent || l.TraceID() != own {
			continue
		}
		if l.r.kind == LinkChildOf {
			return false
		}
		follows = true
	}
	return follows
}

// Kind returns how the span refers to the other.
func (l Link) Kind() LinkKind { return l.r.kind }

// TraceID returns the trace that the link points to.
func (l Link) TraceID() TraceID {
	return TraceID{Hi: l.r.hi, Lo: l.r.lo, Text: l.set.symbols.texts[l.r.traceText]}
}

// SpanID returns the span that the link points to.
func (l Link) SpanID() SpanID { return SpanID{N: l.r.span, Text: l.set.symbols.texts[l.r.spanText]} }

// TraceState returns the W3C tracestate, "" for none.
func (l Link) TraceState() string { return l.set.symbols.texts[l.r.state] }

// Attrs returns the link's attributes.
func (l Link) Attrs() Attrs { return l.set.attrsAt(l.r.attrs) }

// Dropped returns how many attributes the SDK says it dropped.
func (l Link) Dropped() int { return int(l.r.dropped) }

// owned is what resources and scopes have in common.
type owned struct {
	set *Set
	n   int
	r   *owner
}

// Index returns the number within the set; equal resources or scopes have equal numbers.
func (o owned) Index() int { return o.n }

// Attrs returns the attributes, for a resource service.name among them.
func (o owned) Attrs() Attrs { return o.set.attrsAt(o.r.attrs) }

// Dropped returns how many attributes the SDK says it dropped.
func (o owned) Dropped() int { return int(o.r.dropped) }

// Resource is what emitted spans: a process, a container, a device.
type Resource struct{ owned }

// Service returns the name of the service, "" where the export has none.
func (r Resource) Service() string { return r.set.symbols.texts[r.r.name] }

// Scope is the instrumentation library that made spans.
type Scope struct{ owned }

// Name returns the scope's name, "" where the export has none.
func (s Scope) Name() string { return s.set.symbols.texts[s.r.name] }

// Version returns the scope's version, "" where the export has none.
func (s Scope) Version() string { return s.set.symbols.texts[s.r.version] }
