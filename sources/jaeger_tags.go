package sources

import (
	"cmp"

	"tracefall/sources/trace"
)

// jaegerExtra is what a Jaeger span says in places where OTLP has none.
type jaegerExtra struct {
	process        trace.Symbol // its id
	resource       uint32       // of a process that the span itself holds
	placed         bool         // it does
	parts          bool         // the span may come in parts
	scope, version trace.Symbol
	code           trace.Status
	failed         bool
}

// lateKey is what a late origin is made of, placedKey any other.
type (
	lateKey   struct{ process, scope, version trace.Symbol }
	placedKey struct {
		resource       uint32
		scope, version trace.Symbol
		parts          bool
	}
)

// finish puts what was read from tags to where it belongs. As in Jaeger's translator to OTLP, error=true counts
// more than the status code. The trace is nil for formats in which a span holds its own process.
func (r *jaegerReader) finish(t *jaegerTrace, x *jaegerExtra, off int) {
	if r.raw.Status = x.code; x.failed {
		r.raw.Status = trace.StatusError
	}
	switch {
	case x.placed:
		r.raw.Origin = r.placedOrigin(x)
	case t == nil:
		r.note(NoticeFields, noProcess, off)
		x.resource = r.b.Resource(nil, 0)
		r.raw.Origin = r.placedOrigin(x)
	default:
		late := r.lateOrigin(t, x, off)
		late.spans++
		r.raw.Origin = late.origin
	}
}

const noProcess = "spans without a process, so without a service"

func (r *jaegerReader) placedOrigin(x *jaegerExtra) uint32 {
	key := placedKey{x.resource, x.scope, x.version, x.parts}
	if key != r.placedKey || r.placed == 0 {
		scope, origin := r.b.Scope(x.scope, x.version, nil, 0), r.b.Origin
		if x.parts {
			origin = r.b.OriginInParts
		}
		r.placedKey, r.placed = key, origin(x.resource, scope)
	}
	return r.placed
}

func (r *jaegerReader) lateOrigin(t *jaegerTrace, x *jaegerExtra, off int) *lateOrigin {
	key := lateKey{x.process, x.scope, x.version}
	if key == r.lateKey && r.late != nil && r.lateOf == t {
		return r.late
	}
	late := t.late[key]
	if late == nil {
		late = &lateOrigin{origin: r.b.LateOrigin(r.b.Scope(x.scope, x.version, nil, 0)), off: off}
		t.late[key] = late
	}
	r.late, r.lateKey, r.lateOf = late, key, t
	return late
}

// jaegerTags appends a list of tags to dst. With x they are a span's, and those that stand for what OTLP has
// fields for are taken out, so that a trace is the same in both formats.
func (r *jaegerReader) jaegerTags(dst []trace.Attr, x *jaegerExtra) []trace.Attr {
	if r.next() == '{' {
		if r.inColumns("key") && r.object() {
			return r.tagColumns(dst, r.columnsOf(), "", x)
		}
		return r.plainAttributes(dst)
	}
	if !r.enterArray("tags") {
		return dst
	}
	r.lastKey = 0
	for r.element() {
		if r.quickTags(&dst, x) {
			continue
		}
		if r.enterObject("tags") {
			dst = r.jaegerTag(dst, x)
		}
	}
	return dst
}

// tag is a tag while it is read: key, type and value may come in any order.
type tag struct {
	name    trace.Symbol
	kind    byte // first letter of the type; 0: not known
	valueAt int
	proto   bool // as protobuf has it
	done    bool // its value was read
}

func (r *jaegerReader) jaegerTag(dst []trace.Attr, x *jaegerExtra) []trace.Attr {
	t := tag{valueAt: -1}
	meaning, keyed := tagMeaning(0), false
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(key) {
		case "key":
			name := r.stringOf("tags.key")
			if x != nil {
				meaning = meanings[string(name)]
			}
			t.name, keyed = r.b.Symbol(name), true
		case "type", "vType", "v_type":
			t.proto = len(key) > len("type")
			if kind := r.stringOf("tags.type"); len(kind) > 0 {
				t.kind = kind[0] | 0x20
			}
		default:
			kind := protoTagKinds[string(key)]
			if string(key) != "value" && (kind == 0 || t.done || t.kind != 0 && t.kind != kind) {
				r.skip()
				continue
			}
			if t.kind = cmp.Or(t.kind, kind); keyed && t.kind != 0 {
				dst, t.done = r.tagValue(dst, &t, x, meaning), true
			} else {
				t.valueAt = r.valueAt()
				r.skip()
			}
		}
	}
	switch {
	case t.done || r.err != nil:
	case t.valueAt >= 0:
		r.readAt(t.valueAt, func() { dst = r.tagValue(dst, &t, x, meaning) })
	case t.proto && keyed:
		dst = append(dst, r.zeroTag(&t))
	}
	return dst
}

// protoTagKinds are the keys under which protobuf's own JSON has the value of a tag, by its type, as Jaeger's gRPC service
// is asked with grpcurl:
//
//	{"key":"http.status_code","vType":"INT64","vInt64":"503"}
var protoTagKinds = map[string]byte{
	"vStr": 's', "vBool": 'b', "vInt64": 'i', "vFloat64": 'f', "vBinary": 'b',
	"v_str": 's', "v_bool": 'b', "v_int64": 'i', "v_float64": 'f', "v_binary": 'b',
}

// zeroTag is a tag without a value: protobuf leaves zero values out.
func (r *jaegerReader) zeroTag(t *tag) trace.Attr {
	switch t.kind {
	case 'b':
		return trace.Bool(t.name, false)
	case 'i':
		return trace.Int(t.name, 0)
	case 'f':
		return trace.Float(t.name, 0)
	}
	return r.b.String(t.name, nil)
}

// tagValue reads the value of a tag and appends it to dst or puts it to where it belongs.
func (r *jaegerReader) tagValue(dst []trace.Attr, t *tag, x *jaegerExtra, m tagMeaning) []trace.Attr {
	if m != tagPlain && r.meantTag(x, m) {
		return dst
	}
	off, noted := r.valueAt(), r.badFields
	a := r.typedTag(t)
	if r.badFields != noted && r.err == nil { // what is not what it says it is stays what it looks like
		r.pos = off
		a = r.plainValue(t.name)
	}
	return append(dst, a)
}

func (r *jaegerReader) typedTag(t *tag) trace.Attr {
	switch t.kind {
	case 's':
		return r.stringAttr(t.name, "tags.value")
	case 'b':
		if r.next() == '"' && !r.wordInQuotes() { // binary
			return r.b.Bytes(t.name, r.base64Of("tags.value"))
		}
		return trace.Bool(t.name, r.boolOf("tags.value"))
	case 'i', 'l':
		return r.intAttr(t.name, "tags.value")
	case 'f', 'd':
		return trace.Float(t.name, r.floatOf("tags.value"))
	}
	return r.plainValue(t.name)
}

// wordInQuotes tells whether the string that follows is "true" or "false".
func (r *jaegerReader) wordInQuotes() bool {
	start := r.pos
	t := r.quoted()
	r.pos = start
	return string(t.raw) == "true" || string(t.raw) == "false"
}

// tagMeaning is what a tag stands for in OTLP.
type tagMeaning uint8

const (
	tagPlain tagMeaning = iota
	tagKind
	tagError
	tagStatusCode
	tagStatusDescription
	tagScope
	tagScopeVersion
	tagState
	tagFormat
	tagDroppedAttrs
	tagDroppedEvents
	tagDroppedLinks
)

// meanings are the tags that OpenTelemetry's specification for Jaeger defines for fields that Jaeger lacks, and
// the one in which Jaeger remembers how a span came in.
var meanings = map[string]tagMeaning{
	"span.kind":               tagKind,
	"error":                   tagError,
	"otel.status_code":        tagStatusCode,
	"otel.status_description": tagStatusDescription,
	"otel.scope.name":         tagScope,
	"otel.library.name":       tagScope,
	"otel.scope.version":      tagScopeVersion,
	"otel.library.version":    tagScopeVersion,
	"w3c.tracestate":          tagState,
	"internal.span.format":    tagFormat,
	keyDroppedAttrs:           tagDroppedAttrs,
	keyDroppedEvents:          tagDroppedEvents,
	keyDroppedLinks:           tagDroppedLinks,
}

// meantTag puts a tag to where it belongs. A value that fits nowhere stays a tag: then it returns false and has
// read nothing.
func (r *jaegerReader) meantTag(x *jaegerExtra, m tagMeaning) bool {
	start := r.valueAt()
	switch m {
	case tagKind:
		if k, ok := trace.ParseKind(string(r.stringOf("span.kind"))); ok {
			r.raw.Kind = k
			return true
		}
	case tagError:
		if c := r.next(); c == 't' || c == '"' && string(r.quoted().raw) == "true" {
			if c == 't' {
				r.word()
			}
			x.failed = true
			return true
		}
	case tagStatusCode:
		if s, ok := trace.ParseStatus(string(r.stringOf("otel.status_code"))); ok {
			x.code = s
			return true
		}
	case tagStatusDescription:
		r.raw.Message = r.stringAttr(0, "otel.status_description")
		return true
	case tagScope:
		x.scope = r.symbolOf("otel.scope.name")
		return true
	case tagScopeVersion:
		x.version = r.symbolOf("otel.scope.version")
		return true
	case tagState:
		r.raw.State = r.symbolOf("w3c.tracestate")
		return true
	case tagFormat:
		r.skip()
		return true
	case tagDroppedAttrs:
		r.raw.DroppedAttrs = r.countOf(keyDroppedAttrs)
		return true
	case tagDroppedEvents:
		r.raw.DroppedEvents = r.countOf(keyDroppedEvents)
		return true
	case tagDroppedLinks:
		r.raw.DroppedLinks = r.countOf(keyDroppedLinks)
		return true
	default:
	}
	if r.err == nil {
		r.pos = start
	}
	return false
}
