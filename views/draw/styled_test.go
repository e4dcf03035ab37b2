package draw

import (
	"strings"
	"testing"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/google/go-cmp/cmp"
)

// TestStyled draws styled strings into an area in the middle of a grid.
func TestStyled(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"clipped at all edges", "\x1b[1mabcdefgh\x1b[m\nij\n3\n4", []string{"......", ".abcd.", ".ij...", "......"}},
		{"wide, cut by the edge", "支払い", []string{"......", ".支払.", "......", "......"}},
		{"nothing but SGR", "a\x1b[2Jb\x1b]0;x\x07c", []string{"......", ".abc..", "......", "......"}},
		{"cleaned", "a\u202eb\u200b", []string{"......", ".ab...", "......", "......"}},
	} {
		g := NewGrid(6, 4)
		for y := range 4 {
			g.All().Text(0, y, "......", Ink{})
		}
		g.All().Sub(1, 1, 4, 2).Styled(test.text)
		got := strings.Split(g.Plain(), "\n")
		for y := range got {
			got[y] = strings.ReplaceAll(got[y], " ", ".")
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestStyledKeepsInks draws an ink, reads it as a component would, and draws that.
func TestStyledKeepsInks(t *testing.T) {
	for _, ink := range []Ink{
		{}, {FG: Indexed(9)}, {FG: Indexed(200), BG: RGB(1, 2, 3)},
		{Attr: Bold | Faint | Italic | Underline | Reverse | Strike},
	} {
		g := NewGrid(4, 1)
		g.All().Text(0, 0, "払", ink)
		s := areaScreen{g.All()}
		s.SetCell(2, 0, s.CellAt(0, 0))
		if g.cells[2] != g.cells[0] {
			t.Errorf("%+v comes back as %+v", g.cells[0], g.cells[2])
		}
		if c := s.CellAt(4, 0); c != nil {
			t.Errorf("a cell outside: %+v", c)
		}
		if c := s.CellAt(1, 0); *c != (uv.Cell{}) {
			t.Errorf("the second half is %+v", c)
		}
	}
}

// TestStrip places a strip, whole and cut, and compares with the styled string drawn at the same place.
func TestStrip(t *testing.T) {
	const text = "\x1b[1mab 支é\x1b[31m払い…\x1b[m"
	width := Width("ab 支é払い…")
	for _, ascii := range []bool{false, true} {
		for x := range 8 {
			want, got := NewGrid(14, 1), NewGrid(14, 1)
			want.SetASCII(ascii)
			got.SetASCII(ascii)
			want.All().Sub(x, 0, 14, 1).Styled(text)
			strip := NewStrip(text, width)
			strip.Draw(got.All(), x)
			if want.String() != got.String() {
				t.Errorf("at %d, ASCII %v:\n got %q\nwant %q", x, ascii, got.String(), want.String())
			}
		}
	}
}

// TestBlanksChangeNoInk counts the changes of ink between glyphs that blanks keep apart.
func TestBlanksChangeNoInk(t *testing.T) {
	red, blue := Ink{FG: RGB(200, 0, 0)}, Ink{FG: RGB(0, 0, 200)}
	for _, test := range []struct {
		gap  int
		next Ink
		want int
	}{{8, red, 2}, {8, blue, 3}, {11, red, 2}, {30, red, 4}, {8, red.With(Underline), 4}} {
		grid := NewGrid(40, 1)
		grid.All().Text(0, 0, "a", red)
		grid.All().Text(1+test.gap, 0, "b", test.next)
		if got := strings.Count(grid.String(), "\x1b["); got != test.want {
			t.Errorf("%d blanks before %+v: %d changes of ink, want %d: %q", test.gap, test.next, got, test.want, grid.String())
		}
	}
}
