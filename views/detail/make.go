package detail

import (
	"tracefall/sources/trace"
)

// make lists everything about the span.
func (m *entryMaker) make() []entry {
	m.overview()
	m.warnings()
	m.conversation()
	attrs, events, links := m.s.Dropped()
	m.attrs(sectionAttributes, m.s.Attrs(), attrs)
	m.moments(events)
	if m.s.Synthetic() {
		return m.list
	}
	m.links(links)
	m.attrs(sectionResource, m.s.Resource().Attrs(), m.s.Resource().Dropped())
	m.scope()
	m.span()
	return m.list
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
	if f := m.facts; f != nil && f.Trace == s.Trace() && !s.Synthetic() {
		// What sums up many spans, such as findings and the flame graph, knows it by this.
		if op := f.Op(s.Index()).Label(); op != s.Name() {
			m.given("normalised", op)
		}
	}
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
