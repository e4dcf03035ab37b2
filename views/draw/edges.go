package draw

import "math/bits"

// edges are the times at the left edges of a scale's cells, one after the other,
// as Scale.At returns them, without a division for each.
type edges struct {
	at          int64
	step, rest  uint64 // of a cell: ns, and what is left over in parts of a nanosecond
	carry, part uint64
}

func newEdges(s Scale, cell int) edges {
	n := uint64(s.Width)
	hi, lo := bits.Mul64(uint64(cell), s.extent())
	_, carry := bits.Div64(hi, lo, n)
	return edges{at: s.At(cell), step: s.extent() / n, rest: s.extent() % n, carry: carry, part: n}
}

func (e *edges) next() {
	e.at = int64(uint64(e.at) + e.step)
	if e.carry += e.rest; e.carry >= e.part {
		e.carry -= e.part
		e.at = int64(uint64(e.at) + 1)
	}
}
