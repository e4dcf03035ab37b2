package comparison

import (
	"fmt"
	"math"
	"strings"

	"tracefall/diagnose/compare"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// printCauses is how many causes are printed; what the rest makes is said.
const printCauses = 20

// Print draws the whole comparison without a cursor, as far as it is open, in grids of the given width that are
// handed to emit one after the other. It stops at emit's error and returns it.
func (v *Comparison) Print(width int, env *views.Env, emit func(*draw.Grid) error) error {
	if v.c == nil {
		return nil
	}
	p := *v
	p.cursor, p.shift, p.pane, p.why.Top, p.why.Row, p.why.whole = -1, 0, paneRows, 0, 0, true
	p.drawn = layOut(width, draw.PrintRows, v.widen, v.merged)
	trust, headline := p.doubts(width, env.Theme), p.headline(width)
	causes := min(len(p.why.entries), printCauses)
	if causes < len(p.why.entries) {
		causes++
	}
	causes += p.leadLines(width) - 1
	total := 0
	if p.why.causes() > 1 {
		total = 1
	}
	grid := draw.NewGrid(width, 2+len(trust)+len(headline)+causes+total)
	grid.SetASCII(env.Theme.ASCII)
	title, rest := grid.All().Top(1)
	p.drawTitle(title, env)
	doubt, rest := rest.Top(len(trust))
	doubt.Lines(trust, env.Theme.Warn)
	head, rest := rest.Top(len(headline))
	head.Lines(headline, env.Theme.Strong)
	why, rest := rest.Top(causes)
	p.drawWhy(why, env)
	sum, header := rest.Top(total)
	p.drawTotal(sum, env.Theme)
	p.drawHeader(header, env.Theme)
	if err := emit(grid); err != nil {
		return err
	}
	return grid.Print(len(p.tree.rows), emit, func(a draw.Area, n int) { p.drawRow(a, n, env) })
}

// drawTotal draws what all causes sum to.
func (v *Comparison) drawTotal(a draw.Area, theme *style.Theme) {
	x := views.RankWidth
	a.TextRight(x, 0, views.DeltaWidth, draw.DurationSigned(v.c.Delta), views.DeltaInk(v.c.Delta, theme))
	x += views.DeltaWidth
	a.TextRight(x, 0, views.ShareWidth, share(v.c, v.c.Delta), theme.Dim)
	x += views.ShareWidth + 2
	a.TextEllipsis(x, 0, a.W()-x-1, v.totalText(len(v.why.entries)), theme.Dim)
}

// totalText says what all causes sum to where the first ones are listed one by one: what became slower and what
// faster, and that numbers are rounded where those that are listed do not add up.
func (v *Comparison) totalText(listed int) string {
	text := "total"
	both := v.c.Slower != 0 && v.c.Faster != 0
	if both {
		text += ": slower " + draw.DurationSigned(v.c.Slower) + ", faster " + draw.DurationSigned(v.c.Faster)
	}
	var parts []int64
	percents := 0.0
	add := func(part int64) {
		parts = append(parts, part)
		percents += math.Round(100 * float64(part) / float64(v.c.Delta))
	}
	for k, e := range v.why.entries {
		if k == listed {
			add(v.why.rest[k])
			break
		}
		if !e.first {
			add(e.delta)
		}
	}
	if !compare.AddUp(v.c.Delta, parts...) || v.c.Shares() && percents != 100 || both && !compare.AddUp(v.c.Delta, v.c.Slower, v.c.Faster) {
		text += " (rounded)"
	}
	return text
}

// The lines of a Markdown block at most: it is for a chat, not for a report.
const (
	markdownCauses  = 8
	markdownChanges = 12
)

// Markdown writes what differs as a block for a chat or a ticket: what was compared, the headline, the causes in a
// table, the differences in a list. It ends in a newline; without a comparison it is empty.
func (v *Comparison) Markdown() string {
	if v.c == nil {
		return ""
	}
	var b strings.Builder
	name := views.RootLabel(v.c.Bad.Trace)
	fmt.Fprintf(&b, "**%s**: baseline %s (trace %s), bad %s (trace %s)\n\n", draw.MarkdownText(name),
		draw.Duration(v.c.Length(false)), draw.MarkdownCode(v.c.Good.Trace.ID().String()), draw.Duration(v.c.Length(true)), draw.MarkdownCode(v.c.Bad.Trace.ID().String()))
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

func (v *Comparison) markdownCauses(b *strings.Builder) {
	fmt.Fprintf(b, "\n| critical path | of %s | call | |\n|--:|--:|---|---|\n", draw.DurationSigned(v.c.Delta))
	first := len(v.why.entries) - v.why.causes()
	listed := min(first+markdownCauses, len(v.why.entries))
	for k := first; k < listed; k++ {
		e := &v.why.entries[k]
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", draw.DurationSigned(e.delta), share(v.c, e.delta), draw.MarkdownText(e.name(v.c)), draw.MarkdownText(e.text))
	}
	if more := len(v.why.entries) - listed; more > 0 {
		fmt.Fprintf(b, "| %s | %s | %s more | |\n", draw.DurationSigned(v.why.rest[listed]), share(v.c, v.why.rest[listed]), draw.Count(more))
	}
	fmt.Fprintf(b, "| %s | %s | %s | |\n", draw.DurationSigned(v.c.Delta), share(v.c, v.c.Delta), v.totalText(listed))
}

func (v *Comparison) markdownChanges(b *strings.Builder) {
	n := 0
	for i := range v.c.Nodes {
		if !v.tree.jumps.Has(i) {
			continue
		}
		if n == 0 {
			b.WriteString("\n")
		}
		if n++; n > markdownChanges {
			fmt.Fprintf(b, "- … %s\n", draw.CountNoun(v.tree.jumps.Total()-markdownChanges, "more difference", "more differences"))
			return
		}
		fmt.Fprintf(b, "- %s: %s\n", draw.MarkdownText(v.c.Name(i)), draw.MarkdownText(v.details(i)))
	}
}
