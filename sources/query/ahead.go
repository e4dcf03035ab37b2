package query

import (
	"slices"
	"strings"
)

// startsTerm reports whether what follows can begin a term, so that a space stands for AND.
func (r *reader) startsTerm() bool {
	switch c := r.peek(); c {
	case 0, ')', '}', '|', '&', ',':
		return false
	}
	return !r.isWord("or") && !r.hintsAhead()
}

// structureSign reads a structural operator.
func (r *reader) structureSign(t *Term) bool {
	from := r.pos
	switch {
	case r.peek() == '!':
		t.Negated = true
		r.pos++
	case r.peek() == '&' && r.byteAt(r.pos+1) != '&':
		t.Union = true
		r.pos++
	}
	for _, relation := range []Relation{RelationAncestor, RelationParent, RelationDescendant, RelationChild, RelationSibling} {
		if r.take(relationSigns[relation]) {
			t.Relation = relation
			if c := r.peek(); c == '=' || c == '>' || c == '<' || c == '~' {
				r.fail(from, r.pos+1, "unknown structural operator "+r.text[from:r.pos+1], "")
			}
			return true
		}
	}
	r.pos = from
	return false
}

// parenthesisAhead skips white space when a parenthesis follows it.
func (r *reader) parenthesisAhead() bool {
	from := r.pos
	r.space()
	if r.peek() == '(' {
		return true
	}
	r.pos = from
	return false
}

// almostList reports whether a word is nearly one that a list stands behind, and a parenthesis follows it.
func (r *reader) almostList(word string) bool {
	from := r.pos
	defer func() { r.pos = from }()
	r.pos += len(word)
	return Nearest(word, []string{"in", "phrase", "fulltext"}) != "" && r.parenthesisAhead()
}

// call takes the parenthesis behind the name of a function and returns where it stands.
func (r *reader) call(function string) (open int) {
	r.space()
	open = r.pos
	if !r.take("(") {
		r.fail(open, open, "( is missing after "+function, function+"(")
	}
	return open
}

// close takes the parenthesis that closes the one at open.
func (r *reader) close(open int) {
	if r.space(); r.err == nil && !r.take(")") {
		r.fail(open, open+1, "unclosed (", "")
	}
}

// noArgument refuses what stands between the parentheses of a function that takes nothing.
func (r *reader) noArgument(function string) {
	r.space()
	if c := r.peek(); c != ')' && c != 0 {
		r.fail(r.pos, r.word(r.pos, isWordRune), function+"() takes nothing between its parentheses", "")
	}
}

// foldSuffix takes the i of =~i and ~i: an i before a quote, or alone with a value and no other term behind it.
func (r *reader) foldSuffix() bool {
	if r.peek() != 'i' {
		return false
	}
	from := r.pos
	r.pos++
	if r.quoteAhead() {
		return true
	}
	after := r.pos
	r.space()
	value := r.pos
	if r.pos > after && r.pos < len(r.text) && !strings.ContainsRune(")}|&", rune(r.peek())) {
		if r.quoteAhead() {
			return true
		}
		next := r.key()
		if r.err == nil && !keyword(next.text) && !r.keyHere(next) {
			r.pos = value
			return true
		}
	}
	r.pos = from
	return false
}

// listAhead reads in, not in, phrase or fulltext when a list follows it.
func (r *reader) listAhead(t *Term) bool {
	from := r.pos
	negative := r.keyword("not")
	r.space()
	switch {
	case r.keyword("in"):
		t.Kind = KindIn
		if negative {
			t.Kind = KindNotIn
		}
	case !negative && r.keyword("phrase"):
		t.Kind = KindPhrase
	case !negative && r.keyword("fulltext"):
		t.Kind = KindFulltext
	default:
		r.pos = from
		return false
	}
	if r.parenthesisAhead() {
		return true
	}
	if at := r.pos; r.braces {
		if r.space(); r.peek() == '[' {
			return true
		}
		r.pos = at
	}
	if t.Kind == KindIn || t.Kind == KindNotIn {
		r.fail(from, r.pos, r.text[from:r.pos]+" needs a list in parentheses", "")
		return true
	}
	r.pos = from
	return false
}

// keyHere reports whether the key just read begins a term of its own.
func (r *reader) keyHere(n name) bool {
	if c := r.peek(); c == '(' || c == ':' && n.text == "has" {
		return true
	}
	r.space()
	c := r.peek()
	return c != 0 && strings.ContainsRune("=<>~", rune(c)) || c == '!' && strings.ContainsRune("=~", rune(r.byteAt(r.pos+1))) ||
		r.isWord("in") || r.isWord("phrase") || r.isWord("fulltext")
}

// denies reports whether a minus is the NOT of the next term, as in a=1 -b=2: a space stands before it and none behind.
func (r *reader) denies(from int) bool {
	next := r.byteAt(r.pos + 1)
	return from < r.pos && r.braces && !strings.ContainsRune(" \t\r\n.0123456789", rune(next))
}

// turns reports whether the minus that a condition begins with turns the sign of what follows: a number, an attribute
// with a point or a level in front, or a field that counts or measures. Before anything else it is NOT.
func (r *reader) turns() bool {
	at := r.pos
	defer func() { r.pos = at }()
	r.pos++
	for r.pos < len(r.text) && strings.ContainsRune("-(", rune(r.peek())) {
		r.pos++
	}
	r.space()
	if c := r.peek(); c >= '0' && c <= '9' || r.attributePrefix() != "" {
		return true
	}
	typ := fieldNamed(r.nextWord()).Info().typ
	return typ == TypeNumber || typ == TypeDuration
}

// stageAhead reports whether a step of a pipeline comes that stands in for a spanset: it begins with all spans.
func (r *reader) stageAhead() bool {
	from := r.pos
	defer func() { r.pos = from }()
	for _, name := range stageNames {
		if r.keyword(name) {
			return r.parenthesisAhead()
		}
	}
	return false
}

// stageHead reads the name of a step of a pipeline and the parenthesis behind it.
func (r *reader) stageHead() (n name, open int) {
	n = r.key()
	switch {
	case r.err != nil:
	case n.end == n.at:
		r.fail(n.at, n.at, "a function is missing after |: count avg min max sum by coalesce select", "")
	case n.quoted() || !slices.Contains(stageNames[:], n.text) && aggregateOf(n.text) == AggregateCountOf:
		r.noFunction(n, true)
	default:
		open = r.call(n.text)
	}
	return n, open
}

// scalarAhead reports whether a calculation with aggregates comes: its first word is one, or a number that an operator
// joins to one.
func (r *reader) scalarAhead() bool {
	if r.braces {
		return false
	}
	from := r.pos
	defer func() { r.pos = from }()
	joined := true // where a word may stand
	for r.pos < len(r.text) {
		r.space()
		switch c := r.peek(); {
		case (c == '(' || c == '-') && joined:
			r.pos++
		case c != 0 && strings.ContainsRune("+-*/%^=<>!", rune(c)):
			r.pos++
			joined = true
		case c == ')' && !joined:
			r.pos++
		default:
			word := r.nextWord()
			r.pos += len(word)
			if aggregateOf(word) < AggregateCountOf {
				return joined && r.parenthesisAhead()
			}
			if !joined || readConstant(word) == nil {
				return false
			}
			joined = false
		}
	}
	return false
}

// hintsAhead reports whether with ( … ) comes.
func (r *reader) hintsAhead() bool {
	from := r.pos
	defer func() { r.pos = from }()
	return !r.braces && r.keyword("with") && r.parenthesisAhead()
}

// numeral reads a number, a duration or a size that stands alone or before an operator of arithmetic; nil for what is
// none of these.
func (r *reader) numeral() (e *Expr, end int) {
	c := r.peek()
	if (c < '0' || c > '9') && c != '.' && c != '+' {
		return nil, 0
	}
	whole := r.word(r.pos, isValueRune)
	if e := readConstant(r.text[r.pos:whole]); e != nil {
		return e, whole
	}
	for i := r.pos + 1; i < whole; i++ {
		if precedence(r.text[i]) == 0 || strings.ContainsRune("eE", rune(r.text[i-1])) {
			continue
		}
		if next := r.byteAt(i + 1); next >= '0' && next <= '9' || next == '.' || next == '(' || i+1 == whole {
			return readConstant(r.text[r.pos:i]), i
		}
		return nil, 0
	}
	return nil, 0
}
