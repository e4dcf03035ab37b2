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
	stages := func(list []stage) {
		for i := range list {
			if t := list[i].term; t != nil {
				walk(t)
			}
		}
	}
	walk = func(t *term) {
		part := t.kind == kindCompare && t.op.textual() || t.kind == kindPhrase || t.kind == kindFulltext || t.kind == kindText
		for _, v := range t.values {
			all = append(all, Constant{t.ref.key, v.text, part})
		}
		for _, kid := range t.terms {
			walk(kid)
		}
		stages(t.stages)
	}
	walk(q.root)
	stages(q.stages)
	return all
}

// Equals writes the term that asks for a value: key is a field or an attribute as Attribute writes it.
func Equals(key, value string) string {
	return key + "=" + formatConstant(ref{field: fieldNamed(key)}, literal{text: value})
}

// refusesUnquoted tells whether a text, written without quotes, is refused beside a reference: where that holds text,
// a number or a duration, true or false was probably not meant. A version may be a number.
func (r ref) refusesUnquoted(text string) bool {
	return r.field != fieldNone && r.field != fieldScopeVersion && r.typ() == typeText && readsAsOther(text)
}

// Attribute writes the key of an attribute so that it reads as that and not as a field.
func Attribute(key string) string { return formatRef(ref{key: key}) }

// readsAsOther tells whether a text, written without quotes, is no text: a number, a duration, true or false.
func readsAsOther(text string) bool {
	return text == "true" || text == "false" || readsAsQuantity(text)
}

// readsAs is the type of a text for which readsAsOther holds.
func readsAs(text string) fieldType {
	if e := readConstant(text); e != nil {
		return e.typ
	}
	return typeBool
}

// readsAsQuantity tells whether a text, written without quotes, is a number or a duration.
func readsAsQuantity(text string) bool {
	if _, ok := readNumber(text); ok {
		return true
	}
	_, ok := readDuration(text)
	return ok
}
