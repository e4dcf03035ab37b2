package draw

import (
	"math/rand/v2"
	"testing"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// TestRendererReadsTheSameCells gives frames to the renderer behind Bubble
// Tea, in both of its width modes: what it finds in each cell is what the
// grid has there.
func TestRendererReadsTheSameCells(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for range 300 {
		g := NewGrid(1+r.IntN(40), 1+r.IntN(6))
		for range 12 {
			drawSomething(r, g.All().Sub(r.IntN(50)-5, r.IntN(8)-2, r.IntN(60)-5, r.IntN(9)-2))
		}
		checkScreen(t, g, ansi.WcWidth)
		g.SetGraphemes(true)
		checkScreen(t, g, ansi.GraphemeWidth)
	}
}

func checkScreen(t *testing.T, g *Grid, method ansi.Method) {
	t.Helper()
	w, h := g.Size()
	screen := uv.NewScreenBuffer(w+1, h)
	screen.Method = method
	uv.NewStyledString(g.String()).Draw(screen, screen.Bounds())
	for y := range h {
		for x := range w {
			c := g.cells[y*w+x]
			if c.width == 0 {
				continue
			}
			want := string(max(c.glyph, 0))
			if c.glyph < 0 {
				want = g.clusters[-c.glyph-1]
			}
			got := screen.CellAt(x, y)
			reverse := got.Style.Attrs&uv.AttrReverse != 0
			background := got.Style.Bg != nil
			if got.Content != want && got.Content != replacement ||
				reverse != (c.ink.Attr&Reverse != 0) ||
				background != (c.ink.BG&colorKind == colorRGB || c.ink.BG&colorKind == colorIndexed) {
				t.Fatalf("cell %d, %d is %+v, want %q in %+v", x, y, got, want, c.ink)
			}
		}
		if c := screen.CellAt(w, y); c.Content != " " || c.Style.Bg != nil {
			t.Fatalf("row %d overflows with %q", y, c.Content)
		}
	}
}
