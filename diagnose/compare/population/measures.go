package population

import (
	"slices"

	"tracefall/diagnose/stats"
)

// Measure compares a number that each trace of both sides has.
type Measure struct {
	N        [2]int     // values, good and bad
	P50, P95 [2]float64 // nearest rank
	P99      [2]float64
	Mean     [2]float64
	Delta    float64 // how much more often a bad value is larger than smaller, −1 to 1 (Cliff)
	P, Q     float64 // Mann-Whitney, two-sided; Q after correction for all tests of calls. 1 where not tested

	// Distance is the largest distance between the distributions of both sides, 0 to 1 (Kolmogorov and Smirnov): it
	// shows what ranks do not, such as values that became both larger and smaller.
	Distance         float64
	SpreadP, SpreadQ float64
	moved            []Moved
}

// Rate compares how many of the traces of each side have something.
type Rate struct {
	K, Of [2]int
	P, Q  float64 // Fisher, two-sided; Q after correction for all tests of calls. 1 where not tested
}

// Share returns the share of one side, 0 good, 1 bad.
func (r *Rate) Share(side int) float64 {
	if r.Of[side] == 0 {
		return 0
	}
	return float64(r.K[side]) / float64(r.Of[side])
}

// families is how many groups of tests a comparison makes: calls, shapes and attributes. Q-values are corrected for
// the tests within a group (Benjamini and Hochberg) and then for the number of groups, so that on two samples of
// one population at most a share Q of the comparisons finds anything at all.
const families = 3

// correct sets the q-values of all tests that were collected, one of so many families.
func (t *tests) correct(of int) {
	for n, q := range stats.BenjaminiHochberg(t.p) {
		*t.q[n] = min(q*float64(of), 1)
	}
}

// fisher returns the two-sided probability: twice the smaller tail.
func fisher(k, of [2]int) float64 {
	more := stats.FisherExact(k[1], of[1], k[0], of[0])
	less := stats.FisherExact(k[0], of[0], k[1], of[1])
	return min(2*min(more, less), 1)
}

// tests collects the tests of calls, so that they are corrected together.
type tests struct {
	p           []float64
	q           []*float64
	descriptive bool
}

// add takes in a test, whose values are 1 as long as nothing is tested.
func (t *tests) add(p float64, pValue, qValue *float64) {
	if !t.descriptive {
		*pValue = p
		t.p, t.q = append(t.p, p), append(t.q, qValue)
	}
}

// rate fills in a rate.
func (t *tests) rate(r *Rate, k, of [2]int) {
	*r = Rate{K: k, Of: of, P: 1, Q: 1}
	hits, all := k[0]+k[1], of[0]+of[1]
	if hits > 0 && hits < all && of[0] >= FewTraces && of[1] >= FewTraces { // else no outcome would be uneven
		t.add(fisher(k, of), &r.P, &r.Q)
	}
}

// measure fills in a measure. Values that are all equal are described only: no outcome would be uneven.
func (t *tests) measure(m *Measure, good, bad []float64) {
	*m = Measure{N: [2]int{len(good), len(bad)}, P: 1, Q: 1, SpreadP: 1, SpreadQ: 1}
	var sorted [2][]float64
	for side, values := range [2][]float64{good, bad} {
		if len(values) == 0 {
			continue
		}
		list := slices.Clone(values)
		slices.Sort(list)
		sorted[side] = list
		m.P50[side], m.P95[side], m.P99[side] = stats.Percentile(list, 50), stats.Percentile(list, 95), stats.Percentile(list, 99)
		for _, v := range list {
			m.Mean[side] += v
		}
		m.Mean[side] /= float64(len(list))
	}
	good, bad = sorted[0], sorted[1] // the tests need not sort them again
	if len(good) == 0 || len(bad) == 0 || min(good[0], bad[0]) == max(good[len(good)-1], bad[len(bad)-1]) {
		return
	}
	rank := stats.MannWhitney(good, bad)
	m.Delta = 2*rank.U/(float64(len(good))*float64(len(bad))) - 1
	var p float64
	m.Distance, p = stats.KolmogorovSmirnov(good, bad)
	m.moved = spread(good, bad)
	if len(good) >= FewTraces && len(bad) >= FewTraces {
		t.add(rank.P, &m.P, &m.Q)
		t.add(p, &m.SpreadP, &m.SpreadQ)
	}
}

// test compares every call in every measure.
func (p *population) test(c *Comparison) {
	t := &tests{descriptive: c.Descriptive}
	totals := p.totals()
	t.measure(&c.Duration, totals[0], totals[1])
	t.rate(&c.Errors, [2]int{c.Of[0].Failed, c.Of[1].Failed}, [2]int{c.Of[0].Traces, c.Of[1].Traces})
	for i := range c.Calls {
		if p.ctx.Err() != nil {
			return
		}
		p.testCall(t, &c.Calls[i], &p.calls[p.index[i]])
	}
	t.correct(families)
}

func (p *population) testCall(t *tests, n *Call, node *callNode) {
	var calls, self, gap, critical [2][]float64
	var failed [2]int
	for i := range node.samples {
		s := &node.samples[i]
		side := p.sideOf(s.trace)
		calls[side] = append(calls[side], float64(s.calls))
		critical[side] = append(critical[side], float64(s.critical))
		self[side] = append(self[side], float64(s.self)/float64(s.calls))
		if s.served > 0 {
			gap[side] = append(gap[side], float64(s.gap)/float64(s.served))
		}
		if s.failed {
			failed[side]++
		}
	}
	n.fillUp(&calls)
	n.fillUp(&critical)
	t.rate(&n.Presence, n.Traces, n.Of)
	t.rate(&n.Errors, failed, n.Traces)
	t.measure(&n.Counts, calls[0], calls[1])
	t.measure(&n.Self, self[0], self[1])
	t.measure(&n.Gap, gap[0], gap[1])
	t.measure(&n.Critical, critical[0], critical[1])
}

// fillUp adds the traces without the call, which made it no time and cost nothing.
func (n *Call) fillUp(values *[2][]float64) {
	for side := range values {
		values[side] = append(values[side], make([]float64, max(n.Of[side]-n.Traces[side], 0))...)
	}
}

// LeastQ returns the smallest q-value of a call's measures.
func (n *Call) LeastQ() float64 {
	return min(n.Presence.Q, n.Errors.Q, n.Counts.LeastQ(), n.Self.LeastQ(), n.Gap.LeastQ(), n.Critical.LeastQ())
}
