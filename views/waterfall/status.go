package waterfall

import (
	"strings"

	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/tree"
)

// status says where the cursor is, and what is counted, searched and zoomed.
func (f *frame) status() (left, right string) {
	if r, ok := f.view.row(); ok {
		left = f.place(r)
	}
	return left, strings.Join(f.counts(f.Selected()), draw.SegmentGap)
}

// place says where a row is.
func (f *frame) place(r row) string {
	t, times := f.rows.t, f.rows.times
	switch r.kind {
	case hiddenRow:
		return draw.Amount(f.rows.spansIn(int(r.span), int(r.end)), "span") + " hidden" + f.rows.hiddenBy()
	case groupRow:
		return f.groupText(r)
	case gapRow:
		g := f.rows.gaps[r.end]
		return "gap " + draw.Duration(g.To-g.From) + " (uninstrumented) in " + rowText(t.Span(g.parent))
	case spanRow:
	}
	s := t.Span(int(r.span))
	if s.Synthetic() {
		return "not a span: holds the spans without a parent"
	}
	start, clock := times.start(s), f.env.Clock
	when := "start +0 s"
	if start != times.from {
		when = "start " + draw.Offset(start-times.from)
	}
	if s.Untimed() {
		when = "time " + views.Unknown
	} else if by := times.moved(s.Index()); by != 0 {
		when += ", clock " + draw.Offset(by)
	} else if clock.Mode != views.ClockRelative && start != 0 {
		when += draw.SegmentGap + clock.Time(start)
	}
	return "span " + draw.Count(s.Index()-t.First()+1) + " of " + draw.Count(t.SpanCount()) + draw.SegmentGap + when
}

// groupText says how many calls a group is, and how many of them failed.
func (f *frame) groupText(r row) string {
	g, does := f.rows.runs().starting(int(r.span)), "expands"
	if f.rows.state(r) == tree.Open {
		does = "collapses"
	}
	text := draw.Amount(g.n, "call")
	if g.failed > 0 {
		text += ", " + draw.Count(g.failed) + " failed"
	}
	if hint := f.hintTo(views.Fold, does); hint != "" {
		text += draw.SegmentGap + hint
	}
	return text
}

// counts says what is counted, searched and zoomed; span is the one under the cursor, -1 for none.
func (f *frame) counts(span int) []string {
	v := f.rows
	var parts []string
	if v.matches != nil {
		parts = append(parts, v.matches.Words(span, "match", "matches"))
	}
	if v.index.errors.Total() > 0 {
		parts = append(parts, v.index.errors.Words(span, "error", "errors"))
	}
	if window := f.zoom.Window; f.isZoomed() {
		parts = append(parts, "zoom "+window.Text(v.times.from))
	} else if v.wide {
		parts = append(parts, "all spans: "+draw.Duration(window.To-window.From))
	}
	if v.grouped && v.runs() != nil {
		parts = append(parts, "grouped")
	}
	if v.gapped {
		parts = append(parts, draw.Amount(len(v.gaps), "gap"))
	}
	if text := f.pathIs.word(); text != "" {
		parts = append(parts, text)
	}
	return parts
}

// rowText is a span in one line, to be pasted into a chat.
func rowText(s trace.Span) string {
	text := secrets.SpanName(s)
	if service := secrets.ServiceName(s); service != "" {
		text = service + " " + text
	}
	text += " " + draw.Duration(s.Duration())
	if s.Error() {
		text += " error"
	}
	return draw.Clean(text)
}
