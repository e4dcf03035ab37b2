package query

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// Within { }, and between the aggregates of a pipeline, a condition is two calculations and what compares them, or one
// alone that is true or false:
//
//	condition = sum [ comparison sum ] | word list | function | text
//	sum       = product { ("+" | "-") product }
//	product   = power { ("*" | "/" | "%") power }
//	power     = atom { "^" atom }
//	atom      = "-" atom | "(" or ")" | constant | reference | aggregate
//
// The words of the language are the same as outside, so a space still stands for AND, and -term for NOT.

// condition reads a condition, or an expression that may become one.
func (p *parser) condition() operand {
	left := p.sum()
	if p.err != nil || left.e == nil {
		return p.truth(left)
	}
	p.space()
	if t := (&Term{At: left.At}); left.e.simple() && left.e.Kind != ExprConstant && p.braces {
		if at := p.pos; p.listAhead(t) {
			t.Ref = p.exprRef(left)
			return operand{Term: p.relative(p.listTerm(t, at))}
		}
	}
	at := p.pos
	o, ok := p.operator()
	if p.err != nil || !ok {
		return left
	}
	return p.compared(left, o, at)
}

// truth reads = true and its like behind a condition in parentheses.
func (p *parser) truth(o operand) operand {
	if p.err != nil || o.set || !p.braces {
		return o
	}
	from := p.pos
	p.space()
	sign, ok := Op(0), false
	if c := p.peek(); c == '=' || c == '!' {
		sign, ok = p.operator()
	}
	if p.err != nil || !ok {
		p.pos = from
		return o
	}
	at := p.pos
	right := p.sum()
	if p.err != nil {
		return o
	}
	if right.e == nil || right.e.Kind != ExprConstant || right.e.Type != TypeBool || sign != OpEq && sign != OpNe {
		p.fail(at, right.End, "a condition is compared with true or false", "")
		return o
	}
	if (right.e.Value.Text == "true") != (sign == OpEq) {
		return operand{Term: p.made(&Term{Kind: KindNot, Terms: []*Term{o.Term}, At: o.At, End: right.End})}
	}
	return o
}

func (p *parser) sum() operand { return p.binaries(1) }

// binaries reads operands joined by operators that bind at least so much.
func (p *parser) binaries(least int) operand {
	if least > 3 {
		return p.atom()
	}
	left := p.binaries(least + 1)
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
		right := p.binaries(least + 1)
		if p.err != nil {
			break
		}
		if right.e == nil {
			p.fail(right.At, right.End, "a condition is no number", "")
			break
		}
		e, wrong := arithmetic(sign, p.number(left), p.number(right))
		if wrong != (problem{}) {
			p.fail(left.At, right.End, wrong.message, wrong.suggestion)
			break
		}
		left = p.joined(operand{e: e}, left.At, right.End)
		if e.depth() > expression.MaxNestingDepth {
			p.tooDeep(at)
		}
	}
	return left
}

// joined places an expression in the text.
func (p *parser) joined(o operand, at, end int) operand {
	o.Term = &Term{Kind: KindAll, depth: 1, At: at, End: end}
	return o
}

// denies reports whether a minus is the NOT of the next term, as in a=1 -b=2: a space stands before it and none behind.
func (p *parser) denies(from int) bool {
	next := p.byteAt(p.pos + 1)
	return from < p.pos && p.braces && !strings.ContainsRune(" \t\r\n.0123456789", rune(next))
}

// turns reports whether the minus that a condition begins with turns the sign of what follows: a number, an attribute
// with a point or a level in front, or a field that counts or measures. Before anything else it is NOT.
func (p *parser) turns() bool {
	at := p.pos
	defer func() { p.pos = at }()
	p.pos++
	for p.pos < len(p.text) && strings.ContainsRune("-(", rune(p.peek())) {
		p.pos++
	}
	p.space()
	if c := p.peek(); c >= '0' && c <= '9' || p.attributePrefix() != "" {
		return true
	}
	typ := fieldNamed(p.text[p.pos:p.word(p.pos, isWordRune)]).Info().typ
	return typ == TypeNumber || typ == TypeDuration
}

// number makes of an operand of arithmetic what it can calculate with: a word without quotes is a key.
func (p *parser) number(o operand) *Expr {
	if o.e.Kind == ExprWord && p.braces {
		return &Expr{Kind: ExprRef, Ref: p.exprRef(o)}
	}
	return o.e
}

// ExprRef returns what a reference or a word on the left side names.
func (p *parser) exprRef(o operand) Ref {
	switch {
	case o.e.Kind == ExprRef:
		return o.e.Ref
	case o.name.end > o.name.at:
		return p.ref(o.name)
	}
	return Ref{Key: o.e.Value.Text}
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
	if left.e.simple() && !left.e.constant() && p.braces {
		if t.Ref = p.exprRef(left); p.err == nil && p.fieldCall(t) {
			return operand{Term: p.made(t)}
		}
	}
	if c := p.peek(); c == 0 || c == ')' || c == '}' || c == '|' || c == '&' {
		p.missingValue(from, sign)
	}
	if c := p.peek(); c == '\'' {
		p.fail(from, from+1, "text stands between double quotes", `"`)
	}
	p.right = true
	right := p.sum()
	p.right = false
	if p.err != nil {
		return left
	}
	if right.e == nil {
		return p.comparedTruth(left, o, right)
	}
	t.End = right.End
	if !p.braces {
		return p.comparedAggregates(t, left, right)
	}
	return operand{Term: p.related(t, left, right)}
}

// comparedTruth makes a term of true or false that is compared with a condition.
func (p *parser) comparedTruth(left operand, o Op, right operand) operand {
	if left.e.Kind != ExprConstant || left.e.Type != TypeBool || o != OpEq && o != OpNe || right.set {
		p.fail(left.At, right.End, "a condition is compared with true or false", "")
		return right
	}
	if (left.e.Value.Text == "true") != (o == OpEq) {
		return operand{Term: p.made(&Term{Kind: KindNot, Terms: []*Term{right.Term}, At: left.At, End: right.End})}
	}
	return right
}

// related makes a term of two expressions, in the simplest way that says it.
func (p *parser) related(t *Term, left, right operand) *Term {
	a, b := p.sides(left, right)
	switch {
	case p.err != nil:
		return t
	case a.Kind == ExprConstant && b.Kind == ExprConstant:
		return p.constants(t, a, b, right)
	case a.Kind == ExprConstant && b.Kind == ExprRef && !t.Op.Textual():
		t.Op = t.Op.flipped()
		t.Ref = b.Ref
		return p.relative(p.constantTerm(t, a.Value, left.At, left.End))
	case a.Kind == ExprRef && b.Kind == ExprConstant:
		t.Ref = a.Ref
		v := b.Value
		if t.Op == OpRegex && !t.Fold || t.Op == OpNotRegex {
			if wrong := checkPattern(v.Text); wrong != (problem{}) {
				p.fail(right.At, right.End, wrong.message, wrong.suggestion)
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
func (p *parser) sides(left, right operand) (a, b *Expr) {
	a, b = left.e, right.e
	text := b.Kind == ExprConstant && b.Type == TypeText || b.Kind == ExprRef && b.Ref.Field != FieldNone && b.Type == TypeText
	switch {
	case a.Kind == ExprWord && b.Kind == ExprRef && b.Ref.Field != FieldNone && isWordOf(b.Type, a.Value.Text),
		a.Kind == ExprRef && b.Kind == ExprRef && isWordOf(b.Type, left.name.text) && a.Type != b.Type:
		a = &Expr{Kind: ExprConstant, Type: b.Type, Value: Literal{Text: left.name.text}} // error = status
	case a.Kind == ExprWord:
		a = &Expr{Kind: ExprRef, Ref: p.exprRef(left)}
	case a.Kind == ExprConstant && a.Type == TypeText && b.Kind != ExprRef && !text:
		a = &Expr{Kind: ExprRef, Ref: Ref{Key: a.Value.Text}} // "odd key" = 1
	}
	switch {
	case b.Kind == ExprWord:
		b = &Expr{Kind: ExprConstant, Type: TypeText, Value: b.Value}
	case b.Kind == ExprRef && isWordOf(a.Type, right.name.text):
		b = &Expr{Kind: ExprConstant, Type: a.Type, Value: Literal{Text: right.name.text}} // status = error
	}
	return a, b
}

// isWordOf reports whether a word is one of a closed vocabulary.
func isWordOf(typ FieldType, word string) bool {
	if typ != TypeKind && typ != TypeStatus {
		return false
	}
	for _, w := range typ.Words() {
		if w == word {
			return true
		}
	}
	return false
}

// constants decides a comparison of two constants.
func (p *parser) constants(t *Term, a, b *Expr, right operand) *Term {
	holds, ok := false, false
	switch {
	case t.Op == OpRegex || t.Op == OpNotRegex:
		if wrong := checkPattern(b.Value.Text); wrong != (problem{}) {
			p.fail(right.At, right.End, wrong.message, wrong.suggestion)
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
		p.fail(t.At, t.End, fmt.Sprintf("%s is %s and %s is %s; %s does not compare them", formatExpr(a), typeNames[a.Type], formatExpr(b), typeNames[b.Type], t.Op), "")
		return t
	}
	return p.made(always(holds, t))
}

// always is the term that holds for every span, or for none.
func always(holds bool, at *Term) *Term {
	t := &Term{Kind: KindAll, depth: 1, At: at.At, End: at.End}
	if !holds {
		return &Term{Kind: KindNot, Terms: []*Term{t}, At: at.At, End: at.End}
	}
	return t
}

// calculation makes a term of two calculations.
func (p *parser) calculation(t *Term, a, b *Expr, right operand) *Term {
	plain := a.Kind == ExprRef && b.Kind == ExprRef
	switch {
	case plain:
		if message := refsDiffer(a.Ref, t.Op, b.Ref); message != "" {
			p.fail(right.At, right.End, message, "")
			return t
		}
	case b.Kind == ExprConstant && b.Type == TypeNumber && a.Type == TypeDuration:
		p.fail(right.At, right.End, formatExpr(a)+" needs a unit: ns, us, ms, s, m or h", b.Value.Text+"ms")
		return t
	case !a.Type.countable() || !b.Type.countable() || a.Type != b.Type && a.Type != TypeAny && b.Type != TypeAny:
		p.fail(t.At, t.End, fmt.Sprintf("%s is %s and %s is %s", formatExpr(a), typeNames[a.Type], formatExpr(b), typeNames[b.Type]), "")
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

// relative makes of a term about the span's parent what asks the parent.
func (p *parser) relative(t *Term) *Term {
	if !t.Ref.Parent && (t.Kind != KindNot || !t.Terms[0].Ref.Parent) {
		return t
	}
	inner := t
	if t.Kind == KindNot {
		inner = t.Terms[0]
	}
	inner.Ref.Parent = false
	inner.measure()
	above := p.made(&Term{Kind: KindRelative, Relation: RelationParent, Terms: []*Term{inner}, At: t.At, End: t.End})
	if t.Kind == KindNot {
		return p.made(&Term{Kind: KindNot, Terms: []*Term{above}, At: t.At, End: t.End})
	}
	return above
}

// settled makes a condition of an expression that stands alone.
func (p *parser) settled(o operand) operand {
	if o.e == nil || p.err != nil {
		return o
	}
	at := &Term{At: o.At, End: o.End}
	switch {
	case !p.braces:
		p.fail(o.End, o.End, formatExpr(o.e)+" is compared with = != > >= < or <=", "")
	case o.e.Kind == ExprConstant && o.e.Type == TypeBool:
		return operand{Term: p.made(always(o.e.Value.Text == "true", at))}
	case o.e.Kind == ExprConstant && o.e.Type == TypeText:
		p.pos = max(p.pos, o.End)
		return operand{Term: p.freeText(o.name)}
	case o.e.Kind == ExprRef && (o.e.Type == TypeAny || o.e.Type == TypeBool):
		return operand{Term: p.relative(p.made(&Term{Kind: KindCompare, Ref: o.e.Ref, Values: []Literal{{Text: "true"}}, At: o.At, End: o.End}))}
	case (o.e.Kind == ExprRef || o.e.Kind == ExprWord) && o.name.end > o.name.at:
		p.pos = o.name.end
		p.missingOperator(o.name, o.name.end, "")
	default:
		p.fail(o.At, o.End, formatExpr(o.e)+" is "+typeNames[o.e.Type]+" and no condition; compare it", "")
	}
	return o
}
