package statistics

import (
	"fmt"
	"strings"

	"tracefall/views"
	"tracefall/views/draw"
)

// markdownGroups is how many groups a block of Markdown has at most: it is for a chat.
const markdownGroups = 10

// Markdown writes the groups as a table for a chat or a ticket, in the order of the screen. It ends in a newline;
// before the spans are counted it is empty.
func (s *Statistics) Markdown() string {
	if !s.ready || s.of.Set == nil {
		return ""
	}
	title := "all traces"
	what, query := views.Narrowing(s.Scopes())
	switch {
	case s.of.Trace != nil && query != "":
		title = views.RootText(s.of.Trace) + ", " + what + " " + query
	case s.of.Trace != nil:
		title = views.RootText(s.of.Trace)
	case query != "":
		title = what + " " + query
	}
	var b strings.Builder
	fmt.Fprintf(&b, "**%s** by %s: %s\n\n", draw.MarkdownText(title), draw.MarkdownText(label(s.by)), s.titleFacts())
	fmt.Fprintf(&b, "| %s | spans | errors | total | self | critical path | p50 | p95 | p99 |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n", draw.MarkdownText(label(s.by)))
	for _, stat := range s.stats[:min(len(s.stats), markdownGroups)] {
		fmt.Fprintf(&b, "| %s | %s | %s |", draw.MarkdownText(s.name(stat)), draw.Count(stat.Count), draw.Count(stat.Errors))
		for _, ns := range []int64{stat.Total, stat.Self, stat.Critical, stat.P50, stat.P95, stat.P99} {
			fmt.Fprintf(&b, " %s |", duration(stat, ns))
		}
		b.WriteString("\n")
	}
	if more := len(s.stats) - markdownGroups; more > 0 {
		fmt.Fprintf(&b, "\nand %s\n", draw.CountNoun(more, "group", "groups"))
	}
	return b.String()
}
