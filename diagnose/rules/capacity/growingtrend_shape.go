package capacity

import (
	"math"
	"tracefall/diagnose/stats"
)

// resets reports whether a series fell back by more than 30 % of what it had reached: something is emptied now and
// then, and does not leak. Single outliers are smoothed away by the median of three.
//
//	  /|  /|  /|        /\ _/
//	 / | / | / |      _/  v       (an outlier)
//	/  |/  |/  |     /
func (td *tendency) resets() bool {
	const kept = 0.7
	values := td.series.Values()
	top := math.Inf(-1)
	for n := 1; n+1 < len(values); n++ {
		v := stats.Median(values[n-1 : n+2])
		if top > 0 && v < kept*top && td.fell(values[n:], kept*top) {
			return true
		}
		top = max(top, v)
	}
	return false
}

// fell reports whether most of the next five values are below a limit: noise comes back at once.
func (td *tendency) fell(next []float64, limit float64) bool {
	const look = 5
	next = next[:min(len(next), look)]
	return len(next) >= 3 && stats.Median(next) < limit
}

// stepped reports whether one step makes up most of the rise, in absolute numbers and as a ratio: a deploy, not
// growth. The step may lie within a window, which then lies between the levels.
//
//	      ______
//	     |
//	_____|
func (td *tendency) stepped() bool {
	const share = 0.75
	linear, ratio := largestStep(td.values, func(v float64) float64 { return v }), 1.0
	if td.values[0] > 0 {
		ratio = largestStep(td.values, math.Log)
	}
	return linear >= share && ratio >= share
}

// largestStep returns the share of the rise that lies between two neighbours, or among six values and more between
// three.
func largestStep(values []float64, scale func(float64) float64) float64 {
	reach := 1
	if len(values) >= 6 {
		reach = 2
	}
	whole := scale(values[len(values)-1]) - scale(values[0])
	if whole <= 0 {
		return 0
	}
	most := 0.0
	for n := reach; n < len(values); n++ {
		most = max(most, scale(values[n])-scale(values[n-reach]))
	}
	return most / whole
}

// load returns the rank correlation of the rate of requests with time, over the windows of the series; 0 where the
// points are too few for windows.
func (td *tendency) load(th *GrowingTrendThresholds) float64 {
	if td.few(th) {
		return 0
	}
	points, k := td.series.Points, len(td.values)
	rates := make([]float64, k)
	for w := range rates {
		from, to := w*len(points)/k, (w+1)*len(points)/k
		to = min(to, len(points)-1) // the last window has no successor to end at
		rates[w] = float64(to-from) / float64(max(points[to].Time-points[from].Time, 1))
	}
	return stats.MannKendall(rates).Tau
}
