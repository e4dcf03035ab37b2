package session

import (
	"slices"

	"tracefall/sources/live"
)

// Sparing says whether a screen is answered with rows instead of traces: where the window of one backend is all that is
// open: beside other inputs a row would be of a trace that may be there in part.
func (b *Backends) Sparing(inputs []string, requests []*Request) live.Light {
	switch {
	case len(inputs) != 1 || len(requests) != 1 || !requests[0].ID.IsZero():
		return live.Whole
	case b.Scope.Light:
		return live.RowsOnly
	}
	return live.Sparing
}

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
