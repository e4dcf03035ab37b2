package query

import (
	"cmp"
	"slices"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"

	"tracefall/sources/trace"
)

// Vocabulary is what the loaded spans hold: keys with the number of spans that have them and, for completion,
// their commonest values. It never changes.
type Vocabulary struct {
	keys      []keyEntry // most spans first, then by spelling
	further   []string   // keys that somebody else knows
	values    map[Ref][]valueCount
	hidden    map[string]bool // values that hold a secret, so far as they were met; never offered
	masked    map[Ref]bool    // what has such values
	detectors []string
	exact     bool // values were counted over all spans, not over a part
}

// keyEntry is the key of an attribute. Level "" stands for span and resource together.
type keyEntry struct {
	ref        Ref
	spans      int
	onSpan     int
	onResource int
	secret     bool // the key holds a secret itself and is never offered
}

// valueCount is a value that so many spans have, as it is written in a query.
type valueCount struct {
	text  string
	spans int
}

const (
	// sampleSpans is over how many spans, spread evenly, the values of attributes are counted.
	sampleSpans = 50_000
	// keptValues is how many different values of a key are counted; of a key with more, such as an id, the
	// later ones are left out.
	keptValues = 512
	// listedValues is how many values of a key completion can offer.
	listedValues = 64
	// longestValue is how long, in bytes, a value may be that completion offers.
	longestValue = 80
)

// Analysis is what completion must know of the analysis of the traces.
type Analysis interface {
	// Supplies reports whether a field can be asked for: "self", "critical" or "finding".
	Supplies(field string) bool
	// Detectors lists the names that a finding can have.
	Detectors() []string
	// Secret reports whether a value of a key holds something that must not be shown; key is "" for a text without one.
	// What does is never offered to be written into a query.
	Secret(key, value string) bool
}

// BuildVocabulary counts the keys of all spans and the values of a bounded number of them, in one pass. known,
// which may be nil, adds the names of the detectors and says what is a secret: that is never offered.
func BuildVocabulary(set *trace.Set, known Analysis) *Vocabulary {
	return buildVocabulary(set, nil, sampleSpans, known)
}

// BuildTraceVocabulary is BuildVocabulary for the spans of one trace.
func BuildTraceVocabulary(t *trace.Trace, known Analysis) *Vocabulary {
	return buildVocabulary(t.Set(), t, sampleSpans, known)
}

// CountKeys is BuildVocabulary without values, for the spans of one trace, or with nil of the whole set.
func CountKeys(set *trace.Set, only *trace.Trace, known Analysis) *Vocabulary {
	return buildVocabulary(set, only, 0, known)
}

// The levels, as a counter numbers them.
const (
	levelSpan = iota
	levelResource
	levelScope
	levelEvent
	levelLink
	levelCount
)

var levelNames = [levelCount]expression.Level{
	expression.LevelSpan, expression.LevelResource, expression.LevelScope, expression.LevelEvent, expression.LevelLink,
}

// counter counts while a vocabulary is built.
type counter struct {
	keys   [levelCount][]int32 // spans by key
	last   [levelCount][]int32 // the tick at which a key was counted last, so that a repeated one counts once
	tick   int32               // the number of what is being counted
	values map[Ref]map[string]int
	names  []int32 // spans by name
	kinds  [8]int
	states [8]int
}

// buildVocabulary counts values over at most sample spans; 0 counts keys only. The spans are those of the whole set,
// or of one trace of it.
func buildVocabulary(set *trace.Set, only *trace.Trace, sample int, known Analysis) *Vocabulary {
	c := &counter{values: map[Ref]map[string]int{}, names: make([]int32, set.Symbols())}
	for level := range levelCount {
		c.keys[level], c.last[level] = make([]int32, set.Symbols()), make([]int32, set.Symbols())
	}
	spans, traces := set.SpanCount(), set.Len()
	if only != nil {
		spans, traces = only.SpanCount(), 1
	}
	stride := 1
	if sample > 0 {
		stride = max(1, (spans+sample-1)/sample)
	}
	resources, scopes := make([]int32, set.Resources()), make([]int32, set.Scopes())
	for i := range traces {
		t := only
		if t == nil {
			t = set.Trace(i)
		}
		for j := t.First(); j < t.Len(); j++ {
			s := t.Span(j)
			resources[s.Resource().Index()]++
			scopes[s.Scope().Index()]++
			c.add(s, sample > 0 && int(c.tick)%stride == 0)
		}
	}
	for i, n := range resources {
		c.tick++
		c.attrs(levelResource, set.Resource(i).Attrs(), n, sample > 0)
		c.value(Ref{Field: FieldService}, set.Resource(i).Service(), int(n))
	}
	for i, n := range scopes {
		c.tick++
		c.attrs(levelScope, set.Scope(i).Attrs(), n, sample > 0)
		c.value(Ref{Field: FieldScopeName}, set.Scope(i).Name(), int(n))
	}
	v := c.vocabulary(set, spans, stride)
	v.hide(known)
	if known != nil && known.Supplies("finding") {
		v.detectors = slices.Sorted(slices.Values(known.Detectors()))
	}
	return v
}

// add counts a span. Its events count together, as do its links.
func (c *counter) add(s trace.Span, sampled bool) {
	c.tick++
	c.names[s.NameSymbol()]++
	c.kinds[s.Kind()&7]++
	c.states[s.Status()&7]++
	c.attrs(levelSpan, s.Attrs(), 1, sampled)
	for i := range s.Events() {
		e := s.Event(i)
		c.attrs(levelEvent, e.Attrs(), 1, sampled)
		if sampled {
			c.value(Ref{Field: FieldEventName}, e.Name(), 1)
		}
	}
	for _, l := range s.Links() {
		c.attrs(levelLink, l.Attrs(), 1, sampled)
	}
}

// attrs counts the keys of one list, which n spans share, and where asked its values.
func (c *counter) attrs(level int, attrs trace.Attrs, n int32, values bool) {
	if n == 0 {
		return
	}
	for i := range attrs.Len() {
		key := attrs.KeySymbol(i)
		if c.last[level][key] == c.tick {
			continue
		}
		c.last[level][key] = c.tick
		c.keys[level][key] += n
		if !values {
			continue
		}
		switch v := attrs.Value(i); v.Type() {
		case trace.TypeString, trace.TypeInt, trace.TypeFloat, trace.TypeBool:
			// A text that reads as a number needs quotes to be text, but a number is what people mean by it.
			c.value(Ref{Level: levelNames[level], Key: attrs.Key(i)}, v.String(), int(n))
		default:
		}
	}
}

// value counts a value of n spans.
func (c *counter) value(r Ref, text string, n int) {
	if n == 0 || text == "" || len(text) > longestValue {
		return
	}
	counts := c.values[r]
	if counts == nil {
		counts = map[string]int{}
		c.values[r] = counts
	}
	if _, known := counts[text]; known || len(counts) < keptValues {
		counts[text] += n
	}
}

// shared reports whether values of r were counted in full, by resource and scope; others were sampled.
func (r Ref) shared() bool {
	return r.Level == expression.LevelResource || r.Level == expression.LevelScope ||
		r.Field == FieldService || r.Field == FieldScopeName
}

// vocabulary sorts what was counted.
func (c *counter) vocabulary(set *trace.Set, spans, stride int) *Vocabulary {
	v := &Vocabulary{values: map[Ref][]valueCount{}, exact: stride == 1}
	for key := range set.Symbols() {
		name := set.Text(trace.Symbol(key))
		own, shared := int(c.keys[levelSpan][key]), int(c.keys[levelResource][key])
		if own+shared > 0 {
			v.keys = append(v.keys, keyEntry{Ref{Key: name}, min(own+shared, spans), own, shared, false})
		}
		for level := levelScope; level < levelCount; level++ {
			if n := int(c.keys[level][key]); n > 0 {
				v.keys = append(v.keys, keyEntry{ref: Ref{Level: levelNames[level], Key: name}, spans: n})
			}
		}
		if n := int(c.names[key]); n > 0 && name != "" && len(name) <= longestValue {
			v.values[Ref{Field: FieldName}] = append(v.values[Ref{Field: FieldName}], valueCount{name, n})
		}
	}
	slices.SortFunc(v.keys, func(a, b keyEntry) int {
		return cmp.Or(cmp.Compare(b.spans, a.spans), cmp.Compare(a.ref.Key, b.ref.Key), cmp.Compare(a.ref.Level, b.ref.Level))
	})
	for r, counts := range c.values {
		for text, n := range counts {
			if !r.shared() {
				n *= stride
			}
			v.values[r] = append(v.values[r], valueCount{text, n})
		}
	}
	for i, word := range TypeKind.Words() {
		v.values[Ref{Field: FieldKind}] = append(v.values[Ref{Field: FieldKind}], valueCount{word, c.kinds[i]})
	}
	for i, word := range TypeStatus.Words() {
		v.values[Ref{Field: FieldStatus}] = append(v.values[Ref{Field: FieldStatus}], valueCount{word, c.states[i]})
	}
	for _, list := range v.values {
		slices.SortFunc(list, func(a, b valueCount) int {
			return cmp.Or(cmp.Compare(b.spans, a.spans), cmp.Compare(a.text, b.text))
		})
	}
	return v
}

// hide drops what holds a secret from what completion can offer, and all but the most frequent values of the rest.
func (v *Vocabulary) hide(known Analysis) {
	v.hidden, v.masked = map[string]bool{}, map[Ref]bool{}
	for i := range v.keys {
		v.keys[i].secret = known != nil && known.Secret("", v.keys[i].ref.Key)
	}
	for r, list := range v.values {
		kept := list[:0]
		for _, value := range list {
			switch {
			case len(kept) == listedValues:
			case known != nil && known.Secret(r.Key, value.text):
				v.hidden[value.text], v.masked[r] = true, true
			default:
				kept = append(kept, value)
			}
		}
		v.values[r] = kept
	}
}

// Hidden reports whether a text is a value of the spans that holds a secret. Of values that only few spans have it may
// not know.
func (v *Vocabulary) Hidden(text string) bool { return v != nil && v.hidden[text] }

// Meant returns the attribute that was probably meant: the same key at another level or under its other name, else the
// nearest key.
func (v *Vocabulary) Meant(r Ref) (Ref, int) {
	named := func(key string) int {
		for _, name := range append([]string{key}, SameNames(key)...) {
			if at := slices.IndexFunc(v.keys, func(k keyEntry) bool { return k.ref.Key == name && !k.secret }); at >= 0 {
				return at
			}
		}
		return -1
	}
	at := named(r.Key)
	if at < 0 {
		var keys []string
		for _, k := range v.keys {
			if !k.secret && (k.ref.Level == r.Level || r.Level == "" || k.ref.Level == "") {
				keys = append(append(keys, k.ref.Key), SameNames(k.ref.Key)...)
			}
		}
		if nearest := Nearest(r.Key, keys); nearest != "" {
			at = named(nearest)
		}
	}
	if at < 0 {
		return Ref{}, 0
	}
	return v.keys[at].ref, v.keys[at].spans
}

// KeyCount returns how many spans have a key at a level; "" is the span or its resource.
func (v *Vocabulary) KeyCount(level expression.Level, key string) int {
	for _, k := range v.keys {
		if k.ref.Key != key {
			continue
		}
		switch level {
		case k.ref.Level:
			return k.spans
		case expression.LevelSpan:
			return k.onSpan
		case expression.LevelResource:
			return k.onResource
		default:
		}
	}
	return 0
}
