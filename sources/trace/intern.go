package trace

import "slices"

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
		if n < refFrom || int(key) >= varietyKeys {
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

// varieties are those of the keys that come first.
type varieties [varietyKeys]variety

func (all *varieties) learn(key Symbol, v variety) {
	if key < varietyKeys {
		all[key].seen += v.seen
		all[key].fresh += v.fresh
	}
}

func (v *variety) wide() bool { return v.fresh > varietyFair && 2*v.fresh > v.seen }

// Interned returns the symbol of a string attribute, interning it however long it is.
func (b *Builder) Interned(a Attr) Symbol { return b.set.symbols.internString(Value{&b.set, a}.Text()) }

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
	r := owner{dropped: dropped}
	for _, a := range attrs {
		if a.key != b.serviceK {
			continue
		}
		switch a.Type() {
		case TypeString:
			r.name = b.Interned(a)
		case TypeInt, TypeFloat, TypeBool: // a name such as 123 that someone did not put in quotes
			r.name = b.Symbol([]byte(Value{&b.set, a}.String()))
		default:
			continue
		}
		break
	}
	return b.owner(&b.set.resources, b.byHash, r, attrs)
}

// Scope returns the number of an instrumentation scope, the same for equal scopes.
func (b *Builder) Scope(name, version Symbol, attrs []Attr, dropped uint32) uint32 {
	return b.owner(&b.set.scopes, b.scopeIDs, owner{name: name, version: version, dropped: dropped}, attrs)
}

// owner returns the number of a resource or scope among those that are known, by a hash of all that they have.
func (b *Builder) owner(known *[]owner, byHash map[uint64][]uint32, o owner, attrs []Attr) uint32 {
	attrs = b.internAll(attrs)
	hash := hashAttrs(uint64(o.name)<<32^uint64(o.version)<<1^uint64(o.dropped)<<17, attrs)
	for _, i := range byHash[hash] {
		k := (*known)[i]
		if k.name == o.name && k.version == o.version && k.dropped == o.dropped && slices.Equal(b.set.attrs.slice(k.attrs), attrs) {
			return i
		}
	}
	o.attrs = b.set.attrs.add(attrs)
	i := uint32(len(*known))
	*known = append(*known, o)
	byHash[hash] = append(byHash[hash], i)
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

// internAll returns the attributes with every text interned, so that equal ones are equal bit by bit.
func (b *Builder) internAll(attrs []Attr) []Attr {
	if !slices.ContainsFunc(attrs, func(a Attr) bool { return a.meta&attrRef != 0 }) {
		return attrs
	}
	b.scratch = append(b.scratch[:0], attrs...)
	for i, a := range b.scratch {
		if a.meta&attrRef != 0 {
			b.scratch[i] = Attr{a.key, uint32(a.Type()), uint64(b.Interned(a))}
		}
	}
	return b.scratch
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
