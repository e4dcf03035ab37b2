package draw

import (
	"bytes"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

// screen is a terminal that measures clusters, with the renderer behind Bubble
// Tea before it.
type screen struct {
	cells    uv.ScreenBuffer
	renderer *uv.TerminalRenderer
	terminal *vt.Emulator
	standIns *StandIns
	sent     bytes.Buffer // for the last frame
}

func newScreen(w, h int, s *StandIns) *screen {
	sc := &screen{cells: uv.NewScreenBuffer(w, h), terminal: shifting(vt.NewEmulator(w, h)), standIns: s}
	sc.cells.Method = ansi.GraphemeWidth
	to := io.MultiWriter(sc.terminal, &sc.sent)
	if s != nil {
		to = s.Writer(to)
	}
	sc.renderer = uv.NewTerminalRenderer(to, []string{"TERM=xterm-256color"})
	sc.renderer.SetColorProfile(colorprofile.TrueColor)
	sc.renderer.SetFullscreen(true)
	sc.renderer.SetRelativeCursor(false)
	sc.renderer.SetScrollOptim(true)
	sc.renderer.Erase()
	return sc
}

// shifting makes a terminal shift cells as terminals do: a wide glyph moves
// whole. The emulator's own ICH and DCH lose it.
func shifting(e *vt.Emulator) *vt.Emulator {
	shift := func(by int) func(ansi.Params) bool {
		return func(params ansi.Params) bool {
			n, _, _ := params.Param(0, 1)
			at := e.CursorPosition()
			var cells []*uv.Cell
			for x := at.X; x < e.Width(); x++ {
				cells = append(cells, e.CellAt(x, at.Y).Clone())
			}
			for x := at.X; x < e.Width(); x++ {
				e.SetCell(x, at.Y, nil)
			}
			for i, c := range cells {
				if to := at.X + i + by*n; c.Width > 0 && to >= at.X {
					e.SetCell(to, at.Y, c)
				}
			}
			return true
		}
	}
	e.RegisterCsiHandler('@', shift(1))
	e.RegisterCsiHandler('P', shift(-1))
	return e
}

// show sends a frame, as Bubble Tea does.
func (sc *screen) show(t *testing.T, g *Grid) {
	t.Helper()
	sc.sent.Reset()
	sc.cells.Clear()
	frame := g.String()
	if sc.standIns != nil {
		frame = g.Frame(sc.standIns)
	}
	uv.NewStyledString(frame).Draw(sc.cells, sc.cells.Bounds())
	sc.renderer.Render(sc.cells.RenderBuffer)
	if err := sc.renderer.Flush(); err != nil {
		t.Fatal(err)
	}
}

// text is what the terminal shows, without blanks at the ends of lines.
func (sc *screen) text() string {
	_, _ = sc.terminal.WriteString("\x1b[?25l") // it keeps the last character back: more may come to it
	return trimmed(sc.terminal.String())
}

func trimmed(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// wideTexts are of the kinds that terminals and renderers stumble over.
var wideTexts = []string{
	"支払い", "決済サービス", "東京", "👩‍👩‍👧", "🙂", "🇩🇪", "e\u0301tat", "n\u0303", "नमस्ते", "น้ำ", "한국어", "\U000f0001icon", "a", "plain text", "x", " ",
}

// TestStandInsShowTheSame sends frames one after the other, each a change of
// the one before, and compares what the terminal shows with what a terminal
// shows that gets the last frame alone.
func TestStandInsShowTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 60 {
		w, h := 2+r.IntN(40), 1+r.IntN(8)
		s := &StandIns{}
		sc := newScreen(w, h, s)
		if r.IntN(2) == 0 {
			sc.cells.Method = ansi.WcWidth // how the renderer measures must not matter
		}
		g := NewGrid(w, h)
		g.SetGraphemes(true)
		for step := range 12 {
			if step%5 == 4 {
				g.Clear()
			}
			for range 1 + r.IntN(4) {
				ink := Ink{FG: Indexed(uint8(r.IntN(3)))}
				g.All().Text(r.IntN(w+4)-4, r.IntN(h), wideTexts[r.IntN(len(wideTexts))], ink)
			}
			if r.IntN(3) == 0 {
				g.All().Sub(r.IntN(w), r.IntN(h), r.IntN(w)+1, 1).Paint(Ink{BG: Indexed(7)})
			}
			sc.show(t, g)
			if got, want := sc.text(), trimmed(g.Plain()); got != want {
				t.Fatalf("step %d at %d×%d: the terminal shows\n%s\nwant\n%s\nit was sent %q", step, w, h, got, want, sc.sent.String())
			}
		}
	}
}

// TestStandInsKeepRowsCheap moves a selected row over wide text: only the two
// rows that look different may be sent.
func TestStandInsKeepRowsCheap(t *testing.T) {
	const w, h = 120, 40
	for _, test := range []struct{ name, text string }{
		{"ASCII", "payment-service POST /charge"}, {"CJK", "決済サービス 支払い 東京"}, {"emoji", "👩‍👩‍👧 🙂 checkout 🇩🇪"}, {"combining marks", "e\u0301tat de la cle\u0301 n\u0303"},
	} {
		g := NewGrid(w, h)
		g.SetGraphemes(true)
		draw := func(selected int) {
			g.Clear()
			for y := range h {
				g.All().Text(2, y, strings.Repeat(test.text+" ", 3), Ink{FG: RGB(0x7a, 0xa2, 0xf7)})
			}
			g.All().Row(selected).Paint(Ink{BG: RGB(0x2f, 0x3b, 0x52)})
		}
		bytes := func(s *StandIns) int {
			sc := newScreen(w, h, s)
			draw(4)
			sc.show(t, g)
			draw(5)
			sc.show(t, g)
			return sc.sent.Len()
		}
		plain, standIns := bytes(nil), bytes(&StandIns{})
		t.Logf("%s: %d bytes, with stand-ins %d", test.name, plain, standIns)
		if limit := 1000; standIns > limit {
			t.Errorf("%s: %d bytes for a move of the cursor, at most %d", test.name, standIns, limit)
		}
	}
}

func TestStandInsRestore(t *testing.T) {
	s := &StandIns{}
	codes := func(glyph string, width uint8) []string {
		var cells []string
		for _, r := range string(s.appendFor(nil, []byte(glyph), 300, width)) {
			if !isColumn(r) {
				cells = append(cells, "")
			}
			cells[len(cells)-1] += string(r)
		}
		return cells
	}
	whole := func(cells []string) string { return strings.Join(cells, "") }
	a, b, three := codes("支", 2), codes("払", 2), codes("XYZ", 3)
	for _, test := range []struct {
		name, in, want string
	}{
		{"whole", "x" + whole(a) + whole(b) + "y", "x支払y"},
		{"the first cell alone moves on", a[0] + "y", "\x1b[Cy"},
		{"the last cell alone paints the glyph", "x" + a[1], "x\x1b[D支"},
		{"a sequence between", a[0] + "\x1b[?7l" + a[1], "\x1b[C\x1b[?7l\x1b[D支"},
		{"the last two of three", three[1] + three[2], "\x1b[DXYZ"},
		{"the first two of three", three[0] + three[1], "\x1b[2C"},
		{"halves of two glyphs", a[0] + b[1], "\x1b[C\x1b[D払"},
		{"not one of ours", "\U0010ffff", "\U0010ffff"},
		{"in no column", "\U000f0000", "\U000f0000"},
	} {
		if got := string(s.restore(nil, []byte(test.in))); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	if again := codes("支", 2); whole(again) != whole(a) {
		t.Errorf("another stand-in for the same glyph: %x, was %x", again, a)
	}
}

// TestStandInsRunOut hands over glyphs themselves when all stand-ins are taken.
func TestStandInsRunOut(t *testing.T) {
	s := &StandIns{}
	var buf []byte
	for i := range 2 * planeSize / 2 {
		buf = s.appendFor(buf[:0], []byte{byte(i), byte(i >> 8), byte(i >> 16), '.'}, 0, 2)
	}
	if rs := []rune(string(buf)); rs[2] != 0x10fffd {
		t.Errorf("the last stand-in is %#x, want 0x10fffd", rs[2])
	}
	if got := string(s.appendFor(nil, []byte("支"), 0, 2)); got != "支" {
		t.Errorf("handed over %q, want the glyph", got)
	}
}

func BenchmarkFrameOfWideText(b *testing.B) {
	for _, test := range []struct {
		name string
		s    *StandIns
	}{{"glyphs", nil}, {"stand-ins", &StandIns{}}} {
		b.Run(test.name, func(b *testing.B) {
			g := NewGrid(200, 50)
			for y := range 50 {
				g.All().Text(0, y, strings.Repeat("決済サービス 支払い ", 9), Ink{FG: Indexed(3)})
			}
			for b.Loop() {
				g.Frame(test.s)
			}
		})
	}
}
