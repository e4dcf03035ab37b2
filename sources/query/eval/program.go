package eval

import (
	"fmt"
	"sync"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// Derived supplies what the analysis knows about the spans of a trace. It is asked by several goroutines at once.
type Derived interface {
	query.Analysis
	// Self sets dst[i] to the self time of span i, in nanoseconds. dst has the length of the trace, all zero.
	Self(t *trace.Trace, dst []int64)
	// Critical sets dst[i] where span i is on the critical path. dst has the length of the trace, all false.
	Critical(t *trace.Trace, dst []bool)
	// Findings returns which span is evidence of which detector's finding, in any order.
	Findings(t *trace.Trace) []Mark
}

// Mark says that a span is evidence of a detector's finding.
type Mark struct {
	Span     int
	Detector string
}

// Program is a query compiled for the traces of one set. It never changes and may be used by several goroutines,
// each with Matches of its own.
type Program struct {
	query   *query.Query
	set     *trace.Set
	derived Derived
	root    node
	stages  []compiledStage
	whole   bool // needs all of a trace at once
	slots   int  // caches by symbol
	keys    []keyUse
	told    []Note // what is known before it runs
	vocab   *query.Vocabulary
	counted sync.Once
}

// keyUse is an attribute that the query asks about, for the notes of a result.
type keyUse struct {
	ref     query.Ref
	symbols []trace.Symbol // as written first, then the other names; those that the set holds
	names   []string
}

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

// Query returns what was compiled.
func (p *Program) Query() *query.Query { return p.query }

// Use lends the program a vocabulary of its set, for One of the trace, so that a note about an unknown key costs no
// pass of its own. nil lends none.
// It must be called before Run.
func (p *Program) Use(v *query.Vocabulary) { p.vocab = v }

// compiler builds a Program.
type compiler struct {
	*Program
	err  *query.SyntaxError
	m    *machine          // for what is decided while compiling
	uses map[query.Ref]int // places in keys

	found map[query.Ref]bool // attributes that were looked for: see carried
}

func (c *compiler) fail(t *query.Term, message, suggestion string) {
	if c.err == nil {
		text, at, end := c.query.Text, t.At, t.End
		if text == "" {
			text, at, end = c.query.String(), 0, 0
		}
		c.err = &query.SyntaxError{Query: text, Offset: at, Length: end - at, Message: message, Suggestion: suggestion}
	}
}

// mostSlots bounds the memory of caches, a byte a symbol each; terms beyond it compare every time.
const mostSlots = 64

// slot reserves a cache of verdicts by symbol.
func (c *compiler) slot() int {
	if c.slots == mostSlots {
		return -1
	}
	c.slots++
	return c.slots - 1
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
		return &leafNode{test: c.freeText(t), costs: 30}
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

// check refuses a field that nothing here can answer.
func (c *compiler) check(t *query.Term, r query.Ref) {
	switch r.Field {
	case query.FieldResourceSchema, query.FieldScopeSchema:
		c.fail(t, query.FormatRef(r)+" is not kept when a file is read", "")
	case query.FieldSelf, query.FieldCritical, query.FieldFinding:
		if c.derived == nil || !c.derived.Supplies(query.FormatRef(r)) {
			c.fail(t, query.FormatRef(r)+" needs the analysis of the traces, which is not at hand here", "")
			return
		}
		c.whole = true
		if r.Field == query.FieldFinding && (t.Kind == query.KindCompare && !t.Op.Textual() || t.Kind == query.KindIn || t.Kind == query.KindNotIn) {
			c.checkDetectors(t)
		}
	case query.FieldChildren:
		c.whole = true
	default:
	}
}

func (c *compiler) checkDetectors(t *query.Term) {
	names := c.derived.Detectors()
	for _, v := range t.Values {
		known := false
		for _, name := range names {
			known = known || name == v.Text
		}
		if !known {
			c.fail(t, fmt.Sprintf("there is no detector %s", query.Shorten(v.Text)), query.Nearest(v.Text, names))
		}
	}
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
	case query.KindSome:
		return c.some(t)
	case query.KindCompareRefs:
		c.check(t, t.Ref)
		c.check(t, t.Other)
		return c.compareRefs(t)
	case query.KindCalc:
		return c.calculated(t)
	default:
	}
	if t.Ref.Instead != query.FieldNone {
		return c.twin(t)
	}
	c.check(t, t.Ref)
	if c.err != nil {
		return never
	}
	if t.Ref.Field == query.FieldNone {
		return c.attribute(t)
	}
	return c.field(t)
}

func never(*machine, trace.Span) bool { return false }

// connect compiles and, or and not within event(…) and link(…).
func (c *compiler) connect(t *query.Term) test {
	tests := make([]test, len(t.Terms))
	for i, kid := range t.Terms {
		tests[i] = c.test(kid)
	}
	if t.Kind == query.KindNot {
		return func(m *machine, s trace.Span) bool { return !tests[0](m, s) }
	}
	stop := t.Kind == query.KindOr
	return func(m *machine, s trace.Span) bool {
		for _, holds := range tests {
			if holds(m, s) == stop {
				return stop
			}
		}
		return !stop
	}
}
