package app

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/facts"
	"tracefall/sources/query"
	"tracefall/sources/trace"
	"tracefall/views"
)

// asked is what the command line asks to see; what was shown is emptied.
type asked struct {
	view, by, trace, span, fold, compare, finding string

	shown look
	at    int // the span that span named, -1 for none
}

// showAsked shows what the command line asks for, as soon as it is there. When everything is loaded and it is not,
// it says so.
func (m *model) showAsked() tea.Cmd {
	if m.asked.view == "diagnostics" {
		m.push(diagnosticsScreen)
		m.asked.view = ""
	}
	if m.asked.view == "list" && m.screen() == waterfallScreen && len(m.stack) == 1 {
		m.stack = []screenID{listScreen}
		m.asked.view = ""
	}
	if m.opt.askedSets != nil {
		return m.showAskedSets()
	}
	t, span := m.askedTrace()
	if t == nil {
		if m.asked.trace == "" && !m.loading && (m.asked.view == "findings" || m.asked.view == "statistics") {
			return m.showAskedOf(nil)
		}
		return nil
	}
	if m.asked.view == "list" && m.set.Len() > 1 {
		m.list.Select(t.ID())
		m.asked = asked{}
		return nil
	}
	m.openTrace(t, -1)
	if m.asked.shown != (look{}) {
		m.hide = m.asked.shown.hide
		m.waterfall.SetLook(m.asked.shown.Look)
		m.waterfall.SetMatches(m.matches, m.hide)
	}
	if m.asked.fold != "" {
		folds, depth := foldFlag(m.asked.fold, t)
		if depth >= 0 {
			m.waterfall.FoldBelow(depth)
		} else {
			m.waterfall.FoldSpans(folds)
		}
	}
	if id := strings.TrimSpace(m.asked.span); id != "" {
		if span = t.Find(trace.ParseSpanID(id)); span < 0 {
			m.complain("no span " + id + " in this trace")
		}
	}
	if span >= 0 {
		m.waterfall.Select(span)
	}
	m.asked.at = span
	return m.showAskedOf(t)
}

// showAskedOf shows what the command line asks for beyond the waterfall of a trace, or of everything where it is nil.
func (m *model) showAskedOf(t *trace.Trace) tea.Cmd {
	was := m.asked
	if was.compare != "" {
		good, _, err := findTrace(m.set, was.compare)
		if good == nil && m.loading {
			return nil // it may come yet
		}
		m.asked = asked{}
		if err != nil {
			m.complain(err.Error())
			return nil
		}
		m.say(m.opt.note)
		return m.comparing.compareTraces(good, t)
	}
	m.asked = asked{by: was.by, finding: was.finding, at: was.at}
	switch was.view {
	case "findings":
		m.diagnosis.open(views.OpenFindings{Trace: t})
	case "statistics":
		return m.summaries.open(t)
	}
	m.diagnosis.showAsked()
	return m.follow()
}

// askedTrace returns the trace that --trace or --span mean, and the span that the text of --trace names, else -1.
func (m *model) askedTrace() (*trace.Trace, int) {
	switch {
	case m.asked.trace != "":
		t, span, err := findTrace(m.set, m.asked.trace)
		if err != nil && !m.loading {
			m.complain(err.Error())
			m.asked = asked{}
		}
		return t, span
	case m.asked.span != "":
		id := trace.ParseSpanID(m.asked.span)
		for i := range m.set.Len() {
			if t := m.set.Trace(i); t.Find(id) >= 0 {
				return t, -1
			}
		}
		if !m.loading {
			m.complain("no span " + m.asked.span + " in what was opened")
			m.asked = asked{}
		}
	case (m.asked.fold != "" || m.asked.view == "waterfall" || m.asked.finding != "" && m.asked.view == "" || m.asked.shown != (look{})) && !m.loading && m.set.Len() > 0:
		t := m.list.Selected()
		if m.set.Len() == 1 || t == nil {
			t = m.set.Trace(0)
		}
		return t, -1
	}
	return nil, -1
}

// askedSets is what diff opens the explorer with where it compares sets: which traces of what is loaded are
// on which side. It is nil where nothing or a pair is compared.
type askedSets struct {
	sides [2]map[trace.TraceID]bool // good and bad
	names [2]string
	by    population.SplitKind
	asked query.About
	words []string // diff's own flags and inputs, to open the very view again
}

// showAskedSets compares the sets that diff was asked for, as soon as everything is loaded.
func (m *model) showAskedSets() tea.Cmd {
	d := m.opt.askedSets
	if d == nil || m.loading {
		return nil
	}
	m.opt.askedSets = nil
	m.say(m.opt.note)
	return m.comparing.compareSets(d.words, func(all []*facts.Facts) (population.Split, [2]string) {
		in := func(side int) func(*trace.Trace) bool {
			return func(t *trace.Trace) bool { return d.sides[side][t.ID()] }
		}
		split := population.SplitBy(all, in(0), in(1))
		split.By, split.Asked = d.by, d.asked
		return split, d.names
	})
}
