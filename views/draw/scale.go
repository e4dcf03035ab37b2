package draw

import (
	"math/bits"
)

// Scale maps times to cells: From (ns) is the left edge of the first cell, To
// (ns) the right edge of the last one. It works for all int64, and takes a To
// at or before From as From+1.
type Scale struct {
	From, To int64 // ns
	Width    int   // cells
}

// extent returns To-From in ns, at least 1.
func (s Scale) extent() uint64 {
	if s.To <= s.From {
		return 1
	}
	return uint64(s.To) - uint64(s.From)
}

// Eighth returns the position of a time in eighths of a cell, 0 to 8×Width.
// Times outside the scale are clamped. It never decreases as t increases.
func (s Scale) Eighth(t int64) int {
	if t <= s.From || s.Width <= 0 {
		return 0
	}
	all := uint64(s.Width) * 8
	offset, extent := uint64(t)-uint64(s.From), s.extent()
	if offset >= extent {
		return int(all)
	}
	hi, lo := bits.Mul64(offset, all)
	n, _ := bits.Div64(hi, lo, extent)
	return int(n)
}

// Cell returns the cell a time falls into, 0 to Width-1.
func (s Scale) Cell(t int64) int {
	return max(min(s.Eighth(t)/8, s.Width-1), 0)
}

// At returns the time at the left edge of a cell.
func (s Scale) At(cell int) int64 {
	if s.Width <= 0 || cell <= 0 {
		return s.From
	}
	hi, lo := bits.Mul64(uint64(min(cell, s.Width)), s.extent())
	n, _ := bits.Div64(hi, lo, uint64(s.Width))
	return int64(uint64(s.From) + n)
}

// Contains reports whether any of the span from start to end lies in the
// scale. A span that only touches an edge counts where it has no duration.
func (s Scale) Contains(start, end int64) bool {
	if end <= start {
		return start >= s.From && start <= s.To
	}
	return start < s.To && end > s.From
}
