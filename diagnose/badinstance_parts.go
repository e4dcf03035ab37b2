package diagnose

import (
	"math"
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

// population is the requests of one service by the part of it that served them.
type population struct {
	name  string
	parts []*part
	byKey map[string]*part
}

// part is one instance of a service, or one version, zone, node or address.
type part struct {
	name   string
	served []place // requests that did not fail
	failed []place
	ops    map[int32]*opCount
}

// opCount is what a part did of one operation.
type opCount struct {
	n, k      int
	durations []float64 // ns, of those that did not fail
}

func (s *population) part(name string) *part {
	b := s.byKey[name]
	if b == nil {
		b = &part{name: name, ops: map[int32]*opCount{}}
		s.byKey[name] = b
		s.parts = append(s.parts, b)
	}
	return b
}

func (b *part) add(at place) {
	op := b.ops[at.OpNumber(at.span)]
	if op == nil {
		op = &opCount{}
		b.ops[at.OpNumber(at.span)] = op
	}
	op.n++
	if at.Failed(at.span) {
		op.k++
		b.failed = append(b.failed, at)
		return
	}
	op.durations = append(op.durations, float64(at.data().Duration()))
	b.served = append(b.served, at)
}

// populations gathers requests by service, in order of their first appearance.
type populations struct {
	byName map[string]*population
	order  []*population
}

func (ps *populations) of(name string) *population {
	s := ps.byName[name]
	if s == nil {
		s = &population{name: name, byKey: map[string]*part{}}
		ps.byName[name] = s
		ps.order = append(ps.order, s)
	}
	return s
}

// population reads what the services served, by a dimension of their resources. Services that are of one part only
// are left out.
func (p *FilePass) population(dimension *facts.Instances) []*population {
	several := severalParts(p.Set, dimension)
	ps := populations{byName: map[string]*population{}}
	if len(several) == 0 {
		return nil
	}
	for _, f := range p.Traces {
		for i := f.Trace.First(); i < f.Trace.Len(); i++ {
			r := f.Trace.Span(i).Resource()
			if !several[r.Service()] || !f.Entry(i) {
				continue
			}
			if name := dimension.Of(r); name != "" {
				ps.of(r.Service()).part(name).add(place{f, i})
			}
		}
	}
	return ps.order
}

// severalParts tells which services have resources of more than one part.
func severalParts(set *trace.Set, dimension *facts.Instances) map[string]bool {
	first, several := map[string]string{}, map[string]bool{}
	for n := range set.Resources() {
		r := set.Resource(n)
		name := dimension.Of(r)
		if name == "" {
			continue
		}
		if known, ok := first[r.Service()]; ok && known != name {
			several[r.Service()] = true
		}
		first[r.Service()] = name
	}
	return several
}

// called reads what was asked of services that left no spans, by the address that their callers reached.
func (p *FilePass) called() []*population {
	ps := populations{byName: map[string]*population{}}
	var c facts.Canonical
	for _, f := range p.Traces {
		for i := f.Trace.First(); i < f.Trace.Len(); i++ {
			if f.Kind(i) != trace.KindClient || !f.Leaf(i) || f.Op(i).Peer == "" {
				continue
			}
			f.Canonical(i, &c)
			if address := c.Text(facts.NetPeer); address != "" {
				ps.of(f.Op(i).Peer).part(address).add(place{f, i})
			}
		}
	}
	return ps.order
}

// suspects compares each part with the others together, over the operations that both served: a part that alone
// serves what fails is no worse for it.
func (s *population) suspects() []*suspect {
	const enough = 4000 // values of the others, thinned evenly: there are as many comparisons as parts
	medians, requests := s.medians(), 0
	for _, b := range s.parts {
		requests += len(b.served)
	}
	every := 1 + requests/enough
	list := make([]*suspect, 0, len(s.parts))
	for _, b := range s.parts {
		sus := &suspect{part: b, service: s}
		var own []float64
		for _, number := range s.operations() {
			op := b.ops[number]
			if op == nil {
				continue
			}
			before := sus.otherN
			for _, other := range s.parts {
				if o := other.ops[number]; o != nil && other != b {
					sus.otherN += o.n
					sus.otherK += o.k
					sus.others = appendLogs(sus.others, o.durations, medians[number], every)
				}
			}
			if sus.otherN == before {
				continue
			}
			sus.n += op.n
			sus.k += op.k
			own = append(own, op.durations...)
			sus.own = appendLogs(sus.own, op.durations, medians[number], 1)
		}
		sus.typical = facts.Median(own)
		sus.test()
		list = append(list, sus)
	}
	return list
}

// operations lists the numbers of the operations in order.
func (s *population) operations() []int32 {
	var list []int32
	for _, b := range s.parts {
		for number := range b.ops {
			list = append(list, number)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (s *population) medians() map[int32]float64 {
	medians := map[int32]float64{}
	for _, number := range s.operations() {
		var all []float64
		for _, b := range s.parts {
			if op := b.ops[number]; op != nil {
				all = append(all, op.durations...)
			}
		}
		medians[number] = facts.Median(all)
	}
	return medians
}

func appendLogs(list, durations []float64, median float64, every int) []float64 {
	for n := 0; n < len(durations); n += every {
		list = append(list, math.Log(max(durations[n], 1)/max(median, 1)))
	}
	return list
}

// others names the parts besides one.
func (s *population) others(b *part) string {
	var names []string
	for _, other := range s.parts {
		if other != b {
			names = append(names, quoted(other.name))
		}
	}
	slices.Sort(names)
	return and(names)
}

// examples returns one request of each of a few other parts that ended well.
func (s *population) examples(b *part) []place {
	const most = 3
	var list []place
	for _, other := range s.parts {
		if other != b && len(other.served) > 0 && len(list) < most {
			list = append(list, other.served[0])
		}
	}
	return list
}
