package waterfall

import (
	"slices"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/timeline"
	"tracefall/views/tree"
)

// view is what moving, folding and zooming change: the rows of a trace, the cursor in them, and the time window.
type view struct {
	rows  *rows             // nil without a trace
	stems map[string]string // of services of the trace's set, where there is no room for their names
	tree  tree.Tree
	zoom  timeline.Zoom
	logs  logs
}

// Trace returns the trace that is shown, nil for none.
func (v *view) Trace() *trace.Trace {
	if v.rows == nil {
		return nil
	}
	return v.rows.t
}

// row returns the row under the cursor.
func (v *view) row() (row, bool) {
	if v.rows == nil {
		return row{}, false
	}
	return v.rows.at(v.tree.Row)
}

// Selected returns the span under the cursor, -1 where that is no span of its own: a group, or what the filter
// hides, or no trace at all.
func (v *view) Selected() int {
	if r, ok := v.row(); ok && r.kind == spanRow {
		return int(r.span)
	}
	return -1
}

// Select puts the cursor on a span, opening what it is hidden in.
func (v *view) Select(span int) {
	if v.rows == nil || span < 0 || span >= v.rows.t.Len() {
		return
	}
	if v.rows.openAround(span) {
		v.rows.build()
	}
	v.tree.Reach(v.rows.find(span, spanRow))
}

// ToFirstMatch puts the cursor on the first match, where there is one.
func (v *view) ToFirstMatch() {
	if v.rows == nil || v.rows.matches == nil {
		return
	}
	v.Select(v.rows.matches.Next(-1))
}

// FoldBelow folds every span of a depth and more; the first span has depth 0.
func (v *view) FoldBelow(depth int) {
	if v.rows == nil {
		return
	}
	v.rows.OpenAll()
	var deep []int
	for i := range v.rows.t.Len() {
		if v.rows.t.Span(i).Depth() >= depth {
			deep = append(deep, i)
		}
	}
	v.FoldSpans(deep)
}

// Folded returns the spans that are folded, in order.
func (v *view) Folded() []int {
	if v.rows == nil {
		return nil
	}
	return slices.Collect(v.rows.folded.All(0, v.rows.t.Len()))
}

// FoldSpans folds these spans and no others. Those that have nothing beneath them are left out.
func (v *view) FoldSpans(spans []int) {
	if v.rows == nil {
		return
	}
	clear(v.rows.folded)
	for _, i := range spans {
		if i >= 0 && i < v.rows.t.Len() && v.rows.t.End(i) > i+1 {
			v.rows.folded.Add(i)
		}
	}
	v.tree.Rebuild()
}

// jump goes to the next or previous span with a property, opening what it is hidden in.
func (v *view) jump(name string, counts tree.Counts, forward bool) views.Action {
	r, _ := v.row()
	at := int(r.span)
	if r.kind != spanRow && forward {
		at-- // a group or hidden range lies before its first span
	}
	to, said := counts.Jump(at, forward, name)
	v.Select(to)
	return views.Tell(said)
}

// carryOver takes the state of looking over from an older load of the trace; spans are known by their ids.
func (v *view) carryOver(old *rows) {
	zoomed := v.zoom.Window != old.whole()
	v.setWide(old.wide && v.rows.hasOutside())
	window := v.zoom.Window
	if !zoomed {
		window = v.rows.whole()
	}
	v.zoom.Set(window, v.rows.whole())
	v.rows.grouped, v.rows.gapped = old.grouped, old.gapped
	at, _ := old.at(v.tree.Row)
	folded, open := idsOf(old.t, old.folded), idsOf(old.t, old.open)
	cursorID, cursorSpan := old.t.Span(old.spanOf(at)).ID(), 0
	for i := v.rows.t.First(); i < v.rows.t.Len(); i++ {
		id := v.rows.t.Span(i).ID()
		if folded[id] {
			v.rows.folded.Add(i)
		}
		if open[id] {
			v.rows.open.Add(i)
		}
		if id == cursorID {
			cursorSpan = i
		}
	}
	screen := v.tree.Row - v.tree.Top
	v.rows.build()
	v.tree.Row = v.rows.find(cursorSpan, at.kind)
	v.tree.Top = v.tree.Row - screen
}

// idsOf returns the ids of the spans of a set that have something beneath them or might have it, nil for none.
func idsOf(t *trace.Trace, set tree.Set) map[trace.SpanID]bool {
	var ids map[trace.SpanID]bool
	for i := range set.All(t.First(), t.Len()) {
		if ids == nil {
			ids = map[trace.SpanID]bool{}
		}
		ids[t.Span(i).ID()] = true
	}
	return ids
}

// setWide lets the window move in the time of all spans, or only in the trace's window.
func (v *view) setWide(wide bool) {
	if v.rows.wide == wide {
		return
	}
	v.rows.wide = wide
	v.rows.index = indexTrace(v.rows.t, v.rows.times, v.rows.whole())
}

// resetZoom shows the trace's window, or the time of all spans.
func (v *view) resetZoom(wide bool) {
	v.setWide(wide)
	v.zoom.Set(v.rows.whole(), v.rows.whole())
}

func (v *view) isZoomed() bool { return v.zoom.Window != v.rows.whole() }

// change changes the window. Where the trace's window is reset to while it is on screen, the time of all spans is shown;
// it is, too, where the span to zoom to lies outside.
func (v *view) change(step timeline.Step) {
	if step == timeline.Reset {
		v.resetZoom(!v.rows.wide && !v.isZoomed() && v.rows.hasOutside())
		return
	}
	r, _ := v.row()
	to := timeline.Target{At: v.rows.extent(r)}
	r.indent = 0 // the row is the same at any depth
	to.What = r
	if whole := v.rows.whole(); step == timeline.ToSpan && (to.At.From >= whole.To || to.At.To <= whole.From) {
		v.setWide(true)
	}
	v.zoom.Do(step, to, v.rows.whole())
}

// whyNotZoom tells why the window cannot be changed that way, "" when it can.
func (v *view) whyNotZoom(step timeline.Step) string {
	outside := v.rows.hasOutside()
	if step == timeline.Reset && (v.rows.wide || outside) {
		return ""
	}
	reason := v.zoom.Why(step, v.rows.whole())
	if reason != "" && step != timeline.In && !v.rows.wide && outside {
		return "the axis is the root span's extent; reset zoom shows all spans"
	}
	return reason
}
