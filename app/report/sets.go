package report

import (
	"tracefall/diagnose/compare/population"
	"tracefall/views"
	"tracefall/views/sets"
)

// PrintSets prints the comparison of two sets of so many traces together, as the screen draws it.
func PrintSets(p *Printer, c *population.Comparison, labels [2]string, traces int, r Remarks) error {
	if p.Format == JSON {
		doc := newSetsJSON(c, traces, r.Notices, p.mask)
		p.answered(&doc.answeredJSON, &doc.Notices)
		return p.json(doc)
	}
	v := sets.New()
	v.SetSets(c, labels)
	if p.Format == Markdown {
		p.write(p.mask.Text(v.Markdown()))
		p.remarks(r)
		return p.err
	}
	env := &views.Env{Theme: p.theme, Clock: p.ClockFor(0)}
	_ = v.Print(p.width, env, p.lines) // kept in p.err
	p.remarks(r)
	return p.err
}
