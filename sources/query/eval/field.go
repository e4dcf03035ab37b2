package eval

import (
	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// field compiles a term about a field.
func field(c *compiler, t *query.Term) test {
	switch t.Ref.Type() {
	case query.TypeDuration, query.TypeTime, query.TypeNumber:
		return quantity(t)
	case query.TypeBool:
		return flag(t)
	default:
		return words(c, t)
	}
}

// flag compiles a term about a field that is true or false.
func flag(t *query.Term) test {
	get := flags[t.Ref.Field]
	wantTrue, wantFalse := t.Kind == query.KindHas, t.Kind == query.KindHas
	for _, v := range t.Values {
		wantTrue = wantTrue || v.Text == "true"
		wantFalse = wantFalse || v.Text == "false"
	}
	if t.Negative() {
		wantTrue, wantFalse = !wantTrue, !wantFalse
	}
	return func(m *machine, s trace.Span) bool {
		if get(m, s) {
			return wantTrue
		}
		return wantFalse
	}
}

// quantity compiles a term about a duration, a time or a count.
func quantity(t *query.Term) test {
	get := quantities[t.Ref.Field]
	holds, negative := quantityTest(t), t.Negative()
	if level := t.Ref.Element(); level != "" {
		return func(m *machine, s trace.Span) bool {
			present, match := false, false
			m.elements(s, level, func() {
				present = true
				match = match || holds(get(m, s))
			})
			return present && match != negative
		}
	}
	if t.Ref.Field == query.FieldDuration && !negative { // the commonest term of all
		return func(_ *machine, s trace.Span) bool { return holds(s.Duration()) }
	}
	return func(m *machine, s trace.Span) bool { return holds(get(m, s)) != negative }
}

// quantityTest compiles the constants of a term; of a negative one, those that must not be. has:key takes anything.
func quantityTest(t *query.Term) func(int64) bool {
	if t.Kind == query.KindHas {
		return func(int64) bool { return true }
	}
	o := t.Op
	if t.Negative() || t.Kind == query.KindIn {
		o = query.OpEq
	}
	limits := make([]query.Number, len(t.Values))
	for i, v := range t.Values {
		limits[i] = query.ReadAs(t.Ref.Type(), v.Text).Num
	}
	if len(limits) == 1 && limits[0].Whole {
		limit := limits[0].Int
		switch o {
		case query.OpGt:
			return func(v int64) bool { return v > limit }
		case query.OpGte:
			return func(v int64) bool { return v >= limit }
		case query.OpLt:
			return func(v int64) bool { return v < limit }
		case query.OpLte:
			return func(v int64) bool { return v <= limit }
		default:
			return func(v int64) bool { return v == limit }
		}
	}
	return func(v int64) bool {
		for _, limit := range limits {
			if o.Satisfied(query.Compare(query.WholeNumber(v), limit)) {
				return true
			}
		}
		return false
	}
}

// words compiles a term about a field that holds text, an id or a word of a closed vocabulary.
func words(c *compiler, t *query.Term) test {
	x := &matcher{slot: -1, text: func(string) bool { return true }}
	if t.Kind != query.KindHas {
		x = matcherOf(c, asText(t))
	}
	if c.err != nil {
		return never
	}
	negative := t.Negative()
	if t.Ref.Field == query.FieldService || t.Ref.Field == query.FieldRootService {
		c.tellService(t, x)
	}
	switch t.Ref.Field {
	case query.FieldKind, query.FieldRootKind, query.FieldStatus, query.FieldRootStatus:
		return closed(t, x)
	case query.FieldService:
		return byResource(c, x, negative)
	case query.FieldName:
		return func(m *machine, s trace.Span) bool { return x.symbolMatches(m, s.NameSymbol()) != negative }
	case query.FieldRootService, query.FieldRootName:
		get := trace.Span.ServiceSymbol
		if t.Ref.Field == query.FieldRootName {
			get = trace.Span.NameSymbol
		}
		return func(m *machine, _ trace.Span) bool {
			symbol := get(m.t.Root())
			return symbol != 0 && x.symbolMatches(m, symbol) != negative
		}
	default:
	}
	level, get := t.Ref.Element(), texts[t.Ref.Field]
	optional := t.Ref.Field != query.FieldEventName && t.Ref.Field != query.FieldLinkTrace && t.Ref.Field != query.FieldLinkSpan
	return func(m *machine, s trace.Span) bool {
		present, match := false, false
		look := func() {
			text := get(m, s)
			if text == "" && optional {
				return
			}
			present = true
			match = match || x.text(text)
		}
		switch {
		case t.Ref.Field == query.FieldFinding:
			for _, name := range m.findings()[s.Index()] {
				present = true
				match = match || x.text(name)
			}
		case level != "":
			m.elements(s, level, look)
		default:
			look()
		}
		return present && match != negative
	}
}

// asText returns the term with its constants quoted: a field that holds text is compared as text.
func asText(t *query.Term) *query.Term {
	copied := *t
	copied.Values = make([]query.Literal, len(t.Values))
	for i, v := range t.Values {
		copied.Values[i] = query.Literal{Text: v.Text, Quoted: true}
	}
	return &copied
}

// closed compiles a term about a span kind or a status to a table.
func closed(t *query.Term, x *matcher) test {
	table := [8]bool{}
	for i, word := range t.Ref.Type().Words() {
		table[i] = x.text(word) != t.Negative()
	}
	switch t.Ref.Field {
	case query.FieldKind:
		return func(_ *machine, s trace.Span) bool { return table[s.Kind()&7] }
	case query.FieldRootKind:
		return func(m *machine, _ trace.Span) bool { return table[m.t.Root().Kind()&7] }
	case query.FieldStatus:
		return func(_ *machine, s trace.Span) bool { return table[s.Status()&7] }
	default:
		return func(m *machine, _ trace.Span) bool { return table[m.t.Root().Status()&7] }
	}
}

// byResource compiles a term about the service to a table by resource.
func byResource(c *compiler, x *matcher, negative bool) test {
	table := make([]bool, c.set.Resources())
	for i := range table {
		service := c.set.Resource(i).Service()
		table[i] = service != "" && x.text(service) != negative
	}
	return func(_ *machine, s trace.Span) bool { return table[s.Resource().Index()] }
}
