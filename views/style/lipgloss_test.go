package style

import (
	"testing"

	"charm.land/lipgloss/v2"

	"tracefall/views/draw"
)

// TestInksAndStyles converts every ink of every theme to a style and back.
func TestInksAndStyles(t *testing.T) {
	for _, name := range Names() {
		for what, ink := range inks(theme(t, name)) {
			if got := Ink(Style(ink)); got != ink {
				t.Errorf("%s: %s comes back as %+v, was %+v", name, what, got, ink)
			}
		}
	}
	all := draw.Ink{FG: draw.Indexed(200), BG: draw.RGB(1, 2, 3), Attr: draw.Bold | draw.Faint | draw.Italic | draw.Underline | draw.Reverse | draw.Strike}
	if got := Ink(Style(all)); got != all {
		t.Errorf("all at once come back as %+v", got)
	}
	if got := Ink(lipgloss.NewStyle().Width(9).Padding(2).Border(lipgloss.NormalBorder())); got != (draw.Ink{}) {
		t.Errorf("a block is %+v in a cell", got)
	}
}
