package trace

import (
	"math"
	"slices"
)

// NoDuration marks a RawSpan whose end is not known.
const NoDuration = math.MinInt64

// RawSpan is a span as a reader found it. Readers reuse one and its slices; the builder copies what it keeps.
type RawSpan struct {
	Trace    TraceID
	ID       SpanID
	Parent   SpanID // from a parent field; references go into Links
	Name     Symbol
	Kind     Kind
	Status   Status
	ParentAt ParentPlace
	Message  Attr  // of the status, made with Builder.String; the zero Attr for none
	Start    int64 // ns since the epoch; 0: not known
	End      int64 // ns since the epoch; 0: Duration counts
	Duration int64 // ns; used where End is 0; NoDuration: not known
	Origin   uint32
	Attrs    []Attr
	Events   []RawEvent
	Links    []RawLink
	State    Symbol // W3C tracestate
	Warnings []Attr // of the tracing backend, without a key; Add moves the attribute @jaeger@warnings here

	DroppedAttrs, DroppedEvents, DroppedLinks uint32
}

// Reset empties the span but keeps its slices' memory.
func (r *RawSpan) Reset() {
	*r = RawSpan{Duration: NoDuration, Attrs: r.Attrs[:0], Events: r.Events[:0], Links: r.Links[:0], Warnings: r.Warnings[:0]}
}

// RawEvent is an event as a reader found it.
type RawEvent struct {
	Time    int64
	Name    Symbol
	Attrs   []Attr
	Dropped uint32
}

// RawLink is a link or reference as a reader found it.
type RawLink struct {
	Kind    LinkKind
	Trace   TraceID
	Span    SpanID
	State   Symbol
	Attrs   []Attr
	Dropped uint32
}

// Builder is the gate: readers add raw spans, Build makes the Set. A Builder is used by one goroutine; several
// are merged with Merge.
type Builder struct {
	set Set // what Build publishes, as far as it is there
	roster
	own      []byte // the blob being filled with values that cannot stay where they were read
	ownBlob  uint32
	byHash   map[uint64][]uint32 // resources by content
	scopeIDs map[uint64][]uint32
	origins  map[origin]uint32
	input    uint32
	errorKey Symbol
	warningK Symbol
	serviceK Symbol
	joinIDs  bool // traces are joined whose ids have the same lower 64 bits
	snapshot bool // what is stored is shared with a builder that goes on
	notices  []Notice
	scratch  []Attr
	events   []event // of the span being added
	links    []link
	variety  varieties
}

// NewBuilder returns an empty builder.
func NewBuilder() *Builder {
	b := &Builder{
		roster:   roster{ids: map[TraceID]uint32{}},
		byHash:   map[uint64][]uint32{},
		scopeIDs: map[uint64][]uint32{},
		origins:  map[origin]uint32{},
	}
	b.set.symbols = newSymbols()
	b.set.blobs = [][]byte{nil}
	b.set.inputs = []string{""}
	b.set.extras.add([]extra{{}})
	b.errorKey = b.Symbol([]byte("error"))
	b.warningK = b.Symbol([]byte(WarningsKey))
	b.serviceK = b.Symbol([]byte("service.name"))
	b.Origin(b.Resource(nil, 0), b.Scope(0, 0, nil, 0))
	return b
}

// Sibling returns an empty builder for reading more of the same: it knows which keys have values that hardly
// repeat.
func (b *Builder) Sibling() *Builder {
	s := NewBuilder()
	for key := range b.variety {
		if b.variety[key].wide() {
			s.variety.learn(s.set.symbols.internString(b.set.symbols.texts[key]), b.variety[key])
		}
	}
	return s
}

// Input says which input the spans that follow are read from; call it before Origin.
func (b *Builder) Input(name string) {
	if i := slices.Index(b.set.inputs, name); i > 0 {
		b.input = uint32(i)
		return
	}
	b.set.inputs = append(b.set.inputs, name)
	b.input = uint32(len(b.set.inputs) - 1)
}

// InputName returns the input that was named last.
func (b *Builder) InputName() string { return b.set.inputs[b.input] }

// Close releases what OnClose registered, for a builder that comes to nothing.
func (b *Builder) Close() error { return b.set.Close() }

// OnClose registers what must be released when the set is closed.
func (b *Builder) OnClose(closer func() error) { b.set.closers = append(b.set.closers, closer) }

// Notice records something that a reader skipped or repaired.
func (b *Builder) Notice(n Notice) { b.notices = append(b.notices, n) }

// Spans returns how many spans were added so far.
func (b *Builder) Spans() int { return int(b.set.spans.n) }

// Traces returns how many traces were met so far.
func (b *Builder) Traces() int { return len(b.traces) - b.renewed }

// LateOrigin returns a new origin of which the resource is said later, with Place. Until then it is the empty one.
func (b *Builder) LateOrigin(scope uint32) uint32 {
	b.set.origins = append(b.set.origins, origin{scope: scope, input: b.input})
	return uint32(len(b.set.origins) - 1)
}

// Place says the resource of a late origin.
func (b *Builder) Place(late, resource uint32) { b.set.origins[late].resource = resource }

// Truncated records that what was read last came from an input that was cut off: the trace of the last span may lack
// spans. It does nothing before the first span.
func (b *Builder) Truncated() {
	if n := b.set.spans.n; n > 0 {
		b.traces[b.set.spans.at(n-1).depth].truncated = true
	}
}

// Partial records that the backend called the trace incomplete.
func (b *Builder) Partial(id TraceID) { b.traces[b.number(id)].partial = true }

// PartialFrom records that the backend's answer lacks some spans of the traces to which those that were added from
// number n on belong, or may lack some.
func (b *Builder) PartialFrom(n int) {
	for i := uint32(n); i < b.set.spans.n; i++ {
		b.traces[b.set.spans.at(i).depth].partial = true
	}
}

// Add adds a span. It keeps nothing of raw.
func (b *Builder) Add(raw *RawSpan) {
	number := b.number(raw.Trace)
	b.traces[number].n++
	failed := b.tagged(raw)
	r := span{
		name: raw.Name, origin: raw.Origin, kind: raw.Kind, status: raw.Status,
		start: raw.Start, depth: number,
		attrs: b.set.attrs.add(raw.Attrs),
	}
	if r.id = raw.ID.N; raw.ID.Text != "" {
		r.id, r.flags = uint64(b.set.symbols.internString(raw.ID.Text)), flagIDText
	}
	if r.parent = raw.Parent.N; raw.Parent.Text != "" {
		r.parent, r.flags = uint64(b.set.symbols.internString(raw.Parent.Text)), r.flags|flagParentText
	}
	r.dur, r.flags = duration(raw, r.flags)
	switch raw.ParentAt {
	case ParentLocal:
		r.flags |= flagParentLocal
	case ParentRemote:
		r.flags |= flagParentRemote
	case ParentAnywhere:
	}
	if raw.Status == StatusError || failed {
		r.flags |= flagError
	}
	if len(raw.Warnings) > 0 {
		r.flags |= FlagWarned
	}
	r.extra = b.extra(raw)
	b.set.spans.add(&r)
}

// tagged looks through the attributes for those that say something about the span itself: it reports whether an attribute
// "error" says that the span failed, and moves a backend's warnings to where they belong. The first "error" counts.
func (b *Builder) tagged(raw *RawSpan) (failed bool) {
	asked := false
	for i := 0; i < len(raw.Attrs); i++ {
		switch a := raw.Attrs[i]; {
		case a.key == b.errorKey && !asked:
			failed, asked = Value{&b.set, a}.Failure(), true
		case a.key == b.warningK:
			a.key = 0
			if len(warningTexts(Value{&b.set, a})) > 0 {
				raw.Warnings = append(raw.Warnings, a)
			}
			raw.Attrs = append(raw.Attrs[:i], raw.Attrs[i+1:]...)
			i--
		}
	}
	return failed
}

// duration works out how long a raw span took. A start that is missing is mended later, when the parent is
// known; then an end without a start counts as a moment.
func duration(raw *RawSpan, flags Flags) (int64, Flags) {
	d := raw.Duration
	if raw.End != 0 {
		if raw.Start == 0 {
			return 0, flags
		}
		d = raw.End - raw.Start
	}
	switch {
	case d == NoDuration, d < 0 && d == -raw.Start: // an end of 0, from which a writer took the start
		return 0, flags | FlagUnfinished
	case d < 0:
		return 0, flags | FlagTimeRepaired
	}
	return d, flags
}

func (b *Builder) extra(raw *RawSpan) uint32 {
	if raw.Message == (Attr{}) && len(raw.Events)+len(raw.Links)+len(raw.Warnings) == 0 && raw.State == 0 &&
		raw.DroppedAttrs|raw.DroppedEvents|raw.DroppedLinks == 0 {
		return 0
	}
	x := extra{
		message: raw.Message, traceState: raw.State,
		droppedAttrs: raw.DroppedAttrs, droppedEvents: raw.DroppedEvents, droppedLinks: raw.DroppedLinks,
		warnings: b.set.attrs.add(raw.Warnings),
	}
	b.events = b.events[:0]
	for i := range raw.Events {
		e := &raw.Events[i]
		b.events = append(b.events, event{e.Time, e.Name, b.set.attrs.add(e.Attrs), e.Dropped})
	}
	b.links = b.links[:0]
	for i := range raw.Links {
		l := &raw.Links[i]
		b.links = append(b.links, link{
			hi: l.Trace.Hi, lo: l.Trace.Lo, span: l.Span.N, state: l.State, kind: l.Kind,
			traceText: b.set.symbols.internString(l.Trace.Text), spanText: b.set.symbols.internString(l.Span.Text),
			attrs: b.set.attrs.add(l.Attrs), dropped: l.Dropped,
		})
	}
	x.events, x.links = b.set.events.add(b.events), b.set.links.add(b.links)
	return b.set.extras.add([]extra{x}).at
}
