package style

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"tracefall/views/draw"
)

func TestServicesHaveColoursOfTheirOwn(t *testing.T) {
	for _, name := range Names() {
		plain := theme(t, name)
		n := len(plain.services)
		if n == 0 {
			continue
		}
		var services []string
		for i := range 2 * n {
			services = append(services, fmt.Sprint("service-", i))
		}
		count := map[draw.Color]int{}
		all := plain.For(services)
		for _, service := range services {
			count[all.Service(service).FG]++
		}
		for c, users := range count {
			if users != 2 {
				t.Errorf("%s: %d of %d services have colour %06x, want 2", name, users, 2*n, c&0xffffff)
			}
		}
		few := plain.For(services[:n])
		used := map[draw.Color]bool{}
		for _, service := range services[:n] {
			used[few.Service(service).FG] = true
		}
		if len(used) != n {
			t.Errorf("%s: %d services have %d colours", name, n, len(used))
		}
		shuffled := slices.Concat(services[n/2:n], services[:n/2], services[:3], []string{""})
		again := plain.For(shuffled)
		for _, service := range services[:n] {
			if few.Service(service) != again.Service(service) {
				t.Errorf("%s: the colour of %s depends on the order of the services", name, service)
			}
		}
		if again.Service("") != again.Text {
			t.Errorf("%s: no service has a colour", name)
		}
	}
}

// TestServiceKeepsItsColour looks at where a colour comes from: the hash, as long as nobody before it by name has that one;
// else the free one farthest from those that are taken.
func TestServiceKeepsItsColour(t *testing.T) {
	plain := theme(t, "dark")
	var same []string // services whose names hash to one colour
	for i := 0; len(same) < 3; i++ {
		if name := fmt.Sprintf("svc-%03d", i); plain.hashed(name) == plain.hashed("svc-000") {
			same = append(same, name)
		}
	}
	shared := plain.For(same)
	if got, want := shared.Service(same[0]), plain.Service(same[0]); got != want {
		t.Errorf("the first has %06x, its name hashes to %06x", got.FG&0xffffff, want.FG&0xffffff)
	}
	taken := []draw.Color{shared.Service(same[0]).FG}
	for _, name := range same[1:] {
		got := shared.Service(name).FG
		nearest := func(c draw.Color) float64 {
			near := math.Inf(1)
			for _, other := range taken {
				near = min(near, distance(linear(t, c), linear(t, other)))
			}
			return near
		}
		for _, c := range plain.services {
			if nearest(c) > nearest(got)+0.01 {
				t.Errorf("%s has %06x, %06x is farther from all that are taken", name, got&0xffffff, c&0xffffff)
			}
		}
		taken = append(taken, got)
	}
}

func TestSelect(t *testing.T) {
	for name, theme := range coloured(t) {
		if theme.Selected.FG == 0 || theme.Selected.BG == 0 {
			t.Errorf("%s: the selected row has no colours of its own", name)
		}
	}
	text := func(a draw.Area, glyph string, ink draw.Ink) { a.Text(0, 0, glyph, ink) }
	bar := func(a draw.Area, glyph string, ink draw.Ink) { a.Mark(0, 0, glyph, ink) }
	cell := func(paint func(draw.Area, string, draw.Ink), glyph string, ink draw.Ink) *draw.Grid {
		g := draw.NewGrid(1, 1)
		paint(g.All(), glyph, ink)
		return g
	}
	for _, name := range Names() {
		theme := theme(t, name)
		service := theme.Service("checkout")
		row, barRow := theme.Selected, theme.SelectedBar
		failed := draw.Ink{FG: theme.Error.FG, BG: row.BG, Attr: theme.Error.Attr | row.Attr}
		if name == "16" {
			failed = draw.Ink{FG: row.FG, BG: draw.Indexed(1)} // red on blue is not readable
		}
		for _, test := range []struct {
			what, glyph string
			paint       func(draw.Area, string, draw.Ink)
			ink, want   draw.Ink
		}{
			{"text", "a", text, theme.Text, row},
			{"a dash in text", "━", text, theme.Dim, row},
			{"an error", "✗", text, theme.Error, failed},
			{"a warning", "△", text, theme.Warn, draw.Ink{FG: theme.Warn.FG, BG: row.BG, Attr: theme.Warn.Attr | row.Attr}},
			{"a bar", "━", bar, service, draw.Ink{FG: service.FG, BG: barRow.BG}},
			{"a block", "█", bar, service, draw.Ink{FG: service.FG, BG: barRow.BG}},
			{"waiting", "─", bar, service.With(draw.Faint), draw.Ink{FG: service.FG, BG: barRow.BG, Attr: draw.Faint}},
		} {
			selected := cell(test.paint, test.glyph, test.ink)
			theme.Select(selected.All())
			if got, want := selected.String(), cell(text, test.glyph, test.want).String(); got != want {
				t.Errorf("%s: in the selected row %s is %q, want %q", name, test.what, got, want)
			}
		}
	}
}

func TestIndexedThemesAreChosenByHand(t *testing.T) {
	for _, name := range []string{"dark", "light", "safe"} {
		indexed := theme(t, name).Indexed()
		all := inks(indexed)
		for i, c := range indexed.services {
			all[fmt.Sprint("service ", i)] = draw.Ink{FG: c}
		}
		for what, ink := range all {
			for _, c := range []draw.Color{ink.FG, ink.BG} {
				black, white := draw.Indexed(0), draw.Indexed(15)
				if c != 0 && c != black && c != white && (c&^0xff != draw.Indexed(0) || c < draw.Indexed(16)) {
					t.Errorf("%s: %s has colour %#x, want black, white or one of 16 to 255", name, what, uint32(c))
				}
			}
		}
		if again, err := indexed.Named("light"); err != nil || again.services[0] != theme(t, "light").Indexed().services[0] {
			t.Errorf("%s: another theme on the same terminal is not of 256 colours (%v)", name, err)
		}
	}
}
