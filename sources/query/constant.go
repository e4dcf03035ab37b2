package query

// Constant is a value that a query names, and the key that it is compared with: "" for a field or free text.
type Constant struct {
	Key, Value string
	Part       bool // a pattern or a word, which a value may contain
}

// Constants lists the values that the query names, in the order of the text.
func (q *Query) Constants() []Constant {
	var all []Constant
	var walk func(t *term)
	walk = func(t *term) {
		part := t.kind == kindCompare && t.op.textual() || t.kind == kindPhrase || t.kind == kindFulltext || t.kind == kindText
		for _, v := range t.values {
			all = append(all, Constant{t.ref.key, v.text, part})
		}
		for _, kid := range t.terms {
			walk(kid)
		}
	}
	walk(q.root)
	for i := range q.stages {
		if t := q.stages[i].term; t != nil {
			walk(t)
		}
	}
	return all
}

// Equals writes the term that asks for a value: key is a field or an attribute as Attribute writes it.
func Equals(key, value string) string {
	if fieldNamed(key).info().typ == typeText && readsAsOther(value) {
		return key + "=" + quote(value)
	}
	return key + "=" + formatLiteral(literal{text: value})
}

// Attribute writes the key of an attribute so that it reads as that and not as a field.
func Attribute(key string) string { return formatRef(ref{key: key}) }

// readsAsOther tells whether a text, written without quotes, is no text: a number, a duration, true or false.
func readsAsOther(text string) bool {
	if text == "true" || text == "false" {
		return true
	}
	if _, ok := readNumber(text); ok {
		return true
	}
	_, ok := readDuration(text)
	return ok
}
