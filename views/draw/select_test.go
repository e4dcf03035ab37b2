package draw

import "testing"

// TestSelectKeepsBars selects rows with every kind of bar: none takes the look that text gets, which would be that of one
// bar as of another.
func TestSelectKeepsBars(t *testing.T) {
	service, text := Ink{FG: Indexed(2)}, Ink{FG: Indexed(15), BG: Indexed(4)}
	scale := Scale{From: 0, To: 80, Width: 8}
	half := func(at int64) int64 { return min(at, 43) } // the rest of the time does not count
	drawn := map[string]func(Area){
		"a line":                 func(a Area) { a.Line(0, scale, 5, 78, half, service, service.With(Faint)) },
		"a line of one half":     func(a Area) { a.Line(0, scale, 5, 8, nil, service, service) },
		"a moment":               func(a Area) { a.Line(0, scale, 20, 20, nil, service, service) },
		"a part of a whole":      func(a Area) { Share(a, 0, 0, 8, 3, 5, service) },
		"a mark":                 func(a Area) { a.Mark(0, 0, "▌", service) },
		"a line that only waits": func(a Area) { a.Line(0, scale, 5, 75, func(int64) int64 { return 0 }, service, service) },
	}
	for kind := range BarDashed + 1 {
		drawn["a bar of kind "+string('0'+rune(kind))] = func(a Area) { a.Bar(0, 0, 5, 59, kind, service) }
	}
	for what, paint := range drawn {
		g := NewGrid(8, 1)
		paint(g.All())
		bars := 0
		g.All().Select(Ink{BG: Indexed(7)}, func(Color) Ink { return text })
		for x, c := range g.cells {
			switch {
			case c.glyph == ' ':
			case c.ink.FG != service.FG || c.ink.BG != Indexed(7):
				t.Errorf("%s: %q in cell %d is %+v", what, c.glyph, x, c.ink)
			default:
				bars++
			}
		}
		if bars == 0 {
			t.Errorf("%s: nothing is drawn", what)
		}
	}
}

// TestSelectPaintsText selects text with the glyphs of bars, and text in the place of a bar: it would be a hole in the row.
func TestSelectPaintsText(t *testing.T) {
	const said = "━ ▌─◆ 40"
	text := Ink{FG: Indexed(15), BG: Indexed(4)}
	g := NewGrid(len([]rune(said)), 1)
	g.All().Bar(0, 0, 0, 8*g.w, BarHeavy, Ink{FG: Indexed(2)})
	g.All().Text(0, 0, said, Ink{FG: Indexed(2)})
	g.All().Select(Ink{}, func(Color) Ink { return text })
	for x, c := range g.cells {
		if c.ink != text {
			t.Errorf("%q in cell %d is %+v, want %+v", c.glyph, x, c.ink, text)
		}
	}
}
