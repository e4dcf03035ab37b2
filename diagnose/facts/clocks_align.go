package facts

import (
	"cmp"
	"math"
	"slices"

	"tracefall/sources/trace"
)

// origin is whose clock times are moved to, and when.
type origin struct {
	host   int32
	bucket int64
}

func (c *Clocks) originOf(t *trace.Trace) origin {
	root := t.Root()
	return origin{c.of[root.Resource().Index()], root.Start() / driftBucket}
}

// Offsets returns for each span of the trace, by index, the nanoseconds to add to its times to be on the clock of
// the first span's host: over the proven pairs, and over pairs that agree with no offset, from host to host.
// nil when no span would move.
func (c *Clocks) Offsets(t *trace.Trace) []int64 {
	if len(c.moved) == 0 {
		return nil
	}
	shift := c.moved[c.originOf(t)]
	if shift == nil {
		return nil
	}
	offsets, moves := make([]int64, t.Len()), false
	for i := t.First(); i < t.Len(); i++ {
		offsets[i] = shift[c.of[t.Span(i).Resource().Index()]]
		moves = moves || offsets[i] != 0
	}
	if !moves {
		return nil
	}
	return offsets
}

// alignAll works out the offsets of all hosts to every host and time that a trace of the set begins at.
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
	c.moved = map[origin][]int64{}
	graphs := map[int64][][]compared{}
	for i := range set.Len() {
		from := c.originOf(set.Trace(i))
		if _, known := c.moved[from]; known || !proven[from.bucket] {
			continue
		}
		if graphs[from.bucket] == nil {
			graphs[from.bucket] = c.graph(from.bucket)
		}
		c.moved[from] = align(graphs[from.bucket], from.host)
	}
}

// compared leads to a host whose clock was compared: bounds is what must be added to it to be on the clock it leads from.
type compared struct {
	to int32
	bounds
}

// graph returns the pairs of hosts that were compared at a time, by host.
func (c *Clocks) graph(bucket int64) [][]compared {
	edges := make([][]compared, len(c.hosts))
	from, _ := slices.BinarySearchFunc(c.order, bucket, func(p hostPair, b int64) int { return cmp.Compare(p.bucket, b) })
	for _, pair := range c.order[from:] {
		if pair.bucket != bucket {
			break
		}
		if b := *c.pairs[pair]; b.low <= b.high {
			edges[pair.a] = append(edges[pair.a], compared{pair.b, b})
			edges[pair.b] = append(edges[pair.b], compared{pair.a, bounds{-b.high, -b.low, b.calls}})
		}
	}
	return edges
}

// align puts the hosts on one host's clock, breadth first, and returns what must be added to each, nil where that
// is nothing. Hosts whose clocks may agree with one that is placed come before those that are proven apart, so that
// these are held to all that others say of them:
//
//	gateway ── agrees ── stock      first: both at 0
//	    └─ apart ─ cart ─ apart ─┘  then cart: where both its bounds meet
func align(edges [][]compared, root int32) []int64 {
	shift, placed, moves := make([]int64, len(edges)), make([]bool, len(edges)), false
	type step struct {
		from int32
		compared
	}
	agreeing, apart := []step{{root, compared{to: root}}}, []step(nil)
	for len(agreeing)+len(apart) > 0 {
		queue := &agreeing
		if len(agreeing) == 0 {
			queue = &apart
		}
		s := (*queue)[0]
		*queue = (*queue)[1:]
		if placed[s.to] {
			continue
		}
		placed[s.to] = true
		if s.to != root {
			shift[s.to] = meet(edges[s.to], shift, placed, shift[s.from], s.bounds)
			moves = moves || shift[s.to] != 0
		}
		for _, e := range edges[s.to] {
			switch _, _, proven := e.proven(); {
			case placed[e.to]:
			case proven:
				apart = append(apart, step{s.to, e})
			default:
				agreeing = append(agreeing, step{s.to, e})
			}
		}
	}
	if !moves {
		return nil
	}
	return shift
}

// meet returns what to add to a host's clock: as much as to its neighbour's where the two may agree and nobody
// contradicts, else the middle of what all placed hosts leave open; where they leave nothing, what the neighbour says.
func meet(edges []compared, shift []int64, placed []bool, near int64, by bounds) int64 {
	low, high := int64(math.MinInt64), int64(math.MaxInt64)
	for _, e := range edges { // what must be added to e.to's clock to be on the host's: the host's own is its opposite
		if placed[e.to] {
			low, high = max(low, moved(shift[e.to], -e.high)), min(high, moved(shift[e.to], -e.low))
		}
	}
	offset, _, proven := by.proven()
	switch {
	case !proven && low <= near && near <= high:
		return near
	case low <= high:
		return low + (high-low)/2
	}
	return moved(near, offset)
}
