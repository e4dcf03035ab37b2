package session

import (
	"slices"

	"tracefall/sources/live"
)

// NotRead returns the rows of traces that backends listed and that were not read, the oldest first, as traces are.
func NotRead(requests []*Request) []live.Row {
	var rows []live.Row
	for _, r := range requests {
		if r.Answer != nil && r.Answer.Rest != nil {
			rows = append(rows, r.Answer.Rest.Rows...)
		}
	}
	slices.SortStableFunc(rows, func(a, b live.Row) int { return a.Window.From.Compare(b.Window.From) })
	return rows
}
