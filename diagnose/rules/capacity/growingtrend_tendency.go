package capacity

import (
	"math"
	"slices"

	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/stats"
)

// tendency is a series that may rise, with what was made of it.
type tendency struct {
	th      *GrowingTrendThresholds
	work    *patterns.Work
	series  *patterns.Series
	values  []float64 // medians of windows, or the points where they are few
	trend   stats.Trend
	latency stats.Trend // of the duration of the same work
	lasted  []float64   // its windows, ns
	q       float64
}

func (td *tendency) few() bool { return len(td.series.Points) < td.th.Points }

func (td *tendency) last() float64 { return td.values[len(td.values)-1] }

func (td *tendency) ratio() float64 {
	if first := td.values[0]; first > 0 {
		return td.last() / first
	}
	return td.last()
}

// tendencies tests every series; the q-values are those of the series that are as long.
func tendencies(work []patterns.Work, th *GrowingTrendThresholds) (numbers, durations []*tendency) {
	for n := range work {
		w := &work[n]
		lasted := cut(w.Duration.Values(), th)
		latency := stats.MannKendall(lasted)
		for a := range w.Attrs {
			td := &tendency{th: th, work: w, series: &w.Attrs[a], latency: latency, lasted: lasted}
			if td.test() && (!td.few() || patterns.Quantity(td.series.Key) || latency.Tau >= th.Together) {
				numbers = append(numbers, td)
			}
		}
		td := &tendency{th: th, work: w, series: &w.Self, latency: latency, lasted: lasted}
		if !td.few() && td.test() {
			durations = append(durations, td)
		}
	}
	var long, short []*tendency
	for _, td := range slices.Concat(numbers, durations) {
		if td.few() {
			short = append(short, td)
		} else {
			long = append(long, td)
		}
	}
	for _, list := range [...][]*tendency{long, short} {
		for n, q := range stats.BenjaminiHochberg(rule.Floats(list, func(td *tendency) float64 { return td.trend.P })) {
			list[n].q = q
		}
	}
	return numbers, durations
}

// cut makes windows of at least five values, or leaves few values as they are.
func cut(values []float64, th *GrowingTrendThresholds) []float64 {
	const most, least = 12, 5
	if len(values) < th.Points {
		return values
	}
	return stats.Windows(values, min(most, len(values)/least))
}

// test reports whether the series is worth a test, and makes it.
func (td *tendency) test() bool {
	td.values = cut(td.series.Values(), td.th)
	td.trend = stats.MannKendall(td.values)
	return td.trend.P < 1 && (td.series.Key == "" || patterns.Level(td.series.Key) || !td.series.Counter())
}

func (td *tendency) rises() bool {
	th := td.th
	if td.few() {
		return slices.IsSorted(td.values) && td.trend.P <= th.FewP && td.q <= th.Q && td.ratio() >= th.FewRatio && !td.stepped()
	}
	return td.trend.Tau >= th.Tau && td.trend.P < th.P && td.q < th.Q && td.ratio() >= th.Ratio && !td.resets() && !td.stepped()
}

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
		if top > 0 && v < kept*top && fell(values[n:], kept*top) {
			return true
		}
		top = max(top, v)
	}
	return false
}

// fell reports whether most of the next five values are below a limit: noise comes back at once.
func fell(next []float64, limit float64) bool {
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
func (td *tendency) load() float64 {
	if td.few() {
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
