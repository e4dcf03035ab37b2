package app

import (
	"tracefall/diagnose/compare"
	"tracefall/views"
	"tracefall/views/comparison"
	"tracefall/views/draw"
)

// printPair prints the comparison of two traces, as the screen draws it, and everything that differs.
func printPair(p *printer, c *compare.Comparison, r remarks) error {
	if p.format == formatJSON {
		return p.json(newPairJSON(c, r.notices, p.mask))
	}
	v := comparison.New()
	v.SetComparison(c)
	if p.format == formatMarkdown {
		p.write(p.mask.text(v.Markdown()))
		remarksMarkdown(p, r)
		return p.err
	}
	env := &views.Env{Theme: p.theme, Clock: p.clockFor(c.Bad.Trace.Start())}
	_ = v.Print(p.width, env, p.lines) // kept in p.err
	printChanges(p, c)
	p.text("")
	p.text("baseline trace  " + c.Good.Trace.ID().String())
	p.text("bad trace       " + c.Bad.Trace.ID().String())
	printRemarks(p, r)
	return p.err
}

// mostChanges is how many differences are printed where there are more.
const mostChanges = 30

// printChanges prints what differs, a line each, with what the rows have no room for.
func printChanges(p *printer, c *compare.Comparison) {
	const kindWidth = len("attribute") + columnGap
	if len(c.Changes) == 0 {
		return
	}
	p.text("")
	for n, change := range c.Changes {
		if n == mostChanges {
			p.paragraph(2, kindWidth, "", draw.CountNoun(len(c.Changes)-n, "more difference", "more differences")+": --format json lists all", draw.Ink{})
			return
		}
		text := c.Name(change.Node)
		if change.Detail != change.Kind.String() {
			text += ": " + change.Detail
		}
		p.paragraph(2, kindWidth, change.Kind.String(), p.mask.text(text), draw.Ink{})
	}
}
