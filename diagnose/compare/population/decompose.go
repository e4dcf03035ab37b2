package population

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/stats"
)

// rateNoise is the share by which calls for each call of the parent may differ without being told as more calls.
const rateNoise = 0.05

// longestMean is how long, in ns, calls may be expected to take: times of years, more often than before, would soon be
// longer than a contribution can say.
const longestMean = 1 << 62

// meanPart is a contribution before rounding.
type meanPart struct {
	compare.Contribution
	exact float64 // ns
}

// decompose cuts the difference of the means into parts, as contributions does for two traces: the mean of a trace
// is the sum of the means that its calls take on the critical path. What a call is expected to take grows with how
// often the nearest call above it that is made more or less often is made.
func (p *population) decompose(c *Comparison) {
	c.Delta = p.delta()
	c.Contributions = roundParts(p.meanParts(c), c.Delta)
}

// meanParts returns the parts before rounding.
func (p *population) meanParts(c *Comparison) []meanPart {
	ratios := make([]float64, len(c.Calls)) // calls now for one before, by place
	var parts []meanPart
	for i := 0; i < len(c.Calls); {
		n := &c.Calls[i]
		outer := 1.0
		if n.Parent >= 0 {
			outer = ratios[n.Parent]
		}
		ratios[i] = outer
		switch {
		case n.Calls[0] == 0:
			parts = append(parts, part(i, compare.KindAdded, n.meanSubtree[1], "added: calls/trace 0 → "+p.perTrace(n, 1)))
		case n.Calls[1] == 0:
			parts = append(parts, part(i, compare.KindMissing, -outer*n.meanSubtree[0], "missing: calls/trace "+p.perTrace(n, 0)+" → 0"))
		default:
			parts = p.matchedMeans(c, i, outer, ratios, parts)
			i++
			continue
		}
		i = n.End
	}
	return parts
}

// matchedMeans appends the parts of a call that both sides make.
func (p *population) matchedMeans(c *Comparison, i int, outer float64, ratios []float64, parts []meanPart) []meanPart {
	n := &c.Calls[i]
	before := float64(n.Calls[0]) / float64(p.size(0))
	now := float64(n.Calls[1]) / float64(p.size(1))
	if r := now / before; math.Abs(r-outer) > rateNoise*max(r, outer) && r*n.meanSubtree[0] < longestMean {
		ratios[i] = r
		parts = append(parts, part(i, compare.KindCount, (r-outer)*n.meanSubtree[0],
			fmt.Sprintf("calls/trace %s → %s", perTraceCount(before), perTraceCount(now))))
	}
	r := ratios[i]
	own := n.meanCritical[1] - r*n.meanCritical[0]
	if gap := n.meanCallerOwn[1] - r*n.meanCallerOwn[0]; n.meanCallerOwn[0] > 0 && n.meanCallerOwn[1] > 0 {
		own -= gap
		parts = append(parts, part(i, compare.KindGap, gap, fmt.Sprintf("network/queue time %s per trace", compare.Signed(toNS(gap)))))
	}
	if apart := n.meanApart[1] - r*n.meanApart[0]; apart != 0 {
		own -= apart
		parts = append(parts, part(i, compare.KindGap, apart, compare.ApartWord(p.all...)))
		parts[len(parts)-1].Apart = true
	}
	return append(parts, part(i, compare.KindDuration, own, fmt.Sprintf("self time %s per trace", compare.Signed(toNS(own)))))
}

func part(node int, kind compare.Kind, exact float64, message string) meanPart {
	return meanPart{compare.Contribution{Node: node, Kind: kind, Delta: int64(math.Floor(exact)), Message: message}, exact}
}

func (p *population) perTrace(n *Call, side int) string {
	return perTraceCount(float64(n.Calls[side]) / float64(p.size(side)))
}

// delta is the difference of the exact means, rounded to the nearest nanosecond.
func (p *population) delta() int64 {
	good, bad := big.NewInt(int64(p.size(0))), big.NewInt(int64(p.size(1)))
	n := new(big.Int).Mul(sumOf(p.sides[1]), good)
	n.Sub(n, new(big.Int).Mul(sumOf(p.sides[0]), bad))
	return rounded(n, new(big.Int).Mul(good, bad))
}

// roundParts rounds parts to nanoseconds so that they sum to the whole: down first; what is left over goes to the
// largest remainders.
func roundParts(parts []meanPart, whole int64) []compare.Contribution {
	left := whole
	list := make([]compare.Contribution, len(parts))
	for i, part := range parts {
		list[i] = part.Contribution
		left -= part.Delta
	}
	order := stats.Order(len(parts), func(a, b int) int { return cmp.Compare(remainder(parts[b]), remainder(parts[a])) })
	for n := 0; left != 0 && len(order) > 0; n++ {
		one := int64(cmp.Compare(left, 0))
		list[order[n%len(order)]].Delta += one
		left -= one
	}
	list = slices.DeleteFunc(list, func(c compare.Contribution) bool { return c.Delta == 0 })
	slices.SortStableFunc(list, func(a, b compare.Contribution) int { return cmp.Compare(compare.Abs(b.Delta), compare.Abs(a.Delta)) })
	return list
}

func remainder(p meanPart) float64 { return p.exact - math.Floor(p.exact) }

// The bootstrap: how often traces are drawn anew, and how many draws are made at most.
const (
	resamples = 1000
	drawsMost = 20_000_000
)

// bootstrap finds where the difference of the means lies: drawing as many traces of each side again and again, it
// leaves out the lowest and highest 2.5 %. The same traces always give the same range.
func (p *population) bootstrap(c *Comparison) {
	if c.Descriptive {
		return
	}
	totals := p.totals()
	r := rand.NewPCG(uint64(len(p.all)), uint64(p.size(0)))
	rounds := min(resamples, max(drawsMost/len(p.all), 100))
	deltas := make([]float64, rounds)
	for n := range deltas {
		if p.ctx.Err() != nil {
			return
		}
		deltas[n] = drawnMean(r, totals[1]) - drawnMean(r, totals[0])
	}
	slices.Sort(deltas)
	c.DeltaRange = [2]int64{toNS(deltas[rounds*25/1000]), toNS(deltas[rounds-1-rounds*25/1000])}
}

// drawnMean returns the mean of as many values, drawn with replacement. Each is drawn by one multiplication (Lemire, Fast
// random integer generation in an interval, 2019): there are millions of draws.
func drawnMean(r *rand.PCG, values []float64) float64 {
	n, sum := uint32(len(values)), 0.0
	unfair := -n % n // numbers of the lower half that would favour some values
	if n&(n-1) == 0 {
		for range values {
			sum += values[uint32(r.Uint64())&(n-1)]
		}
		return sum / float64(n)
	}
	for range values {
		product := r.Uint64() >> 32 * uint64(n)
		for uint32(product) < unfair {
			product = r.Uint64() >> 32 * uint64(n)
		}
		sum += values[product>>32]
	}
	return sum / float64(n)
}
