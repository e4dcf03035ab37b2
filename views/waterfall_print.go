package views

import "tracefall/views/draw"

// printRows is how many rows are drawn at a time for printing.
const printRows = 64

// Print draws the whole waterfall, all its rows without a cursor, in grids of the given width that are handed to
// emit one after the other. It stops at emit's error and returns it.
func (w *Waterfall) Print(width int, env *Env, emit func(*draw.Grid) error) error {
	if w.st == nil {
		return nil
	}
	p := *w
	p.cursor, p.shift = -1, 0
	p.drawn = layoutWaterfall(width, printRows, p.parts())
	if len(p.st.rows) < printRows/4 {
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
	for at := 0; at < len(p.st.rows); at += printRows {
		n := min(printRows, len(p.st.rows)-at)
		grid.Resize(width, n)
		for y := range n {
			p.drawRow(grid.All().Row(y), at+y, env)
		}
		if err := emit(grid); err != nil {
			return err
		}
	}
	return nil
}
