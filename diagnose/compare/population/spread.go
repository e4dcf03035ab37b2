package population

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"tracefall/diagnose/stats"
	"tracefall/diagnose/units"
)

// Moved is a part of the bad side's values that lies where few of the good side's lie: half of the calls that now
// take 2 s, where none did before. A median need not show it.
type Moved struct {
	Above   bool       // the values larger than Bound, else those up to it
	Bound   float64    // where the distributions of both sides are furthest apart
	Share   [2]float64 // of the values of each side, 0 to 1
	Typical float64    // the median of the bad side's values there
}

// The bounds of what is told as a part that moved.
const (
	movedLeast = 0.1  // by which the shares of both sides differ at least
	movedHalf  = 0.5  // of the larger difference, which the other direction must reach to be told too
	movedSome  = 0.05 // share of the bad side's values: fewer are a few, and all but so many are all
	movedFar   = 2    // times the median of all, from which a part is another sort of call
	medianSame = 0.1  // share of the larger median by which medians differ that are told as the same
)

// spread finds the parts of the bad side's values that moved, given the sorted values of both sides: where the
// distance between their distributions is largest, in either direction (Kolmogorov and Smirnov).
func spread(good, bad []float64) []Moved {
	var up, down Moved
	var upMost, downMost float64
	i, k := 0, 0
	for i < len(good) && k < len(bad) {
		at := min(good[i], bad[k])
		for i < len(good) && good[i] == at {
			i++
		}
		for k < len(bad) && bad[k] == at {
			k++
		}
		before, now := float64(i)/float64(len(good)), float64(k)/float64(len(bad))
		if d := before - now; d > upMost {
			upMost, up = d, Moved{Above: true, Bound: at, Share: [2]float64{1 - before, 1 - now}, Typical: stats.Percentile(bad[k:], 50)}
		}
		if d := now - before; d > downMost {
			downMost, down = d, Moved{Bound: at, Share: [2]float64{before, now}, Typical: stats.Percentile(bad[:k], 50)}
		}
	}
	var list []Moved
	least := max(movedLeast, movedHalf*max(upMost, downMost))
	if upMost >= least {
		list = append(list, up)
	}
	if downMost >= least {
		list = append(list, down)
	}
	slices.SortStableFunc(list, func(a, b Moved) int { return cmp.Compare(b.by(), a.by()) })
	return list
}

// by is the difference of the shares.
func (m Moved) by() float64 { return m.Share[1] - m.Share[0] }

// Text says what moved; write writes a value.
func (m Moved) Text(write func(float64) string) string {
	bound := "up to"
	if m.Above {
		bound = "above"
	}
	return fmt.Sprintf("%s %s %s (median %s), baseline %s", units.PercentOf(m.Share[1]), bound, write(m.Bound), write(m.Typical), units.PercentOf(m.Share[0]))
}

// MovedParts returns what moved, where the medians do not say it all: they hardly differ, or a part of the values is
// far from the median of all. It is nil where the distributions differ by no more than chance at a level of q.
func (m *Measure) MovedParts(level float64) []Moved {
	if m.SpreadQ >= level {
		return nil
	}
	same := m.Q >= level || math.Abs(m.P50[1]-m.P50[0]) <= medianSame*max(math.Abs(m.P50[0]), math.Abs(m.P50[1]))
	var list []Moved
	for _, part := range m.moved {
		far := part.Typical >= movedFar*m.P50[1]
		if !part.Above {
			far = movedFar*part.Typical <= m.P50[1]
		}
		if some := part.Share[1] >= movedSome && part.Share[1] <= 1-movedSome; same || far && some {
			list = append(list, part)
		}
	}
	return list
}

// LeastQ returns the smaller q-value of the two tests.
func (m *Measure) LeastQ() float64 { return min(m.Q, m.SpreadQ) }

// Text says how the values differ: by the parts of them that moved, else by their medians, or where these are equal
// by their means; write writes a value.
func (m *Measure) Text(level float64, write func(float64) string) string {
	if text := m.MovedText(level, write); text != "" {
		return text
	}
	if before, now := write(m.P50[0]), write(m.P50[1]); before != now {
		return "p50 " + before + " → " + now
	}
	return "mean " + write(m.Mean[0]) + " → " + write(m.Mean[1])
}

// MovedText writes MovedParts; "" where there are none.
func (m *Measure) MovedText(level float64, write func(float64) string) string {
	var texts []string
	for _, part := range m.MovedParts(level) {
		texts = append(texts, part.Text(write))
	}
	return strings.Join(texts, ", ")
}
