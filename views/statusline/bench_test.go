package statusline

import (
	"strconv"
	"testing"

	"charm.land/bubbles/v2/key"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

// BenchmarkDraw draws a line with as many hints as a screen has; at 80 cells most of them have no room.
func BenchmarkDraw(b *testing.B) {
	env := viewstest.Env(b)
	var hints []key.Binding
	for i := range 12 {
		hints = append(hints, views.Hint(strconv.Itoa(i), "what it does"))
	}
	for _, width := range []int{80, 200} {
		b.Run(strconv.Itoa(width), func(b *testing.B) {
			grid, laid := draw.NewGrid(width, 1), Laid{}
			for b.Loop() {
				StatusLine{Status: []string{"trace 3 of 12"}, Hints: hints, Laid: &laid}.Draw(grid.All(), env)
			}
		})
	}
}
