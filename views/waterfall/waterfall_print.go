package waterfall

import (
	"tracefall/views"
	"tracefall/views/draw"
)

// Print draws the whole waterfall, all its rows without a cursor, in grids of the given width that are handed to
// emit one after the other. It stops at emit's error and returns it.
func (w *Waterfall) Print(width int, env *views.Env, emit func(*draw.Grid) error) error {
	if w.st == nil {
		return nil
	}
	p := *w
	p.cursor, p.shift = -1, 0
	p.drawn = layOut(width, draw.PrintRows, p.parts())
	if len(p.st.rows) < draw.PrintRows/4 {
		p.drawn.minimap = 0 // as long as all the rest
	}
	grid := draw.NewGrid(width, p.drawn.title+p.drawn.minimap+p.drawn.banner+p.drawn.header)
	grid.SetASCII(env.Theme.ASCII)
	title, rest := grid.All().Top(p.drawn.title)
	p.drawTitle(title, env)
	minimap, rest := rest.Top(p.drawn.minimap)
	p.drawMinimap(minimap.Inset(1, 0), env.Theme)
	banner, header := rest.Top(p.drawn.banner)
	p.drawBanner(banner, env)
	p.drawHeader(header, env.Theme)
	if err := emit(grid); err != nil {
		return err
	}
	return grid.Print(len(p.st.rows), emit, func(a draw.Area, n int) { p.drawRow(a, n, env) })
}
