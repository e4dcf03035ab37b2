package population

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"tracefall/diagnose/stats"
)

// strata returns the series of which both sides have numbers: those of one root operation where both have some, else
// those of the other roots together.
//
//	root A   good ||||   bad |||      a stratum
//	root B   good ||||                \ together another one, where they are
//	root C               bad ||       / numbers of the same operation
func (o *observed) strata(what measured) []*series {
	var list []*series
	rest := map[seriesKey]*series{}
	for _, s := range o.series.all {
		if s.key.what != what {
			continue
		}
		if n := o.counts(s); min(n[0], n[1]) >= strataLeast {
			list = append(list, s)
			continue
		}
		key := s.key
		key.root = anyRoot
		if key.what == failures || key.what == unanswered { // they are rare whatever a service is asked for
			key.from, key.entry, key.op = nobody, nobody, nobody
		}
		if rest[key] == nil {
			rest[key] = &series{key: key}
			list = append(list, rest[key])
		}
		rest[key].samples = append(rest[key].samples, s.samples...)
	}
	return slices.DeleteFunc(list, func(s *series) bool {
		n := o.counts(s)
		return n[0] == 0 || n[1] == 0
	})
}

// strataLeast is the number of traces that each side must have for a stratum of its own.
const strataLeast = 2

func (o *observed) counts(s *series) (n [2]int) {
	for i := range s.samples {
		n[o.sides[s.samples[i].trace]]++
	}
	return n
}

// change is by how much a series grew: the difference of the means, for as many calls as the bad side makes.
type change struct {
	excess, before float64 // summed over the calls of the bad side
	calls          float64
}

func (c *change) add(x change) {
	c.excess, c.before, c.calls = c.excess+x.excess, c.before+x.before, c.calls+x.calls
}

// ratio returns now by before.
func (c *change) ratio() float64 {
	if c.before <= 0 {
		return math.Inf(1)
	}
	return (c.before + c.excess) / c.before
}

func (o *observed) change(s *series) change {
	var n, sum [2]float64
	for _, x := range s.samples {
		side := o.sides[x.trace]
		n[side], sum[side] = n[side]+x.n, sum[side]+x.sum
	}
	return change{sum[1] - n[1]*sum[0]/n[0], n[1] * sum[0] / n[0], n[1]}
}

// group is a hypothesis: some series together grew. Each trace has one score: the mean of where its numbers stand in
// their series. A service that is slow for all of its callers is tested over all of them at once.
type group struct {
	entries []entry // by trace, once settled
	of      family
	z       float64
	p       float64 // two-sided, corrected for all groups that were tested
}

// entry is what one trace adds to a group.
type entry struct {
	trace  int32
	n, sum float64 // scores; once settled, 1 and their mean
	excess float64 // how much more than the mean of its series, in ns or in calls
}

// family is what groups are of whose excess can be compared: where one is far larger than the others can be by chance,
// that is certain although each of many alone could be.
type family uint8

const (
	ofTime family = iota
	ofFailures
	ofCalls // traces are compared with those of the same entry operation only; for others the series see to that
	familyCount
)

// add adds the scores of the numbers of a series, and their excess where that is given.
func (g *group) add(s *series, scores, excess []float64) {
	g.entries = slices.Grow(g.entries, len(s.samples))
	for i, x := range s.samples {
		e := entry{trace: x.trace, n: 1, sum: scores[i]}
		if excess != nil {
			e.excess = excess[i]
		}
		g.entries = append(g.entries, e)
	}
}

// excesses returns by how much each number of a series exceeds the mean.
func (s *series) excesses() []float64 {
	var n, sum float64
	for _, x := range s.samples {
		n, sum = n+x.n, sum+x.sum
	}
	list := make([]float64, len(s.samples))
	for i, x := range s.samples {
		list[i] = x.sum - x.n*sum/n
	}
	return list
}

// settle makes one entry of those of each trace, with the mean of its scores, in order of the traces. slots are as many
// zeros as there are traces, and are so again afterwards.
func (g *group) settle(slots []int32) {
	list := g.entries[:0]
	for _, x := range g.entries {
		if at := slots[x.trace]; at > 0 {
			y := &list[at-1]
			y.n, y.sum, y.excess = y.n+x.n, y.sum+x.sum, y.excess+x.excess
			continue
		}
		list = append(list, x)
		slots[x.trace] = int32(len(list))
	}
	g.entries = list
	for i := range list {
		x := &list[i]
		slots[x.trace] = 0
		x.n, x.sum = 1, x.sum/x.n
	}
	slices.SortFunc(list, func(x, y entry) int { return cmp.Compare(x.trace, y.trace) })
}

// places returns where the numbers of a series stand, −½ to ½, and their median.
func places(values []float64) (list []float64, median float64) {
	list, median = stats.Ranks(values)
	for i, rank := range list {
		list[i] = (rank-0.5)/float64(len(values)) - 0.5
	}
	return list, median
}

// grain is the time in ns below which differences do not matter to magnitudes.
const grain = 20e3

// magnitudes returns by how much the numbers of a series exceed its median, as logarithms: what ranks hardly show, a
// part of the calls that takes far longer, they do.
func magnitudes(values []float64, median float64) []float64 {
	list := make([]float64, len(values))
	middle := math.Log(max(median, 0) + grain)
	for i, v := range values {
		if v > median {
			list[i] = max(math.Log(max(v, 0)+grain)-middle, 0)
		}
	}
	return list
}

func (s *series) means() []float64 {
	list := make([]float64, len(s.samples))
	for i, x := range s.samples {
		list[i] = x.sum / x.n
	}
	return list
}

// layers are the traces by entry operation, or all traces: sides are only ever exchanged between traces of one layer.
type layers struct {
	of      []int32 // by trace
	bad     []float64
	members [][]int32
	side    []uint8 // by trace
}

func (o *observed) layers(byRoot bool) *layers {
	l := &layers{of: make([]int32, len(o.roots)), side: o.sides}
	known := map[int32]int32{}
	for i, root := range o.roots {
		if !byRoot {
			root = anyRoot
		}
		n, ok := known[root]
		if !ok {
			n = int32(len(l.bad))
			known[root], l.bad, l.members = n, append(l.bad, 0), append(l.members, nil)
		}
		l.of[i] = n
		l.bad[n] += float64(o.sides[i])
		l.members[n] = append(l.members[n], int32(i))
	}
	return l
}

// centred is the score of a trace within its layer, in standard deviations of the sum over the bad side.
type centred struct {
	trace int32
	score float64
}

// centre returns the scores of a group such that their sum over the bad traces has mean 0 and variance 1 when sides
// are given out by chance within each layer; nil where no outcome would be uneven. They are written into a list whose
// content is no longer needed, nil for a new one.
func (l *layers) centre(g *group, into []centred) []centred {
	type layer struct{ n, bad, sum, mean, squares float64 }
	in := make([]layer, len(l.bad))
	for _, e := range g.entries {
		x := &in[l.of[e.trace]]
		x.n, x.bad, x.sum = x.n+1, x.bad+float64(l.side[e.trace]), x.sum+e.sum
	}
	for k := range in {
		in[k].mean = in[k].sum / max(in[k].n, 1)
	}
	for _, e := range g.entries {
		x := &in[l.of[e.trace]]
		d := e.sum - x.mean
		x.squares += d * d
	}
	variance := 0.0
	for k, x := range in {
		if x.n < 2 {
			continue
		}
		share := l.bad[k] / float64(len(l.members[k]))
		variance += x.squares / (x.n - 1) * max(x.bad*(x.n-x.bad)/x.n, x.n*share*(1-share))
	}
	if variance <= 1e-18 {
		return nil
	}
	scale := 1 / math.Sqrt(variance)
	list := slices.Grow(into[:0], len(g.entries))
	for _, e := range g.entries {
		if x := &in[l.of[e.trace]]; x.n > 1 {
			list = append(list, centred{e.trace, (e.sum - x.mean) * scale})
		}
	}
	return list
}

// sumOver sums the scores of the traces whose side is 1, the others' being 0. It does not branch on a side, which chance
// gave out.
func sumOver(scores []centred, side []uint8) float64 {
	z := 0.0
	for _, s := range scores {
		z += s.score * float64(side[s.trace])
	}
	return z
}

// tries is in how many ways a group may be found certain: by how uneven it is, and by how large its excess is.
const tries = 2

// The permutations: how many, and up to how many steps they may cost.
const (
	permutations     = 400
	permutationSteps = 12_000_000
)

// test finds how certain groups are, corrected for all of them: among a few hundred traces by giving out the sides
// anew, often, and comparing with the most uneven of all groups (Westfall and Young, 1993), which keeps what
// correlated tests have in common; else by the normal approximation and Holm's correction. The smaller counts.
func (o *observed) test(groups []*group) {
	by := [2]*layers{o.layers(false), o.layers(true)}
	var scores [2][][]centred
	steps, tested := 0, 0
	slots := make([]int32, len(o.sides))
	var last []centred // of a group too many for permutations
	for _, g := range groups {
		g.settle(slots)
		of := 0
		if g.of == ofCalls {
			of = 1
		}
		list := by[of].centre(g, last)
		if steps += len(list); list != nil {
			tested++
		}
		g.z = sumOver(list, o.sides)
		if tooMany(steps) {
			last, scores = list[:0:cap(list)], [2][][]centred{}
		} else {
			scores[of] = append(scores[of], list)
		}
	}
	order := stats.Order(len(groups), func(a, b int) int { return cmp.Compare(math.Abs(groups[b].z), math.Abs(groups[a].z)) })
	least := 0.0
	for n, k := range order {
		p := 2 * distuv.UnitNormal.Survival(math.Abs(groups[k].z))
		least = max(least, min(p*float64(max(tested-n, 1)), 1))
		groups[k].p = least
	}
	if tooMany(steps) {
		return
	}
	most, largest := o.permute(by, groups, scores)
	for _, g := range groups {
		if g.z == 0 {
			continue
		}
		at, _ := slices.BinarySearch(most, math.Abs(g.z)-1e-9)
		g.p = min(g.p, chance(most, at))
		if g.z > 0 {
			at, _ = slices.BinarySearch(largest[g.of], sumOver(g.excesses(), o.sides)*(1-1e-9))
			g.p = min(g.p, tries*chance(largest[g.of], at))
		}
	}
}

// tooMany reports whether so many scores are too many for permutations.
func tooMany(scores int) bool { return permutationSteps/max(2*scores, 1) < permutations }

func chance(sorted []float64, at int) float64 {
	return float64(len(sorted)-at+1) / float64(len(sorted)+1)
}

// excesses lists the excess of the traces that have some.
func (g *group) excesses() []centred {
	var list []centred
	for _, e := range g.entries {
		if e.excess != 0 {
			list = append(list, centred{e.trace, e.excess})
		}
	}
	return list
}

// permute returns for each permutation how uneven the most uneven group is, and how large the largest excess of each
// family, sorted.
func (o *observed) permute(by [2]*layers, groups []*group, scores [2][][]centred) (most []float64, largest [familyCount][]float64) {
	r := rand.New(rand.NewPCG(uint64(len(o.roots)), uint64(len(groups))))
	most = make([]float64, permutations)
	for of := range largest {
		largest[of] = make([]float64, permutations)
	}
	for k, l := range by {
		var excess [familyCount][][]centred
		for _, g := range groups {
			if (g.of == ofCalls) == (k == 1) {
				excess[g.of] = append(excess[g.of], g.excesses())
			}
		}
		side := slices.Clone(o.sides)
		for n := range most {
			for _, members := range l.members {
				r.Shuffle(len(members), func(a, b int) { side[members[a]], side[members[b]] = side[members[b]], side[members[a]] })
			}
			for _, s := range scores[k] {
				most[n] = max(most[n], math.Abs(sumOver(s, side)))
			}
			for of, list := range excess {
				for _, s := range list {
					largest[of][n] = max(largest[of][n], sumOver(s, side))
				}
			}
		}
	}
	slices.Sort(most)
	for of := range largest {
		slices.Sort(largest[of])
	}
	return most, largest
}
