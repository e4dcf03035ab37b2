package importreport

import (
	"cmp"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// mostMeasured is how many traces, the worst, say how wide the columns are: to measure a million takes seconds.
const mostMeasured = 1000

// Sizes, in cells.
const (
	rootEnough   = 27 // for the root of a trace, before what is wrong with it is told at length
	qualityLeast = 40 // for "file truncated (trace may be incomplete)"
)

// traceColumns is how wide the columns of the traces with blemishes are: their ids, their roots, and what is wrong with them.
type traceColumns struct{ id, root, wrong int }

// columnsOf places the columns into a line of so many cells. Roots have what the longest of the other texts leaves them.
func columnsOf(set *trace.Set, bad []uint32, width int) traceColumns {
	c := traceColumns{id: 9}
	if width >= 120 {
		c.id = 32
	}
	width -= c.id + 2
	bad = bad[:min(len(bad), mostMeasured)]
	root, wrong := 0, 0
	for _, n := range bad {
		root = max(root, draw.Width(views.RootText(set.Trace(int(n))))+2) // the sign of an orphan
	}
	c.root = min(root, max(width/3, min(rootEnough, width-qualityLeast-2)))
	c.wrong = width - c.root - 2
	for _, n := range bad {
		wrong = max(wrong, draw.Width(qualityText(views.QualityWords(set.Trace(int(n)).Quality()), c.wrong)))
	}
	more := max(min(c.wrong-wrong, root-c.root), 0)
	c.root, c.wrong = c.root+more, c.wrong-more
	return c
}

// drawTrace draws a trace with blemishes: its id, its root, and what is wrong with it.
func (c traceColumns) drawTrace(a draw.Area, t *trace.Trace, theme *style.Theme) {
	id := t.ID().String()
	if c.id < len(id) {
		id = views.ShortID(t.ID())
	}
	a.TextEllipsis(0, 0, c.id, id, theme.Dim)
	views.DrawRoot(a.Sub(c.id+2, 0, c.root, 1), t, theme)
	a.TextEllipsis(c.id+c.root+4, 0, c.wrong, qualityText(views.QualityWords(t.Quality()), c.wrong), theme.Text)
}

// qualityText says what is wrong with a trace in so many cells: where there is no room explanations in brackets go, then the
// least grave, which are counted.
func qualityText(words []string, width int) string {
	texts := []string{joined(words)}
	short := make([]string, len(words))
	for n, word := range words {
		short[n] = draw.WithoutBrackets(word)
	}
	for n := len(short); n > 0; n-- {
		text := joined(short[:n])
		if more := len(short) - n; more > 0 {
			text += ", +" + draw.Count(more) + " more"
		}
		texts = append(texts, text)
	}
	return cmp.Or(draw.FirstFitting(width, texts...), texts[len(texts)-1])
}
