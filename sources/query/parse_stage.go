package query

import (
	"fmt"
	"strings"
)

// stage reads a step of the pipeline, the scanner standing on its pipe.
func (p *parser) stage() stage {
	at := p.pos
	p.pos++
	p.space()
	switch {
	case p.scalarAhead():
		o := p.settled(p.condition())
		if p.err != nil {
			return stage{}
		}
		s := o.term.stages[0]
		s.at, s.end = at, p.pos
		return s
	case p.peek() == '{' || p.peek() == '(':
		o := p.or()
		if p.err == nil && !o.set {
			p.fail(o.at, o.end, "behind a pipe stands { } or a function", "")
		}
		if p.err == nil && o.piped() {
			p.fail(at, o.end, "a pipeline in parentheses cannot stand behind a pipe", "")
		}
		return stage{kind: stageFilter, term: o.term, at: at, end: p.pos}
	}
	return p.namedStage(at)
}

// stageNames are the steps of a pipeline that are called by a name, besides the aggregates.
var stageNames = [...]string{"by", "coalesce", "select"}

// stageAhead tells whether a step of a pipeline comes that stands in for a spanset: it begins with all spans.
func (p *parser) stageAhead() bool {
	from := p.pos
	defer func() { p.pos = from }()
	for _, name := range stageNames {
		if p.keyword(name) {
			return p.parenthesisAhead()
		}
	}
	return false
}

// namedStage reads by(…), coalesce() and select(…).
func (p *parser) namedStage(at int) stage {
	s := stage{at: at}
	n := p.key()
	if p.err == nil && n.end == n.at {
		p.fail(n.at, n.at, "a function is missing after |: count avg min max sum by coalesce select", "")
	}
	if p.err != nil {
		return s
	}
	switch {
	case n.text == "by" && !n.quoted():
		s.kind = stageBy
	case n.text == "coalesce" && !n.quoted():
		s.kind = stageCoalesce
	case n.text == "select" && !n.quoted():
		s.kind = stageSelect
	case aggregateOf(n.text) < aggregateCountOf && !n.quoted():
		p.space()
		p.fail(p.pos, p.pos, "( is missing after "+n.text, n.text+"(")
		return s
	default:
		p.noStage(n)
		return s
	}
	p.space()
	open := p.pos
	if !p.take("(") {
		p.fail(p.pos, p.pos, "( is missing after "+n.text, n.text+"(")
		return s
	}
	p.stageArguments(&s, n.text)
	p.space()
	if p.err == nil && !p.take(")") {
		p.fail(open, open+1, "( is not closed", "")
	}
	s.end = p.pos
	return s
}

// stageArguments reads what stands between the parentheses of by, coalesce and select.
func (p *parser) stageArguments(s *stage, function string) {
	switch s.kind {
	case stageCoalesce:
		if p.space(); p.peek() != ')' && p.peek() != 0 {
			p.fail(p.pos, p.word(p.pos, isWordRune), "coalesce() takes nothing between its parentheses", "")
		}
	case stageBy:
		switch e := p.argument(function); {
		case e == nil:
		case e.kind == exprRef && !e.ref.parent:
			s.ref = e.ref
		default:
			s.left = e
		}
	case stageSelect:
		for p.err == nil {
			at := p.pos
			if e := p.argument(function); e != nil && e.kind != exprRef {
				p.fail(at, p.pos, "select() takes fields and attributes", "")
			} else if e != nil {
				s.refs = append(s.refs, e.ref)
			}
			if p.space(); !p.take(",") {
				break
			}
		}
	case stageAggregate, stageFilter, stageCompare: // of which none has such arguments
	}
}

// argument reads the calculation that a function is of, nil where it failed.
func (p *parser) argument(function string) *expr {
	p.space()
	at := p.pos
	if c := p.peek(); c == ')' || c == 0 {
		p.fail(at, at, function+"() needs a key between its parentheses", "")
		return nil
	}
	was := p.braces
	p.braces = true
	defer func() { p.braces = was }()
	o := p.sum()
	if p.err != nil {
		return nil
	}
	if o.e == nil {
		p.fail(at, o.end, function+"() takes a key or a calculation", "")
		return nil
	}
	e := p.number(o)
	if e.kind == exprConstant && e.typ == typeText {
		e = &expr{kind: exprRef, ref: ref{key: e.value.text}}
	}
	return e
}

// aggregate reads an aggregate, the scanner standing behind its name.
func (p *parser) aggregate(n name) operand {
	fn := aggregateOf(n.text)
	p.space()
	open := p.pos
	if !p.take("(") {
		p.fail(p.pos, p.pos, "( is missing after "+n.text, n.text+"(")
		return p.void()
	}
	e := &expr{kind: exprAggregate, fn: fn, typ: typeNumber}
	p.space()
	switch at := p.pos; {
	case fn == aggregateCount && p.peek() != ')' && p.peek() != 0:
		p.fail(at, p.word(at, isWordRune), "count() takes nothing between its parentheses", "")
	case fn != aggregateCount:
		arg := p.argument(n.text)
		if arg == nil {
			return p.void()
		}
		if !arg.typ.countable() {
			p.fail(at, p.pos, fmt.Sprintf("%s() takes numbers and durations; %s is %s", n.text, formatExpr(arg), typeNames[arg.typ]), "")
		}
		e.args, e.typ = []*expr{arg}, arg.typ
	}
	p.space()
	if p.err == nil && !p.take(")") {
		p.fail(open, open+1, "( is not closed", "")
	}
	return p.joined(operand{e: e}, n.at, p.pos)
}

// scalarAhead tells whether a calculation with aggregates comes: its first word is one, or a number that an operator
// joins to one.
func (p *parser) scalarAhead() bool {
	if p.braces {
		return false
	}
	from := p.pos
	defer func() { p.pos = from }()
	joined := true // where a word may stand
	for p.pos < len(p.text) {
		p.space()
		switch c := p.peek(); {
		case (c == '(' || c == '-') && joined:
			p.pos++
		case c != 0 && strings.ContainsRune("+-*/%^=<>!", rune(c)):
			p.pos++
			joined = true
		case c == ')' && !joined:
			p.pos++
		default:
			at := p.pos
			end := p.word(at, isWordRune)
			if end == at || !joined {
				return false
			}
			word := p.text[at:end]
			p.pos = end
			if aggregateOf(word) < aggregateCountOf {
				return p.parenthesisAhead()
			}
			if readConstant(word) == nil {
				return false
			}
			joined = false
		}
	}
	return false
}

// comparedAggregates makes a pipeline of one stage of two calculations.
func (p *parser) comparedAggregates(t *term, left, right operand) operand {
	if t.op.textual() {
		p.fail(left.end, right.at, formatExpr(left.e)+" is compared with = != > >= < or <=", "")
		return left
	}
	a, b := left.e, right.e
	if a.kind == exprConstant && b.kind != exprConstant {
		a, b, right = b, a, left
		t.op = t.op.flipped()
	}
	s := stage{kind: stageCompare, op: t.op, left: a, right: b, at: t.at, end: t.end}
	switch {
	case a.kind == exprConstant || a.kind == exprWord:
		p.fail(t.at, t.end, "a pipeline compares aggregates: count avg min max sum", "")
	case (b.kind == exprConstant || b.kind == exprWord) && a.kind == exprAggregate && (a.fn == aggregateCount || a.args[0].kind == exprRef && !a.args[0].ref.parent):
		s = stage{kind: stageAggregate, fn: a.fn, op: t.op, at: t.at, end: t.end}
		if a.fn != aggregateCount {
			s.ref = a.args[0].ref
		}
		s.value = p.threshold(a, b, right)
	case b.kind == exprConstant || b.kind == exprWord:
		p.threshold(a, b, right)
	case a.typ != b.typ && a.typ != typeAny && b.typ != typeAny:
		p.fail(t.at, t.end, fmt.Sprintf("%s is %s and %s is %s", formatExpr(a), typeNames[a.typ], formatExpr(b), typeNames[b.typ]), "")
	}
	root := &term{kind: kindAll, depth: 1}
	return operand{term: p.made(&term{kind: kindPipeline, terms: []*term{root}, stages: []stage{s}, at: t.at, end: t.end}), set: true}
}

// threshold fits the constant that a calculation with aggregates is compared with.
func (p *parser) threshold(a, b *expr, at operand) literal {
	// The result has the type of what it is made of; that of an attribute is whatever it is compared with.
	measured := ref{field: fieldTraceSpans}
	if a.typ == typeDuration || a.typ == typeAny && b.typ == typeDuration {
		measured = ref{field: fieldTraceDuration}
	}
	fitted, wrong := fit(measured, opEq, b.value)
	if wrong != (problem{}) {
		what := formatExpr(a)
		if a.kind == exprAggregate {
			what = aggregateNames[a.fn] + "()"
		}
		p.fail(at.at, at.end, strings.Replace(wrong.message, formatRef(measured), what, 1), wrong.suggestion)
	}
	return fitted
}

// noStage refuses what is no step of a pipeline.
func (p *parser) noStage(n name) {
	switch {
	case strings.Contains(metrics, " "+n.text+" "):
		p.fail(n.at, n.end, n.text+"() is a metric over time; a query selects spans", "")
	case n.text == "with":
		p.fail(n.at, n.end, "with ( ) stands at the end, without a pipe", "")
	default:
		names := append(append([]string{}, aggregateNames[:]...), stageNames[:]...)
		p.fail(n.at, n.end, "there is no pipeline function "+cut(n.text), nearest(n.text, names))
	}
}

// hintsAhead tells whether with ( … ) comes.
func (p *parser) hintsAhead() bool {
	from := p.pos
	defer func() { p.pos = from }()
	return !p.braces && p.keyword("with") && p.parenthesisAhead()
}

// readHints reads with (name=value, …), by which TraceQL tells a server how to search. It returns what stands between
// the parentheses in canonical form.
func (p *parser) readHints() string {
	p.keyword("with")
	p.space()
	open := p.pos
	p.pos++
	var hints []string
	for p.err == nil {
		p.space()
		n := p.key()
		p.space()
		if p.err == nil && (n.end == n.at || !p.take("=")) {
			p.fail(p.pos, p.pos, "with ( ) takes name=value", "")
			break
		}
		v, _, _ := p.value(n.text + "=")
		hints = append(hints, n.text+"="+formatLiteral(v))
		if p.space(); p.take(",") {
			continue
		}
		if !p.take(")") {
			p.fail(open, open+1, "( is not closed", "")
		}
		break
	}
	return strings.Join(hints, ", ")
}

func aggregateOf(word string) aggregate {
	for a := range aggregateCountOf {
		if aggregateNames[a] == word {
			return a
		}
	}
	return aggregateCountOf
}

// piped tells whether a term has a pipeline in it.
func (t *term) piped() bool {
	if t.kind == kindPipeline {
		return true
	}
	for _, kid := range t.terms {
		if kid.piped() {
			return true
		}
	}
	return false
}
