package population

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// hypotheses are the groups of one service or edge: by ranks, and by magnitudes.
type hypotheses struct {
	list []*group
	at   map[[4]int32][]*group
}

func (h *hypotheses) of(key [4]int32) []*group {
	g := h.at[key]
	if g == nil {
		g = []*group{{of: ofTime}, {of: ofTime}}
		h.at[key] = g
		h.list = append(h.list, g...)
	}
	return g
}

// add adds the scores of a series to the groups of some keys.
func (h *hypotheses) add(s *series, keys ...[4]int32) {
	values := s.means()
	stand, median := places(values)
	above, excess := magnitudes(values, median), s.excesses()
	for _, key := range keys {
		groups, exceeds := h.of(key), excess
		if key[0] == ofOut || key[0] == ofMixed {
			exceeds = nil
		}
		groups[0].add(s, stand, exceeds)
		groups[1].add(s, above, nil)
	}
}

// rises reports whether a group certainly grew, and by how many standard deviations one did at most.
func rises(groups []*group, q float64) (sure bool, z float64) {
	for _, g := range groups {
		sure = sure || g.z > 0 && g.p < q
		z = max(z, g.z)
	}
	return sure, z
}

// falls reports whether a group certainly shrank.
func falls(groups []*group, q float64) bool {
	return slices.ContainsFunc(groups, func(g *group) bool { return g.z < 0 && g.p < q })
}

// What the keys of hypotheses are of.
const (
	ofOwn   int32 = iota
	ofEntry       // own work, asked for one operation
	ofOp          // of one operation
	ofIn
	ofOut
	ofEdge
	ofMixed
)

// measure tests all hypotheses together and writes down what grew.
func (b *board) measure() {
	h := &hypotheses{at: map[[4]int32][]*group{}}
	own, ops, gaps, mixed := b.o.strata(ownTime), b.o.strata(opTime), b.o.strata(gapTime), b.o.strata(mixedTime)
	for _, s := range own {
		h.add(s, [4]int32{ofOwn, s.key.to}, [4]int32{ofEntry, s.key.to, s.key.entry})
	}
	for _, s := range ops {
		h.add(s, [4]int32{ofOp, s.key.to, s.key.op})
	}
	for _, s := range gaps {
		h.add(s, [4]int32{ofIn, s.key.to}, [4]int32{ofOut, s.key.from}, [4]int32{ofEdge, s.key.from, s.key.to})
	}
	for _, s := range mixed {
		h.add(s, [4]int32{ofMixed, s.key.from, s.key.to})
	}
	fails := b.events(h, failures, func(s *suspect) *float64 { return &s.failing })
	lost := b.events(h, unanswered, func(s *suspect) *float64 { return &s.lost })
	counts := b.counts(h)
	b.strata = append(append(append(slices.Clone(own), ops...), gaps...), mixed...)
	b.o.test(h.list)

	b.ownWork(h, own)
	b.operations(h, ops)
	b.gaps(h, gaps)
	b.mixedEdges(h, mixed)
	for v, s := range b.all {
		b.sureOf(fails[v], &s.failing)
		b.sureOf(lost[v], &s.lost)
	}
	for _, x := range counts {
		b.count(x)
	}
}

// sureOf takes back a rate that did not certainly grow.
func (b *board) sureOf(g *group, rate *float64) {
	if g == nil || g.z <= 0 || g.p >= b.p.opt.Q || *rate < failingLeast {
		*rate = 0
	}
	*rate = min(*rate, 1)
}

// events makes a group of each service in which something happens that is rare, and notes by how much its rate grew.
func (b *board) events(h *hypotheses, what measured, rate func(*suspect) *float64) []*group {
	list := make([]*group, len(b.all))
	happens := make([]bool, len(b.all))
	for _, t := range b.o.tracks.all {
		if t.what == what {
			happens[t.to] = true
		}
	}
	for _, s := range b.o.strata(what) {
		v := s.key.to
		if !happens[v] {
			continue
		}
		if list[v] == nil {
			list[v] = &group{of: ofFailures}
			h.list = append(h.list, list[v])
		}
		values, mean := s.means(), 0.0
		for _, x := range values {
			mean += x / float64(len(values))
		}
		floats.AddConst(-mean, values)
		list[v].add(s, values, s.excesses())
		*rate(b.all[v]) += b.grownBy(s) / float64(b.o.size[1])
	}
	return list
}

// grownBy returns in how many more bad traces something happens than the good ones let expect; where it happens in as
// many, but more often, that counts as far as it is more.
func (b *board) grownBy(s *series) float64 {
	var hits, traces [2]float64
	for _, x := range s.samples {
		side := b.o.sides[x.trace]
		traces[side]++
		hits[side] += min(x.sum, 1)
	}
	grown := hits[1] - traces[1]*hits[0]/traces[0]
	if c := b.o.change(s); grown <= 0 && c.excess > 0 {
		grown = hits[1] * strength(&c)
	}
	return grown
}

// counts makes a group of each sort of call that services make.
func (b *board) counts(h *hypotheses) []*counted {
	known := map[[4]int32]*counted{}
	var list []*counted
	left := countsMost
	for _, s := range b.o.series.all {
		if s.key.what != made {
			continue
		}
		of := b.o.series.at[seriesKey{asked, nobody, s.key.from, s.key.entry, nobody, s.key.root}]
		if n := b.o.counts(of); min(n[0], n[1]) < strataLeast {
			continue
		}
		if left -= len(of.samples); left < 0 {
			break
		}
		k := [4]int32{s.key.from, s.key.entry, s.key.to, s.key.op}
		x := known[k]
		if x == nil {
			x = &counted{from: b.all[s.key.from], entry: s.key.entry, to: s.key.to, op: s.key.op, sure: &group{of: ofCalls}}
			known[k], list = x, append(list, x)
			h.list = append(h.list, x.sure)
		}
		whole := s.over(of)
		times := whole.means()
		for i := range times {
			times[i] = math.Log1p(times[i])
		}
		x.sure.add(whole, times, whole.excesses())
		x.add(b.o.change(whole))
	}
	return list
}

// countsMost is the most numbers that are looked at to tell whether calls are made more or less often.
const countsMost = 5_000_000

// over returns the calls of a series by visit, 0 for visits that make none.
func (s *series) over(visits *series) *series {
	x := &series{key: s.key, samples: make([]number, len(visits.samples))}
	next := 0
	for i, visit := range visits.samples {
		x.samples[i] = number{visit.trace, visit.n, 0}
		if next < len(s.samples) && s.samples[next].trace == visit.trace {
			x.samples[i].sum = s.samples[next].sum
			next++
		}
	}
	return x
}

// count takes in calls that a service makes more or less often.
func (b *board) count(x *counted) {
	s, now, before := x.from, x.before+x.excess, x.before
	if x.sure.p >= b.p.opt.Q || max(now, before) < countRatio*min(now, before) {
		return
	}
	visits := x.calls / float64(b.o.size[1])
	if t := b.o.tracks.at[trackKey{made, s.id, x.to, x.op}]; t != nil && t.calls[1] > 0 && now > before {
		x.time = x.excess / float64(b.o.size[1]) * t.sum[1] / t.calls[1]
	}
	switch {
	case x.time > excessMatters*b.mean*min(visits, 1):
		s.more += weightMore * x.time
		l := lead{time: weightMore * x.time, beyond: true}
		if x.to != nobody {
			l.to = b.all[x.to]
		}
		s.leads = append(s.leads, l)
	case now < before:
		s.less = max(s.less, (before-now)/before*min(visits, 1))
	default:
		return
	}
	s.counts = append(s.counts, x)
	slices.SortStableFunc(s.counts, func(x, y *counted) int {
		return cmp.Or(cmp.Compare(y.time, x.time), cmp.Compare(math.Abs(y.excess), math.Abs(x.excess)))
	})
}

// presence is in which traces something is.
type presence struct {
	seen    [2]int  // good and bad traces
	matters float64 // ns that it must take more, in all bad traces, to matter
}

// inBad finds the traces of some series, by a key of each.
func (b *board) inBad(list []*series, key func(*series) [2]int32) map[[2]int32]presence {
	var of inOrder[[2]int32, []*series]
	for _, s := range list {
		own := of.of(key(s))
		*own = append(*own, s)
	}
	found := map[[2]int32]presence{}
	met := make([]int, len(b.o.sides)) // by trace: how many keys there were when one was found in it last
	for k, own := range of.all {
		var x presence
		at := len(found) + 1
		for _, s := range *own {
			for _, n := range s.samples {
				if met[n.trace] == at {
					continue
				}
				met[n.trace] = at
				if x.seen[b.o.sides[n.trace]]++; b.o.sides[n.trace] == 1 {
					x.matters += b.matters[n.trace]
				}
			}
		}
		found[k] = x
	}
	return found
}

// weighTraces finds what an excess must be to matter, of the mean duration of good traces of one entry operation, of others
// of that of all.
func (b *board) weighTraces() {
	sum, n := map[int32]float64{}, map[int32]float64{}
	for i, f := range b.o.facts {
		if root := b.o.roots[i]; b.o.sides[i] == 0 && root != otherRoot {
			sum[root] += float64(f.Total())
			n[root]++
		}
	}
	sum[otherRoot], n[otherRoot] = b.mean, 1
	b.matters = make([]float64, len(b.o.roots))
	for i, root := range b.o.roots {
		b.matters[i] = excessMatters * (sum[root] / n[root])
	}
}

// ownWork writes down whose own work takes longer, beyond what all services take longer.
func (b *board) ownWork(h *hypotheses, list []*series) {
	in := b.inBad(list, func(s *series) [2]int32 { return [2]int32{s.key.to} })
	for _, s := range list {
		b.all[s.key.to].own.add(b.o.change(s))
	}
	var changes []*change
	for _, s := range b.all {
		if s.own.calls > 0 {
			changes, s.raw = append(changes, &s.own), s.own
		}
	}
	discount(changes)
	entries := map[int32][]*group{}
	for _, s := range list {
		entries[s.key.to] = append(entries[s.key.to], h.at[[4]int32{ofEntry, s.key.to, s.key.entry}]...)
	}
	for _, s := range b.all {
		x, was := in[[2]int32{s.id}], s.raw
		groups := append(slices.Clone(h.at[[4]int32{ofOwn, s.id}]), entries[s.id]...)
		sure, _ := rises(groups, b.p.opt.Q)
		s.ownSure = sure && s.own.ratio() > excessRatio && s.own.excess > x.matters
		if r := was.ratio(); falls(groups, b.p.opt.Q) && r < 1/fasterRatio && -was.excess > x.matters/4 {
			s.faster = (1 - r) * min(float64(x.seen[1])/float64(b.o.size[1]), 1)
		}
	}
}

// operations writes down for services whose work does not certainly take longer whether that of one of its operations
// does.
func (b *board) operations(h *hypotheses, list []*series) {
	in := b.inBad(list, func(s *series) [2]int32 { return [2]int32{s.key.to, s.key.op} })
	var changes inOrder[[2]int32, change]
	for _, s := range list {
		changes.of([2]int32{s.key.to, s.key.op}).add(b.o.change(s))
	}
	found := map[*suspect]*change{}
	for k, c := range changes.all {
		s := b.all[k[0]]
		sure, _ := rises(h.at[[4]int32{ofOp, k[0], k[1]}], b.p.opt.Q)
		if s.ownSure || !sure || c.ratio() <= excessRatio || c.excess <= in[k].matters {
			continue
		}
		if best := found[s]; best == nil || c.excess > best.excess {
			found[s] = c
		}
	}
	for s, c := range found {
		s.own, s.ownSure, s.faster = *c, true, 0
	}
}

// discount takes off what all numbers grew by, where there are many: another load, a cold start.
func discount(changes []*change) {
	if len(changes) < driftLeast {
		return
	}
	ratios := make([]float64, len(changes))
	for i, c := range changes {
		ratios[i] = c.ratio()
	}
	slices.Sort(ratios)
	drift := min(ratios[len(ratios)/2], driftMost)
	if drift <= 1 {
		return
	}
	for _, c := range changes {
		by := c.before * (drift - 1)
		c.before, c.excess = c.before+by, c.excess-by
	}
}

// gaps writes down on which edges calls are under way longer.
func (b *board) gaps(h *hypotheses, list []*series) {
	edges := b.connect(list)
	for _, e := range edges {
		e.from.out, e.to.in = append(e.from.out, e), append(e.to.in, e)
		in, _ := rises(h.at[[4]int32{ofIn, e.to.id}], b.p.opt.Q)
		out, _ := rises(h.at[[4]int32{ofOut, e.from.id}], b.p.opt.Q)
		sure := b.judge(e, h.at[[4]int32{ofEdge, e.from.id, e.to.id}])
		if e.state == edgeInflated && (sure || in || out) && e.excess > e.matters {
			e.gap = e.excess / float64(b.o.size[1])
		}
	}
}

// mixedEdges does the same where calls have no span of their own. What grew is time of the caller's own work.
func (b *board) mixedEdges(h *hypotheses, list []*series) {
	for _, e := range b.connect(list) {
		b.judge(e, h.at[[4]int32{ofMixed, e.from.id, e.to.id}])
		e.from.mixed, e.to.in = append(e.from.mixed, e), append(e.to.in, e)
	}
}

// connect makes the edges of series of calls.
func (b *board) connect(list []*series) []*edge {
	seen := b.inBad(list, func(s *series) [2]int32 { return [2]int32{s.key.from, s.key.to} })
	var known inOrder[[2]int32, edge]
	for _, s := range list {
		known.of([2]int32{s.key.from, s.key.to}).add(b.o.change(s))
	}
	var edges []*edge
	var changes []*change
	for ends, e := range known.all {
		e.from, e.to, e.presence = b.all[ends[0]], b.all[ends[1]], seen[ends]
		edges, changes = append(edges, e), append(changes, &e.change)
	}
	discount(changes)
	return edges
}

// judge reports whether calls of an edge take longer, and returns whether that is certain of the edge alone.
func (b *board) judge(e *edge, groups []*group) bool {
	sure, z := rises(groups, b.p.opt.Q)
	switch {
	case (sure || z > suggestive) && e.ratio() > excessRatio && e.excess > b.least*e.calls:
		e.state = edgeInflated
	case min(e.seen[0], e.seen[1]) >= edgeTraces:
		e.state = edgeCalm
	default:
	}
	return sure
}
