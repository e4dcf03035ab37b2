package query

import "slices"

// Wanted is what completion could offer more of at a place of a query, if somebody else knows it.
type Wanted struct {
	Keys    bool   // keys of attributes
	Ref     Ref    // whose values, where no keys are wanted
	Service string // whose names of operations are wanted, "" for those of any
	Beside  string // the terms that must hold too, where values are wanted; "" for none
}

// WantedAt tells what is wanted at the cursor, a byte offset into text, where a word of it is written.
func WantedAt(text string, cursor int) (w Wanted, ok bool) {
	cursor = max(0, min(cursor, len(text)))
	p := placeAt(text, cursor)
	switch p.expects {
	case expectKey:
		return Wanted{Keys: true}, p.partial != ""
	case expectValue:
	default:
		return Wanted{}, false
	}
	w.Ref = p.ref
	if of, ok := rootFields[w.Ref.Field]; ok {
		w.Ref.Field = of
	}
	rest := text[cursor:]
	rest = rest[runEnd(rest, isValueRune):]
	if q, err := Parse(text[:p.at] + `"x" ` + rest); err == nil { // with any value for what is being written
		w.Beside = q.beside(p.at)
		if w.Ref.Field == FieldName {
			w.Service = q.service()
		}
	}
	return w, true
}

// beside is the text of the terms that must hold beside the one at a place, "" for none.
func (q *Query) beside(at int) string {
	if q.Root.Kind != KindAnd {
		return ""
	}
	rest := slices.DeleteFunc(slices.Clone(q.Root.Terms), func(t *Term) bool { return t.At <= at && at < t.End })
	if len(rest) == len(q.Root.Terms) {
		return ""
	}
	return (&Query{Root: &Term{Kind: KindAnd, Terms: rest}}).String()
}

// service is the service that the query asks for, "" where it names none or several.
func (q *Query) service() string {
	var names []string
	q.whole().visit(func(t *Term) {
		if t.Kind == KindCompare && t.Op == OpEq && (t.Ref.Field == FieldService || t.Ref.Field == FieldRootService) {
			names = append(names, t.Values[0].Text)
		}
	}, func(*Stage) {})
	if names = slices.Compact(names); len(names) == 1 {
		return names[0]
	}
	return ""
}

// WithKeys returns the vocabulary with further keys, as queries write them. A nil vocabulary is empty.
func (v *Vocabulary) WithKeys(keys []string, known Analysis) *Vocabulary {
	more := v.copied()
	for _, key := range keys {
		if len(key) <= longestValue && !known.Secret("", key) {
			more.further = append(more.further, key)
		}
	}
	return more
}

// WithValues returns the vocabulary with further values of what a reference means. What holds a secret is left out.
func (v *Vocabulary) WithValues(r Ref, values []string, known Analysis) *Vocabulary {
	more := v.copied()
	list := slices.Clone(more.values[r])
	have := make(map[string]bool, len(list)+len(values))
	for _, value := range list {
		have[value.text] = true
	}
	for _, text := range values {
		if !have[text] && text != "" && len(text) <= longestValue && !known.Secret(r.Key, text) {
			have[text] = true
			list = append(list, valueCount{text: text})
		}
	}
	more.values[r] = list
	return more
}

// copied returns a vocabulary to which keys and values can be added.
func (v *Vocabulary) copied() *Vocabulary {
	if v == nil {
		return &Vocabulary{values: map[Ref][]valueCount{}}
	}
	more := *v
	more.values = make(map[Ref][]valueCount, len(v.values)+1)
	for r, list := range v.values {
		more.values[r] = list
	}
	more.further = slices.Clone(v.further)
	return &more
}
