package detail

import (
	"slices"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/genai"
	"tracefall/diagnose/semconv"
	"tracefall/sources/logline"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// entryKind is what an entry of the detail is.
type entryKind uint8

const (
	entryTitle   entryKind = iota // of a section
	entryGroup                    // the title of a namespace of attributes
	entryField                    // a key and a value
	entryNote                     // a sentence
	entryMessage                  // of a conversation: who speaks, and what
	entryEvent                    // an event; its attributes follow as fields
	entryLink                     // enter follows it
)

// titles reports whether entries of the kind fold what follows them.
func (k entryKind) titles() bool { return k == entryTitle || k == entryGroup }

// entryTone is what an entry's text is drawn in.
type entryTone uint8

const (
	tonePlain entryTone = iota
	toneStrong
	toneError
	toneWarn
)

// entry is one thing the detail says: a row, or several where its value is long.
type entry struct {
	kind    entryKind
	section section
	group   string // namespace of the attribute, "" for none
	tone    entryTone
	inner   bool // belongs to the event or link above
	brief   bool // one line is enough until all is asked for: it is laid out elsewhere
	table   bool // a row of the table of times: blanks align its columns
	spare   bool // the note is left out where there is no room for it
	long    bool // more of it can be shown, or less: set where it is laid out
	key     string
	text    string      // the value, where it is no attribute's
	value   trace.Value // the attribute's
	masked  bool        // secrets in it: text is what may be shown of it
	note    string      // about the value, drawn dim
	link    int         // for entryLink
}

// part returns what the entry is in, or is the title of.
func (e *entry) part() part { return part{e.section, e.group} }

// raw returns the value as it is in the export, but for what is masked, to be copied.
func (e *entry) raw() string {
	if !e.masked && e.value.Type() != trace.TypeNone {
		return e.value.String()
	}
	return e.text
}

// name returns the key as it is shown: below the title of a namespace without the namespace.
func (e *entry) name() string {
	if space, ok := strings.CutSuffix(e.group, namespaceEnd); ok && !e.inner {
		return strings.TrimPrefix(e.key, space+".")
	}
	return e.key
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
	fields  *semconv.Fields
	facts   *facts.Facts   // nil until they are known
	logs    []logline.Line // of the trace, nil until they are known
	section section
	group   string
	list    []entry
}

func (m *entryMaker) add(e entry) {
	e.section, e.group = m.section, m.group
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
	m.section, m.group = section, ""
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

// attrs adds a section of attributes, by namespace where there are many.
func (m *entryMaker) attrs(section section, attrs trace.Attrs, dropped int) {
	if attrs.Len() == 0 && dropped == 0 {
		return
	}
	m.counted(section, attrs.Len(), dropped)
	groups := namespaces(attrs)
	if groups == nil {
		m.attrFields(attrs, false)
		return
	}
	for _, g := range groups {
		m.group = g.name
		m.add(entry{kind: entryGroup, text: m.env.Masked(g.name), note: draw.Count(len(g.attrs))})
		for _, n := range g.attrs {
			m.attrField(attrs.Key(n), attrs.Value(n), false)
		}
	}
	m.group = ""
}

// namespace is attributes whose keys begin alike, by their index.
type namespace struct {
	name  string
	attrs []int
}

// Names of namespaces, and from how many attributes on they are told apart.
const (
	namespaceEnd   = ".*"
	namespaceRest  = "other"
	namespaceLeast = 6
)

// namespaces tells attributes apart by what their keys begin with, http.* and db.*, in the order in which they are first
// met; those that are alone in theirs come last. It is nil where there are few.
func namespaces(attrs trace.Attrs) []namespace {
	if attrs.Len() < namespaceLeast {
		return nil
	}
	at := map[string]int{}
	var groups []namespace
	for n := range attrs.Len() {
		name, _, dotted := strings.Cut(attrs.Key(n), ".")
		if !dotted {
			name = ""
		}
		k, known := at[name]
		if !known {
			k = len(groups)
			at[name] = k
			groups = append(groups, namespace{name: name + namespaceEnd})
		}
		groups[k].attrs = append(groups[k].attrs, n)
	}
	rest := namespace{name: namespaceRest}
	kept := groups[:0]
	for _, g := range groups {
		if len(g.attrs) < 2 || g.name == namespaceEnd {
			rest.attrs = append(rest.attrs, g.attrs...)
		} else {
			kept = append(kept, g)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	if len(rest.attrs) > 0 {
		slices.Sort(rest.attrs)
		kept = append(kept, rest)
	}
	return kept
}

func (m *entryMaker) attrFields(attrs trace.Attrs, inner bool) {
	for key, value := range attrs.All() {
		m.attrField(key, value, inner)
	}
}

// attrField adds an attribute.
func (m *entryMaker) attrField(key string, value trace.Value, inner bool) {
	e := entry{kind: entryField, key: key, value: value, inner: inner, brief: genai.IsMessageKey(key)}
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
