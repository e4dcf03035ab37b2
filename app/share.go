package app

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/config"
	"tracefall/app/session"
	"tracefall/app/terminal"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/findings"
	"tracefall/views/statistics"
)

// sharing sends to the terminal's clipboard what others are given: values, Markdown, and the command that opens a view.
type sharing struct {
	*workspace
	comparing *comparing
	asking    *asking
}

// copy sends text to the terminal's clipboard.
func (s *sharing) copy(what, text string) tea.Cmd {
	sequence, err := terminal.Clipboard(text, s.opt.World.Env)
	if err != nil {
		s.complain(what + ": " + err.Error())
		return nil
	}
	s.say(fmt.Sprintf("sent to the terminal: %s (%s)", what, draw.Amount(len(text), "byte")))
	return tea.Raw(sequence)
}

// reopening is what it takes to open this very view.
func (s *sharing) reopening() session.Reopening {
	r := session.Reopening{Inputs: s.inputs, Demo: s.opt.DemoName(), Where: s.where, Span: -1, Join: s.opt.World.Reading.JoinIDs}
	r.Asks, r.Inputs = s.opt.Backends.Words(s.asking.requests, s.inputs)
	if s.opt.Clock != views.ClockUTC {
		r.Time = config.ClockModes[s.opt.Clock]
	}
	if text := s.waterfall.Query(); text != "" && s.inTrace() {
		r.Where = text
	}
	t := s.waterfall.Trace()
	switch c := s.compare.Comparison(); {
	case s.screen() == compareScreen && c != nil:
		r.Trace, r.Good = c.Bad.Trace, c.Good.Trace
		if from := session.BackendOf(s.asking.requests, r.Trace); from != nil && r.Good.Set() != r.Trace.Set() { // it was asked for beside the window
			r.Asks, r.Diff = s.opt.Backends.DiffWords(from, r.Good, r.Trace)
		}
	case s.screen() == setsScreen && len(s.inputs) > 0:
		r.Diff = s.comparing.setsWords
		if !s.reveal && s.secretWords(r.Diff) {
			r.Diff, r.Withheld = nil, true
		}
	case s.tabOf(s.screen()) != nil && !s.onTab(views.ShowStory):
		r.Trace, r.View = s.about(), string(s.tabOf(s.screen()).command)
		if in, _ := s.scope(); in == ofPair && c != nil {
			r.Good = c.Good.Trace
		}
		switch panel := s.top().(type) {
		case *findings.Findings:
			r.Found = findingName(s.findingsAbout(r.Trace), panel.Selected())
		case *statistics.Statistics:
			r.By = panel.By()
		}
	case s.screen() == diagnosticsScreen:
		r.View = "diagnostics"
	case s.screen() == waterfallScreen && t != nil:
		r.Trace, r.Span, r.Folds = t, s.waterfall.Selected(), s.waterfall.Folded()
		if r.Span >= 0 && t.Span(r.Span).Synthetic() {
			r.Span = -1
		}
		r.Look = session.Look{Look: s.waterfall.Look(), Hide: s.hide}
		r.Found = findingName(s.findingsAbout(t), s.waterfall.Visited())
	default:
		r.View, r.Trace = "list", s.list.Selected()
	}
	if !s.reveal && s.secretQuery(r.Where) {
		r.Where, r.Withheld = "", true
	}
	return r
}

// copyCommand sends the command that opens this very view, and shows it.
func (s *sharing) copyCommand() tea.Cmd {
	return s.send("command", func(command string) (string, string) { return command, command })
}

// share sends what is on the screen as a block of Markdown for a chat or a ticket, with the command that opens it.
func (s *sharing) share() tea.Cmd {
	text := s.shared()
	if text != "" {
		text += s.comparing.noteMarkdown() + "\n"
	}
	return s.send("Markdown", func(command string) (string, string) {
		return text + draw.MarkdownBlock(command), "Markdown"
	})
}

// send sends a text with the command that opens this very view, and says what it was.
func (s *sharing) send(what string, text func(command string) (sent, said string)) tea.Cmd {
	r := s.reopening()
	sent, said := text(r.Command())
	cmd := s.copy(what, sent)
	if !s.failed {
		s.say("sent to the terminal" + r.Without() + ": " + said)
	}
	return cmd
}

// shared says in Markdown what the screen is about.
func (s *sharing) shared() string {
	mask := session.Masking{Reveal: s.reveal}
	switch {
	case s.screen() == waterfallScreen:
		return s.traceMarkdown(s.waterfall.Trace(), s.banner())
	case s.screen() == listScreen:
		return s.traceMarkdown(s.list.Selected(), nil)
	}
	if table, ok := s.top().(interface{ Markdown() string }); ok {
		return mask.Text(table.Markdown())
	}
	if s.tabOf(s.screen()) != nil {
		return s.traceMarkdown(s.about(), nil)
	}
	return ""
}

// mostShared is how many findings go into a block of Markdown.
const mostShared = 3

// traceMarkdown says what a trace is and what was found in it, the finding that is on the screen first.
func (s *sharing) traceMarkdown(t *trace.Trace, first *rule.Finding) string {
	if t == nil {
		return ""
	}
	var b strings.Builder
	var at views.Clock // in UTC
	fmt.Fprintf(&b, "**%s** %s · %s · %s · %s · trace %s\n", draw.MarkdownText(views.RootText(t)),
		views.TraceDuration(t), draw.Amount(t.SpanCount(), "span"), draw.Amount(t.Errors(), "error"),
		strings.TrimSpace(at.DateTime(t.Start())+" "+at.ZoneName(t.Start())), draw.MarkdownCode(t.ID().String()))
	var list []*rule.Finding
	if first != nil {
		list = append(list, first)
	}
	if s.report != nil {
		for _, f := range s.report.Of(t) {
			if f != first && f.Severity >= rule.Low {
				list = append(list, f)
			}
		}
	}
	if len(list) > 0 {
		b.WriteString("\n")
	}
	mask := session.Masking{Reveal: s.reveal}
	for _, f := range list[:min(len(list), mostShared)] {
		f = mask.Finding(f)
		fmt.Fprintf(&b, "- **%s** (%s): %s%s\n", draw.MarkdownText(f.Headline()), f.Severity, draw.MarkdownText(f.Message), costs(f))
	}
	if more := len(list) - mostShared; more > 0 {
		fmt.Fprintf(&b, "- and %s\n", draw.Amount(more, "more finding"))
	}
	return b.String()
}

// costs says what a finding's avoidable time is, as the screen does; "" where that says nothing.
func costs(f *rule.Finding) string {
	if worth := views.Worth(f); worth != "" {
		return " · potential saving ≤ " + worth
	}
	return ""
}

// DemoName names the incident that is opened alone, "" for none.
func (o *Options) DemoName() string {
	if o.Incident == nil {
		return ""
	}
	return o.Incident.Name
}
