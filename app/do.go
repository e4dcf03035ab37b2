package app

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/tracelist"
)

// back undoes what is closest. From the first screen only the key that closes leaves the program.
func (m *model) back(leave bool) tea.Cmd {
	action := views.Action(views.Leave{})
	if !leave {
		action = views.Do(m.focused().Bindings(), views.Back)
	}
	if _, closes := action.(views.Leave); !closes {
		return m.do(action)
	}
	switch {
	case m.choosing, m.detailOpen && m.screen() == waterfallScreen, len(m.stack) > 1:
		return m.do(action)
	case m.loading && !leave:
		m.jobs.stop(jobLoad)
		m.loading = false
		m.list.SetProgress(tracelist.LoadProgress{})
		m.list.SetFailures([]string{strings.TrimPrefix(progressText(m.read), "reading ") + ": stopped here"})
		m.say("stopped reading: this is what was read until then")
	case leave:
		return tea.Quit
	default:
		m.say(m.keys.key(views.Close) + " leaves the program")
	}
	return nil
}

// do carries out what a view asks for.
func (m *model) do(action views.Action) tea.Cmd {
	if m.chosen(action) {
		return nil
	}
	switch a := action.(type) {
	case nil:
	case views.OpenTrace:
		m.openTrace(a.Trace, a.Span)
		if a.Finding != nil {
			m.waterfall.ShowFinding(a.Finding, a.Span)
		}
	case views.OpenStory:
		m.openStory(a.Name)
	case views.OpenFindings:
		m.openFindings(a)
	case views.OpenStatistics:
		return m.openStatistics(a.Trace)
	case views.Summarize:
		return m.summarize(a)
	case views.CompareTraces:
		return m.compareTraces(a.Good, a.Bad)
	case views.OpenSpan:
		m.openSpan(a.Span, a.Focus)
	case views.GoTo:
		m.goTo(a.Trace, a.Span)
	case views.Copy:
		return m.copy(a.What, a.Text)
	case views.Say:
		m.say(a.Text)
	case views.Run:
		return m.command(a.Command)
	case views.Query:
		return m.query(a)
	case views.Ask:
		return m.ask(a.Text)
	case views.Apart:
		return m.apart()
	case views.Narrow:
		return m.narrowTo(a)
	case views.Leave:
		m.leave()
	}
	return m.follow()
}

// fromPalette carries out what the palette asks for. Anything but a message closes it.
func (m *model) fromPalette(action views.Action) tea.Cmd {
	switch action.(type) {
	case nil, views.Say:
	case views.Leave:
		m.inPalette = false
		return nil
	default:
		m.inPalette = false
	}
	return m.do(action)
}

// leave closes what is on top.
func (m *model) leave() {
	switch {
	case m.screen() == waterfallScreen && m.detailOpen:
		m.detailOpen, m.inDetail = false, false
	case len(m.stack) > 1:
		m.stack = m.stack[:len(m.stack)-1]
		m.uncover()
	}
}

// follow keeps the detail on the span under the waterfall's cursor.
func (m *model) follow() tea.Cmd {
	if t := m.waterfall.Trace(); m.detailOpen && t != nil {
		if span := m.waterfall.Selected(); span >= 0 {
			m.detail.SetSpan(t, span)
		}
	}
	return m.learn()
}

// openTrace shows a trace, with the cursor on a span if one is named.
func (m *model) openTrace(t *trace.Trace, span int) {
	m.endStory()
	outdated := m.outdated(t)
	m.cover(t)
	fresh := m.waterfall.Trace() != t
	if fresh {
		m.present(t)
	}
	if fresh || outdated {
		m.inherit(t)
		if span < 0 {
			m.waterfall.ToFirstMatch()
		}
	}
	m.inDetail = false
	if span >= 0 {
		m.waterfall.Select(span)
	}
}

// openSpan shows the detail of a span of the open trace.
func (m *model) openSpan(span int, focus bool) {
	m.push(waterfallScreen)
	m.waterfall.Select(span)
	m.detailOpen, m.inDetail = true, focus
}

// goTo follows a link.
func (m *model) goTo(id trace.TraceID, span trace.SpanID) {
	var t *trace.Trace
	if m.set != nil {
		t = m.set.Find(id)
	}
	if t == nil {
		m.say("trace " + id.String() + " is not in what was opened")
		return
	}
	at := -1
	if !span.IsZero() {
		if at = t.Find(span); at < 0 {
			m.say("span " + span.String() + " is not in what was opened")
		}
	}
	m.openTrace(t, at)
}

// copy sends text to the terminal's clipboard.
func (m *model) copy(what, text string) tea.Cmd {
	sequence, err := clipboard(text, m.opt.world.Env)
	if err != nil {
		m.complain(what + ": " + err.Error())
		return nil
	}
	m.say(fmt.Sprintf("sent to the terminal: %s (%s)", what, count(len(text), "byte", "bytes")))
	return tea.Raw(sequence)
}

// reopening is what it takes to open this very view.
func (m *model) reopening() reopening {
	r := reopening{inputs: m.inputs, demo: m.opt.demoName(), where: m.where, span: -1, join: m.opt.world.reading.JoinIDs}
	if m.clock != views.ClockUTC {
		r.time = clockModes[m.clock]
	}
	if text := m.waterfall.Query(); text != "" && m.screen() == waterfallScreen {
		r.where = text
	}
	t := m.waterfall.Trace()
	switch c := m.compare.Comparison(); {
	case m.screen() == compareScreen && c != nil:
		r.trace, r.good = c.Bad.Trace, c.Good.Trace
	case m.screen() == setsScreen && len(m.inputs) > 0:
		r.diff = m.setsWords
		if !m.reveal && m.secretWords(r.diff) {
			r.diff, r.withheld = nil, true
		}
	case m.screen() == findingsScreen:
		r.trace, r.view = m.findingsOf, "findings"
		r.found = findingName(m.findingsAbout(m.findingsOf), m.findings.Selected())
	case m.screen() == statisticsScreen:
		r.trace, r.view, r.by = m.statistics.Scope().Trace, "statistics", m.statistics.By()
	case m.screen() == diagnosticsScreen:
		r.view = "diagnostics"
	case m.screen() == waterfallScreen && t != nil:
		r.trace, r.span, r.folds = t, m.waterfall.Selected(), m.waterfall.Folded()
		if r.span >= 0 && t.Span(r.span).Synthetic() {
			r.span = -1
		}
		r.look = look{m.waterfall.Look(), m.hide}
		r.found = findingName(m.findingsAbout(t), m.waterfall.Visited())
	default:
		r.view, r.trace = "list", m.list.Selected()
	}
	if !m.reveal && m.secretQuery(r.where) {
		r.where, r.withheld = "", true
	}
	return r
}

// copyCommand sends the command that opens this very view, and shows it.
func (m *model) copyCommand() tea.Cmd {
	r := m.reopening()
	command := r.command()
	cmd := m.copy("command", command)
	if !m.failed {
		m.say("sent to the terminal" + r.without() + ": " + command)
	}
	return cmd
}

// crashed takes note of a panic: a file that changed leaves nothing to show, anything else ends the program.
func (m *model) crashed(err error) {
	c, ok := err.(*crash) //nolint:errorlint // guarded returns it as it is
	if ok && c.fileChanged() {
		m.trouble = "the file changed while it was open: it is shorter than it was; open it again"
		return
	}
	m.crash = c
}
