package detail

import (
	"cmp"
	"slices"

	"tracefall/diagnose/genai"
	"tracefall/diagnose/units"
	"tracefall/sources/logline"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// moment is what happened at one time of a span: an event, and in the same list what was logged.
type moment struct {
	time    int64 // ns since the epoch
	name    string
	attrs   trace.Attrs
	dropped int           // attributes of it that the SDK dropped
	line    *logline.Line // nil for an event
}

// momentsOf lists what happened during a span, by time: its events, and of some log lines those that it logged.
func momentsOf(s trace.Span, logs []logline.Line) []moment {
	list := make([]moment, s.Events())
	for i := range list {
		e := s.Event(i)
		list[i] = moment{time: e.Time(), name: cmp.Or(e.Name(), "event"), attrs: e.Attrs(), dropped: e.Dropped()}
	}
	for i := range logs {
		if l := &logs[i]; l.Span == s.ID() && !l.Span.IsZero() {
			list = append(list, moment{time: l.Time, name: cmp.Or(l.Text, "log line"), line: l})
		}
	}
	slices.SortStableFunc(list, func(a, b moment) int { return cmp.Compare(a.time, b.time) })
	return list
}

// offsetIn writes a moment of a span as its offset from the trace's start, like the axis of the bars: with more digits than usual
// where a short span runs late, so that its moments can be told apart.
func offsetIn(s trace.Span, moment int64) string {
	ns := moment - s.Trace().Start()
	enough, unit, name := max(s.Duration()/20, 1), int64(units.Second), " s"
	if ns < units.Second {
		unit, name = units.Millisecond, " ms"
	}
	if ns < unit || ns/1000 <= enough { // three digits do
		return draw.Offset(ns)
	}
	decimals := 0
	for step := unit; step > enough && decimals < 6; decimals++ {
		step /= 10
	}
	for range decimals {
		unit /= 10
	}
	return "+" + string(units.AppendDecimal(nil, uint64(ns/max(unit, 1)), decimals, true)) + name
}

// moments adds what happened during the span.
func (m *entryMaker) moments(dropped int) {
	list := momentsOf(m.s, m.logs)
	if len(list) == 0 && dropped == 0 {
		return
	}
	m.counted(sectionEvents, len(list), dropped)
	if len(list) > m.s.Events() {
		m.list[len(m.list)-1].text = "EVENTS AND LOGS"
	}
	if len(list) > 0 && !m.s.Untimed() {
		m.list[len(m.list)-1].note += ", offsets" + sinceStart
	}
	for _, at := range list {
		e := entry{kind: entryEvent, text: m.env.Masked(at.name)}
		e.key, e.note = m.when(at.time)
		if at.name == views.ExceptionEvent {
			e.tone = toneError
		}
		if at.line != nil {
			m.logged(e, at.line)
			continue
		}
		m.add(e)
		for key, value := range at.attrs.All() {
			m.attrField(key, value, true)
			if genai.IsMessageEvent(at.name) && len(value.Text()) > 0 {
				m.list[len(m.list)-1].brief = true // the conversation has it
			}
		}
		if at.dropped > 0 {
			m.note("The SDK dropped "+draw.CountNoun(at.dropped, "attribute", "attributes")+" of it.", toneWarn)
		}
	}
}

// when writes the time of a moment, and what is to be said of it: where nothing is known of the span's own time, as a date.
func (m *entryMaker) when(moment int64) (text, note string) {
	switch {
	case moment == 0 && m.s.Trace().Start() != 0:
		return "time " + views.Unknown, ""
	case m.s.Untimed():
		return m.time(moment), ""
	case moment < m.s.Start() || moment > m.s.Finish():
		note = "outside the span"
	}
	return offsetIn(m.s, moment), note
}

// time writes an absolute time with its zone.
func (m *entryMaker) time(ns int64) string {
	text := m.env.Clock.DateTime(ns)
	if zone := m.env.Clock.ZoneName(ns); zone != "" {
		text += " " + zone
	}
	return text
}

// logged adds a log line, as e has it so far.
func (m *entryMaker) logged(e entry, l *logline.Line) {
	switch {
	case l.Severity >= logline.Error:
		e.tone = toneError
	case l.Severity == logline.Warn:
		e.tone = toneWarn
	}
	if text := l.Severity.String(); text != "" {
		e.text = text + "  " + e.text
	}
	m.add(e)
	for _, f := range l.Fields {
		if f.Value == m.s.Trace().ID().String() {
			continue // said of the span, and of each of its lines the same
		}
		one := entry{kind: entryField, key: f.Name, text: f.Value, inner: true}
		m.mask(&one, f.Value)
		one.key = m.env.Masked(f.Name)
		m.add(one)
	}
}
