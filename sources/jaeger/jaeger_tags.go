package jaeger

import (
	"cmp"

	"tracefall/sources/decode"
	"tracefall/sources/trace"
)

// Extra is what a Jaeger span says in places where OTLP has none.
type Extra struct {
	process        trace.Symbol // its id
	Resource       uint32       // of a process that the span itself holds
	Placed         bool         // it does
	Parts          bool         // the span may come in parts
	scope, version trace.Symbol
	code           trace.Status
	Failed         bool
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

// Finish puts what was read from tags to where it belongs. As in Jaeger's translator to OTLP, error=true counts
// more than the status code. The trace is nil for formats in which a span holds its own process.
func (r *Reader) Finish(t *traceReading, x *Extra, off int) {
	if r.Span.Status = x.code; x.Failed {
		r.Span.Status = trace.StatusError
	}
	switch {
	case x.Placed:
		r.Span.Origin = r.placedOrigin(x)
	case t == nil:
		r.Note(decode.NoticeFields, noProcess, off)
		x.Resource = r.B.Resource(nil, 0)
		r.Span.Origin = r.placedOrigin(x)
	default:
		late := r.lateOrigin(t, x, off)
		late.spans++
		r.Span.Origin = late.origin
	}
}

const noProcess = "spans without a process, so without a service"

func (r *Reader) placedOrigin(x *Extra) uint32 {
	key := placedKey{x.Resource, x.scope, x.version, x.Parts}
	if key != r.placedKey || r.placed == 0 {
		scope, origin := r.B.Scope(x.scope, x.version, nil, 0), r.B.Origin
		if x.Parts {
			origin = r.B.OriginInParts
		}
		r.placedKey, r.placed = key, origin(x.Resource, scope)
	}
	return r.placed
}

func (r *Reader) lateOrigin(t *traceReading, x *Extra, off int) *lateOrigin {
	key := lateKey{x.process, x.scope, x.version}
	if key == r.lateKey && r.late != nil && r.lateOf == t {
		return r.late
	}
	late := t.late[key]
	if late == nil {
		late = &lateOrigin{origin: r.B.LateOrigin(r.B.Scope(x.scope, x.version, nil, 0)), off: off}
		t.late[key] = late
	}
	r.late, r.lateKey, r.lateOf = late, key, t
	return late
}

// jaegerTags appends a list of tags to dst. With x they are a span's, and those that stand for what OTLP has
// fields for are taken out, so that a trace is the same in both formats.
func (r *Reader) jaegerTags(dst []trace.Attr, x *Extra) []trace.Attr {
	if r.Next() == '{' {
		if inColumns(r.Reader, "key") && r.Object() {
			return r.TagColumns(dst, r.ColumnsOf(), "", x)
		}
		return r.PlainAttributes(dst)
	}
	if !r.EnterArray("tags") {
		return dst
	}
	r.lastKey = 0
	for r.Element() {
		if r.quickTags(&dst, x) {
			continue
		}
		if r.EnterObject("tags") {
			dst = r.jaegerTag(dst, x)
		}
	}
	return dst
}

// Tag is a tag while it is read: key, type and value may come in any order.
type Tag struct {
	Name    trace.Symbol
	Kind    byte // first letter of the type; 0: not known
	ValueAt int
	proto   bool // as protobuf has it
	done    bool // its value was read
}

func (r *Reader) jaegerTag(dst []trace.Attr, x *Extra) []trace.Attr {
	t := Tag{ValueAt: -1}
	meaning, keyed := TagMeaning(0), false
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(key) {
		case "key":
			name := r.StringOf("tags.key")
			if x != nil {
				meaning = Meanings[string(name)]
			}
			t.Name, keyed = r.B.Symbol(name), true
		case "type", "vType", "v_type":
			t.proto = len(key) > len("type")
			if kind := r.StringOf("tags.type"); len(kind) > 0 {
				t.Kind = kind[0] | 0x20
			}
		default:
			kind := protoTagKinds[string(key)]
			if string(key) != "value" && (kind == 0 || t.done || t.Kind != 0 && t.Kind != kind) {
				r.Skip()
				continue
			}
			if t.Kind = cmp.Or(t.Kind, kind); keyed && t.Kind != 0 {
				dst, t.done = r.TagValue(dst, &t, x, meaning), true
			} else {
				t.ValueAt = r.ValueAt()
				r.Skip()
			}
		}
	}
	switch {
	case t.done || r.Err != nil:
	case t.ValueAt >= 0:
		r.ReadAt(t.ValueAt, func() { dst = r.TagValue(dst, &t, x, meaning) })
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
func (r *Reader) zeroTag(t *Tag) trace.Attr {
	switch t.Kind {
	case 'b':
		return trace.Bool(t.Name, false)
	case 'i':
		return trace.Int(t.Name, 0)
	case 'f':
		return trace.Float(t.Name, 0)
	}
	return r.B.String(t.Name, nil)
}

// TagValue reads the value of a tag and appends it to dst or puts it to where it belongs.
func (r *Reader) TagValue(dst []trace.Attr, t *Tag, x *Extra, m TagMeaning) []trace.Attr {
	if m != tagPlain && r.meantTag(x, m) {
		return dst
	}
	off, noted := r.ValueAt(), r.BadFields
	a := r.typedTag(t)
	if r.BadFields != noted && r.Err == nil { // what is not what it says it is stays what it looks like
		r.Pos = off
		a = r.PlainValue(t.Name)
	}
	return append(dst, a)
}

func (r *Reader) typedTag(t *Tag) trace.Attr {
	switch t.Kind {
	case 's':
		return r.StringAttr(t.Name, "tags.value")
	case 'b':
		if r.Next() == '"' && !r.wordInQuotes() { // binary
			return r.B.Bytes(t.Name, r.Base64Of("tags.value"))
		}
		return trace.Bool(t.Name, r.BoolOf("tags.value"))
	case 'i', 'l':
		return r.IntAttr(t.Name, "tags.value")
	case 'f', 'd':
		return trace.Float(t.Name, r.FloatOf("tags.value"))
	}
	return r.PlainValue(t.Name)
}

// wordInQuotes reports whether the string that follows is "true" or "false".
func (r *Reader) wordInQuotes() bool {
	start := r.Pos
	t := r.Quoted()
	r.Pos = start
	return string(t.Raw) == "true" || string(t.Raw) == "false"
}

// TagMeaning is what a tag stands for in OTLP.
type TagMeaning uint8

// What tags stand for.
const (
	tagPlain TagMeaning = iota
	tagKind
	TagError
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

// Meanings are the tags that OpenTelemetry's specification for Jaeger defines for fields that Jaeger lacks, and
// the one in which Jaeger remembers how a span came in.
var Meanings = map[string]TagMeaning{
	"span.kind":               tagKind,
	"error":                   TagError,
	"otel.status_code":        tagStatusCode,
	"otel.status_description": tagStatusDescription,
	"otel.scope.name":         tagScope,
	"otel.library.name":       tagScope,
	"otel.scope.version":      tagScopeVersion,
	"otel.library.version":    tagScopeVersion,
	"w3c.tracestate":          tagState,
	"internal.span.format":    tagFormat,
	decode.KeyDroppedAttrs:    tagDroppedAttrs,
	decode.KeyDroppedEvents:   tagDroppedEvents,
	decode.KeyDroppedLinks:    tagDroppedLinks,
}

// meantTag puts a tag to where it belongs. A value that fits nowhere stays a tag: then it returns false and has
// read nothing.
func (r *Reader) meantTag(x *Extra, m TagMeaning) bool {
	start := r.ValueAt()
	switch m {
	case tagKind:
		if k, ok := trace.ParseKind(string(r.StringOf("span.kind"))); ok {
			r.Span.Kind = k
			return true
		}
	case TagError:
		if c := r.Next(); c == 't' || c == '"' && string(r.Quoted().Raw) == "true" {
			if c == 't' {
				r.Word()
			}
			x.Failed = true
			return true
		}
	case tagStatusCode:
		if s, ok := trace.ParseStatus(string(r.StringOf("otel.status_code"))); ok {
			x.code = s
			return true
		}
	case tagStatusDescription:
		r.Span.Message = r.StringAttr(0, "otel.status_description")
		return true
	case tagScope:
		x.scope = r.SymbolOf("otel.scope.name")
		return true
	case tagScopeVersion:
		x.version = r.SymbolOf("otel.scope.version")
		return true
	case tagState:
		r.Span.State = r.SymbolOf("w3c.tracestate")
		return true
	case tagFormat:
		r.Skip()
		return true
	case tagDroppedAttrs:
		r.Span.DroppedAttrs = r.CountOf(decode.KeyDroppedAttrs)
		return true
	case tagDroppedEvents:
		r.Span.DroppedEvents = r.CountOf(decode.KeyDroppedEvents)
		return true
	case tagDroppedLinks:
		r.Span.DroppedLinks = r.CountOf(decode.KeyDroppedLinks)
		return true
	default:
	}
	if r.Err == nil {
		r.Pos = start
	}
	return false
}
