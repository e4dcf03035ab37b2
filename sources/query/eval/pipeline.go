package eval

import (
	"cmp"
	"math"
	"slices"

	"tracefall/sources/query"
)

// compiledStage is a step of the pipeline bound to a set.
type compiledStage struct {
	stage   *query.Stage
	get     getter   // of what is aggregated or grouped by
	key     calc     // of a calculation that is grouped by
	columns []getter // of select
	node    node     // of a filter
	limit   query.Datum

	left, right scalar              // of a comparison of calculations
	parts       []compiledAggregate // the aggregates in them
}

// compiledAggregate is an aggregate in a calculation.
type compiledAggregate struct {
	fn   query.Aggregate
	of   calc
	kind query.FieldType // of what is aggregated
	any  bool            // it is known with the first value only
}

// scalar gives the value of a calculation from those of its aggregates.
type scalar func(parts []query.Datum) (value query.Datum, ok bool)

func (c *compiler) pipeline(stages []query.Stage) []compiledStage {
	var all []compiledStage
	for i := range stages {
		all = append(all, c.stage(&stages[i]))
	}
	return all
}

func (c *compiler) stage(s *query.Stage) compiledStage {
	compiled := compiledStage{stage: s}
	at := &query.Term{Kind: query.KindHas, Ref: s.Ref, At: s.At, End: s.End}
	switch {
	case s.Kind == query.StageFilter:
		compiled.node = c.term(s.Term)
		return compiled
	case s.Kind == query.StageCoalesce:
		return compiled
	case s.Kind == query.StageSelect:
		for _, r := range s.Refs {
			compiled.columns = append(compiled.columns, c.column(at, r))
		}
		return compiled
	case s.Kind == query.StageCompare:
		compiled.left = c.scalar(at, s.Left, &compiled.parts)
		compiled.right = c.scalar(at, s.Right, &compiled.parts)
		return compiled
	case s.Kind == query.StageBy && s.Left != nil:
		compiled.key = c.calc(at, s.Left)
		return compiled
	case s.Kind == query.StageAggregate:
		compiled.limit = query.Datum{Kind: query.TypeNumber, Num: quantityNumber(query.TypeNumber, s.Value.Text)}
		if d, ok := query.ReadDuration(s.Value.Text); ok && s.Function != query.AggregateCount {
			compiled.limit = query.Datum{Kind: query.TypeDuration, Num: query.WholeNumber(int64(d))}
		}
		if s.Function == query.AggregateCount {
			return compiled
		}
	}
	c.check(at, s.Ref)
	compiled.get = c.getter(s.Ref)
	return compiled
}

// scalar compiles a calculation with aggregates, which it collects.
func (c *compiler) scalar(at *query.Term, e *query.Expr, parts *[]compiledAggregate) scalar {
	switch e.Kind {
	case query.ExprAggregate:
		n := len(*parts)
		part := compiledAggregate{fn: e.Function, kind: query.TypeNumber}
		if e.Function != query.AggregateCount {
			part.of, part.any = c.calc(at, e.Args[0]), e.Type == query.TypeAny
			if e.Type == query.TypeDuration {
				part.kind = query.TypeDuration
			}
		}
		*parts = append(*parts, part)
		return func(values []query.Datum) (query.Datum, bool) { return values[n], values[n].Kind != query.TypeAny }
	case query.ExprBinary:
		left, right, op := c.scalar(at, e.Args[0], parts), c.scalar(at, e.Args[1], parts), e.Op
		return func(values []query.Datum) (query.Datum, bool) {
			a, ok := left(values)
			b, ok2 := right(values)
			if !ok || !ok2 {
				return query.Datum{}, false
			}
			return query.Calculate(op, a, b)
		}
	case query.ExprNegative:
		of := c.scalar(at, e.Args[0], parts)
		return func(values []query.Datum) (query.Datum, bool) {
			a, ok := of(values)
			if !ok {
				return query.Datum{}, false
			}
			return query.Calculate('-', query.Datum{Kind: a.Kind, Num: query.Number{Whole: true}}, a)
		}
	default:
	}
	value := e.Amount()
	return func([]query.Datum) (query.Datum, bool) { return value, true }
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
	results       []query.Datum // of the aggregates of a calculation, group by group
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
		case query.StageAggregate:
			keep := m.aggregate(s, spans, groups, n)
			spans, groups = only(spans, groups, func(j int) bool { return keep[groups[j]] })
		case query.StageCompare:
			keep := m.compareGroups(s, spans, groups, n)
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
		if s.key != nil {
			if value, ok := s.key(m, m.t.Span(int(span))); ok {
				key.there, key.value = true, value.String()
			}
		} else if m.left = s.get(m, m.t.Span(int(span)), m.left[:0]); len(m.left) > 0 {
			key.there, key.value = true, m.left[0].String()
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

// aggregate tells which groups to keep.
func (m *machine) aggregate(s *compiledStage, spans, groups []int32, n int) []bool {
	all := slices.Grow(m.pipe.all[:0], n)[:n]
	for i := range all {
		all[i] = group{min: math.Inf(1), max: math.Inf(-1)}
	}
	for j, span := range spans {
		g := &all[groups[j]]
		g.spans++
		if s.get == nil {
			continue
		}
		m.left = s.get(m, m.t.Span(int(span)), m.left[:0])
		for _, d := range m.left {
			if d.Kind == query.TypeText {
				d = query.ReadAs(s.limit.Kind, d.Text)
			}
			if d.Kind != s.limit.Kind {
				continue
			}
			g.values++
			g.sum += d.Num.Float
			g.min, g.max = min(g.min, d.Num.Float), max(g.max, d.Num.Float)
			break
		}
	}
	keep := slices.Grow(m.pipe.keep[:0], n)[:n]
	m.pipe.all, m.pipe.keep = all, keep
	for i, g := range all {
		v, ok := g.result(s.stage.Function)
		keep[i] = ok && s.stage.Op.Satisfied(cmp.Compare(v, s.limit.Num.Float))
	}
	return keep
}

// compareGroups tells which groups to keep by calculations with aggregates.
func (m *machine) compareGroups(s *compiledStage, spans, groups []int32, n int) []bool {
	width := len(s.parts)
	results := slices.Grow(m.pipe.results[:0], n*width)[:n*width]
	m.pipe.results = results
	for k := range s.parts {
		m.measure(&s.parts[k], spans, groups, n)
		for i := range n {
			results[i*width+k] = m.pipe.all[i].value(s.parts[k].fn)
		}
	}
	keep := slices.Grow(m.pipe.keep[:0], n)[:n]
	m.pipe.keep = keep
	for i := range n {
		a, ok := s.left(results[i*width : (i+1)*width])
		b, ok2 := s.right(results[i*width : (i+1)*width])
		keep[i] = ok && ok2 && s.stage.Op.SatisfiedOrApart(query.CompareData(a, b))
	}
	return keep
}

// measure aggregates the values of a calculation by group.
func (m *machine) measure(part *compiledAggregate, spans, groups []int32, n int) {
	all := slices.Grow(m.pipe.all[:0], n)[:n]
	m.pipe.all = all
	for i := range all {
		all[i] = group{min: math.Inf(1), max: math.Inf(-1), kind: part.kind}
	}
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
		if !ok || d.Kind != g.kind || d.Kind == query.TypeText {
			continue
		}
		g.values++
		g.sum += d.Num.Float
		g.min, g.max = min(g.min, d.Num.Float), max(g.max, d.Num.Float)
	}
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
