package diagnose

import (
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

// offsets asks the clocks once for each pair of resources and ten minutes: there are many messages and calls, and
// few pairs.
type offsets struct {
	clocks *facts.Clocks
	known  map[offsetKey]clockOffset
}

type offsetKey struct {
	a, b   int
	bucket int64
}

// clockOffset is what to add to times of the second host to be on the first one's clock, and how far off it may be.
type clockOffset struct {
	offset, uncertainty int64 // ns
	known               bool
}

func newOffsets(clocks *facts.Clocks) *offsets {
	return &offsets{clocks, map[offsetKey]clockOffset{}}
}

// between is facts.Clocks.Between: at is when the trace began.
func (o *offsets) between(a, b trace.Resource, at int64) clockOffset {
	k := offsetKey{a.Index(), b.Index(), at / facts.DriftBucket}
	c, ok := o.known[k]
	if !ok {
		c.offset, c.uncertainty, c.known = o.clocks.Between(a, b, at)
		o.known[k] = c
	}
	return c
}
