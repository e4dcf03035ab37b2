package style

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"

	"tracefall/views/draw"
)

// distances are how far colours are apart at least, in Oklab times 100 (see distance).
type distances struct {
	services float64 // any two services
	trouble  float64 // from errors and warnings: anything that has another colour
	grey     float64 // likewise: what has none
	ok       float64 // services from what is fine
	changed  float64 // services from what a comparison added or removed
}

func distancesOf(theme Theme) distances {
	if theme.indexed { // there are few to choose from
		return distances{services: 6.5, trouble: 12, grey: 11, ok: 8, changed: 4}
	}
	return distances{services: 9, trouble: 12, grey: 11, ok: 8, changed: 6}
}

// Red and yellow have the hues from redFrom to yellowTo, in degrees of Oklab; a colour of less chroma than grey (of 100) has
// no hue that anyone sees.
const (
	redFrom, yellowTo = 0, 128
	grey              = 3.5
)

func hueAndChroma(c [3]float64) (hue, chroma float64) {
	lab := oklab(c)
	return math.Mod(math.Atan2(lab[2], lab[1])*180/math.Pi+360, 360), 100 * math.Hypot(lab[1], lab[2])
}

func isTrouble(role string) bool {
	return slices.Contains([]string{"Error", "Warn", "SelectedError", "SelectedWarn"}, role)
}

// TestRedAndYellowAreReserved looks at every colour of every theme: what is neither an error nor a warning is not red, not
// yellow, nothing between them, and far from both.
func TestRedAndYellowAreReserved(t *testing.T) {
	for name, theme := range coloured(t) {
		check := func(what string, c draw.Color) {
			hue, chroma := hueAndChroma(linear(t, c))
			least := distancesOf(theme).trouble
			switch {
			case chroma <= grey:
				least = distancesOf(theme).grey
			case hue > redFrom && hue < yellowTo:
				t.Errorf("%s: %s %06x has hue %.0f, which is kept for errors and warnings", name, what, c&0xffffff, hue)
			}
			for status, ink := range map[string]draw.Ink{"errors": theme.Error, "warnings": theme.Warn} {
				if d := distance(linear(t, c), linear(t, ink.FG)); d < least {
					t.Errorf("%s: %s %06x is only %.1f from the colour of %s, want %.0f", name, what, c&0xffffff, d, status, least)
				}
			}
		}
		for what, ink := range inks(theme) {
			for _, c := range []draw.Color{ink.FG, ink.BG} {
				if c != 0 && !isTrouble(what) {
					check(what, c)
				}
			}
		}
		for i, c := range theme.services {
			check(fmt.Sprint("service ", i), c)
		}
		// What red and yellow are.
		selectedRed := cmp.Or(theme.SelectedError.FG, theme.Error.FG)
		if theme.SelectedError.BG != theme.Selected.BG {
			selectedRed = cmp.Or(theme.SelectedError.BG, selectedRed)
		}
		for _, status := range []struct {
			what     string
			c        draw.Color
			from, to float64
		}{
			{"red", theme.Error.FG, 15, 48}, {"yellow", theme.Warn.FG, 60, 112}, {"green", theme.OK.FG, 135, 172},
			{"red", selectedRed, 15, 48}, {"yellow", cmp.Or(theme.SelectedWarn.FG, theme.Warn.FG), 60, 112},
		} {
			if hue, chroma := hueAndChroma(linear(t, status.c)); hue < status.from || hue > status.to || chroma < 9 {
				t.Errorf("%s: %06x has hue %.0f and chroma %.0f, which is not %s", name, status.c&0xffffff, hue, chroma, status.what)
			}
		}
	}
	sixteen := theme(t, "16")
	red, yellow := []draw.Color{draw.Indexed(1), draw.Indexed(9)}, []draw.Color{draw.Indexed(3), draw.Indexed(11)}
	for c, shades := range map[draw.Color][]draw.Color{
		sixteen.Error.FG: red, sixteen.SelectedError.BG: red, sixteen.Warn.FG: yellow, sixteen.SelectedWarn.FG: yellow,
		sixteen.OK.FG: {draw.Indexed(2), draw.Indexed(10)},
	} {
		if !slices.Contains(shades, c) {
			t.Errorf("16: a status has colour %06x, want one of %06x", c&0xffffff, shades)
		}
	}
	all := inks(sixteen)
	for i, c := range sixteen.services {
		all[fmt.Sprint("service ", i)] = draw.Ink{FG: c}
	}
	for what, ink := range all {
		for _, c := range []draw.Color{ink.FG, ink.BG} {
			if slices.Contains(slices.Concat(red, yellow), c) && !isTrouble(what) {
				t.Errorf("16: %s has colour %06x", what, c&0xffffff)
			}
		}
	}
}

func TestServiceColoursAreDistinct(t *testing.T) {
	for name, theme := range coloured(t) {
		if len(theme.services) < 14 {
			t.Errorf("%s: %d colours for services", name, len(theme.services))
		}
		least := distancesOf(theme)
		for i, c := range theme.services {
			far := func(what string, other draw.Color, least float64) {
				if d := distance(linear(t, c), linear(t, other)); d < least {
					t.Errorf("%s: service %d %06x is only %.1f from %s %06x, want %.1f", name, i, c&0xffffff, d, what, other&0xffffff, least)
				}
			}
			for k, other := range theme.services[:i] {
				far(fmt.Sprint("service ", k), other, least.services)
			}
			far("what is fine", theme.OK.FG, least.ok)
			far("what was added", theme.Added.FG, least.changed)
			far("what was removed", theme.Removed.FG, least.changed)
		}
	}
	// Of 16 colours each has one meaning.
	sixteen := theme(t, "16")
	meant := map[draw.Color]string{}
	mean := func(what string, c draw.Color) {
		if other, taken := meant[c]; taken {
			t.Errorf("16: %s and %s have one colour", what, other)
		}
		meant[c] = what
	}
	for what, ink := range map[string]draw.Ink{"errors": sixteen.Error, "warnings": sixteen.Warn, "success": sixteen.OK, "added": sixteen.Added, "removed": sixteen.Removed} {
		mean(what, ink.FG)
	}
	mean("the selected row", sixteen.Selected.BG)
	for i, c := range sixteen.services {
		mean(fmt.Sprint("service ", i), c)
	}
}

// TestSafeThemeWithoutOneCone sees the theme as people do who lack one kind of cone.
func TestSafeThemeWithoutOneCone(t *testing.T) {
	for _, theme := range []Theme{theme(t, "safe"), theme(t, "safe").Indexed()} {
		status := map[string]draw.Color{"error": theme.Error.FG, "warn": theme.Warn.FG, "ok": theme.OK.FG, "added": theme.Added.FG, "removed": theme.Removed.FG}
		pairs := [][2]string{{"error", "ok"}, {"error", "warn"}, {"warn", "ok"}, {"added", "removed"}}
		for i, c := range theme.services {
			what := fmt.Sprint("service ", i)
			status[what] = c
			pairs = append(pairs, [2]string{what, "error"}, [2]string{what, "warn"})
		}
		for cone, m := range deficiencies {
			for _, pair := range pairs {
				a, b := status[pair[0]], status[pair[1]]
				if d := distance(seen(m, linear(t, a)), seen(m, linear(t, b))); d < 8 {
					t.Errorf("%s: %s %06x and %s %06x are only %.1f apart", cone, pair[0], a&0xffffff, pair[1], b&0xffffff, d)
				}
			}
		}
	}
}
