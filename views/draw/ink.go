package draw

import (
	"image/color"
	"strconv"

	"github.com/charmbracelet/x/ansi"
)

// Color is the colour of a cell's glyph or of its background. The zero value
// is the terminal's own default.
type Color uint32

const (
	colorIndexed Color = 1 << 24
	colorRGB     Color = 2 << 24
	colorKind    Color = 0xff << 24
)

// Indexed returns colour n of the terminal's palette: 0–15 are the ANSI
// colours, 16–255 the fixed ones.
func Indexed(n uint8) Color { return colorIndexed | Color(n) }

// RGB returns a 24-bit colour.
func RGB(r, g, b uint8) Color {
	return colorRGB | Color(r)<<16 | Color(g)<<8 | Color(b)
}

// ColorOf returns the colour that the libraries beside us mean: one of the
// terminal's palette by its number, anything else as RGB, nil as the default.
func ColorOf(c color.Color) Color {
	switch c := c.(type) {
	case nil:
		return 0
	case ansi.BasicColor:
		return Indexed(uint8(c))
	case ansi.IndexedColor:
		return Indexed(uint8(c))
	}
	r, g, b, _ := c.RGBA()
	return RGB(uint8(r>>8), uint8(g>>8), uint8(b>>8))
}

// Color returns the colour as the libraries beside us have it, nil for the
// default: the inverse of ColorOf.
func (c Color) Color() color.Color {
	switch n := c &^ colorKind; {
	case c&colorKind == colorRGB:
		return color.RGBA{R: uint8(n >> 16), G: uint8(n >> 8), B: uint8(n), A: 0xff}
	case c&colorKind != colorIndexed:
		return nil
	case n < 16:
		return ansi.BasicColor(n)
	default:
		return ansi.IndexedColor(n)
	}
}

// Attr is a set of text attributes.
type Attr uint8

// The attributes of a cell.
const (
	Bold Attr = 1 << iota
	Faint
	Italic
	Underline
	Reverse
	Strike
)

// Ink is how a cell is drawn: colour of the glyph, colour behind it,
// attributes. It is a comparable value; the zero Ink is plain text.
type Ink struct {
	FG, BG Color
	Attr   Attr
}

// With returns the ink with more attributes.
func (i Ink) With(a Attr) Ink {
	i.Attr |= a
	return i
}

// On returns the ink on another background.
func (i Ink) On(bg Color) Ink {
	i.BG = bg
	return i
}

// Over returns the ink painted over another one: colours that are set replace,
// attributes add. Reverse over Reverse is undone, so that whatever stood out
// by being reversed still stands out in a reversed row.
func (i Ink) Over(under Ink) Ink {
	if i.FG != 0 {
		under.FG = i.FG
	}
	if i.BG != 0 {
		under.BG = i.BG
	}
	reverse := (under.Attr ^ i.Attr) & Reverse
	under.Attr = (under.Attr|i.Attr)&^Reverse | reverse
	return under
}

// sgrCodes are the SGR parameters of the attributes, lowest bit first.
var sgrCodes = [...]byte{'1', '2', '3', '4', '7', '9'}

// appendSGR appends the shortest sequence we know that changes the terminal's
// pen from one ink to another.
func appendSGR(buf []byte, from, to Ink) []byte {
	if from == to {
		return buf
	}
	buf = append(buf, "\x1b["...)
	if to == (Ink{}) {
		return append(buf, 'm')
	}
	if from.Attr&^to.Attr != 0 {
		// Bold and faint have one "off" between them; starting over is
		// as short as switching off and unambiguous.
		buf = append(buf, "0;"...)
		from = Ink{}
	}
	for bit, code := range sgrCodes {
		if a := Attr(1) << bit; to.Attr&^from.Attr&a != 0 {
			buf = append(buf, code, ';')
		}
	}
	if to.FG != from.FG {
		buf = appendColor(buf, to.FG, 30)
	}
	if to.BG != from.BG {
		buf = appendColor(buf, to.BG, 40)
	}
	buf[len(buf)-1] = 'm' // the last separator
	return buf
}

// appendColor appends the parameters that select c; base is 30 for the glyph
// and 40 for the background.
func appendColor(buf []byte, c Color, base uint64) []byte {
	n := uint64(c &^ colorKind)
	switch {
	case c&colorKind == colorRGB:
		buf = strconv.AppendUint(buf, base+8, 10)
		buf = append(buf, ";2;"...)
		buf = strconv.AppendUint(buf, n>>16, 10)
		buf = append(buf, ';')
		buf = strconv.AppendUint(buf, n>>8&0xff, 10)
		buf = append(buf, ';')
		buf = strconv.AppendUint(buf, n&0xff, 10)
	case c&colorKind != colorIndexed:
		buf = strconv.AppendUint(buf, base+9, 10)
	case n < 8:
		buf = strconv.AppendUint(buf, base+n, 10)
	case n < 16:
		buf = strconv.AppendUint(buf, base+60+n-8, 10)
	default:
		buf = strconv.AppendUint(buf, base+8, 10)
		buf = append(buf, ";5;"...)
		buf = strconv.AppendUint(buf, n, 10)
	}
	return append(buf, ';')
}
