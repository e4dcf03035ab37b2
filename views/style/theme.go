package style

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"tracefall/views/draw"
)

// Theme is how things look: an Ink for each meaning, and the glyphs. Glyphs
// alone tell everything; inks add to them. Red and yellow are the colours of
// errors and warnings and of nothing else.
type Theme struct {
	Name string
	Auto bool // another one may take its place once the terminal says what it is

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
	Selected, SelectedBar       draw.Ink // of the row under the cursor: for its text, for its bars; see Select
	SelectedError, SelectedWarn draw.Ink // of errors and warnings there, where their own colours are not readable on its background
	Match                       draw.Ink // to be painted over what a search found
	Prompt, StatusBar, Notice   draw.Ink
	KeyHint                     draw.Ink // a key in footer and help
	MinimapInside, MinimapRest  draw.Ink
	ProgressFull, ProgressEmpty draw.Ink

	Glyphs Glyphs
	ASCII  bool // for Grid.SetASCII

	services []draw.Color
	indexed  bool             // of 256 colours
	changes  Changes          // of the person at the terminal
	names    []string         // the services that have colours of their own
	slots    map[string]uint8 // their colours, as indices of services
}

// Auto is the name of the theme that the terminal chooses, and of what is shown
// until it has: colours for a page of any brightness.
const Auto = "auto"

// Names returns the names New knows beside Auto.
func Names() []string { return []string{"dark", "light", "safe", "16", "none"} }

// New returns a theme by name; "" is Auto. With ascii its glyphs are ASCII; so
// they are where the user has declared ambiguous characters two cells wide
// (RUNEWIDTH_EASTASIAN), because lines and bars are.
func New(name string, ascii bool) (Theme, error) {
	return Theme{ASCII: ascii || ansi.StringWidth(unicodeGlyphs.Horizontal) != 1}.Named(name)
}

// Named returns the theme of another name, with everything else that was asked
// of this one: its glyphs, its number of colours, the changes to it, the
// services that have colours of their own.
func (t Theme) Named(name string) (Theme, error) {
	if name == "" {
		name = Auto
	}
	next, ok := paletteOf(name, t.indexed)
	if !ok {
		return t, fmt.Errorf("unknown theme %q: expected one of %s, %s", name, Auto, strings.Join(Names(), ", "))
	}
	next.Name, next.Auto = name, name == Auto
	next.ASCII, next.indexed, next.changes = t.ASCII, t.indexed, t.changes
	next.Glyphs = unicodeGlyphs
	if t.ASCII {
		next.Glyphs = asciiGlyphs
	}
	if name != "none" {
		next.change(t.changes)
	}
	return next.For(t.names), nil
}

// With returns the theme with changes.
func (t Theme) With(c Changes) (Theme, error) {
	if err := c.check(); err != nil {
		return t, err
	}
	t.changes = c
	next, err := t.Named(t.Name)
	next.Auto = t.Auto
	return next, err
}

// Indexed returns the theme for a terminal of 256 colours. They are chosen for
// it: rounded ones would bring services together and lose what is read on the
// selected row.
func (t Theme) Indexed() Theme {
	t.indexed = true
	next, err := t.Named(t.Name)
	if err != nil {
		return t
	}
	next.Auto = t.Auto
	return next
}

// paletteOf returns the theme of a name without what is chosen besides, and
// whether there is one.
func paletteOf(name string, indexed bool) (Theme, bool) {
	switch {
	case name == Auto && indexed:
		return palette(auto256), true
	case name == Auto:
		return palette(autoColors), true
	case name == "dark" && indexed:
		return palette(dark256), true
	case name == "dark":
		return palette(darkColors), true
	case name == "light" && indexed:
		return palette(light256), true
	case name == "light":
		return palette(lightColors), true
	case name == "safe" && indexed:
		return palette(safe256), true
	case name == "safe":
		return palette(safeColors), true
	case name == "16":
		return palette(ansiColors), true
	case name == "none":
		return colourless(), true
	}
	return Theme{}, false
}

// Select paints the row under the cursor: its text gets the background and,
// where its colour means nothing, the foreground of the selection. Bars keep
// their look, so that a bar is never reversed.
func (t *Theme) Select(row draw.Area) { row.Select(t.SelectedBar, t.selected) }

// selected returns what is painted over text of a colour in the row under the
// cursor.
func (t *Theme) selected(color draw.Color) draw.Ink {
	ink := t.Selected
	switch {
	case color != 0 && color == t.Match.FG: // it is read on the background of its own
		return draw.Ink{}
	case t.SelectedError != draw.Ink{}: // little can be read on this background
		switch color {
		case t.Error.FG:
			ink = t.SelectedError
		case t.Warn.FG:
			ink = t.SelectedWarn
		}
	case color != 0 && color != t.Dim.FG && color != t.Border.FG:
		ink.FG = 0
	}
	return ink
}
