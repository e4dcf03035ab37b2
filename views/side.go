package views

import (
	"tracefall/views/draw"
	"tracefall/views/style"
)

// Side is one of the two traces.
type Side uint8

// The two traces, or sets of them.
const (
	Good Side = iota
	Bad
)

func (s Side) String() string { return [...]string{"good", "bad"}[s] }

// Label is what a comparison of two traces calls the side.
func (s Side) Label() string { return [...]string{"baseline", "bad"}[s] }

// Say says that the side was chosen: long rows leave the status line no room for it.
func (s Side) Say() Action { return Say{"active side: " + s.Label()} }

// deltaLeast is the part of the longer trace under which a difference is too small to be told apart in percent.
const deltaLeast = 200

// ShareOf writes a part of a difference in percent, "" where the whole of it is little beside the time there is.
func ShareOf(delta, whole, longer int64) string {
	if whole == 0 || draw.Magnitude(whole) < uint64(max(longer, 0))/deltaLeast {
		return ""
	}
	if whole < 0 {
		whole, delta = -whole, -delta
	}
	return draw.Percent(delta, whole)
}

// The columns of a difference and of its share, in cells.
const (
	DeltaWidth = 10
	ShareWidth = 7
)

// DeltaInk is the ink of a difference in time.
func DeltaInk(delta int64, theme *style.Theme) draw.Ink {
	switch {
	case delta > 0:
		return theme.Added
	case delta < 0:
		return theme.Removed
	}
	return theme.Dim
}
