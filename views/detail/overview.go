package detail

import (
	"cmp"
	"strings"

	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// overview adds what one wants to know first: what was called and how it ended, and where the time went.
func (m *entryMaker) overview() {
	kind, call := "", ""
	if !m.s.Synthetic() {
		kind, call = m.called()
	}
	m.title(sectionOverview, kind)
	if call != "" {
		m.note(call, toneStrong)
	}
	if !m.s.Synthetic() {
		m.outcome()
	}
	m.timing()
}

// called returns what sort of call the span is, and in one line what it called or served.
func (m *entryMaker) called() (kind, line string) {
	var c semconv.Canonical
	m.fields.ReadOwn(m.s, &c)
	call := callLine{s: m.s, c: &c, safe: func(key, text string) string {
		if m.env.Mask == nil {
			return text
		}
		if shown, secret := m.env.Mask(key, text); secret {
			return shown
		}
		return text
	}}
	kind, line = call.words(semconv.ClassOf(m.s, &c, semconv.NameSortOf(m.s.Name())))
	return kind, m.env.Masked(line)
}

// outcome adds how the span ended: its status, and its last exception. A status message that only repeats the exception's
// is left out.
func (m *entryMaker) outcome() {
	s := m.s
	message, thrown := s.StatusMessage(), lastException(s)
	if s.Status() != trace.StatusUnset || s.Error() || message != "" {
		tone, note := tonePlain, ""
		if s.Error() {
			tone = toneError
			if s.Status() != trace.StatusError {
				note = "the attribute error marks a failure"
			}
		}
		m.add(entry{kind: entryField, key: "status", text: s.Status().String(), tone: tone, note: note})
		if message != "" && message != thrown.message {
			e := entry{kind: entryField, key: "message", text: message, tone: tone}
			m.mask(&e, message)
			m.add(e)
		}
	}
	if text := thrown.text(); text != "" {
		e := entry{kind: entryField, key: "exception", text: text, tone: toneError, note: thrown.when, spare: true}
		m.mask(&e, text)
		m.add(e)
	}
}

// exception is what was thrown in a span.
type exception struct{ kind, message, when string }

// text writes type and message.
func (e exception) text() string {
	if e.kind == "" || e.message == "" {
		return e.kind + e.message
	}
	return e.kind + ": " + e.message
}

// lastException returns the last exception of a span: that of its events, else of its attributes.
func lastException(s trace.Span) exception {
	attrs, when := s.Attrs(), ""
	for _, at := range momentsOf(s, nil) {
		if at.name == views.ExceptionEvent {
			if attrs = at.attrs; !s.Untimed() {
				when = offsetIn(s, at.time)
			}
		}
	}
	return exception{cmp.Or(attrs.Get("exception.type").String(), attrs.Get("error.kind").String()), attrs.Get("exception.message").String(), when}
}

// timing adds how long the span took, of that what it took itself and what of the critical path was in it, alone and with what is below it, and when it ran.
func (m *entryMaker) timing() {
	s, t := m.s, m.s.Trace()
	if s.Untimed() {
		m.field("start", views.Unknown, "")
		m.field("duration", views.Unknown, "")
		return
	}
	m.measure("", "", "of span", "of trace")
	m.share("duration", s.Duration())
	if f := m.facts; f != nil && f.Trace == t && !s.Synthetic() {
		m.share("self time", f.Self[s.Index()])
		switch own, whole := f.Path.Time(s.Index()), f.CriticalTime(s.Index()); {
		case whole == 0:
			m.measure("critical path", "none", "", "")
		case own == whole:
			m.share("critical path", own)
		default: // what other screens count for an operation is without its children
			m.share("critical path", own)
			m.share("with children", whole)
		}
	}
	m.add(entry{kind: entryField, key: "start", text: m.time(s.Start()), note: draw.Offset(s.Start()-t.Start()) + sinceStart, spare: true})
	m.add(entry{kind: entryField, key: "end", text: m.time(s.Finish()), note: draw.Offset(s.Finish() - t.Start()), spare: true})
}

// sinceStart is said of the first of the offsets in a part: all of them count from there, as the axis of the bars does.
const sinceStart = " from trace start"

// Widths of the table of times, in cells.
const (
	timeCells  = 9
	spanCells  = 7 // of "of span"
	traceCells = 8
)

// share adds a row of the table of times: a time, and which parts of the span and of the trace that is.
func (m *entryMaker) share(key string, ns int64) {
	m.measure(key, draw.Duration(ns), draw.Percent(ns, m.s.Duration()), draw.Percent(ns, m.s.Trace().Duration()))
}

// measure adds a row of the table of times.
func (m *entryMaker) measure(key, time, ofSpan, ofTrace string) {
	m.add(entry{
		kind: entryField, key: key, text: padded(time, timeCells), table: true,
		note: padded(ofSpan, spanCells) + padded(ofTrace, noteGap+traceCells),
	})
}

// padded writes a text at the right of so many cells.
func padded(text string, cells int) string {
	return strings.Repeat(" ", max(cells-draw.Width(text), 0)) + text
}

// warnings says in words what is unusual about the span's data.
func (m *entryMaker) warnings() {
	s := m.s
	words := warningWords(s)
	for _, text := range s.Warnings() {
		words = append(words, "Backend warning: "+m.env.Masked(text))
	}
	if len(words) == 0 {
		return
	}
	m.title(sectionWarnings, draw.Count(len(words)))
	for _, w := range words {
		m.note(w, toneWarn)
	}
}

// warningWords explains a span's flags, what was dropped, and times against causality.
func warningWords(s trace.Span) []string {
	var words []string
	for _, f := range [...]struct {
		flag trace.Flags
		text string
	}{
		{trace.FlagSyntheticRoot, "Not a span of the file: it groups the spans that have no parent."},
		{trace.FlagOrphan, "Orphan span: its parent " + s.ParentID().String() + " is not in the file."},
		{trace.FlagUnfinished, "Unfinished span: it has no end, so the end of its last descendant is used."},
		{trace.FlagTimeRepaired, "Invalid timestamp: its start or duration was repaired."},
		{trace.FlagDuplicateID, "Duplicate span id: another span has the same one."},
		{trace.FlagCycleCut, "Cyclic parent reference: removed."},
		{trace.FlagExtraParent, "Several parents: the others are among the links."},
	} {
		if s.Has(f.flag) && !(s.Untimed() && (f.flag == trace.FlagUnfinished || f.flag == trace.FlagTimeRepaired)) {
			words = append(words, f.text)
		}
	}
	if s.Untimed() {
		words = append(words, "No times: neither its start nor its end is recorded.")
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
		words = append(words, "Starts "+draw.Duration(early)+" before its parent (clock skew?).")
	}
	if late := s.Finish() - parent.Finish(); late > 0 {
		words = append(words, "Ends "+draw.Duration(late)+" after its parent (asynchronous work?).")
	}
	return words
}
