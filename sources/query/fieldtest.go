package query

import (
	"encoding/binary"
	"encoding/hex"
	"time"
	"unsafe"

	"tracefall/sources/trace"
)

// field compiles a term about a field.
func (c *compiler) field(t *term) test {
	switch t.ref.typ() {
	case typeDuration, typeTime, typeNumber:
		return c.quantity(t)
	case typeBool:
		return c.flag(t)
	default:
		return c.words(t)
	}
}

// negative tells whether a term asks that none of the values matches.
func (t *term) negative() bool { return t.op == opNe || t.op == opNotRegex || t.kind == kindNotIn }

// flag compiles a term about a field that is true or false.
func (c *compiler) flag(t *term) test {
	get := flagOf(t.ref.field)
	wantTrue, wantFalse := t.kind == kindHas, t.kind == kindHas
	for _, v := range t.values {
		wantTrue = wantTrue || v.text == "true"
		wantFalse = wantFalse || v.text == "false"
	}
	if t.negative() {
		wantTrue, wantFalse = !wantTrue, !wantFalse
	}
	return func(m *machine, s trace.Span) bool {
		if get(m, s) {
			return wantTrue
		}
		return wantFalse
	}
}

func flagOf(f field) func(*machine, trace.Span) bool {
	switch f {
	case fieldOrphan:
		return func(_ *machine, s trace.Span) bool { return s.Has(trace.FlagOrphan) }
	case fieldCritical:
		return func(m *machine, s trace.Span) bool { return m.criticalSpans()[s.Index()] }
	case fieldRootError:
		return func(m *machine, _ trace.Span) bool { return m.t.Root().Error() }
	default:
		return func(_ *machine, s trace.Span) bool { return s.Error() }
	}
}

// quantity compiles a term about a duration, a time or a count.
func (c *compiler) quantity(t *term) test {
	get := quantityOf(t.ref.field)
	if t.kind == kindHas {
		return c.present(t.ref)
	}
	holds := quantityTest(t)
	if level := t.ref.element(); level != "" {
		return func(m *machine, s trace.Span) bool {
			present, match := false, false
			m.elements(s, level, func() {
				present = true
				match = match || holds(get(m, s))
			})
			return present && match != t.negative()
		}
	}
	if t.negative() {
		return func(m *machine, s trace.Span) bool { return !holds(get(m, s)) }
	}
	if t.ref.field == fieldDuration { // the commonest term of all
		return func(_ *machine, s trace.Span) bool { return holds(s.Duration()) }
	}
	return func(m *machine, s trace.Span) bool { return holds(get(m, s)) }
}

// quantityTest compiles the constants of a term; of a negative one, those that must not be.
func quantityTest(t *term) func(int64) bool {
	o := t.op
	if t.negative() || t.kind == kindIn {
		o = opEq
	}
	limits := make([]number, len(t.values))
	for i, v := range t.values {
		limits[i] = quantityNumber(t.ref.typ(), v.text)
	}
	if len(limits) == 1 && limits[0].integer {
		limit := limits[0].i
		switch o {
		case opGt:
			return func(v int64) bool { return v > limit }
		case opGte:
			return func(v int64) bool { return v >= limit }
		case opLt:
			return func(v int64) bool { return v < limit }
		case opLte:
			return func(v int64) bool { return v <= limit }
		default:
			return func(v int64) bool { return v == limit }
		}
	}
	return func(v int64) bool {
		for _, limit := range limits {
			if o.holds(order(number{true, v, float64(v)}, limit)) {
				return true
			}
		}
		return false
	}
}

// quantityNumber reads a constant that the parser has made fit: nanoseconds, or a count.
func quantityNumber(typ fieldType, text string) number {
	switch typ {
	case typeDuration:
		d, _ := readDuration(text)
		return number{true, int64(d), float64(d)}
	case typeTime:
		at, _ := readTime(text)
		return number{true, at.UnixNano(), float64(at.UnixNano())}
	default:
		n, _ := readNumber(text)
		return n
	}
}

// quantityOf returns how to read a quantity: nanoseconds, nanoseconds since the epoch, or a count.
func quantityOf(f field) func(*machine, trace.Span) int64 {
	switch f {
	case fieldStart:
		return func(_ *machine, s trace.Span) int64 { return s.Start() }
	case fieldEnd:
		return func(_ *machine, s trace.Span) int64 { return s.Finish() }
	case fieldEventTime:
		return func(m *machine, _ trace.Span) int64 { return m.event.Time() }
	case fieldEventSince:
		return func(m *machine, s trace.Span) int64 { return m.event.Time() - s.Start() }
	case fieldDepth:
		return func(m *machine, s trace.Span) int64 { return int64(s.Depth() - m.t.First()) }
	case fieldChildren:
		return func(m *machine, s trace.Span) int64 { return int64(m.childCounts()[s.Index()]) }
	case fieldNestedLeft:
		return func(m *machine, s trace.Span) int64 { return m.nestedLeft(s.Index()) }
	case fieldNestedRight:
		return func(m *machine, s trace.Span) int64 {
			return m.nestedLeft(s.Index()) + 2*int64(m.t.End(s.Index())-s.Index()) - 1
		}
	case fieldNestedParent:
		return func(m *machine, s trace.Span) int64 {
			if p := m.t.Parent(s.Index()); p >= m.t.First() {
				return m.nestedLeft(p)
			}
			if s.ParentID().IsZero() {
				return -1
			}
			return 0
		}
	case fieldSelf:
		return func(m *machine, s trace.Span) int64 { return m.selfTimes()[s.Index()] }
	case fieldTraceDuration:
		return func(m *machine, _ trace.Span) int64 { return m.t.Duration() }
	case fieldTraceSpans:
		return func(m *machine, _ trace.Span) int64 { return int64(m.t.SpanCount()) }
	case fieldTraceServices:
		return func(m *machine, _ trace.Span) int64 { return int64(m.t.Services()) }
	case fieldTraceErrors:
		return func(m *machine, _ trace.Span) int64 { return int64(m.t.Errors()) }
	case fieldTraceStart:
		return func(m *machine, _ trace.Span) int64 { return m.t.Start() }
	case fieldTraceEnd:
		return func(m *machine, _ trace.Span) int64 { return m.t.Finish() }
	case fieldRootDuration:
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
func (c *compiler) present(r ref) test {
	if level := r.element(); level != "" {
		return func(m *machine, s trace.Span) bool {
			found := false
			m.elements(s, level, func() { found = true })
			return found
		}
	}
	return func(*machine, trace.Span) bool { return true }
}

// words compiles a term about a field that holds text, an id or a word of a closed vocabulary.
func (c *compiler) words(t *term) test {
	var x *matcher
	if t.kind != kindHas {
		x = c.matcher(asText(t))
	}
	if c.err != nil {
		return never
	}
	negative := t.negative()
	switch t.ref.field {
	case fieldKind, fieldRootKind, fieldStatus, fieldRootStatus:
		return c.closed(t, x)
	case fieldService:
		return c.byResource(x, negative)
	case fieldName:
		return func(m *machine, s trace.Span) bool {
			return x == nil || x.symbolMatches(m, s.NameSymbol()) != negative
		}
	case fieldRootService, fieldRootName:
		get := trace.Span.ServiceSymbol
		if t.ref.field == fieldRootName {
			get = trace.Span.NameSymbol
		}
		return func(m *machine, _ trace.Span) bool {
			symbol := get(m.t.Root())
			return symbol != 0 && (x == nil || x.symbolMatches(m, symbol) != negative)
		}
	default:
	}
	level, get := t.ref.element(), textOf(t.ref.field)
	optional := t.ref.field != fieldEventName && t.ref.field != fieldLinkTrace && t.ref.field != fieldLinkSpan
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
		case t.ref.field == fieldFinding:
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
func asText(t *term) *term {
	copied := *t
	copied.values = make([]literal, len(t.values))
	for i, v := range t.values {
		copied.values[i] = literal{v.text, true}
	}
	return &copied
}

// closed compiles a term about a span kind or a status to a table.
func (c *compiler) closed(t *term, x *matcher) test {
	table := [8]bool{}
	for i, word := range t.ref.typ().words() {
		table[i] = x == nil || x.text(word) != t.negative()
	}
	switch t.ref.field {
	case fieldKind:
		return func(_ *machine, s trace.Span) bool { return table[s.Kind()&7] }
	case fieldRootKind:
		return func(m *machine, _ trace.Span) bool { return table[m.t.Root().Kind()&7] }
	case fieldStatus:
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
func textOf(f field) func(*machine, trace.Span) string {
	switch f {
	case fieldStatusMessage:
		return func(_ *machine, s trace.Span) string { return s.StatusMessage() }
	case fieldTraceState:
		return func(_ *machine, s trace.Span) string { return s.TraceState() }
	case fieldTraceID:
		return func(m *machine, _ trace.Span) string { return m.t.ID().String() }
	case fieldSpanID:
		return func(m *machine, s trace.Span) string { return m.idText(s.ID()) }
	case fieldParentID:
		return func(m *machine, s trace.Span) string {
			if id := s.ParentID(); !id.IsZero() {
				return m.idText(id)
			}
			return ""
		}
	case fieldScopeName:
		return func(_ *machine, s trace.Span) string { return s.Scope().Name() }
	case fieldScopeVersion:
		return func(_ *machine, s trace.Span) string { return s.Scope().Version() }
	case fieldEventName:
		return func(m *machine, _ trace.Span) string { return m.event.Name() }
	case fieldLinkTrace:
		return func(m *machine, _ trace.Span) string { return m.link.TraceID().String() }
	case fieldLinkSpan:
		return func(m *machine, _ trace.Span) string { return m.idText(m.link.SpanID()) }
	case fieldLinkState:
		return func(m *machine, _ trace.Span) string { return m.link.TraceState() }
	case fieldName:
		return func(_ *machine, s trace.Span) string { return s.Name() }
	case fieldService:
		return func(_ *machine, s trace.Span) string { return s.Service() }
	case fieldKind:
		return func(_ *machine, s trace.Span) string { return s.Kind().String() }
	case fieldStatus:
		return func(_ *machine, s trace.Span) string { return s.Status().String() }
	case fieldRootService:
		return func(m *machine, _ trace.Span) string { return m.t.Root().Service() }
	case fieldRootName:
		return func(m *machine, _ trace.Span) string { return m.t.Root().Name() }
	case fieldRootKind:
		return func(m *machine, _ trace.Span) string { return m.t.Root().Kind().String() }
	case fieldRootStatus:
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

// timeText writes nanoseconds since the epoch as the language does.
func timeText(ns int64) string { return formatTime(time.Unix(0, ns)) }
