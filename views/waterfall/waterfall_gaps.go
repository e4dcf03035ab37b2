package waterfall

import (
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// showGaps shows or hides the rows for time without a span.
func (w *Waterfall) showGaps() views.Action {
	w.st.gapped = !w.st.gapped
	w.rebuild()
	if !w.st.gapped {
		return views.Say{Text: "gaps are hidden"}
	}
	least := draw.Duration(leastGap)
	if len(w.st.gaps) == 0 {
		w.st.gapped = false
		return views.Say{Text: "no gap of " + least + " or more: some span runs beneath every parent"}
	}
	return views.Say{Text: draw.CountNoun(len(w.st.gaps), "gap", "gaps") + " of " + least + " or more in which nothing was recorded"}
}

// drawGap draws a time without a span: its length, and dots where it lies.
func (w *Waterfall) drawGap(names, bars, durs draw.Area, r waterRow, theme *style.Theme) {
	g, dots := w.st.gaps[r.end], theme.Glyphs.Dot+theme.Glyphs.Dot+theme.Glyphs.Dot
	took := draw.Duration(g.to - g.from)
	x := w.drawIndent(names, r, theme) + 2
	text := dots + " " + took + " without a span " + dots
	if x+draw.Width(text) > names.W() {
		text = dots + " " + took
	}
	names.TextEllipsis(x, 0, max(names.W()-x, 0), text, theme.Dim)
	if scale := w.scale(); scale.Contains(g.from, g.to) {
		for c := scale.Cell(g.from); c <= scale.Cell(g.to-1); c++ {
			bars.Text(c, 0, theme.Glyphs.Dot, theme.Dim)
		}
	}
	durs.TextRight(0, 0, durs.W(), took, theme.Dim)
}
