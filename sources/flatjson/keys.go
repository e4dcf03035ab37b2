package flatjson

import (
	"tracefall/sources/decode"
	"tracefall/sources/flat"
	"tracefall/sources/trace"
)

// node is what is known of a key of flat spans: what it means, and the keys within it. Keys that mean nothing are
// learned as they come: they are attributes.
type node struct {
	source flat.Source
	field  flat.Field // None: an attribute, or an object with attributes
	rank   uint8      // among the keys of the field: 0 is the best
	kids   map[string]*node
	name   trace.Symbol // of the attribute
	prefix string       // of the names of attributes within it
	of     sink
	depth  uint8
	wraps  bool // the span, or the object that is it
	holds  bool // the span's members are in it
	member bool // of the span
}

// sink is what attributes are of.
type sink uint8

const (
	ofSpan sink = iota
	ofResource
	ofNothing // beside the span
)

// Bounds on what hostile files can make the reader remember or go into.
const (
	mostLearned = 1 << 14 // keys
	mostDepth   = 8       // objects in objects: what is deeper stays JSON
)

// spanState is what a reader needs for flat spans: the mapping as a tree of keys, and the span being read.
type spanState struct {
	m       *flat.Mapping
	root    *node
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

// newState makes the tree of a mapping's keys.
func newState(b *trace.Builder, m *flat.Mapping) *spanState {
	f := &spanState{m: m, root: &node{}, serviceKey: b.Symbol([]byte(decode.ServiceKey))}
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
func (n *node) kid(key string) *node {
	if n.kids == nil {
		n.kids = map[string]*node{}
	}
	k := n.kids[key]
	if k == nil {
		k = &node{depth: n.depth + 1}
		n.kids[key] = k
	}
	return k
}

// settle gives the nodes beneath n the names of their attributes. It goes as deep as a mapping's paths.
func (f *spanState) settle(b *trace.Builder, n *node) {
	for key, k := range n.kids { // the order does not matter: each is on its own
		f.place(b, n, k, key)
		f.settle(b, k)
	}
}

// place says what the attribute of a key in n is called and whose it is.
func (f *spanState) place(b *trace.Builder, n, k *node, key string) {
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
	if k.field == flat.Resource {
		k.of = ofResource
	}
	if k.holdsAttributes() || k.wraps {
		k.prefix = ""
	}
	k.name = b.Symbol([]byte(name))
}

// learn returns the node of a key that means nothing.
func (f *spanState) learn(b *trace.Builder, n *node, key []byte) *node {
	k := &node{depth: n.depth + 1}
	if f.learned < mostLearned && n.depth < mostDepth {
		f.learned++
		k = n.kid(string(key))
	}
	f.place(b, n, k, string(key))
	return k
}

// holdsAttributes reports whether what a key leads to is attributes of their own names.
func (n *node) holdsAttributes() bool { return n.field == flat.Attributes || n.field == flat.Resource }

func (f *spanState) reset() {
	clear(f.ranks[:])
	f.resource, f.service, f.scope, f.version, f.parent = f.resource[:0], trace.Attr{}, 0, 0, f.parent[:0]
	f.failed, f.hint, f.upper = false, 0, 0
}
