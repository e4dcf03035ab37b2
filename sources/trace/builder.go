package trace

import (
	"math"
	"slices"
	"strings"
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
	set      Set // what Build publishes, as far as it is there
	ids      map[TraceID]uint32
	traces   []rawTrace
	lastID   TraceID
	last     uint32
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
	services map[Symbol]uint32
	notices  []Notice
	scratch  []Attr
	events   []event // of the span being added
	links    []link
	variety  []variety // by key
}

type rawTrace struct {
	id                 TraceID
	n                  uint32
	partial, truncated bool
}

// NewBuilder returns an empty builder.
func NewBuilder() *Builder {
	b := &Builder{
		ids:      map[TraceID]uint32{},
		byHash:   map[uint64][]uint32{},
		scopeIDs: map[uint64][]uint32{},
		origins:  map[origin]uint32{},
		services: map[Symbol]uint32{},
		variety:  make([]variety, varietyKeys),
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
func (b *Builder) Traces() int { return len(b.traces) }

// Symbol interns text.
func (b *Builder) Symbol(text []byte) Symbol { return b.set.symbols.intern(text) }

// Text returns the string of a symbol of this builder.
func (b *Builder) Text(s Symbol) string { return b.set.symbols.texts[s] }

// Blob registers bytes that must stay as they are until the set is closed, so that StringAt can refer to them.
func (b *Builder) Blob(data []byte) uint32 {
	b.set.blobs = append(b.set.blobs, data)
	return uint32(len(b.set.blobs) - 1)
}

// String returns a string attribute, copying what is not interned.
func (b *Builder) String(key Symbol, text []byte) Attr { return b.text(key, TypeString, text) }

// StringAt returns a string attribute whose text is the n bytes at offset off of a blob. Short texts are interned
// unless those of the same key hardly ever repeat.
func (b *Builder) StringAt(key Symbol, blob uint32, off, n int) Attr {
	if n > maxRefLen || uint64(off) > maxRefOff || blob > maxBlob {
		return b.String(key, b.set.blobs[blob][off:off+n])
	}
	if n < InternLimit {
		text := b.set.blobs[blob][off : off+n]
		if n < refFrom || int(key) >= len(b.variety) {
			return Attr{key, uint32(TypeString), uint64(b.Symbol(text))}
		}
		v := &b.variety[key]
		if !v.wide() {
			known := len(b.set.symbols.texts)
			symbol := b.Symbol(text)
			v.seen++
			v.fresh += uint32(len(b.set.symbols.texts) - known)
			return Attr{key, uint32(TypeString), uint64(symbol)}
		}
	}
	return Attr{key, uint32(TypeString) | attrRef | blob<<8, uint64(off)<<refLength | uint64(n)}
}

// variety counts the short values of a key and how many of them were new.
type variety struct{ seen, fresh uint32 }

// Interning pays when values repeat. A key is given up on when more than half of a fair number of its values were
// new, as with request ids; then texts from refFrom bytes on stay where they are. Counting is for the keys that
// come first, which are those of the attributes everyone has.
const (
	refFrom     = 8
	varietyKeys = 4096
	varietyFair = 512
)

// Sibling returns an empty builder for reading more of the same: it knows which keys have values that hardly
// repeat.
func (b *Builder) Sibling() *Builder {
	s := NewBuilder()
	for key := range b.variety {
		if b.variety[key].wide() {
			s.learn(s.set.symbols.internString(b.set.symbols.texts[key]), b.variety[key])
		}
	}
	return s
}

func (b *Builder) learn(key Symbol, v variety) {
	if int(key) < len(b.variety) {
		b.variety[key].seen += v.seen
		b.variety[key].fresh += v.fresh
	}
}

func (v *variety) wide() bool { return v.fresh > varietyFair && 2*v.fresh > v.seen }

// Interned returns the symbol of a string attribute, interning it however long it is.
func (b *Builder) Interned(a Attr) Symbol { return b.interned(a) }

// Bytes returns a bytes attribute.
func (b *Builder) Bytes(key Symbol, raw []byte) Attr { return b.text(key, TypeBytes, raw) }

// JSON returns an attribute that is an array or a map, given as canonical JSON text: no white space, keys in
// the order of the export, numbers as JSON numbers.
func (b *Builder) JSON(key Symbol, text []byte) Attr { return b.text(key, TypeJSON, text) }

func (b *Builder) text(key Symbol, t Type, text []byte) Attr {
	if len(text) < InternLimit || len(text) > maxRefLen {
		return Attr{key, uint32(t), uint64(b.Symbol(text))}
	}
	if len(b.own)+len(text) > cap(b.own) {
		size := min(max(2*cap(b.own), symbolChunk/16), symbolChunk)
		b.own = make([]byte, 0, max(size, len(text)))
		b.ownBlob = b.Blob(b.own[:cap(b.own)])
	}
	off := len(b.own)
	b.own = append(b.own, text...)
	return Attr{key, uint32(t) | attrRef | b.ownBlob<<8, uint64(off)<<refLength | uint64(len(text))}
}

// Resource returns the number of a resource, the same for equal resources. The service is the string attribute
// service.name.
func (b *Builder) Resource(attrs []Attr, dropped uint32) uint32 {
	r := resource{dropped: dropped}
	for _, a := range attrs {
		if a.key != b.serviceK {
			continue
		}
		switch a.Type() {
		case TypeString:
			r.service = b.interned(a)
		case TypeInt, TypeFloat, TypeBool: // a name such as 123 that someone did not put in quotes
			r.service = b.Symbol([]byte(Value{&b.set, a}.String()))
		default:
			continue
		}
		break
	}
	attrs = b.internAll(attrs)
	hash := hashAttrs(uint64(dropped), attrs)
	for _, i := range b.byHash[hash] {
		known := &b.set.resources[i]
		if known.dropped == dropped && slices.Equal(b.set.attrs.slice(known.attrs, known.nattrs), attrs) {
			return i
		}
	}
	number, ok := b.services[r.service]
	if !ok {
		number = uint32(len(b.services))
		b.services[r.service] = number
	}
	r.number = number
	r.attrs, r.nattrs = b.set.attrs.add(attrs), uint32(len(attrs))
	b.set.resources = append(b.set.resources, r)
	i := uint32(len(b.set.resources) - 1)
	b.byHash[hash] = append(b.byHash[hash], i)
	return i
}

// Scope returns the number of an instrumentation scope, the same for equal scopes.
func (b *Builder) Scope(name, version Symbol, attrs []Attr, dropped uint32) uint32 {
	attrs = b.internAll(attrs)
	hash := hashAttrs(uint64(name)<<32^uint64(version)<<1^uint64(dropped)<<17, attrs)
	for _, i := range b.scopeIDs[hash] {
		known := &b.set.scopes[i]
		if known.name == name && known.version == version && known.dropped == dropped &&
			slices.Equal(b.set.attrs.slice(known.attrs, known.nattrs), attrs) {
			return i
		}
	}
	b.set.scopes = append(b.set.scopes, scope{name, version, b.set.attrs.add(attrs), uint32(len(attrs)), dropped})
	i := uint32(len(b.set.scopes) - 1)
	b.scopeIDs[hash] = append(b.scopeIDs[hash], i)
	return i
}

// Origin returns the number of the pair of a resource and a scope within the current input: what RawSpan.Origin
// holds.
func (b *Builder) Origin(resource, scope uint32) uint32 {
	return b.originOf(origin{resource: resource, scope: scope, input: b.input})
}

// OriginInParts is Origin for a format in which one span may be reported in several parts, which are then joined.
func (b *Builder) OriginInParts(resource, scope uint32) uint32 {
	return b.originOf(origin{resource: resource, scope: scope, input: b.input, parts: true})
}

func (b *Builder) originOf(o origin) uint32 {
	i, ok := b.origins[o]
	if !ok {
		i = uint32(len(b.set.origins))
		b.set.origins = append(b.set.origins, o)
		b.origins[o] = i
	}
	return i
}

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
func (b *Builder) Partial(id TraceID) { b.traces[b.traceNumber(id)].partial = true }

// PartialFrom records that the backend's answer lacks some spans of the traces to which those that were added from
// number n on belong, or may lack some.
func (b *Builder) PartialFrom(n int) {
	for i := uint32(n); i < b.set.spans.n; i++ {
		b.traces[b.set.spans.at(i).depth].partial = true
	}
}

// Add adds a span. It keeps nothing of raw.
func (b *Builder) Add(raw *RawSpan) {
	number := b.traceNumber(raw.Trace)
	b.traces[number].n++
	failed := b.tagged(raw)
	r := span{
		name: raw.Name, origin: raw.Origin, kind: raw.Kind, status: raw.Status,
		start: raw.Start, depth: number,
		attrs: b.set.attrs.add(raw.Attrs), nattrs: uint32(len(raw.Attrs)),
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
		nevents: uint32(len(raw.Events)), nlinks: uint32(len(raw.Links)),
		warnings: b.set.attrs.add(raw.Warnings), nwarnings: uint32(len(raw.Warnings)),
	}
	if len(raw.Events) > 0 {
		b.events = b.events[:0]
		for i := range raw.Events {
			e := &raw.Events[i]
			b.events = append(b.events, event{e.Time, e.Name, b.set.attrs.add(e.Attrs), uint32(len(e.Attrs)), e.Dropped})
		}
		x.events = b.set.events.add(b.events)
	}
	if len(raw.Links) > 0 {
		b.links = b.links[:0]
		for i := range raw.Links {
			l := &raw.Links[i]
			b.links = append(b.links, link{
				hi: l.Trace.Hi, lo: l.Trace.Lo, span: l.Span.N, state: l.State, kind: l.Kind,
				traceText: b.set.symbols.internString(l.Trace.Text), spanText: b.set.symbols.internString(l.Span.Text),
				attrs: b.set.attrs.add(l.Attrs), nattrs: uint32(len(l.Attrs)), dropped: l.Dropped,
			})
		}
		x.links = b.set.links.add(b.links)
	}
	return b.set.extras.add([]extra{x})
}

func (b *Builder) traceNumber(id TraceID) uint32 {
	if id == b.lastID && len(b.traces) > 0 {
		return b.last
	}
	n, ok := b.ids[id]
	if !ok {
		id.Text = strings.Clone(id.Text)
		n = uint32(len(b.traces))
		b.traces = append(b.traces, rawTrace{id: id})
		b.ids[id] = n
	}
	b.lastID, b.last = b.traces[n].id, n
	return n
}

// internAll returns the attributes with every text interned, so that equal ones are equal bit by bit.
func (b *Builder) internAll(attrs []Attr) []Attr {
	if !slices.ContainsFunc(attrs, func(a Attr) bool { return a.meta&attrRef != 0 }) {
		return attrs
	}
	b.scratch = append(b.scratch[:0], attrs...)
	for i, a := range b.scratch {
		if a.meta&attrRef != 0 {
			b.scratch[i] = Attr{a.key, uint32(a.Type()), uint64(b.interned(a))}
		}
	}
	return b.scratch
}

// interned returns the symbol of a string attribute, interning it however long it is.
func (b *Builder) interned(a Attr) Symbol {
	return b.set.symbols.internString(Value{&b.set, a}.Text())
}

// hashAttrs mixes attributes by value: strings that are interned are equal when their symbols are.
func hashAttrs(h uint64, attrs []Attr) uint64 {
	const prime = 0x9e3779b97f4a7c15 // 2^64 divided by the golden ratio: Knuth's multiplicative hash
	for _, a := range attrs {
		h = (h ^ uint64(a.key)<<32 ^ uint64(a.meta)) * prime
		h = (h ^ h>>29 ^ a.bits) * prime
	}
	return h ^ h>>32
}
