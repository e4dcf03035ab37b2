package flame

import (
	"testing"

	"tracefall/views/draw"
	"tracefall/views/style"
)

// TestChangeColours checks in every theme that what grew most has the colour of what was added, what shrank most that of
// what was removed, and that no change looks like an error or a warning.
func TestChangeColours(t *testing.T) {
	for _, name := range style.Names() {
		theme, err := style.New(name, false)
		if err != nil {
			t.Fatal(err)
		}
		if l := changeLook(100, 100, 0, &theme); l.text.FG != theme.Added.FG {
			t.Errorf("%s: the largest growth has colour %#x", name, l.text.FG)
		}
		if l := changeLook(-100, 100, 0, &theme); l.text.FG != theme.Removed.FG {
			t.Errorf("%s: the largest loss has colour %#x", name, l.text.FG)
		}
		looks := map[draw.Color]bool{}
		for _, delta := range []float64{-100, -30, -5, -1, 0, 1, 5, 30, 100} {
			for row := range 2 {
				l := changeLook(delta, 100, row, &theme)
				looks[l.text.FG] = true
				if fg := l.text.FG; fg != 0 && (fg == theme.Error.FG || fg == theme.Warn.FG) {
					t.Errorf("%s: a change of %v looks like trouble", name, delta)
				}
			}
		}
		if want := map[string]int{"none": 1, "16": 3}[name]; want > 0 && len(looks) != want || want == 0 && len(looks) < 7 {
			t.Errorf("%s: changes have %d colours", name, len(looks))
		}
	}
}

// TestRowsOfOneServiceDiffer checks that a frame is told from the one above it of the same service, and that no shade is the
// colour of an error or a warning.
func TestRowsOfOneServiceDiffer(t *testing.T) {
	for _, name := range []string{"dark", "light", "safe"} {
		theme, err := style.New(name, false)
		if err != nil {
			t.Fatal(err)
		}
		for _, service := range []string{"cart", "payment", "gateway", "redis", "audit", "bank"} {
			even, odd := serviceLook(service, 0, &theme), serviceLook(service, 1, &theme)
			if even.text.FG != theme.Service(service).FG || odd == even || even.text.Attr&draw.Reverse == 0 {
				t.Errorf("%s: %s looks like %+v and %+v", name, service, even, odd)
			}
			if odd.text.FG == theme.Error.FG || odd.text.FG == theme.Warn.FG {
				t.Errorf("%s: %s looks like trouble", name, service)
			}
		}
	}
}
