package query

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// atom reads the smallest part of a calculation.
func (p *parser) atom() operand {
	p.space()
	at := p.pos
	c := p.peek()
	switch {
	case p.err != nil:
	case c == 0 || c == ')' || c == '}':
		p.fail(at, min(at+1, len(p.text)), "a term is missing here", "")
	case c == '-':
		return p.minus(at)
	case c == '(':
		p.pos++
		o := p.enclosed(at, ')')
		o.At, o.End = at, p.pos
		return o
	case c == '"' || c == '`':
		n := p.key()
		e := &Expr{Kind: ExprConstant, Type: TypeText, Value: Literal{n.text, true}}
		return p.joined(operand{e: e, name: n}, at, p.pos)
	case p.braces && (c == '!' || p.isWord("not")):
		return p.not()
	default:
		return p.bareWord(at)
	}
	return p.void()
}

// minus reads what follows a minus: what a number is turned by, or NOT.
func (p *parser) minus(at int) operand {
	if !p.deeper(at) {
		return p.void()
	}
	defer func() { p.nesting-- }()
	p.pos++
	o := p.atom()
	switch {
	case p.err != nil:
		return o
	case o.e == nil && p.braces && !o.set:
		return operand{Term: p.made(&Term{Kind: KindNot, Terms: []*Term{o.Term}, At: at, End: o.End})}
	case o.e == nil:
		p.fail(at, o.End, "- takes a number", "")
		return o
	}
	e, wrong := negative(p.number(o))
	if wrong != (problem{}) {
		p.fail(at, o.End, wrong.message, wrong.suggestion)
		return o
	}
	return p.joined(operand{e: e}, at, p.pos)
}

// bareWord reads a constant without quotes, a reference, a function, or a word of which only its place says what it is.
func (p *parser) bareWord(at int) operand {
	if e, end := p.numeral(); e != nil {
		p.pos = end
		return p.joined(operand{e: e}, at, end)
	}
	if p.braces {
		if n, ok := p.attributeName(); ok {
			e := &Expr{Kind: ExprRef, Ref: p.ref(n)}
			e.Type = e.Ref.Type()
			return p.joined(operand{e: e, name: n}, at, p.pos)
		}
	}
	n := p.key()
	if p.err != nil {
		return p.void()
	}
	switch {
	case n.end == n.at:
		end := p.word(at, isValueRune)
		if end == at || !p.right {
			p.unexpected("")
			return p.void()
		}
		p.pos = end
		return p.joined(operand{e: &Expr{Kind: ExprWord, Type: TypeText, Value: Literal{Text: p.text[at:end]}}}, at, end)
	case n.text == "has" && p.braces && p.take(":"):
		return operand{Term: p.relative(p.has(at))}
	case aggregateOf(n.text) < AggregateCountOf && !p.braces:
		return p.aggregate(n)
	case p.peek() == '(' || relationOf(n.text) < RelationCount && p.parenthesisAhead():
		return operand{Term: p.function(n)}
	case n.text == "true" || n.text == "false":
		e := &Expr{Kind: ExprConstant, Type: TypeBool, Value: Literal{Text: n.text}}
		return p.joined(operand{e: e, name: n}, at, p.pos)
	case !p.braces:
		return p.joined(operand{e: &Expr{Kind: ExprWord, Type: TypeText, Value: Literal{Text: n.text}}, name: n}, at, p.pos)
	}
	if f := fieldNamed(n.text); f != FieldNone {
		e := &Expr{Kind: ExprRef, Ref: p.ref(n)}
		e.Type = e.Ref.Type()
		return p.joined(operand{e: e, name: n}, at, p.pos)
	}
	// A value may have characters that a key has not.
	end := p.word(at, isValueRune)
	e := &Expr{Kind: ExprWord, Type: TypeText, Value: Literal{Text: n.text}}
	if end > n.end && !strings.ContainsRune("+*%^", rune(p.byteAt(n.end))) || strings.ContainsRune("*+", rune(p.byteAt(end-1))) {
		e.Value.Text = p.text[at:end]
		n.text, n.end, n.bare, p.pos = e.Value.Text, end, end-at, end
	}
	return p.joined(operand{e: e, name: n}, at, p.pos)
}

// numeral reads a number, a duration or a size that stands alone or before an operator of arithmetic; nil for what is
// none of these.
func (p *parser) numeral() (e *Expr, end int) {
	c := p.peek()
	if (c < '0' || c > '9') && c != '.' && c != '+' {
		return nil, 0
	}
	whole := p.word(p.pos, isValueRune)
	if e := readConstant(p.text[p.pos:whole]); e != nil {
		return e, whole
	}
	for i := p.pos + 1; i < whole; i++ {
		if precedence(p.text[i]) == 0 || strings.ContainsRune("eE", rune(p.text[i-1])) {
			continue
		}
		if next := p.byteAt(i + 1); next != '.' && (next < '0' || next > '9') && next != '(' && i+1 < whole {
			return nil, 0
		}
		if e := readConstant(p.text[p.pos:i]); e != nil {
			return e, i
		}
		return nil, 0
	}
	return nil, 0
}

// readConstant reads a number, a duration or a size; nil for anything else.
func readConstant(text string) *Expr {
	if _, ok := ReadNumber(text); ok {
		return &Expr{Kind: ExprConstant, Type: TypeNumber, Value: Literal{Text: text}}
	}
	if _, ok := ReadDuration(text); ok {
		return &Expr{Kind: ExprConstant, Type: TypeDuration, Value: Literal{Text: text}}
	}
	if d, ok := readDays(text); ok {
		return &Expr{Kind: ExprConstant, Type: TypeDuration, Value: Literal{Text: WriteDuration(d)}}
	}
	if n, ok := readSize(text); ok {
		return &Expr{Kind: ExprConstant, Type: TypeNumber, Value: Literal{Text: n.String()}}
	}
	return nil
}

// attributeName reads an attribute as TraceQL writes it: a point or a level in front, and then all but white space and
// the signs that mean something, or parts between quotes.
func (s *scanner) attributeName() (n name, ok bool) {
	from := s.pos
	n = name{at: from, bare: -1}
	prefix := s.attributePrefix()
	if prefix == "" {
		return n, false
	}
	n.text = prefix
	s.pos += len(prefix)
	for s.err == nil {
		end := s.word(s.pos, isAttributeRune)
		n.text += s.text[s.pos:end]
		s.pos = end
		if s.peek() != '"' {
			break
		}
		if n.bare < 0 {
			n.bare = len(n.text)
		}
		n.text += s.quoted()
	}
	if s.err == nil && len(n.text) == len(prefix) {
		s.fail(from, s.pos, "a key is missing", "")
	}
	if n.bare < 0 {
		n.bare = len(n.text)
	}
	n.end = s.pos
	return n, true
}

// attributePrefix returns what an attribute of TraceQL begins with, "" where none comes.
func (s *scanner) attributePrefix() string {
	rest := s.text[s.pos:]
	if strings.HasPrefix(rest, ".") && len(rest) > 1 {
		return "."
	}
	prefix := ""
	for {
		word, _, ok := strings.Cut(rest[:min(len(rest), 24)], ".")
		level, known := levelPrefixes[word]
		switch {
		case !ok:
			return prefix
		case word == "parent" && prefix == "":
			prefix = "parent."
			rest = rest[len(prefix):]
			continue
		case prefix != "" && word != "span" && word != "resource", !known || level == "":
			return prefix
		}
		return prefix + word + "."
	}
}

// isAttributeRune reports whether r may stand in an attribute of TraceQL without quotes.
func isAttributeRune(r rune) bool {
	return r != utf8.RuneError && r > ' ' && r != 0x7f && !strings.ContainsRune("{}()=~!<>&|,^\"`", r) && !unicode.IsSpace(r)
}
