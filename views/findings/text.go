package findings

import (
	"fmt"

	"tracefall/views/draw"
)

// timeColumn writes one of the times of a list in the sheet, as wide as the widest.
func timeColumn(times draw.Durations, ns int64) string { return fmt.Sprintf("%9s", times.Text(ns)) }

// alsoIn says in how many other traces a finding is.
func alsoIn(n int) string { return "Also in " + draw.CountNoun(n, "other trace", "other traces") }
