package app

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/facts"
	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// asked is what the command line asks to see; what was shown is emptied.
type asked struct {
	View, By, Trace, Span, Fold, Compare, Finding string

	Look   session.Look
	at     trace.SpanID // of the span that was named; its index is another once more of its trace is read
	opened bool         // all was opened but the finding, which is not known yet
}

// showAsked shows what the command line asks for, as soon as it is there. When everything is loaded and it is not,
// it says so.
func (m *model) showAsked() tea.Cmd {
	if m.asked.View == "diagnostics" {
		m.push(diagnosticsScreen)
		m.asked.View = ""
	}
	if m.asked.View == "list" && m.screen() == waterfallScreen && len(m.stack) == 1 {
		m.restack(listScreen)
		m.asked.View = ""
	}
	if m.opt.AskedSets != nil {
		return m.showAskedSets()
	}
	if id := trace.ParseTraceID(m.asked.Trace); m.asked.Trace != "" && !m.loading && m.asking.canFetch(id) {
		return m.asking.fetch(id, nil)
	}
	t, span := m.askedTrace()
	if t == nil {
		if m.asked.Trace == "" && !m.loading && m.tabNamed(m.asked.View) != "" {
			return m.showAskedOf(nil)
		}
		return nil
	}
	if m.asked.View == "list" && m.set.Len() > 1 {
		m.list.Select(t.ID())
		m.asked = asked{}
		return nil
	}
	if id := strings.TrimSpace(m.asked.Span); id != "" {
		if span = t.Find(trace.ParseSpanID(id)); span < 0 && m.loading {
			return nil // it may come yet
		}
	}
	m.openTrace(t, -1)
	if m.asked.Look != (session.Look{}) {
		m.hide = m.asked.Look.Hide
		m.waterfall.SetLook(m.asked.Look.Look)
		m.waterfall.SetMatches(m.matches, m.hide)
	}
	if m.asked.Fold != "" {
		folds, depth := session.ParseFold(m.asked.Fold, t)
		if depth >= 0 {
			m.waterfall.FoldBelow(depth)
		} else {
			m.waterfall.FoldSpans(folds)
		}
	}
	if id := strings.TrimSpace(m.asked.Span); id != "" && span < 0 {
		m.complain("no span " + id + " in this trace")
	}
	if span >= 0 {
		m.waterfall.Select(span)
		m.asked.at = t.Span(span).ID()
	}
	return m.showAskedOf(t)
}

// showAskedOf shows what the command line asks for beyond the waterfall of a trace, or of everything where it is nil.
func (m *model) showAskedOf(t *trace.Trace) tea.Cmd {
	was := m.asked
	if was.Compare != "" {
		good, _, err := session.FindTrace(m.set, was.Compare)
		if good == nil && m.loading {
			return nil // it may come yet
		}
		m.asked = asked{}
		if err != nil {
			m.complain(err.Error())
			return nil
		}
		m.say(m.opt.Note)
		compared := m.comparing.compareTraces(good, t)
		if c := m.tabNamed(was.View); c != "" {
			return tea.Batch(compared, m.tabs.open(c)) // it fills when the comparison is there
		}
		return compared
	}
	m.asked = asked{}
	if was.Finding != "" {
		m.asked = asked{Finding: was.Finding, at: was.at, opened: true}
	}
	var opened tea.Cmd
	if c := m.tabNamed(was.View); c != "" {
		m.groupBy(was.By)
		opened = m.tabs.open(c)
	}
	return tea.Batch(opened, m.follow())
}

// askedTrace returns the trace that --trace or --span mean, and the span that the text of --trace names, else -1.
func (m *model) askedTrace() (*trace.Trace, int) {
	switch {
	case m.asked.opened:
	case m.asked.Trace != "":
		t, span, err := session.FindTrace(m.set, m.asked.Trace)
		if err != nil && !m.loading {
			m.complain(err.Error())
			m.asked = asked{}
		}
		return t, span
	case m.asked.Span != "":
		id := trace.ParseSpanID(m.asked.Span)
		for i := range m.set.Len() {
			if t := m.set.Trace(i); t.Find(id) >= 0 {
				return t, -1
			}
		}
		if !m.loading {
			m.complain("no span " + m.asked.Span + " in what was opened")
			m.asked = asked{}
		}
	case (m.asked.Fold != "" || m.asked.View == "waterfall" || m.asked.Finding != "" && m.asked.View == "" || m.asked.Look != (session.Look{})) && !m.loading && m.set.Len() > 0:
		t := m.list.Selected()
		if m.set.Len() == 1 || t == nil {
			t = m.set.Trace(0)
		}
		return t, -1
	}
	return nil, -1
}

// AskedSets is what diff opens the explorer with where it compares sets: which traces of what is loaded are
// on which side. It is nil where nothing or a pair is compared.
type AskedSets struct {
	Sides [2]map[trace.TraceID]bool // good and bad
	Names [2]string
	By    population.SplitKind
	Asked query.About
	Words []string // diff's own flags and inputs, to open the very view again
}

// showAskedSets compares the sets that diff was asked for, as soon as everything is loaded.
func (m *model) showAskedSets() tea.Cmd {
	d := m.opt.AskedSets
	if d == nil || m.loading {
		return nil
	}
	m.opt.AskedSets = nil
	m.say(m.opt.Note)
	return m.comparing.compareSets(d.Words, func(all []*facts.Facts) (population.Split, [2]string) {
		in := func(side int) func(*trace.Trace) bool {
			return func(t *trace.Trace) bool { return d.Sides[side][t.ID()] }
		}
		split := population.SplitBy(all, in(0), in(1))
		split.By, split.Asked = d.By, d.Asked
		return split, d.Names
	})
}
