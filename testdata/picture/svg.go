//go:build unix

package main

import (
	"bytes"
	"fmt"
	"html"
	"image/color"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"
)

// Sizes in units of the picture: of a cell, of its text, of the rim.
const (
	cellW, cellH = 8.4, 18.0
	fontSize     = 14.0
	baseline     = 13.5
	rim          = 10.0
)

// paper is the background and the text of a terminal.
type paper struct{ back, text string }

func paperFor(theme string) paper {
	if theme == "light" {
		return paper{"#ffffff", "#1b1f24"}
	}
	return paper{"#16161c", "#d4d7dc"}
}

// draw draws the screen: a rectangle for each run of cells with a background, a text for each run of one look. Lines and
// blocks are drawn as rectangles, so that they meet whatever the font is.
func draw(screen *vt.Emulator, w, h int, theme string) []byte {
	on := paperFor(theme)
	var b bytes.Buffer
	width, height := float64(w)*cellW+2*rim, float64(h)*cellH+2*rim
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.1f %.1f">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" rx="8" fill="%s"/>`+"\n", on.back)
	fmt.Fprintf(&b, `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,DejaVu Sans Mono,monospace" font-size="%.0f" xml:space="preserve">`+"\n", fontSize)
	for y := range h {
		for x := 0; x < w; {
			x = run(&b, screen, x, y, w, on)
		}
	}
	b.WriteString("</g>\n</svg>\n")
	return b.Bytes()
}

// run draws the cells from x on that look alike and returns the next one that does not.
func run(b *bytes.Buffer, screen *vt.Emulator, x, y, w int, on paper) int {
	look := screen.CellAt(x, y).Style
	var text strings.Builder
	end := x
	for end < w {
		c := screen.CellAt(end, y)
		if !c.Style.Equal(&look) {
			break
		}
		text.WriteString(c.Content)
		end += max(c.Width, 1)
	}
	front, back := hex(look.Fg, on.text), hex(look.Bg, "")
	if look.Attrs&uv.AttrReverse != 0 {
		front, back = hex(look.Bg, on.back), hex(look.Fg, on.text)
	}
	left, top := rim+float64(x)*cellW, rim+float64(y)*cellH
	if back != "" {
		rect(b, left, top, float64(end-x)*cellW, cellH, back, 1)
	}
	opacity := 1.0
	if look.Attrs&uv.AttrFaint != 0 {
		opacity = 0.55
	}
	words(b, screen, x, end, y, front, opacity, look)
	if look.Underline != 0 {
		rect(b, left, top+cellH-2.5, float64(end-x)*cellW, 1, front, opacity)
	}
	return end
}

// words draws the texts and shapes of a run: neighbouring glyphs of text go together, each text is as wide as its cells.
func words(b *bytes.Buffer, screen *vt.Emulator, from, to, y int, ink string, opacity float64, look uv.Style) {
	style := ""
	if look.Attrs&uv.AttrBold != 0 {
		style += ` font-weight="bold"`
	}
	if look.Attrs&uv.AttrItalic != 0 {
		style += ` font-style="italic"`
	}
	if opacity < 1 {
		style += fmt.Sprintf(` opacity="%.2f"`, opacity)
	}
	top := rim + float64(y)*cellH
	for x := from; x < to; {
		start := x
		var text strings.Builder
		for x < to {
			c := screen.CellAt(x, y)
			if c.Content == " " || c.Content == "" || len(shapes(c.Content)) > 0 {
				break
			}
			text.WriteString(c.Content)
			x += max(c.Width, 1)
		}
		if text.Len() > 0 {
			fmt.Fprintf(b, `<text x="%.1f" y="%.1f" fill="%s"%s textLength="%.1f">%s</text>`+"\n",
				rim+float64(start)*cellW, top+baseline, ink, style, float64(x-start)*cellW, html.EscapeString(text.String()))
			continue
		}
		// A blank, or a shape with the equal ones beside it.
		c := screen.CellAt(x, y)
		n := 1
		for x+n < to && screen.CellAt(x+n, y).Content == c.Content {
			n++
		}
		for _, s := range shapes(c.Content) {
			if s.x == 0 && s.w == 1 {
				rect(b, rim+float64(x)*cellW, top+s.y*cellH, float64(n)*cellW, s.h*cellH, ink, opacity)
				continue
			}
			for i := range n {
				rect(b, rim+(float64(x+i)+s.x)*cellW, top+s.y*cellH, s.w*cellW, s.h*cellH, ink, opacity)
			}
		}
		x += n
	}
}

// rect draws a rectangle.
func rect(b *bytes.Buffer, x, y, w, h float64, ink string, opacity float64) {
	faint := ""
	if opacity < 1 {
		faint = fmt.Sprintf(` opacity="%.2f"`, opacity)
	}
	fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"%s shape-rendering="crispEdges"/>`+"\n", x, y, w, h, ink, faint)
}

// box is a part of a cell, in parts of its width and height.
type box struct{ x, y, w, h float64 }

// Lines in parts of a cell: thin and heavy ones, along and across.
const (
	thinAlong, heavyAlong   = 0.06, 0.2
	thinAcross, heavyAcross = 0.12, 0.24
)

// shapes returns what a glyph of lines or blocks is made of, nothing for all others.
func shapes(glyph string) []box {
	along := func(x, w, thick float64) box { return box{x, 0.5 - thick/2, w, thick} }
	across := func(y, h float64) box { return box{0.5 - thinAcross/2, y, thinAcross, h} }
	left, right := along(0, 0.5, thinAlong), along(0.5, 0.5, thinAlong)
	up, down := across(0, 0.5), across(0.5, 0.5)
	switch glyph {
	case "─":
		return []box{along(0, 1, thinAlong)}
	case "━":
		return []box{along(0, 1, heavyAlong)}
	case "╸":
		return []box{along(0, 0.5, heavyAlong)}
	case "╺":
		return []box{along(0.5, 0.5, heavyAlong)}
	case "╼":
		return []box{left, along(0.5, 0.5, heavyAlong)}
	case "╾":
		return []box{along(0, 0.5, heavyAlong), right}
	case "│":
		return []box{across(0, 1)}
	case "┃":
		return []box{{0.5 - heavyAcross/2, 0, heavyAcross, 1}}
	case "┊":
		return []box{across(0.02, 0.16), across(0.27, 0.16), across(0.52, 0.16), across(0.77, 0.16)}
	case "┌", "╭":
		return []box{right, down}
	case "┐", "╮":
		return []box{left, down}
	case "└", "╰":
		return []box{right, up}
	case "┘", "╯":
		return []box{left, up}
	case "├":
		return []box{across(0, 1), right}
	case "┤":
		return []box{across(0, 1), left}
	case "┬":
		return []box{along(0, 1, thinAlong), down}
	case "┴":
		return []box{along(0, 1, thinAlong), up}
	case "┼":
		return []box{along(0, 1, thinAlong), across(0, 1)}
	case "┝":
		return []box{across(0, 1), along(0.5, 0.5, heavyAlong)}
	}
	if r := []rune(glyph); len(r) == 1 {
		return block(r[0])
	}
	return nil
}

// block returns the rectangle of a block: an eighth of a cell or more, from below, from the left or from above.
func block(r rune) []box {
	switch {
	case r >= '▁' && r <= '█':
		part := float64(r-'▁'+1) / 8
		return []box{{0, 1 - part, 1, part}}
	case r > '█' && r <= '▏':
		return []box{{0, 0, float64('▏'-r+1) / 8, 1}}
	case r == '▀':
		return []box{{0, 0, 1, 0.5}}
	case r == '▐':
		return []box{{0.5, 0, 0.5, 1}}
	case r == '▕':
		return []box{{7.0 / 8, 0, 1.0 / 8, 1}}
	}
	return nil
}

// hex writes a colour as SVG does; what is not set is otherwise.
func hex(c color.Color, otherwise string) string {
	if c == nil {
		return otherwise
	}
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}
