package draw

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// checkPicture draws into a w×h grid and compares the plain frame.
func checkPicture(t *testing.T, name string, w, h int, draw func(Area), want string) {
	t.Helper()
	g := NewGrid(w, h)
	draw(g.All())
	if got := g.Plain(); got != want {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}

func TestFit(t *testing.T) {
	values := []float64{1, 5, 2, 3, 9, 4}
	for width, want := range map[int]string{0: "[]", 1: "[9]", 3: "[5 3 9]", 4: "[1 5 3 9]", 6: "[1 5 2 3 9 4]", 12: "[1 1 5 5 2 2 3 3 9 9 4 4]"} {
		if got := fmt.Sprint(fit(values, width)); got != want {
			t.Errorf("Fit to %d: %s, want %s", width, got, want)
		}
	}
}

func TestMinimap(t *testing.T) {
	profile := []float64{0.125, 0.25, 0.5, 1, 2, 0.5, 0.25, 0.01}
	minimap := func(from, to int) func(Area) {
		return func(a Area) {
			a.Minimap(profile, from, to, Ink{}, Ink{})
			a.Brackets(from, to, Ink{})
		}
	}
	checkPicture(t, "everything", 8, 1, minimap(0, 8), "▁▂▄██▄▂▁")
	checkPicture(t, "a window", 8, 1, minimap(3, 5), "▁▂[██]▂▁")
	checkPicture(t, "at the left", 8, 1, minimap(0, 3), "[▂▄]█▄▂▁")
	checkPicture(t, "at the right", 8, 1, minimap(5, 8), "▁▂▄█[▄▂]")
	checkPicture(t, "empty", 8, 1, minimap(4, 4), "▁▂▄[█]▂▁")
	checkPicture(t, "two lines", 4, 2, minimap(0, 4), " ██ \n▄██▄")
	checkPicture(t, "low everywhere", 3, 1, func(a Area) { a.Minimap([]float64{0.25, 0, 0.375}, 0, 3, Ink{}, Ink{}) }, "▂ ▃")
	checkPicture(t, "nothing to show", 3, 1, func(a Area) { a.Minimap(nil, 0, 3, Ink{}, Ink{}) }, "   ")
}

func TestProgress(t *testing.T) {
	for _, tt := range []struct {
		part, whole int64
		want        string
	}{
		{0, 8, "░░░░"}, {4, 8, "██░░"}, {3, 8, "█▌░░"}, {8, 8, "████"}, {9, 8, "████"}, {1, 1000, "▏░░░"}, {999, 1000, "███▉"}, {0, 0, "░░░░"}, {-1, 8, "░░░░"},
		{math.MaxInt64 - 1, math.MaxInt64, "███▉"},
	} {
		checkPicture(t, fmt.Sprint(tt.part, " of ", tt.whole), 4, 1, func(a Area) { a.Progress(0, 0, 4, tt.part, tt.whole, Ink{}, Ink{}) }, tt.want)
	}
}

func TestBox(t *testing.T) {
	fill := func(title string) func(Area) {
		return func(a Area) {
			in := a.Box(title, Ink{}, Ink{})
			for y := range in.H() {
				in.Text(0, y, "xxxxxxxxxxxxxxxxxxxx", Ink{})
			}
		}
	}
	checkPicture(t, "titled", 12, 3, fill("Help"), "┌─ Help ───┐\n│xxxxxxxxxx│\n└──────────┘")
	checkPicture(t, "long title", 10, 3, fill("Commands"), "┌─ Com… ─┐\n│xxxxxxxx│\n└────────┘")
	checkPicture(t, "narrow", 4, 3, fill("Help"), "┌──┐\n│xx│\n└──┘")
	checkPicture(t, "no room", 4, 2, fill("Help"), "xxxx\nxxxx")
	checkPicture(t, "ascii", 8, 3, func(a Area) { a.g.SetASCII(true); fill("é")(a) }, "+- ? --+\n|xxxxxx|\n`------+")
}

func TestScrollbar(t *testing.T) {
	for _, tt := range []struct {
		first, total int
		want         string
	}{
		{0, 4, "    "}, {0, 8, "┃┃││"}, {4, 8, "││┃┃"}, {1, 8, "│┃┃│"}, {2, 8, "│┃┃│"}, {3, 8, "│┃┃│"}, {0, 1000, "┃│││"}, {1, 1000, "│┃││"}, {995, 1000, "││┃│"}, {996, 1000, "│││┃"}, {5000, 1000, "│││┃"}, {-1, 8, "┃┃││"},
	} {
		g := NewGrid(1, 4)
		g.All().Scrollbar(0, tt.first, tt.total, Ink{}, Ink{})
		got := ""
		for _, c := range g.cells {
			got += string(c.glyph)
		}
		if got != tt.want {
			t.Errorf("line %d of %d: %q, want %q", tt.first, tt.total, got, tt.want)
		}
	}
}

// TestLogScale divides decades evenly, and clamps what lies outside.
func TestLogScale(t *testing.T) {
	const ms = 1_000_000
	s := LogScale{From: ms, To: 10_000 * ms, Cells: 8} // two cells a decade
	for n, want := range map[int64]int{
		math.MinInt64: 0, 0: 0, ms: 0, 3 * ms: 0, 4 * ms: 1, 11 * ms: 2, 101 * ms: 4, 5_000 * ms: 7, 10_000 * ms: 7, math.MaxInt64: 7,
	} {
		if got := s.Cell(n); got != want {
			t.Errorf("%d is in cell %d, want %d", n, got, want)
		}
	}
	labels := func(s LogScale) (text string) {
		for _, tick := range s.Tens() {
			text += fmt.Sprint(tick.Cell, " ", tick.Label, ", ")
		}
		return text
	}
	if got := labels(s); got != "0 1 ms, 2 10 ms, 4 100 ms, 6 1 s, 7 10 s, " {
		t.Errorf("the ticks are %s", got)
	}
	if got := labels(LogScale{From: 4 * ms, To: 90 * ms, Cells: 5}); got != "1 10 ms, " {
		t.Errorf("the ticks of less than two decades are %s", got)
	}
	if got := labels(LogScale{From: 1, To: math.MaxInt64, Cells: 10}); got != "0 1 ns, 1 100 ns, 2 10 µs, 3 1 ms, 4 100 ms, 5 10 s, 6 10 m, 7 10 h, " {
		t.Errorf("the ticks of all times are %s", got)
	}
	if got := (LogScale{From: 5, To: 5, Cells: 3}).Cell(7); got != 0 {
		t.Errorf("on a scale of nothing 7 is in cell %d", got)
	}
}

func TestDensity(t *testing.T) {
	counts := []int{0, 1, 2, 9, 10, 99, 100, math.MaxInt}
	draws := func(ascii bool) func(Area) {
		return func(a Area) {
			a.g.SetASCII(ascii)
			for x, n := range counts {
				a.Density(x, 0, n, Ink{})
			}
		}
	}
	checkPicture(t, "counts", 8, 1, draws(false), " ·::░░▒▒")
	checkPicture(t, "counts in ASCII", 8, 1, draws(true), " .::++##")
	a := NewGrid(1, 1).All()
	for most, want := range map[int]string{0: "· 1", 1: "· 1", 9: "· 1  : 2+", 100: "· 1  : 2+  ░ 10+  ▒ 100+"} {
		if got := a.DensityLegend(most); got != want {
			t.Errorf("the legend of %d is %q, want %q", most, got, want)
		}
	}
}

// TestBoxCutsNoNumber: what a box leaves uncovered of a number with its unit is blanked, as it would be read as another number.
func TestBoxCutsNoNumber(t *testing.T) {
	for _, c := range []struct {
		text string
		x, w int
		want string
	}{
		{"ab 1,453 ms  30 x", 2, 4, "ab│  │       30 x"},
		{"ab 5.05 s  30 x  ", 1, 7, "a│     │   30 x  "},
		{"ab 2 m 05 s  8 m ", 2, 3, "ab│ │        8 m "},
		{"12  5.05 s  named", 9, 8, "12       │      │"},
		{"12  5.05 s  named", 14, 3, "12  5.05 s  na│ │"},
		{"operation GET all", 3, 4, "ope│  │on GET all"},
		{"ab  453 ms 12 x  ", 0, 11, "│         │   x  "},
	} {
		checkPicture(t, c.text, Width(c.text), 3, func(a Area) {
			a.Text(0, 1, c.text, Ink{})
			a.Sub(c.x, 0, c.w, 3).Box("", Ink{}, Ink{})
			a.Sub(0, 0, a.W(), 1).Fill(Ink{})
			a.Sub(0, 2, a.W(), 1).Fill(Ink{})
		}, strings.Repeat(" ", Width(c.text))+"\n"+c.want+"\n"+strings.Repeat(" ", Width(c.text)))
	}
}
