package waterfall

import (
	"cmp"
	"slices"
	"sort"

	"tracefall/sources/logline"
	"tracefall/sources/trace"
	"tracefall/views/tree"
)

// logs are the lines that were logged during a trace, as marks on the bars of its spans.
type logs struct {
	of    trace.TraceID
	lines []logline.Line
	marks []logMark // by span, those of one span by time
}

// logMark is a line at its time, on the span that logged it; on the first one where the line names no span of the trace.
type logMark struct {
	span     uint32
	severity logline.Severity
	time     int64 // ns since the epoch
}

// SetLogs takes what was logged during a trace: its bars get a mark for each line.
func (v *view) SetLogs(t *trace.Trace, lines []logline.Line) {
	v.logs = logs{of: t.ID(), lines: lines}
	if v.rows != nil {
		v.logs.join(v.rows.t)
	}
}

// join makes the marks of a trace: none for another one than that of the lines. It may have been loaded anew.
func (l *logs) join(t *trace.Trace) {
	l.marks = nil
	if len(l.lines) == 0 || t.ID() != l.of {
		return
	}
	wanted := make(map[trace.SpanID]uint32, len(l.lines))
	for n := range l.lines {
		wanted[l.lines[n].Span] = 0
	}
	for i := t.First(); i < t.Len(); i++ {
		if id := t.Span(i).ID(); !id.IsZero() {
			if _, ok := wanted[id]; ok {
				wanted[id] = uint32(i)
			}
		}
	}
	l.marks = make([]logMark, len(l.lines))
	for n, line := range l.lines {
		l.marks[n] = logMark{wanted[line.Span], line.Severity, line.Time}
	}
	slices.SortStableFunc(l.marks, func(a, b logMark) int { return cmp.Or(cmp.Compare(a.span, b.span), cmp.Compare(a.time, b.time)) })
}

// on returns the marks of the spans from..to-1.
func (l *logs) on(from, to int) []logMark {
	at := func(span int) int {
		return sort.Search(len(l.marks), func(k int) bool { return int(l.marks[k].span) >= span })
	}
	return l.marks[at(from):at(to)]
}

// logged returns the end of the spans whose log lines a row shows: all beneath a closed one, none of an open group.
func (r *rows) logged(at row) int {
	switch state := r.state(at); {
	case state == tree.Folded:
		return int(at.end)
	case at.kind == groupRow:
		return int(at.span)
	}
	return int(at.span) + 1
}
