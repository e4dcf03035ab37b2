package tracelist

import (
	"math"
	"sort"

	"tracefall/views/draw"
)

// plotTook places durations in the height of a plot: to scale from 0, or by their logarithm where they spread over more
// than a decade and the short ones would all be one line.
type plotTook struct {
	linear   draw.Scale
	log      draw.LogScale
	shortest int64   // ns; that takes any time
	lowest   int     // its cell, of a plot to scale
	from     []int64 // the shortest duration of each cell but the lowest, of a logarithmic plot: a logarithm a trace is dear
}

const (
	decade     = 10
	mostSpread = 1e6 // of the longest to what the lowest cell of a logarithmic plot begins with: below is one line
)

// plotTookOf chooses how the durations of the rows are placed in a height of h cells.
func plotTookOf(s *shown, h int) plotTook {
	p := plotTook{linear: draw.Scale{To: max(s.longest, 1), Width: h}, shortest: s.shortest}
	p.lowest = p.linear.Cell(s.shortest)
	if s.shortest > 0 && s.longest/decade > s.shortest {
		p.log = draw.LogScale{From: max(s.shortest, int64(float64(s.longest)/mostSpread)), To: s.longest, Cells: h}
		for cell := 1; cell < h; cell++ {
			p.from = append(p.from, shortestIn(p.log, cell))
		}
	}
	return p
}

// shortestIn returns the shortest duration in a cell of a scale or above it, one more than the longest where there is none.
func shortestIn(scale draw.LogScale, cell int) int64 {
	span := int(min(scale.To-scale.From, math.MaxInt-1))
	return scale.From + int64(sort.Search(span+1, func(n int) bool { return scale.Cell(scale.From+int64(n)) >= cell }))
}

// cell returns the cell of a duration, from below.
func (p *plotTook) cell(ns int64) int {
	if p.log.Cells > 0 {
		cell := 0
		for cell < len(p.from) && ns >= p.from[cell] {
			cell++
		}
		return cell
	}
	return p.linear.Cell(ns)
}

// ticks returns what is written beside the plot: the longest duration at the top, below it powers of ten, or the
// shortest in the row that it is in, and 0 where that is another.
func (p *plotTook) ticks() []draw.Tick {
	top := draw.Tick{At: p.linear.To, Cell: p.linear.Width - 1, Label: draw.Duration(p.linear.To)}
	if p.log.Cells == 0 {
		ticks := []draw.Tick{{Label: "0"}}
		switch shortest := (draw.Tick{At: p.shortest, Cell: p.lowest, Label: draw.Duration(p.shortest)}); {
		case p.shortest == 0 || p.lowest == top.Cell:
		case p.lowest == 0: // the marks in the row of 0 are not there
			ticks[0] = shortest
		default:
			ticks = append(ticks, shortest)
		}
		return append(ticks, top)
	}
	ticks := p.log.Tens()
	if n := len(ticks); n > 0 && ticks[n-1].Cell == top.Cell {
		ticks = ticks[:n-1]
	}
	if len(ticks) == 0 || ticks[0].Cell > 0 {
		ticks = append(ticks, draw.Tick{At: p.log.From, Label: draw.Duration(p.log.From)})
	}
	return append(ticks, top)
}
