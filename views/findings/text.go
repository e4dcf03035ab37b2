package findings

import (
	"fmt"
	"strings"

	"tracefall/views/draw"
)

// costText writes a time for a column: the digits of seconds and of milliseconds end in the same cell.
func costText(ns int64) string {
	text := draw.DurationFixed(ns)
	if unit := text[strings.LastIndexByte(text, ' ')+1:]; draw.Width(unit) < 2 {
		text += " "
	}
	return text
}

// timeColumn writes a time for a column of the sheet.
func timeColumn(ns int64) string { return fmt.Sprintf("%9s", costText(ns)) }

// alsoIn says in how many other traces a finding is.
func alsoIn(n int) string { return "Also in " + draw.CountNoun(n, "other trace", "other traces") }
