package table_test

import (
	"strings"
	"testing"

	"tracefall/views/draw"
	"tracefall/views/table"
	"tracefall/views/viewstest"
)

// TestTheRowOfTheCursorIsSeen draws rows with and without the focus: the mark is there in both cases, the colours of the
// selection where keys go.
func TestTheRowOfTheCursorIsSeen(t *testing.T) {
	env := viewstest.Env(t)
	for _, focused := range []bool{true, false} {
		s := table.Scroller{Row: 1}
		grid := draw.NewGrid(20, 3)
		s.Fit(3, 3)
		s.DrawRows(grid.All(), 0, 3, 0, focused, env, func(line draw.Area, i int) {
			line.Text(2, 0, string(rune('a'+i)), env.Theme.Text)
		})
		if got, want := grid.Plain(), "  a                 \n▌ b                 \n  c                 "; got != want {
			t.Errorf("the rows are\n%s\nwant\n%s", got, want)
		}
		for _, run := range viewstest.Runs(grid) {
			if text := strings.Trim(run.Text, "▌ "); text != "" && viewstest.HasInk(run, env.Theme.Selected) != (focused && run.Y == 1) {
				t.Errorf("focused %v: row %s looks selected: %v", focused, text, viewstest.HasInk(run, env.Theme.Selected))
			}
		}
	}
}
