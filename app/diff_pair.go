package app

import (
	"tracefall/diagnose/compare"
	"tracefall/views"
	"tracefall/views/comparison"
	"tracefall/views/draw"
)

// printPair prints the comparison of two traces, as the screen draws it, and everything that differs. The traces
// differ where something changed beyond the noise of two runs.
func (o *options) printPair(c *compare.Comparison, d *division, f *diffFlags) (bool, error) {
	differs := len(c.Changes) > 0
	if f.format == formatJSON {
		return differs, printJSON(o.world.Stdout, newPairJSON(c, d, f.mask))
	}
	v := comparison.New()
	v.SetComparison(c)
	p := newPrinter(o.world, o.look, f.width)
	if f.format == formatMarkdown {
		p.write(f.mask.text(v.Markdown()))
		p.remarksMarkdown(d)
		return differs, p.err
	}
	env := &views.Env{Theme: p.theme, Clock: o.clockFor(c.Bad.Trace.Start())}
	_ = v.Print(p.width, env, p.lines) // kept in p.err
	p.changes(c, f.mask)
	p.text("")
	p.text("baseline trace  " + c.Good.Trace.ID().String())
	p.text("bad trace       " + c.Bad.Trace.ID().String())
	p.remarks(d)
	return differs, p.err
}

// mostChanges is how many differences are printed where there are more.
const mostChanges = 30

// changes prints what differs, a line each, with what the rows have no room for.
func (p *printer) changes(c *compare.Comparison, mask masking) {
	const kindWidth = len("attribute") + columnGap
	if len(c.Changes) == 0 {
		return
	}
	p.text("")
	for n, change := range c.Changes {
		if n == mostChanges {
			p.paragraph(2, kindWidth, "", count(len(c.Changes)-n, "more difference", "more differences")+": --format json lists all", draw.Ink{})
			return
		}
		text := c.Name(change.Node)
		if change.Detail != change.Kind.String() {
			text += ": " + change.Detail
		}
		p.paragraph(2, kindWidth, change.Kind.String(), mask.text(text), draw.Ink{})
	}
}
