package draw

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestLine draws a span of 80 ns into eight cells, of which some time does not count.
func TestLine(t *testing.T) {
	for _, c := range []struct {
		start, end  int64
		thin        [][2]int64 // in order
		want, ascii string
	}{
		{0, 80, nil, "━━━━━━━━", "========"},
		{0, 80, [][2]int64{{0, 80}}, "────────", "--------"},
		{5, 75, nil, "╺━━━━━━╸", "========"},
		{0, 80, [][2]int64{{20, 60}}, "━━────━━", "==----=="},
		{0, 80, [][2]int64{{25, 55}}, "━━╾──╼━━", "===--==="},
		{40, 43, nil, "    ╸   ", "    =   "},
		{47, 49, [][2]int64{{47, 49}}, "    ╶   ", "    -   "},
		{0, 80, [][2]int64{{11, 13}, {31, 33}}, "━━━━━━━━", "========"}, // less than half of any half cell
		{0, 80, [][2]int64{{1, 80}}, "────────", "--------"},
		{-50, 40, nil, "━━━━    ", "====    "},
		{40, 150, [][2]int64{{60, 150}}, "    ━━──", "    ==--"},
		{30, 30, nil, "   ◆    ", "   *    "},
		{90, 99, nil, "       ▸", "       >"},
	} {
		for _, ascii := range []bool{false, true} {
			g := NewGrid(8, 1)
			g.SetASCII(ascii)
			var heavy func(int64) int64
			if c.thin != nil {
				heavy = func(t int64) int64 {
					sum := t - c.start
					for _, s := range c.thin {
						sum -= max(min(t, s[1])-max(s[0], c.start), 0)
					}
					return sum
				}
			}
			from, to := g.All().Line(0, Scale{0, 80, 8}, c.start, c.end, heavy, Ink{FG: 1}, Ink{Attr: Faint})
			want := c.want
			if ascii {
				want = c.ascii
			}
			if got := g.Plain(); got != want {
				t.Errorf("%d to %d without %v is %q, want %q", c.start, c.end, c.thin, got, want)
			}
			blanks := len(want) - len(strings.TrimLeft(want, " "))
			if n := Width(strings.TrimSpace(want)); c.start < 80 && (from != blanks || to-from != n) {
				t.Errorf("%q is said to take the cells %d to %d", want, from, to)
			}
		}
	}
}

// TestLineIsBrightWhereItCounts compares each half of a cell with a count of its nanoseconds.
func TestLineIsBrightWhereItCounts(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 21))
		s := Scale{From: r.Int64N(50), Width: 1 + r.IntN(20)}
		s.To = s.From + 1 + r.Int64N(400)
		start := s.From + r.Int64N(s.To-s.From)
		end := start + 1 + r.Int64N(s.To-start)
		counts := map[int64]bool{}
		for at, on := start, r.IntN(2) == 0; at < end; at++ {
			if r.IntN(12) == 0 {
				on = !on
			}
			counts[at] = on
		}
		sum := func(from, to int64) (n int64) {
			for at := from; at < to; at++ {
				if counts[at] {
					n++
				}
			}
			return n
		}
		g := NewGrid(s.Width, 1)
		g.All().Line(0, s, start, end, func(t int64) int64 { return sum(start, t) }, Ink{}, Ink{})
		halves := Scale{s.From, s.To, 2 * s.Width}
		for x, glyph := range []rune(g.Plain()) {
			for side := range 2 {
				h := 2*x + side
				lo, hi := max(halves.At(h), start), min(halves.At(h+1), end)
				got := halfOf(glyph, side)
				if h == halves.Cell(end-1) {
					hi = min(end, s.To)
				}
				if hi <= lo {
					continue // the rounding of an edge
				}
				want := halfThin
				if 2*sum(lo, hi) >= hi-lo && sum(lo, hi) > 0 {
					want = halfHeavy
				}
				if got != want && h >= halves.Cell(start) && h <= halves.Cell(end-1) {
					t.Fatalf("seed %d: half %d of %q from %d to %d of %+v is %d, want %d", seed, h, g.Plain(), start, end, s, got, want)
				}
			}
		}
	}
}

// halfOf returns how a half of a glyph is drawn.
func halfOf(glyph rune, side int) int {
	for left := range 3 {
		for right := range 3 {
			if lineGlyphs[left][right] == glyph {
				return [2]int{left, right}[side]
			}
		}
	}
	return -1
}

func TestEdgesAreTheScales(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		s := randomScale(r)
		from := r.IntN(s.Width)
		e := newEdges(s, from)
		for cell := from; cell <= s.Width; cell++ {
			if e.at != s.At(cell) && cell > 0 {
				t.Fatalf("%+v: cell %d begins at %d, want %d", s, cell, e.at, s.At(cell))
			}
			e.next()
		}
	}
}
