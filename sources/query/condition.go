package query

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// operand is a term, and whether it selects a set of spans by itself: { } or a combination of them.
type operand struct {
	*Term
	set  bool
	e    *Expr // within { } and behind a pipe: what is no condition yet, as what follows may compare it
	name name  // of e, where that is a reference or a word
}

// expressed is the operand of an expression, which stands from at to end.
func expressed(e *Expr, n name, at, end int) operand {
	return operand{Term: everything(at, end), e: e, name: n}
}

// void stands for what could not be read.
func void() operand { return operand{Term: everything(0, 0)} }

// needsOperator refuses an expression that stands alone beside another term with nothing but a space between them.
func (p *leafParser) needsOperator(o operand) {
	switch {
	case p.err != nil || o.e == nil || o.e.Kind == ExprConstant && o.e.Type == TypeText:
	case o.name.end > o.name.at:
		p.pos = o.name.end
		p.missingOperator(o.name)
	default:
		p.fail(o.End, o.End, "expected an operator: = != > >= < <= && ||", "")
	}
}

// list reads operands as long as more tells that another follows.
func (p *leafParser) list(next func() operand, terms, sets Kind, more func() bool) operand {
	first := next()
	var all []*Term
	for p.err == nil {
		p.space()
		at := p.pos
		if !more() {
			break
		}
		if all == nil {
			first = p.settled(first)
			all = append(all, first.Term)
		}
		o := p.settled(next())
		if p.err == nil && o.set != first.set {
			p.fail(at, o.End, "a spanset { } and a plain term cannot be joined; put the term within { }", "")
		}
		all = append(all, o.Term)
	}
	if all == nil || p.err != nil {
		return first
	}
	if first.set {
		terms = sets
	}
	return operand{Term: p.made(Join(terms, all...)), set: first.set}
}

// plain makes an operand of a word that is neither a number nor an attribute with a point in front.
func (p *leafParser) plain(n name, at int, right bool) operand {
	switch {
	case n.end == n.at:
		end := p.word(at, isValueRune)
		if end == at || !right {
			p.unexpected("")
			return void()
		}
		p.pos = end
		return expressed(asWord(p.text[at:end]), name{}, at, end)
	case n.text == "true" || n.text == "false":
		return expressed(&Expr{Kind: ExprConstant, Type: TypeBool, Value: Literal{Text: n.text}}, n, at, p.pos)
	case !p.braces:
		return expressed(asWord(n.text), n, at, p.pos)
	case fieldNamed(n.text) != FieldNone:
		return expressed(asRef(p.ref(n)), n, at, p.pos)
	}
	// A value may have characters that a key has not.
	end := p.word(at, isValueRune)
	if end > n.end && !strings.ContainsRune("+*%^", rune(p.byteAt(n.end))) || strings.ContainsRune("*+", rune(p.byteAt(end-1))) {
		n.text, n.end, n.bare, p.pos = p.text[at:end], end, end-at, end
	}
	return expressed(asWord(n.text), n, at, p.pos)
}

// number makes of an operand of arithmetic what it can calculate with: a word without quotes is a key.
func (p *leafParser) number(o operand) *Expr {
	if o.e.Kind == ExprWord && p.braces {
		return asRef(p.exprRef(o))
	}
	return o.e
}

// calculated makes the calculation of two operands; at is where their operator stands.
func (p *leafParser) calculated(left operand, op byte, right operand, at int) operand {
	if p.err == nil && right.e == nil {
		p.fail(right.At, right.End, "a condition is no number", "")
	}
	if p.err != nil {
		return left
	}
	e, wrong := arithmetic(op, p.number(left), p.number(right))
	if p.refuse(left.At, right.End, wrong) {
		return left
	}
	if e.depth() > expression.MaxNestingDepth {
		p.tooDeep(at)
	}
	return expressed(e, name{}, left.At, right.End)
}

// exprRef returns what a reference or a word on the left side names.
func (p *leafParser) exprRef(o operand) Ref {
	switch {
	case o.e.Kind == ExprRef:
		return o.e.Ref
	case o.name.end > o.name.at:
		return p.ref(o.name)
	}
	return Ref{Key: o.e.Value.Text}
}

// truth makes a term of a condition and what it is compared with; at is where that is refused if it is neither true nor
// false.
func (p *leafParser) truth(condition, constant operand, o Op, at int) operand {
	end := max(condition.End, constant.End)
	e := constant.e
	if e == nil || e.Kind != ExprConstant || e.Type != TypeBool || o != OpEq && o != OpNe || condition.set {
		p.fail(at, end, "a condition is compared with true or false", "")
		return condition
	}
	if (e.Value.Text == "true") != (o == OpEq) {
		return operand{Term: p.denied(condition.Term, min(condition.At, constant.At), end)}
	}
	return condition
}

// related makes a term of two expressions, in the simplest way that says it.
func (p *leafParser) related(t *Term, left, right operand) *Term {
	a, b := p.sides(left, right)
	switch {
	case p.err != nil:
		return t
	case a.Kind == ExprConstant && b.Kind == ExprConstant:
		return p.constants(t, a, b, right)
	case a.Kind == ExprConstant && b.Kind == ExprRef && !t.Op.Textual():
		t.Op, t.Ref = flipped[t.Op], b.Ref
		return p.relative(p.constantTerm(t, a.Value, left.At, left.End))
	case a.Kind == ExprRef && b.Kind == ExprConstant:
		t.Ref = a.Ref
		v := b.Value
		if t.Op == OpRegex && !t.Fold || t.Op == OpNotRegex {
			if p.refuse(right.At, right.End, checkPattern(v.Text)) {
				return t
			}
			v.Text = anchored(v.Text)
		}
		return p.relative(p.constantTerm(t, v, right.At, right.End))
	case t.Op.Textual():
		p.fail(right.At, right.End, t.Op.String()+" takes a constant", "")
		return t
	case a.Kind == ExprRef && b.Kind == ExprRef && !a.Ref.Parent && !b.Ref.Parent:
		t.Ref = a.Ref
		return p.otherRef(t, b.Ref, right.At, right.End)
	}
	return p.calculation(t, a, b, right)
}

// sides decides what the words of both sides are: keys on the left, text on the right.
func (p *leafParser) sides(left, right operand) (a, b *Expr) {
	a, b = left.e, right.e
	text := b.Kind == ExprConstant && b.Type == TypeText
	switch {
	case a.Kind == ExprWord && b.Kind == ExprRef && b.Ref.Field != FieldNone && b.Type.isWord(a.Value.Text),
		a.Kind == ExprRef && b.Kind == ExprRef && b.Type.isWord(left.name.text) && a.Type != b.Type:
		a = &Expr{Kind: ExprConstant, Type: b.Type, Value: Literal{Text: left.name.text}} // error = status
	case a.Kind == ExprWord:
		a = asRef(p.exprRef(left))
	case a.Kind == ExprConstant && a.Type == TypeText && b.Kind != ExprRef && !text:
		a = asRef(Ref{Key: a.Value.Text}) // "odd key" = 1
	}
	switch {
	case b.Kind == ExprWord:
		b = &Expr{Kind: ExprConstant, Type: TypeText, Value: b.Value}
	case b.Kind == ExprRef && a.Type.isWord(right.name.text):
		b = &Expr{Kind: ExprConstant, Type: a.Type, Value: Literal{Text: right.name.text}} // status = error
	}
	return a, b
}

// constants decides a comparison of two constants.
func (p *leafParser) constants(t *Term, a, b *Expr, right operand) *Term {
	holds, ok := false, false
	switch {
	case t.Op == OpRegex || t.Op == OpNotRegex:
		if p.refuse(right.At, right.End, checkPattern(b.Value.Text)) {
			return t
		}
		if re, err := regexp.Compile(anchored(b.Value.Text)); err == nil && a.Type == TypeText && b.Type == TypeText {
			holds, ok = re.MatchString(a.Value.Text) == (t.Op == OpRegex), true
		}
	case t.Op == OpContains:
		holds, ok = strings.Contains(a.Value.Text, b.Value.Text), a.Type == TypeText && b.Type == TypeText
	case a.Type == b.Type && a.Type == TypeBool:
		holds, ok = t.Op.Satisfied(strings.Compare(a.Value.Text, b.Value.Text)), !t.Op.ordered()
	case a.Type == b.Type:
		holds, ok = t.Op.Satisfied(CompareData(a.Amount(), b.Amount())), true
	}
	if !ok {
		p.fail(t.At, t.End, fmt.Sprintf("%s; %s does not compare them", typesOf(a, b), t.Op), "")
		return t
	}
	return p.always(holds, t.At, t.End)
}

// always makes the term that holds for every span, or for none.
func (p *leafParser) always(holds bool, at, end int) *Term {
	if holds {
		return everything(at, end)
	}
	return p.denied(everything(at, end), at, end)
}

// calculation makes a term of two calculations.
func (p *leafParser) calculation(t *Term, a, b *Expr, right operand) *Term {
	switch {
	case a.Kind == ExprRef && b.Kind == ExprRef:
		if p.refuse(right.At, right.End, refsDiffer(a.Ref, t.Op, b.Ref)) {
			return t
		}
	case b.Kind == ExprConstant && b.Type == TypeNumber && a.Type == TypeDuration:
		p.fail(right.At, right.End, formatExpr(a)+" needs a unit: ns, us, ms, s, m or h", b.Value.Text+"ms")
		return t
	case !a.Type.countable() || !b.Type.countable() || !a.Type.fits(b.Type):
		p.fail(t.At, t.End, typesOf(a, b), "")
		return t
	}
	levels := map[expression.Level]bool{}
	for _, e := range []*Expr{a, b} {
		e.Visit(func(r Ref) {
			if level := r.Element(); level != "" {
				levels[level] = true
			}
		})
	}
	if len(levels) > 1 {
		p.fail(t.At, t.End, "one calculation takes events or links, not both", "")
		return t
	}
	t.Kind, t.Ref, t.Left, t.Right = KindCalc, Ref{}, a, b
	return p.made(t)
}

// isTrue makes the term that a reference is true, or false.
func (p *leafParser) isTrue(r Ref, value string, at, end int) operand {
	t := p.made(&Term{Kind: KindCompare, Ref: r, Values: []Literal{{Text: value}}, At: at, End: end})
	return operand{Term: p.relative(t)}
}

// settled makes a condition of an expression that stands alone.
func (p *leafParser) settled(o operand) operand {
	if o.e == nil || p.err != nil {
		return o
	}
	switch {
	case !p.braces:
		p.fail(o.End, o.End, formatExpr(o.e)+" is compared with = != > >= < or <=", "")
	case o.e.Kind == ExprConstant && o.e.Type == TypeBool:
		return operand{Term: p.always(o.e.Value.Text == "true", o.At, o.End)}
	case o.e.Kind == ExprConstant && o.e.Type == TypeText:
		p.pos = max(p.pos, o.End)
		return operand{Term: p.freeText(o.name)}
	case o.e.Kind == ExprRef && (o.e.Type == TypeAny || o.e.Type == TypeBool):
		return p.isTrue(o.e.Ref, "true", o.At, o.End)
	case (o.e.Kind == ExprRef || o.e.Kind == ExprWord) && o.name.end > o.name.at:
		p.needsOperator(o)
	default:
		p.fail(o.At, o.End, formatExpr(o.e)+" is "+typeNames[o.e.Type]+" and no condition; compare it", "")
	}
	return o
}

// comparedAggregates makes a pipeline of one stage of two calculations.
func (p *leafParser) comparedAggregates(t *Term, left, right operand) operand {
	if t.Op.Textual() {
		p.fail(left.End, right.At, formatExpr(left.e)+" is compared with = != > >= < or <=", "")
		return left
	}
	a, b := left.e, right.e
	if a.Kind == ExprConstant && b.Kind != ExprConstant {
		a, b, right = b, a, left
		t.Op = flipped[t.Op]
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
	case !a.Type.fits(b.Type):
		p.fail(t.At, t.End, typesOf(a, b), "")
	}
	return p.pipelineOf(everything(0, 0), []Stage{s}, t.At, t.End)
}

// pipelineOf makes the spanset that stages leave of a term.
func (p *leafParser) pipelineOf(t *Term, stages []Stage, at, end int) operand {
	return operand{Term: p.made(&Term{Kind: KindPipeline, Terms: []*Term{t}, Stages: stages, At: at, End: end}), set: true}
}

// threshold fits the constant that a calculation with aggregates is compared with.
func (p *leafParser) threshold(a, b *Expr, at operand) Literal {
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
