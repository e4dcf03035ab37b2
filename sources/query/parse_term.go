package query

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// term reads a comparison, has:key, a function or free text.
func (p *parser) term() *term {
	n := p.key()
	if p.err != nil {
		return p.void().term
	}
	if n.end == n.at {
		if c := p.peek(); c == ')' || c == '}' {
			p.fail(n.at, n.at+1, "a term is missing here", "")
		}
		p.unexpected("")
		return p.void().term
	}
	if n.text == "has" && !n.quoted() && p.take(":") {
		return p.has(n.at)
	}
	if p.peek() == '(' && !n.quoted() || relationOf(n.text) < relationCount && p.parenthesisAhead() {
		return p.function(n)
	}
	p.space()
	t := &term{at: n.at, end: n.end}
	if at := p.pos; p.listAhead(t) {
		if p.err == nil {
			t.ref = p.ref(n)
		}
		return p.listTerm(t, at)
	}
	at := p.pos
	o, ok := p.operator()
	if p.err != nil {
		return t
	}
	if !ok {
		p.pos = n.end
		return p.freeText(n)
	}
	t.op = o
	t.ref = p.ref(n)
	if p.err != nil {
		return t
	}
	return p.compare(t, p.text[at:p.pos])
}

// parenthesisAhead skips white space when a parenthesis follows it.
func (p *parser) parenthesisAhead() bool {
	from := p.pos
	p.space()
	if p.peek() == '(' {
		return true
	}
	p.pos = from
	return false
}

// has reads the key behind has:.
func (p *parser) has(at int) *term {
	p.space()
	n := p.key()
	if p.err == nil && n.end == n.at {
		p.fail(n.at, n.at, "a key is missing after has:", "")
	}
	t := &term{kind: kindHas, at: at, end: n.end}
	if p.err == nil {
		t.ref = p.ref(n)
	}
	return p.made(t)
}

// compare reads the right side of a comparison.
func (p *parser) compare(t *term, sign string) *term {
	t.fold = t.op.textual() && p.foldSuffix()
	p.space()
	if p.reference(t) {
		return p.made(t)
	}
	v, at, end := p.value(sign)
	if p.err != nil {
		return t
	}
	t.end = end
	return p.constantTerm(t, v, at, end)
}

// constantTerm makes t compare with a constant, which stands from at to end.
func (p *parser) constantTerm(t *term, v literal, at, end int) *term {
	t.kind = kindCompare
	if v.text == "nil" && !v.quoted && !t.op.textual() {
		return p.nilTerm(t)
	}
	if p.peek() == ',' && t.op == opEq {
		p.fail(at, p.pos+1, "several values stand in a list", formatRef(t.ref)+" in ("+v.text+", …)")
		return t
	}
	if !v.quoted && !t.op.textual() && strings.ContainsAny(v.text, "*?") {
		p.fail(at, end, "= takes no wildcards; =~ takes a regular expression, quotes take them as they are",
			formatRef(t.ref)+"=~"+quote(wildcard(v.text)))
		return t
	}
	fitted, wrong := fit(t.ref, t.op, v)
	if wrong != (problem{}) {
		p.fail(at, end, wrong.message, wrong.suggestion)
	}
	t.values = []literal{fitted}
	return p.made(t)
}

// wildcard turns a shell pattern into a regular expression.
func wildcard(text string) string {
	return "^" + strings.NewReplacer(".", `\.`, "+", `\+`, "$", `\$`, "*", ".*", "?", ".").Replace(text) + "$"
}

// foldSuffix takes the i of =~i and ~i: an i before a quote, or alone with a value and no other term behind it.
func (p *parser) foldSuffix() bool {
	if p.peek() != 'i' {
		return false
	}
	from := p.pos
	p.pos++
	if c := p.peek(); c == '"' || c == '`' {
		return true
	}
	after := p.pos
	p.space()
	value := p.pos
	if p.pos > after && p.pos < len(p.text) && !strings.ContainsRune(")}|&", rune(p.peek())) {
		if c := p.peek(); c == '"' || c == '`' {
			return true
		}
		next := p.key()
		if p.err == nil && !keyword(next.text) && !p.keyHere(next) {
			p.pos = value
			return true
		}
	}
	p.pos = from
	return false
}

// nilTerm turns k = nil and k != nil into whether k is there.
func (p *parser) nilTerm(t *term) *term {
	has := p.made(&term{kind: kindHas, ref: t.ref, at: t.at, end: t.end})
	switch t.op {
	case opNe:
		return has
	case opEq:
		return p.made(&term{kind: kindNot, terms: []*term{has}, at: t.at, end: t.end})
	default:
	}
	p.fail(t.at, t.end, "nil has no order; use = or !=", "")
	return t
}

// reference reads field(key) on the right side.
func (p *parser) reference(t *term) bool {
	return p.fieldCall(t) || p.err != nil
}

// fieldCall reads field(key).
func (p *parser) fieldCall(t *term) bool {
	from := p.pos
	if p.keyword("field") && p.peek() == '(' {
		p.pos++
		p.space()
		p.comparedRef(t, p.key())
		p.space()
		if p.err == nil && !p.take(")") {
			p.fail(from, p.pos, "field( is not closed", "")
		}
		t.end = p.pos
		return true
	}
	p.pos = from
	return false
}

// comparedRef makes t compare with another reference.
func (p *parser) comparedRef(t *term, n name) *term {
	t.kind, t.end = kindCompareRefs, n.end
	if p.err == nil && n.end == n.at {
		p.fail(n.at, n.at, "a key is missing", "")
	}
	if p.err != nil {
		return t
	}
	return p.otherRef(t, p.ref(n), n.at, n.end)
}

// otherRef makes t compare with another reference, which stands from at to end.
func (p *parser) otherRef(t *term, other ref, at, end int) *term {
	t.kind, t.end, t.other = kindCompareRefs, end, other
	if p.err == nil {
		if message := refsDiffer(t.ref, t.op, t.other); message != "" {
			p.fail(at, end, message, "")
		}
	}
	return p.made(t)
}

// refsDiffer says why two references cannot be compared, "" where they can.
func refsDiffer(a ref, o op, b ref) string {
	x, y := a.typ(), b.typ()
	switch {
	case o.textual():
		return o.String() + " takes a constant"
	case x != y && x != typeAny && y != typeAny && (x != typeText || y != typeFinding) && (x != typeFinding || y != typeText):
		return fmt.Sprintf("%s is %s and %s is %s", formatRef(a), typeNames[x], formatRef(b), typeNames[y])
	case o.ordered() && (!x.ordered() || !y.ordered()):
		return fmt.Sprintf("%s and %s have no order; use = or !=", formatRef(a), formatRef(b))
	}
	return ""
}

// listAhead reads in, not in, phrase or fulltext when a list follows it.
func (p *parser) listAhead(t *term) bool {
	from := p.pos
	negative := p.keyword("not")
	p.space()
	switch {
	case p.keyword("in"):
		t.kind = kindIn
		if negative {
			t.kind = kindNotIn
		}
	case !negative && p.keyword("phrase"):
		t.kind = kindPhrase
	case !negative && p.keyword("fulltext"):
		t.kind = kindFulltext
	default:
		p.pos = from
		return false
	}
	if p.parenthesisAhead() {
		return true
	}
	if at := p.pos; p.braces {
		if p.space(); p.peek() == '[' {
			return true
		}
		p.pos = at
	}
	if t.kind == kindIn || t.kind == kindNotIn {
		p.fail(from, p.pos, p.text[from:p.pos]+" takes a list in parentheses", "")
		return true
	}
	p.pos = from
	return false
}

// listTerm reads the list of in, not in, phrase and fulltext.
func (p *parser) listTerm(t *term, at int) *term {
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
		if p.peek() == closing[0] && len(t.values) == 0 {
			p.fail(open, p.pos+1, "the list is empty", "")
		}
		v, from, end := p.listed(p.text[at:open+1], closing[0])
		if p.err != nil {
			break
		}
		fitted, wrong := p.fitListed(t, v)
		if wrong != (problem{}) {
			p.fail(from, end, wrong.message, wrong.suggestion)
		}
		t.values = append(t.values, fitted)
		p.space()
		if p.take(closing) {
			t.end = p.pos
			return p.made(t)
		}
		if !p.take(",") {
			if p.pos == len(p.text) {
				p.fail(open, open+1, "( is not closed", "")
			}
			p.unexpected(",")
		}
	}
	return t
}

// listed reads a value of a list. Between brackets, a closing one ends it.
func (p *parser) listed(after string, closing byte) (v literal, at, end int) {
	if closing == ')' {
		return p.value(after)
	}
	p.space()
	if c := p.peek(); c == '"' || c == '`' {
		return p.value(after)
	}
	at = p.pos
	end = p.word(at, func(r rune) bool { return isValueRune(r) && r != ']' })
	if p.pos = end; end == at {
		p.missingValue(at, after)
	}
	return literal{text: p.text[at:end]}, at, end
}

// bracketList reads what = [ … ] and its like compare with: = is one of, != none of, =~ matches one of the patterns.
func (p *parser) bracketList(t *term, r ref) *term {
	at := p.pos
	t.ref = r
	sign := t.op
	switch sign {
	case opEq, opRegex:
		t.kind = kindIn
	case opNe, opNotRegex:
		t.kind = kindNotIn
	default:
		p.fail(at, at+1, sign.String()+" takes no list", "")
	}
	if sign.textual() {
		t.ref = ref{key: "-"} // patterns fit whatever they are compared with
	}
	t.op = opEq
	p.listTerm(t, at)
	t.ref = r
	if p.err != nil || !sign.textual() {
		return t
	}
	patterns := make([]string, len(t.values))
	for i, v := range t.values {
		patterns[i] = "(?:" + v.text + ")"
	}
	t.op, t.values = sign, nil
	return p.constantTerm(t, literal{text: anchored(strings.Join(patterns, "|"))}, at, p.pos)
}

// fitListed fits a value of a list to what it is compared with.
func (p *parser) fitListed(t *term, v literal) (literal, problem) {
	if t.kind == kindIn || t.kind == kindNotIn {
		if !v.quoted && strings.ContainsAny(v.text, "*?") {
			return v, problem{"a list takes no wildcards", quote(v.text)}
		}
		if !v.quoted && v.text == "nil" {
			return v, problem{"nil stands in no list; the text stands between quotes", quote(v.text)}
		}
		return fit(t.ref, opEq, v)
	}
	if t.ref.field != fieldNone {
		return v, problem{fmt.Sprintf("%s searches attributes; %s is a field", listWords[t.kind], formatRef(t.ref)), ""}
	}
	for _, r := range v.text {
		if !isTermRune(r) || !utf8.ValidString(v.text) {
			return v, problem{fmt.Sprintf("%s takes single words of letters and digits", listWords[t.kind]), ""}
		}
	}
	if v.text == "" || len(v.text) > 255 {
		return v, problem{fmt.Sprintf("%s takes words of 1 to 255 bytes", listWords[t.kind]), ""}
	}
	return literal{text: v.text}, problem{}
}

// freeText takes a text between quotes, or a word that stands alone and is neither field nor operator.
func (p *parser) freeText(n name) *term {
	t := p.made(&term{kind: kindText, at: n.at, end: n.end, values: []literal{{text: n.text}}})
	if n.quoted() && n.bare == 0 {
		if n.text == "" {
			p.fail(n.at, n.end, "free text is empty", "")
		}
		return t
	}
	f := fieldNamed(n.text)
	switch {
	case p.byteAt(n.end) == '!':
		p.fail(n.end, n.end+1, "unknown operator !", "!=")
		return t
	case n.quoted() || p.braces || f != fieldNone && f.info().typ != typeBool:
		p.missingOperator(n, n.end, "")
		return t
	case f != fieldNone:
		p.fail(n.at, n.end, n.text+" needs a value", n.text+"=true")
		return t
	}
	// A word that follows stands where an operator would; unless an operator follows it in turn.
	p.space()
	if next := p.key(); p.err == nil && next.end > next.at && !next.quoted() && p.text[next.at] != '-' && !keyword(next.text) && !p.keyHere(next) {
		p.missingOperator(n, next.at, next.text)
	}
	p.pos = n.end
	return t
}

func keyword(word string) bool {
	switch strings.ToLower(word) {
	case "and", "or", "not":
		return true
	}
	return false
}

// keyHere tells whether the key just read begins a term of its own.
func (p *parser) keyHere(n name) bool {
	if c := p.peek(); c == '(' || c == ':' && n.text == "has" {
		return true
	}
	p.space()
	c := p.peek()
	return c != 0 && strings.ContainsRune("=<>~", rune(c)) || c == '!' && strings.ContainsRune("=~", rune(p.byteAt(p.pos+1))) ||
		p.isWord("in") || p.isWord("phrase") || p.isWord("fulltext")
}

// missingOperator refuses a key without operator, or with a word in its place.
func (p *parser) missingOperator(n name, at int, word string) {
	if word == "" {
		p.space()
		if word = p.text[p.pos:p.word(p.pos, isWordRune)]; word != "" && !keyword(word) {
			at = p.pos
		} else {
			p.fail(n.end, n.end, "an operator is missing after "+quoteShort(n.text)+": = != > >= < <= =~ !~ ~ in", "")
			return
		}
	}
	meant := operatorWord(word)
	if meant == "" && fieldNamed(n.text) == fieldNone && !p.braces {
		p.fail(at, at+len(word), fmt.Sprintf("unknown operator %s after %s; free text of several words stands between quotes", cut(word), quoteShort(n.text)), quote(n.text+" "+word))
		return
	}
	p.fail(at, at+len(word), fmt.Sprintf("unknown operator %s", cut(word)), meant)
}

// operatorWord returns the operator that a word stands for elsewhere.
func operatorWord(word string) string {
	switch strings.ToLower(word) {
	case "is", "eq", "equals":
		return "="
	case "ne", "isnt":
		return "!="
	case "gt", "over", "above":
		return ">"
	case "gte", "ge":
		return ">="
	case "lt", "under", "below":
		return "<"
	case "lte", "le":
		return "<="
	case "like", "contains", "includes":
		return "~"
	case "matches", "regex", "regexp":
		return "=~"
	}
	return nearest(word, []string{"in", "phrase", "fulltext"})
}
