package views

import (
	"strings"

	"tracefall/views/draw"
)

// Status says where the cursor is, and what is counted, searched and zoomed.
func (w *Waterfall) Status(env *Env) (left, right string) {
	if w.st == nil {
		return "", ""
	}
	left = w.statusLeft(env)
	if notes := w.search.notes.lines(env, true); len(notes) > 0 {
		left = strings.Join(notes, segmentGap) + segmentGap + left // which is long and can be cut
	}
	return left, w.statusRight()
}

func (w *Waterfall) statusLeft(env *Env) string {
	r, ok := w.row()
	if !ok {
		return ""
	}
	t := w.st.t
	switch r.kind {
	case hiddenRow:
		return countNoun(int(r.end-r.span), "span", "spans") + " hidden by the filter"
	case groupRow:
		return countNoun(w.st.repeats.starting(int(r.span)).n, "repeat", "repeats") + " in a row"
	case spanRow:
	}
	s := t.Span(int(r.span))
	if s.Synthetic() {
		return "no span of the export: it holds what has no parent"
	}
	parts := []string{
		"span " + draw.Count(s.Index()-t.First()+1) + " of " + draw.Count(t.SpanCount()),
		"starts +" + draw.Duration(s.Start()-t.Start()),
	}
	if env.Clock.Mode != ClockRelative {
		parts[1] += ", " + env.Clock.Time(s.Start()) + " " + env.Clock.ZoneName(s.Start())
	}
	return strings.Join(append(parts, "depth "+draw.Count(s.Depth())), segmentGap)
}

func (w *Waterfall) statusRight() string {
	st := w.st
	var parts []string
	if st.matches != nil {
		parts = append(parts, w.ordinal(st.matches, "match", "matches"))
	}
	if st.index.errors.total() > 0 {
		parts = append(parts, w.ordinal(st.index.errors, "error", "errors"))
	}
	if w.isZoomed() {
		from, to := w.window.from-st.t.Start(), w.window.to-st.t.Start()
		parts = append(parts, "zoom "+draw.Duration(from)+"–"+draw.Duration(to))
	}
	if st.grouping() {
		parts = append(parts, "grouped")
	}
	return strings.Join(parts, segmentGap)
}

// ordinal says which of the spans with a property the cursor is on, or how many there are.
func (w *Waterfall) ordinal(counts spanCounts, one, many string) string {
	r, ok := w.row()
	if ok && r.kind == spanRow && counts.has(int(r.span)) {
		return one + " " + draw.Count(int(counts[r.span])+1) + " of " + draw.Count(counts.total())
	}
	return countNoun(counts.total(), one, many)
}
