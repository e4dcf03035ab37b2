package flatjson

import (
	"tracefall/sources/decode"
	"tracefall/sources/flat"
	"tracefall/sources/otlp"
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
func (r *Reader) flatSpans() {
	m := r.Flat.Mapping
	if r.flatr == nil {
		r.flatr = newFlatReader(r.B, m)
		r.Once(decode.NoticeSpelling, m.Notice(), r.ValueAt())
	}
	r.flatr.outer = trace.TraceID{}
	r.flatList(m.List.Keys(), r.flatSpan)
}

// newFlatReader makes the tree of a mapping's keys.
func newFlatReader(b *trace.Builder, m *flat.Mapping) *flatReader {
	f := &flatReader{m: m, root: &flatNode{}, serviceKey: b.Symbol([]byte(decode.ServiceKey))}
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
	f.Settle(b, f.root)
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

// Settle gives the nodes beneath n the names of their attributes. It goes as deep as a mapping's paths.
func (f *flatReader) Settle(b *trace.Builder, n *flatNode) {
	for key, k := range n.kids { // the order does not matter: each is on its own
		f.Place(b, n, k, key)
		f.Settle(b, k)
	}
}

// Place says what the attribute of a key in n is called and whose it is.
func (f *flatReader) Place(b *trace.Builder, n, k *flatNode, key string) {
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
		f.Place(b, n, k, string(key))
		return k
	}
	k := &flatNode{depth: n.depth + 1}
	f.Place(b, n, k, string(key))
	return k
}

// flatList reads the value at pos: spans, or what holds the list of them beneath these keys. Arrays may be in arrays.
func (r *Reader) flatList(path []string, read func()) {
	if !r.Array() {
		r.flatLevel(path, read)
		return
	}
	for r.Element() {
		r.Tick()
		if !r.Array() {
			r.flatLevel(path, read)
			continue
		}
		for r.Element() {
			r.Tick()
			r.flatLevel(path, read)
		}
	}
}

// flatLevel reads a span, or an object on the way to the list. There, what all its spans share may stand behind them,
// so it is read before.
func (r *Reader) flatLevel(path []string, read func()) {
	start := r.ValueAt()
	if len(path) == 0 {
		read()
		return
	}
	if !r.Object() {
		r.Misfit(path[0], "an object")
		return
	}
	if len(path) == 1 && r.Flat.Mapping.Outer != "" {
		r.flatOuter(r.Flat.Mapping.Outer.Keys())
		if r.Err != nil && r.Stop == nil {
			r.Err = nil // what is damaged is met again
		}
		r.Pos = start
		r.Object()
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch {
		case path[0] == flat.AnyKey:
			r.Tick()
			r.flatLevel(path[1:], read)
		case string(key) == path[0]:
			r.flatList(path[1:], read)
		default:
			r.Skip()
		}
	}
}

// flatOuter reads the trace id that the object that is open holds for the spans in it.
func (r *Reader) flatOuter(path []string) {
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch {
		case string(key) != path[0]:
			r.Skip()
		case len(path) == 1:
			r.flatr.outer = r.flatTraceID()
		case r.Object():
			r.flatOuter(path[1:])
		default:
			r.Skip()
		}
	}
}

// flatSpan reads one span and adds it.
func (r *Reader) flatSpan() {
	start := r.ValueAt()
	r.Span.Reset()
	r.flatr.reset()
	r.Span.Trace = r.flatr.outer
	if !r.EnterObject("spans") {
		return
	}
	r.flatMembers(r.flatr.root)
	if r.Err == nil {
		r.addFlat(start)
		r.Good = r.Pos
	}
}

func (f *flatReader) reset() {
	clear(f.ranks[:])
	f.resource, f.service, f.scope, f.version, f.parent = f.resource[:0], trace.Attr{}, 0, 0, f.parent[:0]
	f.failed, f.hint, f.upper = false, 0, 0
}

// flatMembers reads the members of the object that is open.
func (r *Reader) flatMembers(n *flatNode) {
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		k := n.kids[string(key)]
		if k == nil {
			k = r.flatr.learn(r.B, n, key)
		}
		r.flatMember(k)
	}
}

// flatMember reads the value of a key.
func (r *Reader) flatMember(k *flatNode) {
	c := r.Next()
	f := r.flatr
	switch {
	case c == 'n':
		r.Word()
	case k.field != flat.None && k.field != flat.Attributes && k.field != flat.Resource:
		if known := f.ranks[k.field]; known > 0 && known <= k.rank && k.field != flat.Error && k.field != flat.Success &&
			k.field != flat.Events && k.field != flat.Links {
			r.Skip() // a better key said it
			return
		}
		if start := r.Pos; !r.flatField(k, c) && r.Err == nil {
			r.Pos = start
			r.flatAttribute(k, r.Next())
		}
	default:
		r.flatAttribute(k, c)
	}
}

// flatAttribute reads a value as an attribute, or an object or a list as many.
func (r *Reader) flatAttribute(k *flatNode, c byte) {
	attrs := &r.Span.Attrs
	switch k.of {
	case ofResource:
		attrs = &r.flatr.resource
	case ofNothing:
		r.Skip()
		return
	case ofSpan:
	}
	switch {
	case c == '{' && k.depth < flatDepth:
		r.Object()
		r.flatMembers(k)
	case c == '[' && r.flatPairs(k, attrs):
	case c == '"':
		r.flatText(k, attrs)
	default:
		if a := r.PlainValue(k.name); a != r.B.JSON(k.name, []byte("[]")) {
			*attrs = append(*attrs, a)
		}
	}
}

// flatText reads a string as an attribute. Text that holds JSON where attributes are expected is read as that.
func (r *Reader) flatText(k *flatNode, attrs *[]trace.Attr) {
	start := r.Pos
	if raw := r.Quoted().Raw; len(raw) == 0 && k.member {
		return // a column without a value
	} else if len(raw) > 1 && !r.Inner && (k.field == flat.Attributes || k.field == flat.Resource) && (raw[0] == '{' || raw[0] == '[') {
		r.Pos = start
		if r.flatInner(func() { r.flatAttribute(k, r.Next()) }) {
			return
		}
	}
	r.Pos = start
	*attrs = append(*attrs, r.StringAttr(k.name, "attribute"))
}

// flatInner reads the JSON that the next string holds, and reports whether it was whole; where not, nothing is kept.
func (r *Reader) flatInner(read func()) bool {
	attrs, resource := len(r.Span.Attrs), len(r.flatr.resource)
	whole := r.Within(read)
	if !whole {
		r.Span.Attrs, r.flatr.resource = r.Span.Attrs[:attrs], r.flatr.resource[:resource]
	}
	return whole
}

// flatPairs reads a list of attributes: objects with a key and a value, or texts "key:value". It reports whether it was
// one; where not, nothing was read.
func (r *Reader) flatPairs(k *flatNode, attrs *[]trace.Attr) bool {
	start := r.Pos
	container := k.field == flat.Attributes || k.field == flat.Resource || k.of == ofResource
	r.Array()
	for first := true; r.Element(); first = false {
		switch c := r.Next(); {
		case first && (!container || c != '{' && c != '"'):
			r.Pos, r.Fresh = start, false
			return false
		case c == '"':
			r.flatPairText(attrs)
		case r.Object():
			r.flatPair(attrs)
		default:
			r.Skip()
		}
	}
	return true
}

// Reader reads flat spans. They may have values as OTLP has them.
type Reader struct {
	*otlp.Reader
	Flat  *Decision
	flatr *flatReader
}

// ReadFlat returns what opens a decoder of flat spans with the mapping that was decided.
func ReadFlat(decided *Decision) func(*decode.Reader) decode.Decoder {
	return func(r *decode.Reader) decode.Decoder {
		return decode.Decoder{Document: (&Reader{Reader: otlp.New(r), Flat: decided}).flatSpans}
	}
}

// Decision is what was decided about an input: how its flat spans are read, or why there are none.
type Decision struct {
	Mapping *flat.Mapping
	Refusal *flat.Refusal
	High    map[uint64]uint64 // the upper halves of Datadog's trace ids
}

// HeadOf returns the first bytes of a string as it is written, cut between characters and escape sequences.
func HeadOf(raw []byte, most int) []byte {
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
