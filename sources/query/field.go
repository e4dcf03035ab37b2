package query

import (
	"slices"
	"strings"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// Field names a value that a span, its trace or the analysis carries, as opposed to an attribute.
type Field uint8

// The fields.
const (
	FieldNone Field = iota // an attribute
	FieldDuration
	FieldService
	FieldName
	FieldError
	FieldStatus
	FieldStatusMessage
	FieldKind
	FieldStart
	FieldEnd
	FieldTraceID
	FieldSpanID
	FieldParentID
	FieldTraceState
	FieldResourceSchema
	FieldScopeName
	FieldScopeVersion
	FieldScopeSchema
	FieldEventName
	FieldEventTime
	FieldEventSince
	FieldLinkTrace
	FieldLinkSpan
	FieldLinkState
	FieldDepth
	FieldChildren
	FieldOrphan
	FieldNestedLeft
	FieldNestedRight
	FieldNestedParent
	FieldSelf
	FieldCritical
	FieldFinding
	FieldTraceDuration
	FieldTraceSpans
	FieldTraceServices
	FieldTraceErrors
	FieldTraceStart
	FieldTraceEnd
	FieldRootService
	FieldRootName
	FieldRootKind
	FieldRootStatus
	FieldRootError
	FieldRootDuration
	FieldCount
)

// FieldType is what a field holds, and so how a constant beside it is read.
type FieldType uint8

// The types of fields.
const (
	TypeAny FieldType = iota // an attribute: whatever is stored
	TypeText
	TypeID
	TypeDuration
	TypeTime
	TypeNumber
	TypeBool
	TypeKind
	TypeStatus
	TypeFinding
)

// typeNames say what a value of the type is, for messages.
var typeNames = [...]string{"a value", "text", "an id", "a duration", "a time", "a number", "true or false", "a span kind", "a status", "a finding"}

// FieldInfo describes a field.
type FieldInfo struct {
	name    string   // canonical spelling, without the level where that is the span's
	aliases []string // other spellings, TraceQL's and Jaeger's among them
	typ     FieldType
	level   expression.Level // where in Jaeger's vocabulary; "" where it is not in it
	jaeger  string
	Scope   FieldScope
	help    string
}

// FieldScope says of what a field is a value.
type FieldScope uint8

// What a field is a value of.
const (
	ScopeSpan FieldScope = iota
	ScopeResource
	ScopeInstrumentation
	ScopeEvent
	ScopeLink
	ScopeTrace
	ScopeDerived // supplied by the analysis, per span
)

// fields is every field, by number. The order within the help and the completion is this order.
var fields = [FieldCount]FieldInfo{
	FieldNone:           {name: "", help: "an attribute"},
	FieldDuration:       {"duration", []string{"span.duration", "span:duration"}, TypeDuration, expression.LevelSpan, expression.SpanFieldDuration, ScopeSpan, "how long the span took"},
	FieldService:        {"service", []string{"resource.service", "resource:service"}, TypeText, expression.LevelResource, expression.ResourceFieldService, ScopeResource, "the service that emitted the span"},
	FieldName:           {"name", []string{"operation", "span.name", "span:name"}, TypeText, expression.LevelSpan, expression.SpanFieldName, ScopeSpan, "the operation"},
	FieldError:          {"error", nil, TypeBool, "", "", ScopeSpan, "status error, or error tag: true or a message"},
	FieldStatus:         {"status", []string{"span.status", "span:status"}, TypeStatus, expression.LevelSpan, expression.SpanFieldStatus, ScopeSpan, "unset, ok or error"},
	FieldStatusMessage:  {"statusMessage", []string{"span.statusMessage", "span:statusMessage"}, TypeText, expression.LevelSpan, expression.SpanFieldStatusMessage, ScopeSpan, "the message of the status"},
	FieldKind:           {"kind", []string{"span.kind", "span:kind"}, TypeKind, expression.LevelSpan, expression.SpanFieldKind, ScopeSpan, "internal, server, client, producer or consumer"},
	FieldStart:          {"startTime", []string{"start", "span.startTime"}, TypeTime, expression.LevelSpan, expression.SpanFieldStartTime, ScopeSpan, "when the span started, as 2026-08-16T18:56:20Z"},
	FieldEnd:            {"endTime", []string{"end", "span.endTime"}, TypeTime, expression.LevelSpan, expression.SpanFieldEndTime, ScopeSpan, "when the span ended"},
	FieldTraceID:        {"trace.id", []string{"traceID", "trace:id", "span.traceID"}, TypeID, expression.LevelSpan, expression.SpanFieldTraceID, ScopeTrace, "the id of the trace"},
	FieldSpanID:         {"spanID", []string{"span:id", "span.spanID"}, TypeID, expression.LevelSpan, expression.SpanFieldSpanID, ScopeSpan, "the id of the span"},
	FieldParentID:       {"parentSpanID", []string{"span:parentID", "span.parentSpanID", "parent"}, TypeID, expression.LevelSpan, expression.SpanFieldParentSpanID, ScopeSpan, "the id of the parent, as exported"},
	FieldTraceState:     {"traceState", []string{"span.traceState"}, TypeText, expression.LevelSpan, expression.SpanFieldTraceState, ScopeSpan, "the W3C tracestate"},
	FieldResourceSchema: {"resource.schemaURL", nil, TypeText, expression.LevelResource, expression.ResourceFieldSchemaURL, ScopeResource, "the schema of the resource"},
	FieldScopeName:      {"scope.name", []string{"instrumentation:name", "instrumentation.name"}, TypeText, expression.LevelScope, expression.ScopeFieldName, ScopeInstrumentation, "the instrumentation library"},
	FieldScopeVersion:   {"scope.version", []string{"instrumentation:version", "instrumentation.version"}, TypeText, expression.LevelScope, expression.ScopeFieldVersion, ScopeInstrumentation, "the version of the instrumentation library"},
	FieldScopeSchema:    {"scope.schemaURL", nil, TypeText, expression.LevelScope, expression.ScopeFieldSchemaURL, ScopeInstrumentation, "the schema of the instrumentation scope"},
	FieldEventName:      {"event.name", []string{"event:name"}, TypeText, expression.LevelEvent, expression.EventFieldName, ScopeEvent, "the name of an event"},
	FieldEventTime:      {"event.time", nil, TypeTime, expression.LevelEvent, expression.EventFieldTime, ScopeEvent, "when an event happened"},
	FieldEventSince:     {"event.timeSinceStart", []string{"event:timeSinceStart"}, TypeDuration, expression.LevelEvent, expression.EventFieldTimeSinceStart, ScopeEvent, "how long after the span's start an event happened"},
	FieldLinkTrace:      {"link.traceID", []string{"link:traceID"}, TypeID, expression.LevelLink, expression.LinkFieldTraceID, ScopeLink, "the trace id of a link"},
	FieldLinkSpan:       {"link.spanID", []string{"link:spanID"}, TypeID, expression.LevelLink, expression.LinkFieldSpanID, ScopeLink, "the span id of a link"},
	FieldLinkState:      {"link.traceState", nil, TypeText, expression.LevelLink, expression.LinkFieldTraceState, ScopeLink, "the tracestate of a link"},
	FieldDepth:          {"depth", nil, TypeNumber, "", "", ScopeSpan, "ancestors of the span"},
	FieldChildren:       {"children", []string{"span:childCount", "childCount"}, TypeNumber, "", "", ScopeSpan, "direct children of the span"},
	FieldOrphan:         {"orphan", nil, TypeBool, "", "", ScopeSpan, "its parent is not in the file"},
	FieldNestedLeft:     {"nestedSetLeft", []string{"span:nestedSetLeft"}, TypeNumber, "", "", ScopeSpan, "where the span opens, counting what opens and closes in the tree from 1"},
	FieldNestedRight:    {"nestedSetRight", []string{"span:nestedSetRight"}, TypeNumber, "", "", ScopeSpan, "where the span closes, counted likewise"},
	FieldNestedParent:   {"nestedSetParent", []string{"span:nestedSetParent"}, TypeNumber, "", "", ScopeSpan, "nestedSetLeft of its parent; -1 of a root, 0 where the parent is not in the file"},
	FieldSelf:           {"self", nil, TypeDuration, "", "", ScopeDerived, "time that no child covers"},
	FieldCritical:       {"critical", nil, TypeBool, "", "", ScopeDerived, "on the critical path"},
	FieldFinding:        {"finding", nil, TypeFinding, "", "", ScopeDerived, "the detector whose evidence the span is"},
	FieldTraceDuration:  {"trace.duration", []string{"trace:duration", "traceDuration"}, TypeDuration, "", "", ScopeTrace, "duration of the root span (of all spans without one root)"},
	FieldTraceSpans:     {"trace.spans", nil, TypeNumber, "", "", ScopeTrace, "spans of the trace"},
	FieldTraceServices:  {"trace.services", nil, TypeNumber, "", "", ScopeTrace, "services of the trace"},
	FieldTraceErrors:    {"trace.errors", nil, TypeNumber, "", "", ScopeTrace, "failed spans of the trace"},
	FieldTraceStart:     {"trace.start", nil, TypeTime, "", "", ScopeTrace, "when the trace started"},
	FieldTraceEnd:       {"trace.end", nil, TypeTime, "", "", ScopeTrace, "when the trace ended"},
	FieldRootService:    {"root.service", []string{"trace:rootService", "rootServiceName"}, TypeText, "", "", ScopeTrace, "the service of the root span"},
	FieldRootName:       {"root.name", []string{"trace:rootName", "rootName"}, TypeText, "", "", ScopeTrace, "the operation of the root span"},
	FieldRootKind:       {"root.kind", nil, TypeKind, "", "", ScopeTrace, "the kind of the root span"},
	FieldRootStatus:     {"root.status", nil, TypeStatus, "", "", ScopeTrace, "the status of the root span"},
	FieldRootError:      {"root.error", nil, TypeBool, "", "", ScopeTrace, "the root span failed"},
	FieldRootDuration:   {"root.duration", nil, TypeDuration, "", "", ScopeTrace, "how long the root span took"},
}

// Info describes the field.
func (f Field) Info() *FieldInfo { return &fields[f] }

// fieldNamed returns the field with that spelling, fieldNone for none.
func fieldNamed(word string) Field {
	for f := FieldNone + 1; f < FieldCount; f++ {
		if fields[f].name == word || slices.Contains(fields[f].aliases, word) {
			return f
		}
	}
	return FieldNone
}

// FieldSpellings lists every spelling that starts with prefix.
func FieldSpellings(prefix string) []string {
	var names []string
	for f := FieldNone + 1; f < FieldCount; f++ {
		for _, name := range append([]string{fields[f].name}, fields[f].aliases...) {
			if strings.HasPrefix(name, prefix) {
				names = append(names, name)
			}
		}
	}
	return names
}

// Words are what a field of a closed vocabulary can hold; nil for an open one.
func (t FieldType) Words() []string {
	switch t {
	case TypeBool:
		return []string{"true", "false"}
	case TypeKind:
		return expression.SpanKinds()
	case TypeStatus:
		return expression.SpanStatuses()
	default:
		return nil
	}
}

// ordered reports whether < and > make sense between values of the type.
func (t FieldType) ordered() bool {
	return !slices.Contains([]FieldType{TypeBool, TypeKind, TypeStatus, TypeFinding, TypeID}, t)
}

// Textual reports whether =~ and ~ make sense for values of the type.
func (t FieldType) Textual() bool {
	return !slices.Contains([]FieldType{TypeDuration, TypeTime, TypeNumber, TypeBool}, t)
}

// countable reports whether one can calculate with a type.
func (t FieldType) countable() bool { return t == TypeAny || t == TypeNumber || t == TypeDuration }

// fits reports whether values of two types can be compared as far as their types go: whatever is stored fits.
func (t FieldType) fits(other FieldType) bool { return t == other || t == TypeAny || other == TypeAny }

// isWord reports whether a word is one of a closed vocabulary; true and false are constants everywhere.
func (t FieldType) isWord(word string) bool {
	return t != TypeBool && slices.Contains(t.Words(), word)
}
