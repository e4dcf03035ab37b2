package query

import (
	"fmt"
	"sync"

	"tracefall/sources/trace"
)

// Derived supplies what the analysis knows about the spans of a trace. It is asked by several goroutines at once.
type Derived interface {
	Analysis
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
	query   *Query
	set     *trace.Set
	derived Derived
	root    node
	stages  []compiledStage
	whole   bool // needs all of a trace at once
	slots   int  // caches by symbol
	keys    []keyUse
	told    []Note // what is known before it runs
	vocab   *Vocabulary
	counted sync.Once
}

// keyUse is an attribute that the query asks about, for the notes of a result.
type keyUse struct {
	ref     ref
	symbols []trace.Symbol // as written first, then the other names; those that the set holds
	names   []string
}

// Compile binds a query to a set. derived may be nil; a field that it does not supply is refused by name, as a
// *SyntaxError.
func Compile(q *Query, set *trace.Set, derived Derived) (*Program, error) {
	c := &compiler{Program: &Program{query: q, set: set, derived: derived}, uses: map[ref]int{}, found: map[ref]bool{}}
	c.root = c.term(q.root)
	c.stages = c.pipeline(q.stages)
	c.whole = c.whole || len(q.stages) > 0
	if q.hints != "" {
		c.tell(NoteNoEffect, "with ("+cut(q.hints)+") tells a server how to search; it has no effect here")
	}
	if c.err != nil {
		return nil, c.err
	}
	return c.Program, nil
}

// Query returns what was compiled.
func (p *Program) Query() *Query { return p.query }

// Use lends the program a vocabulary of its set, for One of the trace, so that a note about an unknown key costs no
// pass of its own. nil lends none.
// It must be called before Run.
func (p *Program) Use(v *Vocabulary) { p.vocab = v }

// compiler builds a Program.
type compiler struct {
	*Program
	err  *SyntaxError
	m    *machine    // for what is decided while compiling
	uses map[ref]int // places in keys

	found map[ref]bool // attributes that were looked for: see carried
}

func (c *compiler) fail(t *term, message, suggestion string) {
	if c.err == nil {
		text, at, end := c.query.text, t.at, t.end
		if text == "" {
			text, at, end = c.query.String(), 0, 0
		}
		c.err = &SyntaxError{Query: text, Offset: at, Length: end - at, Message: message, Suggestion: suggestion}
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
func (c *compiler) term(t *term) node {
	switch t.kind {
	case kindAll:
		return allNode{}
	case kindAnd:
		return &andNode{byCost(c.terms(t.terms))}
	case kindOr:
		return &orNode{byCost(c.terms(t.terms))}
	case kindNot:
		return &notNode{c.term(t.terms[0])}
	case kindText:
		return &leafNode{test: c.freeText(t), costs: 30}
	case kindRelative:
		c.whole = true
		return &relativeNode{t.relation, c.term(t.terms[0])}
	case kindStructure:
		c.whole = true
		return &structureNode{t, c.term(t.terms[0]), c.term(t.terms[1])}
	case kindBoth, kindEither:
		c.whole = true
		return &setsNode{t.kind == kindBoth, c.terms(t.terms)}
	case kindPipeline:
		c.whole = true
		return &pipelineNode{c.term(t.terms[0]), c.pipeline(t.stages)}
	default:
	}
	return c.leaf(t)
}

func (c *compiler) terms(terms []*term) []node {
	nodes := make([]node, len(terms))
	for i, t := range terms {
		nodes[i] = c.term(t)
	}
	return nodes
}

// check refuses a field that nothing here can answer.
func (c *compiler) check(t *term, r ref) {
	switch r.field {
	case fieldResourceSchema, fieldScopeSchema:
		c.fail(t, formatRef(r)+" is not kept when a file is read", "")
	case fieldSelf, fieldCritical, fieldFinding:
		if c.derived == nil || !c.derived.Supplies(formatRef(r)) {
			c.fail(t, formatRef(r)+" needs the analysis of the traces, which is not at hand here", "")
			return
		}
		c.whole = true
		if r.field == fieldFinding && (t.kind == kindCompare && !t.op.textual() || t.kind == kindIn || t.kind == kindNotIn) {
			c.checkDetectors(t)
		}
	case fieldChildren:
		c.whole = true
	default:
	}
}

func (c *compiler) checkDetectors(t *term) {
	names := c.derived.Detectors()
	for _, v := range t.values {
		known := false
		for _, name := range names {
			known = known || name == v.text
		}
		if !known {
			c.fail(t, fmt.Sprintf("there is no detector %s", cut(v.text)), nearest(v.text, names))
		}
	}
}

// leaf compiles a term about one span.
func (c *compiler) leaf(t *term) node {
	n := &leafNode{test: c.test(t), costs: cost(t.ref)}
	if t.kind == kindCompare && t.op.textual() {
		n.costs += 4
	}
	if t.kind == kindSome || t.kind == kindCalc {
		n.costs = 12
	}
	if t.ref.field != fieldNone && t.ref.field.info().scope == scopeTrace && t.kind != kindSome && t.kind != kindCalc &&
		(t.kind != kindCompareRefs || t.other.field != fieldNone && t.other.field.info().scope == scopeTrace) {
		return &traceNode{n.test}
	}
	return n
}

// cost guesses what it takes to look a reference up, so that cheap terms come first.
func cost(r ref) int {
	if r.field != fieldNone {
		switch r.field.info().scope {
		case scopeTrace:
			return 0
		case scopeResource, scopeInstrumentation, scopeSpan:
			return 1
		case scopeDerived:
			return 20
		default:
			return 10
		}
	}
	if r.element() != "" {
		return 10
	}
	return 4
}

// test compiles a term to a predicate of one span.
func (c *compiler) test(t *term) test {
	switch t.kind {
	case kindAnd, kindOr, kindNot:
		return c.connect(t)
	case kindSome:
		return c.some(t)
	case kindCompareRefs:
		c.check(t, t.ref)
		c.check(t, t.other)
		return c.compareRefs(t)
	case kindCalc:
		return c.calculated(t)
	default:
	}
	if t.ref.instead != fieldNone {
		return c.twin(t)
	}
	c.check(t, t.ref)
	if c.err != nil {
		return never
	}
	if t.ref.field == fieldNone {
		return c.attribute(t)
	}
	return c.field(t)
}

func never(*machine, trace.Span) bool { return false }

// connect compiles and, or and not within event(…) and link(…).
func (c *compiler) connect(t *term) test {
	tests := make([]test, len(t.terms))
	for i, kid := range t.terms {
		tests[i] = c.test(kid)
	}
	if t.kind == kindNot {
		return func(m *machine, s trace.Span) bool { return !tests[0](m, s) }
	}
	stop := t.kind == kindOr
	return func(m *machine, s trace.Span) bool {
		for _, holds := range tests {
			if holds(m, s) == stop {
				return stop
			}
		}
		return !stop
	}
}
