package viewstest

import (
	"strings"
	"testing"

	uv "github.com/charmbracelet/ultraviolet"

	"tracefall/views/draw"
)

// Run is some cells of a line that look alike.
type Run struct {
	Y    int
	Text string
	look uv.Style
}

// Runs returns the runs of a frame as a terminal shows it, blank ones without a background left out.
func Runs(grid *draw.Grid) []Run {
	w, h := grid.Size()
	cells := parsedCells(grid)
	var runs []Run
	for y := range h {
		for x := 0; x < w; {
			run, text := Run{Y: y, look: cells.CellAt(x, y).Style}, strings.Builder{}
			for ; x < w && cells.CellAt(x, y).Style.Equal(&run.look); x++ {
				text.WriteString(cells.CellAt(x, y).Content)
			}
			run.Text = text.String()
			if strings.TrimSpace(run.Text) != "" || run.look.Bg != nil {
				runs = append(runs, run)
			}
		}
	}
	return runs
}

// HasInk reports whether a run looks as an ink does.
func HasInk(run Run, ink draw.Ink) bool {
	look := lookOf(ink)
	return run.look.Equal(&look)
}

// WantInk fails where a run does not look as an ink does.
func WantInk(t *testing.T, run Run, ink draw.Ink) {
	t.Helper()
	if !HasInk(run, ink) {
		look := lookOf(ink)
		t.Errorf("%q looks %s%s, want %s%s", run.Text, colourName(run.look.Fg), attrName(run.look), colourName(look.Fg), attrName(look))
	}
}

// WantText fails where a frame does not show a text that has no other look before or behind it, or shows it in another
// ink than the wanted.
func WantText(t *testing.T, grid *draw.Grid, text string, ink draw.Ink) {
	t.Helper()
	found := false
	for _, run := range Runs(grid) {
		if strings.Contains(run.Text, text) {
			found = true
			WantInk(t, run, ink)
		}
	}
	if !found {
		t.Errorf("no run of the frame contains %q:\n%s", text, grid.Plain())
	}
}
