package draw

// PrintRows is how many rows are drawn at a time for printing.
const PrintRows = 64

// Print draws n rows in the grid's width and hands them to emit, PrintRows at a time. It stops at emit's error and
// returns it.
func (g *Grid) Print(n int, emit func(*Grid) error, row func(a Area, n int)) error {
	w, _ := g.Size()
	for at := 0; at < n; at += PrintRows {
		g.Resize(w, min(PrintRows, n-at))
		for y := range min(PrintRows, n-at) {
			row(g.All().Row(y), at+y)
		}
		if err := emit(g); err != nil {
			return err
		}
	}
	return nil
}
