package flame

import (
	"image/color"
	"math"

	"tracefall/views/draw"
	"tracefall/views/style"
)

// look is how a frame is drawn: its edge, what fills it, and its text.
type look struct {
	fill, text, edge draw.Ink
	plain            bool // without a colour: its edges tell it from the next one
}

// blockLook fills a frame with the colour of an ink. The text is cut out of it, so that it has the contrast that the ink
// has on the terminal's own background, which we need not know.
func blockLook(ink draw.Ink) look {
	if ink.FG == 0 {
		return look{fill: ink, text: ink, edge: ink, plain: true}
	}
	block := draw.Ink{FG: ink.FG, Attr: draw.Reverse}
	return look{fill: block, text: block, edge: block}
}

// serviceLook is a frame in the colour of its service. Every other row is a little nearer to the ink of titles, so that a
// frame is told from the one above it where both are of one service.
func serviceLook(service string, row int, theme *style.Theme) look {
	return blockLook(draw.Ink{FG: shade(theme.Service(service).FG, row, theme)})
}

// shade tells the colours of two rows apart, where they are not of a terminal's palette.
func shade(c draw.Color, row int, theme *style.Theme) draw.Color {
	if row%2 == 1 {
		if mixed, ok := blend(c, theme.Title.FG, 0.22); ok {
			return mixed
		}
	}
	return c
}

// changeLook is a frame of a comparison: in the ink of what was added where it takes more than before, in that of what was
// removed where it takes less, the stronger the larger its part of the largest change.
func changeLook(delta, most float64, row int, theme *style.Theme) look {
	level := changeLevel(delta, most)
	if level == 0 {
		return blockLook(draw.Ink{FG: shade(theme.Dim.FG, row, theme)})
	}
	ink := theme.Added
	if delta < 0 {
		ink = theme.Removed
	}
	if mixed, ok := blend(theme.Dim.FG, ink.FG, [...]float64{0, 0.35, 0.7, 1}[level]); ok {
		ink.FG = mixed
	}
	return blockLook(ink)
}

// changeLevel says how much of the largest change one is: 0 for nothing worth a colour, to 3.
func changeLevel(delta, most float64) int {
	switch part := math.Abs(delta); {
	case most <= 0 || part < most/50:
		return 0
	case part < most/8:
		return 1
	case part < most/2:
		return 2
	}
	return 3
}

// dimLook is a frame that a search did not find.
func dimLook(theme *style.Theme) look {
	return look{fill: theme.Dim, text: theme.Dim, edge: theme.Border, plain: true}
}

// blend mixes two colours; ok is false where one of them is of a terminal's palette, so that nobody knows what it looks
// like.
func blend(from, to draw.Color, part float64) (mixed draw.Color, ok bool) {
	a, ok := from.Color().(color.RGBA)
	b, too := to.Color().(color.RGBA)
	if !ok || !too {
		return 0, false
	}
	mix := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + part*(float64(y)-float64(x)))) }
	return draw.RGB(mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B)), true
}
