package app

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/palette"
)

// sized returns a model in a situation, in a terminal of w columns.
func sized(t *testing.T, situation string, w int) *model {
	t.Helper()
	m := in(t, situation)
	m.Update(tea.WindowSizeMsg{Width: w, Height: 40})
	screenText(m)
	return m
}

// TestNoCommandIsCutInThePalette pages through the palette over every screen: of each command the title, its key and what it does
// stand there, at 80 columns without an explanation in brackets where that has no room.
func TestNoCommandIsCutInThePalette(t *testing.T) {
	for situation := range situations {
		if m := in(t, situation); m.can(views.ShowPalette) != "" || m.focused().Typing() || m.inPalette || m.copying || m.comparing.noting != nil {
			continue // keys go to a text
		}
		for _, w := range []int{80, 120} {
			m := sized(t, situation, w)
			items := slices.Concat(commandItems(m.offers()), themeItems())
			press(t, m, ":")
			var shown strings.Builder
			for range len(items)/10 + 1 {
				shown.WriteString(screenText(m))
				m.Update(pressOf("pgdown"))
			}
			for _, item := range items {
				want := strings.TrimSpace(item.Text + "  " + cmp.Or(item.Disabled, item.Note))
				if item.Kind == palette.KindCommand && !strings.Contains(shown.String(), want+"  ") && (w > 80 || !strings.Contains(shown.String(), draw.WithoutBrackets(want)+"  ")) {
					t.Errorf("%s: at %d columns the palette does not show %q", situation, w, want)
				}
			}
		}
	}
}

// TestNoKeyIsCutInTheHelp opens the help over every screen: each word of what a key does is there, and no line is cut.
func TestNoKeyIsCutInTheHelp(t *testing.T) {
	for situation := range situations {
		for _, w := range []int{80, 120} {
			m := sized(t, situation, w)
			if m.screen() == helpScreen {
				continue // filtered
			}
			offers := m.offers()
			m.overlays.showHelp(offers)
			m.inPalette, m.choosing, m.copying = false, false, false
			m.Update(tea.WindowSizeMsg{Width: w, Height: 400})
			text := screenText(m)
			words := strings.Join(strings.Fields(text), " ")
			for _, o := range offers {
				if len(o.Key.Keys()) == 0 {
					continue
				}
				for _, word := range strings.Fields(o.Help) {
					if !strings.Contains(words, word) {
						t.Errorf("%s: at %d columns the help lacks %q of %q", situation, w, word, o.Help)
					}
				}
			}
			for line := range strings.Lines(text) {
				if cut := strings.ReplaceAll(strings.ReplaceAll(line, "Copy …", ""), "…  ", ""); strings.Contains(cut, "…") {
					t.Errorf("%s: at %d columns something is cut in %q", situation, w, line)
				}
			}
		}
	}
}

// TestNoFooterIsCut looks at the last line of every screen: no status and no key is cut.
func TestNoFooterIsCut(t *testing.T) {
	for situation := range situations {
		for _, w := range []int{80, 120, 200} {
			m := sized(t, situation, w)
			last := line(m, 39)
			copies, _ := m.keys.named(views.CopyMenu)
			if strings.Contains(strings.ReplaceAll(last, copies.Title(), ""), "…") {
				t.Errorf("%s: at %d columns the footer is cut: %s", situation, w, last)
			}
		}
	}
}
