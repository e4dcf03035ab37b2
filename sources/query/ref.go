package query

import (
	"cmp"
	"slices"
	"strings"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// Ref is what a term asks about: a field, or an attribute of a level.
type Ref struct {
	Field Field
	Level expression.Level // of an attribute; "" searches the span and its resource
	Key   string           // of an attribute

	Instead Field // of an attribute whose name stands for a field too: see twinNamed
	Parent  bool  // of the span's parent; within { } only
}

// Type is what a reference holds.
func (r Ref) Type() FieldType { return r.Field.Info().typ }

// Element returns the level of which a span has many, LevelEvent or LevelLink, or "".
func (r Ref) Element() expression.Level {
	level := r.Level
	if r.Field != FieldNone {
		level = r.Field.Info().level
	}
	if level == expression.LevelEvent || level == expression.LevelLink {
		return level
	}
	return ""
}

// tagFields are the tags by which exporters write what is a field here.
// Source: OpenTelemetry's rules for exporting to Jaeger and Zipkin, and Jaeger's own tags.
var tagFields = map[string]Field{
	"otel.status_code":        FieldStatus,
	"otel.status_description": FieldStatusMessage,
	"otel.scope.name":         FieldScopeName,
	"otel.library.name":       FieldScopeName,
	"otel.scope.version":      FieldScopeVersion,
	"otel.library.version":    FieldScopeVersion,
	"w3c.tracestate":          FieldTraceState,
}

// KindTag is how Jaeger and OpenTracing call the span's kind: it looks like a key of the level span and is a tag.
const KindTag = "span.kind"

// twinOf returns the field that an attribute of a level shares its name with, fieldNone for none.
func twinOf(level expression.Level, key string) Field {
	if level != expression.LevelSpan && level != expression.LevelResource {
		return FieldNone
	}
	f := fieldNamed(string(level) + "." + key)
	if f == FieldNone || f.Info().name == string(level)+"."+key {
		return FieldNone // no other name of it
	}
	return f
}

// twinNamed returns the reference of a name that stands for an attribute and for a field.
func twinNamed(text string) (r Ref, ok bool) {
	if f := tagFields[text]; f != FieldNone {
		return Ref{Key: text, Instead: f}, true
	}
	level, key, _ := strings.Cut(text, ".")
	if f := twinOf(expression.Level(level), key); f != FieldNone {
		return Ref{Level: expression.Level(level), Key: key, Instead: f}, true
	}
	return Ref{}, false
}

// severalNames reports whether an attribute is asked for under more than one name.
func (r Ref) severalNames() bool {
	return r.Field == FieldNone && r.Level == "" && !r.Parent && r.Instead == FieldNone && SameNames(r.Key) != nil
}

// levelPrefixes are what stands in front of a dot or colon for a level; trace and root have fields only.
var levelPrefixes = map[string]expression.Level{
	"span": expression.LevelSpan, "resource": expression.LevelResource, "scope": expression.LevelScope,
	"instrumentation": expression.LevelScope, "event": expression.LevelEvent, "link": expression.LevelLink,
	"trace": "", "root": "",
}

// prefix is what stands before the key of an attribute: whose it is, and its level.
func (r Ref) prefix() string {
	prefix := ""
	if r.Parent {
		prefix = "parent."
	}
	if r.Level != "" {
		prefix += string(r.Level) + "."
	}
	return prefix
}

// FormatRef writes what a term asks about so that it reads back as the same.
func FormatRef(r Ref) string {
	switch {
	case r.Field != FieldNone:
		return r.Field.Info().name
	case r.Parent:
		return formatRefInside(r)
	case r.bare() && (r.Level != "" || !reserved(r.Key)):
		return r.prefix() + r.Key
	}
	return r.prefix() + quote(r.Key)
}

// formatRefInside writes a reference as TraceQL does: an attribute without a level begins with a point.
func formatRefInside(r Ref) string {
	if r.Field != FieldNone {
		return r.Field.Info().name
	}
	prefix := cmp.Or(r.prefix(), ".")
	if r.bare() && !strings.ContainsAny(r.Key[:1], "0123456789") {
		return prefix + r.Key
	}
	return prefix + quote(r.Key)
}

// Attribute writes the key of an attribute so that it reads as that and not as a field.
func Attribute(key string) string { return FormatRef(Ref{Key: key}) }

// bare reports whether the key of an attribute needs no quotes behind its level. Quotes say that no field is meant.
func (r Ref) bare() bool {
	if !isBareKey(r.Key) {
		return false
	}
	twin := tagFields[r.Key]
	switch {
	case r.Parent && r.Level == "":
		first, _, _ := strings.Cut(r.Key, ".")
		if _, level := levelPrefixes[first]; level {
			return false
		}
		twin = twinOf(expression.LevelSpan, r.Key)
	case r.Level != "":
		if twin = twinOf(r.Level, r.Key); twin == FieldNone && fieldNamed(string(r.Level)+"."+r.Key) != FieldNone {
			return false
		}
	}
	return (r.Instead != FieldNone) == (twin != FieldNone)
}

// reserved reports whether a bare key would read as something else than an attribute.
func reserved(key string) bool {
	first, _, dotted := strings.Cut(key, ".")
	_, level := levelPrefixes[first]
	return level && dotted || fieldNamed(key) != FieldNone || readsAsQuantity(key) ||
		slices.Contains([]string{"and", "or", "not", "in", "phrase", "fulltext", "has", "field"}, strings.ToLower(key))
}
