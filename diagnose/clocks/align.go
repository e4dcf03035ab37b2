package clocks

import (
	"cmp"
	"math"
	"slices"

	"tracefall/sources/trace"
)

// Offsets returns for each span of the trace, by index, the nanoseconds to add to its times to be on the clock of
// the first span's host: over the proven pairs, and over pairs that agree with no offset, from host to host.
// nil when no span would move.
func (c *Clocks) Offsets(t *trace.Trace) []int64 {
	if len(c.shift) == 0 {
		return nil
	}
	root := c.rootOf(t)
	own, ok := c.shift[root]
	if !ok {
		return nil
	}
	offsets, moves := make([]int64, t.Len()), false
	for i := t.First(); i < t.Len(); i++ {
		if shift, placed := c.shift[hostAt{c.of[t.Span(i).Resource().Index()], root.bucket}]; placed {
			offsets[i] = Add(shift, -own)
			moves = moves || offsets[i] != 0
		}
	}
	if !moves {
		return nil
	}
	return offsets
}

// rootOf returns the host of a trace's first span, and when it began.
func (c *Clocks) rootOf(t *trace.Trace) hostAt {
	root := t.Root()
	return hostAt{c.of[root.Resource().Index()], root.Start() / DriftBucket}
}

// compared leads to a host whose clock was compared: bounds is what must be added to it to be on the clock it leads from.
type compared struct {
	to int32
	bounds
}

// connect makes the edges of all pairs.
func (c *Clocks) connect() {
	c.edges = make(map[hostAt][]compared, len(c.order))
	for _, pair := range c.order {
		if b := *c.pairs[pair]; b.low <= b.high {
			x, y := hostAt{pair.a, pair.bucket}, hostAt{pair.b, pair.bucket}
			c.edges[x] = append(c.edges[x], compared{pair.b, b})
			c.edges[y] = append(c.edges[y], compared{pair.a, b.reverse()})
		}
	}
}

// alignAll aligns the hosts of every time at which some are proven apart, each group of hosts that called each other
// to the one at which most of their traces begin.
func (c *Clocks) alignAll(set *trace.Set) {
	proven := map[int64]bool{}
	for _, pair := range c.order {
		if _, _, ok := c.pairs[pair].proven(); ok {
			proven[pair.bucket] = true
		}
	}
	if len(proven) == 0 {
		return
	}
	traces := map[hostAt]int{}
	var roots []hostAt
	for i := range set.Len() {
		if root := c.rootOf(set.Trace(i)); proven[root.bucket] {
			if traces[root]++; traces[root] == 1 {
				roots = append(roots, root)
			}
		}
	}
	slices.SortFunc(roots, func(x, y hostAt) int {
		return cmp.Or(cmp.Compare(traces[y], traces[x]), cmp.Compare(c.hosts[x.host], c.hosts[y.host]), cmp.Compare(x.bucket, y.bucket))
	})
	c.shift = map[hostAt]int64{}
	for _, root := range roots {
		if _, placed := c.shift[root]; !placed {
			c.align(root)
		}
	}
}

// align puts the hosts that a host is connected with on its clock, breadth first. Hosts whose clocks may agree with
// one that is placed come before those that are proven apart, so that these are held to all that others say of them:
//
//	gateway ── agrees ── stock      first: both at 0
//	    └─ apart ─ cart ─ apart ─┘  then cart: where both its bounds meet
func (c *Clocks) align(root hostAt) {
	type step struct {
		from hostAt
		compared
	}
	agreeing, apart := []step{{root, compared{to: root.host}}}, []step(nil)
	for len(agreeing)+len(apart) > 0 {
		queue := &agreeing
		if len(agreeing) == 0 {
			queue = &apart
		}
		s := (*queue)[0]
		*queue = (*queue)[1:]
		at := hostAt{s.to, root.bucket}
		if _, placed := c.shift[at]; placed {
			continue
		}
		c.shift[at] = 0
		if at != root {
			c.shift[at] = c.meet(at, c.shift[s.from], s.bounds)
		}
		for _, e := range c.edges[at] { // hosts that are placed already are passed over when their turn comes
			if _, _, proven := e.proven(); proven {
				apart = append(apart, step{at, e})
			} else {
				agreeing = append(agreeing, step{at, e})
			}
		}
	}
}

// meet returns what to add to a host's clock: as much as to its neighbour's where the two may agree and nobody
// contradicts, else the middle of what all placed hosts leave open; where they leave nothing, what the neighbour says.
func (c *Clocks) meet(at hostAt, near int64, by bounds) int64 {
	low, high := int64(math.MinInt64), int64(math.MaxInt64)
	for _, e := range c.edges[at] { // what must be added to e.to's clock to be on the host's: the host's own is its opposite
		if shift, placed := c.shift[hostAt{e.to, at.bucket}]; placed {
			low, high = max(low, Add(shift, -e.high)), min(high, Add(shift, -e.low))
		}
	}
	offset, _, proven := by.proven()
	switch {
	case !proven && low <= near && near <= high:
		return near
	case low <= high:
		return low + (high-low)/2
	}
	return Add(near, offset)
}

// Add adds a distance to a time, both in nanoseconds; what 64 bits cannot hold ends at their bounds.
func Add(t, by int64) int64 {
	sum := t + by
	switch {
	case by > 0 && sum < t:
		return math.MaxInt64
	case by < 0 && sum > t:
		return math.MinInt64
	}
	return sum
}
