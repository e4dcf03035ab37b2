package views

import (
	"path"
	"strings"

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

// ShareRoom divides cells between what the two sides say: each gets what it needs where both fit, else one that needs less
// than half of them gets that and leaves the rest to the other.
func ShareRoom(room int, need [2]int) [2]int {
	half := max(room, 0) / 2
	switch {
	case need[Good]+need[Bad] <= room:
		return need
	case need[Good] <= half:
		return [2]int{need[Good], room - need[Good]}
	case need[Bad] <= half:
		return [2]int{room - need[Bad], need[Bad]}
	}
	return [2]int{max(room, 0) - half, half}
}

// BareNames returns what two sides are called without the folders of files, where that still tells them apart. A query is no
// file.
func BareNames(names [2]string) [2]string {
	var bare [2]string
	for side, name := range names {
		if bare[side] = name; !strings.ContainsAny(name, " =<>~") {
			bare[side] = path.Base(name)
		}
	}
	if bare[Good] == bare[Bad] {
		return names
	}
	return bare
}

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
