package query

import (
	"fmt"
	"strings"
)

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
		s := o.Term.Stages[0]
		s.At, s.End = at, p.pos
		return s
	case p.peek() == '{' || p.peek() == '(':
		o := p.or()
		if p.err == nil && !o.set {
			p.fail(o.At, o.End, "behind a pipe stands { } or a function", "")
		}
		if p.err == nil && o.piped() {
			p.fail(at, o.End, "a pipeline in parentheses cannot stand behind a pipe", "")
		}
		return Stage{Kind: StageFilter, Term: o.Term, At: at, End: p.pos}
	}
	return p.namedStage(at)
}

// stageNames are the steps of a pipeline that are called by a name, besides the aggregates.
var stageNames = [...]string{"by", "coalesce", "select"}

// stageAhead reports whether a step of a pipeline comes that stands in for a spanset: it begins with all spans.
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
func (p *parser) namedStage(at int) Stage {
	s := Stage{At: at}
	n := p.key()
	if p.err == nil && n.end == n.at {
		p.fail(n.at, n.at, "a function is missing after |: count avg min max sum by coalesce select", "")
	}
	if p.err != nil {
		return s
	}
	switch {
	case n.text == "by" && !n.quoted():
		s.Kind = StageBy
	case n.text == "coalesce" && !n.quoted():
		s.Kind = StageCoalesce
	case n.text == "select" && !n.quoted():
		s.Kind = StageSelect
	case aggregateOf(n.text) < AggregateCountOf && !n.quoted():
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
	s.End = p.pos
	return s
}

// stageArguments reads what stands between the parentheses of by, coalesce and select.
func (p *parser) stageArguments(s *Stage, function string) {
	switch s.Kind {
	case StageCoalesce:
		if p.space(); p.peek() != ')' && p.peek() != 0 {
			p.fail(p.pos, p.word(p.pos, isWordRune), "coalesce() takes nothing between its parentheses", "")
		}
	case StageBy:
		switch e := p.argument(function); {
		case e == nil:
		case e.Kind == ExprRef && !e.Ref.Parent:
			s.Ref = e.Ref
		default:
			s.Left = e
		}
	case StageSelect:
		for p.err == nil {
			at := p.pos
			if e := p.argument(function); e != nil && e.Kind != ExprRef {
				p.fail(at, p.pos, "select() takes fields and attributes", "")
			} else if e != nil {
				s.Refs = append(s.Refs, e.Ref)
			}
			if p.space(); !p.take(",") {
				break
			}
		}
	case StageAggregate, StageFilter, StageCompare: // of which none has such arguments
	}
}

// argument reads the calculation that a function is of, nil where it failed.
func (p *parser) argument(function string) *Expr {
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
		p.fail(at, o.End, function+"() takes a key or a calculation", "")
		return nil
	}
	e := p.number(o)
	if e.Kind == ExprConstant && e.Type == TypeText {
		e = &Expr{Kind: ExprRef, Ref: Ref{Key: e.Value.Text}}
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
	e := &Expr{Kind: ExprAggregate, Function: fn, Type: TypeNumber}
	p.space()
	switch at := p.pos; {
	case fn == AggregateCount && p.peek() != ')' && p.peek() != 0:
		p.fail(at, p.word(at, isWordRune), "count() takes nothing between its parentheses", "")
	case fn != AggregateCount:
		arg := p.argument(n.text)
		if arg == nil {
			return p.void()
		}
		if !arg.Type.countable() {
			p.fail(at, p.pos, fmt.Sprintf("%s() takes numbers and durations; %s is %s", n.text, formatExpr(arg), typeNames[arg.Type]), "")
		}
		e.Args, e.Type = []*Expr{arg}, arg.Type
	}
	p.space()
	if p.err == nil && !p.take(")") {
		p.fail(open, open+1, "( is not closed", "")
	}
	return p.joined(operand{e: e}, n.at, p.pos)
}

// scalarAhead reports whether a calculation with aggregates comes: its first word is one, or a number that an operator
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
			if aggregateOf(word) < AggregateCountOf {
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
func (p *parser) comparedAggregates(t *Term, left, right operand) operand {
	if t.Op.Textual() {
		p.fail(left.End, right.At, formatExpr(left.e)+" is compared with = != > >= < or <=", "")
		return left
	}
	a, b := left.e, right.e
	if a.Kind == ExprConstant && b.Kind != ExprConstant {
		a, b, right = b, a, left
		t.Op = t.Op.flipped()
	}
	s := Stage{Kind: StageCompare, Op: t.Op, Left: a, Right: b, At: t.At, End: t.End}
	switch {
	case a.Kind == ExprConstant || a.Kind == ExprWord:
		p.fail(t.At, t.End, "a pipeline compares aggregates: count avg min max sum", "")
	case (b.Kind == ExprConstant || b.Kind == ExprWord) && a.Kind == ExprAggregate && (a.Function == AggregateCount || a.Args[0].Kind == ExprRef && !a.Args[0].Ref.Parent):
		s = Stage{Kind: StageAggregate, Function: a.Function, Op: t.Op, At: t.At, End: t.End}
		if a.Function != AggregateCount {
			s.Ref = a.Args[0].Ref
		}
		s.Value = p.threshold(a, b, right)
	case b.Kind == ExprConstant || b.Kind == ExprWord:
		p.threshold(a, b, right)
	case a.Type != b.Type && a.Type != TypeAny && b.Type != TypeAny:
		p.fail(t.At, t.End, fmt.Sprintf("%s is %s and %s is %s", formatExpr(a), typeNames[a.Type], formatExpr(b), typeNames[b.Type]), "")
	}
	root := &Term{Kind: KindAll, depth: 1}
	return operand{Term: p.made(&Term{Kind: KindPipeline, Terms: []*Term{root}, Stages: []Stage{s}, At: t.At, End: t.End}), set: true}
}

// threshold fits the constant that a calculation with aggregates is compared with.
func (p *parser) threshold(a, b *Expr, at operand) Literal {
	// The result has the type of what it is made of; that of an attribute is whatever it is compared with.
	measured := Ref{Field: FieldTraceSpans}
	if a.Type == TypeDuration || a.Type == TypeAny && b.Type == TypeDuration {
		measured = Ref{Field: FieldTraceDuration}
	}
	fitted, wrong := fit(measured, OpEq, b.Value)
	if wrong != (problem{}) {
		what := formatExpr(a)
		if a.Kind == ExprAggregate {
			what = aggregateNames[a.Function] + "()"
		}
		p.fail(at.At, at.End, strings.Replace(wrong.message, FormatRef(measured), what, 1), wrong.suggestion)
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
		p.fail(n.at, n.end, "there is no pipeline function "+Shorten(n.text), Nearest(n.text, names))
	}
}

// hintsAhead reports whether with ( … ) comes.
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

func aggregateOf(word string) Aggregate {
	for a := range AggregateCountOf {
		if aggregateNames[a] == word {
			return a
		}
	}
	return AggregateCountOf
}

// piped reports whether a term has a pipeline in it.
func (t *Term) piped() bool {
	if t.Kind == KindPipeline {
		return true
	}
	for _, kid := range t.Terms {
		if kid.piped() {
			return true
		}
	}
	return false
}
