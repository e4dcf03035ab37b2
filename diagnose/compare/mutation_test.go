package compare_test

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/comparetest"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/diagnose/patterns"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// The mutation benchmark: one known change is made to a copy of a real healthy trace, and the comparison of the two
// must name it first and give it exactly the time that it took.
//
//	go test -run Mutation -v ./diagnose/compare

// mutation is a kind of change. It returns false where the target does not lend itself to it.
type mutation struct {
	name string
	make func(m *mutant) bool
	// named reports whether the comparison names the change first; delta is the time that it gives it, true the one it took.
	named func(m *mutant, c *compare.Comparison) bool
	delta func(m *mutant, c *compare.Comparison) int64
}

// mutant is one change to one trace.
type mutant struct {
	r      *rand.Rand
	facts  *facts.Facts // of the source
	d      *tracetest.Draft
	target int
	took   int64 // ns that the change adds to the trace
	left   map[int]bool
}

// node returns the node of the target in the good trace.
func (m *mutant) node(c *compare.Comparison) int { return c.NodeOf(false, m.spanOf(c)) }

// spanOf finds the target in the copy: builders order spans anew, so by start and name.
func (m *mutant) spanOf(c *compare.Comparison) int {
	return c.Good.Trace.Find(trace.SpanID{N: uint64(m.target) + 1})
}

func (m *mutant) deltaOfNode(c *compare.Comparison) int64 { return c.DeltaOf(m.node(c)) }

func (m *mutant) divergesAtNode(c *compare.Comparison) bool {
	return c.Divergence != nil && c.Divergence.Node == m.node(c)
}

var mutations = []mutation{
	{"deleted subtree", func(m *mutant) bool {
		p := m.d.Parts[m.target]
		m.took = p.Start - p.End
		m.d.Shift(m.target, m.took)
		m.d.Remove(m.target)
		return true
	}, func(m *mutant, c *compare.Comparison) bool {
		return m.divergesAtNode(c) && (c.Divergence.Kind == compare.KindMissing || c.Divergence.Kind == compare.KindCount)
	}, (*mutant).deltaOfNode},

	{"stretched span", func(m *mutant) bool {
		m.took = 1_000_000 + m.r.Int64N(2*m.facts.Total())
		m.d.Stretch(m.target, m.took)
		return true
	}, func(m *mutant, c *compare.Comparison) bool {
		return c.Divergence == nil && len(c.Contributions) > 0 && c.Contributions[0].Node == m.node(c)
	}, (*mutant).deltaOfNode},

	{"k more calls", func(m *mutant) bool {
		m.took = m.d.Repeat(m.target, 1+m.r.IntN(20))
		return true
	}, func(m *mutant, c *compare.Comparison) bool {
		return m.divergesAtNode(c) && c.Divergence.Kind == compare.KindCount && c.Contributions[0].Node == m.node(c)
	}, (*mutant).deltaOfNode},

	{"failing retries", func(m *mutant) bool { return m.retries(0) },
		func(m *mutant, c *compare.Comparison) bool { return m.divergesAtNode(c) }, (*mutant).deltaOfNode},

	{"failing retries, backing off", func(m *mutant) bool { return m.retries(0.5) },
		func(m *mutant, c *compare.Comparison) bool { return m.divergesAtNode(c) }, (*mutant).deltaOfNode},

	{"swapped order", func(m *mutant) bool {
		next := m.facts.Trace.End(m.target)
		parent := m.facts.Trace.Parent(m.target)
		if next >= m.facts.Trace.End(parent) || !m.apart(next) || !m.once(m.target) || !m.once(next) || !m.oneByOne(parent) {
			return false
		}
		a, b := m.d.Parts[m.target], m.d.Parts[next]
		for i := range m.d.Parts {
			p := &m.d.Parts[i]
			switch {
			case m.d.Under(i, m.target):
				p.Start, p.End = p.Start+b.End-a.End, p.End+b.End-a.End
			case m.d.Under(i, next):
				p.Start, p.End = p.Start+a.Start-b.Start, p.End+a.Start-b.Start
			}
		}
		return true
	}, func(_ *mutant, c *compare.Comparison) bool {
		return c.Divergence == nil && len(c.Changes) > 0 && c.Changes[0].Kind == compare.KindOrder
	}, func(_ *mutant, c *compare.Comparison) int64 { return c.Delta }},

	{"inserted level", func(m *mutant) bool {
		if !m.once(m.target) {
			return false
		}
		m.took = m.r.Int64N(m.facts.Total())
		m.d.Shift(m.target, m.took)
		p := &m.d.Parts[m.target]
		m.d.Parts = append(m.d.Parts, tracetest.Part{From: -1, Parent: p.Parent, Start: p.Start, End: p.End + m.took, Name: "middleware wrap"})
		m.d.Parts[m.target].Parent = len(m.d.Parts) - 1
		return true
	}, func(m *mutant, c *compare.Comparison) bool {
		up := c.Nodes[m.node(c)].Parent
		return c.Divergence == nil && up >= 0 && c.Nodes[up].Level && c.Nodes[up].Presence == compare.Added && c.Changes[0].Kind != compare.KindMissing
	}, func(m *mutant, c *compare.Comparison) int64 {
		var sum int64
		for _, part := range c.Contributions {
			if part.Node == c.Nodes[m.node(c)].Parent {
				sum += part.Delta
			}
		}
		return sum
	}},

	{"renamed operation", func(m *mutant) bool {
		if m.facts.Class(m.target) != semconv.ClassInternal || !m.once(m.target) {
			return false
		}
		name := m.facts.Trace.Span(m.target).Name()
		m.d.Parts[m.target].Name = []string{name + "s", name + "WithContext", "handle" + name, "elsewhere"}[m.r.IntN(4)]
		return true
	}, func(m *mutant, c *compare.Comparison) bool {
		n := m.node(c)
		return c.Nodes[n].Relaxed && c.Changes[0].Node == n && c.Divergence == nil || m.divergesAtNode(c)
	}, func(_ *mutant, c *compare.Comparison) int64 { return c.Delta }},

	{"stretched anywhere", func(m *mutant) bool {
		var list []int
		for i := 1; i < m.facts.Trace.Len(); i++ {
			if m.facts.Path.Time(i) > 0 && m.calls(i) {
				list = append(list, i)
			}
		}
		m.target = list[m.r.IntN(len(list))]
		m.took = m.facts.Total() * int64(50+m.r.IntN(200)) / 100
		m.d.Stretch(m.target, m.took)
		return true
	}, func(m *mutant, c *compare.Comparison) bool {
		return c.Divergence == nil && len(c.Contributions) > 0 && c.Contributions[0].Node == m.node(c)
	}, func(_ *mutant, c *compare.Comparison) int64 { return c.Delta }},

	dropping(1), dropping(5), dropping(10), dropping(20),
}

// dropping leaves out a share of the spans, whose children lose their parent, as a collector under load does. The
// export has lost spans, and that must be said; no time is to be found.
func dropping(percent int) mutation {
	return mutation{fmt.Sprintf("%d %% of spans dropped", percent), func(m *mutant) bool {
		m.left = map[int]bool{}
		for i := 1; i < len(m.d.Parts); i++ {
			if m.r.IntN(100) < percent {
				m.d.Parts[i].Dropped, m.left[i] = true, true
			}
		}
		if len(m.left) == 0 {
			m.d.Parts[m.target].Dropped, m.left[m.target] = true, true
		}
		return true
	}, func(m *mutant, c *compare.Comparison) bool {
		torn := false
		for i, p := range m.d.Parts {
			torn = torn || i > 0 && !p.Dropped && m.left[p.Parent]
		}
		if torn != c.Trust.Incomplete[1] {
			return false
		}
		if c.Divergence == nil { // told by nothing but a changed call: the serving side of a call was lost
			return len(c.Contributions)+len(c.Changes) > 0 || torn || m.unseen(c)
		}
		n := &c.Nodes[c.Divergence.Node]
		served, _ := c.Served(c.Divergence.Node)
		for _, list := range [][]int{n.Good, served} {
			for _, s := range list {
				if m.left[int(c.Good.Trace.Span(s).ID().N)-1] {
					return true
				}
			}
		}
		return false
	}, func(_ *mutant, c *compare.Comparison) int64 {
		var sum int64
		for _, part := range c.Contributions {
			sum += part.Delta
		}
		return sum - c.Delta
	}}
}

// unseen reports whether all that was dropped served a call that is still there.
func (m *mutant) unseen(c *compare.Comparison) bool {
	for i := range m.left {
		n := c.NodeOf(false, c.Good.Trace.Find(trace.SpanID{N: uint64(i) + 1}))
		if good, _ := c.Served(n); len(good) == 0 {
			return false
		}
	}
	return true
}

// retries puts 1 to 5 failed attempts before the target, each after a wait of a share of the attempt.
func (m *mutant) retries(wait float64) bool {
	p := m.d.Parts[m.target]
	each := (p.End - p.Start) * int64(10+m.r.IntN(90)) / 100
	if each < 1000 {
		return false
	}
	pause := int64(wait * float64(each))
	k := int64(1 + m.r.IntN(5))
	m.took = k * each
	m.d.Retry(m.target, int(k), each, pause)
	return true
}

// apart reports whether what span i takes more is what the trace takes more, by the facts as well.
func (m *mutant) apart(i int) bool {
	return tracetest.Apart(m.facts.Trace, i) && m.facts.CriticalTime(i) == m.facts.Trace.Span(i).Duration() && m.calls(i)
}

// calls reports whether a span is a call of its own in the aligned tree: the serving side of a call is part of it.
func (m *mutant) calls(i int) bool { return m.facts.Server(m.facts.Trace.Parent(i)) != i }

// once reports whether the target's operation stands only once at its place.
func (m *mutant) once(i int) bool {
	t := m.facts.Trace
	label := func(i int) string { o := m.facts.Op(i); return o.Service + "/" + o.Label() + "/" + o.Peer }
	path := func(i int) string {
		text := ""
		for ; i >= 0; i = t.Parent(i) {
			text += label(i) + "\n"
		}
		return text
	}
	for s := range t.Len() {
		if s != i && t.Span(s).Depth() == t.Span(i).Depth() && label(s) == label(i) && path(s) == path(i) {
			return false
		}
	}
	return true
}

func (m *mutant) oneByOne(parent int) bool {
	kids := slices.Collect(m.facts.Children(parent))
	how, _ := patterns.Arrange(m.facts, kids)
	for _, k := range kids {
		if how != patterns.Sequential || !m.once(k) || !m.apart(k) {
			return false
		}
	}
	return true
}

// corpus returns healthy traces of the collection beside the module: at most perFile of each file, each with four
// spans at least, no failure and nothing missing.
func corpus(t *testing.T, perFile int) []*facts.Facts {
	names, _ := filepath.Glob(filepath.Join(tracetest.Corpus(t), "*.json*"))
	var list []*facts.Facts
	for _, name := range names {
		all := factstest.Of(comparetest.Open(t, name))
		healthy := slices.DeleteFunc(all, func(f *facts.Facts) bool {
			return f.Trace.Len() < 4 || f.Trace.Errors() > 0 || f.Trace.First() > 0 || f.Trace.Quality() != trace.Quality{} || f.Total() == 0
		})
		step := max(len(healthy)/perFile, 1)
		for i := 0; i < len(healthy); i += step {
			list = append(list, healthy[i])
		}
	}
	return list
}

// score sums up a kind of mutation.
type score struct {
	made, named, exact int
	worst              int64
	failures           []string
}

func TestMutation(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	const targets = 0.95
	list := corpus(t, 40)
	t.Logf("%-30s %7s %8s %8s %14s", "mutation", "made", "named", "exact", "worst error")
	for _, kind := range mutations {
		var s score
		for n, f := range list {
			h := fnv.New64a()
			fmt.Fprint(h, kind.name, n)
			r := rand.New(rand.NewPCG(h.Sum64(), 7))
			for range 3 {
				mutate(&s, kind, f, r)
			}
		}
		t.Logf("%-30s %7d %7.1f%% %7.1f%% %11d ns", kind.name, s.made, 100*share(s.named, s.made), 100*share(s.exact, s.made), s.worst)
		if s.made < 20 {
			t.Errorf("%s: only %d made", kind.name, s.made)
		}
		if share(s.named, s.made) < targets || share(s.exact, s.made) < targets {
			t.Errorf("%s: named first in %d of %d, exact in %d", kind.name, s.named, s.made, s.exact)
			for _, text := range s.failures[:min(len(s.failures), 4)] {
				t.Log(text)
			}
		}
	}
}

func share(n, of int) float64 { return float64(n) / float64(max(of, 1)) }

// mutate makes one change to one trace and adds how it was told to the score.
func mutate(s *score, kind mutation, f *facts.Facts, r *rand.Rand) {
	m := &mutant{r: r, facts: f, d: tracetest.NewDraft(f.Trace)}
	var eligible []int
	for i := 1; i < f.Trace.Len(); i++ {
		if m.apart(i) {
			eligible = append(eligible, i)
		}
	}
	if len(eligible) == 0 {
		return
	}
	m.target = eligible[r.IntN(len(eligible))]
	if !kind.make(m) {
		return
	}
	b := trace.NewBuilder()
	tracetest.NewDraft(f.Trace).Add(b, 1)
	m.d.Add(b, 2)
	set := b.Build()
	ops := facts.NewOps(set)
	good, bad := facts.New(set.Find(trace.TraceID{Lo: 1}), ops), facts.New(set.Find(trace.TraceID{Lo: 2}), ops)
	c := compare.Pair(good, bad)
	s.made++
	named := kind.named(m, c)
	err := abs(kind.delta(m, c) - m.took)
	if named {
		s.named++
	}
	if err == 0 {
		s.exact++
	}
	s.worst = max(s.worst, err)
	if !named || err != 0 {
		s.failures = append(s.failures, fmt.Sprintf("%s of %s: target %d, took %d, error %d, named %v\n%+v\n%+v\n%+v\n%s", kind.name,
			f.Trace.ID(), m.target, m.took, err, named, c.Divergence, c.Contributions, c.Changes, rows(c)))
	}
}

func abs(n int64) int64 { return max(n, -n) }
