package query

import "strings"

// expectation is what can stand at the cursor.
type expectation uint8

const (
	expectNothing expectation = iota // within free text
	expectKey
	expectOperator
	expectValue
	expectStage // behind a pipe
)

// place finds out what stands before the cursor, whose text may be no query yet.
type place struct {
	reader
	expects  expectation
	keysOnly bool   // no functions: behind has: and in aggregates
	partial  string // the word being written
	at       int    // where it begins
	ref      Ref
}

// placeAt reads terms until a byte of the text.
func placeAt(text string, cursor int) *place {
	p := &place{reader: reader{scanner: scanner{text: text[:max(0, min(cursor, len(text)))]}}}
	for !p.term() {
		p.err = nil
	}
	return p
}

// stop says what can stand at the cursor in place of word, which begins at at.
func (p *place) stop(e expectation, at int, word string) bool {
	p.expects, p.at, p.partial = e, at, word
	return true
}

// term reads up to the end of a term and reports whether the cursor was met.
func (p *place) term() bool {
	p.space()
	at := p.pos
	if at == len(p.text) {
		return p.stop(expectKey, at, "")
	}
	switch c := p.peek(); c {
	case '(', ')', '{', '}', '!', '-', '&', ',', '>', '<', '~', '=':
		p.pos++
		return false
	case '|':
		p.pos++
		if p.peek() == '|' {
			p.pos++
			return false
		}
		return p.pipe()
	}
	n := p.key()
	switch {
	case p.err != nil && p.err.Message == "unclosed quote":
		return p.stop(expectNothing, at, "")
	case p.pos == at:
		p.pos++
		return false
	case p.pos == len(p.text) && n.bare > 0:
		return p.stop(expectKey, at, n.text)
	case n.text == "has" && p.take(":"):
		return p.has()
	case p.peek() == '(':
		return false
	case keyword(n.text) && !n.quoted():
		return false
	}
	p.ref = p.readRef(n)
	return p.comparison()
}

// readRef reads a key without complaining.
func (p *place) readRef(n name) Ref {
	quiet := reader{scanner: scanner{text: p.text}}
	if r := quiet.ref(n); quiet.err == nil {
		return r
	}
	return Ref{Key: n.text}
}

func (p *place) has() bool {
	at := p.pos
	n := p.key()
	p.keysOnly = p.pos == len(p.text)
	return p.keysOnly && p.stop(expectKey, at, n.text)
}

// comparison reads what follows a key.
func (p *place) comparison() bool {
	p.space()
	at := p.pos
	if at == len(p.text) {
		return p.stop(expectOperator, at, "")
	}
	if p.err == nil && p.listAhead(&Term{}) && p.err == nil {
		p.pos++
		return p.list()
	}
	p.pos, p.err = at, nil
	if _, ok := p.operator(); ok {
		p.err = nil
		return p.constant()
	}
	word := p.nextWord()
	if word != "" && p.ref.Field == FieldNone && p.ref.Level == "" && !strings.ContainsAny(p.ref.Key, "._:") {
		return word == p.text[at:] && p.stop(expectKey, at, word) // two words of free text, or a key behind one
	}
	return word == p.text[at:] && p.stop(expectOperator, at, p.text[at:])
}

func (p *place) list() bool {
	for !p.constant() {
		if p.space(); !p.take(",") {
			return false
		}
	}
	return true
}

// constant reads a value and reports whether the cursor is in it.
func (p *place) constant() bool {
	p.space()
	at := p.pos
	if p.quoteAhead() {
		p.quoted()
		open := p.err != nil
		p.err = nil
		return open && p.stop(expectValue, at, p.text[at+1:])
	}
	p.pos = p.word(at, isValueRune)
	return p.pos == len(p.text) && p.stop(expectValue, at, p.text[at:])
}

// pipe reads a step of a pipeline.
func (p *place) pipe() bool {
	p.space()
	at := p.pos
	if p.peek() == '{' {
		return false
	}
	n := p.key()
	if p.pos == len(p.text) {
		return p.stop(expectStage, at, n.text)
	}
	p.space()
	if !p.take("(") {
		return false
	}
	p.space()
	at = p.pos
	n = p.key()
	if p.keysOnly = p.pos == len(p.text); p.keysOnly {
		return p.stop(expectKey, at, n.text)
	}
	p.ref = p.readRef(n)
	if p.space(); !p.take(")") {
		return false
	}
	p.space()
	_, ok := p.operator()
	p.err = nil
	return ok && p.constant()
}
