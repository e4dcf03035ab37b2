package clocks

import "tracefall/sources/trace"

// Between returns the nanoseconds to add to times of b's clock to be on a's, in traces that began around a time, and
// by how much that may be wrong either way. Where the calls between the two hosts are compatible with clocks that
// agree, the offset is 0 and what they leave open is the uncertainty. Hosts that never called each other are compared
// over a third one that both talked with. ok is false where nothing tells.
func (c *Clocks) Between(a, b trace.Resource, at int64) (offset, uncertainty int64, ok bool) {
	x, y := c.of[a.Index()], c.of[b.Index()]
	if x == y {
		return 0, 0, true
	}
	bucket := at / DriftBucket
	known, ok := c.direct(x, y, bucket)
	if !ok {
		if known, ok = c.over(x, y, bucket); !ok {
			return 0, 0, false
		}
	}
	if offset, half, proven := known.proven(); proven {
		return offset, half, true
	}
	return 0, max(abs(known.low), abs(known.high)), true
}

// direct returns the bounds of what must be added to y's clock to be on x's, by calls between the two.
func (c *Clocks) direct(x, y int32, bucket int64) (bounds, bool) {
	known := c.pairs[hostPair{min(x, y), max(x, y), bucket}]
	if known == nil || known.low > known.high {
		return bounds{}, false
	}
	if x < y {
		return *known, true
	}
	return known.reverse(), true
}

// over adds up the bounds over the third host that leaves least open.
func (c *Clocks) over(x, y int32, bucket int64) (bounds, bool) {
	if len(c.edges[hostAt{x, bucket}]) > len(c.edges[hostAt{y, bucket}]) {
		back, ok := c.over(y, x, bucket)
		return back.reverse(), ok
	}
	var best bounds
	found := false
	for _, one := range c.edges[hostAt{x, bucket}] {
		two, ok := c.direct(one.to, y, bucket)
		sum := bounds{one.low + two.low, one.high + two.high, min(one.calls, two.calls)}
		if ok && (!found || sum.high-sum.low < best.high-best.low) {
			best, found = sum, true
		}
	}
	return best, found
}
