package eval

import (
	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// Compile binds a query to a set. derived may be nil; a field that it does not supply is refused by name, as a
// *SyntaxError.
func Compile(q *query.Query, set *trace.Set, derived Derived) (*Program, error) {
	c := &compiler{Program: &Program{query: q, set: set, derived: derived}, uses: map[query.Ref]int{}, found: map[query.Ref]bool{}}
	c.root = c.term(q.Root)
	c.stages = c.pipeline(q.Stages)
	c.whole = c.whole || len(q.Stages) > 0
	if q.Hints != "" {
		c.tell(NoteNoEffect, "with ("+query.Shorten(q.Hints)+") tells a server how to search; it has no effect here")
	}
	if c.err != nil {
		return nil, c.err
	}
	return c.Program, nil
}

// term compiles a term to a node.
func (c *compiler) term(t *query.Term) node {
	switch t.Kind {
	case query.KindAll:
		return allNode{}
	case query.KindAnd:
		return &andNode{byCost(c.terms(t.Terms))}
	case query.KindOr:
		return &orNode{byCost(c.terms(t.Terms))}
	case query.KindNot:
		return &notNode{c.term(t.Terms[0])}
	case query.KindText:
		return &leafNode{test: freeText(c, t), costs: 30}
	case query.KindRelative:
		c.whole = true
		return &relativeNode{t.Relation, c.term(t.Terms[0])}
	case query.KindStructure:
		c.whole = true
		return &structureNode{t, c.term(t.Terms[0]), c.term(t.Terms[1])}
	case query.KindBoth, query.KindEither:
		c.whole = true
		return &setsNode{t.Kind == query.KindBoth, c.terms(t.Terms)}
	case query.KindPipeline:
		c.whole = true
		return &pipelineNode{c.term(t.Terms[0]), c.pipeline(t.Stages)}
	default:
	}
	return c.leaf(t)
}

func (c *compiler) terms(terms []*query.Term) []node {
	nodes := make([]node, len(terms))
	for i, t := range terms {
		nodes[i] = c.term(t)
	}
	return nodes
}

// leaf compiles a term about one span.
func (c *compiler) leaf(t *query.Term) node {
	n := &leafNode{test: c.test(t), costs: cost(t.Ref)}
	if t.Kind == query.KindCompare && t.Op.Textual() {
		n.costs += 4
	}
	if t.Kind == query.KindSome || t.Kind == query.KindCalc {
		n.costs = 12
	}
	if t.Ref.Field != query.FieldNone && t.Ref.Field.Info().Scope == query.ScopeTrace && t.Kind != query.KindSome && t.Kind != query.KindCalc &&
		(t.Kind != query.KindCompareRefs || t.Other.Field != query.FieldNone && t.Other.Field.Info().Scope == query.ScopeTrace) {
		return &traceNode{n.test}
	}
	return n
}

// cost guesses what it takes to look a reference up, so that cheap terms come first.
func cost(r query.Ref) int {
	if r.Field != query.FieldNone {
		switch r.Field.Info().Scope {
		case query.ScopeTrace:
			return 0
		case query.ScopeResource, query.ScopeInstrumentation, query.ScopeSpan:
			return 1
		case query.ScopeDerived:
			return 20
		default:
			return 10
		}
	}
	if r.Element() != "" {
		return 10
	}
	return 4
}

// test compiles a term to a predicate of one span.
func (c *compiler) test(t *query.Term) test {
	switch t.Kind {
	case query.KindAnd, query.KindOr, query.KindNot:
		return c.connect(t)
	case query.KindSome: // one element satisfies all of the inner term
		return oneElement(t.Level, c.test(t.Terms[0]))
	case query.KindCompareRefs:
		c.check(t, t.Ref)
		c.check(t, t.Other)
		return compareRefs(c, t)
	case query.KindCalc:
		return calculated(c, t)
	default:
	}
	if t.Ref.Instead != query.FieldNone {
		return c.twin(t)
	}
	c.check(t, t.Ref)
	switch {
	case c.err != nil:
		return never
	case t.Ref.Field == query.FieldNone:
		return attribute(c, t)
	}
	return field(c, t)
}

// connect compiles and, or and not within event(…) and link(…).
func (c *compiler) connect(t *query.Term) test {
	tests := make([]test, len(t.Terms))
	for i, kid := range t.Terms {
		tests[i] = c.test(kid)
	}
	if t.Kind == query.KindNot {
		return func(m *machine, s trace.Span) bool { return !tests[0](m, s) }
	}
	return joined(tests, t.Kind == query.KindOr)
}

// joined is the test that holds where one of several does, or else where all do.
func joined(tests []test, one bool) test {
	return func(m *machine, s trace.Span) bool {
		for _, holds := range tests {
			if holds(m, s) == one {
				return one
			}
		}
		return !one
	}
}

// twin compiles a term about a twin: one of its values satisfies it, or for a negative term it has some and none does.
func (c *compiler) twin(t *query.Term) test {
	var present, match []test
	for _, r := range c.resolve(t.Ref) {
		present = append(present, c.test(&query.Term{Kind: query.KindHas, Ref: r, At: t.At, End: t.End}))
		if as, ok := t.Positive().ReadAs(r); ok {
			match = append(match, c.test(as))
		}
	}
	some, matches := joined(present, true), joined(match, true)
	if !t.Negative() {
		return matches
	}
	return func(m *machine, s trace.Span) bool { return some(m, s) && !matches(m, s) }
}

// pipeline compiles the steps of a pipeline.
func (c *compiler) pipeline(stages []query.Stage) []compiledStage {
	all := make([]compiledStage, len(stages))
	for i := range stages {
		all[i] = c.stage(&stages[i])
	}
	return all
}

func (c *compiler) stage(s *query.Stage) compiledStage {
	compiled := compiledStage{stage: s}
	at := &query.Term{Kind: query.KindHas, Ref: s.Ref, At: s.At, End: s.End}
	switch s.Kind {
	case query.StageFilter:
		compiled.node = c.term(s.Term)
	case query.StageSelect:
		for _, r := range s.Refs {
			compiled.columns = append(compiled.columns, checkedGetter(c, at, r))
		}
	case query.StageCompare:
		compiled.left = calculation(c, at, s.Left, &compiled.parts)
		compiled.right = calculation(c, at, s.Right, &compiled.parts)
	case query.StageBy:
		if s.Left != nil {
			compiled.key = calculation(c, at, s.Left, nil)
		} else {
			compiled.key = first(checkedGetter(c, at, s.Ref))
		}
	case query.StageAggregate:
		compiled.limit = query.ReadAs(query.TypeNumber, s.Value.Text)
		if s.Function != query.AggregateCount {
			if d := query.ReadAs(query.TypeDuration, s.Value.Text); d.Kind == query.TypeDuration {
				compiled.limit = d
			}
			compiled.get = checkedGetter(c, at, s.Ref)
		}
	case query.StageCoalesce: // of which nothing is to be known
	}
	return compiled
}
