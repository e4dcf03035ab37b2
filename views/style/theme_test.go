package style

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"tracefall/views/draw"
)

// linear returns a colour's linear red, green and blue.
func linear(t *testing.T, c draw.Color) [3]float64 {
	t.Helper()
	if c == 0 {
		t.Fatal("the terminal's own colour has no values")
	}
	var out [3]float64
	r, g, b, _ := c.Color().RGBA() // of a colour with a number, as xterm has it
	for i, v := range []uint32{r, g, b} {
		v := float64(v) / 0xffff
		if v <= 0.04045 {
			out[i] = v / 12.92
		} else {
			out[i] = math.Pow((v+0.055)/1.055, 2.4)
		}
	}
	return out
}

// contrast is the contrast ratio of WCAG 2, 1 to 21.
func contrast(t *testing.T, a, b draw.Color) float64 {
	la, lb := luminance(linear(t, a)), luminance(linear(t, b))
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c [3]float64) float64 { return 0.2126*c[0] + 0.7152*c[1] + 0.0722*c[2] }

// distance is the Euclidean distance in Oklab (Björn Ottosson, 2020), times
// 100: about 2 is just noticeable side by side.
func distance(a, b [3]float64) float64 {
	x, y := oklab(a), oklab(b)
	return 100 * math.Sqrt((x[0]-y[0])*(x[0]-y[0])+(x[1]-y[1])*(x[1]-y[1])+(x[2]-y[2])*(x[2]-y[2]))
}

func oklab(c [3]float64) [3]float64 {
	l := math.Cbrt(0.4122214708*c[0] + 0.5363325363*c[1] + 0.0514459929*c[2])
	m := math.Cbrt(0.2119034982*c[0] + 0.6806995451*c[1] + 0.1073969566*c[2])
	s := math.Cbrt(0.0883024619*c[0] + 0.2817188376*c[1] + 0.6299787005*c[2])
	return [3]float64{
		0.2104542553*l + 0.7936177850*m - 0.0040720468*s,
		1.9779984951*l - 2.4285922050*m + 0.4505937099*s,
		0.0259040371*l + 0.7827717662*m - 0.8086757660*s,
	}
}

// deficiencies simulate the loss of one kind of cone in linear RGB (Machado,
// Oliveira and Fernandes, 2009, severity 1).
var deficiencies = map[string][3][3]float64{
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

func seen(m [3][3]float64, c [3]float64) [3]float64 {
	var out [3]float64
	for i := range out {
		out[i] = min(max(m[i][0]*c[0]+m[i][1]*c[1]+m[i][2]*c[2], 0), 1)
	}
	return out
}

// coloured returns the themes whose colours are known, by what to call them.
func coloured(t *testing.T) map[string]Theme {
	all := map[string]Theme{}
	for _, name := range []string{Auto, "dark", "light", "safe"} {
		all[name] = theme(t, name)
		all[name+" of 256"] = all[name].Indexed()
	}
	return all
}

// pages are the backgrounds that a theme is made for.
func pages(theme Theme) []draw.Color {
	black, white := draw.RGB(0, 0, 0), draw.RGB(255, 255, 255)
	switch theme.Name {
	case Auto:
		return []draw.Color{black, white}
	case "light":
		return []draw.Color{white, draw.RGB(0xfa, 0xfa, 0xf5)}
	}
	return []draw.Color{black, draw.RGB(0x1e, 0x1e, 0x1e)}
}

func theme(t *testing.T, name string) Theme {
	t.Helper()
	theme, err := New(name, false)
	if err != nil {
		t.Fatal(err)
	}
	return theme
}

// inks returns the named inks of a theme.
func inks(theme Theme) map[string]draw.Ink {
	all := map[string]draw.Ink{}
	v := reflect.ValueOf(theme)
	for i := range v.NumField() {
		if !v.Type().Field(i).IsExported() {
			continue
		}
		if ink, ok := v.Field(i).Interface().(draw.Ink); ok {
			all[v.Type().Field(i).Name] = ink
		}
	}
	return all
}

// Text has a contrast of 4.5, also in the row under the cursor; lines have less. On a page of unknown brightness nothing
// can have 4.6 against both black and white, so there the services, which are bars above all, have 3, and among 256 colours
// few are as close as that to the middle.
func TestContrast(t *testing.T) {
	for name, theme := range coloured(t) {
		text, bars, line := 4.5, 4.5, 2.5
		switch {
		case name == Auto:
			bars, line = 3, 3
		case theme.Name == Auto:
			text, bars, line = 3.8, 3, 3
		}
		check := func(what string, ink draw.Ink, on draw.Color, want float64) {
			if ink.FG == 0 {
				return
			}
			if got := contrast(t, ink.FG, on); got < want {
				t.Errorf("%s: %s %06x on %06x has contrast %.1f, want %.1f", name, what, ink.FG&0xffffff, on&0xffffff, got, want)
			}
		}
		for what, ink := range inks(theme) {
			want := text
			if what == "Border" {
				want = line
			}
			if ink.BG != 0 {
				check(what, ink, ink.BG, text)
				continue
			}
			for _, page := range pages(theme) {
				check(what, ink, page, want)
			}
			if selected := theme.selected(ink.FG).Over(ink); what != "Border" {
				check("selected "+what, selected, selected.BG, 4.5)
			}
		}
		for i, c := range theme.services {
			what, ink := fmt.Sprint("service ", i), draw.Ink{FG: c}
			for _, page := range pages(theme) {
				check(what, ink, page, bars)
			}
			selected := theme.selected(c).Over(ink)
			check("selected "+what, selected, selected.BG, 4.5)
			if bar := theme.SelectedBar.Over(ink); bar.BG != 0 {
				check("selected bar of "+what, bar, bar.BG, 3)
			}
		}
		for _, page := range pages(theme) {
			if d := distance(linear(t, theme.Selected.BG), linear(t, page)); d < 4 {
				t.Errorf("%s: the selected row %06x is only %.1f from the page %06x", name, theme.Selected.BG&0xffffff, d, page&0xffffff)
			}
		}
	}
}

// schemes are what terminals show for the colours that are only named; here those that the row under the cursor has: red,
// blue, bright red, bright yellow and bright white.
var schemes = map[string]map[uint8]draw.Color{
	"the Linux console": {1: draw.RGB(0xaa, 0, 0), 4: draw.RGB(0, 0, 0xaa), 9: draw.RGB(0xff, 0x55, 0x55), 11: draw.RGB(0xff, 0xff, 0x55), 15: draw.RGB(0xff, 0xff, 0xff)},
	"xterm":             {1: draw.RGB(0xcd, 0, 0), 4: draw.RGB(0, 0, 0xee), 9: draw.RGB(0xff, 0, 0), 11: draw.RGB(0xff, 0xff, 0), 15: draw.RGB(0xff, 0xff, 0xff)},
	"GNOME":             {1: draw.RGB(0xcc, 0, 0), 4: draw.RGB(0x34, 0x65, 0xa4), 9: draw.RGB(0xef, 0x29, 0x29), 11: draw.RGB(0xfc, 0xe9, 0x4f), 15: draw.RGB(0xee, 0xee, 0xec)},
	"Windows":           {1: draw.RGB(0xc5, 0x0f, 0x1f), 4: draw.RGB(0, 0x37, 0xda), 9: draw.RGB(0xe7, 0x48, 0x56), 11: draw.RGB(0xf9, 0xf1, 0xa5), 15: draw.RGB(0xf2, 0xf2, 0xf2)},
}

// What stands in the selected row is readable also where the terminal gives the colours their look.
func TestContrastOfNamedColoursOnTheSelectedRow(t *testing.T) {
	theme := theme(t, "16")
	all := inks(theme)
	for i, c := range theme.services {
		all[fmt.Sprint("service ", i)] = draw.Ink{FG: c}
	}
	for scheme, shown := range schemes {
		for what, ink := range all {
			if ink.BG != 0 {
				continue // it stands on a background of its own
			}
			ink = theme.selected(ink.FG).Over(ink)
			var c [2]draw.Color
			for i, part := range []draw.Color{ink.FG, ink.BG} {
				n, ok := part.Color().(ansi.BasicColor)
				if c[i] = shown[uint8(n)]; !ok || c[i] == 0 {
					t.Fatalf("%s: %s has colour %#x, which the schemes do not say", scheme, what, part)
				}
			}
			if got := contrast(t, c[0], c[1]); got < 4.5 {
				t.Errorf("%s: %s %06x on %06x has contrast %.1f, want 4.5", scheme, what, c[0]&0xffffff, c[1]&0xffffff, got)
			}
		}
	}
}

func TestThemesKeepTheirPromises(t *testing.T) {
	for _, name := range Names() {
		theme := theme(t, name)
		if theme.Name != name {
			t.Errorf("theme %q is called %q", name, theme.Name)
		}
		all := inks(theme)
		all["a service"] = theme.Service("checkout")
		for what, ink := range all {
			for _, c := range []draw.Color{ink.FG, ink.BG} {
				switch {
				case name == "none" && c != 0:
					t.Errorf("none: %s has colour %#x", what, c)
				case name == "16" && !named(c):
					t.Errorf("16: %s has colour %#x", what, c)
				}
			}
		}
		if theme.Selected == (draw.Ink{}) || theme.Match == (draw.Ink{}) || theme.Error == theme.Text {
			t.Errorf("%s: what must stand out does not", name)
		}
	}
	if def := theme(t, ""); def.Name != Auto || !def.Auto {
		t.Errorf("the default is %q, auto %v", def.Name, def.Auto)
	}
	_, err := New("solarized", false)
	if want := `unknown theme "solarized": expected one of auto, dark, light, safe, 16, none`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// named reports whether a colour is one of the terminal's 16, or its default.
func named(c draw.Color) bool {
	_, basic := c.Color().(ansi.BasicColor)
	return basic || c == 0
}

func TestNoneWritesNoColour(t *testing.T) {
	theme := theme(t, "none")
	g := draw.NewGrid(60, 1)
	x := 0
	for _, ink := range inks(theme) {
		x += g.All().Text(x, 0, "x", ink)
	}
	g.All().Sub(0, 0, 9, 1).Paint(theme.Selected)
	frame := g.String()
	for frame != "" {
		_, after, _ := strings.Cut(frame, "\x1b[")
		params, rest, _ := strings.Cut(after, "m")
		for p := range strings.SplitSeq(params, ";") {
			if len(p) > 1 {
				t.Fatalf("parameter %q in %q", p, g.String())
			}
		}
		frame = rest
	}
}

func TestServiceIsStable(t *testing.T) {
	theme := theme(t, "dark")
	// FNV-1a of "foobar" is 0xbf9cf968, as its authors publish.
	if got, want := theme.Service("foobar").FG, theme.services[0xbf9cf968%uint32(len(theme.services))]; got != want {
		t.Errorf("colour %#x, want %#x", got, want)
	}
	used := map[draw.Color]bool{}
	for i := range 200 {
		used[theme.Service(fmt.Sprint("service-", i)).FG] = true
	}
	if len(used) != len(theme.services) {
		t.Errorf("200 services use %d of %d colours", len(used), len(theme.services))
	}
}

func TestGlyphs(t *testing.T) {
	for _, ascii := range []bool{false, true} {
		theme, err := New("dark", ascii)
		if err != nil {
			t.Fatal(err)
		}
		v := reflect.ValueOf(theme.Glyphs)
		for i := range v.NumField() {
			glyph, name := v.Field(i).String(), v.Type().Field(i).Name
			if draw.Width(glyph) != 1 || draw.Clean(glyph) != glyph {
				t.Errorf("%s: %q is not one cell", name, glyph)
			}
			g := draw.NewGrid(1, 1)
			g.SetASCII(true)
			g.All().Text(0, 0, glyph, draw.Ink{})
			if got := g.Plain(); got == "?" && glyph != "△" && glyph != "?" {
				t.Errorf("%s: %q has no ASCII form", name, glyph)
			}
			if want := reflect.ValueOf(asciiGlyphs).Field(i).String(); g.Plain() != want && name != "Point" && glyph != want {
				t.Errorf("%s: %q is drawn %q, its ASCII glyph is %q", name, glyph, g.Plain(), want)
			}
		}
	}
}

// TestMatchOnTheSelectedRow selects a row with text that a search found: it keeps the background that it is read on.
// Faint text is faint no more.
func TestMatchOnTheSelectedRow(t *testing.T) {
	for _, name := range []string{"dark", "light", "safe", "16"} {
		theme := theme(t, name)
		drawn := func(found, text draw.Ink) *draw.Grid {
			g := draw.NewGrid(4, 1)
			g.All().Text(0, 0, "ab", found)
			g.All().Text(2, 0, "cd", text)
			return g
		}
		got := drawn(theme.Match, draw.Ink{Attr: draw.Faint})
		theme.Select(got.All())
		if want := drawn(theme.Match, theme.Selected); got.String() != want.String() {
			t.Errorf("%s: the row is %q, want %q", name, got.String(), want.String())
		}
	}
}
