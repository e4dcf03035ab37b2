package query

import (
	"cmp"
	"slices"
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
	p := placeAt(text, cursor)
	c := &completion{v: v, word: p.partial, from: p.at, to: cursor, known: map[string]bool{}}
	accept := isWordRune
	if p.expects == expectValue {
		accept = isValueRune
	}
	if p.at < cursor || cursor < len(text) && p.expects == expectKey {
		c.to += runEnd(text[cursor:], accept)
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
	p := placeAt(text, cursor)
	if v == nil || p.expects != expectValue {
		return false
	}
	return slices.ContainsFunc(placesOf(p.ref), func(r Ref) bool { return v.masked[r] })
}

// placesOf lists where the values of a reference are: those of an attribute without a level at the span and the
// resource, and under its other names.
func placesOf(r Ref) []Ref {
	if r.Field != FieldNone || r.Level != "" {
		return []Ref{r}
	}
	var all []Ref
	for _, key := range append([]string{r.Key}, SameNames(r.Key)...) {
		all = append(all, Ref{Level: expression.LevelSpan, Key: key}, Ref{Level: expression.LevelResource, Key: key})
	}
	return all
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

// offer suggests a word of the language, whatever stands behind it for what follows.
func (c *completion) offer(kind SuggestionKind, text, help string) {
	c.add(Suggestion{Text: text, Kind: kind, Help: help}, strings.TrimRight(text, "( )"))
}

// add suggests text where the word fits it, or what is written in it.
func (c *completion) add(s Suggestion, written string) {
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
		c.offer(SuggestKey, info.name, info.help)
	}
	// A level is offered once it is asked for. Nor is TraceQL's spelling offered before it is begun.
	type spelling struct {
		begun string
		write func(Ref) string
		as    Ref
		spans func(k *keyEntry) int
	}
	all := func(k *keyEntry) int { return k.spans }
	spellings := slices.DeleteFunc([]spelling{
		{".", formatRefInside, Ref{}, all},
		{"parent.", formatRefInside, Ref{Parent: true}, all},
		{"span.", FormatRef, Ref{Level: expression.LevelSpan}, func(k *keyEntry) int { return k.onSpan }},
		{"resource.", FormatRef, Ref{Level: expression.LevelResource}, func(k *keyEntry) int { return k.onResource }},
	}, func(s spelling) bool { return !strings.HasPrefix(c.word, s.begun) })
	for i := range c.v.keys[:min(len(c.v.keys), searchedKeys)] {
		k := &c.v.keys[i]
		if k.secret {
			continue
		}
		c.key(FormatRef(k.ref), k.ref.Key, k.spans)
		for _, s := range spellings {
			if spans := s.spans(k); k.ref.Level == "" && spans > 0 {
				s.as.Key = k.ref.Key
				text := s.write(s.as)
				c.key(text, text, spans)
			}
		}
	}
	for _, key := range c.v.further {
		c.key(key, key, 0)
	}
	if only {
		return
	}
	c.offer(SuggestFunction, "has:", "has the key")
	for r := range RelationCount {
		c.offer(SuggestFunction, relationNames[r]+"(", relationHelp[r])
	}
	c.offer(SuggestFunction, "event(", "one event satisfies all")
	c.offer(SuggestFunction, "link(", "one link satisfies all")
}

// key suggests an attribute that so many spans have.
func (c *completion) key(text, written string, spans int) {
	c.add(Suggestion{Text: text, Kind: SuggestKey, Count: spans}, written)
}

var relationHelp = [RelationCount]string{"its parent …", "one of its ancestors …", "one of its children …", "one of its descendants …", "one of its siblings …"}

// operators suggests what can compare a reference.
func (c *completion) operators(r Ref) {
	typ := r.Type()
	for o := range OpCount {
		if o.ordered() && !typ.ordered() || o.Textual() && !typ.Textual() {
			continue
		}
		c.offer(SuggestOperator, o.String(), opHelp[o])
		if o == OpRegex || o == OpContains {
			c.offer(SuggestOperator, o.String()+"i", opHelp[o]+", in either case")
		}
	}
	c.offer(SuggestOperator, "in (", "one of")
	c.offer(SuggestOperator, "not in (", "there, and none of")
	if r.Field == FieldNone {
		c.offer(SuggestOperator, "phrase (", "the words, in this order")
		c.offer(SuggestOperator, "fulltext (", "the words, anywhere")
	}
}

var opHelp = [OpCount]string{"equal", "there, and not equal", "greater", "at least", "less", "at most", "matches anywhere (RE2)", "there, and does not match", "contains"}

// values suggests what a reference is compared with, from what the spans hold.
func (c *completion) values(r Ref) {
	if r.Instead != FieldNone {
		c.values(Ref{Field: r.Instead})
		r.Instead = FieldNone
	}
	if r.Field == FieldFinding {
		c.constants(c.v.detectors)
		return
	}
	if of, ok := rootFields[r.Field]; ok {
		r.Field = of
	}
	var all []valueCount
	for _, place := range placesOf(r) {
		all = append(all, c.v.values[place]...)
	}
	slices.SortStableFunc(all, func(a, b valueCount) int { return cmp.Compare(b.spans, a.spans) })
	for _, value := range all {
		literal := formatConstant(r, Literal{Text: value.text})
		c.add(Suggestion{Text: literal, Kind: SuggestValue, Count: value.spans, About: !c.v.exact && !r.shared()}, value.text)
	}
	c.constants(r.Type().Words())
	if r.Type() == TypeDuration {
		c.constants([]string{"1ms", "10ms", "100ms", "1s", "10s", "1m"})
	}
}

// rootFields are the fields of a root span whose values are those of all spans.
var rootFields = map[Field]Field{
	FieldRootService: FieldService, FieldRootName: FieldName, FieldRootKind: FieldKind, FieldRootStatus: FieldStatus,
}

// constants suggests values that were not counted.
func (c *completion) constants(words []string) {
	for _, word := range words {
		c.add(Suggestion{Text: word, Kind: SuggestValue}, word)
	}
}

// stages suggests the functions of a pipeline.
func (c *completion) stages() {
	for a := range AggregateCountOf {
		c.offer(SuggestFunction, aggregateNames[a]+"(", aggregateHelp[a])
	}
	c.offer(SuggestFunction, "by(", "group the spans by a key")
	c.offer(SuggestFunction, "coalesce()", "join the groups again")
}

var aggregateHelp = [AggregateCountOf]string{"number of spans", "average of a key", "least of a key", "greatest of a key", "sum of a key"}
