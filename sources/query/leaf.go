package query

import (
	"fmt"
	"strings"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// leafParser reads the terms that hold no other: comparisons, lists, has:key and free text.
type leafParser struct {
	reader
	nesting int // how many terms enclose the one that is read
}

// deeper enters a level of nesting and reports whether that is allowed.
func (p *leafParser) deeper(at int) bool {
	if p.nesting++; p.nesting > expression.MaxNestingDepth {
		p.tooDeep(at)
	}
	return p.err == nil
}

func (p *leafParser) tooDeep(at int) {
	p.fail(at, min(at+1, len(p.text)), fmt.Sprintf("nested more than %d deep", expression.MaxNestingDepth), "")
}

// made measures a finished term.
func (p *leafParser) made(t *Term) *Term {
	t.measure()
	if t.depth > expression.MaxNestingDepth {
		p.tooDeep(t.At)
	}
	return t
}

// denied makes the term that holds where another does not.
func (p *leafParser) denied(t *Term, at, end int) *Term {
	return p.made(&Term{Kind: KindNot, Terms: []*Term{t}, At: at, End: end})
}

// relative makes of a term about the span's parent what asks the parent.
func (p *leafParser) relative(t *Term) *Term {
	if t.Kind == KindNot && t.Terms[0].Ref.Parent {
		return p.denied(p.relative(t.Terms[0]), t.At, t.End)
	}
	if !t.Ref.Parent {
		return t
	}
	t.Ref.Parent = false
	t.measure()
	return p.made(&Term{Kind: KindRelative, Relation: RelationParent, Terms: []*Term{t}, At: t.At, End: t.End})
}

// has reads the key behind has:.
func (p *leafParser) has(at int) *Term {
	p.space()
	n := p.key()
	if p.err == nil && n.end == n.at {
		p.fail(n.at, n.at, "a key is missing after has:", "")
	}
	t := &Term{Kind: KindHas, At: at, End: n.end}
	if p.err == nil {
		t.Ref = p.ref(n)
	}
	return p.made(t)
}

// missingTerm refuses a key that is empty.
func (p *leafParser) missingTerm(n name) bool {
	if n.end > n.at {
		return false
	}
	if c := p.peek(); c == ')' || c == '}' {
		p.fail(n.at, n.at+1, "expected a term", "")
	}
	p.unexpected("")
	return true
}

// functionHead reads the parenthesis behind the name of a function that takes a term.
func (p *leafParser) functionHead(n name) *Term {
	t := &Term{At: n.at}
	switch {
	case n.text == "event" || n.text == "link":
		t.Kind, t.Level = KindSome, expression.Level(n.text)
	case relationOf(n.text) < RelationCount:
		t.Kind, t.Relation = KindRelative, relationOf(n.text)
	default:
		p.noFunction(n, false)
	}
	at := p.pos
	p.pos++
	if p.space(); p.peek() == ')' {
		p.fail(at, p.pos+1, n.text+"() needs a term between its parentheses", "")
	}
	return t
}

// comparesOnly refuses within event(…) and link(…) what is not about one event or link of one span.
func (p *leafParser) comparesOnly(function string, t *Term) {
	switch t.Kind {
	case KindSome, KindRelative, KindText, KindCalc, KindAll:
		p.fail(t.At, t.End, function+"(…) takes comparisons only", "")
	default:
	}
	for _, kid := range t.Terms {
		p.comparesOnly(function, kid)
	}
}

// term reads what follows a key outside { }: a comparison, a list, or nothing that belongs to it, as behind free text.
func (p *leafParser) term(n name) *Term {
	p.space()
	t := &Term{At: n.at, End: n.end}
	at := p.pos
	if p.listAhead(t) {
		if p.err == nil {
			t.Ref = p.ref(n)
		}
		return p.listTerm(t, at)
	}
	o, ok := p.operator()
	if !ok {
		p.pos = n.end
		return p.freeText(n)
	}
	t.Op, t.Ref = o, p.ref(n)
	sign := p.text[at:p.pos]
	t.Fold = o.Textual() && p.foldSuffix()
	p.space()
	if p.err != nil || p.fieldCall(t) {
		return p.made(t)
	}
	v, at, end := p.value(sign)
	if p.err != nil {
		return t
	}
	t.End = end
	return p.constantTerm(t, v, at, end)
}

// constantTerm makes t compare with a constant, which stands from at to end.
func (p *leafParser) constantTerm(t *Term, v Literal, at, end int) *Term {
	t.Kind = KindCompare
	if v.Text == "nil" && !v.Quoted && !t.Op.Textual() {
		return p.nilTerm(t)
	}
	if p.peek() == ',' && t.Op == OpEq {
		p.fail(at, p.pos+1, "several values stand in a list", FormatRef(t.Ref)+" in ("+v.Text+", …)")
		return t
	}
	if !v.Quoted && !t.Op.Textual() && strings.ContainsAny(v.Text, "*?") {
		p.fail(at, end, "= takes no wildcards; =~ takes a regular expression, quotes take them as they are",
			FormatRef(t.Ref)+"=~"+quote(wildcard(v.Text)))
		return t
	}
	fitted, wrong := fit(t.Ref, t.Op, v)
	p.refuse(at, end, wrong)
	t.Values = []Literal{fitted}
	return p.made(t)
}

// wildcard turns a shell pattern into a regular expression.
func wildcard(text string) string {
	return "^" + strings.NewReplacer(".", `\.`, "+", `\+`, "$", `\$`, "*", ".*", "?", ".").Replace(text) + "$"
}

// nilTerm turns k = nil and k != nil into whether k is there.
func (p *leafParser) nilTerm(t *Term) *Term {
	has := p.made(&Term{Kind: KindHas, Ref: t.Ref, At: t.At, End: t.End})
	if t.Op == OpEq {
		return p.denied(has, t.At, t.End)
	}
	if t.Op != OpNe {
		p.fail(t.At, t.End, "nil has no order; use = or !=", "")
	}
	return has
}

// fieldCall reads field(key) on the right side.
func (p *leafParser) fieldCall(t *Term) bool {
	from := p.pos
	if !p.keyword("field") || p.peek() != '(' {
		p.pos = from
		return false
	}
	p.pos++
	p.space()
	n := p.key()
	if p.err == nil && n.end == n.at {
		p.fail(n.at, n.at, "a key is missing", "")
	}
	if p.err == nil {
		p.otherRef(t, p.ref(n), n.at, n.end)
	}
	p.space()
	if p.err == nil && !p.take(")") {
		p.fail(from, p.pos, "unclosed field(", "")
	}
	t.End = p.pos
	return true
}

// otherRef makes t compare with another reference, which stands from at to end.
func (p *leafParser) otherRef(t *Term, other Ref, at, end int) *Term {
	t.Kind, t.End, t.Other = KindCompareRefs, end, other
	p.refuse(at, end, refsDiffer(t.Ref, t.Op, t.Other))
	return p.made(t)
}

// refsDiffer says why two references cannot be compared.
func refsDiffer(a Ref, o Op, b Ref) problem {
	x, y := a.Type(), b.Type()
	switch {
	case o.Textual():
		return problem{o.String() + " takes a constant", ""}
	case !x.fits(y) && (x != TypeText || y != TypeFinding) && (x != TypeFinding || y != TypeText):
		return problem{fmt.Sprintf("%s is %s and %s is %s", FormatRef(a), typeNames[x], FormatRef(b), typeNames[y]), ""}
	case o.ordered() && (!x.ordered() || !y.ordered()):
		return problem{fmt.Sprintf("%s and %s have no order; use = or !=", FormatRef(a), FormatRef(b)), ""}
	}
	return problem{}
}

// listTerm reads the list of in, not in, phrase and fulltext.
func (p *leafParser) listTerm(t *Term, at int) *Term {
	if p.err != nil {
		return t
	}
	open, closing := p.pos, ")"
	if p.peek() == '[' {
		closing = "]"
	}
	p.pos++
	for p.err == nil {
		p.space()
		if p.peek() == closing[0] && len(t.Values) == 0 {
			p.fail(open, p.pos+1, "the list is empty", "")
		}
		v, from, end := p.listed(p.text[at:open+1], closing[0])
		if p.err != nil {
			break
		}
		fitted, wrong := fitListed(t, v)
		p.refuse(from, end, wrong)
		t.Values = append(t.Values, fitted)
		p.space()
		if p.take(closing) {
			t.End = p.pos
			return p.made(t)
		}
		if !p.take(",") {
			if p.pos == len(p.text) {
				p.fail(open, open+1, "unclosed (", "")
			}
			p.unexpected(",")
		}
	}
	return t
}

// listed reads a value of a list. Between brackets, a closing one ends it.
func (p *leafParser) listed(after string, closing byte) (v Literal, at, end int) {
	if p.space(); closing == ')' || p.quoteAhead() {
		return p.value(after)
	}
	at = p.pos
	end = p.word(at, func(r rune) bool { return isValueRune(r) && r != ']' })
	if p.pos = end; end == at {
		p.missingValue(at, after)
	}
	return Literal{Text: p.text[at:end]}, at, end
}

// bracketList reads what = [ … ] and its like compare with: = is one of, != none of, =~ matches one of the patterns.
func (p *leafParser) bracketList(t *Term, r Ref) *Term {
	at := p.pos
	t.Ref = r
	sign := t.Op
	switch sign {
	case OpEq, OpRegex:
		t.Kind = KindIn
	case OpNe, OpNotRegex:
		t.Kind = KindNotIn
	default:
		p.fail(at, at+1, sign.String()+" takes no list", "")
	}
	if sign.Textual() {
		t.Ref = Ref{Key: "-"} // patterns fit whatever they are compared with
	}
	t.Op = OpEq
	p.listTerm(t, at)
	t.Ref = r
	if p.err != nil || !sign.Textual() {
		return t
	}
	patterns := mapped(t.Values, func(v Literal) string { return "(?:" + v.Text + ")" })
	t.Op, t.Values = sign, nil
	return p.constantTerm(t, Literal{Text: anchored(strings.Join(patterns, "|"))}, at, p.pos)
}

// freeText takes a text between quotes, or a word that stands alone and is neither field nor operator.
func (p *leafParser) freeText(n name) *Term {
	t := p.made(&Term{Kind: KindText, At: n.at, End: n.end, Values: []Literal{{Text: n.text}}})
	if n.quoted() && n.bare == 0 {
		if n.text == "" {
			p.fail(n.at, n.end, "empty text", "")
		}
		return t
	}
	f := fieldNamed(n.text)
	switch {
	case p.byteAt(n.end) == '!':
		p.fail(n.end, n.end+1, "unknown operator !", "!=")
		return t
	case n.quoted() || p.braces || f != FieldNone && f.Info().typ != TypeBool:
		p.missingOperator(n)
		return t
	case f != FieldNone:
		p.fail(n.at, n.end, n.text+" needs a value", n.text+"=true")
		return t
	}
	// Words side by side are texts, each of which the span has to contain. Behind what is spelled like a key a word that stands
	// for an operator elsewhere is meant as one.
	if strings.ContainsAny(n.text, "._:") {
		p.space()
		if word := p.nextWord(); wordsElsewhere[strings.ToLower(word)] != "" || p.almostList(word) {
			p.noOperator(n, p.pos, word)
		}
	}
	p.pos = n.end
	return t
}
