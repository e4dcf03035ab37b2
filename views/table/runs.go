package table

import "tracefall/views/draw"

// Run is a piece of text in one ink.
type Run struct {
	Text string
	Ink  draw.Ink
}

// WidthOf returns the cells that runs take.
func WidthOf(runs []Run) int {
	n := 0
	for _, r := range runs {
		n += draw.Width(r.Text)
	}
	return n
}

// DrawRuns draws runs one behind the other, as far as there is room, and returns the cells they took.
func DrawRuns(a draw.Area, runs []Run) int {
	x := 0
	for _, r := range runs {
		x += a.TextEllipsis(x, 0, a.W()-x, r.Text, r.Ink)
	}
	return x
}
