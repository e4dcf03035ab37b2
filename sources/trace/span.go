package trace

import "math"

// span is the stored form of a span: 64 bytes, no pointers.
type span struct {
	id     uint64
	start  int64  // ns since the epoch; 0 only while building
	dur    int64  // ns
	parent uint64 // while building, and for good under FlagOrphan or FlagCycleCut: the parent's id; else its index + 1, 0 for none
	name   Symbol
	origin uint32 // resource, scope and input
	attrs  uint32
	nattrs uint32
	extra  uint32 // index into Set.extras; 0 for none
	end    uint32 // index after the subtree's last span
	depth  uint32 // while building: the trace's number
	kind   Kind
	status Status
	flags  Flags
}

func (r *span) finish() int64 { return saturatingAdd(r.start, r.dur) }

// extra is what few spans have.
type extra struct {
	message       Attr
	events        uint32
	nevents       uint32
	links         uint32
	nlinks        uint32
	traceState    Symbol
	warnings      uint32 // of the backend, as attributes without a key
	nwarnings     uint32
	droppedAttrs  uint32
	droppedEvents uint32
	droppedLinks  uint32
}

type event struct {
	time    int64
	name    Symbol
	attrs   uint32
	nattrs  uint32
	dropped uint32
}

type link struct {
	hi, lo, span        uint64
	traceText, spanText Symbol
	state               Symbol
	attrs               uint32
	nattrs              uint32
	dropped             uint32
	kind                LinkKind
}

type resource struct {
	service Symbol
	number  uint32 // services numbered densely
	attrs   uint32
	nattrs  uint32
	dropped uint32
}

type scope struct {
	name, version Symbol
	attrs         uint32
	nattrs        uint32
	dropped       uint32
}

type origin struct {
	resource, scope, input uint32
	parts                  bool // its spans may come in parts
}

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
func (s Span) ID() SpanID { return s.t.set.spanID(s.r.id, s.r.flags&flagIDText != 0) }

// Name returns the operation's name, as hostile as the export.
func (s Span) Name() string { return s.t.set.symbols.texts[s.r.name] }

// NameSymbol returns the operation's name as a symbol.
func (s Span) NameSymbol() Symbol { return s.r.name }

// Service returns the name of the service, "" where the export has none.
func (s Span) Service() string { return s.t.set.symbols.texts[s.ServiceSymbol()] }

// ServiceSymbol returns the name of the service as a symbol.
func (s Span) ServiceSymbol() Symbol {
	return s.t.set.resources[s.t.set.origins[s.r.origin].resource].service
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
func (s Span) Attrs() Attrs { return s.t.set.attrsAt(s.r.attrs, s.r.nattrs) }

// Resource returns what emitted the span.
func (s Span) Resource() Resource {
	return Resource{s.t.set, s.t.set.origins[s.r.origin].resource}
}

// Scope returns the instrumentation scope that made the span.
func (s Span) Scope() Scope { return Scope{s.t.set, s.t.set.origins[s.r.origin].scope} }

// Input returns the name of the input that the span was read from.
func (s Span) Input() string { return s.t.set.inputs[s.t.set.origins[s.r.origin].input] }

// StatusMessage returns the message of the status, "" for none.
func (s Span) StatusMessage() string { return Value{s.t.set, s.extra().message}.Text() }

// Warnings returns what the tracing backend had to say about the span, one text each; nil for nothing.
func (s Span) Warnings() []string {
	x := s.extra()
	var texts []string
	for _, a := range s.t.set.attrs.slice(x.warnings, x.nwarnings) {
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
func (s Span) Events() int { return int(s.extra().nevents) }

// Event returns event i, in the order of the export.
func (s Span) Event(i int) Event {
	x := s.extra()
	return Event{s.t.set, &s.t.set.events.slice(x.events, x.nevents)[i]}
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
func (e Event) Attrs() Attrs { return e.set.attrsAt(e.r.attrs, e.r.nattrs) }

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
	x := s.extra()
	if x.nlinks == 0 {
		return nil
	}
	all := s.t.set.links.slice(x.links, x.nlinks)
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
	x := s.extra()
	parent, own := s.ParentID(), s.t.ID()
	follows := false
	for i := range s.t.set.links.slice(x.links, x.nlinks) {
		l := Link{s.t.set, &s.t.set.links.slice(x.links, x.nlinks)[i]}
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
func (l Link) Attrs() Attrs { return l.set.attrsAt(l.r.attrs, l.r.nattrs) }

// Dropped returns how many attributes the SDK says it dropped.
func (l Link) Dropped() int { return int(l.r.dropped) }

// Resource is what emitted spans: a process, a container, a device.
type Resource struct {
	set *Set
	n   uint32
}

// Index returns the resource's number within its set; equal resources have equal numbers.
func (r Resource) Index() int { return int(r.n) }

// Service returns the name of the service, "" where the export has none.
func (r Resource) Service() string { return r.set.symbols.texts[r.set.resources[r.n].service] }

// Attrs returns the resource's attributes, service.name among them.
func (r Resource) Attrs() Attrs {
	return r.set.attrsAt(r.set.resources[r.n].attrs, r.set.resources[r.n].nattrs)
}

// Dropped returns how many attributes the SDK says it dropped.
func (r Resource) Dropped() int { return int(r.set.resources[r.n].dropped) }

// Scope is the instrumentation library that made spans.
type Scope struct {
	set *Set
	n   uint32
}

// Index returns the scope's number within its set; equal scopes have equal numbers.
func (s Scope) Index() int { return int(s.n) }

// Name returns the scope's name, "" where the export has none.
func (s Scope) Name() string { return s.set.symbols.texts[s.set.scopes[s.n].name] }

// Version returns the scope's version, "" where the export has none.
func (s Scope) Version() string { return s.set.symbols.texts[s.set.scopes[s.n].version] }

// Attrs returns the scope's attributes.
func (s Scope) Attrs() Attrs { return s.set.attrsAt(s.set.scopes[s.n].attrs, s.set.scopes[s.n].nattrs) }

// Dropped returns how many attributes the SDK says it dropped.
func (s Scope) Dropped() int { return int(s.set.scopes[s.n].dropped) }

func saturatingAdd(a, b int64) int64 {
	if b > 0 && a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
