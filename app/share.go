package app

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tracefall/diagnose"
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// share sends what is on the screen as a block of Markdown for a chat or a ticket, with the command that opens it.
func (m *model) share() tea.Cmd {
	r := m.reopening()
	command := r.command()
	text := m.shared()
	if text != "" {
		text += m.noteMarkdown()
	}
	if text != "" {
		text += "\n"
	}
	cmd := m.copy("Markdown", text+draw.MarkdownBlock(command))
	if !m.failed {
		m.say("sent to the terminal" + r.without() + ", as Markdown with: " + command)
	}
	return cmd
}

// shared says in Markdown what the screen is about.
func (m *model) shared() string {
	switch m.screen() {
	case compareScreen:
		return masking{reveal: m.reveal}.text(m.compare.Markdown())
	case setsScreen:
		return masking{reveal: m.reveal}.text(m.sets.Markdown())
	case statisticsScreen:
		return masking{reveal: m.reveal}.text(m.statistics.Markdown())
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
	fmt.Fprintf(&b, "**%s** %s · %s · %s · %s · trace %s\n", draw.MarkdownText(strings.TrimSpace(secrets.ServiceName(root)+" "+secrets.SpanName(root))),
		views.TraceDuration(t), count(t.SpanCount(), "span", "spans"), count(t.Errors(), "error", "errors"),
		utc(t.Start()), draw.MarkdownCode(t.ID().String()))
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
	mask := masking{reveal: m.reveal}
	for _, f := range list[:min(len(list), mostShared)] {
		f = mask.finding(f)
		fmt.Fprintf(&b, "- **%s** (%s): %s%s\n", draw.MarkdownText(f.Title), f.Severity, draw.MarkdownText(f.Message), costs(f))
	}
	if more := len(list) - mostShared; more > 0 {
		fmt.Fprintf(&b, "- and %s\n", count(more, "finding", "findings"))
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

// utc writes a time with its date and zone.
func utc(ns int64) string {
	return strings.TrimSpace(views.Clock{}.DateTime(ns) + " " + views.Clock{}.ZoneName(ns))
}
