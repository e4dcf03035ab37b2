package views

import (
	"fmt"
	"strings"

	"tracefall/views/draw"
)

// printCauses is how many causes are printed; what the rest makes is said.
const printCauses = 20

// Print draws the whole comparison without a cursor, as far as it is open, in grids of the given width that are
// handed to emit one after the other. It stops at emit's error and returns it.
func (v *Compare) Print(width int, env *Env, emit func(*draw.Grid) error) error {
	if v.c == nil {
		return nil
	}
	p := *v
	p.cursor, p.shift, p.pane, p.why.top, p.why.row = -1, 0, paneRows, 0, 0
	p.drawn = layoutCompare(width, printRows, v.widen, v.merged)
	trust, headline := p.doubts(width, env.Theme), p.headline(width)
	causes := min(len(p.why.entries), printCauses)
	if causes < len(p.why.entries) {
		causes++
	}
	causes += p.leadLines(width) - 1
	grid := draw.NewGrid(width, 2+len(trust)+len(headline)+causes)
	grid.SetASCII(env.Theme.ASCII)
	title, rest := grid.All().Top(1)
	p.drawTitle(title, env)
	doubt, rest := rest.Top(len(trust))
	drawLines(doubt, trust, env.Theme.Warn)
	head, rest := rest.Top(len(headline))
	drawLines(head, headline, env.Theme.Strong)
	why, header := rest.Top(causes)
	p.drawWhy(why, env)
	p.drawHeader(header, env.Theme)
	if err := emit(grid); err != nil {
		return err
	}
	for at := 0; at < len(p.tree.rows); at += printRows {
		n := min(printRows, len(p.tree.rows)-at)
		grid.Resize(width, n)
		for y := range n {
			p.drawRow(grid.All().Row(y), at+y, env)
		}
		if err := emit(grid); err != nil {
			return err
		}
	}
	return nil
}

// The lines of a Markdown block at most: it is for a chat, not for a report.
const (
	markdownCauses  = 8
	markdownChanges = 12
)

// Markdown writes what differs as a block for a chat or a ticket: what was compared, the headline, the causes in a
// table, the differences in a list. It ends in a newline; without a comparison it is empty.
func (v *Compare) Markdown() string {
	if v.c == nil {
		return ""
	}
	var b strings.Builder
	name := rootLabel(v.c.Bad.Trace)
	fmt.Fprintf(&b, "**%s**: good %s (trace %s), bad %s (trace %s)\n\n", draw.MarkdownText(name),
		draw.Duration(v.c.Good.Total()), draw.MarkdownCode(v.c.Good.Trace.ID().String()), draw.Duration(v.c.Bad.Total()), draw.MarkdownCode(v.c.Bad.Trace.ID().String()))
	fmt.Fprintf(&b, "%s\n", draw.MarkdownText(v.c.Headline))
	if d := v.c.Divergence; d != nil && !v.why.lead {
		fmt.Fprintf(&b, "\nFirst difference: %s\n", draw.MarkdownText(d.Message))
	}
	if v.why.causes() > 0 {
		v.markdownCauses(&b)
	}
	v.markdownChanges(&b)
	return b.String()
}

func (v *Compare) markdownCauses(b *strings.Builder) {
	b.WriteString("\n| Δ | share | call | |\n|--:|--:|---|---|\n")
	list := v.why.entries[len(v.why.entries)-v.why.causes():]
	for k, e := range list {
		if k == markdownCauses {
			fmt.Fprintf(b, "| %s | %s | %s more | |\n", draw.DurationSigned(v.why.rest[len(v.why.entries)-len(list)+k]),
				share(v.c, v.why.rest[len(v.why.entries)-len(list)+k]), draw.Count(len(list)-k))
			break
		}
		name := callName(&v.c.Nodes[e.node])
		if e.later {
			name = "not reached"
		}
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", draw.DurationSigned(e.delta), share(v.c, e.delta), draw.MarkdownText(name), draw.MarkdownText(e.text))
	}
}

func (v *Compare) markdownChanges(b *strings.Builder) {
	n := 0
	for i := range v.c.Nodes {
		if !v.tree.jumps.has(i) {
			continue
		}
		if n == 0 {
			b.WriteString("\n")
		}
		if n++; n > markdownChanges {
			fmt.Fprintf(b, "- … %s\n", countNoun(v.tree.jumps.total()-markdownChanges, "more difference", "more differences"))
			return
		}
		fmt.Fprintf(b, "- %s: %s\n", draw.MarkdownText(callName(&v.c.Nodes[i])), draw.MarkdownText(v.details(i)))
	}
}
