package query

import (
	"math"
	"strings"
	"time"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"

	"tracefall/sources/trace"
)

// datum is a value of any kind, for comparing two references, for groups and for aggregates. These are seldom
// asked for; terms with constants take the shorter way of a matcher.
type datum struct {
	kind datumKind
	num  number
	text string
}

type datumKind uint8

const (
	datumText datumKind = iota
	datumNumber
	datumDuration
	datumTime
)

// String writes a datum as a query would.
func (d datum) String() string {
	switch d.kind {
	case datumNumber:
		return d.num.String()
	case datumDuration:
		if !d.num.integer {
			return writeDuration(time.Duration(math.Round(d.num.f)))
		}
		return writeDuration(time.Duration(d.num.i))
	case datumTime:
		return timeText(d.num.i)
	default:
		return d.text
	}
}

// compareData compares two data where they are of one kind, or where a text reads as what the other is.
func compareData(a, b datum) int {
	if a.kind == datumText && b.kind != datumText {
		if c := compareData(b, a); c != incomparable {
			return -c
		}
		return incomparable
	}
	if a.kind != datumText && b.kind == datumText {
		b = readAs(a.kind, b.text)
	}
	switch {
	case a.kind != b.kind:
		return incomparable
	case a.kind == datumText:
		return strings.Compare(a.text, b.text)
	}
	return order(a.num, b.num)
}

// readAs reads a text as a kind; it stays a text where it does not read as that.
func readAs(kind datumKind, text string) datum {
	switch kind {
	case datumNumber:
		if n, ok := readNumber(text); ok {
			return datum{kind: kind, num: n}
		}
	case datumDuration:
		if d, ok := readDuration(text); ok {
			return datum{kind: kind, num: number{true, int64(d), float64(d)}}
		}
	case datumTime:
		if at, ok := readTime(text); ok {
			return datum{kind: kind, num: number{true, at.UnixNano(), float64(at.UnixNano())}}
		}
	default:
	}
	return datum{text: text}
}

// compareRefs compiles a comparison of two references: a positive one holds when one pair of values satisfies it,
// != when both are there and no pair is equal.
func (c *compiler) compareRefs(t *term) test {
	left, right := c.getter(t.ref), c.getter(t.other)
	return func(m *machine, s trace.Span) bool {
		m.left = left(m, s, m.left[:0])
		m.right = right(m, s, m.right[:0])
		equal := false
		for _, a := range m.left {
			for _, b := range m.right {
				order := compareData(a, b)
				if t.op != opNe && t.op.holds(order) {
					return true
				}
				equal = equal || order == 0
			}
		}
		return t.op == opNe && !equal && len(m.left) > 0 && len(m.right) > 0
	}
}

// getter appends the values of a reference.
type getter func(m *machine, s trace.Span, dst []datum) []datum

func (c *compiler) getter(r ref) getter {
	if r.instead != fieldNone {
		var all []getter
		for _, one := range c.resolve(r) {
			one.parent = false
			all = append(all, c.getter(one))
		}
		return func(m *machine, s trace.Span, dst []datum) []datum {
			for _, get := range all {
				dst = get(m, s, dst)
			}
			return dst
		}
	}
	if r.field == fieldNone {
		return c.attributeGetter(r)
	}
	kind := map[fieldType]datumKind{typeDuration: datumDuration, typeTime: datumTime, typeNumber: datumNumber}[r.typ()]
	read := quantityOf(r.field)
	one := func(m *machine, s trace.Span, dst []datum) []datum {
		n := read(m, s)
		return append(dst, datum{kind: kind, num: number{true, n, float64(n)}})
	}
	switch {
	case r.typ() == typeBool:
		flag := flagOf(r.field)
		one = func(m *machine, s trace.Span, dst []datum) []datum {
			return append(dst, datum{text: map[bool]string{false: "false", true: "true"}[flag(m, s)]})
		}
	case r.field == fieldFinding:
		one = func(m *machine, s trace.Span, dst []datum) []datum {
			for _, name := range m.findings()[s.Index()] {
				dst = append(dst, datum{text: name})
			}
			return dst
		}
	case kind == datumText:
		text := textOf(r.field)
		passing := r.field == fieldSpanID || r.field == fieldParentID || r.field == fieldLinkSpan // written by idText
		one = func(m *machine, s trace.Span, dst []datum) []datum {
			if v := text(m, s); v != "" || r.field == fieldName || r.field == fieldEventName {
				if passing {
					v = strings.Clone(v)
				}
				return append(dst, datum{text: v})
			}
			return dst
		}
	}
	level := r.element()
	if level == "" {
		return one
	}
	return func(m *machine, s trace.Span, dst []datum) []datum {
		m.elements(s, level, func() { dst = one(m, s, dst) })
		return dst
	}
}

func (c *compiler) attributeGetter(r ref) getter {
	symbols, _, use := c.useKey(r)
	collect := func(m *machine, attrs trace.Attrs, dst []datum) []datum {
		for _, key := range symbols {
			for i := range attrs.Len() {
				if attrs.KeySymbol(i) == key {
					m.seen[use] = true
					dst = append(dst, datumOf(attrs.Value(i)))
				}
			}
		}
		return dst
	}
	return func(m *machine, s trace.Span, dst []datum) []datum {
		switch r.level {
		case expression.LevelEvent, expression.LevelLink:
			m.elements(s, r.level, func() { dst = collect(m, m.elementAttrs(r.level), dst) })
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

func datumOf(v trace.Value) datum {
	switch v.Type() {
	case trace.TypeInt:
		return datum{kind: datumNumber, num: number{true, v.Int(), float64(v.Int())}}
	case trace.TypeFloat:
		return datum{kind: datumNumber, num: number{f: v.Float()}}
	default:
		return datum{text: v.String()}
	}
}
