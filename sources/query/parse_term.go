package query

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// term reads a comparison, has:key, a function or free text.
func (p *parser) term() *Term {
	n := p.key()
	if p.err != nil {
		return p.void().Term
	}
	if n.end == n.at {
		if c := p.peek(); c == ')' || c == '}' {
			p.fail(n.at, n.at+1, "a term is missing here", "")
		}
		p.unexpected("")
		return p.void().Term
	}
	if n.text == "has" && !n.quoted() && p.take(":") {
		return p.has(n.at)
	}
	if p.peek() == '(' && !n.quoted() || relationOf(n.text) < RelationCount && p.parenthesisAhead() {
		return p.function(n)
	}
	p.space()
	t := &Term{At: n.at, End: n.end}
	if at := p.pos; p.listAhead(t) {
		if p.err == nil {
			t.Ref = p.ref(n)
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
	t.Op = o
	t.Ref = p.ref(n)
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
func (p *parser) has(at int) *Term {
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

// compare reads the right side of a comparison.
func (p *parser) compare(t *Term, sign string) *Term {
	t.Fold = t.Op.Textual() && p.foldSuffix()
	p.space()
	if p.reference(t) {
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
func (p *parser) constantTerm(t *Term, v Literal, at, end int) *Term {
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
	if wrong != (problem{}) {
		p.fail(at, end, wrong.message, wrong.suggestion)
	}
	t.Values = []Literal{fitted}
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
func (p *parser) nilTerm(t *Term) *Term {
	has := p.made(&Term{Kind: KindHas, Ref: t.Ref, At: t.At, End: t.End})
	switch t.Op {
	case OpNe:
		return has
	case OpEq:
		return p.made(&Term{Kind: KindNot, Terms: []*Term{has}, At: t.At, End: t.End})
	default:
	}
	p.fail(t.At, t.End, "nil has no order; use = or !=", "")
	return t
}

// reference reads field(key) on the right side.
func (p *parser) reference(t *Term) bool {
	return p.fieldCall(t) || p.err != nil
}

// fieldCall reads field(key).
func (p *parser) fieldCall(t *Term) bool {
	from := p.pos
	if p.keyword("field") && p.peek() == '(' {
		p.pos++
		p.space()
		p.comparedRef(t, p.key())
		p.space()
		if p.err == nil && !p.take(")") {
			p.fail(from, p.pos, "field( is not closed", "")
		}
		t.End = p.pos
		return true
	}
	p.pos = from
	return false
}

// comparedRef makes t compare with another reference.
func (p *parser) comparedRef(t *Term, n name) *Term {
	t.Kind, t.End = KindCompareRefs, n.end
	if p.err == nil && n.end == n.at {
		p.fail(n.at, n.at, "a key is missing", "")
	}
	if p.err != nil {
		return t
	}
	return p.otherRef(t, p.ref(n), n.at, n.end)
}

// otherRef makes t compare with another reference, which stands from at to end.
func (p *parser) otherRef(t *Term, other Ref, at, end int) *Term {
	t.Kind, t.End, t.Other = KindCompareRefs, end, other
	if p.err == nil {
		if message := refsDiffer(t.Ref, t.Op, t.Other); message != "" {
			p.fail(at, end, message, "")
		}
	}
	return p.made(t)
}

// refsDiffer says why two references cannot be compared, "" where they can.
func refsDiffer(a Ref, o Op, b Ref) string {
	x, y := a.Type(), b.Type()
	switch {
	case o.Textual():
		return o.String() + " takes a constant"
	case x != y && x != TypeAny && y != TypeAny && (x != TypeText || y != TypeFinding) && (x != TypeFinding || y != TypeText):
		return fmt.Sprintf("%s is %s and %s is %s", FormatRef(a), typeNames[x], FormatRef(b), typeNames[y])
	case o.ordered() && (!x.ordered() || !y.ordered()):
		return fmt.Sprintf("%s and %s have no order; use = or !=", FormatRef(a), FormatRef(b))
	}
	return ""
}

// listAhead reads in, not in, phrase or fulltext when a list follows it.
func (p *parser) listAhead(t *Term) bool {
	from := p.pos
	negative := p.keyword("not")
	p.space()
	switch {
	case p.keyword("in"):
		t.Kind = KindIn
		if negative {
			t.Kind = KindNotIn
		}
	case !negative && p.keyword("phrase"):
		t.Kind = KindPhrase
	case !negative && p.keyword("fulltext"):
		t.Kind = KindFulltext
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
	if t.Kind == KindIn || t.Kind == KindNotIn {
		p.fail(from, p.pos, p.text[from:p.pos]+" takes a list in parentheses", "")
		return true
	}
	p.pos = from
	return false
}

// listTerm reads the list of in, not in, phrase and fulltext.
func (p *parser) listTerm(t *Term, at int) *Term {
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
		fitted, wrong := p.fitListed(t, v)
		if wrong != (problem{}) {
			p.fail(from, end, wrong.message, wrong.suggestion)
		}
		t.Values = append(t.Values, fitted)
		p.space()
		if p.take(closing) {
			t.End = p.pos
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
func (p *parser) listed(after string, closing byte) (v Literal, at, end int) {
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
	return Literal{Text: p.text[at:end]}, at, end
}

// bracketList reads what = [ … ] and its like compare with: = is one of, != none of, =~ matches one of the patterns.
func (p *parser) bracketList(t *Term, r Ref) *Term {
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
	patterns := make([]string, len(t.Values))
	for i, v := range t.Values {
		patterns[i] = "(?:" + v.Text + ")"
	}
	t.Op, t.Values = sign, nil
	return p.constantTerm(t, Literal{Text: anchored(strings.Join(patterns, "|"))}, at, p.pos)
}

// fitListed fits a value of a list to what it is compared with.
func (p *parser) fitListed(t *Term, v Literal) (Literal, problem) {
	if t.Kind == KindIn || t.Kind == KindNotIn {
		if !v.Quoted && strings.ContainsAny(v.Text, "*?") {
			return v, problem{"a list takes no wildcards", quote(v.Text)}
		}
		if !v.Quoted && v.Text == "nil" {
			return v, problem{"nil stands in no list; the text stands between quotes", quote(v.Text)}
		}
		return fit(t.Ref, OpEq, v)
	}
	if t.Ref.Field != FieldNone {
		return v, problem{fmt.Sprintf("%s searches attributes; %s is a field", listWords[t.Kind], FormatRef(t.Ref)), ""}
	}
	for _, r := range v.Text {
		if !IsTermRune(r) || !utf8.ValidString(v.Text) {
			return v, problem{fmt.Sprintf("%s takes single words of letters and digits", listWords[t.Kind]), ""}
		}
	}
	if v.Text == "" || len(v.Text) > 255 {
		return v, problem{fmt.Sprintf("%s takes words of 1 to 255 bytes", listWords[t.Kind]), ""}
	}
	return Literal{Text: v.Text}, problem{}
}

// freeText takes a text between quotes, or a word that stands alone and is neither field nor operator.
func (p *parser) freeText(n name) *Term {
	t := p.made(&Term{Kind: KindText, At: n.at, End: n.end, Values: []Literal{{Text: n.text}}})
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
	case n.quoted() || p.braces || f != FieldNone && f.Info().typ != TypeBool:
		p.missingOperator(n, n.end, "")
		return t
	case f != FieldNone:
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

// keyHere reports whether the key just read begins a term of its own.
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
	if meant == "" && fieldNamed(n.text) == FieldNone && !p.braces {
		p.fail(at, at+len(word), fmt.Sprintf("unknown operator %s after %s; free text of several words stands between quotes", Shorten(word), quoteShort(n.text)), quote(n.text+" "+word))
		return
	}
	p.fail(at, at+len(word), fmt.Sprintf("unknown operator %s", Shorten(word)), meant)
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
	return Nearest(word, []string{"in", "phrase", "fulltext"})
}
