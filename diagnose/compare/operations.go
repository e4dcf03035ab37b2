package compare

import (
	"cmp"
	"slices"
)

// opSamples are the samples of one operation, of all paths, a trace each.
type opSamples struct {
	key            int32
	caller, worker string
	places         []int // in SetComparison.Calls
	self, gap      [2][]float64
	sumSelf        [2]float64
	sumGap         [2]float64
	calls, served  [2]float64
	origins        [2]int
}

// byOperation merges the samples of all paths of an operation.
func (p *population) byOperation(c *SetComparison) []*opSamples {
	var list []*opSamples
	known := map[int32]*opSamples{}
	for i := range c.Calls {
		node := &p.calls[p.index[i]]
		o := known[node.step.key]
		if o == nil {
			o = &opSamples{key: node.step.key, caller: node.op.Service, worker: node.worker}
			known[o.key], list = o, append(list, o)
		}
		if node.worker != node.op.Service {
			o.worker = node.worker
		}
		o.places = append(o.places, i)
	}
	var all []sample
	for _, o := range list {
		all = all[:0]
		for _, i := range o.places {
			all = append(all, p.calls[p.index[i]].samples...)
		}
		if len(o.places) > 1 {
			slices.SortStableFunc(all, func(x, y sample) int { return cmp.Compare(x.trace, y.trace) })
		}
		for from := 0; from < len(all); {
			to := from + 1
			for to < len(all) && all[to].trace == all[from].trace {
				to++
			}
			o.add(all[from:to], p.sideOf(all[from].trace))
			from = to
		}
	}
	return list
}

// add takes in the samples of one trace.
func (o *opSamples) add(samples []sample, side int) {
	var calls, served, self, gap float64
	origin := 0
	for i := range samples {
		s := &samples[i]
		calls, served = calls+float64(s.calls), served+float64(s.served)
		self, gap = self+float64(s.self), gap+float64(s.gap)
		if s.origin {
			origin = 1
		}
	}
	o.calls[side] += calls
	o.sumSelf[side] += self
	o.self[side] = append(o.self[side], self/calls)
	o.origins[side] += origin
	if served > 0 {
		o.served[side] += served
		o.sumGap[side] += gap
		o.gap[side] = append(o.gap[side], gap/served)
	}
}
