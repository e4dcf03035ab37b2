package waterfall

import (
	"strings"

	"tracefall/views"
	"tracefall/views/draw"
)

// Status says where the cursor is, and what is counted, searched and zoomed.
func (w *Waterfall) Status(env *views.Env) (left, right string) {
	if w.st == nil {
		return "", ""
	}
	left = w.statusLeft(env)
	if notes := w.search.Notes.Texts(env, true); len(notes) > 0 {
		left = strings.Join(notes, draw.SegmentGap) + draw.SegmentGap + left // which is long and can be cut
	}
	return left, w.statusRight()
}

func (w *Waterfall) statusLeft(env *views.Env) string {
	r, ok := w.row()
	if !ok {
		return ""
	}
	t := w.st.t
	switch r.kind {
	case hiddenRow:
		return draw.CountNoun(int(r.end-r.span), "span", "spans") + " hidden" + w.hiddenBy()
	case groupRow:
		return draw.CountNoun(w.st.runs().starting(int(r.span)).n, "repeat", "repeats") + " in a row"
	case gapRow:
		g := w.st.gaps[r.end]
		return draw.Duration(g.to-g.from) + " in which nothing was recorded beneath " + rowText(t.Span(g.parent))
	case spanRow:
	}
	s := t.Span(int(r.span))
	if s.Synthetic() {
		return "no span of the export: it holds what has no parent"
	}
	parts := []string{
		"span " + draw.Count(s.Index()-t.First()+1) + " of " + draw.Count(t.SpanCount()),
		"starts " + draw.Offset(w.st.times.Start(s)-w.st.times.from),
	}
	if start := w.st.times.Start(s); env.Clock.Mode != views.ClockRelative {
		parts[1] += ", " + env.Clock.Time(start) + " " + env.Clock.ZoneName(start)
	}
	if by := w.st.times.moved(s.Index()); by != 0 {
		parts[1] += ", clock " + draw.Offset(by)
	}
	return strings.Join(append(parts, "depth "+draw.Count(s.Depth())), draw.SegmentGap)
}

func (w *Waterfall) statusRight() string {
	st := w.st
	var parts []string
	if st.matches != nil {
		parts = append(parts, w.ordinal(st.matches, "match", "matches"))
	}
	if st.index.errors.Total() > 0 {
		parts = append(parts, w.ordinal(st.index.errors, "error", "errors"))
	}
	if from, to := w.zoom.Window.From-st.times.from, w.zoom.Window.To-st.times.from; w.isZoomed() {
		parts = append(parts, "zoom "+draw.Duration(from)+"–"+draw.Duration(to))
	} else if st.wide {
		parts = append(parts, "all spans: "+draw.Duration(to-from))
	}
	if st.grouped && st.grouping() {
		parts = append(parts, "grouped")
	}
	if st.gapped {
		parts = append(parts, draw.CountNoun(len(st.gaps), "gap", "gaps"))
	}
	if text := w.path.mode.word(); text != "" && w.facts != nil {
		parts = append(parts, text)
	}
	if st.times.shift != nil {
		parts = append(parts, clocksAdjusted)
	}
	return strings.Join(parts, draw.SegmentGap)
}

// ordinal says which of the spans with a property the cursor is on, or how many there are.
func (w *Waterfall) ordinal(counts SpanCounts, one, many string) string {
	r, ok := w.row()
	if ok && r.kind == spanRow && counts.Has(int(r.span)) {
		return one + " " + draw.Count(int(counts[r.span])+1) + " of " + draw.Count(counts.Total())
	}
	return draw.CountNoun(counts.Total(), one, many)
}
