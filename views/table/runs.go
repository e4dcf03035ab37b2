package table

import "tracefall/views/draw"

// Run is a piece of text in one ink.
type Run struct {
	Text string
	Ink  draw.Ink
}

func WidthOf(runs []Run) int {
	n := 0
	for _, r := range runs {
		n += draw.Width(r.Text)
	}
	return n
}

func DrawRuns(a draw.Area, runs []Run) int {
	x := 0
	for _, r := range runs {
		x += a.TextEllipsis(x, 0, a.W()-x, r.Text, r.Ink)
	}
	return x
}
