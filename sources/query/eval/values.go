package eval

import (
	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// A reading gives the value of a field for a span, or for the event or link in question.
type reading[T any] func(m *machine, s trace.Span) T

// flags are how to read the fields that are true or false.
var flags = map[query.Field]reading[bool]{
	query.FieldError:     func(_ *machine, s trace.Span) bool { return s.Error() },
	query.FieldOrphan:    func(_ *machine, s trace.Span) bool { return s.Has(trace.FlagOrphan) },
	query.FieldCritical:  func(m *machine, s trace.Span) bool { return m.criticalSpans()[s.Index()] },
	query.FieldRootError: func(m *machine, _ trace.Span) bool { return m.t.Root().Error() },
}

// quantities are how to read durations in nanoseconds, times in nanoseconds since the epoch, and counts.
var quantities = map[query.Field]reading[int64]{
	query.FieldDuration:   func(_ *machine, s trace.Span) int64 { return s.Duration() },
	query.FieldStart:      func(_ *machine, s trace.Span) int64 { return s.Start() },
	query.FieldEnd:        func(_ *machine, s trace.Span) int64 { return s.Finish() },
	query.FieldEventTime:  func(m *machine, _ trace.Span) int64 { return m.event.Time() },
	query.FieldEventSince: func(m *machine, s trace.Span) int64 { return m.event.Time() - s.Start() },
	query.FieldDepth:      func(m *machine, s trace.Span) int64 { return int64(s.Depth() - m.t.First()) },
	query.FieldChildren:   func(m *machine, s trace.Span) int64 { return int64(m.childCounts()[s.Index()]) },
	query.FieldNestedLeft: func(m *machine, s trace.Span) int64 { return m.nestedLeft(s.Index()) },
	query.FieldNestedRight: func(m *machine, s trace.Span) int64 {
		return m.nestedLeft(s.Index()) + 2*int64(m.t.End(s.Index())-s.Index()) - 1
	},
	query.FieldNestedParent: func(m *machine, s trace.Span) int64 {
		if p := m.t.Parent(s.Index()); p >= m.t.First() {
			return m.nestedLeft(p)
		}
		if s.ParentID().IsZero() {
			return -1
		}
		return 0
	},
	query.FieldSelf:          func(m *machine, s trace.Span) int64 { return m.selfTimes()[s.Index()] },
	query.FieldTraceDuration: func(m *machine, _ trace.Span) int64 { return m.t.Duration() },
	query.FieldTraceSpans:    func(m *machine, _ trace.Span) int64 { return int64(m.t.SpanCount()) },
	query.FieldTraceServices: func(m *machine, _ trace.Span) int64 { return int64(m.t.Services()) },
	query.FieldTraceErrors:   func(m *machine, _ trace.Span) int64 { return int64(m.t.Errors()) },
	query.FieldTraceStart:    func(m *machine, _ trace.Span) int64 { return m.t.Start() },
	query.FieldTraceEnd:      func(m *machine, _ trace.Span) int64 { return m.t.Finish() },
	query.FieldRootDuration:  func(m *machine, _ trace.Span) int64 { return m.t.Root().Duration() },
}

// texts are how to read the fields that hold text, an id or a word of a closed vocabulary; "" where there is none. A text
// is valid until the next is read.
var texts = map[query.Field]reading[string]{
	query.FieldStatusMessage: func(_ *machine, s trace.Span) string { return s.StatusMessage() },
	query.FieldTraceState:    func(_ *machine, s trace.Span) string { return s.TraceState() },
	query.FieldTraceID:       func(m *machine, _ trace.Span) string { return m.t.ID().String() },
	query.FieldSpanID:        func(m *machine, s trace.Span) string { return m.idText(s.ID()) },
	query.FieldParentID: func(m *machine, s trace.Span) string {
		if id := s.ParentID(); !id.IsZero() {
			return m.idText(id)
		}
		return ""
	},
	query.FieldScopeName:    func(_ *machine, s trace.Span) string { return s.Scope().Name() },
	query.FieldScopeVersion: func(_ *machine, s trace.Span) string { return s.Scope().Version() },
	query.FieldEventName:    func(m *machine, _ trace.Span) string { return m.event.Name() },
	query.FieldLinkTrace:    func(m *machine, _ trace.Span) string { return m.link.TraceID().String() },
	query.FieldLinkSpan:     func(m *machine, _ trace.Span) string { return m.idText(m.link.SpanID()) },
	query.FieldLinkState:    func(m *machine, _ trace.Span) string { return m.link.TraceState() },
	query.FieldName:         func(_ *machine, s trace.Span) string { return s.Name() },
	query.FieldService:      func(_ *machine, s trace.Span) string { return s.Service() },
	query.FieldKind:         func(_ *machine, s trace.Span) string { return s.Kind().String() },
	query.FieldStatus:       func(_ *machine, s trace.Span) string { return s.Status().String() },
	query.FieldRootService:  func(m *machine, _ trace.Span) string { return m.t.Root().Service() },
	query.FieldRootName:     func(m *machine, _ trace.Span) string { return m.t.Root().Name() },
	query.FieldRootKind:     func(m *machine, _ trace.Span) string { return m.t.Root().Kind().String() },
	query.FieldRootStatus:   func(m *machine, _ trace.Span) string { return m.t.Root().Status().String() },
}
