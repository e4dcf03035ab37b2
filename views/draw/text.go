package draw

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// ellipsis says that text was cut.
const ellipsis = "…"

// Text draws s from cell (x, y), clipped to the area, and returns the cells it
// advanced by: the width of s, or less where the right edge ends it. x may be
// negative. A wide character cut by an edge leaves blanks.
func (a Area) Text(x, y int, s string, ink Ink) int {
	if y < 0 || y >= a.h {
		return Width(s)
	}
	at := x
	for len(s) > 0 && at < a.w {
		if plain(s) {
			if at >= 0 {
				a.g.put(a.x+at, a.y+y, rune(s[0]), ink)
			}
			s = s[1:]
			at++
			continue
		}
		u := first(s)
		a.unit(at, y, u, ink)
		s = s[u.size:]
		at += u.width()
	}
	return min(at, max(a.w, x)) - x
}

// plain reports whether s begins with a printable ASCII character that stands
// alone. s is not empty.
func plain(s string) bool {
	return s[0] >= 0x20 && s[0] < 0x7f && (len(s) == 1 || s[1] < utf8.RuneSelf)
}

// allPlain reports whether s is printable ASCII throughout.
func allPlain(s string) bool {
	for k := range len(s) {
		if s[k] < 0x20 || s[k] >= 0x7f {
			return false
		}
	}
	return true
}

// unit draws a unit, as blanks where an edge cuts it.
func (a Area) unit(x, y int, u unit, ink Ink) {
	if x >= 0 && x+u.width() <= a.w {
		a.g.putUnit(a.x+x, a.y+y, u, ink)
		return
	}
	for k := range u.width() {
		a.rune(x+k, y, ' ', ink)
	}
}

// Width returns the cells that Text advances by for s, were there room.
func Width(s string) int {
	w := 0
	for len(s) > 0 {
		if plain(s) {
			s = s[1:]
			w++
			continue
		}
		u := first(s)
		s = s[u.size:]
		w += u.width()
	}
	return w
}

// cut returns how many bytes of s fit into width cells, the cells they take,
// and whether that is all of s. It reads no further than it must.
func cut(s string, width int) (size, cells int, all bool) {
	for size < len(s) {
		n, w := 1, 1
		if !plain(s[size:]) {
			u := first(s[size:])
			n, w = u.size, u.width()
		}
		if cells+w > width {
			return size, cells, false
		}
		size += n
		cells += w
	}
	return size, cells, true
}

// TextEllipsis draws s into width cells from x, ending with "…" where it is
// longer, and never within a number. It returns the cells advanced by, width at
// most.
func (a Area) TextEllipsis(x, y, width int, s string, ink Ink) int {
	size, cells, all := cut(s, width)
	if all {
		a.Text(x, y, s, ink)
		return cells
	}
	if width <= 0 {
		return 0
	}
	size, cells, _ = cut(s[:size], width-1)
	if kept := beforeNumber(s, size); kept < size {
		s = strings.TrimRight(s[:kept], " ·→:") // what joins it to the number goes with it
		size, cells, _ = cut(s, width-1)
	}
	a.Text(x, y, s[:size], ink)
	return cells + a.Text(x+cells, y, ellipsis, ink)
}

// TextMiddle is TextEllipsis with the cut in the middle: beginning and end of
// s stay. For names whose end tells them apart.
func (a Area) TextMiddle(x, y, width int, s string, ink Ink) int {
	return a.TextEllipsis(x, y, width, Middle(s, width), ink)
}

// Middle cuts s in the middle to width cells, of 3 or more; where less is asked for it returns s.
func Middle(s string, width int) string {
	_, _, all := cut(s, width)
	if all || width < 3 {
		return s
	}
	head, cells, _ := cut(s, width/2)
	return s[:head] + ellipsis + tail(s[head:], width-cells-Width(ellipsis))
}

// tail returns the end of s that fits into width cells.
func tail(s string, width int) string {
	if n := len(s) - width; n > 0 && width > 0 && allPlain(s[n-1:]) { // most texts; to walk the clusters of an end is dear
		return s[n:]
	}
	// No cluster is longer than maxBytes, so the end is decided by these.
	if start := len(s) - (width+1)*maxBytes; start > 0 {
		for !utf8.RuneStart(s[start]) && start < len(s)-1 {
			start++
		}
		s = s[start:]
	}
	over := Width(s) - width
	for over > 0 && len(s) > 0 {
		u := first(s)
		s = s[u.size:]
		over -= u.width()
	}
	return s
}

// TextRight draws s so that it ends at cell x+width, cutting it with "…" where
// it is longer. It returns the cells drawn.
func (a Area) TextRight(x, y, width int, s string, ink Ink) int {
	_, cells, all := cut(s, width)
	if !all {
		return a.TextEllipsis(x, y, width, s, ink)
	}
	a.Text(x+width-cells, y, s, ink)
	return cells
}

// Clean returns s as Text would draw it: safe to print to a terminal on one
// line. Printable ASCII is returned as it is, without allocation.
func Clean(s string) string {
	i := 0
	for i < len(s) && plain(s[i:]) {
		i++
	}
	if i == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + len(s)/4)
	b.WriteString(s[:i])
	for i < len(s) {
		u := first(s[i:])
		b.WriteString(u.text)
		i += u.size
	}
	return b.String()
}

// Escape returns s with everything that Clean would hide or replace spelled
// out: \n, \x1b, \u202e, \U000e0041, and \xff for a byte that is not UTF-8. A
// backslash stays as it is: the result is for reading, not for parsing.
func Escape(s string) string {
	i := 0
	for i < len(s) && plain(s[i:]) {
		i++
	}
	if i == len(s) {
		return s
	}
	var b strings.Builder
	b.WriteString(s[:i])
	marks := maxMarks // none before there is a character to carry them
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n <= 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
			marks = maxMarks
		case hostile(r):
			b.WriteString(spell(r))
			marks = maxMarks
		case isMark(r) && marks == maxMarks:
			b.WriteString(spell(r))
		case isMark(r):
			b.WriteRune(r)
			marks++
		default:
			b.WriteRune(r)
			marks = 0
		}
		i += n
	}
	return b.String()
}

// spell writes a rune as an escape.
func spell(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\t':
		return `\t`
	case r == '\r':
		return `\r`
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// Lines draws as many lines as there is room for, with a blank at either side; the last says that there are more.
func (a Area) Lines(lines []string, ink Ink) {
	for y := range min(a.H(), len(lines)) {
		line := lines[y]
		if y == a.H()-1 && len(lines) > a.H() {
			line += " " + lines[y+1] // so that it is cut, and seen to be
		}
		a.TextEllipsis(1, y, a.W()-2, line, ink)
	}
}
