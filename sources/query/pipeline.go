package query

import (
	"cmp"
	"math"
	"slices"
)

// compiledStage is a step of the pipeline bound to a set.
type compiledStage struct {
	stage *stage
	get   getter // of what is aggregated or grouped by
	node  node   // of a filter
	limit datum
}

func (c *compiler) stage(s *stage) compiledStage {
	compiled := compiledStage{stage: s}
	at := &term{kind: kindHas, ref: s.ref, at: s.at, end: s.end}
	switch {
	case s.kind == stageFilter:
		compiled.node = c.term(s.term)
		return compiled
	case s.kind == stageAggregate:
		compiled.limit = datum{kind: datumNumber, num: quantityNumber(typeNumber, s.value.text)}
		if s.fn != aggregateCount && s.ref.typ() == typeDuration {
			compiled.limit = datum{kind: datumDuration, num: quantityNumber(typeDuration, s.value.text)}
		}
		if s.fn == aggregateCount {
			return compiled
		}
	}
	c.check(at, s.ref)
	compiled.get = c.getter(s.ref)
	return compiled
}

// group is what a pipeline knows of a group of spans while it aggregates.
type group struct {
	spans, values int
	sum, min, max float64
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
}

// pipeline runs the stages over the spans that the tree selected, in place. All of them start in one group; by()
// splits the groups, an aggregate drops those for which its comparison does not hold.
func (m *machine) pipeline(selected []uint64) {
	spans, groups := m.pipe.spans[:0], m.pipe.groups[:0]
	each(selected, func(i int) { spans, groups = append(spans, int32(i)), append(groups, 0) })
	m.pipe.spans, m.pipe.groups = spans, groups
	n := 1
	for i := range m.p.stages {
		s := &m.p.stages[i]
		switch s.stage.kind {
		case stageFilter:
			kept := m.bitmap(len(selected))
			clear(kept)
			for _, span := range spans {
				setBit(kept, int(span))
			}
			s.node.eval(m, kept, kept)
			spans, groups = only(spans, groups, func(j int) bool { return bit(kept, int(spans[j])) })
			m.release(1)
		case stageBy:
			n = m.split(s, spans, groups)
		case stageAggregate:
			keep := m.aggregate(s, spans, groups, n)
			spans, groups = only(spans, groups, func(j int) bool { return keep[groups[j]] })
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
		m.left = s.get(m, m.t.Span(int(span)), m.left[:0])
		key := part{group: groups[j]}
		if len(m.left) > 0 {
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
			if d.kind == datumText {
				d = readAs(datumNumber, d.text)
			}
			if d.kind != s.limit.kind {
				continue
			}
			g.values++
			g.sum += d.num.f
			g.min, g.max = min(g.min, d.num.f), max(g.max, d.num.f)
			break
		}
	}
	keep := slices.Grow(m.pipe.keep[:0], n)[:n]
	m.pipe.all, m.pipe.keep = all, keep
	for i, g := range all {
		v, ok := g.result(s.stage.fn)
		keep[i] = ok && s.stage.op.holds(cmp.Compare(v, s.limit.num.f))
	}
	return keep
}

// result returns what an aggregate makes of the group; ok is false where no span has a value.
func (g group) result(fn aggregate) (v float64, ok bool) {
	switch fn {
	case aggregateCount:
		return float64(g.spans), g.spans > 0
	case aggregateAvg:
		return g.sum / float64(g.values), g.values > 0
	case aggregateMin:
		return g.min, g.values > 0
	case aggregateMax:
		return g.max, g.values > 0
	default:
		return g.sum, g.values > 0
	}
}
