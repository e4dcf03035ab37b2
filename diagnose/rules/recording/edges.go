package recording

import (
	"math"

	"tracefall/sources/trace"
)

// fileEdges are the stretches at both ends of a long file in which spans may miss a parent that lies outside it.
type fileEdges struct{ from, to int64 } // ns: the middle

// edges returns those of a set; of a short file there are none.
func (th *LostContextThresholds) edges(set *trace.Set) fileEdges {
	start, end := set.Bounds()
	if end-start <= int64(th.Long) {
		return fileEdges{math.MinInt64, math.MaxInt64}
	}
	return fileEdges{start + int64(th.Edge), end - int64(th.Edge)}
}

func (e fileEdges) near(at int64) bool { return at < e.from || at > e.to }
