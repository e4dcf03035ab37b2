package sources

import (
	"tracefall/sources/flat"
	"tracefall/sources/trace"
)

// flatNode is what is known of a key of flat spans: what it means, and the keys within it. Keys that mean nothing are
// learned as they come: they are attributes.
type flatNode struct {
	source flat.Source
	field  flat.Field // None: an attribute, or an object with attributes
	rank   uint8      // among the keys of the field: 0 is the best
	kids   map[string]*flatNode
	name   trace.Symbol // of the attribute
	prefix string       // of the names of attributes within it
	of     flatSink
	depth  uint8
	wraps  bool // the span, or the object that is it
	holds  bool // the span's members are in it
	member bool // of the span
}

// flatSink is what attributes are of.
type flatSink uint8

const (
	ofSpan flatSink = iota
	ofResource
	ofNothing // beside the span
)

// flatReader is what a reader needs for flat spans: the mapping as a tree of keys, and the span being read.
type flatReader struct {
	m       *flat.Mapping
	root    *flatNode
	learned int
	outer   trace.TraceID

	ranks          [flat.Fields]uint8 // of the keys that were read of the span, plus 1
	resource       []trace.Attr
	service        trace.Attr
	scope, version trace.Symbol
	parent         []byte
	failed         bool
	hint           trace.Kind
	lastAttrs      []trace.Attr
	lastResource   uint32
	serviceKey     trace.Symbol
	upper          uint64 // half of the trace id
}

// Bounds on what hostile files can make the reader remember or go into.
const (
	flatLearned = 1 << 14 // keys
	flatDepth   = 8       // objects in objects: what is deeper stays JSON
)

// flatSpans reads a document of flat spans with the mapping that was decided for the whole input.
func (r *flatSpanReader) flatSpans() {
	m := r.flat.mapping
	if r.flatr == nil {
		r.flatr = newFlatReader(r.b, m)
		r.once(NoticeSpelling, m.Notice(), r.valueAt())
	}
	r.flatr.outer = trace.TraceID{}
	r.flatList(m.List.Keys(), r.flatSpan)
}

// newFlatReader makes the tree of a mapping's keys.
func newFlatReader(b *trace.Builder, m *flat.Mapping) *flatReader {
	f := &flatReader{m: m, root: &flatNode{}, serviceKey: b.Symbol([]byte(serviceKey))}
	for field, sources := range m.Sources {
		for rank, s := range sources {
			n := f.root
			for _, key := range s.Path.Keys() {
				n = n.kid(key)
			}
			n.field, n.rank, n.source = flat.Field(field), uint8(min(rank, 200)), s
		}
	}
	n := f.root
	for _, key := range m.Prefix.Keys() {
		n.wraps = true
		n = n.kid(key)
	}
	n.wraps, n.holds = true, true
	f.settle(b, f.root)
	return f
}

// kid returns the node of a key, which may be new.
func (n *flatNode) kid(key string) *flatNode {
	if n.kids == nil {
		n.kids = map[string]*flatNode{}
	}
	k := n.kids[key]
	if k == nil {
		k = &flatNode{depth: n.depth + 1}
		n.kids[key] = k
	}
	return k
}

// settle gives the nodes beneath n the names of their attributes. It goes as deep as a mapping's paths.
func (f *flatReader) settle(b *trace.Builder, n *flatNode) {
	for key, k := range n.kids { // the order does not matter: each is on its own
		f.place(b, n, k, key)
		f.settle(b, k)
	}
}

// place says what the attribute of a key in n is called and whose it is.
func (f *flatReader) place(b *trace.Builder, n, k *flatNode, key string) {
	name := n.prefix + f.m.AttributeName(key)
	k.of, k.prefix = n.of, name+"."
	if n.wraps && !n.holds && !k.wraps {
		k.of = ofNothing
	}
	if n.holds {
		k.member = true
		if f.m.Rename[key] != "" {
			k.name = b.Symbol([]byte(name))
			return
		}
		if rest, resource, ok := flat.CutContainer(name); ok {
			name, k.prefix = rest, rest+"."
			if resource {
				k.of = ofResource
			}
		}
	}
	if k.field == flat.Attributes || k.field == flat.Resource {
		k.prefix = ""
		if k.field == flat.Resource {
			k.of = ofResource
		}
	}
	if k.wraps {
		k.prefix = ""
	}
	k.name = b.Symbol([]byte(name))
}

// learn returns the node of a key that means nothing.
func (f *flatReader) learn(b *trace.Builder, n *flatNode, key []byte) *flatNode {
	if f.learned < flatLearned && n.depth < flatDepth {
		f.learned++
		k := n.kid(string(key))
		f.place(b, n, k, string(key))
		return k
	}
	k := &flatNode{depth: n.depth + 1}
	f.place(b, n, k, string(key))
	return k
}

// flatList reads the value at pos: spans, or what holds the list of them beneath these keys. Arrays may be in arrays.
func (r *flatSpanReader) flatList(path []string, read func()) {
	if !r.array() {
		r.flatLevel(path, read)
		return
	}
	for r.element() {
		r.tick()
		if !r.array() {
			r.flatLevel(path, read)
			continue
		}
		for r.element() {
			r.tick()
			r.flatLevel(path, read)
		}
	}
}

// flatLevel reads a span, or an object on the way to the list. There, what all its spans share may stand behind them,
// so it is read before.
func (r *flatSpanReader) flatLevel(path []string, read func()) {
	start := r.valueAt()
	if len(path) == 0 {
		read()
		return
	}
	if !r.object() {
		r.misfit(path[0], "an object")
		return
	}
	if len(path) == 1 && r.flat.mapping.Outer != "" {
		r.flatOuter(r.flat.mapping.Outer.Keys())
		if r.err != nil && r.stop == nil {
			r.err = nil // what is damaged is met again
		}
		r.pos = start
		r.object()
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch {
		case path[0] == flat.AnyKey:
			r.tick()
			r.flatLevel(path[1:], read)
		case string(key) == path[0]:
			r.flatList(path[1:], read)
		default:
			r.skip()
		}
	}
}

// flatOuter reads the trace id that the object that is open holds for the spans in it.
func (r *flatSpanReader) flatOuter(path []string) {
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch {
		case string(key) != path[0]:
			r.skip()
		case len(path) == 1:
			r.flatr.outer = r.flatTraceID()
		case r.object():
			r.flatOuter(path[1:])
		default:
			r.skip()
		}
	}
}

// flatSpan reads one span and adds it.
func (r *flatSpanReader) flatSpan() {
	start := r.valueAt()
	r.raw.Reset()
	r.flatr.reset()
	r.raw.Trace = r.flatr.outer
	if !r.enterObject("spans") {
		return
	}
	r.flatMembers(r.flatr.root)
	if r.err == nil {
		r.addFlat(start)
		r.good = r.pos
	}
}

func (f *flatReader) reset() {
	clear(f.ranks[:])
	f.resource, f.service, f.scope, f.version, f.parent = f.resource[:0], trace.Attr{}, 0, 0, f.parent[:0]
	f.failed, f.hint, f.upper = false, 0, 0
}

// flatMembers reads the members of the object that is open.
func (r *flatSpanReader) flatMembers(n *flatNode) {
	for key, ok := r.key(); ok; key, ok = r.key() {
		k := n.kids[string(key)]
		if k == nil {
			k = r.flatr.learn(r.b, n, key)
		}
		r.flatMember(k)
	}
}

// flatMember reads the value of a key.
func (r *flatSpanReader) flatMember(k *flatNode) {
	c := r.next()
	f := r.flatr
	switch {
	case c == 'n':
		r.word()
	case k.field != flat.None && k.field != flat.Attributes && k.field != flat.Resource:
		if known := f.ranks[k.field]; known > 0 && known <= k.rank && k.field != flat.Error && k.field != flat.Success &&
			k.field != flat.Events && k.field != flat.Links {
			r.skip() // a better key said it
			return
		}
		if start := r.pos; !r.flatField(k, c) && r.err == nil {
			r.pos = start
			r.flatAttribute(k, r.next())
		}
	default:
		r.flatAttribute(k, c)
	}
}

// flatAttribute reads a value as an attribute, or an object or a list as many.
func (r *flatSpanReader) flatAttribute(k *flatNode, c byte) {
	attrs := &r.raw.Attrs
	switch k.of {
	case ofResource:
		attrs = &r.flatr.resource
	case ofNothing:
		r.skip()
		return
	case ofSpan:
	}
	switch {
	case c == '{' && k.depth < flatDepth:
		r.object()
		r.flatMembers(k)
	case c == '[' && r.flatPairs(k, attrs):
	case c == '"':
		r.flatText(k, attrs)
	default:
		if a := r.plainValue(k.name); a != r.b.JSON(k.name, []byte("[]")) {
			*attrs = append(*attrs, a)
		}
	}
}

// flatText reads a string as an attribute. Text that holds JSON where attributes are expected is read as that.
func (r *flatSpanReader) flatText(k *flatNode, attrs *[]trace.Attr) {
	start := r.pos
	if raw := r.quoted().raw; len(raw) == 0 && k.member {
		return // a column without a value
	} else if len(raw) > 1 && !r.inner && (k.field == flat.Attributes || k.field == flat.Resource) && (raw[0] == '{' || raw[0] == '[') {
		r.pos = start
		if r.flatInner(func() { r.flatAttribute(k, r.next()) }) {
			return
		}
	}
	r.pos = start
	*attrs = append(*attrs, r.stringAttr(k.name, "attribute"))
}

// flatInner reads the JSON that the next string holds, and tells whether it was whole; where not, nothing is kept.
func (r *flatSpanReader) flatInner(read func()) bool {
	attrs, resource := len(r.raw.Attrs), len(r.flatr.resource)
	whole := r.within(read)
	if !whole {
		r.raw.Attrs, r.flatr.resource = r.raw.Attrs[:attrs], r.flatr.resource[:resource]
	}
	return whole
}

// flatPairs reads a list of attributes: objects with a key and a value, or texts "key:value". It tells whether it was
// one; where not, nothing was read.
func (r *flatSpanReader) flatPairs(k *flatNode, attrs *[]trace.Attr) bool {
	start := r.pos
	container := k.field == flat.Attributes || k.field == flat.Resource || k.of == ofResource
	r.array()
	for first := true; r.element(); first = false {
		switch c := r.next(); {
		case first && (!container || c != '{' && c != '"'):
			r.pos, r.fresh = start, false
			return false
		case c == '"':
			r.flatPairText(attrs)
		case r.object():
			r.flatPair(attrs)
		default:
			r.skip()
		}
	}
	return true
}

// flatSpanReader reads flat spans. They may have values as OTLP has them.
type flatSpanReader struct {
	*otlpReader
	flat  *flatDecision
	flatr *flatReader
}

func readFlat(decided *flatDecision) func(*reader) decoder {
	return func(r *reader) decoder {
		return decoder{document: (&flatSpanReader{otlpReader: newOTLPReader(r), flat: decided}).flatSpans}
	}
}

// flatDecision is what was decided about an input: how its flat spans are read, or why there are none.
type flatDecision struct {
	mapping *flat.Mapping
	refusal *flat.Refusal
	high    map[uint64]uint64 // the upper halves of Datadog's trace ids
}

// headOf returns the first bytes of a string as it is written, cut between characters and escape sequences.
func headOf(raw []byte, most int) []byte {
	if len(raw) <= most {
		return raw
	}
	for at := 0; ; {
		next := at + 1
		if raw[at] == '\\' {
			if next++; raw[at+1] == 'u' {
				next += 4
			}
		}
		if next > most {
			return raw[:at]
		}
		at = next
	}
}
