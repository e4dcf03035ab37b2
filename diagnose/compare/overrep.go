package compare

import (
	"cmp"
	"math"
	"slices"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

// AttributeRate is an attribute that bad traces have more often than good ones, or of which they have larger or
// smaller numbers.
type AttributeRate struct {
	Scope  string // "root", "resource of <service>", or the call that a culprit makes
	Key    string
	Value  string // "" where Absent or Numbers
	Absent bool   // it is the lack of the key that is more frequent
	Rate          // among the traces that have the scope
	Lift   float64
	Bits   float64  // mutual information with the side, of one trace; of numbers, of their lying beyond where the sides differ most
	Also   []string // Text of attributes that exactly the same traces have
	// Numbers compares the values of a key that holds many different numbers; nil for others.
	Numbers *Measure
}

// Text is the attribute and its value, that it is missing, or the key of numbers.
func (a *AttributeRate) Text() string {
	switch {
	case a.Absent:
		return a.Key + " missing"
	case a.Numbers != nil:
		return a.Key
	}
	return a.Key + "=" + a.Value
}

// The bounds of what is asked about attributes.
const (
	valueMost     = longValue // bytes
	idLike        = 0.9       // different values for each trace with the key, on both sides
	numbersFrom   = 10        // different numbers from which a key is measured rather than counted
	shareLeast    = 0.1       // of the traces, by which a value must be more frequent
	attributeMost = 20        // told
	culpritScopes = 2         // whose operations are looked at
)

// scope is a place where attributes are looked for.
type scope struct {
	name   string
	traces [2]int // that have it
	all    uint64 // hash of these
	keys   map[string]*keyStat
	order  []string
}

// keyStat is what is known of a key in a scope.
type keyStat struct {
	last    int32 // trace that had it last
	traces  []int32
	values  map[string]*[]int32 // traces by value
	order   []string
	numbers map[int32]float64 // by trace: its first number
	texts   bool
}

// attributes looks for values that are over-represented in the bad traces.
type attributes struct {
	*population
	found   []*AttributeRate
	members map[*AttributeRate]uint64 // tells the traces that have it apart from others
}

// compareAttributes finds values that are over-represented in the bad traces: at the root, in the resources, and in
// the calls of the culprits.
func (p *population) compareAttributes(c *SetComparison) {
	if c.Descriptive {
		return
	}
	a := &attributes{population: p, members: map[*AttributeRate]uint64{}}
	for _, s := range a.scopes(c) {
		for _, key := range s.order {
			if p.ctx.Err() != nil {
				return
			}
			a.key(s, key)
		}
	}
	ps := make([]float64, len(a.found))
	for i, x := range a.found {
		ps[i] = x.P
	}
	for i, q := range corrected(ps) {
		x := a.found[i]
		x.Q = q
		if m := x.Numbers; m != nil {
			m.Q, m.SpreadQ = q, q
			if m.P > m.SpreadP && m.P >= p.opt.Q {
				m.Q = 1 // only the other test found it
			}
		}
	}
	list := slices.DeleteFunc(a.found, func(x *AttributeRate) bool { return x.Q >= p.opt.Q })
	list = mergeEqual(list, a.members)
	slices.SortStableFunc(list, func(a, b *AttributeRate) int {
		return cmp.Or(cmp.Compare(b.Bits, a.Bits), cmp.Compare(a.Q, b.Q))
	})
	for _, x := range list[:min(len(list), attributeMost)] {
		c.Attributes = append(c.Attributes, *x)
	}
}

// scope names the place of the attributes of a culprit's calls.
func (k *Culprit) scope() string { return k.Service + " " + k.Op.Label() }

// mergeEqual makes one of attributes that exactly the same traces have, the first in order of scopes.
func mergeEqual(list []*AttributeRate, members map[*AttributeRate]uint64) []*AttributeRate {
	first := map[uint64]*AttributeRate{}
	return slices.DeleteFunc(list, func(a *AttributeRate) bool {
		if a.Numbers != nil {
			return false
		}
		kept := first[members[a]]
		if kept == nil {
			first[members[a]] = a
			return false
		}
		if text := a.Text(); text != kept.Text() && !slices.Contains(kept.Also, text) {
			kept.Also = append(kept.Also, text)
		}
		return true
	})
}

// scopes reads the attributes of all traces.
func (p *attributes) scopes(c *SetComparison) []*scope {
	root := &scope{name: "root", keys: map[string]*keyStat{}}
	list := []*scope{root}
	known := map[string]*scope{}
	get := func(name string) *scope {
		s := known[name]
		if s == nil {
			s = &scope{name: name, keys: map[string]*keyStat{}}
			known[name], list = s, append(list, s)
		}
		return s
	}
	for n, culprit := range c.Culprits {
		if n == culpritScopes {
			break
		}
		p.readCalls(get(culprit.scope()), culprit.Calls)
	}
	seen := map[*trace.Set][]int32{} // by resource: the last trace that had it, plus 1
	for number, f := range p.all {
		i := int32(number)
		root.had(i, p.sideOf(i))
		root.read(i, f.Trace.Root().Attrs())
		had := seen[f.Trace.Set()]
		if had == nil {
			had = make([]int32, f.Trace.Set().Resources())
			seen[f.Trace.Set()] = had
		}
		services := map[string]bool{}
		for k := f.Trace.First(); k < f.Trace.Len(); k++ {
			r := f.Trace.Span(k).Resource()
			if had[r.Index()] == i+1 {
				continue
			}
			had[r.Index()] = i + 1
			s := get("resource of " + r.Service())
			if !services[r.Service()] {
				services[r.Service()] = true
				s.had(i, p.sideOf(i))
			}
			s.read(i, r.Attrs())
		}
	}
	return list
}

// readCalls reads the attributes of the spans of calls, on both of their sides.
func (p *attributes) readCalls(s *scope, places []int) {
	byTrace := map[int32]bool{}
	for _, place := range places {
		node := &p.calls[p.index[place]]
		for k := range node.samples {
			x := &node.samples[k]
			if !byTrace[x.trace] {
				byTrace[x.trace] = true
				s.had(x.trace, p.sideOf(x.trace))
			}
			span := p.all[x.trace].Trace.Span(int(x.worst))
			s.read(x.trace, span.Attrs())
			if up := span.Parent(); up >= 0 && x.served > 0 {
				s.read(x.trace, p.all[x.trace].Trace.Span(up).Attrs())
			}
		}
	}
}

// had counts a trace that has the scope.
func (s *scope) had(i int32, side int) {
	s.traces[side]++
	s.all += mix(0, uint64(i))
}

func (s *scope) read(i int32, attrs trace.Attrs) {
	for k := range attrs.Len() {
		key, v := attrs.Key(k), attrs.Value(k)
		stat := s.keys[key]
		if stat == nil {
			stat = &keyStat{last: -1, values: map[string]*[]int32{}, numbers: map[int32]float64{}}
			s.keys[key], s.order = stat, append(s.order, key)
		}
		if stat.last != i {
			stat.last, stat.traces = i, append(stat.traces, i)
		}
		if number, ok := v.Number(); ok {
			if _, has := stat.numbers[i]; !has {
				stat.numbers[i] = number
			}
		} else {
			stat.texts = true
		}
		text := v.String()
		if len(text) > valueMost {
			continue
		}
		traces := stat.values[text]
		if traces == nil {
			traces = &[]int32{}
			stat.values[text], stat.order = traces, append(stat.order, text)
		}
		if n := len(*traces); n == 0 || (*traces)[n-1] != i {
			*traces = append(*traces, i)
		}
	}
}

// key tests the values of a key that are worth it.
func (p *attributes) key(s *scope, key string) {
	stat := s.keys[key]
	if min(s.traces[0], s.traces[1]) < fewTraces || p.followsFromSplit(key) || aboutSampling(key) {
		return
	}
	if !stat.texts && len(stat.order) >= numbersFrom {
		if !perRequest(key) { // numbers that only tell requests apart grow or scatter with them
			p.numbers(s, key, stat)
		}
		return
	}
	had := p.count(stat.traces)
	var different [2]int
	for _, text := range stat.order {
		for side, n := range p.count(*stat.values[text]) {
			if n > 0 {
				different[side]++
			}
		}
	}
	if !(share(different[0], had[0]) > idLike && share(different[1], had[1]) > idLike) {
		for _, text := range stat.order {
			if traces := *stat.values[text]; !p.sensitive(key, text) {
				p.candidate(AttributeRate{Scope: s.name, Key: key, Value: text}, s, p.count(traces), hashTraces(traces))
			}
		}
	}
	absent := [2]int{s.traces[0] - had[0], s.traces[1] - had[1]}
	p.candidate(AttributeRate{Scope: s.name, Key: key, Absent: true}, s, absent, s.all-hashTraces(stat.traces))
}

func share(n, of int) float64 { return float64(n) / float64(max(of, 1)) }

func (p *attributes) count(traces []int32) [2]int {
	var n [2]int
	for _, i := range traces {
		n[p.sideOf(i)]++
	}
	return n
}

// hashTraces tells lists of traces apart. It is a sum, so that what all others have is the difference.
func hashTraces(traces []int32) uint64 {
	h := uint64(0)
	for _, i := range traces {
		h += mix(0, uint64(i))
	}
	return h
}

// candidate tests one value, unless the numbers of traces are such that no outcome would be certain.
func (p *attributes) candidate(a AttributeRate, s *scope, k [2]int, traces uint64) {
	hits, of := k[0]+k[1], s.traces
	if hits == 0 || hits == of[0]+of[1] {
		return
	}
	most := min(hits, of[1])
	if best := facts.FisherExact(most, of[1], hits-most, of[0]); best > p.opt.Q {
		return
	}
	a.Rate = Rate{K: k, Of: of, P: fisher(k, of), Q: 1}
	good, bad := a.Share(0), a.Share(1)
	if bad-good < shareLeast {
		a.P = 1 // it counts as a test all the same
	}
	a.Lift = bad / max(good, 1/float64(of[0]+1))
	a.Bits = information(k, of)
	p.found, p.members[&a] = append(p.found, &a), mix(traces, mix(uint64(of[0]), uint64(of[1])))
}

// numbers tests a key that holds many different numbers.
func (p *attributes) numbers(s *scope, key string, stat *keyStat) {
	var values [2][]float64
	for _, i := range stat.traces {
		if v, ok := stat.numbers[i]; ok && !math.IsNaN(v) {
			values[p.sideOf(i)] = append(values[p.sideOf(i)], v)
		}
	}
	if min(len(values[0]), len(values[1])) < fewTraces {
		return
	}
	a := AttributeRate{Scope: s.name, Key: key, Numbers: &Measure{}}
	own := &tests{}
	own.measure(a.Numbers, values[0], values[1])
	either := min(2*min(a.Numbers.P, a.Numbers.SpreadP), 1)
	a.Rate = Rate{K: [2]int{len(values[0]), len(values[1])}, Of: s.traces, P: either, Q: 1}
	if moved := a.Numbers.moved; len(moved) > 0 { // of lying beyond where the two sides differ most
		var beyond [2]int
		for side := range beyond {
			beyond[side] = int(math.Round(moved[0].Share[side] * float64(len(values[side]))))
		}
		a.Bits = information(beyond, a.K)
	}
	p.found = append(p.found, &a)
}

// information is the mutual information of having something and of being on the bad side, in bits.
func information(k, of [2]int) float64 {
	n := float64(of[0] + of[1])
	hits := float64(k[0] + k[1])
	sum := 0.0
	for side := range 2 {
		for _, cell := range [2][2]float64{{float64(k[side]), hits}, {float64(of[side] - k[side]), n - hits}} {
			if cell[0] > 0 {
				sum += cell[0] / n * math.Log2(cell[0]*n/(cell[1]*float64(of[side])))
			}
		}
	}
	return max(sum, 0)
}

// sensitive tells whether a value must not be shown.
func (p *attributes) sensitive(key, value string) bool {
	if p.opt.Sensitive != nil {
		return p.opt.Sensitive(key, value)
	}
	return len(facts.Secrets(key, value)) > 0
}
