package detail

import (
	"cmp"
	"slices"

	"tracefall/diagnose/genai"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// moment is what happened at one time of a span: an event, and in the same list what was logged.
type moment struct {
	time    int64 // ns since the epoch
	name    string
	attrs   trace.Attrs
	dropped int // attributes of it that the SDK dropped
}

// momentsOf lists what happened during a span, by time.
func momentsOf(s trace.Span) []moment {
	list := make([]moment, s.Events())
	for i := range list {
		e := s.Event(i)
		list[i] = moment{e.Time(), cmp.Or(e.Name(), "event"), e.Attrs(), e.Dropped()}
	}
	slices.SortStableFunc(list, func(a, b moment) int { return cmp.Compare(a.time, b.time) })
	return list
}

// moments adds what happened during the span.
func (m *entryMaker) moments(dropped int) {
	list := momentsOf(m.s)
	if len(list) == 0 && dropped == 0 {
		return
	}
	m.counted(sectionEvents, len(list), dropped)
	for _, at := range list {
		sign, note := "+", ""
		if at.time < m.s.Start() {
			sign = ""
		}
		if at.time < m.s.Start() || at.time > m.s.Finish() {
			note = "outside the span"
		}
		e := entry{kind: entryEvent, key: sign + draw.Duration(at.time-m.s.Start()), text: m.env.Masked(at.name), note: note}
		if at.name == exceptionEvent {
			e.tone = toneError
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

// exceptionEvent is the event that carries an exception.
const exceptionEvent = "exception"
