package query

import (
	"strings"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// field names a value that a span, its trace or the analysis carries, as opposed to an attribute.
type field uint8

const (
	fieldNone field = iota // an attribute
	fieldDuration
	fieldService
	fieldName
	fieldError
	fieldStatus
	fieldStatusMessage
	fieldKind
	fieldStart
	fieldEnd
	fieldTraceID
	fieldSpanID
	fieldParentID
	fieldTraceState
	fieldResourceSchema
	fieldScopeName
	fieldScopeVersion
	fieldScopeSchema
	fieldEventName
	fieldEventTime
	fieldEventSince
	fieldLinkTrace
	fieldLinkSpan
	fieldLinkState
	fieldDepth
	fieldChildren
	fieldOrphan
	fieldNestedLeft
	fieldNestedRight
	fieldNestedParent
	fieldSelf
	fieldCritical
	fieldFinding
	fieldTraceDuration
	fieldTraceSpans
	fieldTraceServices
	fieldTraceErrors
	fieldTraceStart
	fieldTraceEnd
	fieldRootService
	fieldRootName
	fieldRootKind
	fieldRootStatus
	fieldRootError
	fieldRootDuration
	fieldCount
)

// fieldType is what a field holds, and so how a constant beside it is read.
type fieldType uint8

const (
	typeAny fieldType = iota // an attribute: whatever is stored
	typeText
	typeID
	typeDuration
	typeTime
	typeNumber
	typeBool
	typeKind
	typeStatus
	typeFinding
)

// typeNames say what a value of the type is, for messages.
var typeNames = [...]string{"a value", "text", "an id", "a duration", "a time", "a number", "true or false", "a span kind", "a status", "a finding"}

// fieldInfo describes a field.
type fieldInfo struct {
	name    string   // canonical spelling, without the level where that is the span's
	aliases []string // other spellings, TraceQL's and Jaeger's among them
	typ     fieldType
	level   expression.Level // where in Jaeger's vocabulary; "" where it is not in it
	jaeger  string
	scope   fieldScope
	help    string
}

// fieldScope says of what a field is a value.
type fieldScope uint8

const (
	scopeSpan fieldScope = iota
	scopeResource
	scopeInstrumentation
	scopeEvent
	scopeLink
	scopeTrace
	scopeDerived // supplied by the analysis, per span
)

// fields is every field, by number. The order within the help and the completion is this order.
var fields = [fieldCount]fieldInfo{
	fieldNone:           {name: "", help: "an attribute"},
	fieldDuration:       {"duration", []string{"span.duration", "span:duration"}, typeDuration, expression.LevelSpan, expression.SpanFieldDuration, scopeSpan, "how long the span took"},
	fieldService:        {"service", []string{"resource.service", "resource:service"}, typeText, expression.LevelResource, expression.ResourceFieldService, scopeResource, "the service that emitted the span"},
	fieldName:           {"name", []string{"operation", "span.name", "span:name"}, typeText, expression.LevelSpan, expression.SpanFieldName, scopeSpan, "the operation"},
	fieldError:          {"error", nil, typeBool, "", "", scopeSpan, "status error, or a tag error that is true or a message"},
	fieldStatus:         {"status", []string{"span.status", "span:status"}, typeStatus, expression.LevelSpan, expression.SpanFieldStatus, scopeSpan, "unset, ok or error"},
	fieldStatusMessage:  {"statusMessage", []string{"span.statusMessage", "span:statusMessage"}, typeText, expression.LevelSpan, expression.SpanFieldStatusMessage, scopeSpan, "the message of the status"},
	fieldKind:           {"kind", []string{"span.kind", "span:kind"}, typeKind, expression.LevelSpan, expression.SpanFieldKind, scopeSpan, "internal, server, client, producer or consumer"},
	fieldStart:          {"startTime", []string{"start", "span.startTime"}, typeTime, expression.LevelSpan, expression.SpanFieldStartTime, scopeSpan, "when the span started, as 2026-08-16T18:56:20Z"},
	fieldEnd:            {"endTime", []string{"end", "span.endTime"}, typeTime, expression.LevelSpan, expression.SpanFieldEndTime, scopeSpan, "when the span ended"},
	fieldTraceID:        {"trace.id", []string{"traceID", "trace:id", "span.traceID"}, typeID, expression.LevelSpan, expression.SpanFieldTraceID, scopeTrace, "the id of the trace"},
	fieldSpanID:         {"spanID", []string{"span:id", "span.spanID"}, typeID, expression.LevelSpan, expression.SpanFieldSpanID, scopeSpan, "the id of the span"},
	fieldParentID:       {"parentSpanID", []string{"span:parentID", "span.parentSpanID", "parent"}, typeID, expression.LevelSpan, expression.SpanFieldParentSpanID, scopeSpan, "the id of the parent, as exported"},
	fieldTraceState:     {"traceState", []string{"span.traceState"}, typeText, expression.LevelSpan, expression.SpanFieldTraceState, scopeSpan, "the W3C tracestate"},
	fieldResourceSchema: {"resource.schemaURL", nil, typeText, expression.LevelResource, expression.ResourceFieldSchemaURL, scopeResource, "the schema of the resource"},
	fieldScopeName:      {"scope.name", []string{"instrumentation:name", "instrumentation.name"}, typeText, expression.LevelScope, expression.ScopeFieldName, scopeInstrumentation, "the instrumentation library"},
	fieldScopeVersion:   {"scope.version", []string{"instrumentation:version", "instrumentation.version"}, typeText, expression.LevelScope, expression.ScopeFieldVersion, scopeInstrumentation, "its version"},
	fieldScopeSchema:    {"scope.schemaURL", nil, typeText, expression.LevelScope, expression.ScopeFieldSchemaURL, scopeInstrumentation, "the schema of the instrumentation scope"},
	fieldEventName:      {"event.name", []string{"event:name"}, typeText, expression.LevelEvent, expression.EventFieldName, scopeEvent, "the name of an event"},
	fieldEventTime:      {"event.time", nil, typeTime, expression.LevelEvent, expression.EventFieldTime, scopeEvent, "when an event happened"},
	fieldEventSince:     {"event.timeSinceStart", []string{"event:timeSinceStart"}, typeDuration, expression.LevelEvent, expression.EventFieldTimeSinceStart, scopeEvent, "how long after the span's start an event happened"},
	fieldLinkTrace:      {"link.traceID", []string{"link:traceID"}, typeID, expression.LevelLink, expression.LinkFieldTraceID, scopeLink, "the trace that a link points to"},
	fieldLinkSpan:       {"link.spanID", []string{"link:spanID"}, typeID, expression.LevelLink, expression.LinkFieldSpanID, scopeLink, "the span that a link points to"},
	fieldLinkState:      {"link.traceState", nil, typeText, expression.LevelLink, expression.LinkFieldTraceState, scopeLink, "the tracestate of a link"},
	fieldDepth:          {"depth", nil, typeNumber, "", "", scopeSpan, "ancestors of the span"},
	fieldChildren:       {"children", []string{"span:childCount", "childCount"}, typeNumber, "", "", scopeSpan, "direct children of the span"},
	fieldOrphan:         {"orphan", nil, typeBool, "", "", scopeSpan, "its parent is not in the file"},
	fieldNestedLeft:     {"nestedSetLeft", []string{"span:nestedSetLeft"}, typeNumber, "", "", scopeSpan, "where the span opens, counting what opens and closes in the tree from 1"},
	fieldNestedRight:    {"nestedSetRight", []string{"span:nestedSetRight"}, typeNumber, "", "", scopeSpan, "where the span closes, counted likewise"},
	fieldNestedParent:   {"nestedSetParent", []string{"span:nestedSetParent"}, typeNumber, "", "", scopeSpan, "nestedSetLeft of its parent; -1 of a root, 0 where the parent is not in the file"},
	fieldSelf:           {"self", nil, typeDuration, "", "", scopeDerived, "time that no child covers"},
	fieldCritical:       {"critical", nil, typeBool, "", "", scopeDerived, "on the critical path"},
	fieldFinding:        {"finding", nil, typeFinding, "", "", scopeDerived, "the detector whose evidence the span is"},
	fieldTraceDuration:  {"trace.duration", []string{"trace:duration", "traceDuration"}, typeDuration, "", "", scopeTrace, "duration of the root span (of all spans where there is no single root)"},
	fieldTraceSpans:     {"trace.spans", nil, typeNumber, "", "", scopeTrace, "spans of the trace"},
	fieldTraceServices:  {"trace.services", nil, typeNumber, "", "", scopeTrace, "services of the trace"},
	fieldTraceErrors:    {"trace.errors", nil, typeNumber, "", "", scopeTrace, "failed spans of the trace"},
	fieldTraceStart:     {"trace.start", nil, typeTime, "", "", scopeTrace, "when the trace started"},
	fieldTraceEnd:       {"trace.end", nil, typeTime, "", "", scopeTrace, "when the trace ended"},
	fieldRootService:    {"root.service", []string{"trace:rootService", "rootServiceName"}, typeText, "", "", scopeTrace, "the service of the root span"},
	fieldRootName:       {"root.name", []string{"trace:rootName", "rootName"}, typeText, "", "", scopeTrace, "the operation of the root span"},
	fieldRootKind:       {"root.kind", nil, typeKind, "", "", scopeTrace, "the kind of the root span"},
	fieldRootStatus:     {"root.status", nil, typeStatus, "", "", scopeTrace, "the status of the root span"},
	fieldRootError:      {"root.error", nil, typeBool, "", "", scopeTrace, "the root span failed"},
	fieldRootDuration:   {"root.duration", nil, typeDuration, "", "", scopeTrace, "how long the root span took"},
}

func (f field) info() *fieldInfo { return &fields[f] }

// fieldNamed returns the field with that spelling, fieldNone for none.
func fieldNamed(word string) field {
	for f := fieldNone + 1; f < fieldCount; f++ {
		if fields[f].name == word {
			return f
		}
		for _, alias := range fields[f].aliases {
			if alias == word {
				return f
			}
		}
	}
	return fieldNone
}

// fieldSpellings lists every spelling that starts with prefix.
func fieldSpellings(prefix string) []string {
	var names []string
	for f := fieldNone + 1; f < fieldCount; f++ {
		for _, name := range append([]string{fields[f].name}, fields[f].aliases...) {
			if strings.HasPrefix(name, prefix) {
				names = append(names, name)
			}
		}
	}
	return names
}

// words are what a field of a closed vocabulary can hold; nil for an open one.
func (t fieldType) words() []string {
	switch t {
	case typeBool:
		return []string{"true", "false"}
	case typeKind:
		return expression.SpanKinds()
	case typeStatus:
		return expression.SpanStatuses()
	default:
		return nil
	}
}

// ordered tells whether < and > make sense between values of the type.
func (t fieldType) ordered() bool {
	switch t {
	case typeBool, typeKind, typeStatus, typeFinding, typeID:
		return false
	default:
		return true
	}
}

// textual tells whether =~ and ~ make sense for values of the type.
func (t fieldType) textual() bool {
	switch t {
	case typeAny, typeText, typeID, typeKind, typeStatus, typeFinding:
		return true
	default:
		return false
	}
}

// ref is what a term asks about: a field, or an attribute of a level.
type ref struct {
	field field
	level expression.Level // of an attribute; "" searches the span and its resource
	key   string           // of an attribute

	instead field // of an attribute whose name stands for a field too: see twin.go
	parent  bool  // of the span's parent; within { } only
}

func (r ref) typ() fieldType { return r.field.info().typ }

// element returns the level of which a span has many, LevelEvent or LevelLink, or "".
func (r ref) element() expression.Level {
	level := r.level
	if r.field != fieldNone {
		level = r.field.info().level
	}
	if level == expression.LevelEvent || level == expression.LevelLink {
		return level
	}
	return ""
}
