package draw

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/clipperhouse/uax29/v2/graphemes"
)

func TestClean(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"GET /api/users?id=1", "GET /api/users?id=1"},
		{"größe €5", "größe €5"},
		{"a\tb\nc", "a␉b␊c"},
		{"\x1b[31mred", "␛[31mred"},
		{"\x00\x1f\x7f", "␀␟␡"},
		{"\u009b31m\u0085", "�31m�"},
		{"\xff\xfe", "��"},
		{"cut\xe4\xb8", "cut��"},
		{"pay\u202egpj.exe", "pay�gpj.exe"},
		{"\u2066\u2069\u200e\u200f\u061c", "�����"},
		{"ad\u200bmin\u2060\ufeff", "ad�min��"},
		{"a\u200db\u200cc", "a�b�c"},
		{"x\u2028y\u2029", "x�y�"},
		{"\U000e0041\U000e0042", "��"},
		{"\u00ad\u180e\u3164\u115f\uffa0\u034f", "������"},
		{"e\u0301", "e\u0301"},
		{"\u0301e", "�e"},
		{"世界", "世界"},
		{"Z" + strings.Repeat("\u0321", 500) + "!", "Z" + strings.Repeat("\u0321", 4) + "�!"},
		{"👨‍👩‍👧 family", "👨 family"},
		{"👍🏽", "👍"},
		{"👩🏽‍🚒!", "👩!"},
		{"🏴\U000e0067\U000e007f", "🏴��"},
		{"❤️ ⚠️", "❤ ⚠"},
		{"a\ufe0f\ufe0fb", "a�b"},
		{"\ufe0fa", "�a"},
		{"🇩🇪🇫🇷", "🇩🇪🇫🇷"},
		{"한국어", "한국어"},
		{"हिन्दी", "हिन्दी"},
		{"สำนัก", "สำนัก"},
		{"مرحبا", "مرحبا"},
	} {
		if got := Clean(tt.in); got != tt.want {
			t.Errorf("Clean(%q) = %q, want %q", tt.in, got, tt.want)
		}
		if got := Clean(tt.want); got != tt.want {
			t.Errorf("Clean(%q) = %q: not stable", tt.want, got)
		}
	}
}

func TestEscape(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{`C:\temp`, `C:\temp`},
		{"a\tb\nc\r", `a\tb\nc\r`},
		{"\x1b[31mred\x00\x7f", `\x1b[31mred\x00\x7f`},
		{"\u0085\u009b", `\x85\x9b`},
		{"\xff世\xe4", `\xff世\xe4`},
		{"pay\u202egpj.exe", `pay\u202egpj.exe`},
		{"\U000e0041", `\U000e0041`},
		{"👨‍👩", `👨\u200d👩`},
		{"e\u0301", "e\u0301"},
		{"\u0301", `\u0301`},
		{"\n\u0301", `\n\u0301`},
		{"Z" + strings.Repeat("\u0321", 5), "Z" + strings.Repeat("\u0321", 4) + `\u0321`},
	} {
		if got := Escape(tt.in); got != tt.want {
			t.Errorf("Escape(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// TestEveryRune draws each character there is by itself.
func TestEveryRune(t *testing.T) {
	if testing.Short() {
		t.Skip("1.1 million characters")
	}
	for r := rune(0); r <= utf8.MaxRune; r++ {
		u := first(string(r))
		text, size, width := u.text, u.size, u.width()
		if size != utf8.RuneLen(max(r, 0)) && (r < 0xd800 || r > 0xdfff) {
			t.Fatalf("%U: %d bytes consumed of %d", r, size, utf8.RuneLen(r))
		}
		if width < 1 || width > 2 || ansi.StringWidth(text) > width || ansi.StringWidthWc(text) > width {
			t.Errorf("%U: drawn %q in %d cells", r, text, width)
		}
		if len(graphemes.FromString(text+"a").First()) > len(text) {
			t.Errorf("%U joins a letter after it", r)
		}
		if u.byRune != u.byCluster && (r < 0x1f1e6 || r > 0x1f1ff) {
			t.Errorf("%U: widths %d and %d", r, u.byCluster, u.byRune)
		}
		if len(graphemes.FromString("a"+text).First()) > 1 {
			t.Errorf("%U joins a letter before it", r)
		}
	}
}

func TestText(t *testing.T) {
	const s = "POST /api/世界/checkout"
	right := func(a Area) int { return a.TextRight(1, 0, 10, "42", Ink{}) }
	for _, tt := range []struct {
		name string
		draw func(Area) int
		want string
		n    int
	}{
		{"fits", func(a Area) int { return a.Text(1, 0, "ab世", Ink{}) }, " ab世       ", 4},
		{"clipped", func(a Area) int { return a.Text(8, 0, "abcdefgh", Ink{}) }, "        abcd", 4},
		{"wide and clipped", func(a Area) int { return a.Text(11, 0, "世", Ink{}) }, "            ", 1},
		{"starts left of it", func(a Area) int { return a.Text(-3, 0, "abcdef", Ink{}) }, "def         ", 6},
		{"starts right of it", func(a Area) int { return a.Text(14, 0, "abc", Ink{}) }, "            ", 0},
		{"other line", func(a Area) int { return a.Text(0, 1, "abc", Ink{}) }, "            ", 3},
		{"ellipsis", func(a Area) int { return a.TextEllipsis(0, 0, 12, s, Ink{}) }, "POST /api/… ", 11},
		{"ellipsis exact", func(a Area) int { return a.TextEllipsis(0, 0, 12, "abcdefghij世", Ink{}) }, "abcdefghij世", 12},
		{"ellipsis alone", func(a Area) int { return a.TextEllipsis(0, 0, 1, s, Ink{}) }, "…           ", 1},
		{"ellipsis nowhere", func(a Area) int { return a.TextEllipsis(0, 0, 0, s, Ink{}) }, "            ", 0},
		{"ellipsis of a wide one", func(a Area) int { return a.TextEllipsis(0, 0, 2, "世界", Ink{}) }, "…           ", 1},
		{"middle", func(a Area) int { return a.TextMiddle(0, 0, 12, s, Ink{}) }, "POST /…ckout", 12},
		{"middle of a long one", func(a Area) int { return a.TextMiddle(0, 0, 9, "start"+strings.Repeat("x世", 1e5)+"end", Ink{}) }, "star…end    ", 8},
		{"middle fits", func(a Area) int { return a.TextMiddle(0, 0, 12, "abc", Ink{}) }, "abc         ", 3},
		{"right", right, "         42 ", 2},
		{"right cut", func(a Area) int { return a.TextRight(1, 0, 5, "abcdefgh", Ink{}) }, " abcd…      ", 5},
	} {
		g := NewGrid(12, 1)
		n := tt.draw(g.All())
		if got := g.Plain(); got != tt.want || n != tt.n {
			t.Errorf("%s: %q advancing %d, want %q, %d", tt.name, got, n, tt.want, tt.n)
		}
	}
}

func TestFold(t *testing.T) {
	g := NewGrid(12, 1)
	g.SetASCII(true)
	g.All().Text(0, 0, "▾━✗…é世界\u202e\n", Ink{})
	if got, want := g.String(), "v=x~?? ? ?? "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		s     string
		width int
		want  []string
	}{
		{"", 5, []string{""}},
		{"hello", 5, []string{"hello"}},
		{"hello world", 5, []string{"hello", "world"}},
		{"hello world", 8, []string{"hello", "world"}},
		{"hello   ", 5, []string{"hello"}},
		{"hello   x", 6, []string{"hello", "x"}},
		{"abcdefgh", 3, []string{"abc", "def", "gh"}},
		{"   abcdef", 5, []string{"   ab", "cdef"}},
		{"a\r\n\nb", 5, []string{"a", "", "b"}},
		{"世界世界", 5, []string{"世界", "世界"}},
		{"世x", 1, []string{"世", "x"}},
		{"ab", 0, []string{"a", "b"}},
	} {
		if got := Wrap(tt.s, tt.width); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", tt.want) {
			t.Errorf("Wrap(%q, %d) = %q, want %q", tt.s, tt.width, got, tt.want)
		}
	}
}

func TestWrapWordsKeepsUnits(t *testing.T) {
	got := WrapWords("under getUserPosts: 250 ms, 5 % of attempt 2 is not visible", 24)
	if want := []string{"under getUserPosts:", "250 ms, 5 % of attempt 2", "is not visible"}; !slices.Equal(got, want) {
		t.Errorf("it is %q, want %q", got, want)
	}
}

func TestWrapWordsBreaksPaths(t *testing.T) {
	got := WrapWords("at hipstershop.ProductCatalogService/GetProduct of abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq", 36)
	want := []string{"at", "hipstershop.ProductCatalogService/", "GetProduct of", "abcdefghijklmnopqrstuvwxyzabcdefghij", "klmnopq"}
	if !slices.Equal(got, want) {
		t.Errorf("it is %q, want %q", got, want)
	}
}

func FuzzText(f *testing.F) {
	for i, s := range hostileTexts {
		f.Add(s, hostileTexts[len(hostileTexts)-1-i], i%5-2, i%20)
	}
	f.Fuzz(func(t *testing.T, s, next string, x, width int) {
		w := 1 + width&31
		x = max(min(x, 40), -40)
		g := NewGrid(w, 3)
		n := g.All().Text(x, 0, s, Ink{})
		g.All().Text(x+n, 0, next, Ink{Attr: Bold})
		if all := Width(s); n > all || x >= 0 && x+all <= w && n != all {
			t.Errorf("Text advanced %d for %q of width %d", n, s, all)
		}
		if n := g.All().TextEllipsis(0, 1, w, s, Ink{}); n > w {
			t.Errorf("TextEllipsis advanced %d of %d", n, w)
		}
		g.All().TextMiddle(0, 2, w, s, Ink{})
		checkFrame(t, g)
		for _, line := range Wrap(s, w) {
			if Width(line) > max(w, 2) && utf8.RuneCountInString(line) > maxRunes {
				t.Errorf("line of %d cells, want %d: %q", Width(line), w, line)
			}
		}
	})
}

func FuzzClean(f *testing.F) {
	for _, s := range hostileTexts {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		clean := Clean(s)
		for _, got := range []string{clean, Escape(s)} {
			if !utf8.ValidString(got) {
				t.Errorf("%q became %q, not UTF-8", s, got)
			}
			if i := strings.IndexFunc(got, hostile); i >= 0 {
				t.Errorf("%q became %q", s, got)
			}
		}
		if Width(clean) != Width(s) {
			t.Errorf("%q is %d cells wide, clean %d", s, Width(s), Width(clean))
		}
	})
}

func BenchmarkText(b *testing.B) {
	for name, s := range map[string]string{
		"ascii":   strings.Repeat("POST /api/checkout ", 10),
		"latin":   strings.Repeat("größe prüfen → ok ", 10),
		"wide":    strings.Repeat("世界こんにちは", 12),
		"hostile": strings.Join(hostileTexts, ""),
	} {
		b.Run(name, func(b *testing.B) {
			g := NewGrid(200, 1)
			b.ReportAllocs()
			for b.Loop() {
				g.Clear()
				g.All().Text(0, 0, s, Ink{})
			}
		})
	}
}

// TestTailsArePlainlyTheEnd compares the end of texts, taken at once where it is ASCII, with the clusters taken off one by one.
func TestTailsArePlainlyTheEnd(t *testing.T) {
	slow := func(s string, width int) string {
		for over := Width(s) - width; over > 0 && len(s) > 0; {
			u := first(s)
			s, over = s[u.size:], over-u.width()
		}
		return s
	}
	for _, s := range []string{
		"SELECT * FROM orders", "é…orders", "日本語 and more", "e\u0301clair", "a\x1b[31mb", "ends in é", "x👩‍👩‍👧y and z", "\u0600abc", "a·b…c", "",
	} {
		for width := range 24 {
			if got, want := tail(s, width), slow(s, width); got != want {
				t.Errorf("the end of %q in %d cells is %q, want %q", s, width, got, want)
			}
		}
	}
	for _, s := range []string{"…", "·", "…x", "·\u0301"} {
		if u := first(s); u.width() != 1 || u.byCluster != u.byRune {
			t.Errorf("%q is %+v, want one cell for each terminal", s, u)
		}
	}
}
