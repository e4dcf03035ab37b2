package app

import (
	"strings"
	"testing"

	"tracefall/sources/tracetest"
	"tracefall/views/palette"
)

// TestPaletteOffersWhatMakesSense opens the palette over the list and over a trace: what their footers show comes first, what
// moves comes late, what cannot be done last and with its reason.
func TestPaletteOffersWhatMakesSense(t *testing.T) {
	for name, test := range map[string]struct{ keys, first, late []string }{
		"list":      {nil, []string{"open", "search"}, []string{"down", "next match"}},
		"waterfall": {[]string{"enter"}, []string{"open", "root cause"}, []string{"down", "next match"}},
	} {
		m := testModel(t, tracetest.Set(t, shop))
		settle(m, m.diagnosis.start(m.set))
		press(t, m, test.keys...)
		items := commandItems(m.offers())
		for n, want := range test.first {
			if items[n].Text != want || items[n].Keys == "" {
				t.Errorf("%s: item %d is %q (%s), want %q with its key", name, n+1, items[n].Text, items[n].Keys, want)
			}
		}
		reasons := false
		for n, item := range items {
			if item.Disabled != "" {
				reasons = true
			} else if reasons {
				t.Errorf("%s: %q can be done, and stands below what cannot", name, item.Text)
			}
			for k, want := range test.late {
				if item.Text == want && n < len(items)/2 {
					t.Errorf("%s: %q is item %d of %d, want it late", name, want, n+1, len(items))
				} else if item.Text == want && k == len(test.late)-1 && item.Disabled == "" {
					t.Errorf("%s: %q can be done", name, want)
				}
			}
		}
		press(t, m, ":")
		mustShow(t, m, "Command palette", "▌ open")
	}
}

// TestPlacesAreFoundOnceForASet: not for each opening of the palette over the list.
func TestPlacesAreFoundOnceForASet(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	press(t, m, ":", "esc")
	m.overlays.places = []palette.Item{{Kind: palette.PaletteService, Text: "found-before"}}
	press(t, m, append([]string{":"}, typed("found-b")...)...)
	mustShow(t, m, "found-before")
	press(t, m, "esc")
	_, cmd := m.Update(loadedSet(m, tracetest.Set(t, shop)))
	settle(m, cmd)
	press(t, m, append([]string{":"}, typed("found-b")...)...)
	if text := screenText(m); strings.Contains(text, "found-before") {
		t.Errorf("the places of another set are offered:\n%s", text)
	}
}

// TestThemeIsChosen draws everything in the theme that was asked for, at once.
func TestThemeIsChosen(t *testing.T) {
	m := testModel(t, tracetest.Set(t, shop))
	screenText(m)
	before := m.grid.String()
	press(t, m, ":")
	press(t, m, strings.Split("theme li", "")...)
	mustShow(t, m, "theme light")
	press(t, m, "enter")
	screenText(m)
	if after := m.grid.String(); m.opt.Theme.Name != "light" || m.opt.Theme.Auto || after == before {
		t.Errorf("the theme is %q, auto %v", m.opt.Theme.Name, m.opt.Theme.Auto)
	}
	for _, item := range themeItems() {
		if item.Note == "" {
			t.Errorf("nothing is said of %s", item.Text)
		}
	}
	press(t, m, ":")
	press(t, m, strings.Split("theme auto", "")...)
	press(t, m, "enter")
	if !m.opt.Theme.Auto {
		t.Errorf("the theme is %q, and the terminal does not choose it", m.opt.Theme.Name)
	}
}
