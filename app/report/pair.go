package report

import (
	"tracefall/app/session"
	"tracefall/diagnose/compare"
	"tracefall/views"
	"tracefall/views/comparison"
	"tracefall/views/draw"
)

// PrintPair prints the comparison of two traces, as the screen draws it, and everything that differs.
func PrintPair(p *Printer, c *compare.Comparison, r Remarks) error {
	if p.Format == JSON {
		doc := newPairJSON(c, r.Notices, p.mask)
		p.answered(&doc.answeredJSON, &doc.Notices)
		return p.json(doc)
	}
	v := comparison.New()
	v.SetComparison(c)
	if p.Format == Markdown {
		p.write(p.mask.Text(v.Markdown()))
		p.remarks(r)
		return p.err
	}
	env := &views.Env{Theme: session.ServiceColours(p.theme, c.Bad.Trace.Set()), Clock: p.ClockFor(c.Bad.Trace.Start())}
	_ = v.Print(p.width, env, p.lines) // kept in p.err
	printChanges(p, c)
	p.Text("")
	p.Text("baseline trace  " + c.Good.Trace.ID().String())
	p.Text("bad trace       " + c.Bad.Trace.ID().String())
	p.remarks(r)
	return p.err
}

// mostChanges is how many differences are printed where there are more.
const mostChanges = 30

// printChanges prints what differs, a line each, with what the rows have no room for.
func printChanges(p *Printer, c *compare.Comparison) {
	const kindWidth = len("attribute") + columnGap
	if len(c.Changes) == 0 {
		return
	}
	p.Text("")
	for n, change := range c.Changes {
		if n == mostChanges {
			p.paragraph(2, kindWidth, "", draw.CountNoun(len(c.Changes)-n, "more difference", "more differences")+": --format json lists all", draw.Ink{})
			return
		}
		text := c.Name(change.Node)
		if change.Detail != change.Kind.String() {
			text += ": " + change.Detail
		}
		p.paragraph(2, kindWidth, change.Kind.String(), p.mask.Text(text), draw.Ink{})
	}
}
