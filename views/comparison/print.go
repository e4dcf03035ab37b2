package comparison

import (
	"fmt"
	"strings"

	"tracefall/views"
	"tracefall/views/draw"
)

// printCauses is how many causes are printed; what the rest makes is said.
const printCauses = 20

// Print draws the whole comparison without a cursor, as far as it is open, in grids of the given width that are
// handed to emit one after the other. It stops at emit's error and returns it.
func (v *Comparison) Print(width int, env *views.Env, emit func(*draw.Grid) error) error {
	if v.rows == nil {
		return nil
	}
	p := *v
	p.tree.Row, p.tree.Top, p.tree.Shift, p.pane, p.why.Top, p.why.Row = -1, 0, 0, paneRows, 0, 0
	p.drawn = layOut(width, draw.PrintRows, v.widen, v.shape, v.need)
	p.layNames()
	doubts, headline := p.doubts(width, env.Theme), p.headline(width)
	causes := min(len(p.why.entries), printCauses)
	if causes < len(p.why.entries) {
		causes++
	}
	if p.why.told() {
		causes = 0
	}
	total := 0
	if p.why.causes() > 1 {
		total = 1
	}
	grid := draw.NewGrid(width, 2+len(doubts)+len(headline)+causes+total)
	grid.SetASCII(env.Theme.ASCII)
	title, rest := grid.All().Top(1)
	head, rest := rest.Top(len(headline))
	doubt, rest := rest.Top(len(doubts))
	why, rest := rest.Top(causes)
	sum, header := rest.Top(total)
	f := p.frame(env)
	f.title(title)
	doubt.Lines(doubts, env.Theme.Warn)
	head.Lines(headline, env.Theme.Strong)
	p.why.draw(why, env, false)
	p.why.drawTotal(sum, env.Theme)
	f.header(header)
	if err := emit(grid); err != nil {
		return err
	}
	return grid.Print(p.rows.Len(), emit, f.row)
}

// The lines of a Markdown block at most: it is for a chat, not for a report.
const (
	markdownCauses  = 8
	markdownChanges = 12
)

// Markdown writes what differs as a block for a chat or a ticket: what was compared, the headline, the causes in a
// table, the differences in a list. It ends in a newline; without a comparison it is empty.
func (v *Comparison) Markdown() string {
	if v.rows == nil {
		return ""
	}
	var b strings.Builder
	c := v.rows.c
	name := views.CallLabel(c.Bad, c.Bad.Trace.Root().Index())
	fmt.Fprintf(&b, "**%s**: baseline %s (trace %s), bad %s (trace %s)\n\n", draw.MarkdownText(name),
		draw.Duration(c.Length(false)), draw.MarkdownCode(c.Good.Trace.ID().String()), draw.Duration(c.Length(true)), draw.MarkdownCode(c.Bad.Trace.ID().String()))
	fmt.Fprintf(&b, "%s\n", draw.MarkdownText(c.Headline))
	if d := c.Divergence; d != nil && !c.Trust.Unrelated && !d.Told {
		fmt.Fprintf(&b, "\nFirst difference: %s\n", draw.MarkdownText(d.Message))
	}
	if v.why.causes() > 0 {
		v.why.markdown(&b)
	}
	v.rows.markdown(&b)
	return b.String()
}

func (w *whyList) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n| contribution | of %s | call | |\n|--:|--:|---|---|\n", draw.DurationSigned(w.c.Delta))
	first, column := w.ranked(), contributed(w.c)
	listed := min(first+markdownCauses, len(w.entries))
	for k := first; k < listed; k++ {
		e := &w.entries[k]
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", column.Change(e.delta), w.c.Share(e.delta), draw.MarkdownText(w.name(e)), draw.MarkdownText(e.text))
	}
	if more := len(w.entries) - listed; more > 0 {
		fmt.Fprintf(b, "| %s | %s | %s more | |\n", column.Change(w.rest[listed]), w.c.Share(w.rest[listed]), draw.Count(more))
	}
	fmt.Fprintf(b, "| %s | %s | %s | |\n", column.Change(w.c.Delta), w.c.Share(w.c.Delta), w.totalText(listed))
}

func (r *rows) markdown(b *strings.Builder) {
	n := 0
	for i := range r.c.Nodes {
		if !r.jumps.Has(i) {
			continue
		}
		if n == 0 {
			b.WriteString("\n")
		}
		if n++; n > markdownChanges {
			fmt.Fprintf(b, "- … %s\n", draw.CountNoun(r.jumps.Total()-markdownChanges, "more difference", "more differences"))
			return
		}
		fmt.Fprintf(b, "- %s: %s\n", draw.MarkdownText(r.c.Name(i)), draw.MarkdownText(r.details(i)))
	}
}
