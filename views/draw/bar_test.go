package draw

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestBar draws bars into four cells. In the plain frame ▐ is a reversed
// block: filled from the right.
func TestBar(t *testing.T) {
	for _, tt := range []struct {
		kind     BarKind
		from, to int
		want     string
		ascii    string
	}{
		{BarSolid, 0, 32, "████", "####"},
		{BarSolid, 0, 12, "█▌  ", "##  "},
		{BarSolid, 3, 12, "▐▌  ", "##  "},
		{BarSolid, 8, 9, " ▏  ", " #  "},
		{BarSolid, 8, 15, " ▉  ", " #  "},
		{BarSolid, 15, 16, " ▐  ", " #  "},
		{BarSolid, 11, 13, " ┃  ", " #  "},
		{BarSolid, 12, 12, " ┃  ", " #  "},
		{BarSolid, 0, 0, "▏   ", "#   "},
		{BarSolid, 32, 32, "   ▐", "   #"},
		{BarSolid, 31, 40, "   ▐", "   #"},
		{BarSolid, -9, 4, "▌   ", "#   "},
		{BarSolid, -9, -1, "    ", "    "},
		{BarSolid, 33, 40, "    ", "    "},
		{BarSolid, 32, 40, "    ", "    "},
		{BarHeavy, 0, 32, "━━━━", "===="},
		{BarHeavy, 4, 28, "╺━━╸", "===="},
		{BarHeavy, 0, 1, "╸   ", "=   "},
		{BarHeavy, 7, 8, "╺   ", "=   "},
		{BarHeavy, 3, 5, "━   ", "=   "},
		{BarHeavy, 32, 32, "   ╺", "   ="},
		{BarLight, 4, 28, "╶──╴", "----"},
		{BarHatched, 4, 28, "╱╱╱╱", "////"},
		{BarDashed, 8, 17, " ┅┅ ", " :: "},
	} {
		for _, ascii := range []bool{false, true} {
			g := NewGrid(4, 1)
			g.SetASCII(ascii)
			g.All().Bar(0, 0, tt.from, tt.to, tt.kind, Ink{})
			want := tt.want
			if ascii {
				want = tt.ascii
			}
			if got := g.Plain(); got != want {
				t.Errorf("kind %d from %d to %d: %q, want %q", tt.kind, tt.from, tt.to, got, want)
			}
		}
	}
}

func TestBarEndsAreEighths(t *testing.T) {
	blocks := []rune("▏▎▍▌▋▊▉█")
	for n := 1; n <= 8; n++ {
		if glyph, reverse := solid(0, n); glyph != blocks[n-1] || reverse {
			t.Errorf("eighths 0 to %d are %c, reversed %v", n, glyph, reverse)
		}
		if glyph, reverse := solid(8-n, 8); n < 8 && (glyph != blocks[7-n] || !reverse) {
			t.Errorf("eighths %d to 8 are %c, reversed %v", 8-n, glyph, reverse)
		}
	}
	g := NewGrid(4, 1)
	g.All().Bar(1, 0, 3, 16, BarSolid, Ink{FG: Indexed(1)})
	if got, want := g.String(), " \x1b[7;31m▍\x1b[0;31m█\x1b[m "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSpan(t *testing.T) {
	s := Scale{From: 100, To: 180, Width: 10}
	for _, tt := range []struct {
		name       string
		start, end int64
		want       string
	}{
		{"inside", 116, 140, "│  ━━━     │"},
		{"everything", 0, 1000, "│━━━━━━━━━━│"},
		{"short", 140, 141, "│     ╸    │"},
		{"short at the end", 179, 180, "│         ╺│"},
		{"an instant", 140, 140, "│     ◆    │"},
		{"an instant at the end", 180, 180, "│         ◆│"},
		{"an instant at the beginning", 100, 100, "│◆         │"},
		{"before", 10, 99, "│◂         │"},
		{"up to the beginning", 10, 100, "│◂         │"},
		{"after", 181, 200, "│         ▸│"},
		{"from the end on", 180, 200, "│         ▸│"},
		{"an instant after", 181, 181, "│         ▸│"},
		{"backwards", 140, 120, "│     ◆    │"},
	} {
		g := NewGrid(12, 1)
		g.All().VLine(0, 0, 1, Ink{})
		g.All().VLine(11, 0, 1, Ink{})
		g.All().Sub(1, 0, 10, 1).Span(0, s, tt.start, tt.end, BarHeavy, Ink{})
		if got := g.Plain(); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestEverySpanShows holds for any span and scale, in every kind of bar: a
// span never disappears.
func TestEverySpanShows(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 3000 {
		s := randomScale(r)
		start := s.From + int64(r.Uint64N(s.extent()))
		end := start + int64(r.Uint64()>>1>>r.IntN(63))
		g := NewGrid(s.Width, 1)
		g.All().Span(0, s, start, end, BarKind(r.IntN(6)), Ink{})
		if strings.TrimSpace(g.Plain()) == "" {
			t.Fatalf("%+v: nothing drawn for %d–%d", s, start, end)
		}
	}
}
