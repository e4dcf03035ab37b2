package app

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// sharing sends to the terminal's clipboard what others are given: values, Markdown, and the command that opens a view.
type sharing struct {
	*workspace
	comparing *comparing
	diagnosis *diagnosis
}

// copy sends text to the terminal's clipboard.
func (s *sharing) copy(what, text string) tea.Cmd {
	sequence, err := clipboard(text, s.opt.world.Env)
	if err != nil {
		s.complain(what + ": " + err.Error())
		return nil
	}
	s.say(fmt.Sprintf("sent to the terminal: %s (%s)", what, draw.Amount(len(text), "byte")))
	return tea.Raw(sequence)
}

// reopening is what it takes to open this very view.
func (s *sharing) reopening() reopening {
	r := reopening{inputs: s.inputs, demo: s.opt.demoName(), where: s.where, span: -1, join: s.opt.world.reading.JoinIDs}
	if s.opt.clock != views.ClockUTC {
		r.time = clockModes[s.opt.clock]
	}
	if text := s.waterfall.Query(); text != "" && s.screen() == waterfallScreen {
		r.where = text
	}
	t := s.waterfall.Trace()
	switch c := s.compare.Comparison(); {
	case s.screen() == compareScreen && c != nil:
		r.trace, r.good = c.Bad.Trace, c.Good.Trace
	case s.screen() == setsScreen && len(s.inputs) > 0:
		r.diff = s.comparing.setsWords
		if !s.reveal && s.secretWords(r.diff) {
			r.diff, r.withheld = nil, true
		}
	case s.screen() == findingsScreen:
		r.trace, r.view = s.diagnosis.of, "findings"
		r.found = findingName(s.findingsAbout(s.diagnosis.of), s.findings.Selected())
	case s.screen() == statisticsScreen:
		r.trace, r.view, r.by = s.statistics.Scope().Trace, "statistics", s.statistics.By()
	case s.screen() == diagnosticsScreen:
		r.view = "diagnostics"
	case s.screen() == waterfallScreen && t != nil:
		r.trace, r.span, r.folds = t, s.waterfall.Selected(), s.waterfall.Folded()
		if r.span >= 0 && t.Span(r.span).Synthetic() {
			r.span = -1
		}
		r.look = look{Look: s.waterfall.Look(), hide: s.hide}
		r.found = findingName(s.findingsAbout(t), s.waterfall.Visited())
	default:
		r.view, r.trace = "list", s.list.Selected()
	}
	if !s.reveal && s.secretQuery(r.where) {
		r.where, r.withheld = "", true
	}
	return r
}

// copyCommand sends the command that opens this very view, and shows it.
func (s *sharing) copyCommand() tea.Cmd {
	return s.send("command", ": ", func(command string) string { return command })
}

// share sends what is on the screen as a block of Markdown for a chat or a ticket, with the command that opens it.
func (s *sharing) share() tea.Cmd {
	text := s.shared()
	if text != "" {
		text += s.comparing.noteMarkdown() + "\n"
	}
	return s.send("Markdown", ", as Markdown with: ", func(command string) string { return text + draw.MarkdownBlock(command) })
}

// send sends a text with the command that opens this very view, and shows the command.
func (s *sharing) send(what, how string, text func(command string) string) tea.Cmd {
	r := s.reopening()
	command := r.command()
	cmd := s.copy(what, text(command))
	if !s.failed {
		s.say("sent to the terminal" + r.without() + how + command)
	}
	return cmd
}

// shared says in Markdown what the screen is about.
func (s *sharing) shared() string {
	mask := masking{reveal: s.reveal}
	switch s.screen() {
	case compareScreen:
		return mask.text(s.compare.Markdown())
	case setsScreen:
		return mask.text(s.sets.Markdown())
	case statisticsScreen:
		return mask.text(s.statistics.Markdown())
	case waterfallScreen:
		return s.traceMarkdown(s.waterfall.Trace(), s.banner())
	case listScreen:
		return s.traceMarkdown(s.list.Selected(), nil)
	case findingsScreen:
		return s.traceMarkdown(s.diagnosis.of, nil)
	default:
		return ""
	}
}

// mostShared is how many findings go into a block of Markdown.
const mostShared = 3

// traceMarkdown says what a trace is and what was found in it, the finding that is on the screen first.
func (s *sharing) traceMarkdown(t *trace.Trace, first *diagnose.Finding) string {
	if t == nil {
		return ""
	}
	var b strings.Builder
	var at views.Clock // in UTC
	fmt.Fprintf(&b, "**%s** %s · %s · %s · %s · trace %s\n", draw.MarkdownText(views.RootText(t)),
		views.TraceDuration(t), draw.Amount(t.SpanCount(), "span"), draw.Amount(t.Errors(), "error"),
		strings.TrimSpace(at.DateTime(t.Start())+" "+at.ZoneName(t.Start())), draw.MarkdownCode(t.ID().String()))
	var list []*diagnose.Finding
	if first != nil {
		list = append(list, first)
	}
	if s.report != nil {
		for _, f := range s.report.Of(t) {
			if f != first && f.Severity >= diagnose.Low {
				list = append(list, f)
			}
		}
	}
	if len(list) > 0 {
		b.WriteString("\n")
	}
	mask := masking{reveal: s.reveal}
	for _, f := range list[:min(len(list), mostShared)] {
		f = mask.finding(f)
		fmt.Fprintf(&b, "- **%s** (%s): %s%s\n", draw.MarkdownText(f.Title), f.Severity, draw.MarkdownText(f.Message), costs(f))
	}
	if more := len(list) - mostShared; more > 0 {
		fmt.Fprintf(&b, "- and %s\n", draw.Amount(more, "finding"))
	}
	return b.String()
}

// costs says what a finding's avoidable time is, as the screen does; "" where that says nothing.
func costs(f *diagnose.Finding) string {
	if worth := views.Worth(f); worth != "" {
		return " · potential saving ≤ " + worth
	}
	return ""
}
