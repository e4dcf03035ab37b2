package findings

import (
	"fmt"

	"tracefall/views"
	"tracefall/views/draw"
)

// timeColumn writes a time for a column of the sheet.
func timeColumn(ns int64) string { return fmt.Sprintf("%9s", views.CostText(ns)) }

// alsoIn says in how many other traces a finding is.
func alsoIn(n int) string { return "Also in " + draw.CountNoun(n, "other trace", "other traces") }
