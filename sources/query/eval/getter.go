package eval

import (
	"strconv"
	"strings"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// compareRefs compiles a comparison of two references: a positive one holds when one pair of values satisfies it,
// != when both are there and no pair is equal.
func compareRefs(c *compiler, t *query.Term) test {
	left, right := getterOf(c, t.Ref), getterOf(c, t.Other)
	return func(m *machine, s trace.Span) bool {
		m.left = left(m, s, m.left[:0])
		m.right = right(m, s, m.right[:0])
		equal := false
		for _, a := range m.left {
			for _, b := range m.right {
				order := query.CompareData(a, b)
				if t.Op != query.OpNe && t.Op.Satisfied(order) {
					return true
				}
				equal = equal || order == 0
			}
		}
		return t.Op == query.OpNe && !equal && len(m.left) > 0 && len(m.right) > 0
	}
}

// getter appends the values of a reference.
type getter func(m *machine, s trace.Span, dst []query.Datum) []query.Datum

// checkedGetter compiles a reference of the span or of its parent, where it can be answered. at is where it stands, for
// messages.
func checkedGetter(c *compiler, at *query.Term, r query.Ref) getter {
	own := r
	own.Parent = false
	c.check(at, own)
	get := getterOf(c, own)
	if !r.Parent {
		return get
	}
	return func(m *machine, s trace.Span, dst []query.Datum) []query.Datum {
		if p := m.t.Parent(s.Index()); p >= m.t.First() {
			return get(m, m.t.Span(p), dst)
		}
		return dst
	}
}

func getterOf(c *compiler, r query.Ref) getter {
	if r.Instead != query.FieldNone {
		var all []getter
		for _, one := range c.resolve(r) {
			all = append(all, getterOf(c, one))
		}
		return func(m *machine, s trace.Span, dst []query.Datum) []query.Datum {
			for _, get := range all {
				dst = get(m, s, dst)
			}
			return dst
		}
	}
	if r.Field == query.FieldNone {
		return attributeGetter(c, r)
	}
	var one getter
	switch kind := r.Type(); kind {
	case query.TypeDuration, query.TypeTime, query.TypeNumber:
		read := quantities[r.Field]
		one = func(m *machine, s trace.Span, dst []query.Datum) []query.Datum {
			return append(dst, query.Datum{Kind: kind, Num: query.WholeNumber(read(m, s))})
		}
	case query.TypeBool:
		flag := flags[r.Field]
		one = func(m *machine, s trace.Span, dst []query.Datum) []query.Datum {
			return append(dst, textDatum(strconv.FormatBool(flag(m, s))))
		}
	case query.TypeFinding:
		one = func(m *machine, s trace.Span, dst []query.Datum) []query.Datum {
			for _, name := range m.findings()[s.Index()] {
				dst = append(dst, textDatum(name))
			}
			return dst
		}
	default:
		text := texts[r.Field]
		passing := r.Field == query.FieldSpanID || r.Field == query.FieldParentID || r.Field == query.FieldLinkSpan // written by idText
		one = func(m *machine, s trace.Span, dst []query.Datum) []query.Datum {
			v := text(m, s)
			if v == "" && r.Field != query.FieldName && r.Field != query.FieldEventName {
				return dst
			}
			if passing {
				v = strings.Clone(v)
			}
			return append(dst, textDatum(v))
		}
	}
	level := r.Element()
	if level == "" {
		return one
	}
	return func(m *machine, s trace.Span, dst []query.Datum) []query.Datum {
		m.elements(s, level, func() { dst = one(m, s, dst) })
		return dst
	}
}

func attributeGetter(c *compiler, r query.Ref) getter {
	symbols, _, use := c.useKey(r)
	collect := func(m *machine, attrs trace.Attrs, dst []query.Datum) []query.Datum {
		for _, key := range symbols {
			for i := range attrs.Len() {
				if attrs.KeySymbol(i) == key {
					m.met[use] |= verdictPresent
					dst = append(dst, datumOf(attrs.Value(i)))
				}
			}
		}
		return dst
	}
	return func(m *machine, s trace.Span, dst []query.Datum) []query.Datum {
		switch r.Level {
		case expression.LevelEvent, expression.LevelLink:
			m.elements(s, r.Level, func() { dst = collect(m, m.elementAttrs(r.Level), dst) })
			return dst
		case expression.LevelScope:
			return collect(m, s.Scope().Attrs(), dst)
		case expression.LevelSpan:
			return collect(m, s.Attrs(), dst)
		case expression.LevelResource:
			return collect(m, s.Resource().Attrs(), dst)
		default:
			return collect(m, s.Resource().Attrs(), collect(m, s.Attrs(), dst))
		}
	}
}

func datumOf(v trace.Value) query.Datum {
	switch v.Type() {
	case trace.TypeInt:
		return query.Datum{Kind: query.TypeNumber, Num: query.WholeNumber(v.Int())}
	case trace.TypeFloat:
		return query.Datum{Kind: query.TypeNumber, Num: query.Number{Float: v.Float()}}
	default:
		return textDatum(v.String())
	}
}

func textDatum(text string) query.Datum { return query.Datum{Kind: query.TypeText, Text: text} }
