package draw

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// hostileTexts are what attribute values of real and malicious traces contain.
var hostileTexts = []string{
	"", "plain", "tab\there", "line\nbreak\r\n", "\x1b[31mred\x1b[0m", "\x1b]52;c;aGk=\x07", "\x9b31m", "\u009b31m",
	"\xff\xfe\x80", "cut\xe4\xb8", "\x00\x7f", "a\u202eb\u2066c\u2069", "\u200e\u200f\u061c", "z\u200bw\u200cj\u200d", "\u2060\ufeff",
	"\u2028\u2029", "\U000e0041\U000e007f", "a\ufe0f\ufe0f\ufe0e", "\ufe0f", "Z" + strings.Repeat("\u0321\u0353\u0489", 40),
	"\u0301lead", "世界", "e\u0301", "👨‍👩‍👧‍👦", "👍🏽", "🏽", "❤️", "1️⃣", "🇩🇪🇫🇷", "🇩", "🏴\U000e0067\U000e0062\U000e007f", "हिन्दी", "क्षत्रिय",
	"สำนัก", "한국어", "\u1112\u1161\u11ab", "\u1100", "\u1161", "مرحبا", "שלום", "ཱི", "\u0d4ea", "\u3164\u115f\u00ad\u180e", "\ue000", "\ufff9x\ufffb", "½ µs → ≥",
}

// randomText strings together pieces of hostile texts and random runes.
func randomText(r *rand.Rand) string {
	var b strings.Builder
	for range r.IntN(6) {
		switch r.IntN(4) {
		case 0:
			b.WriteRune(rune(r.IntN(utf8.MaxRune)))
		case 1:
			b.WriteByte(byte(r.IntN(256)))
		default:
			b.WriteString(hostileTexts[r.IntN(len(hostileTexts))])
		}
	}
	return b.String()
}

// checkFrame fails unless every row of the grid is exactly its width, for
// both ways terminals measure, and contains nothing but SGR sequences and
// what may be printed.
func checkFrame(t *testing.T, g *Grid) {
	t.Helper()
	checkRows(t, g, g.Plain(), ansi.GraphemeWidth)
	g.SetGraphemes(true)
	checkRows(t, g, g.String(), ansi.GraphemeWidth)
	g.SetGraphemes(false)
	checkRows(t, g, g.String(), ansi.WcWidth)
}

func checkRows(t *testing.T, g *Grid, frame string, method ansi.Method) {
	t.Helper()
	w, h := g.Size()
	rows := strings.Split(frame, "\n")
	if len(rows) != max(h, 1) {
		t.Fatalf("%d rows, want %d", len(rows), h)
	}
	for y, row := range rows {
		text := ansi.Strip(row)
		if got := method.StringWidth(text); got != w && h > 0 {
			t.Errorf("row %d is %d cells wide by method %d, want %d: %q", y, got, method, w, row)
		}
		for _, r := range text {
			if hostile(r) || r == '\ufffd' && !strings.Contains(text, replacement) {
				t.Errorf("row %d contains %U: %q", y, r, row)
			}
		}
		if !utf8.ValidString(row) {
			t.Errorf("row %d is not UTF-8: %q", y, row)
		}
	}
}

func TestFramesAreExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 400 {
		g := NewGrid(r.IntN(40), r.IntN(6))
		g.SetASCII(r.IntN(5) == 0)
		for range 12 {
			a := g.All().Sub(r.IntN(50)-5, r.IntN(8)-2, r.IntN(60)-5, r.IntN(9)-2)
			drawSomething(r, a)
		}
		checkFrame(t, g)
		if g.ASCII() {
			if i := strings.IndexFunc(g.String(), func(r rune) bool { return r >= 0x80 }); i >= 0 {
				t.Fatalf("not ASCII: %q", g.String()[i:])
			}
		}
	}
}

// drawSomething calls one of the drawing functions with any arguments.
func drawSomething(r *rand.Rand, a Area) {
	pos := func() int { return r.IntN(70) - 15 }
	ink := Ink{FG: Color(r.Uint32()), BG: Indexed(uint8(r.Uint32())), Attr: Attr(r.IntN(64))}
	s := Scale{From: int64(r.Uint64()), To: int64(r.Uint64()), Width: pos()}
	switch r.IntN(13) {
	case 0:
		a.TextEllipsis(pos(), pos()/8, pos(), randomText(r), ink)
	case 1:
		a.TextMiddle(pos(), pos()/8, pos(), randomText(r), ink)
	case 2:
		a.TextRight(pos(), pos()/8, pos(), randomText(r), ink)
	case 3:
		a.Bar(pos(), pos()/8, pos()*9, pos()*9, BarKind(r.IntN(6)), ink)
	case 4:
		a.Span(pos()/8, s, int64(r.Uint64()), int64(r.Uint64()), BarKind(r.IntN(6)), ink)
	case 5:
		a.Ruler(pos()/8, s, int64(r.Uint64()), ink)
	case 6:
		a.Box(randomText(r), ink, ink)
	case 7:
		a.Minimap([]float64{1, 0, float64(pos()), 3}, pos(), pos(), ink, ink)
		a.Brackets(pos(), pos(), ink)
	case 8:
		a.Progress(pos(), pos()/8, pos(), int64(r.Uint64()), int64(r.Uint64()), ink, ink)
	case 9:
		a.Scrollbar(pos(), pos(), pos(), ink, ink)
	case 10:
		a.Paint(ink)
	default:
		a.Text(pos(), pos()/8, randomText(r), ink)
	}
}

func TestAreasClip(t *testing.T) {
	g := NewGrid(10, 5)
	a := g.All()
	for _, tt := range []struct{ x, y, w, h, wantW, wantH int }{
		{0, 0, 10, 5, 10, 5},
		{3, 1, 4, 2, 4, 2},
		{-2, -1, 4, 3, 2, 2},
		{8, 4, 9, 9, 2, 1},
		{-5, 0, 5, 5, 0, 5},
		{10, 5, 1, 1, 0, 0},
		{2, 2, -1, -1, 0, 0},
		{-1 << 62, 0, 1<<62 + 3, 1, 3, 1},
		{1, 1, 1<<63 - 1, 1<<63 - 1, 9, 4},
	} {
		got := a.Sub(tt.x, tt.y, tt.w, tt.h)
		if got.W() != tt.wantW || got.H() != tt.wantH {
			t.Errorf("Sub(%d, %d, %d, %d) is %d×%d, want %d×%d", tt.x, tt.y, tt.w, tt.h, got.W(), got.H(), tt.wantW, tt.wantH)
		}
	}
	top, rest := a.Top(2)
	left, right := rest.Left(4)
	body, foot := right.Bottom(1)
	main, bar := body.Right(1)
	for i, area := range []Area{top, left, foot, main, bar} {
		area.Fill(Ink{})
		for y := range area.H() {
			area.Text(0, y, strings.Repeat(string(rune('a'+i)), 20), Ink{})
		}
	}
	want := "aaaaaaaaaa\naaaaaaaaaa\nbbbbddddde\nbbbbddddde\nbbbbcccccc"
	if got := g.Plain(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWideGlyphsAreOverwrittenWhole(t *testing.T) {
	for _, tt := range []struct {
		name string
		draw func(Area)
		want string
	}{
		{"left half", func(a Area) { a.Text(2, 0, "x", Ink{}) }, "世x 世 "},
		{"right half", func(a Area) { a.Text(3, 0, "x", Ink{}) }, "世 x世 "},
		{"across two", func(a Area) { a.Text(1, 0, "界", Ink{}) }, " 界 世 "},
		{"cut at the edge", func(a Area) { a.Text(6, 0, "世", Ink{}) }, "世世世 "},
		{"cut at the left edge", func(a Area) { a.Text(-1, 0, "界x", Ink{}) }, " x世世 "},
		{"cut by an area", func(a Area) { a.Sub(0, 0, 3, 1).Text(0, 0, "界界", Ink{}) }, "界  世 "},
		{"reserved for the larger width", func(a Area) { a.Text(0, 0, "किx", Ink{}) }, "कि x 世 "},
		{"the blank part of it", func(a Area) { a.Text(0, 0, "किx", Ink{}); a.Text(1, 0, "y", Ink{}) }, " yx 世 "},
	} {
		g := NewGrid(7, 1)
		g.All().Text(0, 0, "世世世", Ink{})
		tt.draw(g.All())
		if got := g.Plain(); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
		checkFrame(t, g)
	}
}

func TestNeighboursDoNotJoin(t *testing.T) {
	for _, tt := range [][2]string{{"🇩", "🇪"}, {"क्", "ष"}, {"\u1100", "가"}, {"👍", "🏽"}, {"\u0d4e", "a"}, {"\u0d4e", "世"}} {
		g := NewGrid(12, 1)
		n := g.All().Text(0, 0, tt[0], Ink{FG: Indexed(1)})
		g.All().Text(n, 0, tt[1], Ink{FG: Indexed(2)})
		checkFrame(t, g)
	}
}

func TestSGR(t *testing.T) {
	red, bold := Ink{FG: Indexed(1)}, Ink{Attr: Bold}
	for _, tt := range []struct {
		name string
		draw func(Area)
		want string
	}{
		{"nothing", func(Area) {}, "    "},
		{"one run", func(a Area) { a.Text(0, 0, "ab", red) }, "\x1b[31mab\x1b[m  "},
		{"same ink twice", func(a Area) { a.Text(0, 0, "a", red); a.Text(1, 0, "b", red) }, "\x1b[31mab\x1b[m  "},
		{"up to the edge", func(a Area) { a.Text(2, 0, "ab", bold) }, "  \x1b[1mab\x1b[m"},
		{"adds", func(a Area) { a.Text(0, 0, "a", bold); a.Text(1, 0, "b", bold.On(Indexed(12))) }, "\x1b[1ma\x1b[104mb\x1b[m  "},
		{"takes away", func(a Area) { a.Text(0, 0, "a", bold.On(Indexed(200))); a.Text(1, 0, "b", red) }, "\x1b[1;48;5;200ma\x1b[0;31mb\x1b[m  "},
		{"default colour again", func(a Area) { a.Text(0, 0, "a", red.On(RGB(1, 2, 255))); a.Text(1, 0, "b", Ink{BG: RGB(1, 2, 255)}) }, "\x1b[31;48;2;1;2;255ma\x1b[39mb\x1b[m  "},
		{"all attributes", func(a Area) { a.Text(0, 0, "a", Ink{Attr: Bold | Faint | Italic | Underline | Reverse | Strike}) }, "\x1b[1;2;3;4;7;9ma\x1b[m   "},
		{"painted", func(a Area) { a.Text(0, 0, "ab", red); a.Sub(1, 0, 2, 1).Paint(Ink{BG: Indexed(4), Attr: Underline}) }, "\x1b[31ma\x1b[4;44mb\x1b[39m \x1b[m "},
		{"reverse in reverse", func(a Area) { a.Text(0, 0, "a", Ink{Attr: Reverse}); a.Row(0).Paint(Ink{Attr: Reverse}) }, "a\x1b[7m   \x1b[m"},
	} {
		g := NewGrid(4, 1)
		tt.draw(g.All())
		if got := g.String(); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestResizeClears(t *testing.T) {
	g := NewGrid(4, 2)
	g.All().Text(0, 0, "世e\u0301", Ink{FG: Indexed(1)})
	g.Resize(3, 2)
	if got, want := g.String(), "   \n   "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	g.Resize(-1, 2)
	if w, h := g.Size(); w != 0 || h != 2 {
		t.Errorf("size %d×%d, want 0×2", w, h)
	}
}

func TestDrawingDoesNotAllocate(t *testing.T) {
	g := NewGrid(200, 50)
	busy(g)
	_ = g.String()
	if n := testing.AllocsPerRun(10, func() { g.Clear(); busy(g) }); n > 0 {
		t.Errorf("drawing a frame allocates %v times", n)
	}
	if n := testing.AllocsPerRun(10, func() { _ = g.String() }); n > 1 {
		t.Errorf("String allocates %v times, want once for the string", n)
	}
}

// busy draws a frame like a waterfall's.
func busy(g *Grid) {
	a := g.All()
	s := Scale{To: 5_020_000_000, Width: 120}
	for y := range a.H() {
		a.Text(1, y, "▾ api-gateway POST /api/checkout", Ink{FG: RGB(100, 150, uint8(y))})
		a.Text(40, y, "世界", Ink{})
		start := int64(y) * 90_000_000
		a.Sub(60, 0, 120, a.H()).Span(y, s, start, start+700_000_000, BarKind(y%6), Ink{FG: RGB(uint8(y), 150, 100)})
		a.Text(185, y, "1.00 s", Ink{Attr: Bold})
	}
	a.Row(7).Paint(Ink{BG: RGB(40, 40, 60)})
}

func BenchmarkGridString(b *testing.B) {
	g := NewGrid(200, 50)
	busy(g)
	b.ReportAllocs()
	for b.Loop() {
		_ = g.String()
	}
}

func BenchmarkDrawFrame(b *testing.B) {
	g := NewGrid(200, 50)
	b.ReportAllocs()
	for b.Loop() {
		g.Clear()
		busy(g)
	}
}

func TestTheZeroAreaTakesNothing(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	for range 500 {
		drawSomething(r, Area{}) // would panic
	}
	if a := (Area{}); !a.Empty() || a.Sub(-3, -3, 9, 9).W() != 0 {
		t.Error("the zero area has cells")
	}
}
