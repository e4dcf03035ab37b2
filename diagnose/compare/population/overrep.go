package population

import (
	"cmp"
	"math"
	"slices"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/calltree"
	"tracefall/diagnose/stats"
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
	Shift   float64 // how much larger the bad side's numbers are: the median of all differences (Hodges and Lehmann)

	members uint64 // tells the traces that have it apart from others
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
	valueMost     = compare.LongValue // bytes
	idLike        = 0.9               // different values for each trace with the key, on both sides
	numbersFrom   = 10                // different numbers from which a key is measured rather than counted
	shareLeast    = 0.1               // of the traces, by which a value must be more frequent
	attributeMost = 20                // told
	culpritScopes = 2                 // whose operations are looked at
)

// scope is a place where attributes are looked for.
type scope struct {
	traces [2]int // that have it
	hash   uint64 // of these
	last   int32  // of these, plus 1
	keys   inOrder[string, keyStat]
}

// keyStat is what is known of a key in a scope.
type keyStat struct {
	traces  []int32
	values  inOrder[string, []int32] // traces by value
	numbers map[int32]float64        // by trace: its first number
	texts   bool
}

// attributes looks for values that are over-represented in the bad traces.
type attributes struct {
	*population
	found []*AttributeRate
	tests tests
}

// test takes in an attribute that was found.
func (p *attributes) test(a *AttributeRate) {
	p.found = append(p.found, a)
	p.tests.add(a.P, &a.P, &a.Q)
}

// compareAttributes finds values that are over-represented in the bad traces: at the root, in the resources, and in
// the calls of the culprits.
func compareAttributes(p *population, c *Comparison) {
	if c.Descriptive {
		return
	}
	a := &attributes{population: p}
	for name, s := range a.scopes(c).all {
		for key, stat := range s.keys.all {
			if p.ctx.Err() != nil {
				return
			}
			a.key(AttributeRate{Scope: name, Key: key}, s, stat)
		}
	}
	a.tests.correct(families)
	for _, x := range a.found {
		if m := x.Numbers; m != nil {
			m.Q, m.SpreadQ = x.Q, x.Q
			if m.P > m.SpreadP && m.P >= p.opt.Q {
				m.Q = 1 // only the other test found it
			}
		}
	}
	list := slices.DeleteFunc(a.found, func(x *AttributeRate) bool { return x.Q >= p.opt.Q })
	list = mergeEqual(list)
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
func mergeEqual(list []*AttributeRate) []*AttributeRate {
	first := map[uint64]*AttributeRate{}
	return slices.DeleteFunc(list, func(a *AttributeRate) bool {
		if a.Numbers != nil {
			return false
		}
		kept := first[a.members]
		if kept == nil {
			first[a.members] = a
			return false
		}
		if text := a.Text(); text != kept.Text() && !slices.Contains(kept.Also, text) {
			kept.Also = append(kept.Also, text)
		}
		return true
	})
}

// scopes reads the attributes of all traces.
func (p *attributes) scopes(c *Comparison) *inOrder[string, scope] {
	known := &inOrder[string, scope]{}
	root := known.of("root")
	for n, culprit := range c.Culprits {
		if n == culpritScopes {
			break
		}
		p.readCalls(known.of(culprit.scope()), culprit.Calls)
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
		for k := f.Trace.First(); k < f.Trace.Len(); k++ {
			r := f.Trace.Span(k).Resource()
			if had[r.Index()] == i+1 {
				continue
			}
			had[r.Index()] = i + 1
			s := known.of("resource of " + r.Service())
			s.had(i, p.sideOf(i))
			s.read(i, r.Attrs())
		}
	}
	return known
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

// had counts a trace that has the scope, unless it was the last that was counted.
func (s *scope) had(i int32, side int) {
	if s.last == i+1 {
		return
	}
	s.last = i + 1
	s.traces[side]++
	s.hash += calltree.Mix(0, uint64(i))
}

func (s *scope) read(i int32, attrs trace.Attrs) {
	for k := range attrs.Len() {
		key, v := attrs.Key(k), attrs.Value(k)
		stat := s.keys.of(key)
		stat.traces = withTrace(stat.traces, i)
		if number, ok := v.Number(); ok {
			if stat.numbers == nil {
				stat.numbers = map[int32]float64{}
			}
			if _, has := stat.numbers[i]; !has {
				stat.numbers[i] = number
			}
		} else {
			stat.texts = true
		}
		if text := v.String(); len(text) <= valueMost {
			traces := stat.values.of(text)
			*traces = withTrace(*traces, i)
		}
	}
}

// withTrace adds a trace to a list unless it is the last.
func withTrace(list []int32, i int32) []int32 {
	if n := len(list); n > 0 && list[n-1] == i {
		return list
	}
	return append(list, i)
}

// key tests the values of a key that are worth it.
func (p *attributes) key(of AttributeRate, s *scope, stat *keyStat) {
	if min(s.traces[0], s.traces[1]) < FewTraces || p.followsFromSplit(of.Key) || aboutSampling(of.Key) {
		return
	}
	if !stat.texts && len(stat.values.keys) >= numbersFrom {
		if !compare.PerRequest(of.Key) { // numbers that only tell requests apart grow or scatter with them
			p.numbers(of, s, stat)
		}
		return
	}
	had := p.count(stat.traces)
	var different [2]int
	for _, traces := range stat.values.all {
		for side, n := range p.count(*traces) {
			if n > 0 {
				different[side]++
			}
		}
	}
	if !(share(different[0], had[0]) > idLike && share(different[1], had[1]) > idLike) {
		for text, traces := range stat.values.all {
			if !p.opt.Sensitive(of.Key, text) {
				of.Value = text
				p.candidate(of, s, p.count(*traces), hashTraces(*traces))
			}
		}
	}
	absent := [2]int{s.traces[0] - had[0], s.traces[1] - had[1]}
	of.Value, of.Absent = "", true
	p.candidate(of, s, absent, s.hash-hashTraces(stat.traces))
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
		h += calltree.Mix(0, uint64(i))
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
	if best := stats.FisherExact(most, of[1], hits-most, of[0]); best > p.opt.Q {
		return
	}
	a.Rate = Rate{K: k, Of: of, P: fisher(k, of), Q: 1}
	good, bad := a.Share(0), a.Share(1)
	if bad-good < shareLeast {
		a.P = 1 // it counts as a test all the same
	}
	a.Lift = bad / max(good, 1/float64(of[0]+1))
	a.Bits = information(k, of)
	a.members = calltree.Mix(traces, calltree.Mix(uint64(of[0]), uint64(of[1])))
	p.test(&a)
}

// numbers tests a key that holds many different numbers.
func (p *attributes) numbers(a AttributeRate, s *scope, stat *keyStat) {
	var values [2][]float64
	for _, i := range stat.traces {
		if v, ok := stat.numbers[i]; ok && !math.IsNaN(v) {
			values[p.sideOf(i)] = append(values[p.sideOf(i)], v)
		}
	}
	if min(len(values[0]), len(values[1])) < FewTraces {
		return
	}
	a.Numbers = &Measure{}
	new(tests).measure(a.Numbers, values[0], values[1])
	a.Shift = stats.HodgesLehmann(values[0], values[1])
	either := min(2*min(a.Numbers.P, a.Numbers.SpreadP), 1)
	a.Rate = Rate{K: [2]int{len(values[0]), len(values[1])}, Of: s.traces, P: either, Q: 1}
	if moved := a.Numbers.moved; len(moved) > 0 { // of lying beyond where the two sides differ most
		var beyond [2]int
		for side := range beyond {
			beyond[side] = int(math.Round(moved[0].Share[side] * float64(len(values[side]))))
		}
		a.Bits = information(beyond, a.K)
	}
	p.test(&a)
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
