package eval

import (
	"encoding/binary"
	"encoding/hex"
	"unsafe"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// field compiles a term about a field.
func (c *compiler) field(t *query.Term) test {
	switch t.Ref.Type() {
	case query.TypeDuration, query.TypeTime, query.TypeNumber:
		return c.quantity(t)
	case query.TypeBool:
		return c.flag(t)
	default:
		return c.words(t)
	}
}

// flag compiles a term about a field that is true or false.
func (c *compiler) flag(t *query.Term) test {
	get := flagOf(t.Ref.Field)
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

func flagOf(f query.Field) func(*machine, trace.Span) bool {
	switch f {
	case query.FieldOrphan:
		return func(_ *machine, s trace.Span) bool { return s.Has(trace.FlagOrphan) }
	case query.FieldCritical:
		return func(m *machine, s trace.Span) bool { return m.criticalSpans()[s.Index()] }
	case query.FieldRootError:
		return func(m *machine, _ trace.Span) bool { return m.t.Root().Error() }
	default:
		return func(_ *machine, s trace.Span) bool { return s.Error() }
	}
}

// quantity compiles a term about a duration, a time or a count.
func (c *compiler) quantity(t *query.Term) test {
	get := quantityOf(t.Ref.Field)
	if t.Kind == query.KindHas {
		return c.present(t.Ref)
	}
	holds := quantityTest(t)
	if level := t.Ref.Element(); level != "" {
		return func(m *machine, s trace.Span) bool {
			present, match := false, false
			m.elements(s, level, func() {
				present = true
				match = match || holds(get(m, s))
			})
			return present && match != t.Negative()
		}
	}
	if t.Negative() {
		return func(m *machine, s trace.Span) bool { return !holds(get(m, s)) }
	}
	if t.Ref.Field == query.FieldDuration { // the commonest term of all
		return func(_ *machine, s trace.Span) bool { return holds(s.Duration()) }
	}
	return func(m *machine, s trace.Span) bool { return holds(get(m, s)) }
}

// quantityTest compiles the constants of a term; of a negative one, those that must not be.
func quantityTest(t *query.Term) func(int64) bool {
	o := t.Op
	if t.Negative() || t.Kind == query.KindIn {
		o = query.OpEq
	}
	limits := make([]query.Number, len(t.Values))
	for i, v := range t.Values {
		limits[i] = quantityNumber(t.Ref.Type(), v.Text)
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

// quantityNumber reads a constant that the parser has made fit: nanoseconds, or a count.
func quantityNumber(typ query.FieldType, text string) query.Number {
	switch typ {
	case query.TypeDuration:
		d, _ := query.ReadDuration(text)
		return query.WholeNumber(int64(d))
	case query.TypeTime:
		at, _ := query.ReadTime(text)
		return query.WholeNumber(at.UnixNano())
	default:
		n, _ := query.ReadNumber(text)
		return n
	}
}

// quantityOf returns how to read a quantity: nanoseconds, nanoseconds since the epoch, or a count.
func quantityOf(f query.Field) func(*machine, trace.Span) int64 {
	switch f {
	case query.FieldStart:
		return func(_ *machine, s trace.Span) int64 { return s.Start() }
	case query.FieldEnd:
		return func(_ *machine, s trace.Span) int64 { return s.Finish() }
	case query.FieldEventTime:
		return func(m *machine, _ trace.Span) int64 { return m.event.Time() }
	case query.FieldEventSince:
		return func(m *machine, s trace.Span) int64 { return m.event.Time() - s.Start() }
	case query.FieldDepth:
		return func(m *machine, s trace.Span) int64 { return int64(s.Depth() - m.t.First()) }
	case query.FieldChildren:
		return func(m *machine, s trace.Span) int64 { return int64(m.childCounts()[s.Index()]) }
	case query.FieldNestedLeft:
		return func(m *machine, s trace.Span) int64 { return m.nestedLeft(s.Index()) }
	case query.FieldNestedRight:
		return func(m *machine, s trace.Span) int64 {
			return m.nestedLeft(s.Index()) + 2*int64(m.t.End(s.Index())-s.Index()) - 1
		}
	case query.FieldNestedParent:
		return func(m *machine, s trace.Span) int64 {
			if p := m.t.Parent(s.Index()); p >= m.t.First() {
				return m.nestedLeft(p)
			}
			if s.ParentID().IsZero() {
				return -1
			}
			return 0
		}
	case query.FieldSelf:
		return func(m *machine, s trace.Span) int64 { return m.selfTimes()[s.Index()] }
	case query.FieldTraceDuration:
		return func(m *machine, _ trace.Span) int64 { return m.t.Duration() }
	case query.FieldTraceSpans:
		return func(m *machine, _ trace.Span) int64 { return int64(m.t.SpanCount()) }
	case query.FieldTraceServices:
		return func(m *machine, _ trace.Span) int64 { return int64(m.t.Services()) }
	case query.FieldTraceErrors:
		return func(m *machine, _ trace.Span) int64 { return int64(m.t.Errors()) }
	case query.FieldTraceStart:
		return func(m *machine, _ trace.Span) int64 { return m.t.Start() }
	case query.FieldTraceEnd:
		return func(m *machine, _ trace.Span) int64 { return m.t.Finish() }
	case query.FieldRootDuration:
		return func(m *machine, _ trace.Span) int64 { return m.t.Root().Duration() }
	default:
		return func(_ *machine, s trace.Span) int64 { return s.Duration() }
	}
}

// nestedLeft counts what opens and closes before a span opens, and the span itself: those before it in the array have
// opened, and all of them but its ancestors have closed.
func (m *machine) nestedLeft(i int) int64 {
	before, ancestors := i-m.t.First(), m.t.Span(i).Depth()-m.t.First()
	return int64(2*before - ancestors + 1)
}

// present compiles whether a field is there; those that every span has always are.
func (c *compiler) present(r query.Ref) test {
	if level := r.Element(); level != "" {
		return func(m *machine, s trace.Span) bool {
			found := false
			m.elements(s, level, func() { found = true })
			return found
		}
	}
	return func(*machine, trace.Span) bool { return true }
}

// Words compiles a term about a field that holds text, an id or a word of a closed vocabulary.
func (c *compiler) words(t *query.Term) test {
	var x *matcher
	if t.Kind != query.KindHas {
		x = c.matcher(asText(t))
	}
	if c.err != nil {
		return never
	}
	negative := t.Negative()
	switch t.Ref.Field {
	case query.FieldKind, query.FieldRootKind, query.FieldStatus, query.FieldRootStatus:
		return c.closed(t, x)
	case query.FieldService:
		return c.byResource(x, negative)
	case query.FieldName:
		return func(m *machine, s trace.Span) bool {
			return x == nil || x.symbolMatches(m, s.NameSymbol()) != negative
		}
	case query.FieldRootService, query.FieldRootName:
		get := trace.Span.ServiceSymbol
		if t.Ref.Field == query.FieldRootName {
			get = trace.Span.NameSymbol
		}
		return func(m *machine, _ trace.Span) bool {
			symbol := get(m.t.Root())
			return symbol != 0 && (x == nil || x.symbolMatches(m, symbol) != negative)
		}
	default:
	}
	level, get := t.Ref.Element(), textOf(t.Ref.Field)
	optional := t.Ref.Field != query.FieldEventName && t.Ref.Field != query.FieldLinkTrace && t.Ref.Field != query.FieldLinkSpan
	return func(m *machine, s trace.Span) bool {
		present, match := false, false
		look := func() {
			text := get(m, s)
			if text == "" && optional {
				return
			}
			present = true
			match = match || x == nil || x.text(text)
		}
		switch {
		case t.Ref.Field == query.FieldFinding:
			for _, name := range m.findings()[s.Index()] {
				present = true
				match = match || x == nil || x.text(name)
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
func (c *compiler) closed(t *query.Term, x *matcher) test {
	table := [8]bool{}
	for i, word := range t.Ref.Type().Words() {
		table[i] = x == nil || x.text(word) != t.Negative()
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
func (c *compiler) byResource(x *matcher, negative bool) test {
	table := make([]bool, c.set.Resources())
	for i := range table {
		service := c.set.Resource(i).Service()
		table[i] = service != "" && (x == nil || x.text(service) != negative)
	}
	return func(_ *machine, s trace.Span) bool { return table[s.Resource().Index()] }
}

// textOf returns how to read a text; "" where there is none. The text is valid until the next is read.
func textOf(f query.Field) func(*machine, trace.Span) string {
	switch f {
	case query.FieldStatusMessage:
		return func(_ *machine, s trace.Span) string { return s.StatusMessage() }
	case query.FieldTraceState:
		return func(_ *machine, s trace.Span) string { return s.TraceState() }
	case query.FieldTraceID:
		return func(m *machine, _ trace.Span) string { return m.t.ID().String() }
	case query.FieldSpanID:
		return func(m *machine, s trace.Span) string { return m.idText(s.ID()) }
	case query.FieldParentID:
		return func(m *machine, s trace.Span) string {
			if id := s.ParentID(); !id.IsZero() {
				return m.idText(id)
			}
			return ""
		}
	case query.FieldScopeName:
		return func(_ *machine, s trace.Span) string { return s.Scope().Name() }
	case query.FieldScopeVersion:
		return func(_ *machine, s trace.Span) string { return s.Scope().Version() }
	case query.FieldEventName:
		return func(m *machine, _ trace.Span) string { return m.event.Name() }
	case query.FieldLinkTrace:
		return func(m *machine, _ trace.Span) string { return m.link.TraceID().String() }
	case query.FieldLinkSpan:
		return func(m *machine, _ trace.Span) string { return m.idText(m.link.SpanID()) }
	case query.FieldLinkState:
		return func(m *machine, _ trace.Span) string { return m.link.TraceState() }
	case query.FieldName:
		return func(_ *machine, s trace.Span) string { return s.Name() }
	case query.FieldService:
		return func(_ *machine, s trace.Span) string { return s.Service() }
	case query.FieldKind:
		return func(_ *machine, s trace.Span) string { return s.Kind().String() }
	case query.FieldStatus:
		return func(_ *machine, s trace.Span) string { return s.Status().String() }
	case query.FieldRootService:
		return func(m *machine, _ trace.Span) string { return m.t.Root().Service() }
	case query.FieldRootName:
		return func(m *machine, _ trace.Span) string { return m.t.Root().Name() }
	case query.FieldRootKind:
		return func(m *machine, _ trace.Span) string { return m.t.Root().Kind().String() }
	case query.FieldRootStatus:
		return func(m *machine, _ trace.Span) string { return m.t.Root().Status().String() }
	default:
		return func(*machine, trace.Span) string { return "" }
	}
}

// idText writes an id without allocating.
func (m *machine) idText(id trace.SpanID) string {
	if id.Text != "" {
		return id.Text
	}
	var raw [8]byte
	binary.BigEndian.PutUint64(raw[:], id.N)
	m.buf = hex.AppendEncode(m.buf[:0], raw[:])
	return unsafe.String(unsafe.SliceData(m.buf), len(m.buf))
}

// childCounts returns the number of children by span.
func (m *machine) childCounts() []int32 {
	if m.childrenOf != m.t {
		m.childrenOf = m.t
		m.children = zeroed(m.children, m.t.Len())
		for i := range m.t.Len() {
			if p := m.t.Parent(i); p >= 0 {
				m.children[p]++
			}
		}
	}
	return m.children
}

// selfTimes returns what the analysis says, by span.
func (m *machine) selfTimes() []int64 {
	if m.selfOf != m.t {
		m.selfOf = m.t
		m.self = zeroed(m.self, m.t.Len())
		m.p.derived.Self(m.t, m.self)
	}
	return m.self
}

func (m *machine) criticalSpans() []bool {
	if m.criticalOf != m.t {
		m.criticalOf = m.t
		m.critical = zeroed(m.critical, m.t.Len())
		m.p.derived.Critical(m.t, m.critical)
	}
	return m.critical
}

func (m *machine) findings() [][]string {
	if m.marksOf != m.t {
		m.marksOf = m.t
		m.marks = zeroed(m.marks, m.t.Len())
		for _, mark := range m.p.derived.Findings(m.t) {
			if mark.Span >= 0 && mark.Span < len(m.marks) {
				m.marks[mark.Span] = append(m.marks[mark.Span], mark.Detector)
			}
		}
	}
	return m.marks
}

// zeroed returns n zero values in the memory of old, where that suffices.
func zeroed[T any](old []T, n int) []T {
	if cap(old) < n {
		return make([]T, n)
	}
	clear(old[:n])
	return old[:n]
}
