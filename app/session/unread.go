package session

import (
	"slices"

	"tracefall/sources/live"
	"tracefall/sources/trace"
)

// NotRead returns the rows of traces that backends listed and that were not read, the oldest first, as traces are.
func NotRead(requests []*Request) []live.Row {
	var rows []live.Row
	for _, r := range requests {
		if r.Answer != nil && r.Answer.Rest != nil {
			rows = append(rows, r.Answer.Rest.Rows...)
		}
	}
	slices.SortStableFunc(rows, func(a, b live.Row) int { return a.Window.From.Compare(b.Window.From) })
	return rows
}

// Known returns a function that reports whether a trace was read into a set, or listed by requests, up to now.
func Known(set *trace.Set, requests []*Request) func(trace.TraceID) bool {
	listed := map[trace.TraceID]bool{}
	for _, row := range NotRead(requests) {
		listed[row.ID] = true
	}
	return func(id trace.TraceID) bool { return listed[id] || set != nil && set.Find(id) != nil }
}

// Outdated returns the traces of a set that an answer with rows leaves no place for: those that ended before its window, and
// those that have more spans by now than were read.
func (r *Request) Outdated(set *trace.Set) (ids []trace.TraceID) {
	spans := map[trace.TraceID]int{}
	for _, row := range NotRead([]*Request{r}) {
		spans[row.ID] = row.Spans
	}
	for i := range set.Len() {
		t := set.Trace(i)
		if _, end := t.Extent(); end < r.Window.From.UnixNano() || spans[t.ID()] > t.SpanCount() {
			ids = append(ids, t.ID())
		}
	}
	return ids
}
