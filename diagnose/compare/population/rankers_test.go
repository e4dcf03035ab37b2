package population_test

import (
	"cmp"
	"context"
	"math"
	"slices"

	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/facts"
)

// ranker names services, the most suspect first. The published ones are written from their descriptions.
type ranker struct {
	name string
	rank func(good, bad []*facts.Facts) []string
}

var rankers = []ranker{
	{"slowest", slowestSelf},
	{"TraceRCA", traceRCA},
	{"MicroRank", microRank},
	{"ours", ours},
}

func ours(good, bad []*facts.Facts) []string {
	c, err := population.Compare(context.Background(), good, bad, population.Options{})
	if err != nil {
		return nil
	}
	var list []string
	for _, k := range c.Culprits {
		list = append(list, k.Service)
	}
	return list
}

// byScore lists names by their scores, largest first, equal ones by name.
func byScore(scores map[string]float64) []string {
	var list []string
	for name := range scores {
		list = append(list, name)
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(a, b)) })
	return list
}

// slowestSelf ranks services by the self time of their spans in the bad traces.
func slowestSelf(_, bad []*facts.Facts) []string {
	scores := map[string]float64{}
	for _, f := range bad {
		for i := f.Trace.First(); i < f.Trace.Len(); i++ {
			scores[f.Trace.Span(i).Service()] += float64(f.Self[i])
		}
	}
	return byScore(scores)
}

// opOf is an operation and the service that emits it.
type opOf struct{ service, name string }

func opsOf(f *facts.Facts, visit func(i int, op opOf)) {
	for i := f.Trace.First(); i < f.Trace.Len(); i++ {
		op := f.Op(i)
		visit(i, opOf{f.Trace.Span(i).Service(), op.Label()})
	}
}

// traceRCA ranks services by the rule of TraceRCA (Li et al., Practical root cause localization for microservice
// systems via trace analysis, IWQoS 2021), for sets of one service: support is the share of the bad traces with an
// abnormal invocation of it, confidence the share of bad ones among all traces with such; the score is their harmonic
// mean. An invocation is abnormal when it takes three standard deviations more than good ones, or fails.
func traceRCA(good, bad []*facts.Facts) []string {
	durations := map[opOf][]float64{}
	for _, f := range good {
		opsOf(f, func(i int, op opOf) {
			durations[op] = append(durations[op], float64(f.Trace.Span(i).Duration()))
		})
	}
	limit := map[opOf]float64{}
	for op, list := range durations {
		mean, square := 0.0, 0.0
		for _, d := range list {
			mean += d / float64(len(list))
		}
		for _, d := range list {
			square += (d - mean) * (d - mean) / float64(len(list))
		}
		limit[op] = mean + 3*math.Sqrt(square)
	}
	var traces [2]map[string]float64
	for side, list := range [2][]*facts.Facts{good, bad} {
		traces[side] = map[string]float64{}
		for _, f := range list {
			abnormal := map[string]bool{}
			opsOf(f, func(i int, op opOf) {
				if most, known := limit[op]; f.Failed(i) || known && float64(f.Trace.Span(i).Duration()) > most {
					abnormal[op.service] = true
				}
			})
			for service := range abnormal {
				traces[side][service]++
			}
		}
	}
	scores := map[string]float64{}
	for service, n := range traces[1] {
		support, confidence := n/float64(len(bad)), n/(n+traces[0][service])
		scores[service] = 2 * support * confidence / (support + confidence)
	}
	return byScore(scores)
}

// microRank ranks services as MicroRank does (Yu et al., MicroRank: end-to-end latency issue localization with
// extended spectrum analysis in microservice environments, WWW 2021): a personalised PageRank over operations and
// traces weighs each operation once in the bad and once in the good traces, and a spectrum of how many traces of
// either sort it is in, so weighed, is scored by Ochiai. A service is as suspect as its most suspect operation.
func microRank(good, bad []*facts.Facts) []string {
	weightBad, inBad := pageRank(bad, true)
	weightGood, inGood := pageRank(good, false)
	scores := map[string]float64{}
	for op, f := range weightBad {
		ef, nf := f*inBad[op], f*(float64(len(bad))-inBad[op])
		ep := weightGood[op] * inGood[op]
		if root := math.Sqrt((ef + ep) * (ef + nf)); root > 0 {
			scores[op.service] = max(scores[op.service], ef/root)
		}
	}
	return byScore(scores)
}

// pageRank weighs operations, and counts in how many traces they are.
func pageRank(list []*facts.Facts, abnormal bool) (weight, in map[opOf]float64) {
	const (
		damping, callEdges, kindShare = 0.85, 0.01, 0.5
		rounds                        = 25
	)
	number := map[opOf]int{}
	var ops []opOf
	var covered [][]int // operations, by trace
	calls := map[[2]int]bool{}
	kinds := map[string]float64{}
	kindOf := make([]string, len(list))
	in = map[opOf]float64{}
	for n, f := range list {
		at := make([]int, f.Trace.Len())
		seen := map[int]bool{}
		var here []int
		opsOf(f, func(i int, op opOf) {
			k, ok := number[op]
			if !ok {
				k = len(ops)
				number[op], ops = k, append(ops, op)
			}
			at[i] = k
			if !seen[k] {
				seen[k], here = true, append(here, k)
				in[op]++
			}
			if up := f.Trace.Parent(i); up >= f.Trace.First() {
				calls[[2]int{at[up], k}] = true
			}
		})
		slices.Sort(here)
		for _, k := range here {
			kindOf[n] += string(rune('0' + k))
		}
		kinds[kindOf[n]]++
		covered = append(covered, here)
	}
	var edges [][2]int
	out := make([]float64, len(ops))
	for e := range calls {
		edges = append(edges, e)
		out[e[0]]++
	}
	slices.SortFunc(edges, func(a, b [2]int) int { return cmp.Or(a[0]-b[0], a[1]-b[1]) })
	prefer := make([]float64, len(list))
	var byKind, bySize float64
	for n := range list {
		byKind += 1 / kinds[kindOf[n]]
		bySize += 1 / float64(len(covered[n]))
	}
	for n := range list {
		prefer[n] = 1 / kinds[kindOf[n]] / byKind
		if abnormal {
			prefer[n] = kindShare*prefer[n] + (1-kindShare)/float64(len(covered[n]))/bySize
		}
	}
	score, traces := make([]float64, len(ops)), make([]float64, len(list))
	for k := range score {
		score[k] = 1 / float64(len(ops)+len(list))
	}
	for n := range traces {
		traces[n] = 1 / float64(len(ops)+len(list))
	}
	for range rounds {
		nextOps, nextTraces := make([]float64, len(ops)), make([]float64, len(list))
		for n, here := range covered {
			for _, k := range here {
				nextOps[k] += damping * traces[n] / float64(len(here))
				nextTraces[n] += damping * score[k] / in[ops[k]]
			}
			nextTraces[n] += (1 - damping) * prefer[n]
		}
		for _, e := range edges {
			nextOps[e[1]] += damping * callEdges * score[e[0]] / out[e[0]]
		}
		score, traces = normal(nextOps), normal(nextTraces)
	}
	weight = map[opOf]float64{}
	for k, op := range ops {
		weight[op] = score[k]
	}
	return weight, in
}

// normal scales values so that the largest is 1.
func normal(values []float64) []float64 {
	most := slices.Max(values)
	for i := range values {
		values[i] /= most
	}
	return values
}
