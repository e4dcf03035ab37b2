package draw

import (
	"math/rand/v2"
	"testing"
)

// TestFillCutsWideGlyphs fills random rectangles over wide glyphs: what it cuts is blank, as when the cells are drawn one by
// one, and what lies beside stays.
func TestFillCutsWideGlyphs(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 6))
	for range 300 {
		var grids [2]*Grid
		text := []string{"日本語日本語日本", "a日b本c語", "👩‍💻👩‍💻👩‍💻👩‍💻"}[rng.IntN(3)]
		x, y, w, h := rng.IntN(16), rng.IntN(3), rng.IntN(10), rng.IntN(3)
		for n := range grids {
			grids[n] = NewGrid(16, 3)
			for line := range 3 {
				grids[n].All().Text(line%2, line, text, Ink{Attr: Bold})
			}
		}
		grids[0].All().Sub(x, y, w, h).Fill(Ink{Attr: Underline})
		part := grids[1].All().Sub(x, y, w, h)
		for row := range part.H() {
			for column := range part.W() {
				part.Text(column, row, " ", Ink{Attr: Underline})
			}
		}
		if got, want := grids[0].String(), grids[1].String(); got != want {
			t.Fatalf("%d×%d at %d, %d of %q:\n%q\nwant\n%q", w, h, x, y, text, got, want)
		}
	}
}
