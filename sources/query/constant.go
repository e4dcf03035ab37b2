package query

// Constant is a value that a query names, and the key that it is compared with: "" for a field or free text.
type Constant struct {
	Key, Value string
	Part       bool // a pattern or a word, which a value may contain
}

// Constants lists the values that the query names, in the order of the text.
func (q *Query) Constants() []Constant {
	var all []Constant
	var walk func(t *Term)
	stages := func(list []Stage) {
		for i := range list {
			if t := list[i].Term; t != nil {
				walk(t)
			}
		}
	}
	walk = func(t *Term) {
		part := t.Kind == KindCompare && t.Op.Textual() || t.Kind == KindPhrase || t.Kind == KindFulltext || t.Kind == KindText
		for _, v := range t.Values {
			all = append(all, Constant{t.Ref.Key, v.Text, part})
		}
		for _, kid := range t.Terms {
			walk(kid)
		}
		stages(t.Stages)
	}
	walk(q.Root)
	stages(q.Stages)
	return all
}

// Equals writes the term that asks for a value: key is a field or an attribute as Attribute writes it.
func Equals(key, value string) string {
	return key + "=" + formatConstant(Ref{Field: fieldNamed(key)}, Literal{Text: value})
}

// refusesUnquoted reports whether a text, written without quotes, is refused beside a reference: where that holds text,
// a number or a duration, true or false was probably not meant. A version may be a number.
func (r Ref) refusesUnquoted(text string) bool {
	return r.Field != FieldNone && r.Field != FieldScopeVersion && r.Type() == TypeText && readsAsOther(text)
}

// Attribute writes the key of an attribute so that it reads as that and not as a field.
func Attribute(key string) string { return FormatRef(Ref{Key: key}) }

// readsAsOther reports whether a text, written without quotes, is no text: a number, a duration, true or false.
func readsAsOther(text string) bool {
	return text == "true" || text == "false" || readsAsQuantity(text)
}

// readsAs is the type of a text for which readsAsOther holds.
func readsAs(text string) FieldType {
	if e := readConstant(text); e != nil {
		return e.Type
	}
	return TypeBool
}

// readsAsQuantity reports whether a text, written without quotes, is a number or a duration.
func readsAsQuantity(text string) bool {
	if _, ok := ReadNumber(text); ok {
		return true
	}
	_, ok := ReadDuration(text)
	return ok
}
