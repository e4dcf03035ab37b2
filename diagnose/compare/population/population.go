package population

import (
	"cmp"
	"context"
	"math/big"
	"slices"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/calltree"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/stats"
)

// population is what all traces of both sets have in common: one tree of calls, with a sample of each trace at each
// node.
//
//	good traces --\
//	               +--> forest of calls, samples --> decomposition, tests, shapes, attributes, culprits
//	bad traces  --/
type population struct {
	ctx     context.Context
	opt     Options
	keys    *calltree.Keys
	all     []*facts.Facts    // good ones first
	sides   [2][]*facts.Facts // of these the good ones, and the bad ones
	entry   []int32           // by trace: key of its entry operation
	shape   []uint64
	of      map[int32][2]int // traces by entry operation
	leftOut []LeftOut
	others  [2][]*facts.Facts // traces that are left out, good and bad
	steps   int

	nodes map[calltree.Step]int32
	calls []callNode
	index []int32 // by place in SetComparison.Calls: the node
}

// callNode is a path of calls from an entry operation.
type callNode struct {
	step    calltree.Step
	entry   int32
	depth   int
	offset  float64 // ns after the first span began, summed over the samples
	op      facts.Op
	worker  string
	samples []sample // in order of the traces
	kids    []int32
}

// sample is what one trace says of a node.
type sample struct {
	trace      int32 // index in population.all
	calls      int32
	failed     bool
	served     int32 // calls that have a serving side
	worst      int32 // span of its largest self time
	widest     int32 // calling span with the largest gap to its server, where served
	self, gap  int64 // ns, of all calls together
	critical   int64 // ns, without what is below
	apart      int64 // ns between the pieces of the trace: of its entry, and nobody's
	callerOwn  int64
	worstOwned int64
	widestGap  int64
}

// newPopulation keeps the traces whose entry operation is on both sides. k numbers their operations.
func newPopulation(ctx context.Context, k *calltree.Keys, good, bad []*facts.Facts, opt Options) *population {
	p := &population{ctx: ctx, opt: opt, keys: k, of: map[int32][2]int{}, nodes: map[calltree.Step]int32{}}
	var left inOrder[int32, LeftOut] // by entry operation
	keyOf := func(f *facts.Facts) int32 { return k.Reader(f)(f.Trace.Root().Index()) }
	for side, list := range [2][]*facts.Facts{good, bad} {
		for _, f := range list {
			key := keyOf(f)
			n := p.of[key]
			n[side]++
			p.of[key] = n
		}
	}
	for side, list := range [2][]*facts.Facts{good, bad} {
		for _, f := range list {
			key := keyOf(f)
			if n := p.of[key]; n[0] > 0 && n[1] > 0 {
				p.all, p.entry = append(p.all, f), append(p.entry, key)
				continue
			}
			p.others[side] = append(p.others[side], f)
			l := left.of(key)
			if l.N++; l.N == 1 {
				l.Op, l.Side = f.Op(f.Trace.Root().Index()), [2]compare.Presence{compare.Missing, compare.Added}[side]
			}
		}
		p.sides[side] = p.all[len(p.sides[0]):]
	}
	for _, l := range left.all {
		p.leftOut = append(p.leftOut, *l)
	}
	p.steps = len(p.all) + 10
	return p
}

// sideOf tells which side a trace is on: 0 the good, 1 the bad one.
func (p *population) sideOf(trace int32) int {
	if int(trace) < p.size(0) {
		return 0
	}
	return 1
}

func (p *population) size(side int) int { return len(p.sides[side]) }

// totals lists what the traces of both sides took, in ns.
func (p *population) totals() (list [2][]float64) {
	for i, f := range p.all {
		side := p.sideOf(int32(i))
		list[side] = append(list[side], float64(f.Total()))
	}
	return list
}

func (p *population) report(done int) {
	if p.opt.Progress != nil {
		p.opt.Progress(done, p.steps)
	}
}

func (p *population) summary(side int) Summary {
	list := p.sides[side]
	s := Summary{Traces: len(list)}
	if len(list) == 0 {
		return s
	}
	durations := make([]int64, len(list))
	for i, f := range list {
		durations[i] = f.Total()
		if rootFailed(f) {
			s.Failed++
		}
		if facts.Incomplete(f.Trace) {
			s.Incomplete++
		}
	}
	slices.Sort(durations)
	s.P50, s.P95, s.P99 = stats.Percentile(durations, 50), stats.Percentile(durations, 95), stats.Percentile(durations, 99)
	s.Mean = rounded(sumOf(list), big.NewInt(int64(len(list))))
	s.ErrorRate = float64(s.Failed) / float64(len(list))
	return s
}

func rootFailed(f *facts.Facts) bool { return f.Failed(f.Trace.Root().Index()) }

// sumOf returns how long traces took together, in ns.
func sumOf(list []*facts.Facts) *big.Int {
	sum := new(big.Int)
	for _, f := range list {
		sum.Add(sum, big.NewInt(f.Total()))
	}
	return sum
}

// rounded divides, to the nearest integer, halves away from zero.
func rounded(n, by *big.Int) int64 {
	twice := new(big.Int).Lsh(n, 1)
	if n.Sign() < 0 {
		twice.Sub(twice, by)
	} else {
		twice.Add(twice, by)
	}
	return twice.Quo(twice, new(big.Int).Lsh(by, 1)).Int64()
}

// read folds the call trees of all traces into one.
func (p *population) read(*Comparison) {
	p.shape = make([]uint64, len(p.all))
	p.keys.Callees = calltree.NewCallees(p.keys)
	for _, f := range p.all {
		p.keys.Callees.Learn(f)
	}
	const often = 64 // traces between two looks at the context
	for i, f := range p.all {
		if i%often == 0 {
			if p.ctx.Err() != nil {
				return
			}
			p.report(i)
		}
		t := calltree.New(f, p.keys)
		p.shape[i] = t.Shape()
		p.fold(int32(i), t)
	}
	for n := range p.calls {
		if up := p.calls[n].step.Parent; up >= 0 {
			p.calls[up].kids = append(p.calls[up].kids, int32(n))
		}
	}
}

// fold adds the samples of one trace.
func (p *population) fold(number int32, t *calltree.Tree) {
	at := make([]int32, len(t.Calls)) // by node of the tree: node of the population, -1 above the entry
	root := t.Of[t.Facts.Trace.Root().Index()]
	for n := range t.Calls {
		c := &t.Calls[n]
		parent := int32(-1)
		switch {
		case int32(n) != root && c.Parent < 0:
			at[n] = -1 // stands above the pieces of an incomplete trace
			continue
		case int32(n) != root:
			parent = at[c.Parent]
		}
		if parent < 0 && int32(n) != root {
			parent = p.node(calltree.Step{Parent: -1, Key: p.entry[number]}, p.entry[number], t, root) // a piece: count it below the entry
		}
		node := p.node(calltree.Step{Parent: parent, Key: c.Key}, p.entry[number], t, int32(n))
		at[n] = node
		p.add(node, number, t, c)
	}
	if at[0] < 0 { // time between the pieces stands at the entry, and is no call's
		samples := p.calls[at[root]].samples
		samples[len(samples)-1].apart += t.Calls[0].Critical
	}
}

func (p *population) node(s calltree.Step, entry int32, t *calltree.Tree, call int32) int32 {
	n, ok := p.nodes[s]
	if !ok {
		n = int32(len(p.calls))
		p.nodes[s] = n
		node := callNode{step: s, entry: entry, op: t.Op(call)}
		if s.Parent >= 0 {
			node.depth = p.calls[s.Parent].depth + 1
		}
		node.worker = node.op.Service
		p.calls = append(p.calls, node)
	}
	return n
}

// add writes the sample of one call of one trace; pieces of an incomplete trace can meet at a node twice.
func (p *population) add(n, number int32, t *calltree.Tree, c *calltree.Call) {
	node := &p.calls[n]
	if last := len(node.samples) - 1; last < 0 || node.samples[last].trace != number {
		node.samples = append(node.samples, sample{trace: number, worst: int32(c.Members[0]), worstOwned: -1})
	}
	s := &node.samples[len(node.samples)-1]
	s.calls += int32(len(c.Members))
	s.served += int32(len(c.Servers))
	s.critical += c.Critical
	s.callerOwn += c.CallerOwn
	f := t.Facts
	node.offset += float64(f.Timing.Effective(c.Members[0]).Start - f.Timing.Effective(0).Start)
	if len(c.Servers) > 0 {
		node.worker = f.Trace.Span(c.Servers[0]).Service()
	}
	next := 0 // of the servers: they come right after their callers
	for _, i := range c.Members {
		works := i
		if next < len(c.Servers) && f.Trace.Parent(c.Servers[next]) == i {
			works = c.Servers[next]
			next++
			gap := gapOf(f, i, works)
			if s.gap += gap; gap > s.widestGap || next == 1 {
				s.widest, s.widestGap = int32(i), gap
			}
		}
		own := f.Self[works]
		s.self += own
		if own > s.worstOwned {
			s.worst, s.worstOwned = int32(works), own
		}
	}
	s.failed = s.failed || c.Failed > 0
}

// gapOf returns the nanoseconds of call i that its server does not account for, network and queues. Each duration is
// on one clock, so offsets between clocks do not matter; a server that outlasts its call gives a negative gap.
func gapOf(f *facts.Facts, i, server int) int64 {
	return f.Trace.Span(i).Duration() - f.Trace.Span(server).Duration()
}

// layOut writes the calls down in pre-order: the entry operations by how many traces they have, calls by when they
// begin in the mean.
func (p *population) layOut(c *Comparison) {
	var roots []int32
	for n := range p.calls {
		if p.calls[n].step.Parent < 0 {
			roots = append(roots, int32(n))
		}
		kids := p.calls[n].kids
		slices.SortStableFunc(kids, func(a, b int32) int { return cmp.Compare(p.calls[a].begins(), p.calls[b].begins()) })
	}
	slices.SortStableFunc(roots, func(a, b int32) int { return cmp.Compare(len(p.calls[b].samples), len(p.calls[a].samples)) })
	type visit struct {
		node   int32
		parent int
	}
	stack := make([]visit, 0, len(roots))
	for k := len(roots) - 1; k >= 0; k-- {
		stack = append(stack, visit{roots[k], -1})
	}
	for len(stack) > 0 {
		v := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		node := &p.calls[v.node]
		at := len(c.Calls)
		c.Calls = append(c.Calls, p.describe(node, v.parent))
		p.index = append(p.index, v.node)
		for k := len(node.kids) - 1; k >= 0; k-- {
			stack = append(stack, visit{node.kids[k], at})
		}
	}
	for i := len(c.Calls) - 1; i >= 0; i-- {
		n := &c.Calls[i]
		n.End = max(n.End, i+1)
		for side := range 2 {
			n.meanSubtree[side] += n.meanCritical[side]
		}
		if n.Parent >= 0 {
			up := &c.Calls[n.Parent]
			up.End = max(up.End, n.End)
			for side := range 2 {
				up.meanSubtree[side] += n.meanSubtree[side]
			}
		}
	}
}

func (n *callNode) begins() float64 { return n.offset / float64(max(len(n.samples), 1)) }

// describe sums up the samples of a node.
func (p *population) describe(node *callNode, parent int) Call {
	s := Call{Op: node.op, Worker: node.worker, Depth: node.depth, Parent: parent, Of: p.of[node.entry]}
	var worst [2]int64
	for i := range node.samples {
		x := &node.samples[i]
		side := p.sideOf(x.trace)
		s.Traces[side]++
		s.Calls[side] += int(x.calls)
		s.meanCritical[side] += float64(x.critical) + float64(x.apart)
		s.meanApart[side] += float64(x.apart)
		if x.served > 0 {
			s.meanCallerOwn[side] += float64(x.callerOwn)
		}
		if s.Example[side].Facts == nil || x.worstOwned > worst[side] {
			s.Example[side], worst[side] = Place{p.all[x.trace], int(x.worst)}, x.worstOwned
		}
	}
	for side := range 2 {
		s.meanCritical[side] /= float64(p.size(side))
		s.meanCallerOwn[side] /= float64(p.size(side))
		s.meanApart[side] /= float64(p.size(side))
	}
	return s
}
