package query

import (
	"strings"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// Suggestion is something that can stand at the cursor: Text replaces the bytes From … To-1 of the query.
type Suggestion struct {
	Text     string
	From, To int
	Kind     SuggestionKind
	Count    int    // spans that have it; 0 where that was not counted
	About    bool   // Count was estimated from a part of the spans
	Help     string // a few words
}

// SuggestionKind is what a suggestion stands for.
type SuggestionKind uint8

// The kinds of suggestions.
const (
	SuggestKey      SuggestionKind = iota // a field or an attribute
	SuggestFunction                       // parent(, has: and the like
	SuggestOperator
	SuggestValue
)

const (
	mostSuggestions = 50   // as many are worth a look
	searchedKeys    = 5000 // the most frequent ones: an export may have a key for every order, and a key press waits
)

// Complete suggests what can stand at the cursor, a byte offset into text: the word before it is completed.
// Suggestions that begin with the word come before those that contain it, frequent ones before rare ones.
func Complete(text string, cursor int, v *Vocabulary) []Suggestion {
	cursor = max(0, min(cursor, len(text)))
	if v == nil {
		v = &Vocabulary{}
	}
	p := place{scanner: scanner{text: text[:cursor]}}
	p.find()
	c := &completion{v: v, word: p.partial, from: p.at, to: cursor}
	accept := isWordRune
	if p.expects == expectValue {
		accept = isValueRune
	}
	whole := scanner{text: text}
	if p.at < cursor || cursor < len(text) && p.expects == expectKey {
		c.to = whole.word(cursor, accept)
	}
	switch p.expects {
	case expectKey:
		c.keys(p.keysOnly)
	case expectOperator:
		c.operators(p.ref)
	case expectValue:
		c.values(p.ref)
	case expectStage:
		c.stages()
	default:
	}
	return c.ranked()
}

// MaskedAt reports whether the value at the cursor is one of those that hold a secret and are not offered for that.
func MaskedAt(text string, cursor int, v *Vocabulary) bool {
	p := place{scanner: scanner{text: text[:max(0, min(cursor, len(text)))]}}
	p.find()
	if v == nil || p.expects != expectValue {
		return false
	}
	refs := []Ref{p.ref}
	if p.ref.Field == FieldNone && p.ref.Level == "" {
		for _, key := range append([]string{p.ref.Key}, SameNames(p.ref.Key)...) {
			refs = append(refs, Ref{Level: expression.LevelSpan, Key: key}, Ref{Level: expression.LevelResource, Key: key})
		}
	}
	for _, r := range refs {
		if v.masked[r] {
			return true
		}
	}
	return false
}

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
	scanner
	expects  expectation
	keysOnly bool   // no functions: behind has: and in aggregates
	partial  string // the word being written
	at       int    // where it begins
	ref      Ref
}

// stop says what can stand at the cursor in place of word, which begins at at.
func (p *place) stop(e expectation, at int, word string) bool {
	p.expects, p.at, p.partial = e, at, word
	return true
}

// find reads terms until the cursor.
func (p *place) find() {
	for !p.term() {
		p.err = nil
	}
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
	case p.err != nil && strings.HasPrefix(p.err.Message, "the quote is not"):
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
	reader := parser{scanner: scanner{text: p.text}}
	r := reader.ref(n)
	if reader.err != nil {
		return Ref{Key: n.text}
	}
	return r
}

func (p *place) has() bool {
	at := p.pos
	n := p.key()
	p.keysOnly = true
	if p.pos == len(p.text) {
		return p.stop(expectKey, at, n.text)
	}
	p.keysOnly = false
	return false
}

// comparison reads what follows a key.
func (p *place) comparison() bool {
	p.space()
	at := p.pos
	if at == len(p.text) {
		return p.stop(expectOperator, at, "")
	}
	t := &Term{}
	if p.listAheadOf(t) {
		return p.list()
	}
	p.err = nil
	_, ok := p.operator()
	if !ok {
		end := p.word(at, isWordRune)
		if end == len(p.text) && end > at {
			return p.stop(expectOperator, at, p.text[at:])
		}
		return false
	}
	p.err = nil
	return p.constant()
}

// listAheadOf reads in, not in, phrase or fulltext and the parenthesis behind it.
func (p *place) listAheadOf(t *Term) bool {
	reader := parser{scanner: p.scanner}
	if !reader.listAhead(t) || reader.err != nil {
		return false
	}
	p.pos = reader.pos + 1
	return true
}

func (p *place) list() bool {
	for {
		if p.constant() {
			return true
		}
		p.space()
		if !p.take(",") {
			return false
		}
	}
}

// constant reads a value and reports whether the cursor is in it.
func (p *place) constant() bool {
	p.space()
	at := p.pos
	if c := p.peek(); c == '"' || c == '`' {
		p.quoted()
		if p.err != nil {
			p.err = nil
			return p.stop(expectValue, at, p.text[at+1:])
		}
		return false
	}
	p.pos = p.word(at, isValueRune)
	if p.pos == len(p.text) {
		return p.stop(expectValue, at, p.text[at:])
	}
	return false
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
	if p.pos == len(p.text) {
		p.keysOnly = true
		return p.stop(expectKey, at, n.text)
	}
	p.ref = p.readRef(n)
	p.space()
	if !p.take(")") {
		return false
	}
	p.space()
	if _, ok := p.operator(); ok {
		p.err = nil
		return p.constant()
	}
	return false
}

// completion collects suggestions for a word.
type completion struct {
	v        *Vocabulary
	word     string
	from, to int
	starting []Suggestion // begin with the word
	holding  []Suggestion // contain it
	known    map[string]bool
}

// add suggests text where the word fits it, or what is written in it.
func (c *completion) add(s Suggestion, written string) {
	if c.known == nil {
		c.known = map[string]bool{}
	}
	if c.known[s.Text] {
		return
	}
	s.From, s.To = c.from, c.to
	word, text := strings.ToLower(c.word), strings.ToLower(written)
	switch {
	case strings.HasPrefix(text, word) || strings.HasPrefix(strings.ToLower(s.Text), word):
		c.starting = append(c.starting, s)
	case len(word) > 1 && strings.Contains(text, word):
		c.holding = append(c.holding, s)
	default:
		return
	}
	c.known[s.Text] = true
}

func (c *completion) ranked() []Suggestion {
	all := append(c.starting, c.holding...)
	return all[:min(len(all), mostSuggestions)]
}

// keys suggests fields, then attributes, then functions.
func (c *completion) keys(only bool) {
	for f := FieldNone + 1; f < FieldCount; f++ {
		if f == FieldResourceSchema || f == FieldScopeSchema {
			continue // not kept when a file is read
		}
		if f >= FieldNestedLeft && f <= FieldNestedParent && !strings.HasPrefix(strings.ToLower(c.word), "nest") {
			continue // seldom meant
		}
		info := f.Info()
		c.add(Suggestion{Text: info.name, Kind: SuggestKey, Help: info.help}, info.name)
	}
	onSpan := strings.HasPrefix(c.word, string(expression.LevelSpan)+".")
	onResource := strings.HasPrefix(c.word, string(expression.LevelResource)+".")
	for _, k := range c.v.keys[:min(len(c.v.keys), searchedKeys)] {
		if k.secret {
			continue
		}
		c.add(Suggestion{Text: FormatRef(k.ref), Kind: SuggestKey, Count: k.spans}, k.ref.Key)
		// Nor is TraceQL's spelling offered before it is begun.
		if parent := strings.HasPrefix(c.word, "parent."); k.ref.Level == "" && (parent || strings.HasPrefix(c.word, ".")) {
			inside := formatRefInside(Ref{Key: k.ref.Key, Parent: parent})
			c.add(Suggestion{Text: inside, Kind: SuggestKey, Count: k.spans}, inside)
		}
		// A level is offered once it is asked for.
		if onSpan && k.onSpan > 0 {
			pinned := FormatRef(Ref{Level: expression.LevelSpan, Key: k.ref.Key})
			c.add(Suggestion{Text: pinned, Kind: SuggestKey, Count: k.onSpan}, pinned)
		}
		if onResource && k.onResource > 0 {
			pinned := FormatRef(Ref{Level: expression.LevelResource, Key: k.ref.Key})
			c.add(Suggestion{Text: pinned, Kind: SuggestKey, Count: k.onResource}, pinned)
		}
	}
	if only {
		return
	}
	c.add(Suggestion{Text: "has:", Kind: SuggestFunction, Help: "has the key"}, "has:")
	for r := range RelationCount {
		c.add(Suggestion{Text: relationNames[r] + "(", Kind: SuggestFunction, Help: relationHelp[r]}, relationNames[r])
	}
	c.add(Suggestion{Text: "event(", Kind: SuggestFunction, Help: "one event satisfies all"}, "event")
	c.add(Suggestion{Text: "link(", Kind: SuggestFunction, Help: "one link satisfies all"}, "link")
}

var relationHelp = [RelationCount]string{"its parent …", "one of its ancestors …", "one of its children …", "one of its descendants …", "one of its siblings …"}

// operators suggests what can compare a reference.
func (c *completion) operators(r Ref) {
	typ := r.Type()
	for o := range OpCount {
		if o.ordered() && !typ.ordered() || o.Textual() && !typ.Textual() {
			continue
		}
		c.add(Suggestion{Text: o.String(), Kind: SuggestOperator, Help: opHelp[o]}, o.String())
		if o == OpRegex || o == OpContains {
			c.add(Suggestion{Text: o.String() + "i", Kind: SuggestOperator, Help: opHelp[o] + ", in either case"}, o.String()+"i")
		}
	}
	c.add(Suggestion{Text: "in (", Kind: SuggestOperator, Help: "one of"}, "in")
	c.add(Suggestion{Text: "not in (", Kind: SuggestOperator, Help: "there, and none of"}, "not in")
	if r.Field == FieldNone {
		c.add(Suggestion{Text: "phrase (", Kind: SuggestOperator, Help: "the words, in this order"}, "phrase")
		c.add(Suggestion{Text: "fulltext (", Kind: SuggestOperator, Help: "the words, anywhere"}, "fulltext")
	}
}

var opHelp = [OpCount]string{"equal", "there, and not equal", "greater", "at least", "less", "at most", "matches anywhere (RE2)", "there, and does not match", "contains"}

// values suggests what a reference is compared with, from what the spans hold.
func (c *completion) values(r Ref) {
	if r.Instead != FieldNone {
		c.values(Ref{Field: r.Instead})
		r.Instead = FieldNone
	}
	switch r.Field {
	case FieldRootService:
		r = Ref{Field: FieldService}
	case FieldRootName:
		r = Ref{Field: FieldName}
	case FieldRootKind:
		r = Ref{Field: FieldKind}
	case FieldRootStatus:
		r = Ref{Field: FieldStatus}
	case FieldFinding:
		for _, name := range c.v.detectors {
			c.add(Suggestion{Text: name, Kind: SuggestValue}, name)
		}
		return
	default:
	}
	for _, value := range c.v.valuesOf(r) {
		literal := formatConstant(r, Literal{Text: value.text})
		c.add(Suggestion{Text: literal, Kind: SuggestValue, Count: value.spans, About: !c.v.exact && !r.shared()}, value.text)
	}
	for _, word := range r.Type().Words() {
		c.add(Suggestion{Text: word, Kind: SuggestValue}, word)
	}
	if r.Type() == TypeDuration {
		for _, d := range []string{"1ms", "10ms", "100ms", "1s", "10s", "1m"} {
			c.add(Suggestion{Text: d, Kind: SuggestValue}, d)
		}
	}
}

// valuesOf lists the values of a reference, most spans first. An attribute without a level has those of the span
// and the resource, and of its other names.
func (v *Vocabulary) valuesOf(r Ref) []valueCount {
	if r.Field != FieldNone || r.Level != "" {
		return v.values[r]
	}
	var all []valueCount
	for _, key := range append([]string{r.Key}, SameNames(r.Key)...) {
		for _, level := range []expression.Level{expression.LevelSpan, expression.LevelResource} {
			all = mergeCounts(all, v.values[Ref{Level: level, Key: key}])
		}
	}
	return all
}

// mergeCounts merges two lists that are sorted by count; of a value in both the first stays.
func mergeCounts(a, b []valueCount) []valueCount {
	if len(a) == 0 {
		return b
	}
	var all []valueCount
	for len(a) > 0 || len(b) > 0 {
		if len(b) == 0 || len(a) > 0 && a[0].spans >= b[0].spans {
			all, a = append(all, a[0]), a[1:]
		} else {
			all, b = append(all, b[0]), b[1:]
		}
	}
	return all
}

// stages suggests the functions of a pipeline.
func (c *completion) stages() {
	for a := range AggregateCountOf {
		c.add(Suggestion{Text: aggregateNames[a] + "(", Kind: SuggestFunction, Help: aggregateHelp[a]}, aggregateNames[a])
	}
	c.add(Suggestion{Text: "by(", Kind: SuggestFunction, Help: "group the spans by a key"}, "by")
	c.add(Suggestion{Text: "coalesce()", Kind: SuggestFunction, Help: "join the groups again"}, "coalesce")
}

var aggregateHelp = [AggregateCountOf]string{"number of spans", "average of a key", "least of a key", "greatest of a key", "sum of a key"}
