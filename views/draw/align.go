package draw

import "strings"

// Cells of a number with its unit in a column: digits before the decimal point, from the point on.
const (
	alignedDigits = 3
	alignedWidth  = alignedDigits + len(".63 ms")
)

// AlignPoint puts blanks around a number with its unit, so that in a column of them, "304 ms" above "8.63 ms", the
// decimal points stand one above the other.
func AlignPoint(text string) string {
	digits := 0
	for digits < len(text) && text[digits] >= '0' && text[digits] <= '9' {
		digits++
	}
	width := Width(text)
	left := max(min(alignedDigits-digits, alignedWidth-width), 0)
	return strings.Repeat(" ", left) + text + strings.Repeat(" ", max(alignedWidth-width-left, 0))
}
