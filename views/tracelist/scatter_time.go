package tracelist

import (
	"slices"

	"tracefall/views/draw"
)

// plotTime places times in the width of a plot: to scale, or by their order where a few traces far from the rest
// would leave the rest in some cells at the edge.
type plotTime struct {
	scale draw.Scale
	order []int64 // some starts, sorted; nil: to scale
}

const (
	plotSamples  = 4096 // starts that stand for all of them
	plotCrowding = 6    // by order, where less than one cell in so many would be used to scale
)

// plotTimes chooses how the starts of the rows are placed in a width of w cells.
func plotTimes(s *shown, w int) plotTime {
	p := plotTime{scale: draw.Scale{From: s.from, To: s.to, Width: w}}
	step := max(len(s.rows)/plotSamples, 1)
	starts := make([]int64, 0, min(len(s.rows), 2*plotSamples))
	for n := 0; n < len(s.rows); n += step {
		starts = append(starts, s.nth(n).Start())
	}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	used, last := 0, -1
	for _, start := range starts {
		if x := p.scale.Cell(start); x != last {
			used, last = used+1, x
		}
	}
	if used*plotCrowding < min(w, len(starts)) {
		p.order = starts
	}
	return p
}

// cell returns the cell of a time.
func (p *plotTime) cell(start int64) int {
	if p.order == nil {
		return p.scale.Cell(start)
	}
	rank, _ := slices.BinarySearch(p.order, start)
	return min(rank*p.scale.Width/len(p.order), p.scale.Width-1)
}

// legend says what the plot shows.
func (p *plotTime) legend() string {
	if p.order != nil {
		return "traces in start order (time axis not to scale)"
	}
	return "duration over time"
}
