package query

import (
	"fmt"
	"slices"
)

// parser reads a query by recursive descent; this file holds all that recurs:
//
//	query     = [ either ] { "|" stage }
//	or        = and { ("OR" | "||") and }
//	and       = structure { [ "AND" | "&&" ] structure }
//	structure = unary { (">" | ">>" | …) unary }             between spansets only
//	unary     = ("NOT" | "!" | "-") unary | "(" or ")" | "{" [ or ] "}" | function | comparison | text
//
// Within { }, and between the aggregates of a pipeline, a comparison is a condition of TraceQL: two calculations and
// what compares them, or one alone that is true or false. Outside, a calculation with aggregates, a named stage or a
// pipeline in parentheses stands for a spanset.
//
//	condition = sum [ comparison sum ] | word list | function | text
//	sum       = product { ("+" | "-") product }
//	product   = power { ("*" | "/" | "%") power }
//	power     = atom { "^" atom }
//	atom      = "-" atom | "(" or ")" | constant | reference | aggregate
//
// The words of the language are the same inside and outside, so a space stands for AND in both, and -term for NOT. Terms
// and spansets take the same path; each function says which of the two it read. Recursion is bounded by the nesting that
// Jaeger's filter allows.
type parser struct {
	leafParser
	right bool // behind a comparison within { }
}

func (p *parser) or() operand {
	return p.list(p.and, KindOr, KindEither, func() bool { return p.take("||") || p.keyword("or") })
}

func (p *parser) and() operand {
	var left operand
	spaced := false // a space stood for AND
	next := func() operand {
		left = p.structure()
		if spaced {
			p.needsOperator(left)
		}
		return left
	}
	return p.list(next, KindAnd, KindBoth, func() bool {
		if spaced = false; p.take("&&") || p.keyword("and") {
			return true
		}
		if spaced = p.startsTerm(); !spaced {
			return false
		}
		if p.needsOperator(left); left.set {
			p.fail(p.pos, p.pos+1, "two spansets need an operator between them: && || > >> < << ~", "")
		}
		return true
	})
}

func (p *parser) structure() operand {
	left := p.unary()
	for p.err == nil && left.set {
		p.space()
		at := p.pos
		t := &Term{Kind: KindStructure, At: left.At}
		if !p.structureSign(t) {
			break
		}
		right := p.unary()
		if p.err == nil && !right.set {
			p.fail(at, right.End, "a structural operator stands between two spansets", "{ "+Shorten(p.text[right.At:right.End])+" }")
		}
		t.Terms, t.End = []*Term{left.Term, right.Term}, right.End
		left = operand{Term: p.made(t), set: true}
	}
	return left
}

func (p *parser) unary() operand {
	p.space()
	at := p.pos
	switch c := p.peek(); {
	case c == 0:
		p.fail(at, at, "incomplete query", "")
		return void()
	case c == '{':
		return p.spanset()
	case !p.braces && p.scalarAhead():
		return p.condition()
	case !p.braces && p.stageAhead():
		s := p.namedStage(at)
		return p.pipelineOf(everything(0, 0), []Stage{s}, at, p.pos)
	case c == '!' || p.isWord("not") || c == '-' && (!p.braces || !p.turns()):
		return p.not()
	case p.braces:
		return p.condition()
	case c == '(':
		return p.parenthesis()
	}
	return operand{Term: p.keyed()}
}

func (p *parser) not() operand {
	at := p.pos
	if !p.keyword("not") {
		p.pos++
	}
	if !p.deeper(at) {
		return void()
	}
	defer func() { p.nesting-- }()
	o := p.unary()
	if o.e != nil && o.e.Kind == ExprRef && o.e.Type == TypeAny { // it is there and not true
		return p.isTrue(o.e.Ref, "false", at, o.End)
	}
	o = p.settled(o)
	if p.err == nil && o.set {
		p.fail(at, o.End, "NOT takes a term; to select the other spans write { NOT … }", "")
	}
	return operand{Term: p.denied(o.Term, at, o.End)}
}

// enclosed reads what stands between an opening sign, already taken, and its partner.
func (p *parser) enclosed(at int, closing byte) operand {
	if !p.deeper(at) {
		return void()
	}
	right := p.right
	p.right = false
	defer func() { p.nesting, p.right = p.nesting-1, right }()
	o := p.or()
	if p.err == nil && closing == ')' && !p.braces {
		o = p.piped(o)
	}
	p.space()
	switch {
	case p.err != nil:
	case p.pos == len(p.text):
		p.fail(at, at+1, fmt.Sprintf("unclosed %c", p.text[at]), "")
	case !p.take(string(closing)):
		p.unexpected(string(closing))
	}
	return o
}

// parenthesis reads what stands between parentheses.
func (p *parser) parenthesis() operand {
	at := p.pos
	p.pos++
	o := p.enclosed(at, ')')
	o.At, o.End = at, p.pos
	return o
}

// piped reads the pipeline of an operand in parentheses.
func (p *parser) piped(o operand) operand {
	at := o.At
	stages := p.pipeline()
	if p.err != nil || len(stages) == 0 {
		return o
	}
	if o = p.settled(o); o.Kind == KindPipeline {
		o.Term, stages = o.Terms[0], append(slices.Clone(o.Stages), stages...)
	}
	return p.pipelineOf(o.Term, stages, at, p.pos)
}

func (p *parser) spanset() operand {
	at := p.pos
	if p.braces {
		p.fail(at, at+1, "{ } cannot stand within { }", "")
		return void()
	}
	p.pos++
	if p.space(); p.take("}") {
		return operand{Term: everything(at, p.pos), set: true}
	}
	p.braces = true
	o := p.settled(p.enclosed(at, '}'))
	p.braces = false
	o.At, o.End, o.set = at, p.pos, true
	return o
}

// keyed reads a term outside { } that begins with a key or a quoted text.
func (p *parser) keyed() *Term {
	n := p.key()
	switch {
	case p.err != nil || p.missingTerm(n):
		return everything(0, 0)
	case n.text == "has" && !n.quoted() && p.take(":"):
		return p.has(n.at)
	case p.peek() == '(' && !n.quoted() || relationOf(n.text) < RelationCount && p.parenthesisAhead():
		return p.function(n)
	}
	return p.term(n)
}

// function reads a word with parentheses behind it.
func (p *parser) function(n name) *Term {
	at := p.pos
	t := p.functionHead(n)
	if p.err != nil {
		return t
	}
	o := p.settled(p.enclosed(at, ')'))
	if p.err == nil && o.set {
		p.fail(o.At, o.End, n.text+"(…) takes terms, not { }", "")
	}
	if p.err == nil && t.Kind == KindSome {
		p.comparesOnly(n.text, o.Term)
	}
	t.Terms, t.End = []*Term{o.Term}, p.pos
	return p.made(t)
}

// condition reads a condition, or an expression that may become one.
func (p *parser) condition() operand {
	left := p.sum(1)
	if p.err != nil || left.e == nil {
		return p.comparedCondition(left)
	}
	p.space()
	at := p.pos
	if t := (&Term{At: left.At}); left.e.names() && p.braces && p.listAhead(t) {
		t.Ref = p.exprRef(left)
		return operand{Term: p.relative(p.listTerm(t, at))}
	}
	o, ok := p.operator()
	if p.err != nil || !ok {
		return left
	}
	return p.compared(left, o, at)
}

// comparedCondition reads = true and its like behind a condition in parentheses.
func (p *parser) comparedCondition(o operand) operand {
	if p.err != nil || o.set || !p.braces {
		return o
	}
	from := p.pos
	p.space()
	if c := p.peek(); c == '=' || c == '!' {
		if sign, ok := p.operator(); p.err == nil && ok {
			at := p.pos
			return p.truth(o, p.sum(1), sign, at)
		}
	}
	p.pos = from
	return o
}

// compared reads the right side of a comparison and makes a term of both.
func (p *parser) compared(left operand, o Op, at int) operand {
	sign := p.text[at:p.pos]
	t := &Term{Op: o, At: left.At}
	t.Fold = o.Textual() && p.foldSuffix()
	p.space()
	if p.peek() == '[' {
		return operand{Term: p.relative(p.bracketList(t, p.exprRef(left)))}
	}
	from := p.pos
	if left.e.names() && p.braces {
		if t.Ref = p.exprRef(left); p.err == nil && p.fieldCall(t) {
			return operand{Term: p.made(t)}
		}
	}
	switch p.peek() {
	case 0, ')', '}', '|', '&':
		p.missingValue(from, sign)
	case '\'':
		p.singleQuoted(from)
	}
	p.right = true
	right := p.sum(1)
	p.right = false
	if t.End = right.End; p.err != nil {
		return left
	}
	switch {
	case right.e == nil:
		return p.truth(right, left, o, left.At)
	case !p.braces:
		return p.comparedAggregates(t, left, right)
	}
	return operand{Term: p.related(t, left, right)}
}

// sum reads operands joined by operators of arithmetic that bind at least so much.
func (p *parser) sum(least int) operand {
	if least > 3 {
		return p.atom()
	}
	left := p.sum(least + 1)
	for p.err == nil && left.e != nil {
		from := p.pos
		p.space()
		at := p.pos
		sign := p.peek()
		if precedence(sign) != least || sign == '-' && p.denies(from) {
			p.pos = from
			break
		}
		p.pos++
		left = p.calculated(left, sign, p.sum(least+1), at)
	}
	return left
}

// atom reads the smallest part of a calculation.
func (p *parser) atom() operand {
	p.space()
	at := p.pos
	switch c := p.peek(); {
	case p.err != nil:
		return void()
	case c == 0 || c == ')' || c == '}':
		p.fail(at, min(at+1, len(p.text)), "expected a term", "")
		return void()
	case c == '-':
		return p.minus(at)
	case c == '(':
		return p.parenthesis()
	case p.quoteAhead():
		n := p.key()
		return expressed(&Expr{Kind: ExprConstant, Type: TypeText, Value: Literal{n.text, true}}, n, at, p.pos)
	case p.braces && (c == '!' || p.isWord("not")):
		return p.not()
	}
	if e, end := p.numeral(); e != nil {
		p.pos = end
		return expressed(e, name{}, at, end)
	}
	if p.braces {
		if n, ok := p.attributeName(); ok {
			return expressed(asRef(p.ref(n)), n, at, p.pos)
		}
	}
	n := p.key()
	switch {
	case p.err != nil:
		return void()
	case n.text == "has" && p.braces && p.take(":"):
		return operand{Term: p.relative(p.has(at))}
	case aggregateOf(n.text) < AggregateCountOf && !p.braces:
		return p.aggregate(n)
	case p.peek() == '(' || relationOf(n.text) < RelationCount && p.parenthesisAhead():
		return operand{Term: p.function(n)}
	}
	return p.plain(n, at, p.right)
}

// minus reads what follows a minus: what a number is turned by, or NOT.
func (p *parser) minus(at int) operand {
	if !p.deeper(at) {
		return void()
	}
	defer func() { p.nesting-- }()
	p.pos++
	o := p.atom()
	switch {
	case p.err != nil:
	case o.e == nil && p.braces && !o.set:
		return operand{Term: p.denied(o.Term, at, o.End)}
	case o.e == nil:
		p.fail(at, o.End, "- takes a number", "")
	default:
		if e, wrong := negative(p.number(o)); !p.refuse(at, o.End, wrong) {
			return expressed(e, name{}, at, p.pos)
		}
	}
	return o
}

// aggregate reads an aggregate, the scanner standing behind its name.
func (p *parser) aggregate(n name) operand {
	open := p.call(n.text)
	e := &Expr{Kind: ExprAggregate, Function: aggregateOf(n.text), Type: TypeNumber}
	p.space()
	at := p.pos
	if e.Function == AggregateCount {
		p.noArgument(n.text)
	} else if arg := p.argument(n.text); arg != nil {
		if !arg.Type.countable() {
			p.fail(at, p.pos, fmt.Sprintf("%s() takes numbers and durations; %s is %s", n.text, formatExpr(arg), typeNames[arg.Type]), "")
		}
		e.Args, e.Type = []*Expr{arg}, arg.Type
	}
	p.close(open)
	return expressed(e, name{}, n.at, p.pos)
}

// argument reads the calculation that a function is of, nil where it failed.
func (p *parser) argument(function string) *Expr {
	p.space()
	at := p.pos
	if c := p.peek(); c == ')' || c == 0 {
		p.fail(at, at, function+"() needs a key between its parentheses", "")
	}
	was := p.braces
	p.braces = true
	defer func() { p.braces = was }()
	o := p.sum(1)
	if p.err == nil && o.e == nil {
		p.fail(at, o.End, function+"() takes a key or a calculation", "")
	}
	if p.err != nil {
		return nil
	}
	e := p.number(o)
	if e.Kind == ExprConstant && e.Type == TypeText {
		return asRef(Ref{Key: e.Value.Text})
	}
	return e
}

// pipeline reads the stages that follow.
func (p *parser) pipeline() []Stage {
	var stages []Stage
	for p.err == nil {
		p.space()
		if p.peek() != '|' || p.byteAt(p.pos+1) == '|' {
			break
		}
		stages = append(stages, p.stage())
	}
	return stages
}

// stage reads a step of the pipeline, the scanner standing on its pipe.
func (p *parser) stage() Stage {
	at := p.pos
	p.pos++
	p.space()
	switch {
	case p.scalarAhead():
		o := p.settled(p.condition())
		if p.err != nil {
			return Stage{}
		}
		s := o.Stages[0]
		s.At, s.End = at, p.pos
		return s
	case p.peek() == '{' || p.peek() == '(':
		o := p.or()
		if p.err == nil && !o.set {
			p.fail(o.At, o.End, "behind a pipe stands { } or a function", "")
		}
		if p.err == nil && o.holds(KindPipeline) {
			p.fail(at, o.End, "a pipeline in parentheses cannot stand behind a pipe", "")
		}
		return Stage{Kind: StageFilter, Term: o.Term, At: at, End: p.pos}
	}
	return p.namedStage(at)
}

// namedStage reads by(…), coalesce() and select(…).
func (p *parser) namedStage(at int) Stage {
	n, open := p.stageHead()
	s := Stage{Kind: stageKinds[n.text], At: at}
	switch {
	case p.err != nil:
	case s.Kind == StageCoalesce:
		p.noArgument(n.text)
	case s.Kind == StageBy:
		if e := p.argument(n.text); e != nil && e.Kind == ExprRef && !e.Ref.Parent {
			s.Ref = e.Ref
		} else {
			s.Left = e
		}
	default:
		for more := true; more && p.err == nil; more = p.take(",") {
			at := p.pos
			if e := p.argument(n.text); e != nil && e.Kind != ExprRef {
				p.fail(at, p.pos, "select() takes fields and attributes", "")
			} else if e != nil {
				s.Refs = append(s.Refs, e.Ref)
			}
			p.space()
		}
	}
	p.close(open)
	s.End = p.pos
	return s
}
