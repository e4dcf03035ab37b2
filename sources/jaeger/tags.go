package jaeger

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strings"

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
	if t == nil || x.Placed {
		if !x.Placed {
			r.Note(decode.NoticeFields, noProcess, off)
		}
		r.Span.Origin = r.placedOrigin(x)
		return
	}
	late := r.lateOrigin(t, x, off)
	late.spans++
	r.Span.Origin = late.origin
}

const noProcess = "spans without process (no service name)"

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

// tags appends a list of tags to dst. With x they are a span's, and those that stand for what OTLP has
// fields for are taken out, so that a trace is the same in both formats.
func (r *Reader) tags(dst []trace.Attr, x *Extra) []trace.Attr {
	if r.Next() == '{' {
		if inColumns(r.Reader, "key") && r.Object() {
			return r.TagColumns(dst, r.ColumnsOf(), "", x)
		}
		return r.PlainAttributes(dst)
	}
	if !r.EnterArray("tags") {
		return dst
	}
	var meant func(meaning uint8, p int) int
	if x != nil {
		meant = func(meaning uint8, p int) int { return r.quickMeant(x, TagMeaning(meaning), p) }
	}
	r.pairs.Last = 0
	for r.Element() {
		if r.pairs.Read(r.Reader, &dst, meant) {
			continue
		}
		if r.EnterObject("tags") {
			dst = r.tag(dst, x)
		}
	}
	return dst
}

// Tag is a tag while it is read: key, type and value may come in any order.
type Tag struct {
	Name    trace.Symbol
	Kind    byte // first letter of the type; 0: not known
	ValueAt int
	Meaning TagMeaning
	proto   bool // as protobuf has it
	done    bool // its value was read
}

// Call gives a tag its key, which stands for something only where there is an x that it could go to.
func (t *Tag) Call(r *Reader, key []byte, x *Extra) {
	t.Name = r.B.Symbol(key)
	if x != nil {
		t.Meaning = Meanings[string(key)]
	}
}

func (t *Tag) typed(kind []byte) {
	if len(kind) > 0 {
		t.Kind = kind[0] | 0x20
	}
}

func (r *Reader) tag(dst []trace.Attr, x *Extra) []trace.Attr {
	t, keyed := Tag{ValueAt: -1}, false
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(key) {
		case "key":
			t.Call(r, r.StringOf("tags.key"), x)
			keyed = true
		case "type", "vType", "v_type":
			t.proto = len(key) > len("type")
			t.typed(r.StringOf("tags.type"))
		default:
			kind := protoTagKinds[string(key)]
			if string(key) != "value" && (kind == 0 || t.done || t.Kind != 0 && t.Kind != kind) {
				continue
			}
			if t.Kind = cmp.Or(t.Kind, kind); keyed && t.Kind != 0 {
				dst, t.done = r.TagValue(dst, &t, x), true
			} else {
				t.ValueAt = r.Pos
			}
		}
	}
	switch {
	case t.done || r.Err != nil:
	case t.ValueAt >= 0:
		r.ReadAt(t.ValueAt, func() { dst = r.TagValue(dst, &t, x) })
	case t.proto && keyed:
		dst = append(dst, r.zeroTag(&t))
	}
	return dst
}

// TagColumns appends tags in columns, whose keys begin with a prefix.
func (r *Reader) TagColumns(dst []trace.Attr, c Columns, prefix string, x *Extra) []trace.Attr {
	for row := range c[prefix+"key"] {
		var t Tag
		t.Call(r, r.ColumnText(c, prefix+"key", row), x)
		if row >= len(c[prefix+"value"]) {
			break
		}
		t.typed(r.ColumnText(c, prefix+"type", row))
		r.ReadAt(c[prefix+"value"][row], func() { dst = r.TagValue(dst, &t, x) })
	}
	return dst
}

// DottedTags appends the tags that are keys of the whole document, with a prefix.
func (r *Reader) DottedTags(dst []trace.Attr, c Columns, prefix string, x *Extra) []trace.Attr {
	for _, key := range slices.Sorted(maps.Keys(c)) {
		if name, ok := strings.CutPrefix(key, prefix); ok && len(c[key]) > 0 {
			var t Tag
			t.Call(r, []byte(strings.ReplaceAll(name, "@", ".")), x)
			r.ReadAt(c[key][0], func() { dst = r.TagValue(dst, &t, x) })
		}
	}
	return dst
}

// flatTags reads the object "tag", in which Jaeger's Elasticsearch storage keeps the tags that are to be
// searched: a key's dots are written as @.
func (r *Reader) flatTags(dst []trace.Attr, x *Extra) []trace.Attr {
	for key, ok := r.KeyIn("tag"); ok; key, ok = r.Key() {
		var t Tag
		t.Call(r, bytes.ReplaceAll(key, []byte("@"), []byte(".")), x)
		dst = r.TagValue(dst, &t, x)
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
func (r *Reader) TagValue(dst []trace.Attr, t *Tag, x *Extra) []trace.Attr {
	if t.Meaning != tagPlain && r.meantTag(x, t.Meaning) {
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
	rest := r.Data[r.Pos:]
	return bytes.HasPrefix(rest, []byte(`"true"`)) || bytes.HasPrefix(rest, []byte(`"false"`))
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
	start, fits := r.ValueAt(), true
	switch m {
	case tagKind:
		var kind trace.Kind
		if kind, fits = trace.ParseKind(string(r.StringOf("span.kind"))); fits {
			r.Span.Kind = kind
		}
	case TagError:
		raw := string(r.Scanner.Raw())
		fits = raw == "true" || raw == `"true"`
		x.Failed = x.Failed || fits
	case tagStatusCode:
		var code trace.Status
		if code, fits = trace.ParseStatus(string(r.StringOf("otel.status_code"))); fits {
			x.code = code
		}
	case tagStatusDescription:
		r.Span.Message = r.StringAttr(0, "otel.status_description")
	case tagScope:
		x.scope = r.SymbolOf("otel.scope.name")
	case tagScopeVersion:
		x.version = r.SymbolOf("otel.scope.version")
	case tagState:
		r.Span.State = r.SymbolOf("w3c.tracestate")
	case tagFormat:
		r.Skip()
	case tagDroppedAttrs:
		r.Span.DroppedAttrs = r.CountOf(decode.KeyDroppedAttrs)
	case tagDroppedEvents:
		r.Span.DroppedEvents = r.CountOf(decode.KeyDroppedEvents)
	case tagDroppedLinks:
		r.Span.DroppedLinks = r.CountOf(decode.KeyDroppedLinks)
	default:
		return false
	}
	if !fits && r.Err == nil {
		r.Pos = start
	}
	return fits
}
