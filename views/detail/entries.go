package detail

import (
	"cmp"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// entryKind is what an entry of the detail is.
type entryKind uint8

const (
	entryTitle entryKind = iota // of a section
	entryField                  // a key and a value
	entryNote                   // a sentence
	entryEvent                  // an event; its attributes follow as fields
	entryLink                   // enter follows it
)

// entryTone is what an entry's text is drawn in.
type entryTone uint8

const (
	tonePlain entryTone = iota
	toneError
	toneWarn
)

// entry is one thing the detail says: a row, or several where its value is long.
type entry struct {
	kind    entryKind
	section section
	tone    entryTone
	inner   bool // belongs to the event or link above
	key     string
	text    string      // the value, where it is no attribute's
	value   trace.Value // the attribute's
	masked  bool        // secrets in it: text is what may be shown of it
	note    string      // about the value, drawn dim
	link    int         // for entryLink
}

// raw returns the value as it is in the export, but for what is masked, to be copied.
func (e *entry) raw() string {
	if !e.masked && e.value.Type() != trace.TypeNone {
		return e.value.String()
	}
	return e.text
}

// shown returns the text to lay out. Bytes are shown in base64, as far as there is a use for it.
func (e *entry) shown() string {
	if !e.masked && e.value.Type() == trace.TypeBytes && len(e.value.Text()) > valueShown {
		return draw.Bytes(int64(len(e.value.Text()))) + " of bytes"
	}
	return e.raw()
}

// entryMaker collects the entries of a span.
type entryMaker struct {
	s       trace.Span
	env     *views.Env
	section section
	list    []entry
}

// makeEntries lists everything about a span.
func makeEntries(s trace.Span, env *views.Env) []entry {
	m := &entryMaker{s: s, env: env}
	m.status()
	m.doubts()
	attrs, events, links := s.Dropped()
	m.attrs(sectionAttributes, s.Attrs(), attrs)
	m.events(events)
	m.timing()
	if s.Synthetic() {
		return m.list
	}
	m.links(links)
	m.attrs(sectionResource, s.Resource().Attrs(), s.Resource().Dropped())
	m.scope()
	m.span()
	return m.list
}

func (m *entryMaker) add(e entry) {
	e.section = m.section
	m.list = append(m.list, e)
}

// mask masks the secrets of an entry's value and says how to see them.
func (m *entryMaker) mask(e *entry, value string) {
	if m.env.Mask == nil {
		return
	}
	if text, secret := m.env.Mask(e.key, value); secret {
		e.text, e.masked, e.note = text, true, "masked"
		if key := m.env.Key(views.Reveal); key != "" {
			e.note += ": " + key + " reveals"
		}
	}
}

// title begins a section; count is what it holds, "" for nothing to say.
func (m *entryMaker) title(section section, count string) {
	m.section = section
	m.add(entry{kind: entryTitle, text: sectionTitles[section], note: count})
}

// counted begins a section that holds n things, of which the SDK dropped some more.
func (m *entryMaker) counted(section section, n, dropped int) {
	count := draw.Count(n)
	if dropped > 0 {
		count += ", " + draw.Count(dropped) + " dropped by the SDK"
	}
	m.title(section, count)
}

func (m *entryMaker) field(key, text, note string) {
	m.add(entry{kind: entryField, key: key, text: text, note: note})
}

// given adds a field that the export may lack, as the export says it.
func (m *entryMaker) given(key, text string) {
	if text != "" {
		m.field(key, m.env.Masked(text), "")
	}
}

func (m *entryMaker) note(text string, tone entryTone) {
	m.add(entry{kind: entryNote, text: text, tone: tone})
}

func (m *entryMaker) status() {
	s := m.s
	message := s.StatusMessage()
	if s.Status() == trace.StatusUnset && !s.Error() && message == "" {
		return
	}
	m.title(sectionStatus, "")
	tone, note := tonePlain, ""
	if s.Error() {
		tone = toneError
		if s.Status() != trace.StatusError {
			note = "but the attribute error says that it failed"
		}
	}
	m.add(entry{kind: entryField, key: "code", text: s.Status().String(), tone: tone, note: note})
	if message != "" {
		e := entry{kind: entryField, key: "message", text: message, tone: tone}
		m.mask(&e, message)
		m.add(e)
	}
}

// doubts says in words what is unusual about the span's data.
func (m *entryMaker) doubts() {
	s := m.s
	words := doubtWords(s)
	for _, text := range s.Warnings() {
		words = append(words, "The tracing backend says: "+m.env.Masked(text))
	}
	if len(words) == 0 {
		return
	}
	m.title(sectionDoubts, "")
	for _, w := range words {
		m.note(w, toneWarn)
	}
}

// doubtWords explains a span's flags, what was dropped, and times against causality.
func doubtWords(s trace.Span) []string {
	var words []string
	for _, f := range [...]struct {
		flag trace.Flags
		text string
	}{
		{trace.FlagSyntheticRoot, "This is no span of the export: it holds the spans that have no parent here."},
		{trace.FlagOrphan, "Its parent " + s.ParentID().String() + " is not in what was opened."},
		{trace.FlagUnfinished, "It has no end. The end of its last descendant stands in for it."},
		{trace.FlagTimeRepaired, "Its start or duration could not be right and was repaired."},
		{trace.FlagDuplicateID, "Another span has the same id. The two were told apart."},
		{trace.FlagCycleCut, "Its parent was its own descendant. The reference was cut here."},
		{trace.FlagExtraParent, "It names several parents. The others are among its links."},
	} {
		if s.Has(f.flag) {
			words = append(words, f.text)
		}
	}
	words = append(words, againstParent(s)...)
	attrs, events, links := s.Dropped()
	for _, d := range [...]struct {
		n         int
		one, many string
	}{{attrs, "attribute", "attributes"}, {events, "event", "events"}, {links, "link", "links"}} {
		if d.n > 0 {
			words = append(words, "The SDK dropped "+draw.CountNoun(d.n, d.one, d.many)+" before the export.")
		}
	}
	return words
}

// againstParent says where a span lies outside of its parent.
func againstParent(s trace.Span) []string {
	p := s.Parent()
	if p < 0 || s.Trace().Span(p).Synthetic() {
		return nil
	}
	parent := s.Trace().Span(p)
	var words []string
	if early := parent.Start() - s.Start(); early > 0 {
		words = append(words, "It starts "+draw.Duration(early)+" before its parent: the clocks of the two differ.")
	}
	if late := s.Finish() - parent.Finish(); late > 0 {
		words = append(words, "It ends "+draw.Duration(late)+" after its parent, as asynchronous work does.")
	}
	return words
}

func (m *entryMaker) timing() {
	s, t := m.s, m.s.Trace()
	m.title(sectionTiming, "")
	if s.Untimed() {
		m.field("start", views.Unknown, "")
		m.field("duration", views.Unknown, "")
		return
	}
	offset := draw.Offset(s.Start()-t.Start()) + " in the trace"
	m.field("start", m.time(s.Start()), offset)
	m.field("end", m.time(s.Finish()), draw.Offset(s.Finish()-t.Start())+" in the trace")
	m.field("duration", draw.Duration(s.Duration()), draw.Percent(s.Duration(), t.Duration())+" of the trace")
	if s.End() > s.Index()+1 && !s.Synthetic() {
		self := selfTime(s)
		m.field("self", draw.Duration(self), draw.Percent(self, s.Duration())+" of the span: no child runs")
	}
}

// time writes an absolute time with its zone.
func (m *entryMaker) time(ns int64) string {
	text := m.env.Clock.DateTime(ns)
	if zone := m.env.Clock.ZoneName(ns); zone != "" {
		text += " " + zone
	}
	return text
}

// selfTime returns the time of a span in which none of its children runs, in ns. Children come by start time, so
// one pass adds up what they cover:
//
//	span   |------------------|
//	child    |---|
//	child      |----|   |--------|
//	self   ··        ···
func selfTime(s trace.Span) int64 {
	t := s.Trace()
	covered, end := int64(0), s.Start()
	for i := s.Index() + 1; i < s.End(); i = t.End(i) {
		child := t.Span(i)
		from, to := max(child.Start(), end), min(child.Finish(), s.Finish())
		if to > from {
			covered += to - from
			end = to
		}
	}
	return s.Duration() - covered
}

func (m *entryMaker) attrs(section section, attrs trace.Attrs, dropped int) {
	if attrs.Len() == 0 && dropped == 0 {
		return
	}
	m.counted(section, attrs.Len(), dropped)
	m.attrFields(attrs, false)
}

func (m *entryMaker) attrFields(attrs trace.Attrs, inner bool) {
	for key, value := range attrs.All() {
		e := entry{kind: entryField, key: key, value: value, inner: inner}
		switch {
		case value.Type() == trace.TypeNone:
			e.note = "no value"
		case value.Type() == trace.TypeBytes:
			e.note = draw.Bytes(int64(len(value.Text())))
		case value.Type() == trace.TypeString && value.Text() == "":
			e.note = "empty"
		}
		switch value.Type() {
		case trace.TypeString, trace.TypeBytes, trace.TypeJSON:
			m.mask(&e, value.Text())
		case trace.TypeInt, trace.TypeFloat: // a card number, a PIN, a password
			m.mask(&e, value.String())
		default:
		}
		e.key = m.env.Masked(key)
		if key == "error" && m.s.Error() {
			e.tone = toneError
		}
		m.add(e)
	}
}

func (m *entryMaker) events(dropped int) {
	n := m.s.Events()
	if n == 0 && dropped == 0 {
		return
	}
	m.counted(sectionEvents, n, dropped)
	for i := range n {
		e := m.s.Event(i)
		sign, note := "+", ""
		if e.Time() < m.s.Start() {
			sign = ""
		}
		if e.Time() < m.s.Start() || e.Time() > m.s.Finish() {
			note = "outside the span"
		}
		m.add(entry{kind: entryEvent, key: sign + draw.Duration(e.Time()-m.s.Start()), text: cmp.Or(m.env.Masked(e.Name()), "event"), note: note})
		m.attrFields(e.Attrs(), true)
		if d := e.Dropped(); d > 0 {
			m.note("The SDK dropped "+draw.CountNoun(d, "attribute", "attributes")+" of it.", toneWarn)
		}
	}
}

func (m *entryMaker) links(dropped int) {
	links := m.s.Links()
	if len(links) == 0 && dropped == 0 {
		return
	}
	m.counted(sectionLinks, len(links), dropped)
	for i, l := range links {
		where := "trace " + l.TraceID().String() + " span " + l.SpanID().String()
		if l.TraceID() == m.s.Trace().ID() {
			where = "this trace, span " + l.SpanID().String()
		}
		m.add(entry{kind: entryLink, key: linkWords[l.Kind()], text: where, link: i})
		if state := l.TraceState(); state != "" {
			m.add(entry{kind: entryField, key: "tracestate", text: m.env.Masked(state), inner: true})
		}
		m.attrFields(l.Attrs(), true)
	}
}

var linkWords = [...]string{trace.LinkPlain: "link", trace.LinkChildOf: "child of", trace.LinkFollowsFrom: "follows from"}

func (m *entryMaker) scope() {
	s := m.s.Scope()
	if s.Name() == "" && s.Version() == "" && s.Attrs().Len() == 0 {
		return
	}
	m.title(sectionScope, "")
	m.given("name", s.Name())
	m.given("version", s.Version())
	m.attrFields(s.Attrs(), false)
}

func (m *entryMaker) span() {
	s := m.s
	m.title(sectionSpan, "")
	m.given("service", s.Service())
	m.field("operation", m.env.Masked(s.Name()), "")
	m.field("kind", s.Kind().String(), "")
	m.field("span id", s.ID().String(), "")
	if !s.ParentID().IsZero() {
		note := ""
		if s.Has(trace.FlagOrphan) {
			note = "missing"
		}
		m.field("parent id", s.ParentID().String(), note)
	}
	m.field("trace id", s.Trace().ID().String(), "")
	m.given("tracestate", s.TraceState())
	if s.Input() != "" {
		m.field("input", s.Input(), "")
	}
}
