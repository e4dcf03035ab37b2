package app

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose"
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// share sends what is on the screen as a block of Markdown for a chat or a ticket, with the command that opens it.
func (m *model) share() tea.Cmd {
	command := m.reopening().command()
	text := m.shared()
	if text != "" {
		text += m.noteMarkdown()
	}
	if text != "" {
		text += "\n"
	}
	cmd := m.copy("Markdown", text+"```\n"+command+"\n```\n")
	if !m.failed {
		m.say("sent to the terminal, as Markdown with: " + command)
	}
	return cmd
}

// shared says in Markdown what the screen is about.
func (m *model) shared() string {
	switch m.screen() {
	case compareScreen:
		return masking{m.reveal}.text(m.compare.Markdown())
	case setsScreen:
		return masking{m.reveal}.text(m.sets.Markdown())
	case statisticsScreen:
		return masking{m.reveal}.text(m.statistics.Markdown())
	case waterfallScreen:
		return m.traceMarkdown(m.waterfall.Trace(), m.banner())
	case listScreen:
		if t := m.list.Selected(); t != nil {
			return m.traceMarkdown(t, nil)
		}
	case findingsScreen:
		if m.findingsOf != nil {
			return m.traceMarkdown(m.findingsOf, nil)
		}
	default:
	}
	return ""
}

// mostShared is how many findings go into a block of Markdown.
const mostShared = 3

// traceMarkdown says what a trace is and what was found in it, the finding that is on the screen first.
func (m *model) traceMarkdown(t *trace.Trace, first *diagnose.Finding) string {
	if t == nil {
		return ""
	}
	var b strings.Builder
	root := t.Root()
	fmt.Fprintf(&b, "**%s** %s · %s · %s · %s · trace `%s`\n", markdownText(strings.TrimSpace(facts.ServiceName(root)+" "+facts.SpanName(root))),
		draw.Duration(t.Duration()), count(t.SpanCount(), "span", "spans"), count(t.Errors(), "error", "errors"),
		views.Clock{}.DateTime(t.Start())+" UTC", t.ID())
	var list []*diagnose.Finding
	if first != nil {
		list = append(list, first)
	}
	if m.report != nil {
		for _, f := range m.report.Of(t) {
			if f != first && f.Severity >= diagnose.Low {
				list = append(list, f)
			}
		}
	}
	if len(list) > 0 {
		b.WriteString("\n")
	}
	mask := masking{m.reveal}
	for _, f := range list[:min(len(list), mostShared)] {
		f = mask.finding(f)
		fmt.Fprintf(&b, "- **%s** (%s): %s%s\n", markdownText(f.Title), f.Severity, markdownText(f.Message), costs(f))
	}
	if more := len(list) - mostShared; more > 0 {
		fmt.Fprintf(&b, "- and %s\n", count(more, "finding", "findings"))
	}
	return b.String()
}

// costs says what a finding's avoidable time is, "" where that says nothing.
func costs(f *diagnose.Finding) string {
	if f.Numbers.Avoidable <= 0 {
		return ""
	}
	text := " · " + facts.Lasted(f.Numbers.Avoidable) + " avoidable"
	if share := int(f.Numbers.CriticalShare*100 + 0.5); share > 0 {
		text += fmt.Sprintf(", %d %% of the critical path", share)
	}
	return text
}
