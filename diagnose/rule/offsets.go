package rule

import (
	"tracefall/diagnose/clocks"
	"tracefall/sources/trace"
)

// Offsets asks the clocks once for each pair of resources and ten minutes: there are many messages and calls, and
// few pairs.
type Offsets struct {
	clocks *clocks.Clocks
	known  Memo[offsetKey, ClockOffset]
}

type offsetKey struct {
	a, b   int
	bucket int64
}

// ClockOffset is what to add to times of the second host to be on the first one's clock, and how far off it may be.
type ClockOffset struct {
	Offset, Uncertainty int64 // ns
	Known               bool
}

// NewOffsets returns offsets of which none is known yet.
func NewOffsets(clocks *clocks.Clocks) *Offsets {
	return &Offsets{clocks, Memo[offsetKey, ClockOffset]{}}
}

// Between is facts.Clocks.Between: at is when the trace began.
func (o *Offsets) Between(a, b trace.Resource, at int64) ClockOffset {
	return o.known.Of(offsetKey{a.Index(), b.Index(), at / clocks.DriftBucket}, func() (c ClockOffset) {
		c.Offset, c.Uncertainty, c.Known = o.clocks.Between(a, b, at)
		return c
	})
}
