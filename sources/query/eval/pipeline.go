package eval

import (
	"cmp"
	"math"
	"slices"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// compiledStage is a step of the pipeline bound to a set.
type compiledStage struct {
	stage   *query.Stage
	get     getter   // of what is aggregated
	key     calc     // of what is grouped by
	columns []getter // of select
	node    node     // of a filter
	limit   query.Datum

	left, right calc                // of a comparison of calculations
	parts       []compiledAggregate // the aggregates in them
}

// pipelineNode keeps the spans of another node that the stages of a pipeline leave.
type pipelineNode struct {
	node   node
	stages []compiledStage
}

func (n *pipelineNode) cost() int { return 60 }

func (n *pipelineNode) eval(m *machine, in, out []uint64) {
	found := m.full()
	n.node.eval(m, found, found)
	if !empty(found) {
		m.pipeline(n.stages, found)
	}
	intersect(in, found, out)
	m.release(1)
}

// group is what a pipeline knows of a group of spans while it aggregates.
type group struct {
	spans, values int
	sum, min, max float64
	kind          query.FieldType // of the values, from the first on
}

// part names a group that by() makes: of an older group the spans with one value, or without any.
type part struct {
	group int32
	there bool
	value string
}

// fewGroups is up to how many groups the memory for them is used again.
const fewGroups = 1 << 10

// pipelineMemory is what a pipeline needs, kept from trace to trace.
type pipelineMemory struct {
	spans, groups []int32 // the spans that are left, and the group of each
	numbers       map[part]int32
	all           []group
	keep          []bool
	table         []query.Datum // of the aggregates of a calculation, group by group
	results       []query.Datum // those of the group in question
}

// pipeline runs the stages over the spans that the tree selected, in place. All of them start in one group; by()
// splits the groups, an aggregate drops those for which its comparison does not hold.
func (m *machine) pipeline(stages []compiledStage, selected []uint64) {
	spans, groups := m.pipe.spans[:0], m.pipe.groups[:0]
	each(selected, func(i int) { spans, groups = append(spans, int32(i)), append(groups, 0) })
	m.pipe.spans, m.pipe.groups = spans, groups
	n := 1
	for i := range stages {
		s := &stages[i]
		switch s.stage.Kind {
		case query.StageFilter:
			kept := m.bitmap(len(selected))
			clear(kept)
			for _, span := range spans {
				setBit(kept, int(span))
			}
			s.node.eval(m, kept, kept)
			spans, groups = only(spans, groups, func(j int) bool { return bit(kept, int(spans[j])) })
			m.release(1)
		case query.StageBy:
			n = m.split(s, spans, groups)
		case query.StageAggregate, query.StageCompare:
			keep := m.aggregate(s, spans, groups, n)
			spans, groups = only(spans, groups, func(j int) bool { return keep[groups[j]] })
		case query.StageCoalesce:
			n = 1
			clear(groups)
		case query.StageSelect: // everything is at hand
		}
	}
	clear(selected)
	for _, span := range spans {
		setBit(selected, int(span))
	}
}

// only keeps the places that holds is true for, in the memory of the slices.
func only(spans, groups []int32, holds func(int) bool) (keptSpans, keptGroups []int32) {
	keptSpans, keptGroups = spans[:0], groups[:0]
	for j := range spans {
		if holds(j) {
			keptSpans, keptGroups = append(keptSpans, spans[j]), append(keptGroups, groups[j])
		}
	}
	return keptSpans, keptGroups
}

// split numbers the groups anew, by old group and value, and returns how many there are. Spans without a value
// are a group too; of several values the first counts.
func (m *machine) split(s *compiledStage, spans, groups []int32) int {
	// A map stays as large as it was once, and clearing it costs that.
	if m.pipe.numbers == nil || len(m.pipe.numbers) > fewGroups {
		m.pipe.numbers = map[part]int32{}
	}
	numbers := m.pipe.numbers
	clear(numbers)
	for j, span := range spans {
		key := part{group: groups[j]}
		if value, ok := s.key(m, m.t.Span(int(span))); ok {
			key.there, key.value = true, value.String()
		}
		number, ok := numbers[key]
		if !ok {
			number = int32(len(numbers))
			numbers[key] = number
		}
		groups[j] = number
	}
	return len(numbers)
}

// emptyGroups lends n groups of which nothing is known but of what kind their values are.
func (m *machine) emptyGroups(n int, kind query.FieldType) []group {
	m.pipe.all = slices.Grow(m.pipe.all[:0], n)[:n]
	for i := range m.pipe.all {
		m.pipe.all[i] = group{min: math.Inf(1), max: math.Inf(-1), kind: kind}
	}
	return m.pipe.all
}

func (g *group) add(v float64) {
	g.values++
	g.sum += v
	g.min, g.max = min(g.min, v), max(g.max, v)
}

// aggregate tells which groups to keep.
func (m *machine) aggregate(s *compiledStage, spans, groups []int32, n int) []bool {
	if s.stage.Kind == query.StageCompare {
		return m.compareGroups(s, spans, groups, n)
	}
	all := m.emptyGroups(n, s.limit.Kind)
	for j, span := range spans {
		g := &all[groups[j]]
		g.spans++
		if s.get == nil {
			continue
		}
		m.left = s.get(m, m.t.Span(int(span)), m.left[:0])
		for _, d := range m.left {
			if d.Kind == query.TypeText {
				d = query.ReadAs(g.kind, d.Text)
			}
			if d.Kind == g.kind {
				g.add(d.Num.Float)
				break
			}
		}
	}
	return m.kept(n, func(i int) bool {
		v, ok := all[i].result(s.stage.Function)
		return ok && s.stage.Op.Satisfied(cmp.Compare(v, s.limit.Num.Float))
	})
}

// kept tells which of n groups to keep.
func (m *machine) kept(n int, holds func(group int) bool) []bool {
	m.pipe.keep = slices.Grow(m.pipe.keep[:0], n)[:n]
	for i := range m.pipe.keep {
		m.pipe.keep[i] = holds(i)
	}
	return m.pipe.keep
}

// compareGroups tells which groups to keep by calculations with aggregates.
func (m *machine) compareGroups(s *compiledStage, spans, groups []int32, n int) []bool {
	width := len(s.parts)
	table := slices.Grow(m.pipe.table[:0], n*width)[:n*width]
	m.pipe.table = table
	for k := range s.parts {
		all := m.measure(&s.parts[k], spans, groups, n)
		for i := range all {
			table[i*width+k] = all[i].value(s.parts[k].fn)
		}
	}
	return m.kept(n, func(i int) bool {
		m.pipe.results = table[i*width : (i+1)*width]
		a, ok := s.left(m, trace.Span{})
		b, ok2 := s.right(m, trace.Span{})
		return ok && ok2 && s.stage.Op.SatisfiedOrApart(query.CompareData(a, b))
	})
}

// measure aggregates the values of a calculation by group.
func (m *machine) measure(part *compiledAggregate, spans, groups []int32, n int) []group {
	all := m.emptyGroups(n, part.kind)
	for j, span := range spans {
		g := &all[groups[j]]
		g.spans++
		if part.of == nil {
			continue
		}
		d, ok := part.of(m, m.t.Span(int(span)))
		if part.any && g.values == 0 {
			g.kind = d.Kind
		}
		if ok && d.Kind == g.kind && d.Kind != query.TypeText {
			g.add(d.Num.Float)
		}
	}
	return all
}

// value is the result of an aggregate; a text where there is none.
func (g group) value(fn query.Aggregate) query.Datum {
	v, ok := g.result(fn)
	switch {
	case !ok || math.IsNaN(v):
		return query.Datum{}
	case fn == query.AggregateCount:
		return query.Datum{Kind: query.TypeNumber, Num: query.WholeNumber(int64(v))}
	}
	return query.Datum{Kind: g.kind, Num: query.Number{Float: v}}
}

// result returns what an aggregate makes of the group; ok is false where no span has a value.
func (g group) result(fn query.Aggregate) (v float64, ok bool) {
	switch fn {
	case query.AggregateCount:
		return float64(g.spans), g.spans > 0
	case query.AggregateAvg:
		return g.sum / float64(g.values), g.values > 0
	case query.AggregateMin:
		return g.min, g.values > 0
	case query.AggregateMax:
		return g.max, g.values > 0
	default:
		return g.sum, g.values > 0
	}
}
