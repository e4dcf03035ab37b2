package patterns

import (
	"slices"
	"tracefall/diagnose/facts"
)

// Group is a run of siblings with one operation: the unit of repetition.
type Group struct {
	Parent int // index
	Op     int32
	Spans  []int // in order of their start
}

// Groups returns the children of span i by operation, in order of the first of each.
func Groups(f *facts.Facts, i int) []Group {
	var groups []Group
	var place map[int32]int // made when there are many
	for c := range f.Children(i) {
		op := f.OpNumber(c)
		at, known := place[op]
		if place == nil {
			at = slices.IndexFunc(groups, func(g Group) bool { return g.Op == op })
			known = at >= 0
		}
		if !known {
			at = len(groups)
			groups = append(groups, Group{Parent: i, Op: op})
			if place != nil {
				place[op] = at
			} else if at == 16 {
				place = make(map[int32]int, 64)
				for n := range groups {
					place[groups[n].Op] = n
				}
			}
		}
		groups[at].Spans = append(groups[at].Spans, c)
	}
	return groups
}

// Arrangement is how siblings lie in time.
type Arrangement uint8

// The arrangements.
const (
	Sequential Arrangement = iota // one after another: 80 % of adjacent pairs do not overlap
	Parallel                      // at the same time: their union is at most 70 % of their sum
	Mixed
)

// Arrange tells how spans, in order of their start, lie in time, and how many ran at once at most.
func Arrange(f *facts.Facts, spans []int) (how Arrangement, peak int) {
	const (
		sequentialShare = 0.8
		parallelUnion   = 0.7
		grain           = 1_000_000 / 10 // ns by which clocks may make neighbours overlap
	)
	apart := 0
	for n := 1; n < len(spans); n++ {
		if f.Timing.Effective(spans[n]).Start >= f.Timing.Effective(spans[n-1]).End-grain {
			apart++
		}
	}
	peak = peakOf(f, spans)
	switch {
	case len(spans) < 2, float64(apart) >= sequentialShare*float64(len(spans)-1):
		return Sequential, peak
	case peak >= 2 && float64(f.Union(spans)) <= parallelUnion*float64(f.Sum(spans)):
		return Parallel, peak
	}
	return Mixed, peak
}

// peakOf sweeps over starts and ends.
func peakOf(f *facts.Facts, spans []int) int {
	starts, ends := make([]int64, len(spans)), make([]int64, len(spans))
	for n, i := range spans {
		starts[n], ends[n] = f.Timing.Effective(i).Start, f.Timing.Effective(i).End
	}
	slices.Sort(starts)
	slices.Sort(ends)
	now, peak, e := 0, 0, 0
	for _, s := range starts {
		for e < len(ends) && ends[e] <= s {
			e++
			now--
		}
		now++
		peak = max(peak, now)
	}
	return peak
}
