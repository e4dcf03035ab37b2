package draw

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Theme is how things look: an Ink for each meaning, and the glyphs. Glyphs
// alone tell everything; inks add to them.
type Theme struct {
	Name string

	Text, Dim, Strong           Ink // running text, what matters less, what matters more
	Title, Header, Accent       Ink // of the screen, of columns, what is active
	Key, Value                  Ink // of attributes
	Border, Ruler, Scrollbar    Ink // lines, the time scale, the bar's thumb
	Error, Warn, OK             Ink // status and severity; nothing else has these colours
	Info, Link                  Ink
	CriticalPath                Ink // over the ink of the service
	Added, Removed, Changed     Ink // of a comparison
	Hatch                       Ink // where a span is missing
	Disabled                    Ink // a command that cannot run now
	Selected, Zebra             Ink // to be painted over a row
	Match                       Ink // to be painted over what a search found
	Prompt, StatusBar, Notice   Ink
	KeyHint                     Ink // a key in footer and help
	MinimapInside, MinimapRest  Ink
	ProgressFull, ProgressEmpty Ink

	Glyphs Glyphs
	ASCII  bool // for Grid.SetASCII

	services []Color
}

// Themes returns the names NewTheme knows, the default first.
func Themes() []string { return []string{"dark", "light", "safe", "16", "none"} }

// NewTheme returns a theme by name; "" is the default. With ascii its glyphs
// are ASCII; so they are where the user has declared ambiguous characters two
// cells wide (RUNEWIDTH_EASTASIAN), because lines and bars are.
func NewTheme(name string, ascii bool) (Theme, error) {
	var t Theme
	switch name {
	case "", "dark":
		t = palette(darkColors)
		name = "dark"
	case "light":
		t = palette(lightColors)
	case "safe":
		t = palette(safeColors)
	case "16":
		t = palette(ansiColors)
	case "none":
		t = colourless()
	default:
		return Theme{}, fmt.Errorf("unknown theme %q: expected one of %s", name, strings.Join(Themes(), ", "))
	}
	t.Name = name
	t.ASCII = ascii || ansi.StringWidth(unicodeGlyphs.Horizontal) != 1
	t.Glyphs = unicodeGlyphs
	if t.ASCII {
		t.Glyphs = asciiGlyphs
	}
	return t, nil
}

// Service returns the ink of a service: chosen by a hash (FNV-1a, 32 bits) of
// its name, so it is the same in every view, run and place. Two services can
// share one.
func (t Theme) Service(name string) Ink {
	if len(t.services) == 0 {
		return t.Text
	}
	hash := uint32(2166136261)
	for i := range len(name) {
		hash = (hash ^ uint32(name[i])) * 16777619
	}
	return Ink{FG: t.services[hash%uint32(len(t.services))]}
}
