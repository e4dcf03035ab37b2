package views_test

import (
	"testing"

	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

func TestRootSaysHowFarSpansLieOutside(t *testing.T) {
	tr := tracetest.One(t, `
shop "GET /cart" 3600s +300ms
  members check 0ms +5ms
`)
	env := viewstest.Env(t)
	for width, want := range map[int]string{60: "△ 1 h 00 m earlier", 30: "△"} {
		grid := draw.NewGrid(width, 1)
		views.DrawRoot(grid.All(), tr, env.Theme)
		viewstest.WantText(t, grid, want, env.Theme.Warn)
	}
}
