package draw

import "math/bits"

// Share draws a part of a whole as a thin line in at most width cells, to half a cell. What is little but not nothing takes
// half a cell; a part beyond the whole is drawn as the whole.
func Share(a Area, x, y, width int, part, whole int64, ink Ink) {
	if part <= 0 || whole <= 0 || width <= 0 {
		return
	}
	part = min(part, whole)
	hi, lo := bits.Mul64(uint64(part), 2*uint64(width))
	n, rest := bits.Div64(hi, lo, uint64(whole))
	if rest > 0 {
		n++
	}
	line := a.Sub(x, y, width, 1)
	for i := range int(n / 2) {
		line.barRune(i, 0, '━', ink)
	}
	if n%2 == 1 {
		line.barRune(int(n/2), 0, '╸', ink)
	}
}
