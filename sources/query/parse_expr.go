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
	if t := (&term{at: left.at}); left.e.simple() && left.e.kind != exprConstant && p.braces {
		if at := p.pos; p.listAhead(t) {
			t.ref = p.exprRef(left)
			return operand{term: p.relative(p.listTerm(t, at))}
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
	sign, ok := op(0), false
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
	if right.e == nil || right.e.kind != exprConstant || right.e.typ != typeBool || sign != opEq && sign != opNe {
		p.fail(at, right.end, "a condition is compared with true or false", "")
		return o
	}
	if (right.e.value.text == "true") != (sign == opEq) {
		return operand{term: p.made(&term{kind: kindNot, terms: []*term{o.term}, at: o.at, end: right.end})}
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
			p.fail(right.at, right.end, "a condition is no number", "")
			break
		}
		e, wrong := arithmetic(sign, p.number(left), p.number(right))
		if wrong != (problem{}) {
			p.fail(left.at, right.end, wrong.message, wrong.suggestion)
			break
		}
		left = p.joined(operand{e: e}, left.at, right.end)
		if e.depth() > expression.MaxNestingDepth {
			p.tooDeep(at)
		}
	}
	return left
}

// joined places an expression in the text.
func (p *parser) joined(o operand, at, end int) operand {
	o.term = &term{kind: kindAll, depth: 1, at: at, end: end}
	return o
}

// denies tells whether a minus is the NOT of the next term, as in a=1 -b=2: a space stands before it and none behind.
func (p *parser) denies(from int) bool {
	next := p.byteAt(p.pos + 1)
	return from < p.pos && p.braces && !strings.ContainsRune(" \t\r\n.0123456789", rune(next))
}

// turns tells whether the minus that a condition begins with turns the sign of what follows: a number, an attribute
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
	typ := fieldNamed(p.text[p.pos:p.word(p.pos, isWordRune)]).info().typ
	return typ == typeNumber || typ == typeDuration
}

// number makes of an operand of arithmetic what it can calculate with: a word without quotes is a key.
func (p *parser) number(o operand) *expr {
	if o.e.kind == exprWord && p.braces {
		return &expr{kind: exprRef, ref: p.exprRef(o)}
	}
	return o.e
}

// exprRef returns what a reference or a word on the left side names.
func (p *parser) exprRef(o operand) ref {
	switch {
	case o.e.kind == exprRef:
		return o.e.ref
	case o.name.end > o.name.at:
		return p.ref(o.name)
	}
	return ref{key: o.e.value.text}
}

// compared reads the right side of a comparison and makes a term of both.
func (p *parser) compared(left operand, o op, at int) operand {
	sign := p.text[at:p.pos]
	t := &term{op: o, at: left.at}
	t.fold = o.textual() && p.foldSuffix()
	p.space()
	if p.peek() == '[' {
		return operand{term: p.relative(p.bracketList(t, p.exprRef(left)))}
	}
	from := p.pos
	if left.e.simple() && !left.e.constant() && p.braces {
		if t.ref = p.exprRef(left); p.err == nil && p.fieldCall(t) {
			return operand{term: p.made(t)}
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
	t.end = right.end
	if !p.braces {
		return p.comparedAggregates(t, left, right)
	}
	return operand{term: p.related(t, left, right)}
}

// comparedTruth makes a term of true or false that is compared with a condition.
func (p *parser) comparedTruth(left operand, o op, right operand) operand {
	if left.e.kind != exprConstant || left.e.typ != typeBool || o != opEq && o != opNe || right.set {
		p.fail(left.at, right.end, "a condition is compared with true or false", "")
		return right
	}
	if (left.e.value.text == "true") != (o == opEq) {
		return operand{term: p.made(&term{kind: kindNot, terms: []*term{right.term}, at: left.at, end: right.end})}
	}
	return right
}

// related makes a term of two expressions, in the simplest way that says it.
func (p *parser) related(t *term, left, right operand) *term {
	a, b := p.sides(left, right)
	switch {
	case p.err != nil:
		return t
	case a.kind == exprConstant && b.kind == exprConstant:
		return p.constants(t, a, b, right)
	case a.kind == exprConstant && b.kind == exprRef && !t.op.textual():
		t.op = t.op.flipped()
		t.ref = b.ref
		return p.relative(p.constantTerm(t, a.value, left.at, left.end))
	case a.kind == exprRef && b.kind == exprConstant:
		t.ref = a.ref
		v := b.value
		if t.op == opRegex && !t.fold || t.op == opNotRegex {
			if wrong := checkPattern(v.text); wrong != (problem{}) {
				p.fail(right.at, right.end, wrong.message, wrong.suggestion)
				return t
			}
			v.text = anchored(v.text)
		}
		return p.relative(p.constantTerm(t, v, right.at, right.end))
	case t.op.textual():
		p.fail(right.at, right.end, t.op.String()+" takes a constant", "")
		return t
	case a.kind == exprRef && b.kind == exprRef && !a.ref.parent && !b.ref.parent:
		t.ref = a.ref
		return p.otherRef(t, b.ref, right.at, right.end)
	}
	return p.calculation(t, a, b, right)
}

// sides decides what the words of both sides are: keys on the left, text on the right.
func (p *parser) sides(left, right operand) (a, b *expr) {
	a, b = left.e, right.e
	text := b.kind == exprConstant && b.typ == typeText || b.kind == exprRef && b.ref.field != fieldNone && b.typ == typeText
	switch {
	case a.kind == exprWord && b.kind == exprRef && b.ref.field != fieldNone && isWordOf(b.typ, a.value.text),
		a.kind == exprRef && b.kind == exprRef && isWordOf(b.typ, left.name.text) && a.typ != b.typ:
		a = &expr{kind: exprConstant, typ: b.typ, value: literal{text: left.name.text}} // error = status
	case a.kind == exprWord:
		a = &expr{kind: exprRef, ref: p.exprRef(left)}
	case a.kind == exprConstant && a.typ == typeText && b.kind != exprRef && !text:
		a = &expr{kind: exprRef, ref: ref{key: a.value.text}} // "odd key" = 1
	}
	switch {
	case b.kind == exprWord:
		b = &expr{kind: exprConstant, typ: typeText, value: b.value}
	case b.kind == exprRef && isWordOf(a.typ, right.name.text):
		b = &expr{kind: exprConstant, typ: a.typ, value: literal{text: right.name.text}} // status = error
	}
	return a, b
}

// isWordOf tells whether a word is one of a closed vocabulary.
func isWordOf(typ fieldType, word string) bool {
	if typ != typeKind && typ != typeStatus {
		return false
	}
	for _, w := range typ.words() {
		if w == word {
			return true
		}
	}
	return false
}

// constants decides a comparison of two constants.
func (p *parser) constants(t *term, a, b *expr, right operand) *term {
	holds, ok := false, false
	switch {
	case t.op == opRegex || t.op == opNotRegex:
		if wrong := checkPattern(b.value.text); wrong != (problem{}) {
			p.fail(right.at, right.end, wrong.message, wrong.suggestion)
			return t
		}
		if re, err := regexp.Compile(anchored(b.value.text)); err == nil && a.typ == typeText && b.typ == typeText {
			holds, ok = re.MatchString(a.value.text) == (t.op == opRegex), true
		}
	case t.op == opContains:
		holds, ok = strings.Contains(a.value.text, b.value.text), a.typ == typeText && b.typ == typeText
	case a.typ == b.typ && a.typ == typeBool:
		holds, ok = t.op.holds(strings.Compare(a.value.text, b.value.text)), !t.op.ordered()
	case a.typ == b.typ:
		holds, ok = t.op.holds(compareData(a.datum(), b.datum())), true
	}
	if !ok {
		p.fail(t.at, t.end, fmt.Sprintf("%s is %s and %s is %s; %s does not compare them", formatExpr(a), typeNames[a.typ], formatExpr(b), typeNames[b.typ], t.op), "")
		return t
	}
	return p.made(always(holds, t))
}

// always is the term that holds for every span, or for none.
func always(holds bool, at *term) *term {
	t := &term{kind: kindAll, depth: 1, at: at.at, end: at.end}
	if !holds {
		return &term{kind: kindNot, terms: []*term{t}, at: at.at, end: at.end}
	}
	return t
}

// calculation makes a term of two calculations.
func (p *parser) calculation(t *term, a, b *expr, right operand) *term {
	plain := a.kind == exprRef && b.kind == exprRef
	switch {
	case plain:
		if message := refsDiffer(a.ref, t.op, b.ref); message != "" {
			p.fail(right.at, right.end, message, "")
			return t
		}
	case b.kind == exprConstant && b.typ == typeNumber && a.typ == typeDuration:
		p.fail(right.at, right.end, formatExpr(a)+" needs a unit: ns, us, ms, s, m or h", b.value.text+"ms")
		return t
	case !a.typ.countable() || !b.typ.countable() || a.typ != b.typ && a.typ != typeAny && b.typ != typeAny:
		p.fail(t.at, t.end, fmt.Sprintf("%s is %s and %s is %s", formatExpr(a), typeNames[a.typ], formatExpr(b), typeNames[b.typ]), "")
		return t
	}
	levels := map[expression.Level]bool{}
	for _, e := range []*expr{a, b} {
		e.visit(func(r ref) {
			if level := r.element(); level != "" {
				levels[level] = true
			}
		})
	}
	if len(levels) > 1 {
		p.fail(t.at, t.end, "one calculation takes events or links, not both", "")
		return t
	}
	t.kind, t.ref, t.left, t.right = kindCalc, ref{}, a, b
	return p.made(t)
}

// relative makes of a term about the span's parent what asks the parent.
func (p *parser) relative(t *term) *term {
	if !t.ref.parent && (t.kind != kindNot || !t.terms[0].ref.parent) {
		return t
	}
	inner := t
	if t.kind == kindNot {
		inner = t.terms[0]
	}
	inner.ref.parent = false
	inner.measure()
	above := p.made(&term{kind: kindRelative, relation: relationParent, terms: []*term{inner}, at: t.at, end: t.end})
	if t.kind == kindNot {
		return p.made(&term{kind: kindNot, terms: []*term{above}, at: t.at, end: t.end})
	}
	return above
}

// settled makes a condition of an expression that stands alone.
func (p *parser) settled(o operand) operand {
	if o.e == nil || p.err != nil {
		return o
	}
	at := &term{at: o.at, end: o.end}
	switch {
	case !p.braces:
		p.fail(o.end, o.end, formatExpr(o.e)+" is compared with = != > >= < or <=", "")
	case o.e.kind == exprConstant && o.e.typ == typeBool:
		return operand{term: p.made(always(o.e.value.text == "true", at))}
	case o.e.kind == exprConstant && o.e.typ == typeText:
		p.pos = max(p.pos, o.end)
		return operand{term: p.freeText(o.name)}
	case o.e.kind == exprRef && (o.e.typ == typeAny || o.e.typ == typeBool):
		return operand{term: p.relative(p.made(&term{kind: kindCompare, ref: o.e.ref, values: []literal{{text: "true"}}, at: o.at, end: o.end}))}
	case (o.e.kind == exprRef || o.e.kind == exprWord) && o.name.end > o.name.at:
		p.pos = o.name.end
		p.missingOperator(o.name, o.name.end, "")
	default:
		p.fail(o.at, o.end, formatExpr(o.e)+" is "+typeNames[o.e.typ]+" and no condition; compare it", "")
	}
	return o
}
