package style

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"tracefall/views/draw"
)

// Theme is how things look: an Ink for each meaning, and the glyphs. Glyphs
// alone tell everything; inks add to them.
type Theme struct {
	Name string

	Text, Dim, Strong           draw.Ink // running text, what matters less, what matters more
	Title, Header, Accent       draw.Ink // of the screen, of columns, what is active
	Key, Value                  draw.Ink // of attributes
	Border, Ruler, Scrollbar    draw.Ink // lines, the time scale, the bar's thumb
	Error, Warn, OK             draw.Ink // status and severity; nothing else has these colours
	Info, Link                  draw.Ink
	CriticalPath                draw.Ink // over the ink of the service
	Added, Removed, Changed     draw.Ink // of a comparison
	Hatch                       draw.Ink // where a span is missing
	Disabled                    draw.Ink // a command that cannot run now
	Selected, Zebra             draw.Ink // to be painted over a row
	Match                       draw.Ink // to be painted over what a search found
	Prompt, StatusBar, Notice   draw.Ink
	KeyHint                     draw.Ink // a key in footer and help
	MinimapInside, MinimapRest  draw.Ink
	ProgressFull, ProgressEmpty draw.Ink

	Glyphs Glyphs
	ASCII  bool // for Grid.SetASCII

	services []draw.Color
}

// Names returns the names NewTheme knows, the default first.
func Names() []string { return []string{"dark", "light", "safe", "16", "none"} }

// New returns a theme by name; "" is the default. With ascii its glyphs
// are ASCII; so they are where the user has declared ambiguous characters two
// cells wide (RUNEWIDTH_EASTASIAN), because lines and bars are.
func New(name string, ascii bool) (Theme, error) {
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
		return Theme{}, fmt.Errorf("unknown theme %q: expected one of %s", name, strings.Join(Names(), ", "))
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
func (t Theme) Service(name string) draw.Ink {
	if len(t.services) == 0 {
		return t.Text
	}
	hash := uint32(2166136261)
	for i := range len(name) {
		hash = (hash ^ uint32(name[i])) * 16777619
	}
	return draw.Ink{FG: t.services[hash%uint32(len(t.services))]}
}
